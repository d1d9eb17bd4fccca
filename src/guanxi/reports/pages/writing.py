"""Writing a report: the system's text as it stands now, the sentence, the receivers, sending."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.shapes import Field, Option, Tab
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import Draft, actor_of, tell, url_of, uuid_of
from guanxi.kernel.dates import parse_date
from guanxi.kernel.errors import Invalid, Malformed, Refused
from guanxi.kernel.text import bare, clean_text
from guanxi.kinds import Show
from guanxi.reports.choices import Period
from guanxi.reports.models import Report
from guanxi.reports.queries.people import due_of, receivers_proposed
from guanxi.reports.queries.sections import drawn, written
from guanxi.reports.rules import first_of
from guanxi.reports.services.reports import send_report
from guanxi.resource.registry import find

_OFFERED = 20


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """One's report of a day or a week (`period`, `first`; today's without). A POST sends it."""
    actor = actor_of(request)
    resource = find("reports")
    actor.require(resource.permission("create"))
    given = request.POST if request.method == "POST" else request.GET
    period = given.get("period", "") if given.get("period") in Period.values else Period.DAY.value
    draft = Draft({"sentence": clean_text(given.get("sentence", ""), multiline=True)})
    first, status = _day(period, given.get("first", "")), 200
    if request.method == "POST":
        try:
            made = send_report(
                actor,
                period=period,
                first=first,
                sentence=draft.values["sentence"],
                receivers=_posted_receivers(request),
            )
        except (Invalid, Refused) as error:
            draft.blame(error)
            status = 422
        else:
            tell(request, _("%(what)s sent") % {"what": made}, undo=last_operation_id())
            return HttpResponseRedirect(f"{resource.url('card', id=made.pk)}?saved={_key(made)}")
    context = _context(actor, period, first, draft, request)
    return render(request, "reports/write.html", context, status=status)


def _key(report: Report) -> str:
    return f"-{report.period}-{report.first.isoformat()}"


def _day(period: str, text: str) -> date:
    today = timezone.localdate()
    try:
        day = parse_date(text) if text else None
    except Malformed:
        day = None
    return first_of(period, day if day is not None and date(2000, 1, 1) <= day <= today else today)


def _posted_receivers(request: HttpRequest) -> set[UUID] | None:
    """None where the form did not ask: then those of the last report hold."""
    if "receivers__here" not in request.POST:
        return None
    return {pk for text in request.POST.getlist("receivers") if (pk := uuid_of(text)) is not None}


def _context(actor: Actor, period: str, first: date, draft: Draft, request: HttpRequest) -> dict[str, Any]:
    assert actor.member_id is not None  # noqa: S101  only members write
    standing = Report.objects.filter(member_id=actor.member_id, period=period, first=first).first()
    show = Show(actor=actor, language=get_language() or "zh-hans")
    if request.method == "GET" and standing is not None and not draft.values["sentence"]:
        draft = Draft({"sentence": standing.sentence})
    unsaved = standing or Report(period=period, first=first)
    sent = standing is not None and standing.sent_at is not None
    due = due_of(actor.member_id, period, first)
    return {
        "report": unsaved,
        "sent": sent,
        "card_url": find("reports").url("card", id=unsaved.pk) if sent else "",
        "sections": [] if sent else drawn(written(actor, actor.member_id, period, first), show),
        "tabs": [
            Tab(label=str(label), url=f"?period={value}", current=value == period) for value, label in Period.choices
        ],
        "period": period,
        "first": first.isoformat(),
        "before": _beside(period, first, -1),
        "after": _beside(period, first, 1),
        "due": due,
        "late": due is not None and timezone.now() > due,
        "sentence": draft.field(
            "sentence", _("In a sentence"), "textarea", wide=True, rows=4, maxlength=2000,
            placeholder=_("What the figures do not say: what went well, what you need."),
        ),
        "receivers": _receivers(actor, period, draft, request),
        "draft": f"reports-new-{period}-{first.isoformat()}",
        "overall": draft.overall + tuple(draft.errors.get("first", ())),
        "active": "reports",
    }  # fmt: skip


def _beside(period: str, first: date, step: int) -> str:
    """The address of the report before or after; "" for one that is still to come."""
    day = first + timedelta(days=step * (7 if period == Period.WEEK else 1))
    return "" if day > timezone.localdate() else f"?period={period}&first={day.isoformat()}"


def _receivers(actor: Actor, period: str, draft: Draft, request: HttpRequest) -> Field:
    assert actor.member_id is not None  # noqa: S101  only members write
    if request.method == "POST" and "receivers__here" in request.POST:
        wanted = [pk for text in request.POST.getlist("receivers") if (pk := uuid_of(text)) is not None]
        chosen = list(Member.objects.filter(pk__in=wanted).order_by("name_sort", "id"))
    else:
        chosen = receivers_proposed(actor.member_id, period)
    return Field(
        name="receivers",
        label=_("Receivers"),
        kind="picker",
        multiple=True,
        options=[Option(value=str(one.pk), label=one.name, selected=True) for one in chosen],
        url=url_of("report_people"),
        placeholder=_("Type to search"),
        errors=draft.errors.get("receivers", ()),
        wide=True,
    )


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Whom a report can be sent to, as a picker's answer."""
    actor = actor_of(request)
    actor.require(find("reports").permission("create"))
    wanted = bare(clean_text(request.GET.get("q", ""))[:100])
    rows = Member.objects.filter(left_on__isnull=True).select_related("department")
    found = [
        Option(value=str(one.pk), label=one.name, sub=one.department.name if one.department else "")
        for one in rows.order_by("name_sort", "id")
        if one.pk != actor.member_id
        and (wanted in bare(one.name) or one.name_sort.replace("'", "").startswith(wanted))
    ]
    return render(request, "screens/options.html", {"options": found[:_OFFERED]})
