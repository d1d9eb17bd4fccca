"""What Today says of reports: one's own where it is time for it, and those that wait to be read."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from guanxi.activities.queries.inviting import Invitation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import listed, url_of
from guanxi.reports.choices import CREATE, VIEW, Period
from guanxi.reports.models import Report
from guanxi.reports.queries.people import due_of
from guanxi.reports.queries.reading import MOST, unread
from guanxi.reports.queries.sections import key_labels, written, zone
from guanxi.resource.registry import find

_FROM = 16  # the hour from which the day is coming to its end
_SOON = timedelta(hours=2)
_USED = timedelta(days=14)
_SHOWN = ("touches.effective", "customers.new", "promises.kept")


def to_write(actor: Actor) -> Invitation | None:
    """Today's report, from four o'clock or two hours before it is due, to whoever owes one or has lately sent one, and
    has not sent it."""
    if actor.member_id is None or not actor.may(CREATE):
        return None
    now = timezone.localtime(timezone.now(), zone())
    today = now.date()
    lately = Report.objects.filter(
        member_id=actor.member_id, period=Period.DAY, sent_at__isnull=False, first__gte=today - _USED
    ).values_list("first", flat=True)
    days = set(lately)
    if today in days:
        return None
    due = due_of(actor.member_id, Period.DAY, today)
    if due is None and not days:
        return None
    if now.hour < _FROM and not (due is not None and due - now <= _SOON):
        return None
    labels = {code: label for code, label, _tone in key_labels()}
    counts = {
        one["code"]: one["count"]
        for part in written(actor, actor.member_id, Period.DAY, today, only=_SHOWN)
        for one in part["figures"]
    }
    said = listed(
        pgettext("report", "%(label)s %(n)s") % {"label": labels[code], "n": counts[code]}
        for code in _SHOWN
        if code in counts and code in labels
    )
    words = _("Write today’s report: %(figures)s") % {"figures": said} if said else _("Write today’s report")
    late = due is not None and now > due
    return Invitation("file-text", words, url_of("report_write"), "bad" if late else "")


def to_read(actor: Actor) -> Invitation | None:
    """Reports that wait to be read."""
    if not actor.may(VIEW) or not (waiting := unread(actor)):
        return None
    count = len(waiting)
    words = ngettext("%(n)s report to read", "%(n)s reports to read", count) % {
        "n": f"{count}+" if count == MOST else count
    }
    return Invitation("file-text", words, f"{find('reports').url()}?to_me=unread")
