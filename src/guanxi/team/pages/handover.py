"""Handing over: what somebody holds, how it is split, who got what, and that it was accepted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import may_undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import holds_of_member
from guanxi.foundation.permissions.services.integrity import may_act_for
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import actor_of, tell, url_of, uuid_of
from guanxi.foundation.tenancy.models import company
from guanxi.kernel.errors import Forbidden, Invalid, Message, NotFound, Refused
from guanxi.resource import access
from guanxi.resource.guards import codes_of
from guanxi.resource.registry import find
from guanxi.screens.acts import accepting
from guanxi.team.choices import RUN
from guanxi.team.jobs import hand_over_later
from guanxi.team.models import Handover
from guanxi.team.queries.handovers import Got, find_handover, operation_of, seen, shares_of_handover
from guanxi.team.queries.held import CUSTOMERS, held_by, split_of, successors_of
from guanxi.team.queries.letters import PLACES, letter, written
from guanxi.team.rules import Plan
from guanxi.team.services.handover import accept, check_plan, decline, hand_over, may_hand_over, splits
from guanxi.team.services.letters import MOST, change_letter

AT_ONCE = 500  # records that a request hands over itself
_BY_HAND = 200  # customers that are offered one by one
_LISTED = 50


@dataclass(frozen=True, slots=True)
class Part:
    """Customers of one kind, and who takes them over."""

    value: str
    label: str
    count: int
    field: Field


def _leaver(actor: Actor, member_id: UUID) -> Member:
    actor.require(RUN)
    found = Member.objects.filter(pk=member_id).select_related("department").first()
    if found is None or not may_hand_over(actor, member_id):
        raise NotFound("member_not_found", {})
    return found


@require_GET
def handovers(request: HttpRequest) -> HttpResponse:
    """Those one may know of, the last first, and whose things are to be handed over next."""
    actor = actor_of(request)
    rows = seen(actor).select_related("member", "by").prefetch_related("shares__successor")
    context = {
        "rows": [(one, list(one.shares.all())) for one in rows.order_by("-created_at", "-id")[:_LISTED]],
        "may": actor.may(RUN),
        "whose": _picker("member", _("Who hands over"), None),
        "letter": letter() if actor.may(RUN) else "",
        "most": MOST,
        "places": ", ".join(f"{{{place}}}" for place in PLACES),
        "tabs": settings_tabs(actor, "handovers"),
        "active": "settings",
    }
    return render(request, "team/handovers.html", context)


@require_POST
def letter_change(request: HttpRequest) -> HttpResponse:
    """Keep the company's own letter."""
    change_letter(actor_of(request), request.POST.get("letter", ""))
    tell(request, _("Saved"))
    return HttpResponseRedirect(reverse("handovers"))


@require_GET
def handover_of(request: HttpRequest) -> HttpResponse:
    """To the page of the person that was picked."""
    member = uuid_of(request.GET.get("member"))
    return HttpResponseRedirect(reverse("handover", args=[member]) if member else reverse("handovers"))


@accepting
@require_http_methods(["GET", "POST"])
def handover(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """What somebody holds and who shall take it over; a POST shows the split (`show`) or does it (`do`)."""
    actor = actor_of(request)
    leaver = _leaver(actor, member_id)
    posted = request.POST
    by = posted.get("by", request.GET.get("by", ""))
    by = by if by in splits(actor) else ""
    problems, warned, plan = list[str](), "", None
    if request.method == "POST":
        try:
            plan = _plan(actor, member_id, by, posted)
            if posted.get("act") == "do" or "accept_warnings" in posted:
                return _do(request, actor, leaver, plan)
        except Invalid as error:
            plan, problems = None, [str(one) for said in error.fields.values() for one in said]
        except Forbidden:
            problems = [_("Your role does not let you give this to them.")]
        except Refused as error:
            problems, warned = [error.words], codes_of(error)
    context = {
        "leaver": leaver,
        "held": held_by(member_id),
        "holds": holds_of_member(member_id),
        "by": by,
        "splits": _splits(actor, by),
        "parts": _parts(actor, member_id, by, posted) if by else (),
        "rest": _picker(
            "rest",
            pgettext("split", "All others") if by else pgettext("split", "Everything"),
            uuid_of(posted.get("rest")),
        ),
        "shown": _shown(actor, member_id, plan) if plan else None,
        "may_close": leaver.is_active and leaver.pk != actor.member_id and _may_close(actor, leaver),
        "posted": posted,
        "problems": problems,
        "warned": warned,
        "active": "settings",
    }
    return render(request, "team/handover.html", context, status=422 if problems else 200)


def _may_close(actor: Actor, leaver: Member) -> bool:
    return actor.may("accounts.member.manage") and may_act_for(actor, leaver.pk)


def _plan(actor: Actor, member_id: UUID, by: str, posted: QueryDict) -> Plan:
    """What was typed. Raises Invalid, and NotFound for what no page of ours has sent."""
    rest = uuid_of(posted.get("rest"))
    # Beside each picker's value stands the text of its field.
    typed = {name: str(posted[name]) for name in posted if posted[name] and not name.endswith("__text")}
    of = {name.removeprefix("of-"): _id(text) for name, text in typed.items() if name.startswith("of-")}
    hand = {
        _id(name.removeprefix("hand-")): _id(text) for name, text in typed.items() if name.startswith("hand-")
    }
    if rest is None:
        raise Invalid(
            {"rest": [Message("required", _("Say who takes over what is not given to anybody else."))]}
        )
    plan = Plan(rest, by, of if by else {}, hand)
    check_plan(actor, member_id, plan)
    return plan


def _id(text: str) -> UUID:
    found = uuid_of(text)
    if found is None:
        raise NotFound("not_found", {})
    return found


def _do(request: HttpRequest, actor: Actor, leaver: Member, plan: Plan) -> HttpResponse:
    reason, close = request.POST.get("reason", ""), request.POST.get("close") == "1"
    if sum(one.count for one in held_by(leaver.pk)) > AT_ONCE:
        accepted = ",".join(request.POST.getlist("accept_warnings"))
        job = hand_over_later(actor, leaver.pk, plan=plan, reason=reason, close=close, accepted=accepted)
        return HttpResponseRedirect(reverse("job", args=[job.id]))
    made = hand_over(actor, leaver.pk, plan=plan, reason=reason, close=close)
    tell(request, _("Everything of %(who)s is handed over") % {"who": leaver.name}, undo=last_operation_id())
    return HttpResponseRedirect(reverse("handover_done", args=[made.pk]))


def _splits(actor: Actor, by: str) -> list[Option]:
    words = {
        "": _("Not split"),
        "grade": _("By grade"),
        "region": _("By province"),
        "industry": _("By industry"),
    }
    return [Option(value=one, label=words[one], selected=one == by) for one in splits(actor)]


def _parts(actor: Actor, member_id: UUID, by: str, posted: QueryDict) -> list[Part]:
    kind, language = find(CUSTOMERS).kind(by), get_language() or "zh-hans"
    parts = []
    for value, count in split_of(member_id, by):
        label = kind.said(value, language) if value else pgettext("split", "Not filled in")
        chosen = uuid_of(posted.get(f"of-{value}"))
        parts.append(Part(value, label, count, _picker(f"of-{value}", label, chosen)))
    return parts


def _picker(name: str, label: str, chosen: UUID | None) -> Field:
    found = Member.objects.filter(pk=chosen).first() if chosen else None
    options = (Option(value=str(found.pk), label=found.name, selected=True),) if found else ()
    url = find(CUSTOMERS).url("act_options", key="assign", field="owner")
    return Field(
        name=name,
        label=label,
        kind="picker",
        value=str(chosen or ""),
        options=options,
        url=url,
        required=False,
    )


def _shown(actor: Actor, member_id: UUID, plan: Plan) -> dict[str, Any]:
    """How it would be split: how many to whom, and the customers one by one as far as there are not too many. What is
    not given by hand follows the rule, also when that is changed afterwards."""
    customers = successors_of(member_id, plan)
    names = dict(Member.objects.filter(pk__in=plan.successors).values_list("pk", "name"))
    rule = successors_of(member_id, replace(plan, hand={}))
    by_rule = {pk: successor for successor, ids in rule.items() for pk in ids}
    rows = access.visible(actor, find(CUSTOMERS)).filter(owner_id=member_id)
    shown = list(rows.order_by("grade_order", "name_sort", "id")[:_BY_HAND]) if len(names) > 1 else []
    counts = [(name, len(customers.get(successor, ()))) for successor, name in names.items()]
    return {
        "counts": sorted(counts, key=lambda one: -one[1]),
        "rows": [
            (
                one,
                find(CUSTOMERS).url("card", id=one.pk),
                _hands(names, by_rule.get(one.pk), plan.hand.get(one.pk)),
            )
            for one in shown
        ],
        "more": max(len(by_rule) - len(shown), 0),
    }


def _hands(names: Mapping[UUID, str], rule: UUID | None, hand: UUID | None) -> list[Option]:
    """Who may take over one customer: first whoever the rule says, without saying so by hand."""
    others = sorted((name, pk) for pk, name in names.items() if pk != rule)
    first = Option(value="", label=names.get(rule, "") if rule else "", selected=hand in (None, rule))
    return [first, *(Option(value=str(pk), label=name, selected=pk == hand) for name, pk in others)]


@require_GET
def handover_done(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """Who got what; for a successor what is his now, with a brief of each, and what to write to its people."""
    actor = actor_of(request)
    found = find_handover(actor, handover_id)
    arranged = may_hand_over(actor, found.member_id) or found.by_id == actor.member_id
    shares = shares_of_handover(actor, found, mine=not arranged)
    undoes = operation_of(found)
    context = {
        "found": found,
        "shares": [_drawn(actor, found, one) for one in shares],
        "undo_url": url_of("undo", undoes) if undoes and _undoable(actor, undoes) else "",
        "after_undo": url_of("handovers"),
        "active": "settings" if arranged else "today",
    }
    return render(request, "team/handover_done.html", context)


def _undoable(actor: Actor, operation_id: UUID) -> bool:
    return may_undo(actor, Operation.objects.get(pk=operation_id))


def _drawn(actor: Actor, found: Handover, got: Got) -> dict[str, Any]:
    customers = find(CUSTOMERS)
    mine = got.share.successor_id == actor.member_id
    grade = access.is_open(actor, customers.kind("grade"))
    return {
        "share": got.share,
        "mine": mine,
        "counts": [
            find(key).count_words(number)
            for key, number in sorted(got.share.counts.items(), key=lambda one: -one[1])
            if number
        ],
        "customers": [
            (
                one,
                customers.url("card", id=one.pk),
                reverse("brief", args=[CUSTOMERS, one.pk]),
                one.grade if grade else "",
                letter,
            )
            for one, letter in zip(got.customers, _letters(actor, found, got, mine), strict=True)
        ],
        "more": got.more,
        "all_url": f"{customers.url()}?owner={got.share.successor_id}",
    }


def _letters(actor: Actor, found: Handover, got: Got, mine: bool) -> Sequence[str]:
    """For a successor what to write to whom they talk to at each customer."""
    if not mine:
        return [""] * len(got.customers)
    people, text = find("people"), letter()
    names: dict[UUID, str] = {}
    if actor.may(people.permission("view")) and access.is_open(actor, people.kind("name")):
        rows = access.visible(actor, people).filter(customer_id__in=[one.pk for one in got.customers])
        names = dict(rows.order_by("-name_sort", "-pk").values_list("customer_id", "name"))
    values = {
        "leaver": found.member.name,
        "successor": got.share.successor.name,
        "phone": got.share.successor.phone,
        "company": company().name,
    }
    return [
        written(text, {**values, "person": names[one.pk]}) if one.pk in names else "" for one in got.customers
    ]


@require_POST
def share_accept(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """One has taken it over."""
    share = accept(actor_of(request), share_id)
    tell(request, _("Accepted"), undo=last_operation_id())
    return HttpResponseRedirect(reverse("handover_done", args=[share.handover_id]))


@require_POST
def share_decline(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """One cannot take it over, and why."""
    actor = actor_of(request)
    try:
        share = decline(actor, share_id, why=request.POST.get("why", ""))
    except Invalid as error:
        said = next(iter(error.fields.values()))[0]
        raise Refused("why", str(said)) from error
    tell(request, _("Told to whoever arranged it"), undo=last_operation_id())
    return HttpResponseRedirect(reverse("handover_done", args=[share.handover_id]))
