"""A page of a list as a table: its heads and its rows."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

from guanxi.foundation.design import shapes
from guanxi.foundation.design.rows import drawn_rows
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NotFound
from guanxi.kinds import Choice, Kind, Show, YesNo
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.links import MemberLink, look_up
from guanxi.resource.listing import Listing, Order, Page, read, sortable
from guanxi.resource.viewing import is_compact, lasting, widths
from guanxi.screens.drawing import masked, show_for


def table(
    listing: Listing, page: Page, query: QueryDict, show: Show, *, shown: int, bulk: bool
) -> shapes.Table:
    """One page of a list as a table, with the way to the next and the total in a second request."""
    resource, columns = listing.resource, heads(listing, query)
    more_url = ""
    if page.after:
        more_url = resource.url() + "?" + lasting(query, after=page.after, shown=str(shown))
    return shapes.Table(
        id="list",
        label=str(resource.label_plural),
        columns=columns,
        rows=rows(listing.actor, resource, columns, page.rows, show),
        selectable=bulk,
        part="list-page",
        compact=is_compact(query),
        query=lasting(QueryDict(), cell="1", pick="1" if bulk else "", columns=",".join(listing.chosen)),
        again=resource.url() + "?" + lasting(query),
        more=shapes.More(
            shown=shown,
            total=None if page.after else shown,
            total_url=resource.url("total") + "?" + lasting(query, shown=str(shown)) if page.after else "",
            more_url=more_url,
        ),
    )


def heads(listing: Listing, query: QueryDict) -> list[shapes.Column]:
    """The table's heads; those that can be sorted by are links."""
    actor, resource, found = listing.actor, listing.resource, []
    sorts = {sort.key: sort for sort in sortable(actor, resource)}
    now = {order.sort.key: (place, order) for place, order in enumerate(listing.orders, 1)}
    set_here = (
        {kind.name for kind in access.writable(actor, resource)} if _may_edit(actor, resource) else set()
    )
    kinds = access.readable(actor, resource, listing.columns)
    sizes, phone = widths(query), _on_phone(listing, kinds)
    for kind in kinds:
        sort = sorts.get(kind.name)
        place, order = now.get(kind.name, (0, None))
        wanted = sort and Order(sort, not order.descending if order else sort.descending)
        found.append(
            shapes.Column(
                key=kind.name,
                label=str(kind.label),
                align="num" if kind.align == "num" else "",
                sort_url=resource.url() + "?" + lasting(query, sort=str(wanted)) if wanted else "",
                add_url=resource.url() + "?" + lasting(query, sort=_with(listing, wanted)) if wanted else "",
                sort=("desc" if order.descending else "asc") if order else "",
                place=place,
                minor=kind.minor and not listing.chosen,
                phone=phone.get(kind.name, ""),  # type: ignore[arg-type]
                width=sizes.get(kind.name, _usual_width(resource, kind)) if sizes else None,
                editor=f"field/{kind.name}/" if kind.name in set_here else "",
            )
        )
    return found


def _usual_width(resource: type[Resource], kind: Kind) -> int:
    """Pixels of a column beside others whose widths were chosen: else all of them would share what is left."""
    if kind.name == resource.title:
        return 320
    if kind.align == "num" or isinstance(kind, MemberLink | YesNo):
        return 120
    if isinstance(kind, Choice):
        return 72 if kind.mark else 140
    return 160


def _with(listing: Listing, wanted: Order) -> str:
    """The sorts of the list with one more at the end, or with one of them turned."""
    orders = [] if listing.by_relevance else list(listing.orders)
    keys = [order.sort.key for order in orders]
    if wanted.sort.key in keys:
        orders[keys.index(wanted.sort.key)] = wanted
    else:
        orders.append(wanted)
    return ",".join(map(str, orders[:4]))


def _on_phone(listing: Listing, kinds: Sequence[Kind]) -> dict[str, str]:
    """Where each column stands on a phone: in the usual list as declared. In any other one the first two figures or
    dates stand at the right, and the others where they are declared for, or in the places that are left."""
    resource = listing.resource
    declared = {name: at for name, at in resource.phone.items() if name in listing.columns}
    figures = [kind for kind in kinds if kind.align == "num"]
    usual = {*declared, *resource.columns}
    if declared and not listing.chosen and all(kind.name in usual for kind in figures):
        return declared
    found, places = {resource.title: "title"}, ["end", "end2", "meta"]
    mark = next((kind for kind in kinds if isinstance(kind, Choice) and kind.mark), None)
    if mark is not None:
        found[mark.name] = "mark"
    found |= {kind.name: places.pop(0) for kind in figures[:2]}
    for place in places:
        left = [kind.name for kind in kinds if kind.name not in found]
        left.sort(key=lambda name: (declared.get(name) != place, name in declared))
        found |= dict.fromkeys(left[:1], place)
    return found


def _may_edit(actor: Actor, resource: type[Resource]) -> bool:
    return resource.offers("edit") and actor.may(resource.permission("edit"))


def rows(
    actor: Actor,
    resource: type[Resource],
    columns: Sequence[shapes.Column],
    records: Sequence[Any],
    show: Show,
) -> list[shapes.Row]:
    """The table's rows, with these columns as their cells."""
    kinds = access.readable(actor, resource, [column.key for column in columns])
    beneath = next((place for place, column in enumerate(columns) if column.phone == "meta"), None)
    look_up(kinds, records, show)
    drawn = [partial(masked, kind) if access.is_masked(actor, kind) else kind.html for kind in kinds]
    editable = _may_edit(actor, resource)
    card, preview, edit = (_address(resource, name) for name in ("card", "preview", "edit"))
    return [
        shapes.Row(
            id=(key := str(record.pk)),
            url=card.replace(_ANY, key),
            label=str(record),
            cells=(cells := [draw(record, show) for draw in drawn]),
            meta=cells[beneath] if beneath is not None else "",
            preview_url=preview.replace(_ANY, key),
            edit_url=edit.replace(_ANY, key)
            if editable and access.allows(actor, resource, record, "edit")
            else "",
            sub=resource.beside_title(record, show),
        )
        for record in records
    ]


def row_again(request: HttpRequest, resource: type[Resource], record_id: UUID) -> HttpResponse:
    """One row of a list after one of its cells was edited, in the place of the old one; nothing where the edit took
    it out of sight."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked = request.GET
    response = HttpResponse(headers={"HX-Retarget": f'tr[data-id="{record_id}"]', "HX-Reswap": "outerHTML"})
    try:
        record = access.get(actor, resource, record_id)
    except NotFound:
        response["HX-Reswap"] = "delete"
        return response
    wanted = read(actor, resource, {"columns": asked.get("columns", "")}, forgiving=True)
    columns = heads(wanted, QueryDict())
    again = shapes.Table(
        columns=columns,
        rows=rows(actor, resource, columns, [record], show_for(request)),
        selectable=bool(asked.get("pick")),
    )
    response.content = drawn_rows(again)
    return response


_ANY = str(UUID(int=0))


def _address(resource: type[Resource], name: str) -> str:
    """The address of a record's page with _ANY in the place of its id: resolving one for each row takes longer
    than asking the database for them all."""
    return resource.url(name, id=UUID(int=0))
