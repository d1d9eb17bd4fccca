"""The operations that upper contexts declare (`resource.operations`): their schemas, routes and reading."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass
from typing import Any, get_args, get_type_hints
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import BaseModel, Field, StrictStr, create_model

from guanxi.foundation.ledger.services import last_operation_id
from guanxi.integrations.api import describing, parameters, receiving, wording
from guanxi.integrations.api.files import download
from guanxi.integrations.api.problems import Problem
from guanxi.integrations.api.records import done, expected_version, reply
from guanxi.integrations.api.schemas import Given, Shown
from guanxi.kernel.errors import Invalid, Message
from guanxi.resource.operations import Operation, declared

_LONGEST = 200  # rows of one page
_SCHEMAS: dict[type, dict[str, Any]] = {
    UUID: {"type": "string", "format": "uuid"},
    int: {"type": "integer", "minimum": 1, "maximum": _LONGEST},
    str: {"type": "string"},
}


def routers() -> list[tuple[str, Router]]:
    """Every declared operation, by its area."""
    found: dict[str, Router] = {}
    for one in declared():
        router = found.setdefault(one.area, Router(tags=[one.area]))
        path = one.path.removeprefix(one.area).replace("{id}", "{uuid:id}")
        router.add_api_operation(path, [one.method], _view(one), **_described(one))
    return [(f"/{area}", router) for area, router in found.items()]


def _view(one: Operation) -> Callable[..., HttpResponseBase]:
    body = _model(one.body, Given) if one.body is not None else None

    def act(request: HttpRequest, **given: Any) -> HttpResponseBase:
        values: list[Any] = [given["id"]] if "id" in given else []
        if one.query is not None:
            values.append(_asked(request, one.query))
        if one.body is not None:
            values.append(_built(one.body, given["data"].model_dump(exclude_unset=True)))
        more = {"expected_version": expected_version(request)} if one.guarded else {}
        return _answer(one, one.act(request.actor, *values, **more))  # type: ignore[attr-defined]

    # The framework reads a view's parameters from its signature.
    if "{id}" in one.path and body is not None:

        def with_both(request: HttpRequest, id: UUID, data: Any) -> HttpResponseBase:  # noqa: A002
            return act(request, id=id, data=data)

        with_both.__annotations__["data"] = body
        return with_both
    if "{id}" in one.path:

        def with_id(request: HttpRequest, id: UUID) -> HttpResponseBase:  # noqa: A002
            return act(request, id=id)

        return with_id
    if body is not None:

        def with_body(request: HttpRequest, data: Any) -> HttpResponseBase:
            return act(request, data=data)

        with_body.__annotations__["data"] = body
        return with_body
    return act


def _answer(one: Operation, found: Any) -> HttpResponseBase:
    if one.file:
        path, name = found
        return download(path, name, one.file)
    if one.answer is None:
        return done()
    if one.many:
        rows, after = found
        return reply({"items": [asdict(row) for row in rows], "next": after})
    headers = {"ETag": f'"{found.version}"'} if hasattr(found, "version") else {}
    did = last_operation_id()
    if one.method != "GET" and did is not None:
        headers["Operation-Id"] = str(did)
    return reply(asdict(found), status=one.status, headers=headers)


# What is taken and answered


def _model(kind: type, base: type[BaseModel]) -> type[BaseModel]:
    """A pydantic model of a dataclass."""
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for one in fields(kind):
        hint = _strict(hints[one.name]) if base is Given else hints[one.name]
        if one.default is not MISSING:
            values[one.name] = (hint, one.default)
        elif one.default_factory is not MISSING:
            values[one.name] = (hint, Field(default_factory=one.default_factory))
        else:
            values[one.name] = (hint, ...)
    return create_model(kind.__name__, __base__=base, __doc__=kind.__doc__, **values)


def _strict(hint: Any) -> Any:
    """Texts are taken as texts: a number is none."""
    if hint is str:
        return StrictStr
    return StrictStr | None if hint == str | None else hint


def _page(kind: type) -> type[BaseModel]:
    words = gettext_noop("What `after` takes for the next page; null at the end")
    listed: Any = list[_model(kind, Shown)]  # type: ignore[misc]
    return create_model(
        f"{kind.__name__}Page", __base__=Shown, items=(listed, ...), next=(str | None, Field(None, description=words))
    )  # fmt: skip


def _built(kind: type, given: Mapping[str, Any]) -> Any:
    """What was given as its dataclass, and those within it as theirs."""
    hints, values = get_type_hints(kind), dict(given)
    for name, value in given.items():
        inner = _listed(hints[name])
        if inner is not None and isinstance(value, list):
            values[name] = [_built(inner, one) for one in value]
    return kind(**values)


def _listed(hint: Any) -> Any:
    """The dataclass of which a field holds a list; None where it holds something else."""
    parts = get_args(hint)
    return next((one if is_dataclass(one) else _listed(one) for one in parts if one is not type(None)), None)


def _asked(request: HttpRequest, kind: type) -> Any:
    """The query as its dataclass. Raises Invalid for what is missing or of another kind."""
    found: dict[str, Any] = {}
    for one in fields(kind):
        wanted = _plain(get_type_hints(kind)[one.name])
        if wanted is UUID:
            value: Any = parameters.uuid(request.GET, one.name)
        elif wanted is int:
            value = parameters.number(request.GET, one.name, most=_LONGEST)
        else:
            value = request.GET.get(one.name)
        if value not in (None, ""):
            found[one.name] = value
        elif one.default is MISSING:
            raise Invalid({one.name: [Message("required", _("Give this parameter."))]})
    return kind(**found)


def _plain(hint: Any) -> Any:
    return next((one for one in get_args(hint) if one is not type(None)), hint)


# What the document says


def _described(one: Operation) -> dict[str, Any]:
    answer = (_page if one.many else lambda kind: _model(kind, Shown))(one.answer) if one.answer else None
    reads = one.method == "GET"
    statuses = {*wording.EVERY, 404, 422} | (set() if reads else {*wording.OF_WRITES})
    asked: list[dict[str, Any]] = []
    if one.query is not None:
        hints = get_type_hints(one.query)
        for each in fields(one.query):
            schema = _SCHEMAS[_plain(hints[each.name])]
            required = each.default is MISSING
            asked.append(describing.query_parameter(each.name, schema, "") | {"required": required})
    if one.guarded:
        asked += describing.if_match()
        statuses.add(412)
    if not reads:
        asked += describing.for_writes()
    headers = {} if reads else {"Operation-Id": {"schema": {"type": "string"}}}
    if one.answer is not None and not one.many and "version" in get_type_hints(one.answer):
        headers["ETag"] = {"schema": {"type": "string"}}
    route, _sep, rest = one.path.removeprefix(one.area).strip("/").partition("/")
    if route not in ("", "{id}"):
        rest = route
    single = route or not (one.many or one.method == "POST")
    name = f"{one.area}_{rest or ('read' if single else 'list')}"
    good: dict[str, Any] = {"headers": headers}
    if one.file:
        receiving.sends_bytes(name)
        good["content"] = {one.file: {"schema": {"type": "string", "format": "binary"}}}
    return {
        "response": {one.status: answer, **dict.fromkeys(sorted(statuses), Problem)},
        "operation_id": f"{name}_{one.method.lower()}",
        "url_name": name,
        "summary": one.summary,
        "description": one.words,
        "openapi_extra": {"parameters": asked, "responses": {one.status: good}},
    }
