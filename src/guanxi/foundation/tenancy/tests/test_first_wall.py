"""The ORM never brings another company's row: by the compiler alone, by row security alone, and by both."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import FieldError
from django.db import connection, connections, models
from django.db.models import F

from guanxi.foundation.accounts.models import Account, Department, Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.models import Grant, Role
from guanxi.foundation.tenancy.scope import scope
from guanxi.foundation.tenancy.tests.shapes import SHAPES, Foreign
from guanxi.kernel.errors import NoScope
from guanxi.testing.worlds import World, in_scope, make_world, writing


@contextmanager
def only_the_compiler() -> Iterator[str]:
    """The owner's connection, to which row security shows every company, with the compiler on."""
    owner: Any = connections["owner"]
    owner.walled = True
    try:
        yield "owner"
    finally:
        owner.walled = False


@contextmanager
def only_row_security() -> Iterator[str]:
    default: Any = connections["default"]
    default.walled = False
    try:
        yield "default"
    finally:
        default.walled = True


@contextmanager
def both() -> Iterator[str]:
    yield "default"


WALLS = {"both walls": both, "the compiler alone": only_the_compiler, "row security alone": only_row_security}


@pytest.fixture(scope="module")
def two(database: None) -> tuple[World, World]:
    """Two companies with the same people; these tests only read them."""
    return make_world(), make_world()


def _tenants_of(things: list[Any]) -> set[UUID]:
    return {
        thing.tenant_id  # type: ignore[attr-defined]
        for thing in things
        if isinstance(thing, models.Model)
    }


@pytest.mark.parametrize("wall", WALLS)
@pytest.mark.parametrize("name", SHAPES)
def test_a_query_of_any_shape_brings_the_rows_of_one_company(
    name: str, wall: str, two: tuple[World, World]
) -> None:
    shape, expected = SHAPES[name]
    for mine, theirs in (two, two[::-1]):
        with WALLS[wall]() as db, scope(mine.tenant_id, door="web", using=db):
            found = list(shape(db, Foreign.of(theirs)))
        if isinstance(expected, list):
            assert found == expected
        else:
            assert len(found) == expected
        assert _tenants_of(found) <= {mine.tenant_id}


@pytest.mark.parametrize("name", SHAPES)
def test_a_query_of_any_shape_raises_where_no_company_is_open(name: str, two: tuple[World, World]) -> None:
    with pytest.raises(NoScope):
        list(SHAPES[name][0]("default", Foreign.of(two[1])))


def test_a_row_of_another_company_is_not_refreshed(two: tuple[World, World]) -> None:
    mine, theirs = two
    with in_scope(mine.seller), pytest.raises(Member.DoesNotExist):
        theirs.members["seller"].refresh_from_db()


def test_a_global_table_is_not_joined_to_a_companys_rows(two: tuple[World, World]) -> None:
    """Sign-ins know nothing of members, by no name of a relation."""
    with in_scope(two[0].seller):
        for path in ("member__name", "+__name", "member_set__name"):
            with pytest.raises((FieldError, NoScope)):
                list(Account.objects.filter(**{path: "单晓梅"}))


# Writing

Write = Callable[[World, World], Any]
WRITES: dict[str, Write] = {
    "update of everything": lambda mine, theirs: Member.objects.update(title="经理"),
    "update by foreign ids": lambda mine, theirs: Member.objects.filter(
        id__in=[m.id for m in theirs.members.values()]
    ).update(title="经理"),
    "update with an expression": lambda mine, theirs: Department.objects.update(position=F("position") + 1),
    "update through a join": lambda mine, theirs: Member.objects.filter(department__name="华东组").update(
        title="x"
    ),
    "update through a reverse join": lambda mine, theirs: Department.objects.filter(
        members__name="单晓梅"
    ).update(position=9),
    "update in order": lambda mine, theirs: Department.objects.order_by("name").update(position=3),
    "update of many objects": lambda mine, theirs: Member.objects.bulk_update(
        [_titled(m) for m in (*mine.members.values(), *theirs.members.values())], ["title"]
    ),
    "save of selected columns": lambda mine, theirs: _titled(Member.objects.first()).save(
        update_fields=["title"]
    ),
    "delete with what hangs on it": lambda mine, theirs: Role.objects.filter(
        assignments__isnull=True
    ).delete(),
    "delete through a join": lambda mine, theirs: Grant.objects.filter(role__code="owner").delete(),
    "delete by foreign ids": lambda mine, theirs: Grant.objects.filter(
        role_id__in=[r.id for r in theirs.roles.values()]
    ).delete(),
    "delete of everything": lambda mine, theirs: Grant.objects.all().delete(),
    "raw delete": lambda mine, theirs: Grant.objects.all()._raw_delete(Grant.objects.all().db),
    "insert or change": lambda mine, theirs: Role.objects.bulk_create(
        [Role(name=r.name, code=r.code, note="x") for r in theirs.roles.values()],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["note"],
    ),
    "insert or change by id": lambda mine, theirs: Role.objects.bulk_create(
        [Role(id=r.id, name=r.name, note="x") for r in mine.roles.values()],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["note"],
    ),
    "insert or leave": lambda mine, theirs: Role.objects.bulk_create(
        [Role(name=r.name, code=r.code) for r in theirs.roles.values()], ignore_conflicts=True
    ),
    "get or create": lambda mine, theirs: [
        Role.objects.get_or_create(name=r.name, defaults={"note": "x"}) for r in theirs.roles.values()
    ],
    "update or create": lambda mine, theirs: [
        Role.objects.update_or_create(name=r.name, defaults={"note": "x"}) for r in theirs.roles.values()
    ],
    "through a related manager": lambda mine, theirs: mine.departments["east"].members.update(title="x"),
    "through a foreign related manager": lambda mine, theirs: theirs.departments["east"].members.update(
        title="x"
    ),
    "delete of a foreign object": lambda mine, theirs: Grant(
        id=_first_grant(theirs), tenant_id=theirs.tenant_id
    ).delete(),
}


def _titled(member: Any) -> Member:
    member.title = "改"
    return member  # type: ignore[no-any-return]


def _first_grant(world: World) -> UUID:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT id FROM permissions_grant WHERE tenant_id = %s LIMIT 1", [world.tenant_id])
        found: UUID = cursor.fetchone()[0]
    return found


def _everything_of(world: World) -> dict[str, list[Any]]:
    """All business rows of a company, as the owner sees them."""
    tables = ("accounts_member", "accounts_department", "permissions_role", "permissions_grant")
    found = {}
    with connections["owner"].cursor() as cursor:
        for table in tables:
            cursor.execute(
                f"SELECT to_jsonb(t) FROM {table} t WHERE tenant_id = %s ORDER BY id", [world.tenant_id]
            )
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


# The compiler completes the unique rule that a conflict is found by: without it there is none.
NEEDS_COMPILER = {
    ("insert or change", "row security alone"),
    ("insert or change by id", "row security alone"),
}


@pytest.mark.parametrize(
    ("name", "wall"), [pair for pair in product(WRITES, WALLS) if pair not in NEEDS_COMPILER]
)
def test_a_write_of_any_shape_leaves_the_other_company_as_it_was(
    name: str, wall: str, world: World, other_world: World
) -> None:
    before = _everything_of(other_world)
    with WALLS[wall]() as db, scope(world.tenant_id, door="web", using=db):
        if db == "default":
            with operation(world.admin, "tests.thing.change"):
                WRITES[name](world, other_world)
        else:
            with _orm_on(db):
                WRITES[name](world, other_world)
    assert _everything_of(other_world) == before


@contextmanager
def _orm_on(db: str) -> Iterator[None]:
    """Let plain managers work on another connection."""
    from django.db import router

    class Route:
        def db_for_read(self, model: Any, **hints: Any) -> str:
            return db

        def db_for_write(self, model: Any, **hints: Any) -> str:
            return db

    kept, router.routers = router.routers, [Route()]
    try:
        yield
    finally:
        router.routers = kept


@pytest.mark.parametrize("name", WRITES)
def test_a_write_of_any_shape_raises_where_no_company_is_open(name: str, two: tuple[World, World]) -> None:
    before = [_everything_of(world) for world in two]
    with pytest.raises(NoScope):
        WRITES[name](*two)
    assert [_everything_of(world) for world in two] == before


def test_a_foreign_object_is_neither_saved_nor_moved_over(world: World, other_world: World) -> None:
    theirs = other_world.members["seller"]
    theirs.name = "改名"
    before = _everything_of(other_world)
    mine = world.members["seller"]
    mine.tenant_id = other_world.tenant_id
    intruder = Member(tenant_id=other_world.tenant_id, name="外人")
    for attempt in (theirs.save, mine.save, intruder.save, lambda: Member.objects.bulk_create([intruder])):
        with pytest.raises(NoScope), writing(world.admin):
            attempt()
    assert _everything_of(other_world) == before


def test_references_to_another_companys_row_are_refused_by_the_database(
    world: World, other_world: World
) -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError), writing(world.admin):
        Member.objects.create(name="某人", department_id=other_world.departments["east"].id)


def test_unique_rules_hold_within_a_company_and_not_across(world: World, other_world: World) -> None:
    from django.db import IntegrityError

    for one in (world, other_world):
        with writing(one.admin):
            Member.objects.create(name="某人", number="A-1")
    with pytest.raises(IntegrityError), writing(world.admin):
        Member.objects.create(name="另一人", number="A-1")


def test_the_company_of_a_statement_is_a_parameter_in_it(world: World) -> None:
    """Both walls in one statement: the planner gets the company as a constant it can estimate with."""
    with in_scope(world.seller), connection.execute_wrapper(_keep := _Statements()):
        list(Member.objects.filter(department__name="华东组"))
    assert _keep.params[0].count(world.tenant_id) == 1


class _Statements:
    def __init__(self) -> None:
        self.params: list[tuple[Any, ...]] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.params.append(tuple(params or ()))
        return execute(sql, params, many, context)
