"""Is this one taken, by whom; and the pairs somebody is to decide."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.customers.choices import Answer
from guanxi.customers.jobs import may_scan, scan_all
from guanxi.customers.queries.duplicates import with_asked
from guanxi.customers.queries.pairs import count_of, find_pair, kinds, page_of
from guanxi.customers.queries.taken import part_of_number, typed_fields
from guanxi.customers.queries.taken import taken as taken_by
from guanxi.customers.rules.alike import CUSTOMERS, PEOPLE
from guanxi.customers.services.asking import ask_for
from guanxi.customers.services.pairs import answer_pair, ask_owners
from guanxi.foundation.design import shapes
from guanxi.foundation.design.commands import Asked, Command, in_each_language
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.web import actor_of, back_to, listed, tell, uuid_of
from guanxi.kernel.errors import NotFound, Refused
from guanxi.kernel.text import clean_text
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find
from guanxi.screens.drawing import named_for, show_for
from guanxi.screens.forms import drawn_duplicates

_TAKEN, _PAIRS = _("Is this one taken?"), _("Duplicates to decide")
_PAGE = 20
_LONGEST = 300


@require_http_methods(["GET", "POST"])
def taken(request: HttpRequest) -> HttpResponse:
    """Before a call: whether a company is there already, whose it is, and since when. A POST, for what is asked is no
    business of a log."""
    actor = actor_of(request)
    actor.require("customers.customer.create")
    text = clean_text(request.POST.get("text", ""))[:_LONGEST]
    context: dict[str, Any] = {"active": CUSTOMERS, "text": text, "asked": bool(text)}
    if text:
        show = show_for(request)
        groups = []
        for key in (CUSTOMERS, PEOPLE):
            if actor.may(find(key).permission("create")):
                found = with_asked(actor, taken_by(actor, key, text))
                drawn_ones = drawn_duplicates(actor, find(key), found, show)
                for one, row in zip(found, drawn_ones, strict=True):
                    # Where somebody works and as what; the names of what the reader does not see are left out.
                    row["beside"] = find(key).told_apart(one.record, show) if one.visible else ""
                groups += [(find(key).label_plural, drawn_ones)]
        context["groups"] = [(title, drawn) for title, drawn in groups if drawn]
        context["incomplete"] = bool(part_of_number(text))
        context["new_url"] = f"{find(CUSTOMERS).url('new')}?{urlencode(typed_fields(text))}"
    return render(request, "customers/taken.html", context)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask whoever answers for a record that was met and is out of sight; answers with what takes the button's place."""
    actor = actor_of(request)
    try:
        told = ask_for(actor, request.POST.get("ask", ""), note=request.POST.get("note", ""))
        text = gettext("Told %(who)s") % {"who": listed(told)} if told else gettext("Passed on")
    except Refused as error:
        text = str(error.reason)
    return render(request, "screens/asked_for.html", {"text": text})


@require_GET
def pairs(request: HttpRequest) -> HttpResponse:
    """The pairs that are the reader's to decide, the surest first."""
    actor = actor_of(request)
    actor.require("customers.customer.view")
    of = request.GET.get("of", CUSTOMERS)
    if of not in kinds():
        raise NotFound("not_found", {"resource": "duplicates"})
    state = Answer.SAME if request.GET.get("state") == Answer.SAME else Answer.OPEN
    after = uuid_of(request.GET.get("after"))
    shown, onward = page_of(actor, of, state=state, after=after, limit=_PAGE)
    show = show_for(request)
    more = f"?{urlencode({'of': of, 'state': state, 'after': onward})}" if onward else ""
    tabs = [
        shapes.Tab(
            label=str(find(key).label_plural),
            url=f"?{urlencode({'of': key})}",
            current=key == of and state == Answer.OPEN,
            count=count_of(actor, key),
        )
        for key in kinds()
    ]
    tabs.append(
        shapes.Tab(
            label=gettext("To be merged"),
            url=f"?{urlencode({'of': of, 'state': 'same'})}",
            current=state == Answer.SAME,
            count=count_of(actor, of, state=Answer.SAME) or None,
        )
    )
    context = {
        "active": of,
        "of": of,
        "tabs": tabs,
        "pairs": [_drawn(show, find(of), one) for one in shown],
        "more": more,
        "may_scan": may_scan(actor, of),
    }
    return render(request, "customers/pairs.html", context)


@require_GET
def pair(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """One pair, as a notice leads to it."""
    actor = actor_of(request)
    found = find_pair(actor, id)
    of = found.pair.resource
    context = {"active": of, "of": of, "pairs": [_drawn(show_for(request), find(of), found)], "alone": True}
    return render(request, "customers/pairs.html", context)


def _drawn(show: Show, resource: type[Resource], asked: Any) -> dict[str, Any]:
    actor = show.actor
    owners = access.is_open(actor, resource.kind("owner"))
    sides = []
    for side in asked.sides:
        owner = side.record.owner if owners else None
        sides.append(
            {
                "id": side.record.pk,
                "name": named_for(actor, resource, side.record, visible=side.visible),
                "url": resource.url("card", id=side.record.pk) if side.visible else "",
                "sub": resource.subtitle(side.record, show) if side.visible else "",
                "owner": owner.name if owner else "",
                "since": side.record.created_at,
                "mine": side.editable,
            }
        )
    both = asked.both
    may_merge = both and actor.may(resource.permission("merge"))
    ids = urlencode([("ids", side["id"]) for side in sides])
    others = [s["owner"] for s in sides if s["owner"] and not s["mine"]]
    part_of = both and resource.key == CUSTOMERS
    # The likelier part first: where the two are related, that is the answer that is offered.
    parts = sorted(sides, key=lambda side: side["id"] != asked.part.record.pk) if part_of else []
    return {
        "pair": asked.pair,
        "why": asked.why,
        "sides": sides,
        "merge_url": f"{resource.url('merge')}?{ids}" if may_merge else "",
        "parts": parts,
        "related": bool(asked.pair.branch),
        "others": listed(list(dict.fromkeys(others))),
        "waits": bool(asked.pair.asked_at and asked.pair.asked_by_id == actor.member_id),
        "decided": asked.pair.answer != Answer.OPEN,
    }


@require_POST
def answer(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """What somebody says of a pair; or it is put to those who answer for the two."""
    actor = actor_of(request)
    # Who names the branch has said that it is one.
    said = Answer.BRANCH if "child" in request.POST else request.POST.get("answer", "")
    back = back_to(request, reverse("pairs"))
    try:
        if said == "ask":
            names = ask_owners(actor, id)
            text = (
                gettext("%(who)s will be asked") % {"who": listed(names)}
                if names
                else gettext("Nobody to ask")
            )
            tell(request, text)
        else:
            done = answer_pair(
                actor,
                id,
                answer=said,
                child=uuid_of(request.POST.get("child")),
                said=request.POST.get("said", ""),
            )
            tell(request, gettext("Kept: it will not be asked again"), undo=last_operation_id())
            if done.resource in kinds() and "/duplicates/" in back and str(id) in back:
                back = f"{reverse('pairs')}?{urlencode({'of': done.resource})}"
    except Refused as error:
        tell(request, str(error.reason))
    return HttpResponseRedirect(back)


@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Look through everything of a kind."""
    actor = actor_of(request)
    of = request.POST.get("of", CUSTOMERS)
    if of not in kinds():
        raise NotFound("not_found", {"resource": "duplicates"})
    job = scan_all(actor, of)
    return HttpResponseRedirect(reverse("job", args=[job.id]))


def commands(asked: Asked) -> Any:
    """The ways here from the palette."""
    actor = actor_of(asked.request)
    if actor.may("customers.customer.create"):
        yield Command(label=str(_TAKEN), icon="search", url=reverse("taken"), words=in_each_language(_TAKEN))
    if actor.may("customers.customer.edit"):
        yield Command(
            label=str(_PAIRS), icon="arrows-join", url=reverse("pairs"), words=in_each_language(_PAIRS)
        )


def tool(request: HttpRequest, resource: type[Resource], query: str) -> shapes.MenuItem | None:
    """What stands beside the title of the lists of customers and people."""
    if resource.key not in (CUSTOMERS, PEOPLE) or not actor_of(request).may("customers.customer.create"):
        return None
    return shapes.MenuItem(
        label=gettext("Check for duplicates"),
        url=reverse("taken"),
        icon="search",
        phone=pgettext("list head", "Taken?"),
    )
