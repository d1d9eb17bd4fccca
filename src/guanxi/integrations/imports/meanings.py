"""What values mean that nothing here can read: said once by whoever knows, for every row and the next file alike."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.mapping import signature_of
from guanxi.integrations.models import ColumnMemory
from guanxi.kernel.errors import Invalid, Message
from guanxi.kernel.text import fold
from guanxi.kinds import FieldProblem, Kind
from guanxi.resource.declaration import Resource

# By head what a cell says, and the text that is read in its place.
Meanings = Mapping[str, Mapping[str, str]]


def is_meanings(found: object) -> TypeGuard[dict[str, dict[str, str]]]:
    """Whether something out of a JSON is meanings."""
    return isinstance(found, dict) and all(
        isinstance(said, dict) and all(isinstance(text, str) for text in said.values())
        for said in found.values()
    )


def by_column(meanings: Meanings, headers: Sequence[str]) -> dict[int, Mapping[str, str]]:
    """Meanings by the index of their column; those of columns that the file does not have are left out."""
    return {at: meanings[header] for at, header in enumerate(headers) if meanings.get(header)}


def read(kind: Kind, header: str, meanings: Mapping[str, str], actor: Actor) -> dict[str, Any]:
    """Cells and the stored values that are meant. Raises Invalid beside the head for a meaning that the field does not
    take either."""
    found: dict[str, Any] = {}
    problems: list[Message] = []
    for text, meant in meanings.items():
        try:
            found[text] = kind.clean(meant, actor)
        except FieldProblem as problem:
            said = {"value": text, "meant": meant, "reason": problem.message}
            problems.append(Message("meaning", _("“%(value)s” cannot mean “%(meant)s”: %(reason)s"), said))
    if problems:
        raise Invalid({header: problems})
    return found


def recalled(resource: type[Resource], headers: Sequence[str]) -> dict[str, dict[str, str]]:
    """What values under such a head meant the last time."""
    kept = ColumnMemory.objects.filter(resource=resource.key, signature=signature_of(headers)).first()
    then = {fold(header): meant for header, meant in kept.meanings.items()} if kept is not None else {}
    return {header: then[fold(header)] for header in headers if then.get(fold(header))}
