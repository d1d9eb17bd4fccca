"""The form of a department, which stands above the list of its people."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.permissions.pages.tree import Branch, department_options
from guanxi.foundation.permissions.web import Draft


@dataclass(frozen=True, slots=True)
class DepartmentPanel:
    """An open form: a new department or a change of one."""

    title: str
    action: str
    fields: list[Field]
    draft: Draft
    version: int | None
    cancel_url: str


def department_panel(
    tree: list[Branch], selected: Branch | None, editing: Draft | None, *, new: bool, edit: bool
) -> DepartmentPanel | None:
    """The form that is asked for or was sent in wrongly; None where none is open."""
    if editing is not None:
        new = bool(editing.values.get("new"))
        edit = not new
    if new:
        draft = editing or Draft({"parent_id": str(selected.id) if selected else ""})
        return _panel(tree, draft, _("New department"), reverse("department_new"), selected, without=set())
    if edit and selected is not None:
        department = selected.department
        draft = editing or Draft(
            {
                "name": department.name,
                "parent_id": str(department.parent_id or ""),
                "head_id": str(department.head_id or ""),
            }
        )
        action = reverse("department", args=[department.id])
        panel = _panel(
            tree, draft, _("Change department"), action, selected, without=_beneath(tree, selected)
        )
        return DepartmentPanel(
            panel.title, panel.action, panel.fields, panel.draft, department.version, panel.cancel_url
        )
    return None


def _panel(
    tree: list[Branch], draft: Draft, title: str, action: str, selected: Branch | None, *, without: set[UUID]
) -> DepartmentPanel:
    head = str(draft.values.get("head_id") or "")
    heads = [Option(value="", label=_("None"), selected=not head)] + [
        Option(value=str(one), label=name, selected=str(one) == head)
        for one, name in Member.objects.filter(left_on__isnull=True)
        .order_by("name_sort", "id")
        .values_list("id", "name")
    ]
    parent = str(draft.values.get("parent_id") or "")
    fields = [
        draft.field(
            "name", _("Department name"), required=True, maxlength=100, autocomplete="off", autofocus=True
        ),
        draft.field(
            "parent_id",
            _("Under"),
            "select",
            department_options(tree, parent, none=_("The top"), without=without),
        ),
        draft.field("head_id", _("Head"), "select", heads),
    ]
    back = f"{reverse('people')}?department={selected.id}" if selected else reverse("people")
    return DepartmentPanel(title, action, fields, draft, None, back)


def _beneath(tree: list[Branch], selected: Branch) -> set[UUID]:
    """The department and everything beneath it: places it cannot be moved to."""
    found = {selected.id}
    for line in tree:  # parents come before their children
        if line.department.parent_id in found:
            found.add(line.id)
    return found
