"""The list: tabs, filter sentence, table, bulk bar; its total and its popovers."""

# Chinese in code: the full-width comma between values of a condition

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from guanxi.foundation.design import shapes
from guanxi.kernel.errors import Invalid, NotFound
from guanxi.kernel.text import whole_number
from guanxi.resource import access, listing
from guanxi.resource.declaration import Resource
from guanxi.resource.filters import Condition
from guanxi.resource.pages.drawing import order_words, sentence, show_for, table


@require_GET
def list_page(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """The list, or to htmx the part it asked for (the whole page serves: it selects)."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("view"))
    if "__field" in request.GET:
        return HttpResponseRedirect(f"{resource.url()}?{_applied(request)}")
    show = show_for(request)
    query = request.GET.copy()
    for key in ("after", "shown"):
        query.pop(key, None)
    problems: list[str] = []
    status = 200
    try:
        wanted = listing.read(actor, resource, request.GET)
        page = wanted.page(resource.columns, after=request.GET.get("after", ""))
    except Invalid as error:
        problems = [f"{name}: {message}" for name, said in error.fields.items() for message in said]
        query.clear()
        status = 400
        wanted = listing.read(actor, resource, query)
        page = wanted.page(resource.columns)
    before = whole_number(request.GET.get("shown", "")) if request.GET.get("after") else 0
    shown = len(page.rows) + (before or 0)
    bulk = bulk_actions(request, resource)
    filtered = bool(wanted.filter.parts or wanted.text)
    return render(
        request,
        "resource/list.html",
        {
            "resource": resource,
            "active": resource.key,
            "tabs": tabs(request, resource),
            "sentence": sentence(wanted, query, show),
            "table": table(wanted, page, query, show, shown=shown, bulk=bool(bulk)),
            "bulk": bulk,
            "query": query.urlencode(safe=","),
            "problems": problems,
            "filtered": filtered,
            "tools": tools(request, resource, query.urlencode(safe=",")),
            "may_create": actor.may(resource.permission("create")),
            "total_label": gettext("matching"),
            **resource.words(),
        },
        status=status,
    )


def _applied(request: HttpRequest) -> str:
    """The query string after the popover of a condition was submitted."""
    query = request.GET.copy()
    name, operator = query.pop("__field")[-1], query.pop("__op", ["is"])[-1]
    values = [v for text in query.pop("values", []) for v in text.replace("，", ",").split(",") if v.strip()]
    for key in [key for key in query if key.partition(".")[0] == name or key.endswith("__text")]:
        query.pop(key)
    if values or operator in ("empty", "filled"):
        query[name if operator == "is" else f"{name}.{operator}"] = ",".join(v.strip() for v in values)
    return query.urlencode(safe=",")


def tabs(request: HttpRequest, resource: type[Resource]) -> list[shapes.Tab]:
    """Everything, and what the viewer answers for. Saved views follow here."""
    if not resource.owner:
        return []
    mine = request.GET.get(resource.owner) == "me"
    return [
        shapes.Tab(label=gettext("All"), url=resource.url(), current=not mine),
        shapes.Tab(label=gettext("Mine"), url=f"{resource.url()}?{resource.owner}=me", current=mine),
    ]


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
    found = []
    if resource.offers("edit_many") and actor.may(resource.permission("edit")):
        found.append(
            shapes.MenuItem(label=gettext("Change a field"), url=resource.url("bulk_edit"), method="post")
        )
    if resource.offers("remove_many") and actor.may(resource.permission("delete")):
        found.append(
            shapes.MenuItem(
                label=gettext("Delete"), url=resource.url("bulk_delete"), method="post", tone="bad"
            )
        )
    return found


@require_GET
def total(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """How many match, in a request of its own: counting is the slow part of a list."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("view"))
    wanted = listing.read(actor, resource, request.GET)
    exact = request.GET.get("exact") == "1"
    counted = wanted.total(exact=exact)
    url = ""
    if not counted.exact:
        query = request.GET.copy()
        query["exact"] = "1"
        url = resource.url("total") + "?" + query.urlencode(safe=",")
    count: int | str = counted.count if counted.exact else f"{counted.count:,}+"
    more = shapes.More(
        shown=whole_number(request.GET.get("shown", "")) or 0, total=count, exact_url=url, step=listing.PAGE
    )
    return render(request, "resource/total.html", {"more": more})


@require_GET
def filter_fields(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """The popover of "+ condition": the fields one may filter by."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("view"))
    query = request.GET.urlencode(safe=",")
    items = [
        shapes.MenuItem(
            label=str(resource.kind(name).label), url=resource.url("filter_editor", field=name) + "?" + query
        )
        for name in resource.filterable()
        if access.is_open(actor, resource.kind(name))
    ]
    return render(request, "resource/filter_fields.html", {"items": items})


@require_GET
def filter_editor(request: HttpRequest, resource: type[Resource], field: str) -> HttpResponse:
    """The popover of one condition: operator and values, submitted to the list itself."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("view"))
    if field not in resource.filterable() or not access.is_open(actor, resource.kind(field)):
        raise NotFound("no_field")
    kind, show = resource.kind(field), show_for(request)
    operator = request.GET.get("page", "")
    now: Condition | None = None
    for part in listing.read(actor, resource, request.GET).filter.parts:
        if (
            isinstance(part, Condition)
            and part.field == field
            and part.operator == (operator or part.operator)
        ):
            now = part
            break
    chosen = now.values if now else ()
    options = [
        shapes.Option(value=o.value, label=o.label, selected=o.value in chosen)
        for o in kind.filter_options(show)
    ]
    picked = [shapes.Option(value=v, label=kind.filter_text(v, show), selected=True) for v in chosen]
    keep = [
        (key, value)
        for key, values in request.GET.lists()
        for value in values
        if key.partition(".")[0] != field and key not in ("after", "shown", "page", "part")
    ]
    searched = hasattr(kind, "suggest") or hasattr(kind, "table")
    return render(
        request,
        "resource/filter_editor.html",
        {
            "resource": resource,
            "kind": kind,
            "operators": [
                (op, operator_label(op), op == (now.operator if now else "")) for op in kind.operators
            ],
            "options": options,
            "picker": shapes.Field(
                name="values",
                label=str(kind.label),
                kind="picker",
                options=picked,
                url=resource.url("options", field=field),
                multiple=True,
                placeholder=gettext("Type to search"),
            )
            if searched
            else None,
            "value": ",".join(chosen),
            "is_date": "since" in kind.operators,
            "keep": keep,
            "action": resource.url(),
            "field": field,
        },
    )


def operator_label(operator: str) -> str:
    """An operator in the editor's list."""
    return {
        "is": gettext("is"),
        "not": gettext("is not"),
        "starts": gettext("begins with"),
        "empty": gettext("is empty"),
        "filled": gettext("is filled in"),
        "since": gettext("since"),
        "until": gettext("until"),
        "last": gettext("within the last days"),
    }[operator]


@require_GET
def sort_editor(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """The popover of the sort clause."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("view"))
    wanted = listing.read(actor, resource, request.GET)
    items = []
    for sort in resource.sorts:
        kind = resource.fields().get(sort.key)
        if kind is not None and not access.is_open(actor, kind):
            continue
        for descending in (False, True):
            query = request.GET.copy()
            query["sort"] = ("-" if descending else "") + sort.key
            items.append(
                shapes.MenuItem(
                    label=f"{sort.label} · {order_words(resource, sort, descending)}",
                    url=resource.url() + "?" + query.urlencode(safe=","),
                    current=wanted.sort_text == query["sort"],
                )
            )
    return render(request, "resource/menu_items.html", {"items": items})
