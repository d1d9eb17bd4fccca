"""From declarations and rows to the shapes the components draw."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language, gettext

from guanxi.foundation.design import shapes
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access, filters
from guanxi.resource.declaration import Resource, Sort
from guanxi.resource.kinds import Choice, Kind, Show
from guanxi.resource.links import look_up
from guanxi.resource.listing import RELEVANCE, Listing, Page


def show_for(request: HttpRequest) -> Show:
    """Who looks, in which language."""
    return Show(actor=request.actor, language=get_language() or "zh-hans")  # type: ignore[attr-defined]


def masked_name(name: str) -> str:
    """What is told of the name of a record that the viewer may not see."""
    return name[:1] + "**" if len(name) <= 4 else name[:2] + "**" + name[-2:]


def cell(kind: Kind, record: Any, show: Show, *, roomy: bool = False) -> str:
    """A value as this viewer may see it; `roomy` where there is room for words beside a mark."""
    if access.is_masked(show.actor, kind):
        return kind.masked(record, show)
    return kind.fact(record, show) if roomy else kind.html(record, show)


def columns(listing: Listing, query: QueryDict) -> list[shapes.Column]:
    """The table's heads; those of declared sorts are links."""
    resource, found = listing.resource, []
    for kind in access.readable(listing.actor, resource, resource.columns):
        sort = resource.sort(kind.name)
        now, url = "", ""
        if sort is not None and access.is_open(listing.actor, kind):
            active = listing.sort.key == sort.key
            descending = not listing.descending if active else sort.descending
            url = resource.url() + "?" + _with(query, sort=("-" if descending else "") + sort.key)
            now = ("desc" if listing.descending else "asc") if active else ""
        found.append(
            shapes.Column(
                key=kind.name,
                label=str(kind.label),
                align="num" if kind.align == "num" else "",
                sort_url=url,
                sort=now,  # type: ignore[arg-type]
                minor=kind.minor,
                phone=resource.phone.get(kind.name, ""),  # type: ignore[arg-type]
            )
        )
    return found


def rows(listing: Listing, page: Page, show: Show) -> list[shapes.Row]:
    """The table's rows."""
    resource = listing.resource
    look_up(access.readable(listing.actor, resource, resource.columns), page.rows, show)
    drawn = [
        kind.masked if access.is_masked(listing.actor, kind) else kind.html
        for kind in access.readable(listing.actor, resource, resource.columns)
    ]
    editable = listing.actor.may(resource.permission("edit"))
    card, preview, edit = (_address(resource, name) for name in ("card", "preview", "edit"))
    return [
        shapes.Row(
            id=(key := str(record.pk)),
            url=card.replace(_ANY, key),
            label=str(record),
            cells=[draw(record, show) for draw in drawn],
            preview_url=preview.replace(_ANY, key),
            edit_url=edit.replace(_ANY, key) if editable else "",
            sub=resource.beside_title(record, show),
        )
        for record in page.rows
    ]


_ANY = str(UUID(int=0))


def _address(resource: type[Resource], name: str) -> str:
    """The address of a record's page with _ANY in the place of its id: resolving one for each row takes longer
    than asking the database for them all."""
    return resource.url(name, id=UUID(int=0))


def table(
    listing: Listing, page: Page, query: QueryDict, show: Show, *, shown: int, bulk: bool
) -> shapes.Table:
    """One page of a list as a table, with the way to the next and the total in a second request."""
    resource = listing.resource
    more_url = ""
    if page.after:
        more_url = resource.url() + "?" + _with(query, after=page.after, shown=str(shown))
    return shapes.Table(
        id="list",
        label=str(resource.label_plural),
        columns=columns(listing, query),
        rows=rows(listing, page, show),
        selectable=bulk,
        more=shapes.More(
            shown=shown,
            total=None if page.after else shown,
            total_url=resource.url("total") + "?" + _with(query, shown=str(shown)) if page.after else "",
            more_url=more_url,
        ),
    )


def operator_words(operator: str, label: str) -> tuple[str, str]:
    """What stands before and after a condition's value."""
    named = {"field": label}
    match operator:
        case "not":
            return gettext("%(field)s is not") % named, ""
        case "since":
            return gettext("%(field)s since") % named, ""
        case "until":
            return gettext("%(field)s until") % named, ""
        case "last":
            return gettext("%(field)s within") % named, ""
        case "starts":
            return gettext("%(field)s begins with") % named, ""
        case "empty" | "filled":
            return label, ""
    return gettext("%(field)s is") % named, ""


def value_words(kind: Kind, condition: filters.Condition, show: Show) -> str:
    """A condition's values as people say them: A or B."""
    match condition.operator:
        case "empty":
            return gettext("is empty")
        case "filled":
            return gettext("is filled in")
        case "last":
            return gettext("the last %(days)s days") % {"days": condition.values[0]}
    either = gettext(" or ")
    return either.join(kind.filter_text(value, show) for value in condition.values)


def sentence(listing: Listing, query: QueryDict, show: Show) -> shapes.Sentence:
    """The filter as a sentence whose values are buttons."""
    resource = listing.resource
    clauses = []
    for part in listing.filter.parts:
        if isinstance(part, filters.Condition):
            kind = resource.kind(part.field)
            before, after = operator_words(part.operator, str(kind.label))
            clauses.append(
                shapes.Clause(
                    key=part.key(),
                    before=before,
                    value=value_words(kind, part, show),
                    after=after,
                    editor_url=resource.url("filter_editor", field=part.field)
                    + "?"
                    + _with(query, page=part.operator),
                    remove_url=resource.url() + "?" + _without(query, part.key()),
                )
            )
        else:
            clauses.append(shapes.Clause(key="group", before="", value=_group_words(resource, part, show)))
    if listing.text:
        clauses.insert(
            0,
            shapes.Clause(
                key="q",
                before=gettext("found by"),
                value=listing.text,
                remove_url=resource.url() + "?" + _without(query, "q"),
            ),
        )
    order = (
        "" if listing.sort.key == RELEVANCE.key else order_words(resource, listing.sort, listing.descending)
    )
    return shapes.Sentence(
        clauses=clauses,
        add_url=resource.url("filter_fields") + "?" + _with(query),
        clear_url=resource.url() if clauses else "",
        sort=shapes.Clause(
            key="sort",
            before=gettext("by"),
            value=str(listing.sort.label),
            after=order,
            editor_url=resource.url("sort_editor") + "?" + _with(query),
        ),
    )


def order_words(resource: type[Resource], sort: Sort, descending: bool) -> str:
    """A direction as people say it: of moments, of names, of grades."""
    if sort.columns[0].endswith("_at"):
        return gettext("newest first") if descending else gettext("oldest first")
    kind = resource.fields().get(sort.key)
    if sort.columns[0].endswith("_sort"):
        first, last = "A", "Z"
    elif isinstance(kind, Choice):
        first, *_between, last = map(str, kind.choices.values)
    else:
        return gettext("from high to low") if descending else gettext("from low to high")
    if descending:
        first, last = last, first
    return gettext("from %(first)s to %(last)s") % {"first": first, "last": last}


def _group_words(resource: type[Resource], part: Any, show: Show) -> str:
    if isinstance(part, filters.Condition):
        kind = resource.kind(part.field)
        before, _after = operator_words(part.operator, str(kind.label))
        return f"{before} {value_words(kind, part, show)}"
    joint = gettext(" and ") if part.joint == "all" else gettext(" or ")
    return "(" + joint.join(_group_words(resource, child, show) for child in part.parts) + ")"


def facts(
    actor: Actor, resource: type[Resource], record: Any, names: Sequence[str], show: Show
) -> list[shapes.Fact]:
    """Labels and values of a card; those the viewer may change are edited in their place."""
    may_edit = access.allows(actor, resource, record, "edit")
    history = resource.url("history", id=record.pk)
    open_names = {kind.name for kind in access.writable(actor, resource)}
    found = []
    kinds = access.readable(actor, resource, names)
    look_up(kinds, [record], show)
    for kind in kinds:
        masked = access.is_masked(actor, kind)
        editable = may_edit and kind.name in open_names and not masked
        found.append(
            shapes.Fact(
                key=kind.name,
                label=str(kind.label),
                value=cell(kind, record, show, roomy=True),
                edit_url=resource.url("field", id=record.pk, field=kind.name) if editable else "",
                history_url=f"{history}?field={kind.name}" if kind.computed is None else "",
                masked=masked,
            )
        )
    return found


def _with(query: QueryDict, **changes: str) -> str:
    """The query string with some keys changed; cursors never survive."""
    copy = query.copy()
    for key in ("after", "shown", "page", "part"):
        copy.pop(key, None)
    for key, value in changes.items():
        copy[key] = value
    return copy.urlencode(safe=",")


def _without(query: QueryDict, key: str) -> str:
    copy = query.copy()
    copy.pop(key, None)
    return _with(copy)
