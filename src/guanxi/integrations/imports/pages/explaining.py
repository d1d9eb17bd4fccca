"""On the page of the preview: beside every value that cannot be read, the field to say what it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from guanxi.foundation.design import shapes
from guanxi.integrations.imports.fresh import Fresh
from guanxi.integrations.imports.heads import Target
from guanxi.integrations.imports.mapping import Mapping as Columns
from guanxi.integrations.imports.meanings import Meanings
from guanxi.kinds import Choice, Coded, FieldProblem, Kind, Show
from guanxi.resource.links import Link, RecordLink

_LONGEST = 200  # of a value that is explained; longer ones are texts, and no text is unreadable


@dataclass(frozen=True, slots=True)
class Explained:
    """A value of a column and the control that says what it means."""

    column: str
    value: str
    field: shapes.Field

    @property
    def number(self) -> str:
        """What it is known by on its page."""
        return self.field.name.removeprefix("means-")


class Explaining:
    """Draws the controls of one page; each has a number that its column and value are known by when it is sent."""

    def __init__(self, columns: Columns | None, targets: Mapping[str, Target], show: Show) -> None:
        self._targets = (
            {c.header: targets.get(c.field) for c in columns.columns if c.field} if columns else {}
        )
        self._show = show
        self._drawn = 0

    def said(self, meanings: Meanings) -> list[Explained]:
        """What has been said."""
        found = []
        for header, words in meanings.items():
            for value, meant in words.items():
                if (field := self._field(header, meant)) is not None:
                    found.append(Explained(header, value, field))
        return found

    def asked(self, remarks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Remarks of a preview, those with an `explained` that somebody can say the meaning of."""
        found = []
        for remark in remarks:
            header, value = remark["column"], remark["value"]
            field = self._field(header, "") if value and len(value) < _LONGEST else None
            explained = Explained(header, value, field) if field is not None else None
            found.append({**remark, "explained": explained})
        return found

    def _field(self, header: str, meant: str) -> shapes.Field | None:
        target = self._targets.get(header)
        if not isinstance(target, Kind | Fresh) or (isinstance(target, Link) and not _is_short(target)):
            return None
        self._drawn += 1
        name = f"means-{self._drawn}"
        if isinstance(target, Choice | Coded | RecordLink):
            drawn = target.editor(self._stored(target, meant), self._show)
            return replace(drawn, name=name, required=False, hint="", wide=False, label=gettext("It means"))
        return shapes.Field(name=name, label=gettext("It means"), kind="text", value=meant)

    def _stored(self, kind: Kind, meant: str) -> Any:
        try:
            return kind.clean(meant, self._show.actor) if meant else kind.blank()
        except FieldProblem:
            return kind.blank()


def _is_short(link: Link) -> bool:
    return isinstance(link, RecordLink) and link.by_words


def told(posted: QueryDict, before: Meanings) -> dict[str, dict[str, str]]:
    """Meanings by head as a page sends them back: what it showed with a word or without one, and what it did not show
    as `before`."""
    found = {header: dict(words) for header, words in before.items()}
    for key in posted:
        number = key.removeprefix("means-")
        header, value = str(posted.get(f"of-{number}", "")), str(posted.get(f"value-{number}", ""))
        if not (number.isdecimal() and header and value):
            continue
        if meant := str(posted[key]).strip():
            found.setdefault(header, {})[value] = meant
        else:
            found.get(header, {}).pop(value, None)
    return {header: words for header, words in found.items() if words}
