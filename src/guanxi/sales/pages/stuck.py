"""Sales that stand too long: as a column and filter of the list, as a look of it with what is usual in each stage, and
as lines of Today."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guanxi.activities.queries.asking import Attention
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.text import whole_number
from guanxi.kinds import Kind, Show
from guanxi.kinds.kind import Computed
from guanxi.resource import access
from guanxi.resource.listing import Listing, Order
from guanxi.resource.registry import find
from guanxi.resource.viewing import lasting
from guanxi.sales.choices import State
from guanxi.sales.models import Opportunity
from guanxi.sales.queries.pipelines import ways
from guanxi.sales.queries.stuck import Stands, Usual, stands, stuck_q, usual
from guanxi.sales.rules.stuck import FEW, PART
from guanxi.screens.looks import Drawn
from guanxi.screens.tables import rows as drawn_rows
from guanxi.screens.tables import table

KEY = "opportunities"
_LINES = 5  # of Today
_PHONE: dict[str, Literal["", "meta"]] = {"stuck": "meta", "customer": ""}
_COLUMNS = ("name", "customer", "stuck", "amount", "expected_on", "owner")


def words(one: Stands) -> str:
    """Why a sale is said to be stuck."""
    said = ngettext(
        "%(days)s day in %(stage)s, usually at most %(most)s (%(part)s%% of %(won)s won sales)",
        "%(days)s days in %(stage)s, usually at most %(most)s (%(part)s%% of %(won)s won sales)",
        one.days,
    )
    return said % {
        "days": one.days,
        "stage": ways().stages[one.stage],
        "part": PART,
        "won": one.usual.won,
        "most": one.usual.most,
    }


@dataclass(kw_only=True, eq=False)
class Stuck(Kind):
    """How long a sale stands beyond what is usual, in words; nothing of one that does not."""

    operators: ClassVar[tuple[str, ...]] = ("filled", "empty")

    def prefetch(self, records: Collection[Any], show: Show) -> None:
        found = stands(show.actor, [one for one in records if isinstance(one, Opportunity)])
        for one in records:
            setattr(one, self.column, found.get(one.pk))

    def blank(self) -> Any:
        return None

    def said(self, value: Any, language: str) -> str:
        return words(value)

    def json(self, record: Any, show: Show) -> Any:
        return self.text(record, show) or None

    def cells_of(self, values: Any, show: Show) -> Any:
        return ["" if value is None else words(value) for value in values]

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"]}


def _read(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Stands]:
    return stands(actor, Opportunity.objects.filter(pk__among=list(ids)))


def _find(actor: Actor, condition: Q) -> Q:
    return stuck_q(actor)


STUCK = Stuck(name="stuck", label=_("Stuck"), minor=True, computed=Computed(read=_read, find=_find))


@dataclass(frozen=True, slots=True)
class Row:
    """What is usual in a stage, and how many sales stand there, of them too long."""

    stage: str
    usual: Usual
    open: int
    stuck: int
    url: str


def draw(request: HttpRequest, wanted: Listing, query: QueryDict) -> Drawn:
    """The list's open sales that stand too long, the longest first, beneath what is usual in each stage."""
    actor, resource = wanted.actor, find(KEY)
    rows = _rows(wanted, query)
    asked = QueryDict(lasting(query, **{"stuck.filled": "1", "state": "open"}), mutable=True)
    sort = next(one for one in resource.sorts if one.key == "stage_since")
    listed = replace(
        wanted,
        condition=wanted.condition & stuck_q(actor),
        orders=wanted.orders if query.get("sort") else (Order(sort, False),),
        chosen=wanted.chosen or tuple(kind.name for kind in access.readable(actor, resource, _COLUMNS)),
    )
    after = request.GET.get("after", "")
    page = listed.page(listed.columns, after=after)
    before = (whole_number(request.GET.get("shown", "")) or 0) if after else 0
    show = Show(actor=actor, language=get_language() or "zh-hans")
    shown = before + len(page.rows)
    drawn = table(listed, page, asked, show, shown=shown, bulk=False)
    columns = [replace(one, phone=_PHONE.get(one.key, one.phone)) for one in drawn.columns]
    # On a phone the reason is what the row is here for.
    drawn = replace(drawn, columns=columns, rows=drawn_rows(actor, resource, columns, page.rows, show))
    context = {"rows": rows, "table": drawn, "few": FEW, "part": PART}
    return Drawn(
        "sales/stuck.html", context, found=sum(one.stuck for one in rows), sorted=bool(query.get("sort"))
    )


def _rows(wanted: Listing, query: QueryDict) -> list[Row]:
    """Every stage in which sales of the list stand, in the order of the pipelines."""
    open_sales = wanted.rows().filter(state=State.OPEN).order_by()
    late = Count("pk", filter=stuck_q(wanted.actor))
    counted = {
        stage: (n, slow)
        for stage, n, slow in open_sales.values_list("stage").annotate(n=Count("pk"), late=late)
    }
    known, several, found = usual(wanted.actor), len(ways().pipelines) > 1, []
    named = {one.pk: str(one) for one in ways().pipelines}
    for pipeline, stages in ways().of.items():
        for one in stages:
            if one.pk not in counted:
                continue
            n, slow = counted[one.pk]
            label = f"{named.get(pipeline, '')} · {one}" if several else str(one)
            url = f"{find(KEY).url()}?{lasting(query, stage=str(one.pk))}"
            found.append(Row(label, known.get(one.pk, Usual(0, None)), n, slow, url))
    return found


def attention(actor: Actor, members: Collection[UUID] | None) -> list[Attention]:
    """Those that stand longest, as lines of Today."""
    resource = find(KEY)
    if not actor.may(resource.permission("view")) or not access.is_open(actor, resource.kind("owner")):
        return []
    rows = access.visible(actor, resource).filter(owner__isnull=False)
    if members is not None:
        rows = rows.filter(owner_id__in=sorted(members))
    own = actor.member_id is not None and members is not None and set(members) == {actor.member_id}
    late = list(rows.filter(stuck_q(actor)).select_related("owner").order_by("stage_since", "pk")[:_LINES])
    said = stands(actor, late)
    return [
        Attention(
            "clock",
            "warn",
            one.name,
            resource.url("card", id=one.pk),
            gettext("is stuck"),
            " · ".join(filter(None, (words(said[one.pk]), "" if own else str(one.owner)))),
        )
        for one in late
        if one.pk in said
    ]
