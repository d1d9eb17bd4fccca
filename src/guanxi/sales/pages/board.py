"""Opportunities as a board: the look of their list, its parts that come anew, and the move of a card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.activities.models import Activity
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, uuid_of
from guanxi.kernel.errors import Forbidden, Invalid, Message, Refused
from guanxi.kernel.money import Money
from guanxi.kinds import Show
from guanxi.resource import access, acting, listing
from guanxi.resource.listing import Listing
from guanxi.resource.registry import find
from guanxi.resource.viewing import lasting
from guanxi.sales.choices import StageKind, State
from guanxi.sales.models import Evidence, Opportunity, Pipeline, Stage
from guanxi.sales.queries import board
from guanxi.sales.queries.board import Column
from guanxi.sales.queries.evidence import asked_of, gathered, missing, passed_through
from guanxi.sales.queries.money import own_money
from guanxi.sales.queries.pipelines import ways
from guanxi.sales.queries.steps import knows_steps, next_of_each
from guanxi.sales.services.entering import Unproven
from guanxi.sales.services.moving import move_opportunity, win_opportunity
from guanxi.screens.acts import accepting
from guanxi.screens.looks import Drawn
from guanxi.screens.replies import toast

KEY = "opportunities"
_STOPPED, _STANDS_LONG = 14, 30  # days without a change of stage: said, and said in red


@dataclass(frozen=True, slots=True)
class Card:
    """A sale on the board: the days it has stood in its stage, its evidence, what is planned next (where the reader
    may know)."""

    record: Opportunity
    customer: str
    amount: Money | None
    days: int
    tone: str
    movable: bool
    won: Stage
    evidence: Sequence[tuple[Evidence, bool]]
    steps_known: bool
    step: Activity | None

    @property
    def address(self) -> str:
        """Of its page; what can be done with it lies behind."""
        return f"{find(KEY).url()}{self.record.pk}/"

    @property
    def there(self) -> int:
        """How many pieces of its evidence are there."""
        return sum(there for _piece, there in self.evidence)

    @property
    def lacking(self) -> str:
        """What is missing, by name."""
        return pgettext("between names", ", ").join(str(piece) for piece, there in self.evidence if not there)

    @property
    def late(self) -> bool:
        """Whether the next step should have been done by now."""
        return self.step is not None and self.step.at < timezone.now()


def draw(request: HttpRequest, wanted: Listing, query: QueryDict) -> Drawn:
    """The board in the place of the list's table."""
    offered = ways().pipelines
    wanted = board.found_once(wanted)
    pipeline = board.pipeline_asked(wanted)
    if pipeline is None:
        return Drawn("sales/board/none.html", {}, 0)
    columns = board.columns(wanted, pipeline)
    return Drawn(
        "sales/board/board.html",
        {
            "pipeline": pipeline,
            "pipelines": [
                (one, f"{find(KEY).url()}?{lasting(query, pipeline=str(one.pk))}") for one in offered
            ],
            "lanes": _lanes(wanted, columns, query),
            "narrowed": bool(wanted.filter.parts or wanted.text),
            "many": len(columns) if len(columns) < _MOST else "more",
            "sums": f"{reverse('board_sums', args=[pipeline.pk])}?{lasting(query)}",
            **_whole(wanted.actor, columns),
        },
        found=sum(one.count for one in columns),
        script="board.js",
    )


_MOST = 6  # lanes that fit beside each other


def _whole(actor: Actor, columns: Sequence[Column]) -> dict[str, Any]:
    """The sums over all lanes; `money` says whether the reader may know amounts at all."""
    return {
        "count": sum(one.count for one in columns),
        "amount": own_money(sum(one.amount for one in columns)),
        "weighted": own_money(sum(one.weighted for one in columns)),
        "unknown": sum(one.unknown for one in columns),
        "money": access.is_open(actor, find(KEY).kind("amount")),
        "sure": access.is_open(actor, find(KEY).kind("weighted")),
    }


def _lanes(
    wanted: Listing, columns: Sequence[Column], query: QueryDict, after: str = ""
) -> list[dict[str, Any]]:
    """Stages with their first cards, or those behind `after`, and the addresses of the rest."""
    nothing = listing.Page((), None)
    pages = [
        board.cards(wanted, one.stage.pk, after=after) if one.count or after else nothing for one in columns
    ]
    cards = {one.record.pk: one for one in _cards(wanted.actor, [row for page in pages for row in page.rows])}
    found = []
    for column, page in zip(columns, pages, strict=True):
        address = reverse("board_lane", args=[column.stage.pk])
        lane = {
            "column": column,
            "cards": [cards[row.pk] for row in page.rows],
            "more": f"{address}?{lasting(query)}&after={page.after}" if page.after else "",
            "again": f"{address}?{lasting(query)}",
            "first": not after,
        }
        found.append(lane)
    return found


def _cards(actor: Actor, rows: Sequence[Opportunity]) -> list[Card]:
    resource = find(KEY)
    movable: set[UUID] = set()
    if rows and actor.may(resource.permission("move")):
        mine = access.visible(actor, resource, "move").filter(pk__in=[one.pk for one in rows])
        movable = set(mine.values_list("pk", flat=True))
    shown, now, found = access.is_open(actor, resource.kind("amount")), timezone.now(), []
    show, whose = Show(actor, get_language() or "zh-hans"), resource.kind("customer")
    named = access.is_open(actor, whose)
    if named:
        whose.prefetch(rows, show)
    ends = ways().end
    proven, known = gathered(actor, rows), knows_steps(actor)
    steps = next_of_each(actor, rows) if rows and known else {}
    for one in rows:
        days = (now - one.stage_since).days
        tone = "bad" if days > _STANDS_LONG else "warn" if days > _STOPPED else ""
        amount = Money(one.amount, one.currency) if shown and one.amount is not None else None
        said = whose.text(one, show) if named and one.customer_id else ""
        found.append(
            Card(
                one,
                said,
                amount,
                days,
                tone,
                one.pk in movable,
                ends(one.pipeline_id, StageKind.WON),
                proven[one.pk],
                known,
                steps.get(one.pk),
            )
        )
    return found


def _reader(request: HttpRequest) -> Actor:
    """Raises Forbidden for whom the board is closed."""
    actor, code = actor_of(request), find(KEY).permission("view")
    actor.require(code)
    if not board.is_open(actor):
        raise Forbidden(code)
    return actor


def _asked(request: HttpRequest, pipeline: Pipeline) -> tuple[Listing, list[Column]]:
    actor = _reader(request)
    wanted = listing.read(actor, find(KEY), request.GET, forgiving=True)
    wanted = board.found_once(wanted)
    return wanted, board.columns(wanted, pipeline)


@require_GET
def sums(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """The heads of all lanes and what stands above them, for a board that is open."""
    pipeline: Pipeline = access.get(actor_of(request), find("pipelines"), id)
    wanted, columns = _asked(request, pipeline)
    lanes = [{"column": one} for one in columns]
    return render(request, "sales/board/sums.html", {"lanes": lanes, **_whole(wanted.actor, columns)})


@require_GET
def lane(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """The cards of a stage, or those behind `after`."""
    stage: Stage = access.get(actor_of(request), find("stages"), id)
    wanted, columns = _asked(request, stage.pipeline)
    column = next((one for one in columns if one.stage == stage), Column(stage))
    (found,) = _lanes(wanted, [column], request.GET, request.GET.get("after", ""))
    return render(request, "sales/board/cards.html", {"lane": found, "money": True})


@require_GET
def places(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """Where a sale can be moved from here: the other stages, and what ends it."""
    actor, resource = _reader(request), find(KEY)
    found: Opportunity = access.get(actor, resource, id)
    offered = {one.key: one for one in acting.offered(actor, resource, found)}
    ends = [
        (offered[key].label, resource.url("act", id=found.pk, key=key), offered[key].icon)
        for key in ("lose", "reopen")
        if key in offered
    ]
    stages = board.stages_of(found.pipeline_id) if found.state == State.OPEN else []
    may = access.visible(actor, resource, "move").filter(pk=found.pk).exists()
    won = ways().end(found.pipeline_id, StageKind.WON) if "win" in offered else None
    context = {"sale": found, "stages": stages if may else [], "won": won, "ends": ends}
    return render(request, "sales/board/places.html", context)


@accepting
@require_POST
def move(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """Move a sale to a stage; the answer is its card. Whoever saw it in a stage where it is no more is told where it
    is; what the stage still asks for comes as a question. One that is won leaves the board."""
    actor, resource, found_ways, given = _reader(request), find(KEY), ways(), request.POST
    stage = uuid_of(given.get("stage"))
    wanted = found_ways.stages.get(stage) if stage is not None else None
    wins = wanted is not None and wanted.kind == StageKind.WON
    found: Opportunity = access.get(actor, resource, id, verb="close" if wins else "move")
    seen = uuid_of(given.get("from"))
    if stage is None:
        raise Invalid({"stage": [Message("stage", _("Choose an open stage."))]})
    if seen is not None and found.stage_id not in (seen, stage):
        said = _("It was moved to %(stage)s meanwhile.") % {"stage": found.stage}
        return HttpResponse(said, status=409, content_type="text/plain; charset=utf-8")
    lacking = missing(found_ways, found, wanted) if wanted is not None else []
    proofs = {one.evidence.pk: "" for one in lacking if one.by_hand and given.get(f"there-{one.evidence.pk}")}
    try:
        reason = given.get("reason", "")
        if wins:
            done = win_opportunity(actor, id, reason=reason, proofs=proofs)
        else:
            done = move_opportunity(actor, id, stage=stage, reason=reason, proofs=proofs)
    except Unproven:
        return _gate(request, found, found_ways.stages[stage])
    except Invalid as error:
        if wanted is None or not error.fields:
            raise
        return _gate(request, found, wanted, error)
    except Refused as refused:
        return HttpResponse(str(refused.words), status=409, content_type="text/plain; charset=utf-8")
    if wins:
        return _said(HttpResponse(), done)
    (card,) = _cards(actor, [done])
    answer = render(request, "sales/board/card.html", {"card": card, "stage": done.stage, "money": True})
    return _said(answer, done)


def _said(answer: HttpResponse, done: Opportunity) -> HttpResponse:
    """Where a sale went, with the way back."""
    text = _("%(what)s: %(stage)s") % {"what": done.name, "stage": done.stage}
    return toast(answer, text, **{"gx:moved": {"id": str(done.pk), "stage": str(done.stage_id)}})


def _gate(
    request: HttpRequest, sale: Opportunity, stage: Stage, wrong: Invalid | None = None
) -> HttpResponse:
    """What the way to a stage asks for, got and missing, hanging from the card. What is `wrong` comes first: fields
    that no reason passes over, and a step back without the reason it asks for."""
    asked = asked_of(sale, passed_through(ways(), sale, stage), actor_of(request))
    pieces = [one for several in asked.values() for one in several]
    fields, blamed = find(KEY).fields(), wrong.fields if wrong else {}
    empty = [fields[name].label for name in blamed if name in fields]
    context = {
        "sale": sale,
        "stage": stage,
        "before": sale.stage,
        "asked": pieces,
        "lacking": len(empty) + sum(not one.there for one in pieces),
        "by_hand": any(one.by_hand and not one.there for one in pieces),
        "empty": empty,
        "said": [str(one) for name, several in blamed.items() if name not in fields for one in several],
    }
    answer = render(request, "sales/board/gate.html", context)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#gx-gate", "innerHTML"
    return answer
