"""What is still to come, in lines that can be ticked off: on cards, on Today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from guanxi.activities.choices import ICONS, What
from guanxi.activities.models import Activity
from guanxi.activities.queries.attendance import attendance
from guanxi.activities.queries.subjects import named
from guanxi.foundation.permissions.web import listed
from guanxi.kinds.kind import Show, Words
from guanxi.resource import access
from guanxi.resource.registry import find, resource_of


@dataclass(frozen=True, slots=True)
class Line:
    """One planned activity, `at` None where nobody knows when. `late` where its day has passed, `today` where it is
    today's; `mine` whoever looks may change it."""

    id: UUID
    kind: str
    label: Words
    icon: str
    title: str
    url: str
    at: datetime | None
    late: bool
    today: bool
    customer: str
    customer_url: str
    about: str
    about_url: str
    whom: str
    owner: str
    mine: bool


def planned_lines(found: Sequence[Activity], show: Show, *, on: str = "") -> list[Line]:
    """Activities the caller has read through their door; `on` is the resource on whose card they stand."""
    reader, resource = show.actor, find("activities")
    open_names = {kind.name for kind in access.readable(reader, resource) if access.is_open(reader, kind)}
    attended = attendance(reader, [one.pk for one in found])
    customers = find("customers")
    wanted = {one.customer_id for one in found if one.customer_id}
    seen = {}
    if wanted and on != "customers" and "customer" in open_names:
        seen = access.visible(reader, customers).in_bulk(list(wanted))
    about = {one.about_id for one in found if one.about_id and one.about != on}
    subjects = named(reader, about) if "about_id" in open_names else {}
    within = reader.members_within(resource.permission("edit"))
    may = reader.may(resource.permission("edit"))
    today = timezone.localdate()
    lines = []
    for one in found:
        day = timezone.localtime(one.at).date()
        customer = seen.get(one.customer_id) if one.customer_id else None
        subject = subjects.get(one.about_id) if one.about_id else None
        title = one.subject if "subject" in open_names else ""
        people = attended[one.pk].names if one.pk in attended else []
        label = What(one.kind).label if one.kind in What.values else one.kind
        lines.append(
            Line(
                id=one.pk,
                kind=one.kind,
                label=label,
                icon=ICONS.get(one.kind, "list-check"),
                title=title or str(label),
                url=resource.url("card", id=one.pk),
                at=None if one.undated else one.at,
                late=day < today and not one.undated,
                today=day == today and not one.undated,
                customer=str(customer or ""),
                customer_url=customers.url("card", id=customer.pk) if customer else "",
                about=str(subject or ""),
                about_url=resource_of(subject).url("card", id=subject.pk) if subject else "",
                whom=listed(people),
                owner=one.owner.name if one.owner and one.owner_id != reader.member_id else "",
                mine=may and (within is None or one.owner_id in within),
            )
        )
    return lines
