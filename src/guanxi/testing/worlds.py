"""A company made in a few milliseconds: departments, people of several roles, and their actors."""

# Chinese in code: names of people and departments in tests

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone

from guanxi.foundation.accounts.models import Account, Department, Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.permissions.codes import READY_ROLES, all_codes
from guanxi.foundation.permissions.models import Assignment, Role
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.ids import new_id

# Who is there: name in the world → ready-made role and department.
PEOPLE = {
    "owner": ("owner", None),
    "admin": ("administrator", "office"),
    "manager": ("sales_manager", "sales"),
    "seller": ("salesperson", "east"),
    "teammate": ("salesperson", "east"),
    "elsewhere": ("salesperson", "north"),
}
NAMES = {
    "owner": "陈国栋",
    "admin": "周敏",
    "manager": "李建华",
    "seller": "单晓梅",
    "teammate": "曾志强",
    "elsewhere": "王海燕",
}
DEPARTMENTS = {
    "office": ("总办", None),
    "sales": ("销售部", None),
    "east": ("华东组", "sales"),
    "north": ("华北组", "sales"),
}
# Not a hash, so nobody signs in with it; making a hash takes longer than everything else here.
NO_PASSWORD = "!"  # noqa: S105


@dataclass(frozen=True, slots=True)
class World:
    """A company and its people.

    `manager` heads 销售部 and reaches below; `seller` and `teammate` are salespeople of 华东组, `elsewhere`
    is one of 华北组. `system` may do everything. `members` and `departments` are the rows, by name.
    """

    tenant: Tenant
    members: Mapping[str, Member]
    departments: Mapping[str, Department]
    roles: Mapping[str, Role]
    system: Actor
    owner: Actor
    admin: Actor
    manager: Actor
    seller: Actor
    teammate: Actor
    elsewhere: Actor

    @property
    def tenant_id(self) -> UUID:
        return UUID(str(self.tenant.id))

    @property
    def actors(self) -> dict[str, Actor]:
        """Everybody by name, the system left out."""
        return {name: getattr(self, name) for name in PEOPLE}


@contextmanager
def in_scope(actor: Actor, *, door: str = "web") -> Iterator[Actor]:
    """Open the actor's company, in a transaction that is committed at the end."""
    with scope(actor.tenant_id, actor_id=actor.member_id, door=door):
        yield actor


@contextmanager
def writing(actor: Actor, verb: str = "tests.thing.change") -> Iterator[UUID]:
    """Open the actor's company and an operation in it; yields the operation's id."""
    with in_scope(actor), operation(actor, verb) as opened:
        yield opened.id


def make_company(name: str = "") -> Tenant:
    """A company without anybody in it."""
    word = uuid4().hex[:12]
    return Tenant.objects.create(name=name or f"试验公司 {word}", slug=f"t-{word}")


def make_world(name: str = "") -> World:
    """A company with departments, people and roles, written in one operation of the system."""
    tenant = make_company(name)
    word = tenant.slug
    accounts = {
        person: Account(
            username=f"{person}.{word}",
            name=NAMES[person],
            password=NO_PASSWORD,
            email=f"{person}@{word}.test",
        )
        for person in PEOPLE
    }
    Account.objects.bulk_create(accounts.values())
    system = system_actor(tenant.id, name="系统")
    with scope(tenant.id, door="cli"):
        with operation(system, "settings.company.create", label=tenant.name):
            roles = _make_roles({role for role, _ in PEOPLE.values()})
            departments, members = _make_people(accounts)
            Assignment.objects.bulk_create(
                Assignment(member=members[person], role=roles[role]) for person, (role, _) in PEOPLE.items()
            )
        actors = {person: load_actor(member.id) for person, member in members.items()}
    return World(tenant, members, departments, roles, system, **actors)


def _make_people(accounts: Mapping[str, Account]) -> tuple[dict[str, Department], dict[str, Member]]:
    departments: dict[str, Department] = {}
    for position, (key, (name, parent)) in enumerate(DEPARTMENTS.items()):
        above = departments[parent] if parent else None
        departments[key] = Department(name=name, parent=above, position=position)
    Department.objects.bulk_create(departments.values())
    members = {
        person: Member(
            account=accounts[person],
            name=NAMES[person],
            name_sort=person,
            department=departments[department] if department else None,
        )
        for person, (_, department) in PEOPLE.items()
    }
    members["seller"].superior = members["teammate"].superior = members["manager"]
    Member.objects.bulk_create(members.values())
    departments["sales"].head = members["manager"]
    departments["sales"].save(update_fields=["head"])
    return departments, members


def _make_roles(codes: set[str]) -> dict[str, Role]:
    ready = {role.code: role for role in READY_ROLES}
    roles = {code: Role(code=code, name=str(ready[code].name)) for code in codes}
    Role.objects.bulk_create(roles.values())
    grants = [
        (role.tenant_id, new_id(), role.id, known.key, known.defaults[code])
        for known in all_codes()
        for code, role in roles.items()
        if known.defaults.get(code)
    ]
    if grants:
        # Some hundreds of rows for every test: one statement.
        tenants, ids, role_ids, keys, reaches = (list(column) for column in zip(*grants, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO permissions_grant "
                "(tenant_id, id, role_id, code, reach, version, created_at, updated_at) "
                "SELECT t, i, r, c, h, 1, %s, %s FROM "
                "unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[]) AS g(t, i, r, c, h)",
                [timezone.now(), timezone.now(), tenants, ids, role_ids, keys, reaches],
            )
    return roles
