"""`expand=owner,parent`: beside a record what its links lead to, one statement for each link of a whole page."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.records import as_json, names_of, unknown_field
from guanxi.kernel.errors import Invalid, Message
from guanxi.kinds import Kind, Show
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.links import Link, MemberLink, RecordLink, look_up
from guanxi.resource.registry import find

_MOST = 10


class Expansion:
    """The links asked for. `load` before `of`; a link that leads nowhere, or to what one may not see, is null."""

    def __init__(self, actor: Actor, resource: type[Resource], text: str, show: Show) -> None:
        """Raises Invalid for a name that is no link of the caller's to see."""
        self.show = show
        self.links = _asked(actor, resource, text)
        self._members: dict[UUID, Member] = {}
        self._kinds: dict[str, list[Kind]] = {}

    def load(self, records: Collection[Any]) -> None:
        """Fetch what all of these records lead to."""
        wanted = {
            value
            for link in self.links
            if isinstance(link, MemberLink)
            for record in records
            if (value := _key(link, record)) is not None
        }
        if wanted:
            self._members = Member.objects.select_related("department").in_bulk(list(wanted))
        look_up(self.links, records, self.show)
        for link in self.links:
            if not isinstance(link, RecordLink):
                continue
            target = find(link.to)
            self._kinds[link.to] = kinds = access.readable(self.show.actor, target)
            keys = {_key(link, record) for record in records}
            seen = [found for key in keys if key and (found := self.show.looked_up.get((link.to, key)))]
            look_up(kinds, seen, self.show)

    def of(self, record: Any) -> dict[str, Any]:
        """What stands in `expanded` of a record."""
        return {link.name: self._leads_to(link, record) for link in self.links}

    def _leads_to(self, link: Link, record: Any) -> Any:
        key = _key(link, record)
        if key is None:
            return None
        if isinstance(link, RecordLink):
            found = self.show.looked_up.get((link.to, key))
            return None if found is None else as_json(self._kinds[link.to], found, self.show)
        member = self._members.get(key)
        return None if member is None else member_card(member)


def _key(link: Link, record: Any) -> UUID | None:
    value = link.value(record)
    return UUID(str(value)) if value else None


def member_card(member: Member) -> dict[str, Any]:
    """One of the company's people, as everybody in it may know them."""
    return {
        "id": str(member.id),
        "name": member.name,
        "department": member.department.name if member.department else "",
        "active": member.is_active,
    }


def _asked(actor: Actor, resource: type[Resource], text: str) -> Sequence[Link]:
    names = names_of(text)
    if len(names) > _MOST:
        raise Invalid({"expand": [Message("too_many", _("At most %(limit)s at once."), {"limit": _MOST})]})
    known = {
        kind.name: kind
        for kind in (access.readable(actor, resource) if names else ())
        if isinstance(kind, Link) and kind.expands and not access.is_masked(actor, kind)
    }
    for name in names:
        if name not in known:
            raise unknown_field("expand", name)
    return [known[name] for name in names]
