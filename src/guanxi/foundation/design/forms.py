"""From a field of a Django form to the shape our templates draw."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.forms import BoundField

from guanxi.foundation.design.shapes import Field, Kind, Option

_BY_INPUT: dict[str, Kind] = {
    "text": "text", "number": "number", "email": "email", "tel": "tel", "url": "url", "password": "password",
    "date": "date", "datetime-local": "datetime-local", "time": "time", "file": "file", "hidden": "hidden",
    "search": "search", "checkbox": "checkbox",
}  # fmt: skip


def _kind(widget: forms.Widget) -> Kind:
    match widget:
        case forms.Textarea():
            return "textarea"
        case forms.CheckboxSelectMultiple():
            return "choices"
        case forms.RadioSelect():
            return "radio"
        case forms.SelectMultiple():
            return "choices"
        case forms.Select():
            return "select"
        case forms.CheckboxInput():
            return "checkbox"
        case forms.DateTimeInput():
            return "datetime-local"
        case forms.DateInput():
            return "date"
        case forms.TimeInput():
            return "time"
    return _BY_INPUT.get(getattr(widget, "input_type", "text"), "text")


def _flat(choices: Any, chosen: set[str]) -> list[Option]:
    options: list[Option] = []
    for value, label in choices:
        if isinstance(label, list | tuple):
            options += [replace(option, group=str(value)) for option in _flat(label, chosen)]
        else:
            text = "" if value is None else str(value)
            options.append(Option(value=text, label=str(label), selected=text in chosen))
    return options


def _moment(kind: Kind, value: Any) -> str:
    """HTML's own form of dates and times, whatever the language of the page."""
    if value in (None, ""):
        return ""
    if kind == "datetime-local" and hasattr(value, "strftime"):
        return str(value.strftime("%Y-%m-%dT%H:%M"))
    if kind == "time" and hasattr(value, "strftime"):
        return str(value.strftime("%H:%M"))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def field_of(field: Field | BoundField, changes: Mapping[str, Any] | None = None) -> Field:
    """The shape of a form's field, with `changes` for the place it is drawn in."""
    shape = field if isinstance(field, Field) else _from_bound(field)
    return replace(shape, **changes) if changes else shape


def _from_bound(bound: BoundField) -> Field:
    widget = bound.field.widget
    kind = _kind(widget)
    value = bound.value()
    chosen = {str(one) for one in value} if isinstance(value, list | tuple) else {str(value)}
    attrs = {key: str(attr) for key, attr in widget.attrs.items() if attr not in (False, None)}
    known = {key: attrs.pop(key, "") for key in ("placeholder", "autocomplete", "inputmode", "rows")}
    for taken in ("maxlength", "class", "required", "id", "cols", "style"):
        attrs.pop(taken, None)
    return Field(
        name=bound.html_name,
        label=str(bound.label),
        kind=kind,
        value="" if kind in {"password", "file"} else _moment(kind, value),
        options=_flat(getattr(widget, "choices", ()), chosen),
        required=bound.field.required,
        hint=str(bound.help_text or ""),
        errors=tuple(str(error) for error in bound.errors),
        placeholder=known["placeholder"],
        autocomplete=known["autocomplete"],
        inputmode=known["inputmode"],
        rows=int(known["rows"] or 3),
        maxlength=getattr(bound.field, "max_length", None),
        disabled=bound.field.disabled,
        attrs=attrs,
    )
