"""The recycle bin: what was deleted, by whom, and the way back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.foundation.design.shapes import Tab
from guanxi.foundation.ledger.labels import people_named, row_label, table_label
from guanxi.foundation.ledger.pages.undoing import undo_rows
from guanxi.foundation.ledger.queries import deleted_rows, deleted_tables, find_deleted, gone_with
from guanxi.foundation.ledger.undo import may_undo
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import actor_of
from guanxi.kernel.errors import NotFound
from guanxi.kernel.text import clean_text, whole_number


@require_GET
def recycle_bin(request: HttpRequest) -> HttpResponse:
    """What was deleted within one's reach and is still gone."""
    actor = actor_of(request)
    tables = deleted_tables(actor)
    chosen = request.GET.get("kind", "")
    if chosen not in dict(tables):
        chosen = ""
    behind = whole_number(request.GET.get("after", ""), most=2**62)
    text = clean_text(request.GET.get("q", ""))[:100]
    rows, more = deleted_rows(actor, table=chosen, text=text, behind=behind)
    people = people_named(row.operation.actor_id for row in rows)
    lines = [
        {
            "row": row,
            "who": people.get(row.operation.actor_id, "") if row.operation.actor_id else "",
            "may_restore": may_undo(actor, row.operation),
        }
        for row in rows
    ]
    also = {"q": text} if text else {}
    kinds = [Tab(label=_("All"), url=f"?{urlencode(also)}", current=not chosen)] + [
        Tab(label=label, url=f"?{urlencode({'kind': table, **also})}", current=table == chosen)
        for table, label in tables
    ]
    context = {
        "lines": lines,
        "kinds": kinds if len(tables) > 1 else [],
        "more_url": "?" + urlencode({"kind": chosen, "after": str(more), **also}) if more else "",
        "text": text,
        "kind": chosen,
        "tabs": settings_tabs(actor, "recycle_bin"),
        "active": "settings",
    }
    return render(request, "ledger/recycle_bin.html", context)


@require_POST
def restore(request: HttpRequest, change_id: int) -> HttpResponse:
    """Put a deleted row back, with what was deleted because it belonged to it."""
    actor = actor_of(request)
    deleted = find_deleted(actor, change_id)
    if deleted.operation_id is None:
        raise NotFound("deleted_row_not_found", {})
    name = row_label(deleted.table_name, deleted.old or {}) or table_label(deleted.table_name)
    said = _("%(name)s is back") % {"name": name}
    return undo_rows(
        request, deleted.operation_id, only=gone_with(deleted), said=said, fallback=reverse("recycle_bin")
    )
