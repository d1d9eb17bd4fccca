"""Scopes: which of its member's rights a token may use, area by area.

A scope is "area:read" or "area:write"; writing includes reading. An area is a resource, or whatever else has
permission codes of its own. What belongs to no area (people, roles, settings) a limited token never reaches.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions import codes as permission_codes
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource.registry import places

READ, WRITE = "read", "write"
LOOKING = frozenset(("view", "export"))  # verbs of a token that only reads
_HISTORY = "ledger.operation"
_CLOSED = frozenset(
    ("accounts", "permissions")
)  # contexts of people and rights, which only a token without limits reaches


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the product that a token can be limited to; `prefix` begins its permission codes."""

    key: str
    label: permission_codes.Text
    prefix: str


def areas() -> list[Area]:
    """Every area: resources first, then what stands beside them, then the change log."""
    found = {resource.code: Area(resource.key, resource.label_plural, resource.code) for resource in places()}
    for code in permission_codes.all_codes():
        prefix = _prefix(code.key)
        closed = code.group == permission_codes.SYSTEM or prefix.partition(".")[0] in _CLOSED
        if prefix not in found and not closed:
            found[prefix] = Area(prefix, code.group, prefix)
    found[_HISTORY] = Area("operations", _("Change log and undo"), _HISTORY)
    return list(found.values())


def known(scopes: Collection[str]) -> bool:
    """Whether each of them is a scope there is."""
    possible = {f"{area.key}:{way}" for area in areas() for way in (READ, WRITE)}
    return all(scope in possible for scope in scopes)


def read(text: str) -> frozenset[str] | None:
    """The scopes of a token as it is kept; None where it is not limited."""
    return frozenset(text.replace(",", " ").split()) or None


def write(scopes: Collection[str]) -> str:
    """What `read` reads."""
    return " ".join(sorted(set(scopes)))


def may_write(scopes: Collection[str]) -> bool:
    """Whether any of them lets something be changed."""
    return any(scope.endswith(f":{WRITE}") for scope in scopes)


def narrowed(actor: Actor, *, may_write: bool, scopes: frozenset[str] | None) -> Actor:
    """The actor with fewer rights: those that only look, those of some areas, or both."""
    if may_write and scopes is None:
        return actor
    keys = {area.prefix: area.key for area in areas()} if scopes is not None else {}

    def is_held(code: str) -> bool:
        looks = code.rpartition(".")[2] in LOOKING
        if scopes is None:
            return looks
        # A single permission code is how tokens were limited before there were areas.
        if code in scopes:
            return looks or may_write
        key = keys.get(_prefix(code))
        return key is not None and (f"{key}:{WRITE}" in scopes or (looks and f"{key}:{READ}" in scopes))

    return replace(actor, grants={code: reach for code, reach in actor.grants.items() if is_held(code)})


def _prefix(code: str) -> str:
    return code.rpartition(".")[0]
