"""Who is told of registrations: those who decide, those who collide, those whose protection ends; of them who is here
and sees the registration, by name of its customer who sees that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.notices.services import notify, wording
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor, members_who_may, superiors
from guanxi.kernel.errors import NotFound
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.team.choices import REVIEW, State
from guanxi.team.models import Registration, RunningOut
from guanxi.team.queries.registrations import rivals_of
from guanxi.team.rules.registration import WARNED

SUBMITTED, MANY = "team.registration.submitted", "team.registration.many"
COLLIDES, EXTENDED = "team.registration.collides", "team.registration.extended"
ACCEPTED, REFUSED = "team.registration.accepted", "team.registration.refused"
RUNS_OUT = "team.registration.runs_out"
_PART = 500


def register() -> None:
    """How the notices are worded. Called once at start-up."""
    wording(SUBMITTED, _("%(who)s registers %(line)s at %(customer)s. Please decide."))
    wording(MANY, _("%(who)s registers %(n)s deals. Please decide."))
    wording(COLLIDES, _("%(who)s registered %(line)s at %(customer)s as well. A manager decides."))
    wording(EXTENDED, _("%(who)s has extended %(line)s at %(customer)s to %(until)s: %(proof)s"))
    wording(ACCEPTED, _("Your registration of %(line)s at %(customer)s is in force until %(until)s."))
    wording(REFUSED, _("Your registration of %(line)s at %(customer)s is refused: %(why)s"))
    wording(RUNS_OUT, _("Your registration of %(line)s at %(customer)s is protected until %(until)s."))


@dataclass(frozen=True, slots=True)
class _Word:
    """What one member is to be told of one registration."""

    to: UUID | None
    kind: str
    one: Registration
    tone: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def tell_submitted(actor: Actor, made: Sequence[Registration], *, anew: bool = False) -> None:
    """Tell whoever decides of what was registered, and all concerned of each collision. `anew` says that it was
    registered before and is for something else now: only of collisions there is news."""
    if actor.is_system:
        return
    by_owner: dict[UUID, list[Registration]] = {}
    for one in made:
        if one.owner_id is not None and not anew:
            by_owner.setdefault(one.owner_id, []).append(one)
    above = superiors(by_owner)
    words: list[_Word] = []
    for owner, some in by_owner.items():
        to = [one for one in _deciders(above.get(owner), some) if one != actor.member_id]
        if len(some) == 1:
            words += [_Word(member, SUBMITTED, some[0], more={"who": _who(some[0])}) for member in to]
        else:
            url = f"{find('registrations').url()}?owner={owner}&state={State.SUBMITTED}"
            notify(to, MANY, url=url, who=_who(some[0]), n=len(some))
    by_id = {one.pk: one for one in made}
    for pk, others in rivals_of(made).items():
        one = by_id[pk]
        for other in others:
            words.append(_Word(other.owner_id, COLLIDES, other, "warn", {"who": _who(one)}))
            words.append(_Word(one.owner_id, COLLIDES, one, "warn", {"who": _who(other)}))
    _tell(words)


def _deciders(superior: Member | None, some: Sequence[Registration]) -> list[UUID]:
    """The superior of whoever registered them, where he may decide on all of them; else who may on anybody's."""
    if superior is not None:
        resource, ids = find("registrations"), [one.pk for one in some]
        may = access.visible(load_actor(superior.pk), resource, "review").filter(pk__among=ids)
        if may.count() == len(ids):
            return [superior.pk]
    return [one.pk for one in members_who_may(REVIEW)]


def tell_decided(actor: Actor, decided: Iterable[Registration], kind: str) -> None:
    """Tell those who registered them, unless they decided it themselves."""
    tone = "good" if kind == ACCEPTED else "warn"
    _tell(
        _Word(one.owner_id, kind, one, tone, {"until": _day(one.until), "why": one.reason})
        for one in decided
        if one.owner_id != actor.member_id
    )


def tell_extended(actor: Actor, extended: Iterable[Registration]) -> None:
    """Tell whoever decides that a protection was put off, and on what evidence."""
    rows = list(extended)
    above = superiors({one.owner_id for one in rows if one.owner_id})
    words = []
    for one in rows:
        superior = above.get(one.owner_id) if one.owner_id else None
        if superior is not None and superior.pk != actor.member_id:
            more = {"who": _who(one), "until": _day(one.until), "proof": one.progress}
            words.append(_Word(superior.pk, EXTENDED, one, more=more))
    _tell(words)


def tell_running_out(today: date) -> int:
    """Tell owners of what ends within a week, once for each last day, in the open scope. Returns of how many."""
    told = RunningOut.objects.filter(registration=OuterRef("pk"), until=OuterRef("until"))
    rows = Registration.objects.filter(
        ~Exists(told),
        state=State.IN_FORCE,
        owner__isnull=False,
        until__range=(today, today + timedelta(days=WARNED)),
    ).order_by("pk")
    count = 0
    while part := list(rows.select_for_update(skip_locked=True, of=("self",))[:_PART]):
        RunningOut.objects.bulk_create(
            RunningOut(registration=one.pk, until=one.until) for one in part if one.until
        )
        _tell(_Word(one.owner_id, RUNS_OUT, one, "warn", {"until": _day(one.until)}) for one in part)
        count += len(part)
    return count


def _tell(words: Iterable[_Word]) -> None:
    by_member: dict[UUID, list[_Word]] = {}
    for word in words:
        if word.to is not None:
            by_member.setdefault(word.to, []).append(word)
    resource, customers = find("registrations"), find("customers")
    for member, mine in by_member.items():
        try:
            actor = load_actor(member)
        except NotFound:
            continue  # who has left is told nothing
        rows = access.visible(actor, resource).filter(pk__in={word.one.pk for word in mine})
        seen = set(rows.values_list("pk", flat=True))
        known = access.visible(actor, customers).filter(pk__in={word.one.customer_id for word in mine})
        names = dict(known.values_list("pk", "name"))
        for word in mine:
            if word.one.pk in seen:
                params = {
                    "line": word.one.line,
                    "customer": names.get(word.one.customer_id, "—"),
                    **word.more,
                }
                notify(
                    [member], word.kind, url=resource.url("card", id=word.one.pk), tone=word.tone, **params
                )


def _who(one: Registration) -> str:
    return one.owner.name if one.owner else "—"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
