"""One of a list, several of a list, a code of a reference table."""

# Chinese in code: the separators that people type between several values

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, ClassVar, Protocol

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext

from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.plans import distinct_texts
from guanxi.kernel.text import fold
from guanxi.kinds.kind import Declared, FieldProblem, Kind, Show, Words, as_text


@dataclass(frozen=True, slots=True)
class Listed:
    """A company's own list: codes with their labels, and those `retired`: said where they stand, not offered."""

    choices: tuple[tuple[str, Words], ...]
    retired: tuple[tuple[str, Words], ...] = ()

    @property
    def values(self) -> list[str]:
        return [code for code, _label in self.choices]


class _Labels:
    """Folded labels and codes of a list, in every language, so that a cell may hold any of them."""

    def __init__(
        self, choices: type[models.TextChoices] | Listed, synonyms: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._choices, self._synonyms = choices, synonyms or {}
        self._found: dict[str, str] = {}
        self._words = {str(code): words for code, words in choices.choices}
        if isinstance(choices, Listed):
            self._words |= dict(choices.retired)

    def of(self, code: str) -> str:
        """What a code is called; the code itself where it is unknown."""
        return str(self._words.get(code, code))

    def options(self, chosen: Collection[str] = ()) -> list[Option]:
        """What is offered, and what is chosen although it has been retired."""
        codes = [str(code) for code in self._choices.values]
        codes += [code for code in self._words if code in chosen and code not in codes]
        return [Option(value=code, label=self.of(code), selected=code in chosen) for code in codes]

    def ordered(self, codes: Collection[str]) -> list[str]:
        """Codes as the list has them; of a declared one as they are kept."""
        if not isinstance(self._choices, Listed):
            return list(codes)
        return sorted(codes, key=[*self._words, *codes].index)

    def code(self, text: str) -> str | None:
        if not self._found:
            found = {fold(word): code for code, words in self._synonyms.items() for word in words}
            for language in ("zh-hans", "en"):
                with override(language):
                    found |= {fold(str(label)): str(value) for value, label in self._choices.choices}
            # A retired one is taken by its code alone: a form sends back what stood there. Kept only when it is whole,
            # for other threads read it.
            self._found = found | {fold(code): code for code in self._words}
        return self._found.get(fold(text))


@dataclass(kw_only=True, eq=False)
class Choice(Kind):
    """One of a declared list, kept as its code. `mark` draws it from its code and, with room, its word (a grade's
    square); `synonyms` are other words for a code, as spreadsheets have them."""

    choices: type[models.TextChoices] | Listed
    mark: Callable[..., str] | None = None
    synonyms: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._labels = _Labels(self.choices, self.synonyms)

    def clean(self, raw: object, actor: Actor) -> str:
        text = as_text(raw, max_length=100)
        code = self._labels.code(text)
        if code is None and text:
            raise FieldProblem("choice", _("“%(value)s” is not in the list."), value=text)
        return code or ""

    def said(self, value: Any, language: str) -> str:
        return self._labels.of(str(value))

    def html(self, record: Any, show: Show) -> str:
        value = self.value(record)
        return self.mark(value) if self.mark and value else self.text(record, show)

    def fact(self, record: Any, show: Show) -> str:
        value = self.value(record)
        if not self.mark or not value:
            return self.html(record, show)
        return self.mark(value, self.said(value, show.language).removeprefix(value).strip())

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        # Something chosen must not look as if somebody had chosen it.
        options = [] if self.required and value else [Option(value="", label="")]
        options += self._labels.options({str(value)} if value else ())
        return super().editor(value, show, kind="select", options=options, **more)

    def filter_options(self, show: Show) -> Sequence[Option]:
        return self._labels.options()

    def filter_text(self, value: str, show: Show) -> str:
        return self._labels.of(value)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": [*([] if self.required else [""]), *map(str, self.choices.values)]}


@dataclass(kw_only=True, eq=False)
class Choices(Kind):
    """Several of a declared list, kept sorted and joined by commas in one text column.

    A filter for one of them compares with every combination that holds it: equality of texts is what
    row-level security can use an index for, containment in an array is not. At most 10 choices of a column; an own
    field keeps an array, of as many as its list has.
    """

    choices: type[models.TextChoices] | Listed
    synonyms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    operators: ClassVar[tuple[str, ...]] = ("is", "not", "empty", "filled")

    def __post_init__(self) -> None:
        self._labels = _Labels(self.choices, self.synonyms)

    def bind(self, resource: type[Declared]) -> None:
        super().bind(resource)
        if len(self.choices.values) > 10:
            raise ValueError("at most 10 choices: every combination that holds one is compared with")

    def pack(self, value: Any) -> Any:
        return self._codes(value) if self.own else value

    def unpack(self, value: Any) -> Any:
        return ",".join(value) if isinstance(value, list) else super().unpack(value)

    def clean(self, raw: object, actor: Actor) -> str:
        parts = (
            raw
            if isinstance(raw, list | tuple)
            else as_text(raw, max_length=4000)
            .replace("、", ",")
            .replace("，", ",")
            .replace(";", ",")
            .replace("；", ",")
            .split(",")
        )
        codes = set()
        for part in parts:
            text = as_text(part, max_length=100)
            if not text:
                continue
            code = self._labels.code(text)
            if code is None:
                raise FieldProblem("choice", _("“%(value)s” is not in the list."), value=text)
            codes.add(code)
        return ",".join(sorted(codes))

    def said(self, value: Any, language: str) -> str:
        words = [self._labels.of(code) for code in self._labels.ordered(self._codes(value))]
        return ("、" if language.startswith("zh") else ", ").join(words)

    def json(self, record: Any, show: Show) -> Any:
        return self._codes(self.value(record))

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        chosen = set(value if isinstance(value, list | tuple) else self._codes(value))
        return super().editor("", show, kind="choices", options=self._labels.options(chosen), **more)

    def condition(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        if operator not in ("is", "not"):
            return super().condition(operator, values, actor)
        wanted = {code for value in values for code in self._codes(self.clean(value, actor))}
        if self.own:
            q = Q(pk__in=[])
            for code in sorted(wanted):
                q |= self.compare(contains=code)
            return q if operator == "is" else ~q
        q = Q(**{f"{self.path}__in": self._holding(wanted)})
        return q if operator == "is" else ~q

    def _holding(self, wanted: set[str]) -> list[str]:
        """The combinations that hold one of the wanted.

        Those that there are, where an index tells: of hundreds that no row has, each adds its guess to the planner's,
        and a choice of two rows among a million was taken for a frequent one.
        """
        fields = [tuple(index.fields[:2]) for index in self.resource.model._meta.indexes]
        if ("tenant_id", self.column) in fields:
            there = distinct_texts(self.resource.model, self.column)
            return [value for value in there if wanted & set(self._codes(value))]
        every = sorted(map(str, self.choices.values))
        return [
            ",".join(combination)
            for size in range(1, len(every) + 1)
            for combination in combinations(every, size)
            if wanted & set(combination)
        ]

    def filter_options(self, show: Show) -> Sequence[Option]:
        return self._labels.options()

    def filter_text(self, value: str, show: Show) -> str:
        return self._labels.of(value)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "enum": list(map(str, self.choices.values))}}

    @staticmethod
    def _codes(value: str | None) -> list[str]:
        return [code for code in (value or "").split(",") if code]


_YES = ("yes", "y", "true", "1", "on", "是", "有", "对", "√", "✓")
_NO = ("no", "n", "false", "0", "off", "否", "无", "没有", "不是", "错", "×", "✗")
_MEANT = {fold(word): True for word in _YES} | {fold(word): False for word in _NO}


def _yes() -> str:
    return pgettext("answer", "Yes")


def _no() -> str:
    return pgettext("answer", "No")


@dataclass(kw_only=True, eq=False)
class YesNo(Kind):
    """Yes, no, or not known yet; of a column that must hold one of the two, no as long as nobody says otherwise."""

    # Whether it may be left open.
    open_ended: bool = field(init=False, default=True)

    def bind(self, resource: type[Declared]) -> None:
        super().bind(resource)
        if self.computed is None:
            self.open_ended = bool(resource.model._meta.get_field(self.name).null)

    def clean(self, raw: object, actor: Actor) -> bool:
        if isinstance(raw, bool):
            return raw
        text = fold(as_text(raw, max_length=20))
        if text not in _MEANT:
            raise FieldProblem("yes_no", _("“%(value)s” is neither yes nor no."), value=text)
        return _MEANT[text]

    def blank(self) -> bool | None:
        return None if self.open_ended else False

    def is_blank(self, value: Any) -> bool:
        return value is None or value == self.blank()

    def said(self, value: Any, language: str) -> str:
        return _yes() if value else _no()

    def masked(self, record: Any, show: Show) -> str:
        return "" if self.value(record) is None else "***"

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        asked = self.open_ended and (not self.required or value in (None, ""))
        options = [Option(value="", label="")] if asked else []
        if not self.open_ended and value in (None, ""):
            value = False
        for code, label, meant in (("yes", _yes(), True), ("no", _no(), False)):
            options.append(Option(value=code, label=label, selected=value in (meant, code)))
        return super().editor("", show, kind="select", options=options, **more)

    def filter_options(self, show: Show) -> Sequence[Option]:
        return [Option(value="yes", label=_yes()), Option(value="no", label=_no())]

    def filter_text(self, value: str, show: Show) -> str:
        return {"yes": _yes(), "no": _no()}.get(value, value)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class CodeTable(Protocol):
    """A reference table of codes: regions, industries."""

    def label(self, code: str, language: str) -> str:
        """The code's name; the code itself where it is unknown."""
        ...

    def read(self, text: str) -> str:
        """The code a cell or a person means, "" where none or several would do."""
        ...

    def suggest(self, text: str, language: str) -> Sequence[Option]:
        """What a picker offers for what was typed."""
        ...

    def within(self, code: str) -> tuple[str, str] | None:
        """Lower bound and open upper bound of the code and all beneath it; None where there is no beneath."""
        ...


@dataclass(kw_only=True, eq=False)
class Coded(Kind):
    """A code of a reference table, found by typing; a filter takes all beneath a code."""

    table: CodeTable

    def clean(self, raw: object, actor: Actor) -> str:
        text = as_text(raw, max_length=200)
        code = self.table.read(text) if text else ""
        if text and not code:
            raise FieldProblem("code", _("“%(value)s” is not clear. Choose from the list."), value=text)
        return code

    def said(self, value: Any, language: str) -> str:
        return self.table.label(str(value), language)

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        options = []
        if value:
            options = [
                Option(value=str(value), label=self.table.label(str(value), show.language), selected=True)
            ]
        url = self.resource.url("options", field=self.name)
        return super().editor(value, show, kind="picker", options=options, url=url, **more)

    def condition(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        if operator not in ("is", "not"):
            return super().condition(operator, values, actor)
        q = Q()
        for value in values:
            code = self.clean(value, actor)
            bounds = self.table.within(code)
            if bounds is None:
                q |= Q(**{self.path: code})
            else:
                q |= Q(**{f"{self.path}__gte": bounds[0], f"{self.path}__lt": bounds[1]})
        return q if operator == "is" else ~q

    def filter_text(self, value: str, show: Show) -> str:
        return self.table.label(value, show.language)
