"""Texts, phones, web addresses, times."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.design.marks import date_mark
from guanxi.foundation.design.shapes import Field
from guanxi.foundation.design.words import exact
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Malformed
from guanxi.kernel.phones import mask_email, mask_phone
from guanxi.kernel.web import clean_url, web_domain
from guanxi.kinds.kind import FieldProblem, Kind, Show, as_text
from guanxi.kinds.spans import DAYS, day_of, days_of


@dataclass(kw_only=True, eq=False)
class Text(Kind):
    """A line of text, or several."""

    multiline: bool = False
    max_length: int | None = None  # a column's own goes before it
    operators: ClassVar[tuple[str, ...]] = ("is", "not", "contains", "starts", "empty", "filled")

    def bind(self, resource: Any) -> None:
        super().bind(resource)
        if self.computed is not None:
            return
        model_field = resource.model._meta.get_field(self.name)
        self.max_length = model_field.max_length
        self.multiline = self.multiline or isinstance(model_field, models.TextField)

    def clean(self, raw: object, actor: Actor) -> str:
        return as_text(raw, multiline=self.multiline, max_length=self.max_length)

    def clean_start(self, raw: object, actor: Actor) -> str:
        """What a value may begin with, as it is stored: of a text with a form of its own not yet the whole."""
        return self.clean(raw, actor)

    def condition(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        if operator == "contains":  # no index serves it
            return Q(**{f"{self.path}__icontains": as_text(values[0] if values else "", max_length=200)})
        if operator == "starts":
            start = self.clean_start(values[0] if values else "", actor)
            return self.compare(gte=start, lt=start + "\U0010ffff")
        return super().condition(operator, values, actor)

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        kind = more.pop("kind", "textarea" if self.multiline else "text")
        return super().editor(value, show, kind=kind, maxlength=self.max_length, **more)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.max_length} if self.max_length else {"type": "string"}


# Chinese in code: what parts the first number from an extension or from a second one
_FIRST = re.compile(r"[/;；、,，#]|转|分机|ext", re.IGNORECASE)


NO_PHONE = _("This is no phone number.")
_LETTERS = 3  # to a figure: more of them are words, or a value that somebody made unreadable


def dials(text: str) -> bool:
    """Whether a text holds a number that can be dialled, whatever else people write beside it."""
    figures = sum(map(str.isdigit, text))
    return figures > 0 and sum(char.isascii() and char.isalpha() for char in text) <= _LETTERS * figures


@dataclass(kw_only=True, eq=False)
class PhoneNumber(Text):
    """A phone number as people write it; shown as a link that dials."""

    personal: bool = True
    quick: ClassVar[str] = "call"

    def clean(self, raw: object, actor: Actor) -> str:
        text = super().clean(raw, actor)
        if text and not dials(text):
            raise FieldProblem("phone", NO_PHONE)
        return text

    def clean_start(self, raw: object, actor: Actor) -> str:
        return Text.clean(self, raw, actor)

    def html(self, record: Any, show: Show) -> str:
        text = self.text(record, show)
        dial = "".join(c for c in _FIRST.split(text, maxsplit=1)[0] if c.isdigit() or c == "+")
        return format_html('<a href="tel:{}">{}</a>', dial, text) if dial else text

    def masked(self, record: Any, show: Show) -> str:
        return mask_phone(self.text(record, show))

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        return super().editor(value, show, kind="tel", inputmode="tel", **more)


@dataclass(kw_only=True, eq=False)
class WeChat(Text):
    """Somebody's WeChat ID."""

    personal: bool = True
    quick: ClassVar[str] = "wechat"


@dataclass(kw_only=True, eq=False)
class Address(Text):
    """Where somebody is to be found, as it is written on a letter."""

    quick: ClassVar[str] = "navigate"


@dataclass(kw_only=True, eq=False)
class Email(Text):
    """An e-mail address, its domain in small letters; shown as a link that writes."""

    personal: bool = True

    def clean(self, raw: object, actor: Actor) -> str:
        text = super().clean(raw, actor).removeprefix("mailto:")
        local, _at, domain = text.rpartition("@")
        address = f"{local}@{domain.lower()}"
        try:
            validate_email(address)
        except ValidationError as error:
            raise FieldProblem(
                "email", _("This is not an e-mail address, such as li@example.com.")
            ) from error
        return address

    def clean_start(self, raw: object, actor: Actor) -> str:
        return Text.clean(self, raw, actor)

    def html(self, record: Any, show: Show) -> str:
        text = self.text(record, show)
        return format_html('<a class="gx-lk" href="mailto:{}">{}</a>', text, text) if text else ""

    def masked(self, record: Any, show: Show) -> str:
        return mask_email(self.text(record, show))

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        return super().editor(value, show, kind="email", inputmode="email", **more)


@dataclass(kw_only=True, eq=False)
class WebAddress(Text):
    """A web address; only http and https, the scheme added where it is missing."""

    def clean(self, raw: object, actor: Actor) -> str:
        text = super().clean(raw, actor)
        try:
            return clean_url(text) if text else ""
        except Malformed as error:
            raise FieldProblem("url", _("This is not a web address, such as www.example.com.")) from error

    def html(self, record: Any, show: Show) -> str:
        text = self.text(record, show)
        if not text.startswith(("http://", "https://")):
            return text  # nothing else is ever stored; a link that runs something must not depend on that
        return format_html(
            '<a class="gx-lk" href="{}" rel="noopener noreferrer" target="_blank">{}</a>',
            text,
            web_domain(text) or text,
        )

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        return super().editor(value, show, kind="text", inputmode="url", **more)


@dataclass(kw_only=True, eq=False)
class DateTime(Kind):
    """A moment, filtered by day. Read only here: moments are set by the system."""

    only_read: bool = True
    align: ClassVar[str] = "num"
    operators: ClassVar[tuple[str, ...]] = DAYS
    filter_input: ClassVar[str] = "date"
    sortable: ClassVar[bool] = True

    def said(self, value: Any, language: str) -> str:
        return exact(value)

    def cell(self, record: Any, show: Show) -> Any:
        return self.cells_of((self.value(record),), show)[0]

    def cells_of(self, values: Sequence[Any], show: Show) -> Sequence[Any]:
        zone = timezone.get_current_timezone()
        return [value.astimezone(zone).isoformat(" ", "minutes")[:16] if value else "" for value in values]

    def html(self, record: Any, show: Show) -> str:
        return date_mark(self.value(record))

    def json(self, record: Any, show: Show) -> Any:
        value = self.value(record)
        return value.isoformat() if value else None

    def blank(self) -> Any:
        return None

    def clean(self, raw: object, actor: Actor) -> date:
        return day_of(raw)

    def condition(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        if operator not in DAYS:
            return super().condition(operator, values, actor)
        first, last = days_of(operator, values)
        bounds = {} if first is None else {"gte": _start(first)}
        if last is not None:
            bounds["lt"] = _start(last + timedelta(days=1))
        return self.compare(**bounds)

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        return super().editor(value, show, kind="date", **more)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
