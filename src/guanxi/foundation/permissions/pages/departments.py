"""What is sent from the tree of departments; it is drawn on the page of people."""

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.foundation.accounts.models import Department
from guanxi.foundation.permissions.acts import act, last_act_id
from guanxi.foundation.permissions.pages.people import people_page
from guanxi.foundation.permissions.services import (
    create_department,
    delete_department,
    edit_department,
    move_department,
    reorder_departments,
)
from guanxi.foundation.permissions.web import Draft, actor_of, tell, uuid_of, version_of
from guanxi.kernel.errors import GuanxiError, Invalid, NotFound, Refused, Stale

MANAGE = "accounts.member.manage"


def _typed(request: HttpRequest, **more: str) -> Draft:
    return Draft({**{key: request.POST.get(key, "") for key in ("name", "parent_id", "head_id")}, **more})


@require_POST
def new_department(request: HttpRequest) -> HttpResponse:
    """Add a department."""
    actor = actor_of(request)
    actor.require(MANAGE)
    draft = _typed(request, new="1")
    parent = uuid_of(draft.values["parent_id"])
    try:
        made = create_department(
            actor, name=draft.values["name"], parent_id=parent, head_id=uuid_of(draft.values["head_id"])
        )
    except (Invalid, Refused) as error:
        draft.blame(error)
        return people_page(request, editing=draft, department_id=parent, status=422)
    tell(request, _("%(name)s added") % {"name": made.name}, undo=last_act_id())
    return _to(made.id)


@require_POST
def department(request: HttpRequest, department_id: UUID) -> HttpResponse:
    """Rename a department, give it another head, hang it elsewhere: one act, one undo."""
    actor = actor_of(request)
    actor.require(MANAGE)
    row = _found(department_id)
    draft = _typed(request)
    parent, head = uuid_of(draft.values["parent_id"]), uuid_of(draft.values["head_id"])
    version = version_of(request)
    moved = parent != row.parent_id
    before = last_act_id()
    try:
        with transaction.atomic():
            verb = "accounts.department.move" if moved else "accounts.department.edit"
            if moved:
                with act(actor, verb, record_id=row.id, label=row.name):
                    move_department(actor, row.id, parent_id=parent, version=version)
                    edit_department(actor, row.id, name=draft.values["name"], head_id=head)
            else:
                edit_department(actor, row.id, version=version, name=draft.values["name"], head_id=head)
    except Stale:
        draft.overall = (
            _("Somebody changed this department meanwhile. Your text is kept and wins if you save."),
        )
        return people_page(request, editing=draft, department_id=row.id, status=409)
    except (Invalid, Refused) as error:
        draft.blame(error)
        return people_page(request, editing=draft, department_id=row.id, status=422)
    if last_act_id() != before:
        tell(request, _("%(name)s saved") % {"name": draft.values["name"]}, undo=last_act_id())
    return _to(row.id)


@require_POST
def place(request: HttpRequest, department_id: UUID) -> HttpResponse:
    """One place up or down among its siblings."""
    actor = actor_of(request)
    actor.require(MANAGE)
    row = _found(department_id)
    siblings = list(
        Department.objects.filter(parent_id=row.parent_id)
        .order_by("position", "name", "id")
        .values_list("id", flat=True)
    )
    at = siblings.index(row.id)
    to = at - 1 if request.POST.get("to") == "up" else at + 1
    if 0 <= to < len(siblings):
        siblings[at], siblings[to] = siblings[to], siblings[at]
        reorder_departments(actor, siblings)
        tell(request, _("%(name)s moved") % {"name": row.name}, undo=last_act_id())
    return _to(row.id)


@require_POST
def delete(request: HttpRequest, department_id: UUID) -> HttpResponse:
    """Delete an empty department."""
    actor = actor_of(request)
    actor.require(MANAGE)
    row = _found(department_id)
    try:
        delete_department(actor, row.id)
    except Refused as error:
        return _refused(request, row, error)
    tell(request, _("%(name)s deleted") % {"name": row.name}, undo=last_act_id())
    return _to(row.parent_id)


def _refused(request: HttpRequest, row: Department, error: GuanxiError) -> HttpResponse:
    draft = Draft(
        {"name": row.name, "parent_id": str(row.parent_id or ""), "head_id": str(row.head_id or "")}
    )
    draft.blame(error)
    return people_page(request, editing=draft, department_id=row.id, status=409)


def _found(department_id: UUID) -> Department:
    row = Department.objects.filter(id=department_id).first()
    if row is None:
        raise NotFound("department_not_found", {})
    return row


def _to(department_id: UUID | None) -> HttpResponse:
    url = reverse("people")
    return HttpResponseRedirect(f"{url}?department={department_id}" if department_id else url)
