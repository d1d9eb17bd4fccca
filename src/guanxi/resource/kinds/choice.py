"""One of a list, several of a list, a code of a reference table."""

# Chinese in code: the separators that people type between several values

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar, Protocol

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.text import fold
from guanxi.resource.kinds.kind import FieldProblem, Kind, Show, as_text


class _Labels:
    """Folded labels and codes of a list, in every language, so that a cell may hold any of them."""

    def __init__(self, choices: type[models.TextChoices]) -> None:
        self._choices = choices
        self._found: dict[str, str] = {}

    def code(self, text: str) -> str | None:
        if not self._found:
            for language in ("zh-hans", "en"):
                with override(language):
                    for value, label in self._choices.choices:
                        self._found[fold(str(label))] = str(value)
            self._found |= {fold(str(value)): str(value) for value in self._choices.values}
        return self._found.get(fold(text))


@dataclass(kw_only=True, eq=False)
class Choice(Kind):
    """One of a declared list, kept as its code. `mark` draws it from its code and, with room, its word (a grade's
    square)."""

    choices: type[models.TextChoices]
    mark: Callable[..., str] | None = None

    def __post_init__(self) -> None:
        self._labels = _Labels(self.choices)

    def clean(self, raw: object, actor: Actor) -> str:
        text = as_text(raw, max_length=100)
        code = self._labels.code(text)
        if code is None and text:
            raise FieldProblem("choice", _("“%(value)s” is not in the list."), value=text)
        return code or ""

    def said(self, value: Any, language: str) -> str:
        return str(self.choices(value).label) if value in self.choices.values else str(value)

    def html(self, record: Any, show: Show) -> str:
        value = self.value(record)
        return self.mark(value) if self.mark and value else self.text(record, show)

    def fact(self, record: Any, show: Show) -> str:
        value = self.value(record)
        if not self.mark or not value:
            return self.html(record, show)
        return self.mark(value, self.said(value, show.language).removeprefix(value).strip())

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        options = [] if self.required else [Option(value="", label="")]
        options += [
            Option(value=str(code), label=str(label), selected=code == value)
            for code, label in self.choices.choices
        ]
        return super().editor(value, show, kind="select", options=options, **more)

    def filter_options(self, show: Show) -> Sequence[Option]:
        return [Option(value=str(code), label=str(label)) for code, label in self.choices.choices]

    def filter_text(self, value: str, show: Show) -> str:
        return str(self.choices(value).label) if value in self.choices.values else value

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": [*([] if self.required else [""]), *map(str, self.choices.values)]}


@dataclass(kw_only=True, eq=False)
class Choices(Kind):
    """Several of a declared list, kept sorted and joined by commas in one text column.

    A filter for one of them compares with every combination that holds it: equality of texts is what
    row-level security can use an index for, containment in an array is not. At most 10 choices.
    """

    choices: type[models.TextChoices]
    operators: ClassVar[tuple[str, ...]] = ("is", "not")

    def __post_init__(self) -> None:
        self._labels = _Labels(self.choices)
        if len(self.choices.values) > 10:
            raise ValueError("at most 10 choices: every combination that holds one is compared with")

    def clean(self, raw: object, actor: Actor) -> str:
        parts = (
            raw
            if isinstance(raw, list | tuple)
            else as_text(raw, max_length=400)
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
        known = set(self.choices.values)
        words = [str(self.choices(code).label) if code in known else code for code in self._codes(value)]
        return ("、" if language.startswith("zh") else ", ").join(words)

    def json(self, record: Any, show: Show) -> Any:
        return self._codes(self.value(record))

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        chosen = set(value if isinstance(value, list | tuple) else self._codes(value))
        options = [
            Option(value=str(code), label=str(label), selected=code in chosen)
            for code, label in self.choices.choices
        ]
        return super().editor("", show, kind="choices", options=options, **more)

    def condition(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        if operator not in self.operators:
            raise FieldProblem("operator", _("This cannot be compared that way."))
        wanted = {code for value in values for code in self._codes(self.clean(value, actor))}
        every = sorted(map(str, self.choices.values))
        hits = [
            ",".join(combination)
            for size in range(1, len(every) + 1)
            for combination in combinations(every, size)
            if wanted & set(combination)
        ]
        q = Q(**{f"{self.path}__in": hits})
        return q if operator == "is" else ~q

    def filter_options(self, show: Show) -> Sequence[Option]:
        return [Option(value=str(code), label=str(label)) for code, label in self.choices.choices]

    def filter_text(self, value: str, show: Show) -> str:
        return str(self.choices(value).label) if value in self.choices.values else value

    def json_schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "enum": list(map(str, self.choices.values))}}

    @staticmethod
    def _codes(value: str | None) -> list[str]:
        return [code for code in (value or "").split(",") if code]


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
