"""How a field would look before it is there: in a form, on a card."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from guanxi.foundation.design.shapes import Fact, Field
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid
from guanxi.kinds import FieldProblem, Show
from guanxi.resource.declaration import Resource
from guanxi.tailoring.models import OwnField, OwnOption
from guanxi.tailoring.queries.making import kind_of
from guanxi.tailoring.services.drafting import Draft, read_draft

_NAME = "x_preview"
_EXAMPLES: Mapping[str, Any] = {
    "number": "1280",
    "money": "128000",
    "yes_no": "yes",
    "phone": "0512 6288 1234",
    "email": "li@example.com",
    "web": "www.example.com",
}


@dataclass(frozen=True, slots=True)
class Preview:
    """What is shown; `missing` says instead what is still needed."""

    field: Field | None = None
    fact: Fact | None = None
    missing: str = ""


def preview_of(
    actor: Actor, resource: type[Resource], kind: str, data: Mapping[str, Any], row: OwnField | None
) -> Preview:
    """The field as drafted, with a value made up for it."""
    try:
        draft = read_draft(actor, resource, kind, {**data, "default": ""}, row=row)
    except Invalid as error:
        return Preview(missing=next((str(m) for said in error.fields.values() for m in said), ""))
    base = (
        {key: getattr(row, key) for key in ("label_zh", "label_en", "help", "required", "settings")}
        if row
        else {}
    )
    trial = OwnField(
        **{**base, **draft.values, "resource": resource.key, "name": _NAME, "kind": kind, "default": None}
    )
    made = kind_of(trial, _options(draft, row))
    made.bind_own(resource)
    show = Show(actor, get_language() or "zh-hans")
    # A picker of a field that is not there has nothing to offer yet.
    shape = replace(made.editor(None, show), url="", create_url="", prefix="preview_")
    value = _example(actor, made, kind, draft)
    record = resource.model(own={} if value is None else {_NAME: made.pack(value)})
    return Preview(shape, Fact(key=_NAME, label=str(made.label), value=made.fact(record, show)))


def _options(draft: Draft, row: OwnField | None) -> list[OwnOption]:
    if draft.options is None:
        return list(OwnOption.objects.filter(field_id=row.id).order_by("position")) if row else []
    return [OwnOption(code=o.code, label_zh=o.zh, label_en=o.en, retired=o.retired) for o in draft.options]


def _example(actor: Actor, made: Any, kind: str, draft: Draft) -> Any:
    match kind:
        case "text" | "long_text":
            return _("An example")
        case "date":
            return timezone.localdate()
        case "moment":
            return timezone.now().astimezone(UTC)
        case "choice" | "choices":
            codes = made.choices.values[: 1 if kind == "choice" else 2]
            return ",".join(codes) or None
        case "member":
            return actor.member_id
        case "record":
            return None
    try:
        return made.clean(_EXAMPLES[kind], actor)
    except FieldProblem:
        return None
