"""Fields that an upper context adds, and the checks that everything added fits."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import FieldRule
from guanxi.kernel.errors import Invalid
from guanxi.kinds import Computed, DateTime, Show, Text
from guanxi.resource import access, checks, listing
from guanxi.resource.contributions import Content, Panel, contribute
from guanxi.resource.links import look_up
from guanxi.resource.registry import find
from guanxi.testing.contributing import contributing
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
HTMX = {"HX-Request": "true"}


def make(world: World, name: str = "山东鲁味园食品股份有限公司", **data: Any) -> Customer:
    with in_scope(world.seller):
        return services.create_customer(
            world.seller, data={"name": name, "relations": "customer", **data}, allow_duplicate=True
        )


@pytest.fixture
def seller(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["seller"])


def hide(world: World, field: str, mode: str = "hide") -> None:
    with in_scope(world.system), operation(world.system, "tests.rule.set"):
        FieldRule(role=world.roles["salesperson"], resource="customers", field=field, mode=mode).save()


def deals(actor: Actor, record: Any, show: Show) -> Content:
    return Content(rows=[PanelRow(title=f"二期水饺线 {record.short_name}", end="386 万")], count=1, url="/x/")


# Computed fields


def visits(actor: Actor, ids: Collection[UUID]) -> dict[UUID, datetime]:
    found = Customer.objects.filter(pk__in=list(ids), short_name__gt="").values_list("pk", "short_name")
    return {pk: datetime(2026, 11, int(day), 9, tzinfo=UTC) for pk, day in found}


def visited(actor: Actor, q: Q) -> Q:
    return Q(pk__in=Customer.objects.filter(q, short_name__gt="").values("pk"))


LAST_VISIT = DateTime(
    name="last_visit_at", label=_("Last changed"), computed=Computed(visits, visited, "created_at")
)
MOTTO = Text(
    name="motto",
    label=_("Remarks"),
    computed=Computed(lambda actor, ids: dict.fromkeys(ids, "重合同")),
    code="accounts.member.manage",
)


@pytest.fixture
def contributed() -> Iterator[None]:
    parts: dict[str, Any] = {"kinds": (LAST_VISIT, MOTTO), "filters": ("last_visit_at",)}
    with contributing("customers", **parts):
        yield


@pytest.mark.usefixtures("contributed")
def test_a_computed_column_costs_one_query_for_all_rows(
    world: World, seller: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 9):
        make(world, f"客户{number}", short_name=str(number))
    seller.get("/customers/")
    monkeypatch.setattr(find("customers"), "columns", ("name",))
    with CaptureQueriesContext(connection) as plain:
        seller.get("/customers/")
    monkeypatch.setattr(find("customers"), "columns", ("name", "last_visit_at"))
    with CaptureQueriesContext(connection) as with_column:
        page = seller.get("/customers/").content.decode()
    assert len(with_column) == len(plain) + 1
    assert page.count("2026-11-0") + page.count("11 月") >= 8


@pytest.mark.usefixtures("contributed")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"last_visit_at.last": "1"}, {"去过"}),
        ({"last_visit_at.until": "2001-01-01"}, set()),
    ],
)
def test_a_list_is_filtered_by_a_computed_field(world: World, query: dict[str, str], names: set[str]) -> None:
    make(world, "去过", short_name="3")
    make(world, "没去过")
    with in_scope(world.seller):
        found = listing.read(world.seller, find("customers"), query).rows()
        assert set(found.values_list("name", flat=True)) == names


@pytest.mark.usefixtures("contributed")
def test_a_computed_field_is_read_only_and_follows_its_rules(world: World, seller: Client) -> None:
    made = make(world, short_name="3")
    resource = find("customers")
    with in_scope(world.seller), pytest.raises(Invalid):
        services.edit_customer(
            world.seller, made.id, data={"last_visit_at": "2026-11-11"}, expected_version=1
        )
    names = {kind.name for kind in access.readable(world.seller, resource)}
    assert "last_visit_at" in names
    assert "motto" not in names  # its code is not the seller's
    ruled = replace(world.seller, field_rules={("customers", "last_visit_at"): "hide"})
    with in_scope(world.seller), pytest.raises(Invalid):
        listing.read(ruled, resource, {"last_visit_at.last": "9"})


@pytest.mark.usefixtures("contributed")
def test_computed_values_are_answered_to_whoever_may_know_them(world: World) -> None:
    made = make(world, short_name="3")
    resource = find("customers")
    with in_scope(world.admin):
        kinds = access.readable(world.admin, resource, ("last_visit_at", "motto"))
        show = Show(actor=world.admin)
        look_up(kinds, [made], show)
        assert [kind.json(made, show) for kind in kinds] == ["2026-11-03T09:00:00+00:00", "重合同"]


# What does not fit is found at start-up


def faults() -> str:
    return "\n".join(str(message.msg) for message in checks.check_resources())


def test_everything_declared_and_contributed_fits() -> None:
    assert faults() == ""


@pytest.mark.parametrize(
    ("to", "parts", "said"),
    [
        ("nonsense", {"filters": ("x",)}, "no such resource"),
        ("customers", {"filters": ("nonsense",)}, "how to filter by"),
        (
            "customers",
            {"kinds": (Text(name="name", label=_("Remarks"), computed=Computed(visits)),)},
            "taken",
        ),
        ("customers", {"kinds": (Text(name="own", label=_("Remarks"), computed=Computed(visits)),)}, "taken"),
        ("customers", {"kinds": (Text(name="q", label=_("Remarks"), computed=Computed(visits)),)}, "taken"),
        (
            "customers",
            {"kinds": (Text(name="plain", label="plain", computed=Computed(visits)),)},
            "translatable",
        ),
        ("customers", {"panels": (Panel("files", _("Customers"), deals),)}, "two of its panels"),
        ("customers", {"panels": (Panel("x", _("Customers"), deals, place="attic"),)}, "no such place"),
        (
            "customers",
            {"panels": (Panel("x", _("Customers"), deals, code="a.b.c"),)},
            "nobody has registered",
        ),
        ("customers", {"panels": (Panel("x", _("tests: not translated"), deals),)}, "no name in zh-hans"),
    ],
)
def test_what_does_not_fit_is_found_at_start_up(to: str, parts: dict[str, Any], said: str) -> None:
    with contributing(to, **parts):
        assert said in faults()
    assert faults() == ""


def test_a_key_is_contributed_once() -> None:
    same: dict[str, Any] = {"panels": (Panel("x", _("Customers"), deals),)}
    with contributing("customers", **same), pytest.raises(ValueError, match="called x"):
        contribute("customers", **same)
    assert faults() == ""
