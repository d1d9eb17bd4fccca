"""People: the list beside the tree of departments."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.marks import date_mark, toned
from guanxi.foundation.design.shapes import Column, More, Row, Tab, Table
from guanxi.foundation.permissions.models import Assignment
from guanxi.foundation.permissions.pages.department_forms import department_panel
from guanxi.foundation.permissions.pages.tree import department_tree
from guanxi.foundation.permissions.queries import (
    departments_below,
    visible_members,
)
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, listed, uuid_of
from guanxi.kernel.errors import NotFound
from guanxi.kernel.text import clean_text

VIEW, MANAGE, GIVE = "accounts.member.view", "accounts.member.manage", "permissions.role.manage"
STEP = 50


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """The people the actor may see: by department, by name, those who have left apart."""
    return people_page(request)


def people_page(
    request: HttpRequest,
    *,
    editing: Draft | None = None,
    department_id: UUID | None = None,
    status: int = 200,
) -> HttpResponse:
    """The same page with a department's form open: after a mistake in it, for one."""
    actor = actor_of(request)
    actor.require(VIEW)
    query = request.GET
    chosen = department_id or uuid_of(query.get("department"))
    gone = query.get("left") == "1"
    text = clean_text(query.get("q", ""), max_length=None)[:100]
    tree = department_tree()
    selected = next((line for line in tree if line.id == chosen), None)
    if chosen is not None and selected is None:
        raise NotFound("department_not_found", {})
    rows = visible_members(actor).filter(left_on__isnull=not gone)
    if selected is not None:
        rows = rows.filter(department_id__in=departments_below(selected.id))
    if text:
        rows = rows.filter(
            Q(name__icontains=text)
            | Q(number__icontains=text)
            | Q(email__icontains=text)
            | Q(phone__icontains=text)
            | Q(account__username__icontains=text)
        )
    kept = {"department": str(selected.id) if selected else "", "q": text}
    table = _table(rows, query.get("after", ""), {**kept, "left": "1" if gone else ""})
    everybody = visible_members(actor)
    tabs = [
        Tab(
            label=_("Working here"),
            url=_query({**kept, "left": ""}),
            current=not gone,
            count=everybody.filter(left_on__isnull=True).count(),
        ),
        Tab(
            label=_("Closed"),
            url=_query({**kept, "left": "1"}),
            current=gone,
            count=everybody.filter(left_on__isnull=False).count(),
        ),
    ]
    manages = actor.may(MANAGE)
    panel = (
        department_panel(tree, selected, editing, new=query.get("new") == "1", edit=query.get("edit") == "1")
        if manages
        else None
    )
    context = {
        "tree": tree,
        "total": Member.objects.filter(left_on__isnull=True).count(),
        "selected": selected,
        "panel": panel,
        "table": table,
        "status_tabs": tabs,
        "tabs": settings_tabs(actor, "people"),
        "text": text,
        "gone": gone,
        "manages": manages,
        "active": "settings",
    }
    return render(request, "permissions/people.html", context, status=status)


def _query(values: dict[str, str]) -> str:
    found = urlencode({key: value for key, value in values.items() if value})
    return f"{reverse('people')}?{found}" if found else reverse("people")


def _table(rows: QuerySet[Member], after: str, kept: dict[str, str]) -> Table:
    total = rows.count()
    if after:
        sort, _sep, last = after.rpartition("~")
        rows = rows.filter(Q(name_sort__gt=sort) | Q(name_sort=sort, id__gt=uuid_of(last)))
    found = list(
        rows.select_related("department", "account", "superior").order_by("name_sort", "id")[: STEP + 1]
    )
    more = found[STEP - 1] if len(found) > STEP else None
    found = found[:STEP]
    held: dict[UUID, list[str]] = {}
    given = Assignment.objects.filter(member__in=found).order_by("role__position")
    for member_id, name in given.values_list("member_id", "role__name"):
        held.setdefault(member_id, []).append(name)
    columns = (
        Column(key="name", label=_("Name"), phone="title"),
        Column(key="department", label=_("Department")),
        Column(key="roles", label=_("Roles")),
        Column(key="superior", label=_("Superior"), minor=True),
        Column(key="seen", label=_("Last sign-in"), align="num", phone="end"),
    )
    lines = [_row(member, listed(held.get(member.id, []))) for member in found]
    more_url = _query({**kept, "after": f"{more.name_sort}~{more.id}"}) if more else ""
    return Table(
        columns=columns,
        rows=lines,
        id="list",
        label=_("People"),
        more=More(shown=len(lines), total=total, more_url=more_url, step=STEP),
    )


def _seen(member: Member) -> str:
    if member.account is None:
        return toned(_("no sign-in"), "quiet")
    if member.account.last_login is None:
        return toned(_("never yet"), "quiet")
    return date_mark(member.account.last_login)


def _row(member: Member, roles: str) -> Row:
    department = member.department.name if member.department else ""
    return Row(
        id=str(member.id),
        url=reverse("person", args=[member.id]),
        label=member.name,
        sub=member.title,
        cells=(
            member.name,
            department,
            roles,
            member.superior.name if member.superior else "",
            _seen(member),
        ),
        meta=" · ".join(filter(None, (department, roles))),
    )
