"""What an undo may not do to people and rights."""

from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.accounts.services import reopen_account
from guanxi.foundation.ledger.conflicts import Part
from guanxi.foundation.ledger.images import as_of_today
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import Assignment, FieldRule, Grant, Role
from guanxi.foundation.permissions.services import check_people
from guanxi.foundation.permissions.services.integrity import (
    is_administrator,
    refuse_changing_roles,
    refuse_freeing,
    refuse_higher,
    refuse_raising,
)
from guanxi.kernel.errors import Refused

_NEEDS = {
    Department._meta.db_table: "accounts.member.manage",
    Member._meta.db_table: "accounts.member.manage",
    **{model._meta.db_table: "permissions.role.manage" for model in (Role, Grant, Assignment, FieldRule)},
}


def guard(actor: Actor, found: Operation, part: Part) -> Iterator[tuple[str, UUID]]:
    """Raises Refused where the actor could not do today what undoing would do to people and rights.

    One's own acts are undone by right of having done them; of people and rights only while one still may
    change them, and never beyond one's own: somebody who lost his office could bring a role back that he once
    took away.
    """
    touched = part.changes().filter(table_name__in=_NEEDS)
    codes = {_NEEDS[table] for table in touched.values_list("table_name", flat=True).distinct()}
    if any(not actor.may(code) for code in codes):
        raise Refused(
            "undo_right_lost",
            _("You may no longer see or change what this was done to, so you cannot undo it either."),
        )
    if codes and not is_administrator(actor):
        for change in as_of_today(touched.iterator(chunk_size=1000)):
            _refuse(actor, change)
    yield from ()


def _refuse(actor: Actor, change: Change) -> None:
    """What the services refuse to somebody who is no administrator, said of an image."""
    images = [image for image in (change.old, change.new) if image]
    if change.table_name == Assignment._meta.db_table:
        for image in images:
            refuse_changing_roles(actor, UUID(image["member_id"]), [UUID(image["role_id"])])
    elif change.table_name == Grant._meta.db_table:
        grant = {**(Grant.objects.filter(id=change.row_id).values("code", "reach").first() or {})}
        for image in images:
            refuse_raising(actor, {str((grant | image)["code"]): str((grant | image)["reach"])})
    elif change.table_name == FieldRule._meta.db_table:
        rule = {**(FieldRule.objects.filter(id=change.row_id).values("resource", "field").first() or {})}
        for image in images:
            refuse_freeing(actor, str((rule | image)["resource"]), str((rule | image)["field"]))
    elif change.table_name == Member._meta.db_table:
        places = {"department_id", "superior_id"} & set(change.old or ())
        if places and change.action == Change.UPDATE and change.row_id == actor.member_id:
            raise Refused("own_place", _("You cannot move yourself. Ask an administrator."))
        refuse_higher(actor, change.row_id)


def check_restored(actor: Actor, undoing: Operation) -> None:
    """Raises Refused where the undo left no administrator, or a circle."""
    touched = Change.objects.filter(operation_id=undoing.id, table_name__in=_NEEDS)
    tables = set(touched.values_list("table_name", flat=True).distinct())
    if not tables:
        return
    check_people()
    if Member._meta.db_table in tables:
        _reopen_accounts(undoing)


def _reopen_accounts(undoing: Operation) -> None:
    """Closing a person closes their account, which lies outside the ledger; bringing them back opens it."""
    rows = Change.objects.filter(operation_id=undoing.id, table_name=Member._meta.db_table).values("row_id")
    back = Member.objects.filter(id__in=rows, left_on__isnull=True, account__is_active=False)
    for account_id in back.values_list("account_id", flat=True):
        reopen_account(account_id)
