"""Kinds of fields that refer: to a member, to another record.

They stand above the doors, because a target is read through them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.phones import parse_phone
from guanxi.kernel.text import bare
from guanxi.kinds.kind import FieldProblem, Kind, Show, as_text
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.following import Follows
from guanxi.resource.reach import Either
from guanxi.resource.registry import find

ME = "me"
_MEMBER = "members"  # of what was looked up for a page


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(kw_only=True, eq=False)
class Link(Kind):
    """What member and record links share: stored as a uuid or None, shown by name."""

    operators: ClassVar[tuple[str, ...]] = ("is", "not", "empty", "filled")
    # Whether the API can show what it leads to: not where that may be of several resources.
    expands: ClassVar[bool] = True
    # Whether its text is the name of what it leads to and nothing else, so that an export needs no record for it.
    says_name: ClassVar[bool] = False

    def blank(self) -> Any:
        return None

    def lookups(self) -> tuple[str, ...]:
        return () if self.computed or self.own else (self.name,)

    def pack(self, value: Any) -> Any:
        return str(value) if value else None

    def unpack(self, value: Any) -> Any:
        return UUID(value) if isinstance(value, str) else value

    def json(self, record: Any, show: Show) -> Any:
        value = self.value(record)
        return str(value) if value else None

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"], "format": "uuid"}

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        options = []
        name = self.name_of(value, show) if value else ""
        if value and name:
            options = [Option(value=str(value), label=name, selected=True)]
        url = self.resource.url("options", field=self.name)
        return super().editor(value, show, kind="picker", options=options, url=url, **more)

    def name_of(self, value: Any, show: Show) -> str:
        raise NotImplementedError

    @property
    def leads_to(self) -> str:
        """What the links of several fields to the same kind of thing have in common."""
        return _MEMBER

    def referred(self, records: Collection[Any]) -> set[UUID]:
        """What these records refer to, and must be fetched."""
        return {UUID(str(value)) for record in records if (value := self.value(record)) is not None}

    def fetch(self, ids: Collection[UUID], show: Show) -> None:
        """Look these up for a whole page."""
        raise NotImplementedError

    def prefetch(self, records: Collection[Any], show: Show) -> None:
        super().prefetch(records, show)
        missing = {one for one in self.referred(records) if (self.leads_to, one) not in show.looked_up}
        if missing:
            self.fetch(missing, show)

    def logged(self, value: Any, language: str) -> str:
        return gettext("a record")

    def suggest(self, text: str, show: Show) -> Sequence[Option]:
        """What the picker offers for what was typed."""
        raise NotImplementedError

    def filter_text(self, value: str, show: Show) -> str:
        return self.name_of(value, show) or value


def _members_called(text: str) -> list[UUID]:
    """The company's people of this name or number; where there is none, of this sign-in name, e-mail or phone."""
    here = Member.objects.filter(left_on__isnull=True)
    found = list(here.filter(Q(name=text) | Q(number=text)).values_list("id", flat=True)[:2])
    if found or not text:
        return found
    if phone := parse_phone(text).e164:
        phones = here.values_list("id", "phone", "account__phone")
        found = [one for one, *told in phones if phone in {parse_phone(said).e164 for said in told if said}]
        if found:
            return found
    signed = Q(email__iexact=text) | Q(account__email=text.lower()) | Q(account__username=text.lower())
    return list(here.filter(signed).values_list("id", flat=True)[:2])


@dataclass(kw_only=True, eq=False)
class MemberLink(Link):
    """One of the company's people. "me" in a filter is whoever looks."""

    def clean(self, raw: object, actor: Actor) -> UUID | None:
        text = str(raw) if isinstance(raw, UUID) else as_text(raw, max_length=200)
        if text in (ME, "我"):  # Chinese in code: what a person writes in a cell
            return actor.member_id
        wanted = _uuid(text)
        if wanted is not None:
            if Member.objects.filter(id=wanted).exists():
                return wanted
            raise FieldProblem("member", _("There is no such person in the company."))
        found = _members_called(text)
        if len(found) != 1:
            raise FieldProblem("member", _("“%(value)s” is not one person of the company."), value=text)
        return found[0]

    def text(self, record: Any, show: Show) -> str:
        if self.own or self.computed:
            value = self.value(record)
            return self.name_of(value, show) if value else ""
        member = getattr(record, self.name)
        return member.name if member else ""

    def referred(self, records: Collection[Any]) -> set[UUID]:
        return super().referred(records) if self.own else set()  # a declared one is joined

    def fetch(self, ids: Collection[UUID], show: Show) -> None:
        names = Member.objects.filter(id__in=ids).values_list("id", "name")
        show.looked_up |= {(_MEMBER, member_id): name for member_id, name in names}

    def filter_options(self, show: Show) -> Sequence[Option]:
        return [Option(value=ME, label=gettext("me"))]

    def name_of(self, value: Any, show: Show) -> str:
        if str(value) == ME:
            return gettext("me")
        wanted = value if isinstance(value, UUID) else _uuid(str(value))
        if wanted and (_MEMBER, wanted) in show.looked_up:
            return str(show.looked_up[_MEMBER, wanted])
        member = Member.objects.filter(id=wanted).first() if wanted else None
        return member.name if member else ""

    def logged(self, value: Any, language: str) -> str:
        return str(Member.objects.filter(id=value).values_list("name", flat=True).first() or "")

    def suggest(self, text: str, show: Show) -> Sequence[Option]:
        rows = (
            Member.objects.filter(left_on__isnull=True)
            .select_related("department")
            .order_by("name_sort", "id")
        )
        wanted = bare(text)
        found = []
        for member in rows:
            spelled = member.name_sort.partition(" ")[0].replace("'", "")
            if wanted in bare(member.name) or spelled.startswith(wanted):
                found.append(
                    Option(
                        value=str(member.id),
                        label=member.name,
                        sub=member.department.name if member.department else "",
                    )
                )
            if len(found) >= 20:
                break
        return found


@dataclass(kw_only=True, eq=False)
class RecordLink(Link):
    """Another record, of the resource with key `to`. One the viewer may not see is not named.

    `by_words`: cells of a file are read by `clean` alone, for a list so short that it knows words of its own. What
    names no record stays as it was written in the text field `otherwise`.
    """

    to: str
    by_words: bool = False
    otherwise: str = ""

    @property
    def leads_to(self) -> str:
        return self.to

    def _target(self) -> type[Resource]:
        return find(self.to)

    def clean(self, raw: object, actor: Actor) -> UUID | None:
        text = str(raw) if isinstance(raw, UUID) else as_text(raw, max_length=200)
        target = self._target()
        wanted = _uuid(text)
        rows = self.eligible(actor)
        if wanted is not None:
            found = list(rows.filter(id=wanted).values_list("id", flat=True))
        else:
            meant = target.exact(text, access.closed(actor, target))
            found = list(rows.filter(meant).values_list("id", flat=True)[:2])
        if len(found) != 1:
            raise FieldProblem("record", _("“%(value)s” is not one record you can see."), value=text)
        return UUID(str(found[0]))

    def eligible(self, actor: Actor) -> QuerySet[Any]:
        """The records that the actor may refer to: those he sees; where the row will hang on one, those he may edit."""
        reach = getattr(self.resource, "reach", None)
        rules = reach.rules if isinstance(reach, Either) else (reach,)
        # What has rights of its own is seen with a record, but is no part of it.
        asks = getattr(self.resource, "asks", "")
        hangs = asks and any(isinstance(rule, Follows) and rule.by == self.name for rule in rules)
        return access.visible(actor, self._target(), "edit" if hangs else "view")

    def lookups(self) -> tuple[str, ...]:
        return ()

    def _seen(self, value: Any, show: Show) -> Any:
        key = (self.to, UUID(str(value)))
        if key not in show.looked_up:
            show.looked_up[key] = access.visible(show.actor, self._target()).filter(id=value).first()
        return show.looked_up[key]

    def text(self, record: Any, show: Show) -> str:
        value = self.value(record)
        return self.name_of(value, show) if value else ""

    def html(self, record: Any, show: Show) -> str:
        value = self.value(record)
        if not value:
            return ""
        seen = self._seen(value, show)
        if seen is None:
            return gettext("A record you cannot see")
        return format_html(
            '<a class="gx-lk" href="{}">{}</a>', self._target().url("card", id=seen.id), str(seen)
        )

    def name_of(self, value: Any, show: Show) -> str:
        wanted = _uuid(str(value))
        seen = self._seen(wanted, show) if wanted else None
        return str(seen) if seen is not None else ""

    def json(self, record: Any, show: Show) -> Any:
        value = self.value(record)
        return str(value) if value and self._seen(value, show) is not None else None

    def suggest(self, text: str, show: Show) -> Sequence[Option]:
        target = self._target()
        found = access.search(show.actor, target, text, limit=20)
        return [Option(value=str(hit.id), label=hit.title, sub=hit.detail) for hit in found]

    def fetch(self, ids: Collection[UUID], show: Show) -> None:
        seen = access.visible(show.actor, self._target()).in_bulk(list(ids))
        show.looked_up |= {(self.to, key): seen.get(key) for key in ids}

    def creating(self, show: Show) -> str:
        """Where a record to refer to is created on the spot; "" for whoever may not."""
        target = self._target()
        may = target.offers("create") and show.actor.may(target.permission("create"))
        return target.url("spot") if may else ""

    def editor(self, value: Any, show: Show, **more: Any) -> Field:
        return super().editor(value, show, create_url=self.creating(show), **more)


def look_up(kinds: Iterable[Kind], records: Collection[Any], show: Show) -> None:
    """Fetch for many records at once what showing these fields needs: records they refer to, computed values."""
    if not records:
        return
    fields = list(kinds)
    together: dict[str, tuple[Link, set[UUID]]] = {}
    for kind in fields:
        if isinstance(kind, Link) and kind.computed is None:
            together.setdefault(kind.leads_to, (kind, set()))[1].update(kind.referred(records))
    for link, ids in together.values():
        if missing := {one for one in ids if (link.leads_to, one) not in show.looked_up}:
            link.fetch(missing, show)
    for kind in fields:
        kind.prefetch(records, show)
