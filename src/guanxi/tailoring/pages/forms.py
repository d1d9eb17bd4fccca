"""The form of an own field: what it asks for each kind, what was typed into it, and the words about a field."""

# Chinese in code: the upright stroke as a Chinese keyboard types it

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.foundation.design.shapes import Field, FieldGroup, Option, Tab
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions import web
from guanxi.foundation.permissions.web import Draft
from guanxi.resource import registry
from guanxi.resource.declaration import Resource, Words
from guanxi.tailoring.models import OwnField, OwnOption
from guanxi.tailoring.queries.making import LISTED, SEARCHED, SLOTS, SOLE
from guanxi.tailoring.services.drafting import CURRENCIES

_K = OwnField.Kind
_NOTES: Mapping[str, str | Promise] = {
    _K.TEXT: gettext_lazy("One line: a number of yours, a model, a nickname"),
    _K.LONG_TEXT: gettext_lazy("Several lines: requirements, a description"),
    _K.NUMBER: gettext_lazy("People, tons, percent; 12,500 or 1.25 k"),
    _K.MONEY: gettext_lazy("An amount in one currency"),
    _K.DATE: gettext_lazy("A day: of signing, of expiry"),
    _K.MOMENT: gettext_lazy("A day with its time"),
    _K.YES_NO: gettext_lazy("Yes, no, or not known yet"),
    _K.CHOICE: gettext_lazy("One of a list that you write"),
    _K.CHOICES: gettext_lazy("Several of a list that you write"),
    _K.PHONE: gettext_lazy("Calls at a click; can be masked for a role"),
    _K.EMAIL: gettext_lazy("Writes at a press; can be masked for a role"),
    _K.WEB: gettext_lazy("Opens at a press"),
    _K.MEMBER: gettext_lazy("Who introduced them, who answers for the technology"),
    _K.RECORD: gettext_lazy("Leads to another record, such as who recommended them"),
}
_CURRENCIES: Mapping[str, str | Promise] = {
    "CNY": gettext_lazy("Chinese yuan"),
    "USD": gettext_lazy("US dollar"),
    "EUR": gettext_lazy("euro"),
    "HKD": gettext_lazy("Hong Kong dollar"),
    "JPY": gettext_lazy("Japanese yen"),
    "GBP": gettext_lazy("pound sterling"),
    "TWD": gettext_lazy("New Taiwan dollar"),
    "KRW": gettext_lazy("South Korean won"),
    "SGD": gettext_lazy("Singapore dollar"),
    "AUD": gettext_lazy("Australian dollar"),
    "CAD": gettext_lazy("Canadian dollar"),
    "RUB": gettext_lazy("Russian rouble"),
    "THB": gettext_lazy("Thai baht"),
    "VND": gettext_lazy("Vietnamese dong"),
}


_ASKED = ("asked", "needed")


class Line(NamedTuple):
    """One choice in the form."""

    code: str
    zh: str
    en: str
    retired: bool


def parts_of(resource: type[Resource], now: str) -> list[Tab]:
    """The pages of one resource."""
    pages = (
        ("fields", _("Fields of your own"), "own_fields_of"),
        ("layout", _("Card and form"), "own_layout"),
    )
    return [
        Tab(label=label, url=reverse(page, args=[resource.key]), current=key == now)
        for key, label, page in pages
    ]


def kinds_of(resource: type[Resource]) -> list[tuple[str, str, str]]:
    """Every kind of field with what it is for, and the address of its form."""
    url = reverse("own_field_new", args=[resource.key])
    return [(f"{url}?kind={kind.value}", str(kind.label), str(_NOTES[kind])) for kind in _K]


def facts_of(row: OwnField) -> str:
    """What there is to say of a field in a list of fields."""
    flags = (
        (row.state == OwnField.State.HIDDEN, _("hidden")),
        (row.required, _("must be filled in")),
        (row.unique, _("no two alike")),
        (row.indexed, _("quick to filter by")),
        (row.searched, _("found by the search")),
        (row.listed, _("in the list")),
        (row.asked and not row.needed, _("asked to qualify")),
        (row.needed, _("needed to go on")),
    )
    return " · ".join([str(row.get_kind_display()), *(words for holds, words in flags if holds)])


def states_of(row: OwnField) -> list[tuple[str, str, str]]:
    """What can be done with the field as a whole: state, button, what it means."""
    hide = ("hidden", _("Hide"), _("On no form, card or list. Import, export and the API still have it."))
    retire = ("retired", _("Retire"), _("Gone everywhere. The values are kept and come back with it."))
    use = ("active", _("Use it again"), _("With all the values it had."))
    return {"active": [hide, retire], "hidden": [use, retire], "retired": [use]}[row.state]


def values_of(row: OwnField) -> dict[str, Any]:
    """A stored field as its form shows it."""
    flags = ("required", "unique", "indexed", "searched", "listed", "personal")
    kept = ("label_zh", "label_en", "help", *flags, *_ASKED)
    values = {key: getattr(row, key) for key in kept}
    return {**values, **row.settings, "default": row.default}


def data_of(posted: QueryDict, kind: str) -> dict[str, Any]:
    """What was sent, as the services take it."""
    data: dict[str, Any] = {
        key: posted.get(key, "")
        for key in ("label_zh", "label_en", "help", "places", "unit", "currency", "to")
        if key in posted
    }
    for key in ("required", "unique", "indexed", "searched", "listed", "personal", *_ASKED):
        data[key] = posted.get(key) == "on"
    if "code" in posted:
        data["name"] = data["code"] = posted["code"]
    data["default"] = posted.getlist("default") if kind == _K.CHOICES else posted.get("default", "")
    if kind in LISTED:
        data["more"] = posted.get("more", "")
        data["options"] = [*_sent_options(posted), *_new_options(data["more"])]
    return data


def _sent_options(posted: QueryDict) -> list[dict[str, Any]]:
    retired = set(posted.getlist("option_retired"))
    lines = zip(
        posted.getlist("option_code"), posted.getlist("option_zh"), posted.getlist("option_en"), strict=False
    )
    return [{"code": code, "zh": zh, "en": en, "retired": code in retired} for code, zh, en in lines]


def _new_options(text: str) -> list[dict[str, Any]]:
    found = []
    for line in text.splitlines():
        zh, _bar, en = line.replace("｜", "|").partition("|")
        if zh.strip() or en.strip():
            found.append({"code": "", "zh": zh.strip(), "en": en.strip()})
    return found


def options_of(kind: str, draft: Draft, row: OwnField | None) -> list[Line] | None:
    """The choices to draw: as typed, else as stored; None where the kind has none."""
    if kind not in LISTED:
        return None
    if "options" in draft.values:
        return [
            Line(one["code"], one["zh"], one["en"], bool(one["retired"]))
            for one in draft.values["options"]
            if one.get("code")
        ]
    rows = OwnOption.objects.filter(field_id=row.id).order_by("position", "id") if row else ()
    return [Line(one.code, one.label_zh, one.label_en, one.retired) for one in rows]


def groups_of(resource: type[Resource], kind: str, draft: Draft, row: OwnField | None) -> list[FieldGroup]:
    """The form in its sections."""
    name = [
        draft.field("label_zh", _("Name in Chinese"), maxlength=40, autofocus=row is None),
        draft.field("label_en", _("Name in English"), maxlength=60, hint=_("One of the two is enough.")),
        draft.field(
            "help", _("Help"), maxlength=200, wide=True, hint=_("Stands under the field in the form.")
        ),
    ]
    if row is None:
        name.append(
            draft.field(
                "code", _("Name in the API"), maxlength=40, autocomplete="off",
                hint=_("Such as %(example)s, and for good. Empty, it is made from the name or its pinyin.")
                % {"example": "contract_no"},
            )
        )  # fmt: skip
    groups = [FieldGroup(title=_("What it is called"), fields=name)]
    if holds := _settings(kind, draft, row):
        groups.append(FieldGroup(title=_("What it holds"), fields=holds))
    rules = [_check(draft, "required", _("Must be filled in"))]
    if kind in SOLE:
        rules.append(_check(draft, "unique", _("No two records alike")))
    rules.append(_default(draft, kind))
    groups.append(FieldGroup(title=_("When it is filled in"), fields=rules))
    if resource.qualifies:
        asked = [
            _check(
                draft,
                "asked",
                _("A question of qualification"),
                _("The card says what is still to be asked."),
            ),
            _check(draft, "needed", resource.qualifies, _("Without an answer it is refused.")),
        ]
        groups.append(FieldGroup(title=_("Qualification"), fields=asked))
    found = [_check(draft, "listed", _("A column of the list"))]
    if kind in SLOTS:
        found.append(
            _check(
                draft, "indexed", _("Quick to filter by"), _("For lists of many thousands: it is indexed.")
            )
        )
    if kind in SEARCHED:
        found.append(_check(draft, "searched", _("Found by the search")))
    found.append(
        _check(
            draft, "personal", _("About a person"), _("Roles can then be shown it masked, not only hidden.")
        )
    )
    groups.append(FieldGroup(title=_("Where it is found"), fields=found))
    return groups


def _settings(kind: str, draft: Draft, row: OwnField | None) -> list[Field]:
    fixed = _("Cannot be changed any more.") if row else ""
    match kind:
        case _K.NUMBER:
            places = draft.field(
                "places", _("Decimals"), inputmode="numeric", disabled=row is not None, hint=fixed
            )
            return [
                places,
                draft.field("unit", _("Unit"), maxlength=12, hint=_("Such as kg or %; may stay empty.")),
            ]
        case _K.MONEY:
            options = _options(
                ((code, f"{code} {_CURRENCIES[code]}") for code in CURRENCIES), draft.values.get("currency")
            )
            return [
                draft.field(
                    "currency", _("Currency"), "select", options, disabled=row is not None, hint=fixed
                )
            ]
        case _K.RECORD:
            to = ((one.key, str(one.label_plural)) for one in registry.every())
            options = _options(to, draft.values.get("to"))
            return [draft.field("to", _("Leads to"), "select", options, disabled=row is not None, hint=fixed)]
    return []


def _options(pairs: Any, chosen: Any) -> list[Option]:
    return [Option(value=value, label=label, selected=value == chosen) for value, label in pairs]


def _check(draft: Draft, name: str, label: Words, hint: str = "") -> Field:
    return Field(
        name=name,
        label=str(label),
        kind="checkbox",
        value="on" if draft.values.get(name) else "",
        hint=hint,
        errors=draft.errors.get(name, ()),
    )


def _default(draft: Draft, kind: str) -> Field:
    hints = {
        _K.DATE: _("A day, or “today”."),
        _K.MOMENT: _("A time, or “now”."),
        _K.MEMBER: _("A name, or “me” for whoever creates the record."),
        _K.YES_NO: _("“yes” or “no”."),
        _K.CHOICES: _("Choices by name, with commas between them."),
    }
    value = draft.values.get("default")
    if isinstance(value, Sequence) and not isinstance(value, str):
        draft = Draft({**draft.values, "default": ",".join(map(str, value))}, draft.errors)
    return draft.field("default", _("Default"), hint=hints.get(_K(kind), _("What a new record begins with.")))


def toast(response: HttpResponse, text: str) -> HttpResponse:
    """Say in this very answer what was done, with the way to undo it."""
    done = last_operation_id()
    said = {"text": text, "undo": web.url_of("undo", done) if done else ""}
    response["HX-Trigger"] = json.dumps({"gx:toast": said})
    return response
