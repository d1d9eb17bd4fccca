"""The operations of one resource, made from its declaration."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router
from pydantic import BaseModel

from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api import schemas
from guanxi.integrations.api.describing import Describer
from guanxi.integrations.api.problems import ItemsError, ProblemError, item_problem
from guanxi.integrations.api.records import (
    as_json,
    asked_fields,
    done,
    expected_version,
    reply,
    reply_record,
    show_to,
)
from guanxi.kernel.errors import GuanxiError, Invalid, Message, Stale
from guanxi.resource import access, listing
from guanxi.resource.declaration import Resource
from guanxi.resource.history import history_of
from guanxi.resource.links import look_up

MOST = 200  # records of one page
View = Callable[..., HttpResponse]


def router_of(resource: type[Resource]) -> Router:
    """All operations of a resource; what it does not declare (a way to create, say) has none."""
    router = Router(tags=[resource.key])
    record = schemas.shown_record(resource)
    _reading(router, resource, record)
    if resource.create is not None:
        _creating(router, resource, record)
    if resource.edit is not None:
        _changing(router, resource, record)
    if resource.remove_many is not None:
        _removing(router, resource)
    return router


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _takes(view: View, body: type[BaseModel]) -> View:
    """Say which body a view takes; the framework reads it from the annotation."""
    view.__annotations__["data"] = body
    return view


def _given(data: BaseModel) -> dict[str, Any]:
    return data.model_dump(exclude_unset=True)


# Reading


def _reading(router: Router, resource: type[Resource], record: type[BaseModel]) -> None:
    def list_records(request: HttpRequest) -> HttpResponse:
        actor = _actor(request)
        actor.require(resource.permission("view"))
        query = request.GET.copy()
        with_total = _flag(query, "total")
        limit = _number(query, "limit", most=MOST) or 50
        kinds = asked_fields(actor, resource, query.get("fields", ""))
        names = [kind.name for kind in kinds]
        wanted = listing.read(actor, resource, query)
        page = wanted.page(names, after=query.get("after", ""), size=limit)
        show = show_to(actor)
        look_up(kinds, page.rows, show)
        body: dict[str, Any] = {"items": [as_json(kinds, row, show) for row in page.rows], "next": page.after}
        if with_total:
            total = wanted.total()
            body["total"] = {"count": total.count, "exact": total.exact}
        return reply(body)

    def read_record(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        actor = _actor(request)
        found = access.get(actor, resource, id)
        return reply_record(resource, found, actor, fields=request.GET.get("fields", ""))

    def read_history(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        actor = _actor(request)
        found = access.get(actor, resource, id)
        query = request.GET.copy()
        limit = _number(query, "limit", most=MOST) or 50
        before = _number(query, "before", most=2**62)
        entries, more = history_of(
            actor, resource, found, show_to(actor), limit=limit, field=query.get("field", ""), before=before
        )
        return reply({"items": [_entry(entry) for entry in entries], "next": more})

    describe = Describer(resource)
    router.get("", **describe("list", schemas.page_of(resource, record)))(list_records)
    router.get("/{uuid:id}", **describe("read", record))(read_record)
    router.get("/{uuid:id}/history", **describe("history", schemas.History))(read_history)


def _flag(query: Any, name: str) -> bool:
    text = query.get(name, "")
    query.pop(name, None)
    if text not in ("", "0", "1", "true", "false"):
        raise Invalid({name: [Message("value", _("Give 1 or 0."))]})
    return text in ("1", "true")


def _number(query: Any, name: str, *, most: int) -> int | None:
    text = query.get(name, "")
    if name not in query:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 20 and 1 <= int(text) <= most):
        raise Invalid({name: [Message("value", _("Give a number from 1 to %(most)s."), {"most": most})]})
    return int(text)


def _entry(entry: Any) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "who": entry.who,
        "action": entry.action,
        "door": entry.door,
        "verb": entry.verb,
        "operation": entry.operation_id,
        "undoable": entry.undoable,
        "undone": entry.undone,
        "fields": [
            {"field": change.key, "label": change.label, "old": change.old, "new": change.new}
            for change in entry.fields
        ],
    }


# Writing


def _create(actor: Actor, resource: type[Resource], data: Mapping[str, Any], *, allow_duplicate: bool) -> Any:
    create: Any = resource.create
    return create(actor, data={**resource.defaults, **data}, allow_duplicate=allow_duplicate)


def _creating(router: Router, resource: type[Resource], record: type[BaseModel]) -> None:
    body = schemas.new_record(resource)

    def create_record(request: HttpRequest, data: Any) -> HttpResponse:
        actor = _actor(request)
        actor.require(resource.permission("create"))
        allow = _flag(request.GET.copy(), "allow_duplicate")
        made = _create(actor, resource, _given(data), allow_duplicate=allow)
        return reply_record(resource, made, actor, status=201, written=True)

    def create_many(request: HttpRequest, data: Any) -> HttpResponse:
        actor = _actor(request)
        actor.require(resource.permission("create"))
        allow = _flag(request.GET.copy(), "allow_duplicate")
        return _all_or_nothing(
            request,
            resource,
            "create",
            [_given(item) for item in data.items],
            lambda item: _create(actor, resource, item, allow_duplicate=allow),
            status=201,
        )

    describe = Describer(resource)
    router.post("", **describe("create", record, status=201))(_takes(create_record, body))
    router.post("/bulk", **describe("create_many", schemas.records_of(resource, record), status=201))(
        _takes(create_many, schemas.many(f"{body.__name__}List", body))
    )


def _changing(router: Router, resource: type[Resource], record: type[BaseModel]) -> None:
    def change_record(request: HttpRequest, id: UUID, data: Any) -> HttpResponse:  # noqa: A002
        actor = _actor(request)
        changed = _edit(actor, resource, id, _given(data), expected_version(request))
        return reply_record(resource, changed, actor, written=True)

    def change_many(request: HttpRequest, data: Any) -> HttpResponse:
        actor = _actor(request)
        actor.require(resource.permission("edit"))
        items = [_given(item) for item in data.items]
        if len({item["id"] for item in items}) < len(items):
            raise Invalid({"items": [Message("twice", _("A record may stand in the list once only."))]})

        def change(item: dict[str, Any]) -> Any:
            return _edit(actor, resource, item.pop("id"), item, item.pop("version", None))

        return _all_or_nothing(request, resource, "edit", items, change, status=200)

    describe = Describer(resource)
    router.patch("/bulk", **describe("change_many", schemas.records_of(resource, record)))(
        _takes(
            change_many, schemas.many(f"Changed{resource.model.__name__}List", schemas.changed_item(resource))
        )
    )
    router.patch("/{uuid:id}", **describe("change", record))(
        _takes(change_record, schemas.changed_record(resource))
    )


def _edit(
    actor: Actor, resource: type[Resource], record_id: UUID, data: dict[str, Any], version: int | None
) -> Any:
    edit: Any = resource.edit
    return edit(actor, record_id, data=data, expected_version=version)


def _removing(router: Router, resource: type[Resource]) -> None:
    def delete_record(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        actor = _actor(request)
        found = access.get(actor, resource, id, verb="delete", lock=True)
        expected = expected_version(request, found.version)
        if expected is not None and expected != found.version:
            raise Stale(current=found.version, expected=expected)
        remove: Any = resource.remove_many
        remove(actor, ids=[id])
        return done()

    router.delete("/{uuid:id}", **Describer(resource)("delete", None, status=204))(delete_record)


def _all_or_nothing(
    request: HttpRequest,
    resource: type[Resource],
    verb: str,
    items: list[dict[str, Any]],
    act: Callable[[dict[str, Any]], Any],
    *,
    status: int,
) -> HttpResponse:
    """Carry out every item in one operation; if any cannot be, none is, and each one at fault is told."""
    actor = _actor(request)
    problems: list[dict[str, Any]] = []
    changed: list[Any] = []
    with operation(actor, resource.permission(verb), summary={"count": len(items)}) as opened:
        for index, item in enumerate(items):
            try:
                with transaction.atomic():
                    changed.append(act(item))
            except ProblemError:
                raise
            except GuanxiError as error:
                problems.append(item_problem(request, index, error))
        if problems:
            raise ItemsError(problems)
    kinds, show = asked_fields(actor, resource, ""), show_to(actor)
    look_up(kinds, changed, show)
    body = {"items": [as_json(kinds, row, show) for row in changed], "operation": str(opened.id)}
    return reply(body, status=status, headers={"Operation-Id": str(opened.id)})
