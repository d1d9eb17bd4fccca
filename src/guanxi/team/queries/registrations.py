"""Registrations beside each other: which are for the same deal, who is kept out by which."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from guanxi.customers.reference import regions
from guanxi.foundation.tenancy.models import company
from guanxi.kernel.text import fold
from guanxi.team.choices import PROTECTION, State
from guanxi.team.models import Registration
from guanxi.team.rules.registration import PROTECTED, Subject, is_living, is_protected, overlap, stem

_RIVALS = "_rivals"  # on a record: those that were looked up for it


def days_protected() -> int:
    """How long an accepted one is protected in this company."""
    days: int = company().settings.get(PROTECTION, PROTECTED)
    return days


def line_key(line: str) -> str:
    """A product line as it is compared; what is punctuation alone by itself."""
    return (fold(line) or line)[:300]


def project_key(project: str) -> str:
    """A project as it is compared."""
    return (fold(project) or project)[:600]


def region_stem(code: str) -> str:
    """A region as it is compared, by today's code."""
    return stem(regions.current(code) or code) if code else ""


def subject_of(one: Registration) -> Subject:
    """What one is for, also where it is not saved yet."""
    return Subject(one.customer_id, line_key(one.line), region_stem(one.region), project_key(one.project))


def protected(today: date) -> Q:
    """Those that keep others out."""
    return Q(state=State.IN_FORCE, until__gte=today)


def living(today: date) -> Q:
    """Those that wait for a decision or are protected."""
    return Q(state=State.SUBMITTED) | protected(today)


def lives(one: Registration) -> bool:
    """Whether one waits for a decision or is protected."""
    return is_living(one.state, one.until, timezone.localdate())


def keeps_out(one: Registration) -> bool:
    """Whether one is protected today."""
    return is_protected(one.state, one.until, timezone.localdate())


def living_of(customers: Collection[UUID]) -> QuerySet[Registration]:
    """The living ones of some customers, the oldest first, with those who registered them."""
    rows = Registration.objects.filter(living(timezone.localdate()), customer_id__in=list(customers))
    return rows.select_related("owner").order_by("created_at", "pk")


def beside(one: Registration, others: Iterable[Registration]) -> list[Registration]:
    """Of others those for the same deal."""
    mine = subject_of(one)
    return [other for other in others if other.pk != one.pk and overlap(mine, subject_of(other))]


def rivals(one: Registration) -> list[Registration]:
    """Living ones of others for the same deal; none where it does not live itself. Looked up once for a record."""
    known: list[Registration] | None = vars(one).get(_RIVALS)
    return rivals_of([one]).get(one.pk, []) if known is None else known


def rivals_of(records: Sequence[Registration]) -> dict[UUID, list[Registration]]:
    """`rivals` of many, in one question; those that have any."""
    alive = [one for one in records if lives(one)]
    there: dict[UUID, list[Registration]] = {}
    for other in living_of({one.customer_id for one in alive}) if alive else ():
        there.setdefault(other.customer_id, []).append(other)
    for one in records:
        found = beside(one, there.get(one.customer_id, ())) if lives(one) else []
        vars(one)[_RIVALS] = [other for other in found if other.owner_id != one.owner_id]
    return {one.pk: vars(one)[_RIVALS] for one in records if vars(one)[_RIVALS]}


def colliding() -> Q:
    """Those of which `rivals` finds any, in SQL."""
    today = timezone.localdate()
    text, nobody = CharField(), Value(UUID(int=0))
    there = (
        Registration.objects.filter(
            living(today), customer_id=OuterRef("customer_id"), line_key=OuterRef("line_key")
        )
        .exclude(pk=OuterRef("pk"))
        .alias(
            stem_there=ExpressionWrapper(OuterRef("region_stem"), output_field=text),
            project_there=ExpressionWrapper(OuterRef("project_key"), output_field=text),
            whose=Coalesce(F("owner_id"), nobody),
            whose_there=Coalesce(OuterRef("owner_id"), nobody),
        )
        .filter(
            Q(region_stem__startswith=F("stem_there")) | Q(stem_there__startswith=F("region_stem")),
            Q(project_key="") | Q(project_there="") | Q(project_key=F("project_there")),
            ~Q(whose=F("whose_there")),
        )
    )
    return living(today) & Q(Exists(there))
