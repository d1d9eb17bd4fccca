"""What an undo may not do to people and rights."""

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.accounts.services import reopen_account
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.permissions.models import Assignment, FieldRule, Grant, Role
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.services import check_people

_NEEDS = {
    Department._meta.db_table: "accounts.member.manage",
    Member._meta.db_table: "accounts.member.manage",
    **{model._meta.db_table: "permissions.role.manage" for model in (Role, Grant, Assignment, FieldRule)},
}


def check_restored(undoing: Operation) -> None:
    """Raises Refused where the undo left no administrator or a circle, Forbidden where the right is gone.

    One's own acts can be undone by right of having done them; of people and rights only while one still may
    change them, or somebody who lost his office could bring a role back that he once took away.
    """
    touched = Change.objects.filter(operation_id=undoing.id, table_name__in=_NEEDS)
    tables = set(touched.values_list("table_name", flat=True).distinct())
    if not tables:
        return
    if undoing.actor_id is not None:
        actor = load_actor(undoing.actor_id)
        for code in sorted({_NEEDS[table] for table in tables}):
            actor.require(code)
    check_people()
    if Member._meta.db_table in tables:
        _reopen_accounts(undoing)


def _reopen_accounts(undoing: Operation) -> None:
    """Closing a person closes their account, which lies outside the ledger; bringing them back opens it."""
    rows = Change.objects.filter(operation_id=undoing.id, table_name=Member._meta.db_table).values("row_id")
    back = Member.objects.filter(id__in=rows, left_on__isnull=True, account__is_active=False)
    for account_id in back.values_list("account_id", flat=True):
        reopen_account(account_id)
