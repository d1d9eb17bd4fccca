"""Collisions where they stand: on the card of a registration, and on that of the customer."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guanxi.customers.reference import regions
from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.design.words import calendar_day
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import listed
from guanxi.kinds.kind import Show, Words
from guanxi.resource import access, acting
from guanxi.resource.contributions import Content
from guanxi.resource.registry import find
from guanxi.team.choices import State
from guanxi.team.models import Registration
from guanxi.team.queries.registrations import keeps_out, lives, living_of, rivals, rivals_of
from guanxi.team.rules.registration import WARNED

KEY = "registrations"


def collides(record: Registration) -> bool:
    """Whether there is a collision to settle."""
    return bool(rivals(record))


def others_of(actor: Actor, record: Registration, show: Show) -> Content:
    """Who else registered the same: since when, which line and region. The way to theirs is for whoever sees them;
    nobody else learns their project, evidence or reason. Who decides on them has both sides here, and who answers for
    the customer."""
    found = rivals(record)
    seen, decided = _seen(actor, found), _seen(actor, [record, *found], "review")
    rows = [_row(one, one.pk in seen, one.pk in decided) for one in found]
    if record.pk in decided and lives(record):
        rows.insert(0, _answers(actor, record))
    return Content(rows=rows, count=len(found), empty=_("Nobody else registered the same."))


def _answers(actor: Actor, record: Registration) -> PanelRow:
    owner = record.customer.owner
    seen = access.visible(actor, find("customers")).filter(pk=record.customer_id).exists()
    return PanelRow(
        title=owner.name if owner else gettext("Nobody"),
        url=find("customers").url("card", id=record.customer_id) if seen else "",
        sub=gettext("answers for the customer"),
    )


def decision_buttons(actor: Actor, record: Registration, show: Show) -> str:
    """On the card, for whoever decides: to settle the collision, else to accept; and to refuse."""
    offered = {one.key: one.label for one in acting.offered(actor, find(KEY), record)}
    first = "settle" if "settle" in offered else "accept"
    drawn = []
    for key in (first, "refuse"):
        if key in offered:
            shape = _ASKS if key != "accept" else _PRESSED
            tone = " btn-primary" if key == first else ""
            drawn.append((shape, find(KEY).url("act", id=record.pk, key=key), tone, offered[key]))
    return format_html_join("", "{}", ((format_html(shape, *said),) for shape, *said in drawn))


_ASKS = '<a class="btn btn-sm{1}" href="{0}">{2}</a>'
_PRESSED = (
    '<a class="btn btn-sm{1}" href="{0}" hx-post="{0}" hx-swap="none" hx-select="unset" hx-select-oob="unset" '
    'role="button">{2}</a>'
)


def _seen(actor: Actor, found: Sequence[Registration], verb: str = "view") -> set[Any]:
    if not found or not actor.may(find(KEY).permission(verb)):
        return set()
    rows = access.visible(actor, find(KEY), verb).filter(pk__in=[one.pk for one in found])
    return set(rows.values_list("pk", flat=True))


def _row(one: Registration, seen: bool, decides: bool) -> PanelRow:
    said = [one.line, regions.label(one.region, get_language() or "zh-hans") if one.region else ""]
    return PanelRow(
        title=_name(one),
        url=find(KEY).url("card", id=one.pk) if seen else "",
        sub=" · ".join(text for text in said if text),
        more=" · ".join(text for text in (one.project, one.evidence) if text) if decides else "",
        end=calendar_day(timezone.localdate(one.created_at), timezone.localdate()),
        end_sub=str((State.IN_FORCE if keeps_out(one) else State.SUBMITTED).label),
    )


def _name(one: Registration) -> str:
    return one.owner.name if one.owner else "—"


def collision(actor: Actor, record: Registration, show: Show) -> tuple[str, Words, str] | None:
    """At the head of the card: that another registered the same."""
    found = rivals(record)
    if not found:
        return None
    names = listed(dict.fromkeys(_name(one) for one in found))
    if record.state == State.SUBMITTED and any(keeps_out(one) for one in found):
        said = gettext("%(who)s holds the same, in force. It cannot be accepted unless a manager settles it.")
    else:
        said = gettext("%(who)s registered the same. A manager decides.")
    return "bad", said % {"who": names}, ""


def ending(actor: Actor, record: Registration, show: Show) -> tuple[str, Words, str] | None:
    """At the head of the card: that its protection ends soon, or has ended."""
    if record.state != State.IN_FORCE or record.until is None:
        return None
    days = (record.until - timezone.localdate()).days
    if days < 0:
        day = calendar_day(record.until, timezone.localdate())
        return "warn", gettext("Its protection ended on %(day)s.") % {"day": day}, ""
    if days > WARNED:
        return None
    if not days:
        return "warn", gettext("Its protection ends today."), ""
    said = ngettext("Its protection ends in %(n)s day.", "Its protection ends in %(n)s days.", days)
    return "warn", said % {"n": days}, ""


def at_customer(actor: Actor, record: Any, show: Show) -> tuple[str, Words, str] | None:
    """At the head of a customer's card: who collides there, for whoever sees one of them."""
    resource = find(KEY)
    if not actor.may(resource.permission("view")):
        return None
    there = list(living_of([record.pk]))
    found = rivals_of(there) if len(there) > 1 else {}
    seen = _seen(actor, [one for one in there if one.pk in found])
    mine = next((one for one in there if one.pk in seen), None)
    if mine is None:
        return None
    names = listed(dict.fromkeys(_name(one) for one in (mine, *found[mine.pk])))
    said = gettext("%(who)s registered the same: %(line)s.") % {"who": names, "line": mine.line}
    return "bad", said, resource.url("card", id=mine.pk)
