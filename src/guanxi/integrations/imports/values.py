"""Cells to values: what people type into spreadsheets, in the form that fields take, or why it has none."""

# Chinese in code: what people write around figures and grades

import re
import unicodedata
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.blanks import LONGEST, says_nothing
from guanxi.integrations.imports.days import plain_day
from guanxi.kernel.errors import Message
from guanxi.kernel.phones import split_phones
from guanxi.kinds import (
    Choice,
    Date,
    Email,
    FieldProblem,
    Kind,
    Moment,
    Number,
    PhoneNumber,
    Text,
    WeChat,
)
from guanxi.kinds.plain import NO_PHONE

NOTHING = "nothing"  # the code of a problem that is told, and never keeps a row out
_LETTERS = {wide: wide - 0xFEE0 for wide in range(0xFF10, 0xFF5B) if chr(wide).isalnum()} | {0x3000: " "}
_CODES = ("number", "code")  # what names of fields end with whose values somebody gave out
_FEWEST = 5  # figures of a number that can be dialled: 10086, 95588
_NO_YEAR = re.compile(r"(?:\d{1,2}月\d{1,2}[日号]?|\d{1,2}[-/.]\d{1,2})(?:\s.*)?")
_NO_DAY = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?(?:份)?")
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_GRADE = re.compile(r"(.+?)(?:类|级|等级|等|档)?(?:客户)?")
_RANGE = re.compile(r".*\d\D{0,3}(?:[-~\u2013\u2014\uff5e至到]|\bto\b)\D{0,3}\d.*")
_ABOUT = re.compile(
    r"约.*|大概.*|近.*|不到.*|超过?.*|至少.*|[<>≤≥≈~].*|(?:about|approx|around|over|under|ca)\b.*"
    r"|.*(?:左右|上下|以上|以下|以内|多万?|余万?|几[十百千万]*|\+)[元人个]*"
)


def meant(kind: Kind, raw: str, actor: Actor, order: str = "") -> Any:
    """The value of a field that a cell says, None or "" for nothing. `order` is that of days in figures
    (`days.orders_of`). Raises FieldProblem with the reason where a cell says no such value, or is not clear."""
    if isinstance(kind, Text) and len(raw) <= LONGEST and says_nothing(raw, kind):
        return _nothing(kind, raw)
    text = half_width(raw, kind)
    try:
        if isinstance(kind, Date | Moment):
            text = _day(text, order)
        if isinstance(kind, PhoneNumber):
            _dialled(text)
        return kind.clean(text, actor)
    except FieldProblem as problem:
        if says_nothing(raw):
            return _nothing(kind, raw)
        if isinstance(kind, Choice) and (grade := _GRADE.fullmatch(text)) and grade[1] != text:
            return _graded(kind, grade[1], actor, problem)
        if isinstance(kind, Number):
            raise _unclear(text) or problem from None
        raise


def _nothing(kind: Kind, raw: str) -> Any:
    """What a word for nothing leaves: no more than an empty cell does, but for figures and days of one's own fields.
    Somebody made such a field of this very column, and is told of everything in it that found no place."""
    if kind.own is not None and not isinstance(kind, Text):
        raise FieldProblem(NOTHING, _("“%(value)s” says nothing that could stand here."), value=raw)
    return "" if isinstance(kind, Text) else None


def half_width(raw: str, kind: Kind) -> str:
    """The text with wide letters and figures as usual ones; wide signs too, but in names and sentences, where they
    belong."""
    if raw.isascii():
        return raw
    if not isinstance(kind, Text):
        return unicodedata.normalize("NFKC", raw)
    if kind.multiline:
        return raw
    if isinstance(kind, PhoneNumber | Email | WeChat) or kind.name.endswith(_CODES):
        return unicodedata.normalize("NFKC", raw)
    return raw.translate(_LETTERS)


def _day(text: str, order: str) -> str:
    text = text.strip()
    if _NO_YEAR.fullmatch(text):
        raise FieldProblem("no_year", _("The year is not said."))
    if _NO_DAY.fullmatch(text):
        raise FieldProblem("no_day", _("The day of the month is not said."))
    if _YEAR.fullmatch(text):
        raise FieldProblem("no_day", _("Only the year is said."))
    return plain_day(text, order)


def _dialled(text: str) -> None:
    numbers = [[char for char in one if char.isdecimal()] for one in split_phones(text)]
    if not any(len(figures) >= _FEWEST and set(figures) != {"0"} for figures in numbers):
        raise FieldProblem("phone", NO_PHONE)


def _graded(kind: Choice, text: str, actor: Actor, problem: FieldProblem) -> Any:
    try:
        return kind.clean(text, actor)
    except FieldProblem:
        raise problem from None


def _unclear(text: str) -> FieldProblem | None:
    """Why an amount that cannot be read is none, where the words around it say so."""
    plain = re.sub(r"\s", "", text).casefold()
    if _ABOUT.fullmatch(plain):
        return FieldProblem("about", _("This says about how much, not how much."))
    if _RANGE.fullmatch(text.casefold()):
        return FieldProblem("range", _("This is from one figure to another, not one figure."))
    return None


def reason_of(problem: FieldProblem) -> Message:
    """Why a cell says no value, with what it perhaps should be."""
    if not problem.repair:
        return problem.message
    return Message(
        problem.message.code,
        _("%(reason)s Perhaps %(repair)s?"),
        {"reason": problem.message, "repair": problem.repair},
    )
