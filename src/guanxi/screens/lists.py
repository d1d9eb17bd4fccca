"""The list: tabs, filter sentence, table, bulk bar; its total."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from guanxi.foundation.design import shapes
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid
from guanxi.kernel.text import whole_number
from guanxi.resource import access, acting, listing, viewing
from guanxi.resource.declaration import Resource
from guanxi.resource.viewing import lasting, refiltered
from guanxi.screens import looks
from guanxi.screens.drawing import show_for
from guanxi.screens.sentence import sentence
from guanxi.screens.tables import table


@require_GET
def list_page(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """The list, or to htmx the part it asked for (the whole page serves: it selects)."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("view"))
    show = show_for(request)
    opened = viewing.opened(actor, resource, request.GET)
    look = looks.look_of(actor, resource, opened.query)
    if look is None:
        asked = _read(actor, resource, opened, _page, request.GET.get("after", ""))
    else:
        asked = _read(actor, resource, opened, partial(_drawn, request, look, opened.query))
    wanted, result, problems, slow = asked
    query = opened.query
    for key in ("after", "shown"):
        query.pop(key, None)
    if wanted.gone:
        query = _without_gone(wanted, query)
    drawn = result if isinstance(result, looks.Drawn) else None
    page = result if isinstance(result, listing.Page) else listing.Page((), None)
    before = whole_number(request.GET.get("shown", "")) if request.GET.get("after") else 0
    shown = len(page.rows) + (before or 0)
    left_out = opened.saved and wanted.gone and not problems
    # What is shown is more than what was asked for: nothing may be done with "all" of it.
    bulk = [] if left_out or problems or look else bulk_actions(request, resource)
    found = drawn.found if drawn else None if page.after else shown
    said = sentence(wanted, query, show, found=found)
    return render(
        request,
        "screens/list.html",
        {
            "resource": resource,
            "active": resource.key,
            "opened": opened,
            "looks": looks.look_tabs(actor, resource, query),
            "look": look,
            "drawn": drawn,
            "left_out": left_out,
            "sentence": replace(said, sort=None) if drawn and not drawn.sorted else said,
            "table": None if look else table(wanted, page, query, show, shown=shown, bulk=bool(bulk)),
            "bulk": bulk,
            "query": lasting(query),
            "problems": problems,
            "filtered": bool(wanted.filter.parts or wanted.text),
            "tools": tools(request, resource, lasting(query, columns=",".join(wanted.columns))),
            "columns_url": resource.url("columns_editor") + "?" + lasting(query),
            "may_create": actor.may(resource.permission("create")),
            "total_label": gettext("matching"),
            **resource.words(),
        },
        # htmx puts a 422 in its place.
        status=(422 if slow or request.headers.get("HX-Request") else 400) if problems else 200,
    )


def _page(wanted: listing.Listing, after: str) -> listing.Page:
    return wanted.page(wanted.columns, after=after)


def _drawn(
    request: HttpRequest, look: looks.Look, query: QueryDict, wanted: listing.Listing, after: str
) -> looks.Drawn | None:
    return look.draw(request, wanted, query) if look.draw else None


def _read(
    actor: Actor,
    resource: type[Resource],
    opened: viewing.Opened,
    reads: Callable[[listing.Listing, str], listing.Page | looks.Drawn | None],
    after: str = "",
) -> tuple[listing.Listing, listing.Page | looks.Drawn | None, list[str], bool]:
    """The list and what `reads` makes of it behind a cursor, what is wrong with what was asked, and whether it only
    took too long: as much as can be read is shown."""
    try:
        wanted = listing.read(actor, resource, opened.query, forgiving=opened.saved)
        try:
            return wanted, reads(wanted, after), [], False
        except listing.TooSlow as error:
            return wanted, None, [str(error.fields["filter"][0])], True
    except Invalid as error:
        labels = {kind.name: kind.label for kind in access.readable(actor, resource)}
        problems = [
            gettext("%(field)s: %(problem)s") % {"field": labels[name], "problem": message}
            if name in labels
            else str(message)
            for name, said in error.fields.items()
            for message in said
        ]
    try:
        wanted = listing.read(actor, resource, opened.query, forgiving=True)
        return wanted, reads(wanted, ""), problems, False
    except Invalid:
        opened.query.clear()
        wanted = listing.read(actor, resource, opened.query)
        return wanted, reads(wanted, ""), problems, False


def _without_gone(wanted: listing.Listing, query: QueryDict) -> QueryDict:
    """The query without what was left out of it."""
    sort = wanted.sort_text if query.get("sort") else ""
    return QueryDict(
        lasting(QueryDict(refiltered(query, wanted.filter)), sort=sort, columns=",".join(wanted.chosen)),
        mutable=True,
    )


_tools: list[Any] = []


def list_tool(tool: Any) -> Any:
    """Register a function (request, resource, query) → MenuItem | None for the list's head (import, export)."""
    _tools.append(tool)
    return tool


def tools(request: HttpRequest, resource: type[Resource], query: str) -> list[shapes.MenuItem]:
    """What stands beside the title: adapters such as import and export add themselves."""
    return [item for tool in _tools if (item := tool(request, resource, query)) is not None]


def bulk_actions(request: HttpRequest, resource: type[Resource]) -> list[shapes.MenuItem]:
    """What can be done with selected rows."""
    actor = request.actor  # type: ignore[attr-defined]
    return [
        shapes.MenuItem(
            label=str(action.label),
            url=resource.url("bulk_act", key=action.key),
            icon=action.icon,
            method="post",
            tone=action.tone,
        )
        for action in acting.offered(actor, resource)
    ]


@require_GET
def total(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """How many match, in a request of its own: counting is the slow part of a list."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("view"))
    wanted = listing.read(actor, resource, request.GET)
    exact = request.GET.get("exact") == "1"
    counted = wanted.total(exact=exact)
    shown = whole_number(request.GET.get("shown", "")) or 0
    url = ""
    if not counted.exact and not exact:
        query = request.GET.copy()
        query["exact"] = "1"
        url = resource.url("total") + "?" + query.urlencode(safe=",")
    # Where even the count to 10,000 took too long, at least those that are shown are there.
    count: int | str = counted.count if counted.exact else f"{max(counted.count, shown):,}+"
    more = shapes.More(shown=shown, total=count, exact_url=url, step=listing.PAGE)
    found = resource.count_words(counted.count) if counted.exact else str(count)
    said = f"{counted.count:,}" if counted.exact else str(count)
    return render(request, "screens/total.html", {"more": more, "found": found, "total": said})
