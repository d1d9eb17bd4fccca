"""Values that only one record may have: of rows that would repeat one, the first keeps it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.integrations.imports.verdicts import Remark, Verdict
from guanxi.kernel.errors import Message
from guanxi.resource import own
from guanxi.resource.declaration import Resource
from guanxi.resource.kinds import Kind


class Soles:
    """Looks through the verdicts of a file, batch by batch, for values of unique fields that are not free."""

    def __init__(self, resource: type[Resource], headers: Mapping[str, str]) -> None:
        self._headers = headers
        self._kinds = [kind for kind in resource.fields().values() if kind.own and kind.own.unique]
        self._used: dict[str, set[Any]] = {kind.name: set() for kind in self._kinds}

    def check(self, verdicts: Sequence[Verdict]) -> None:
        """A value that is not free is left out with a remark; where it must be there, its row is rejected."""
        for kind in self._kinds:
            wanted = {self._value(kind, verdict) for verdict in verdicts} - {None}
            if not wanted:
                continue
            taken, used = set(own.tailor().taken(kind, wanted)), self._used[kind.name]
            for verdict in verdicts:
                value = self._value(kind, verdict)
                if value is None:
                    continue
                if value in taken or value in used:
                    self._leave_out(kind, verdict, value)
                else:
                    used.add(value)

    def _value(self, kind: Kind, verdict: Verdict) -> Any:
        held = {"create": verdict.candidate.values, "update": verdict.changes}.get(verdict.action, {})
        value = held.get(kind.column)
        return None if kind.is_blank(value) else value

    def _leave_out(self, kind: Kind, verdict: Verdict, value: Any) -> None:
        candidate = verdict.candidate
        reason = Message("taken", _("Another record has this already."))
        said = kind.said(value, "zh-hans")[:200]
        remark = Remark(candidate.line, self._headers.get(kind.name, ""), said, reason)
        if verdict.action == "update":
            del verdict.changes[kind.column]
            verdict.action = "update" if verdict.changes else "skip"
            candidate.warnings.append(remark)
        elif kind.required:
            candidate.problems.append(remark)
            verdict.action, verdict.reason = "reject", reason
        else:
            del candidate.values[kind.column]
            if candidate.prepared is not None:
                candidate.prepared.pop(kind.column, None)
                candidate.prepared["own"].pop(kind.column, None)
            candidate.warnings.append(remark)
