"""The operations of one resource, made from its declaration."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Router
from pydantic import BaseModel

from guanxi.foundation.permissions.actor import VEILED, Actor
from guanxi.integrations.api import bodies, bulk, parameters, schemas
from guanxi.integrations.api.actions import add_actions
from guanxi.integrations.api.alike import add_alike
from guanxi.integrations.api.asking import asked
from guanxi.integrations.api.describing import Describer, takes_reason
from guanxi.integrations.api.expanding import Expansion
from guanxi.integrations.api.exporting import add_export
from guanxi.integrations.api.fields import add_fields
from guanxi.integrations.api.files import add_files
from guanxi.integrations.api.importing import add_import
from guanxi.integrations.api.records import (
    as_json,
    asked_fields,
    done,
    etag_of,
    expected_version,
    reply,
    reply_record,
    show_to,
)
from guanxi.kernel.errors import Forbidden, NotFound, Stale
from guanxi.kernel.text import clean_text
from guanxi.resource import access, listing
from guanxi.resource.declaration import Resource
from guanxi.resource.history import history_of
from guanxi.resource.links import Link, look_up

MOST = 200  # records of one page
View = Callable[..., HttpResponse]


def router_of(resource: type[Resource]) -> Router:
    """All operations of a resource; what it does not declare (a way to create, say) has none."""
    router = Router(tags=[resource.key])
    record = bodies.shown_record(resource)
    _reading(router, resource, record)
    _looking_up(router, resource)
    add_fields(router, resource)
    if resource.offers("create"):
        _creating(router, resource, record)
        add_alike(router, resource)
    if resource.offers("edit"):
        _changing(router, resource, record)
    if resource.offers("remove_many"):
        _removing(router, resource)
    add_actions(router, resource)
    add_files(router, resource)
    add_export(router, resource)
    add_import(router, resource)
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
        query, left_out = asked(request, actor, resource)
        total = parameters.total(query)
        limit = parameters.number(query, "limit", most=MOST) or 50
        kinds = asked_fields(actor, resource, query.get("fields", ""))
        show = show_to(actor)
        expansion = Expansion(actor, resource, parameters.taken(query, "expand"), show)
        wanted = listing.read(actor, resource, query)
        # A link is its id here: what it leads to is fetched only where it is to be expanded.
        names = [kind.name for kind in kinds if not isinstance(kind, Link)]
        page = wanted.page(names, after=query.get("after", ""), size=limit)
        look_up(kinds, page.rows, show)
        items = [as_json(kinds, row, show) for row in page.rows]
        if expansion.links:
            expansion.load(page.rows)
            for item, row in zip(items, page.rows, strict=True):
                item["expanded"] = expansion.of(row)
        body: dict[str, Any] = {"items": items, "next": page.after}
        if total:
            counted = wanted.total(exact=total == "exact")
            body["total"] = {"count": counted.count, "exact": counted.exact}
        if left_out:
            body["left_out"] = left_out
        return reply(body)

    def read_record(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        actor = _actor(request)
        found = access.get(actor, resource, id)
        kinds, show = asked_fields(actor, resource, request.GET.get("fields", "")), show_to(actor)
        expansion = Expansion(actor, resource, request.GET.get("expand", ""), show)
        look_up(kinds, [found], show)
        body = as_json(kinds, found, show)
        if expansion.links:
            expansion.load([found])
            body["expanded"] = expansion.of(found)
        return reply(body, headers={"ETag": etag_of(found)})

    def read_history(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        actor = _actor(request)
        found = access.get(actor, resource, id)
        query = request.GET.copy()
        limit = parameters.number(query, "limit", most=MOST) or 50
        before = parameters.number(query, "before", most=2**62)
        entries, more = history_of(
            actor, resource, found, show_to(actor), limit=limit, field=query.get("field", ""), before=before
        )
        return reply({"items": [_entry(entry) for entry in entries], "next": more})

    describe = Describer(resource)
    router.get("", **describe("list", bodies.page_of(resource, record)))(list_records)
    router.get("/{uuid:id}", **describe("read", record))(read_record)
    router.get("/{uuid:id}/history", **describe("history", schemas.History))(read_history)


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


def _looking_up(router: Router, resource: type[Resource]) -> None:
    def read_choices(request: HttpRequest, field: str) -> HttpResponse:
        actor = _actor(request)
        if not (actor.may(resource.permission("view")) or actor.may(resource.permission("create"))):
            raise Forbidden(resource.permission("view"))
        kind: Any = resource.fields().get(field)
        if kind is None or actor.field_mode(resource.key, field) in ("hide", "mask", *VEILED):
            raise NotFound("no_field")
        text = clean_text(request.GET.get("q", ""))[:100]
        return reply({"items": _choices(kind, text, actor)})

    describe = Describer(resource)
    router.get("/choices/{str:field}", **describe("choices", schemas.ChoiceList))(read_choices)


def _choices(kind: Any, text: str, actor: Actor) -> list[dict[str, str]]:
    """What a form offers for this field. Raises NotFound for one that is typed freely."""
    show = show_to(actor)
    if hasattr(kind, "table"):
        found = kind.table.suggest(text, translation.get_language() or show.language)
    elif hasattr(kind, "suggest"):
        found = kind.suggest(text, show)
    else:
        offered = kind.filter_options(show)
        if not offered:
            raise NotFound("no_options")
        needle = text.casefold()
        found = [one for one in offered if needle in str(one.label).casefold() or needle == one.value]
    return [{"value": one.value, "label": str(one.label), "detail": str(one.sub)} for one in found]


# Writing


def _creating(router: Router, resource: type[Resource], record: type[BaseModel]) -> None:
    body = bodies.new_record(resource)
    create: Any = resource.create
    with_reason = takes_reason(resource)

    def create_record(request: HttpRequest, data: Any) -> HttpResponse:
        actor = _actor(request)
        actor.require(resource.permission("create"))
        more: dict[str, Any] = {"allow_duplicate": parameters.flag(request.GET.copy(), "allow_duplicate")}
        if with_reason:
            more["duplicate_reason"] = request.GET.get("duplicate_reason", "")[:1000]
        given = _given(data)
        bodies.check_types(actor, resource, given)
        made = create(actor, data={**bulk.defaults_for(actor, resource), **given}, **more)
        return reply_record(resource, made, actor, status=201, written=True)

    def create_many(request: HttpRequest, data: Any) -> HttpResponse:
        actor = _actor(request)
        actor.require(resource.permission("create"))
        allow = parameters.flag(request.GET.copy(), "allow_duplicate")
        items = [_given(item) for item in data.items]
        made, operation_id = bulk.create_all(request, actor, resource, items, allow_duplicate=allow)
        return _reply_many(actor, resource, made, operation_id, status=201)

    describe = Describer(resource)
    router.post("", **describe("create", record, status=201))(_takes(create_record, body))
    router.post("/bulk", **describe("create_many", bodies.records_of(resource, record), status=201))(
        _takes(create_many, bodies.many(f"{body.__name__}List", body))
    )


def _changing(router: Router, resource: type[Resource], record: type[BaseModel]) -> None:
    edit: Any = resource.edit

    def change_record(request: HttpRequest, id: UUID, data: Any) -> HttpResponse:  # noqa: A002
        actor = _actor(request)
        given = _given(data)
        access.get(actor, resource, id, verb="edit")
        bodies.check_types(actor, resource, given)
        changed = edit(actor, id, data=given, expected_version=expected_version(request))
        return reply_record(resource, changed, actor, written=True)

    def change_many(request: HttpRequest, data: Any) -> HttpResponse:
        actor = _actor(request)
        actor.require(resource.permission("edit"))
        items = [_given(item) for item in data.items]
        changed, operation_id = bulk.change_all(request, actor, resource, items)
        return _reply_many(actor, resource, changed, operation_id)

    describe = Describer(resource)
    item = bodies.changed_item(resource)
    router.patch("/bulk", **describe("change_many", bodies.records_of(resource, record)))(
        _takes(change_many, bodies.many(f"Changed{bodies.name_of(resource)}List", item))
    )
    router.patch("/{uuid:id}", **describe("change", record))(
        _takes(change_record, bodies.changed_record(resource))
    )


def _removing(router: Router, resource: type[Resource]) -> None:
    remove: Any = resource.remove_many

    def delete_record(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        actor = _actor(request)
        found = access.get(actor, resource, id, verb="delete", lock=True)
        expected = expected_version(request, found.version)
        if expected is not None and expected != found.version:
            raise Stale(current=found.version, expected=expected)
        remove(actor, ids=[id])
        return done()

    def delete_many(request: HttpRequest, data: schemas.DeleteMany) -> HttpResponse:
        actor = _actor(request)
        actor.require(resource.permission("delete"))
        items = [_given(item) for item in data.items]
        count, operation_id = bulk.delete_all(request, actor, resource, items)
        return reply(
            {"deleted": count, "operation": operation_id}, headers={"Operation-Id": str(operation_id)}
        )

    describe = Describer(resource)
    router.delete("/{uuid:id}", **describe("delete", None, status=204))(delete_record)
    router.post("/bulk/delete", **describe("delete_many", schemas.Deleted))(delete_many)


def _reply_many(
    actor: Actor, resource: type[Resource], records: list[Any], operation_id: UUID, *, status: int = 200
) -> HttpResponse:
    """The records, and what undoes them. Of one that cannot be seen there is only the id."""
    kinds, show = access.readable(actor, resource), show_to(actor)
    look_up(kinds, [record for record in records if not isinstance(record, UUID)], show)
    items = [
        {"id": str(record), "version": 1} if isinstance(record, UUID) else as_json(kinds, record, show)
        for record in records
    ]
    return reply(
        {"items": items, "operation": str(operation_id)},
        status=status,
        headers={"Operation-Id": str(operation_id)},
    )
