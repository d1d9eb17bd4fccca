"""What an administrator typed about a field, cleaned and checked."""

# Chinese in code: the comma and other signs that part several values

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.kernel.figures import MOST_PLACES
from guanxi.kernel.text import TextTooLong, clean_text, fold
from guanxi.kinds import FieldProblem
from guanxi.resource import registry
from guanxi.resource.declaration import Resource
from guanxi.tailoring import rules
from guanxi.tailoring.models import OwnField, OwnOption
from guanxi.tailoring.queries.making import LISTED, SEARCHED, SLOTS, SOLE, kind_of

CURRENCIES = (
    "CNY",
    "USD",
    "EUR",
    "HKD",
    "JPY",
    "GBP",
    "TWD",
    "KRW",
    "SGD",
    "AUD",
    "CAD",
    "RUB",
    "THB",
    "VND",
)
_PERSONAL = (OwnField.Kind.PHONE, OwnField.Kind.EMAIL)  # what is taken to be about a person
_FLAGS = ("required", "unique", "indexed", "searched", "listed", "personal", "asked", "needed")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One choice as drafted."""

    code: str
    zh: str
    en: str
    retired: bool = False


@dataclass(slots=True)
class Draft:
    """Values by column of OwnField, and the choices in order; None where nothing was said of them."""

    values: dict[str, Any]
    options: list[Wanted] | None

    def check_labels(self, resource: type[Resource], *, beside: OwnField | None) -> None:
        """Raises Invalid where another field in use is called the same: an import could not tell them apart."""
        taken = {fold(str(kind.label)) for kind in resource.declared.values()}
        rows = OwnField.objects.filter(resource=resource.key).exclude(state=OwnField.State.RETIRED)
        for row in rows.exclude(id=beside.id) if beside else rows:
            taken |= {fold(row.label_zh), fold(row.label_en)}
        problems = Invalid()
        for key in ("label_zh", "label_en"):
            label = self.values.get(key, getattr(beside, key, ""))
            if label and fold(label) in taken:
                problems.add(key, Message("label_taken", _("Another field is called this.")))
        if problems:
            raise problems


def read_draft(
    actor: Actor, resource: type[Resource], kind: str, data: Mapping[str, Any], *, row: OwnField | None = None
) -> Draft:
    """What is given, cleaned, on top of what `row` has. Raises Invalid, field by field."""
    problems = Invalid()
    values: dict[str, Any] = {}
    for key, most in (("label_zh", 40), ("label_en", 60), ("help", 200)):
        if key in data:
            values[key] = _text(problems, key, data[key], most)
        elif row is None:
            values[key] = ""
    labels = [values.get(key, getattr(row, key, "")) for key in ("label_zh", "label_en")]
    if not any(labels):
        problems.add("label_zh", Message("label", _("Give the field a name, in Chinese or in English.")))
    for key in _FLAGS:
        if key in data:
            values[key] = data[key] in (True, "1", "on", "true", 1)
        elif row is None:
            values[key] = key == "personal" and kind in _PERSONAL
    _forbid(problems, resource, kind, values)
    if row is None:
        values["settings"] = _settings(problems, kind, data)
    elif kind == OwnField.Kind.NUMBER and "unit" in data:
        values["settings"] = {**row.settings, "unit": _text(problems, "unit", data["unit"], 12)}
    options = _options(problems, kind, data, row)
    if problems:
        raise problems
    if "default" in data or options is not None:
        raw = data.get("default", row.default if row is not None else None)
        values["default"] = _default(actor, resource, kind, raw, values, options, row)
    return Draft(values, options)


def _text(problems: Invalid, key: str, raw: Any, most: int) -> str:
    try:
        return clean_text(raw if isinstance(raw, str) else "", max_length=most)
    except TextTooLong:
        problems.add(key, Message("too_long", _("At most %(limit)s characters."), {"limit": most}))
        return ""


def _forbid(problems: Invalid, resource: type[Resource], kind: str, values: dict[str, Any]) -> None:
    for key in ("asked", "needed"):
        if values.get(key) and not resource.qualifies:
            problems.add(key, Message("not_asked", _("Nothing is asked of these records before an act.")))
    for key, allowed in (("unique", SOLE), ("indexed", SLOTS.keys()), ("searched", SEARCHED)):
        if values.get(key) and kind not in allowed:
            problems.add(key, Message("not_for_kind", _("This is not possible for this kind of field.")))


def _settings(problems: Invalid, kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What only some kinds have; fixed for good once the field is there, but for a unit."""
    match kind:
        case OwnField.Kind.NUMBER:
            places = str(data.get("places", "0") or "0")
            if not places.isdecimal() or not places.isascii() or int(places[:3]) > MOST_PLACES:
                problems.add(
                    "places", Message("places", _("From 0 to %(most)s decimals."), {"most": MOST_PLACES})
                )
                return {}
            return {"places": int(places), "unit": _text(problems, "unit", data.get("unit", ""), 12)}
        case OwnField.Kind.MONEY:
            currency = str(data.get("currency") or "CNY")
            if currency not in CURRENCIES:
                problems.add("currency", Message("currency", _("Choose a currency.")))
            return {"currency": currency}
        case OwnField.Kind.RECORD:
            to = str(data.get("to") or "")
            if registry.find_by_key(to) is None:
                problems.add("to", Message("to", _("Choose what the field leads to.")))
            return {"to": to}
    return {}


def _options(
    problems: Invalid, kind: str, data: Mapping[str, Any], row: OwnField | None
) -> list[Wanted] | None:
    if kind not in LISTED or ("options" not in data and row is not None):
        return None
    codes = (
        set()
        if row is None
        else set(OwnOption.objects.filter(field_id=row.id).values_list("code", flat=True))
    )
    found: list[Wanted] = []
    said: set[str] = set()
    given = data.get("options")
    for one in given if isinstance(given, Sequence) and not isinstance(given, str) else ():
        if not isinstance(one, Mapping):
            continue
        zh = _text(problems, "options", one.get("zh", ""), 60)
        en = _text(problems, "options", one.get("en", ""), 60)
        code = str(one.get("code") or "")
        if not (zh or en):
            continue  # an empty line of the form
        if code and code not in codes:
            problems.add("options", Message("option_code", _("The list has changed. Load the page again.")))
        wanted = Wanted(code, zh, en, one.get("retired") in (True, "1", "on", "true", 1))
        names = {fold(text) for text in (zh, en) if text}
        if not wanted.retired and names & said:
            problems.add(
                "options", Message("twice", _("“%(name)s” stands in the list twice."), {"name": zh or en})
            )
        if kind == OwnField.Kind.CHOICES and rules.SEPARATORS & set(zh + en):
            problems.add(
                "options",
                Message("separator", _("Leave commas and semicolons out: they part several choices.")),
            )
        said |= names if not wanted.retired else set()
        found.append(wanted)
    if not any(not one.retired for one in found):
        problems.add("options", Message("no_options", _("Give at least one choice.")))
    if len(found) > rules.MOST_OPTIONS:
        problems.add(
            "options", Message("too_many", _("At most %(most)s choices."), {"most": rules.MOST_OPTIONS})
        )
    taken = codes | {one.code for one in found}
    for at, one in enumerate(found):
        if not one.code:
            found[at] = replace(one, code=rules.code_for(one.zh, one.en, taken))
            taken.add(found[at].code)
    return found


def _default(
    actor: Actor,
    resource: type[Resource],
    kind: str,
    raw: Any,
    values: Mapping[str, Any],
    options: Sequence[Wanted] | None,
    row: OwnField | None,
) -> Any:
    """The default as a form would send it, or None. Raises Invalid where a new record could not take it."""
    if raw in (None, "", [], ()):
        return None
    trial = OwnField(
        resource=resource.key,
        name="x_trial",
        kind=kind,
        settings=values.get("settings", getattr(row, "settings", {})),
    )
    kept = None if row is None or options is not None else list(OwnOption.objects.filter(field_id=row.id))
    drafted = [
        OwnOption(code=one.code, label_zh=one.zh, label_en=one.en, retired=one.retired)
        for one in options or ()
    ]
    made = kind_of(trial, kept if kept is not None else drafted)
    made.bind_own(resource)
    try:
        value = made.clean(raw, actor)
    except FieldProblem as problem:
        raise Invalid({"default": [problem.message]}) from problem
    if made.is_blank(value):
        return None
    # A choice by its code: its name may change. What moves with the day stays as it was written.
    return value.split(",") if kind == OwnField.Kind.CHOICES else value if kind in LISTED else raw
