"""People and departments through the API: what the pages of the settings show and do, except for sign-ins.

Sign-ins and passwords are given by people alone: whoever finds a token must not be able to make himself one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.permissions import services
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import Assignment
from guanxi.foundation.permissions.queries import departments_below, find_member, visible_members
from guanxi.kernel.errors import Invalid, Message
from guanxi.kernel.text import clean_text
from guanxi.resource.operations import Operation, declare

VIEW = "accounts.member.view"
_NAMES = {"department_ids": "departments", "role_ids": "roles"}


@dataclass(frozen=True, kw_only=True)
class MembersAsked:
    """Which people: of a department and those beneath it, by part of a name, number, e-mail or phone."""

    department: UUID | None = None
    q: str = ""
    left: str = ""
    after: str = ""
    limit: int = 50


@dataclass(frozen=True, kw_only=True)
class NewMember:
    """Somebody without a sign-in; that is given on the person's page."""

    name: str
    department: UUID | None = None
    superior: UUID | None = None
    title: str = ""
    email: str = ""
    phone: str = ""
    number: str = ""
    roles: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class ChangedMember:
    """What is to be changed."""

    name: str | None = None
    title: str | None = None
    email: str | None = None
    phone: str | None = None
    number: str | None = None


@dataclass(frozen=True, kw_only=True)
class MembersPlace:
    """Where somebody stands: both are set as they are given."""

    department: UUID | None
    superior: UUID | None


@dataclass(frozen=True, kw_only=True)
class MembersRoles:
    """These roles and no others."""

    roles: list[UUID]


@dataclass(frozen=True, kw_only=True)
class MemberOut:
    """One of the company's people. `signs_in` whether there is a sign-in."""

    id: UUID
    version: int
    name: str
    title: str
    email: str
    phone: str
    number: str
    department: UUID | None
    superior: UUID | None
    roles: list[UUID]
    left_on: date | None
    signs_in: bool


@dataclass(frozen=True, kw_only=True)
class NewDepartment:
    """A department, last among those under the same one."""

    name: str
    parent: UUID | None = None
    head: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ChangedDepartment:
    """Its name."""

    name: str


@dataclass(frozen=True, kw_only=True)
class DepartmentsParent:
    """What it is to lie under; null is the top."""

    parent: UUID | None


@dataclass(frozen=True, kw_only=True)
class DepartmentsHead:
    """Who is to head it; null is nobody."""

    head: UUID | None


@dataclass(frozen=True, kw_only=True)
class DepartmentsOrder:
    """Departments under the same one, in the order they are to stand in."""

    departments: list[UUID]


@dataclass(frozen=True, kw_only=True)
class DepartmentOut:
    """A department, and its place among those under the same one."""

    id: UUID
    version: int
    name: str
    parent: UUID | None
    head: UUID | None
    position: int


def register() -> None:
    """Called once at start-up."""
    one, part = "staff/{id}", "departments/{id}"
    declare(
        Operation(
            area="staff", method="GET", path="staff", act=_members, query=MembersAsked, answer=MemberOut, many=True,
            summary=gettext_noop("People as the settings show them"),
            words=gettext_noop("By name, as far as the caller sees them. With `left=1` those who have left."),
        ),
        Operation(
            area="staff", method="POST", path="staff", act=_add, body=NewMember, answer=MemberOut, status=201,
            summary=gettext_noop("Add a member"),
        ),
        Operation(
            area="staff", method="GET", path=one, act=_read, answer=MemberOut, summary=gettext_noop("Read a member"),
        ),
        Operation(
            area="staff", method="PATCH", path=one, act=_edit, body=ChangedMember, answer=MemberOut, guarded=True,
            summary=gettext_noop("Change a member"),
        ),
        Operation(
            area="staff", method="POST", path=f"{one}/place", act=_place, body=MembersPlace, answer=MemberOut,
            summary=gettext_noop("Move a member"),
            words=gettext_noop("To a department and a superior; what the member sees follows."),
        ),
        Operation(
            area="staff", method="POST", path=f"{one}/roles", act=_roles, body=MembersRoles, answer=MemberOut,
            summary=gettext_noop("Give a member roles"),
            words=gettext_noop("Nobody gives or takes rights that he does not hold himself."),
        ),
        Operation(
            area="staff", method="POST", path=f"{one}/close", act=_close, answer=MemberOut,
            summary=gettext_noop("Close a member"), words=gettext_noop("Who has left: signed out at once, for good."),
        ),
        Operation(
            area="staff", method="POST", path=f"{one}/reopen", act=_reopen, answer=MemberOut,
            summary=gettext_noop("Reopen a member"), words=gettext_noop("Who is back, with the roles of before."),
        ),
        Operation(
            area="departments", method="GET", path="departments", act=_departments, answer=DepartmentOut, many=True,
            summary=gettext_noop("Departments"),
        ),
        Operation(
            area="departments", method="POST", path="departments", act=_new_department, body=NewDepartment,
            answer=DepartmentOut, status=201, summary=gettext_noop("Add a department"),
        ),
        Operation(
            area="departments", method="PATCH", path=part, act=_rename, body=ChangedDepartment, answer=DepartmentOut,
            guarded=True, summary=gettext_noop("Rename a department"),
        ),
        Operation(
            area="departments", method="POST", path=f"{part}/move", act=_move, body=DepartmentsParent,
            answer=DepartmentOut, summary=gettext_noop("Move a department"),
        ),
        Operation(
            area="departments", method="POST", path=f"{part}/head", act=_head, body=DepartmentsHead,
            answer=DepartmentOut, summary=gettext_noop("Say who heads a department"),
        ),
        Operation(
            area="departments", method="DELETE", path=part, act=_delete, status=204,
            summary=gettext_noop("Delete a department"), words=gettext_noop("An empty one."),
        ),
        Operation(
            area="department_order", method="POST", path="department_order", act=_order, body=DepartmentsOrder,
            status=204, summary=gettext_noop("Put departments in order"),
        ),
        staff=_("Members and their roles"),
        departments=_("Departments"),
        department_order=_("Order of departments"),
    )  # fmt: skip


@contextmanager
def _by_our_names() -> Iterator[None]:
    """What the services say of `department_id` stands beside `department` here."""
    try:
        yield
    except Invalid as error:
        fields = {_NAMES.get(name, name.removesuffix("_id")): said for name, said in error.fields.items()}
        raise Invalid(fields, error.messages) from error


# People


def _members(actor: Actor, query: MembersAsked) -> tuple[list[MemberOut], str | None]:
    actor.require(VIEW)
    rows = visible_members(actor).filter(left_on__isnull=query.left not in ("1", "true"))
    if query.department is not None:
        rows = rows.filter(department_id__in=departments_below(query.department))
    if text := clean_text(query.q)[:100]:
        named = Q(name__icontains=text) | Q(number__icontains=text)
        rows = rows.filter(named | Q(email__icontains=text) | Q(phone__icontains=text))
    if query.after:
        sort, _mark, last = clean_text(query.after).rpartition("~")
        try:
            behind = UUID(last)
        except ValueError as error:
            said = Message("cursor", _("This page is no longer there. Begin at the first."))
            raise Invalid({"after": [said]}) from error
        rows = rows.filter(Q(name_sort__gt=sort) | Q(name_sort=sort, id__gt=behind))
    found = list(rows.order_by("name_sort", "id")[: query.limit + 1])
    end = found[query.limit - 1] if len(found) > query.limit else None
    return _told(found[: query.limit]), f"{end.name_sort}~{end.id}" if end else None


def _told(found: list[Member]) -> list[MemberOut]:
    held: dict[UUID, list[UUID]] = {}
    given = Assignment.objects.filter(member__in=found).order_by("role__position", "role_id")
    for member_id, role_id in given.values_list("member_id", "role_id"):
        held.setdefault(member_id, []).append(role_id)
    return [
        MemberOut(
            id=one.id,
            version=one.version,
            name=one.name,
            title=one.title,
            email=one.email,
            phone=one.phone,
            number=one.number,
            department=one.department_id,
            superior=one.superior_id,
            roles=held.get(one.id, []),
            left_on=one.left_on,
            signs_in=one.account_id is not None,
        )
        for one in found
    ]


def _read(actor: Actor, member_id: UUID) -> MemberOut:
    return _told([find_member(actor, member_id)])[0]


def _add(actor: Actor, body: NewMember) -> MemberOut:
    with _by_our_names():
        made = services.create_member(
            actor, name=body.name, department_id=body.department, superior_id=body.superior, title=body.title,
            email=body.email, phone=body.phone, number=body.number, role_ids=body.roles,
        )  # fmt: skip
    return _told([made])[0]


def _edit(actor: Actor, member_id: UUID, body: ChangedMember, *, expected_version: int | None) -> MemberOut:
    find_member(actor, member_id)
    names = ("name", "title", "email", "phone", "number")
    changes = {name: value for name in names if (value := getattr(body, name)) is not None}
    services.edit_member(actor, member_id, version=expected_version, **changes)
    return _read(actor, member_id)


def _place(actor: Actor, member_id: UUID, body: MembersPlace) -> MemberOut:
    find_member(actor, member_id)
    with _by_our_names():
        moved = services.edit_member(
            actor, member_id, department_id=body.department, superior_id=body.superior
        )
    return _told([moved])[0]


def _roles(actor: Actor, member_id: UUID, body: MembersRoles) -> MemberOut:
    find_member(actor, member_id)
    services.set_roles(actor, member_id, body.roles)
    return _read(actor, member_id)


def _close(actor: Actor, member_id: UUID) -> MemberOut:
    find_member(actor, member_id)
    services.close_member(actor, member_id)
    return _read(actor, member_id)


def _reopen(actor: Actor, member_id: UUID) -> MemberOut:
    find_member(actor, member_id)
    services.reopen_member(actor, member_id)
    return _read(actor, member_id)


# Departments


def _departments(actor: Actor) -> tuple[list[DepartmentOut], str | None]:
    actor.require(VIEW)
    return [_shown(one) for one in Department.objects.order_by("parent_id", "position", "id")], None


def _shown(one: Department) -> DepartmentOut:
    return DepartmentOut(
        id=one.id,
        version=one.version,
        name=one.name,
        parent=one.parent_id,
        head=one.head_id,
        position=one.position,
    )


def _new_department(actor: Actor, body: NewDepartment) -> DepartmentOut:
    with _by_our_names():
        made = services.create_department(actor, name=body.name, parent_id=body.parent, head_id=body.head)
    return _shown(made)


def _rename(
    actor: Actor, department_id: UUID, body: ChangedDepartment, *, expected_version: int | None
) -> DepartmentOut:
    return _shown(services.edit_department(actor, department_id, version=expected_version, name=body.name))


def _move(actor: Actor, department_id: UUID, body: DepartmentsParent) -> DepartmentOut:
    with _by_our_names():
        return _shown(services.move_department(actor, department_id, parent_id=body.parent))


def _head(actor: Actor, department_id: UUID, body: DepartmentsHead) -> DepartmentOut:
    with _by_our_names():
        return _shown(services.edit_department(actor, department_id, head_id=body.head))


def _delete(actor: Actor, department_id: UUID) -> None:
    services.delete_department(actor, department_id)


def _order(actor: Actor, body: DepartmentsOrder) -> None:
    with _by_our_names():
        services.reorder_departments(actor, body.departments)
