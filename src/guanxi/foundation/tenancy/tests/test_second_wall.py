"""What PostgreSQL itself holds, whatever SQL the application sends."""

import contextlib
import random
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.permissions.models import Grant, Role
from guanxi.foundation.tenancy.postgresql.install import prove_roles
from guanxi.foundation.tenancy.scope import current_scope, scope, set_local
from guanxi.kernel.errors import NoScope
from guanxi.testing.worlds import World, in_scope, writing


def _sql(statement: str, *params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else [cursor.rowcount]


def test_the_application_role_is_one_that_row_security_holds_for(database: None) -> None:
    prove_roles()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(*) FROM accounts_member WHERE tenant_id = %(them)s",
        "SELECT count(*) FROM accounts_member WHERE tenant_id <> %(us)s",
        (
            "SELECT count(*) FROM accounts_member m JOIN accounts_department d ON d.id = m.department_id "
            "WHERE d.tenant_id = %(them)s OR m.tenant_id = %(them)s"
        ),
        "SELECT count(*) FROM ledger_operation WHERE tenant_id <> %(us)s",
        "SELECT count(*) FROM ledger_change WHERE tenant_id <> %(us)s",
        (
            "WITH gone AS (DELETE FROM permissions_grant WHERE tenant_id = %(them)s RETURNING 1) "
            "SELECT count(*) FROM gone"
        ),
        (
            "WITH changed AS (UPDATE accounts_member SET name = 'x' WHERE tenant_id = %(them)s RETURNING 1) "
            "SELECT count(*) FROM changed"
        ),
    ],
)
def test_plain_sql_reaches_no_row_of_another_company(
    statement: str, world: World, other_world: World
) -> None:
    with writing(world.admin), connection.cursor() as cursor:
        cursor.execute(statement, {"us": world.tenant_id, "them": other_world.tenant_id})
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE accounts_member SET tenant_id = %(them)s", "row-level security"),
        (
            (
                "INSERT INTO accounts_department "
                "(tenant_id, id, version, created_at, updated_at, name, position) "
                "VALUES (%(them)s, gen_random_uuid(), 1, now(), now(), 'x', 0)"
            ),
            "row-level security",
        ),
        ("INSERT INTO ledger_change (tenant_id) VALUES (%(us)s)", "permission denied"),
        ("UPDATE ledger_change SET new = '{}'", "permission denied"),
        ("DELETE FROM ledger_change", "permission denied"),
        ("DELETE FROM ledger_operation", "permission denied"),
        ("UPDATE ledger_operation SET actor_id = NULL", "permission denied"),
        ("UPDATE ledger_operation SET at = now()", "permission denied"),
        ("SELECT * FROM ledger_change_default", "permission denied"),
        ("INSERT INTO ledger_schema_change (table_name) VALUES ('x')", "permission denied"),
        ("TRUNCATE permissions_grant", "permission denied"),
        ("ALTER TABLE permissions_grant DISABLE TRIGGER ledger", "must be owner"),
        ("ALTER TABLE permissions_grant NO FORCE ROW LEVEL SECURITY", "must be owner"),
        ("DROP POLICY company ON permissions_grant", "must be owner"),
        ("CREATE TABLE public.mine (id int)", "permission denied"),
        ("SET LOCAL row_security = off; SELECT * FROM accounts_member", "row-level security"),
        ("SET LOCAL session_replication_role = replica", "permission denied"),
        ("SET LOCAL ROLE %(owner)s", "permission denied"),
        ("SELECT guanxi_ledger_partitions(current_date, 1)", "permission denied"),
        ("INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())", "permission denied"),
    ],
)
def test_the_application_role_cannot_take_the_wall_down(
    statement: str, why: str, world: World, other_world: World
) -> None:
    owner = connections["owner"].settings_dict["USER"]
    filled = (
        statement.replace("%(owner)s", f'"{owner}"')
        .replace("%(us)s", f"'{world.tenant_id}'")
        .replace("%(them)s", f"'{other_world.tenant_id}'")
    )
    with pytest.raises(DatabaseError, match=why), writing(world.admin):
        _sql(filled)


def test_plain_sql_fails_loudly_where_no_company_is_open(world: World) -> None:
    for statement in ("SELECT count(*) FROM accounts_member", "UPDATE accounts_member SET name = 'x'"):
        with pytest.raises(DatabaseError, match=r"guanxi\.tenant|invalid input syntax for type uuid"):
            _sql(statement)


def test_what_a_scope_sets_ends_with_its_transaction(world: World) -> None:
    with in_scope(world.seller):
        backend = _sql("SELECT pg_backend_pid()")
        assert _sql("SELECT current_setting('guanxi.tenant')") == [(str(world.tenant_id),)]
    # The same connection again, as the next request would have it.
    assert _sql("SELECT pg_backend_pid()") == backend
    for key in ("tenant", "actor", "door", "operation"):
        assert _sql(f"SELECT coalesce(current_setting('guanxi.{key}', true), '')") == [("",)]
    with pytest.raises(DatabaseError):
        _sql("SELECT count(*) FROM accounts_member")


def test_what_a_scope_sets_ends_with_an_error_too(world: World) -> None:
    with pytest.raises(ZeroDivisionError), in_scope(world.seller):
        raise ZeroDivisionError
    assert current_scope() is None
    assert _sql("SELECT coalesce(current_setting('guanxi.tenant', true), '')") == [("",)]


def test_a_scope_survives_a_savepoint_kept_or_rolled_back(world: World) -> None:
    with in_scope(world.seller):
        with transaction.atomic():
            assert Member.objects.count() == 6
        with contextlib.suppress(DatabaseError), transaction.atomic():
            _sql("SELECT 1/0")
        assert _sql("SELECT current_setting('guanxi.tenant')") == [(str(world.tenant_id),)]
        assert Member.objects.count() == 6


def test_one_transaction_never_sees_two_companies(world: World, other_world: World) -> None:
    with in_scope(world.seller):
        with pytest.raises(NoScope, match="nested_scope"), in_scope(other_world.seller):
            pass
        assert Member.objects.count() == 6
    with transaction.atomic(), pytest.raises(RuntimeError), in_scope(world.seller):
        pass
    assert current_scope() is None


@pytest.mark.parametrize("value", ["x'; SET guanxi.tenant = 'y", "a b", "a\\", "a\nb", "a\x00"])
def test_only_words_are_set_on_a_connection(value: str, world: World) -> None:
    with in_scope(world.seller), pytest.raises(ValueError):
        set_local({"actor": value})
    with pytest.raises(ValueError), scope(world.tenant_id, door=value):
        pass


def test_a_row_written_outside_an_operation_is_refused(world: World) -> None:
    attempts = (
        lambda: Role.objects.create(name="x"),
        lambda: Role.objects.update(note="x"),
        lambda: Grant.objects.all().delete(),
        lambda: _sql("UPDATE permissions_role SET note = 'x'"),
    )
    for attempt in attempts:
        with pytest.raises(DatabaseError, match="outside an operation"), in_scope(world.admin):
            attempt()
    with in_scope(world.admin):
        assert not Role.objects.filter(note="x").exists()


def test_two_companies_alternate_on_one_connection(world: World, other_world: World) -> None:
    served: dict[Any, set[str]] = defaultdict(set)
    with writing(other_world.admin):
        Member.objects.create(name="第七人")
    for turn in range(60):
        mine, people = ((world, 6), (other_world, 7))[turn % 2]
        with contextlib.suppress(ZeroDivisionError), in_scope(mine.seller):
            served[_sql("SELECT pg_backend_pid()")[0]].add(mine.tenant.slug)
            assert Member.objects.count() == people
            assert _sql("SELECT count(*) FROM accounts_member") == [(people,)]
            if turn % 3 == 0:
                raise ZeroDivisionError
        if turn % 5 == 0:
            connection.close()  # back into the pool, as at the end of a request
    assert any(len(companies) == 2 for companies in served.values())


def test_threads_of_two_companies_share_a_pool_without_mixing(world: World, other_world: World) -> None:
    def work(number: int) -> None:
        mine = (world, other_world)[number % 2]
        chance = random.Random(number)
        try:
            for _ in range(8):
                with contextlib.suppress(DatabaseError), in_scope(mine.seller):
                    seen = {m.tenant_id for m in Member.objects.all()}
                    assert seen == {mine.tenant_id}
                    assert _sql("SELECT DISTINCT tenant_id FROM accounts_member") == [(mine.tenant_id,)]
                    if chance.random() < 0.3:
                        _sql("SELECT 1/0")
                connection.close()
                if chance.random() < 0.3:
                    with pytest.raises(NoScope):
                        Member.objects.count()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        for done in [threads.submit(work, number) for number in range(24)]:
            done.result()


def test_a_stream_opens_its_own_company_and_outside_of_one_fails_loudly(
    world: World, other_world: World
) -> None:
    def inside(mine: World) -> Iterator[str]:
        with in_scope(mine.seller):
            for member in Member.objects.iterator(chunk_size=2):
                yield str(member.tenant_id)

    def outside(mine: World) -> Iterator[str]:
        with in_scope(mine.seller):
            lazily = Member.objects.all()
        yield from (str(member.tenant_id) for member in lazily.iterator(chunk_size=2))

    for mine in (world, other_world):
        assert list(inside(mine)) == [str(mine.tenant_id)] * 6
        with pytest.raises(NoScope):
            list(outside(mine))
    # A second stream cannot start in the middle of a first one: one thread has one open company.
    first, second = inside(world), inside(other_world)
    assert next(first) == str(world.tenant_id)
    with pytest.raises(NoScope):
        next(second)
    assert set(first) == {str(world.tenant_id)}
    # One that its reader leaves in the middle leaves nothing open.
    left = inside(world)
    next(left)
    left.close()  # type: ignore[attr-defined]
    assert current_scope() is None
    assert list(inside(other_world)) == [str(other_world.tenant_id)] * 6


def test_a_half_read_server_side_cursor_does_not_outlive_its_company(world: World) -> None:
    with in_scope(world.seller):
        rows = Member.objects.iterator(chunk_size=1)
        next(rows)
    with pytest.raises((DatabaseError, NoScope)):
        list(rows)


def test_memberships_are_told_by_account_alone(world: World) -> None:
    """The one function that looks across companies at sign-in brings only the account's own."""
    account = world.members["seller"].account_id
    rows = _sql("SELECT tenant_id, member_id FROM guanxi_memberships(%s)", account)
    assert rows == [(world.tenant_id, world.members["seller"].id)]
    assert _sql("SELECT count(*) FROM guanxi_memberships(%s)", world.tenant_id) == [(0,)]


def test_an_operation_of_another_company_is_not_continued(world: World, other_world: World) -> None:
    with writing(other_world.admin) as theirs:
        pass
    with in_scope(world.admin):
        assert not Operation.objects.filter(id=theirs).exists()
