"""What hangs in a card: panels that ask for themselves, alerts, buttons, fields contributed from above."""

import re
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
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from guanxi.customers import services
from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import FieldRule
from guanxi.kernel.errors import Invalid
from guanxi.resource import access, checks, listing
from guanxi.resource.contributions import Alert, Button, Content, Panel, contribute
from guanxi.resource.kinds import Computed, DateTime, Show, Text
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


def deals(actor: Actor, record: Any, show: Show) -> Content:
    return Content(rows=[PanelRow(title=f"二期水饺线 {record.short_name}", end="386 万")], count=1, url="/x/")


def broken(actor: Actor, record: Any, show: Show) -> Content:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    return Content()


def hide(world: World, field: str, mode: str = "hide") -> None:
    with in_scope(world.system), operation(world.system, "tests.rule.set"):
        FieldRule(role=world.roles["salesperson"], resource="customers", field=field, mode=mode).save()


# Panels


def test_a_panel_asks_for_itself_and_is_not_drawn_with_the_card(world: World, seller: Client) -> None:
    made = make(world)
    with contributing("customers", panels=(Panel("deals", _("Customers"), deals),)):
        card = seller.get(f"/customers/{made.id}/").content.decode()
        assert "二期水饺线" not in card
        assert f'hx-get="/customers/{made.id}/panel/deals/" hx-trigger="gx:near once"' in card
        part = seller.get(f"/customers/{made.id}/panel/deals/", headers=HTMX).content.decode()
        assert "二期水饺线" in part
        assert "<html" not in part
        page = seller.get(f"/customers/{made.id}/panel/deals/").content.decode()
        assert "二期水饺线" in page
        assert f"<h1>{made.name}</h1>" in page


def test_what_must_be_seen_at_once_comes_with_the_card_in_its_place(world: World, seller: Client) -> None:
    made = make(world)
    first = Panel("first", _("Customers"), deals, place="middle", order=10, at_once=True)
    with contributing("*", panels=(first,)):
        card = seller.get(f"/customers/{made.id}/").content.decode()
    middle = card.index('id="history"')
    assert middle < card.index('id="panel-first"') < card.index('id="panel-history"')


def test_a_tab_is_a_page_of_its_own_under_the_same_head(world: World, seller: Client) -> None:
    made = make(world)
    with contributing("customers", panels=(Panel("map", _("Customers"), deals, place="tab", at_once=True),)):
        card = seller.get(f"/customers/{made.id}/").content.decode()
        assert f'<a href="/customers/{made.id}/panel/map/">' in card
        assert 'id="panel-map"' not in card
        page = seller.get(f"/customers/{made.id}/panel/map/").content.decode()
    assert f'<a href="/customers/{made.id}/panel/map/" aria-current="page">' in page
    assert 'id="facts"' not in page


def test_a_panel_without_its_permission_is_nowhere(
    world: World, seller: Client, client_for: ClientFor
) -> None:
    made = make(world)
    secret = Panel("secret", _("Customers"), deals, code="accounts.member.manage")
    url = f"/customers/{made.id}/panel/secret/"
    with contributing("customers", panels=(secret,)):
        assert "secret" not in seller.get(f"/customers/{made.id}/").content.decode()
        assert seller.get(url, headers=HTMX).status_code == 403
        assert "二期" in client_for(world.members["admin"]).get(url, headers=HTMX).content.decode()
        assert client_for(world.members["teammate"]).get(url, headers=HTMX).status_code == 404
    assert seller.get(url, headers=HTMX).status_code == 404


@pytest.mark.parametrize("at_once", [True, False])
def test_what_fails_in_a_panel_says_so_there_and_nowhere_else(
    world: World, seller: Client, at_once: bool
) -> None:
    made = make(world)
    panels = (
        Panel("broken", _("Customers"), broken, at_once=at_once),
        Panel("deals", _("Customers"), deals, at_once=True),
    )
    with contributing("customers", panels=panels):
        card = seller.get(f"/customers/{made.id}/")
        alone = seller.get(f"/customers/{made.id}/panel/broken/", headers=HTMX)
    text = card.content.decode()
    assert card.status_code == 200
    assert "二期水饺线" in text
    assert made.name in text
    assert ("无法显示" in text) is at_once
    assert alone.status_code == 200
    assert "无法显示" in alone.content.decode()


def test_an_empty_panel_says_what_belongs_there(world: World, seller: Client) -> None:
    made = make(world)

    def nothing(actor: Actor, record: Any, show: Show) -> Content:
        return Content(empty="签了单才有合同", add_url="/contracts/new/", add="新建合同")

    with contributing("customers", panels=(Panel("contracts", _("Customers"), nothing),)):
        part = seller.get(f"/customers/{made.id}/panel/contracts/", headers=HTMX).content.decode()
    assert "签了单才有合同" in part
    assert "/contracts/new/" in part
    assert "新建合同" in part


def test_a_panels_own_template_sees_record_and_viewer(world: World, seller: Client) -> None:
    made = make(world)
    part = seller.get(f"/customers/{made.id}/panel/history/", headers=HTMX).content.decode()
    assert "单晓梅" in part
    assert 'hx-trigger="gx:changed from:body"' in part


# Related


def test_related_rows_are_three_with_their_count_and_the_way_to_all(world: World, seller: Client) -> None:
    made = make(world)
    for number in range(5):
        make(world, f"鲁味园{number}分公司", parent=str(made.id), region="371300")
    part = seller.get(f"/customers/{made.id}/panel/customers-parent/", headers=HTMX).content.decode()
    assert len(re.findall('class="gx-r"', part)) == 3
    assert '<span class="gx-c">5</span>' in part
    assert f"/customers/?parent={made.id}" in part
    assert "临沂" in part
    listed = seller.get(f"/customers/?parent={made.id}").content.decode()
    assert len(re.findall('<tr data-id="', listed)) == 5
    form = seller.get(f"/customers/new/?parent={made.id}").content.decode()
    assert f"/customers/new/?parent={made.id}" in part
    assert f'name="parent" value="{made.id}"' in form
    assert made.name in form


def test_related_rows_are_those_the_viewer_may_see(
    world: World, seller: Client, client_for: ClientFor
) -> None:
    made = make(world)
    with in_scope(world.teammate):
        services.create_customer(world.teammate, data={"name": "同事的分公司", "relations": "customer"})
        theirs = Customer.objects.get(name="同事的分公司")
    with in_scope(world.manager):
        services.edit_customer(world.manager, theirs.id, data={"parent": str(made.id)}, expected_version=1)
    url = f"/customers/{made.id}/panel/customers-parent/"
    assert "同事的分公司" not in seller.get(url, headers=HTMX).content.decode()
    assert "同事的分公司" in client_for(world.members["manager"]).get(url, headers=HTMX).content.decode()


def test_what_refers_by_a_hidden_field_is_not_told(world: World, seller: Client) -> None:
    made = make(world)
    make(world, "鲁味园分公司", parent=str(made.id), region="371300")
    hide(world, "region")
    part = seller.get(f"/customers/{made.id}/panel/customers-parent/", headers=HTMX).content.decode()
    assert "鲁味园分公司" in part
    assert "临沂" not in part
    hide(world, "parent")
    assert "customers-parent" not in seller.get(f"/customers/{made.id}/").content.decode()
    assert seller.get(f"/customers/{made.id}/panel/customers-parent/", headers=HTMX).status_code == 404


# Alerts and buttons


def test_alerts_stand_at_the_head_of_card_and_preview(world: World, seller: Client) -> None:
    made = make(world)
    alerts = (
        Alert("late", lambda actor, record, show: ("bad", f"{record.name}：验收款逾期 12 天", "/receipts/")),
        Alert("none", lambda actor, record, show: None),
        Alert("broken", lambda actor, record, show: 1 / 0),  # type: ignore[arg-type,return-value]
        Alert("secret", lambda actor, record, show: ("", "毛利 3%", ""), code="accounts.member.manage"),
    )
    with contributing("customers", alerts=alerts):
        for page in ("", "preview/"):
            text = seller.get(f"/customers/{made.id}/{page}").content.decode()
            assert "验收款逾期 12 天" in text, page
            assert 'href="/receipts/"' in text, page
            assert "毛利" not in text, page


def test_buttons_stand_beside_the_name_and_at_the_end(world: World, seller: Client) -> None:
    made = make(world)
    buttons = (
        Button("star", lambda actor, record, show: format_html('<i id="star">{}</i>', "★"), place="title"),
        Button("evil", lambda actor, record, show: "<script>"),
        Button("none", lambda actor, record, show: ""),
    )
    with contributing("*", buttons=buttons):
        text = seller.get(f"/customers/{made.id}/").content.decode()
    assert f'<h1>{made.name}</h1><i id="star">★</i>' in text
    assert "&lt;script&gt;" in text


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


# Forms over a form


def test_what_is_missing_is_created_on_the_spot(world: World, seller: Client) -> None:
    form = seller.get("/customers/new/").content.decode()
    assert 'data-create="/customers/new/spot/"' in form
    offered = seller.get("/customers/options/parent/?q=鲁味园集团&create=1", headers=HTMX).content.decode()
    assert 'data-create="鲁味园集团"' in offered
    assert (
        "data-create" not in seller.get("/customers/options/parent/?q=鲁味园", headers=HTMX).content.decode()
    )
    small = seller.get("/customers/new/spot/?text=鲁味园集团", headers=HTMX).content.decode()
    assert 'value="鲁味园集团"' in small
    assert 'name="relations"' in small
    assert 'name="website"' not in small
    done = seller.post(
        "/customers/new/spot/", {"name": "鲁味园集团", "relations": ["customer"]}, headers=HTMX
    )
    with in_scope(world.seller):
        made = Customer.objects.get(name="鲁味园集团")
    assert done.status_code == 201
    assert f'data-gx-made="{made.id}" data-label="鲁味园集团"' in done.content.decode()
    assert "/undo/" in done["HX-Trigger"]
    assert made.owner_id == world.seller.member_id


def test_the_small_form_keeps_what_was_typed_and_shows_what_exists(world: World, seller: Client) -> None:
    wrong = seller.post("/customers/new/spot/", {"name": "", "relations": ["bank"]}, headers=HTMX)
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.content.decode()
    assert re.search(r'value="bank" checked', wrong.content.decode())
    made = make(world, "上海北斗机械有限公司")
    data = {"name": "上海北斗机械股份有限公司", "relations": ["customer"]}
    double = seller.post("/customers/new/spot/", data, headers=HTMX)
    assert double.status_code == 409
    assert f'data-gx-use="{made.id}"' in double.content.decode()
    again = seller.post("/customers/new/spot/", {**data, "allow_duplicate": "1"}, headers=HTMX)
    assert again.status_code == 201


def test_who_may_not_create_is_offered_nothing(world: World, client_for: ClientFor) -> None:
    with in_scope(world.system), operation(world.system, "tests.role.set"):
        world.roles["salesperson"].grants.filter(code="customers.customer.create").delete()
    seller = client_for(world.members["seller"])
    made = make_as_system(world)
    card = seller.get(f"/customers/{made.id}/field/parent/", headers=HTMX).content.decode()
    assert "gx-fact-editor" in card
    assert "data-create" not in card
    assert seller.get("/customers/new/spot/?text=x", headers=HTMX).status_code == 403
    offered = seller.get("/customers/options/parent/?q=x&create=1", headers=HTMX).content.decode()
    assert "data-create" not in offered


def make_as_system(world: World) -> Customer:
    with in_scope(world.system):
        return services.create_customer(
            world.system,
            data={"name": "系统建的", "relations": "customer", "owner": str(world.seller.member_id)},
        )


# History of a field


def test_a_fields_history_is_one_press_away(world: World, seller: Client) -> None:
    made = make(world, short_name="旧")
    with in_scope(world.seller):
        services.edit_customer(world.seller, made.id, data={"short_name": "新"}, expected_version=1)
    url = f"/customers/{made.id}/history/?field=short_name"
    assert f'href="{url}" data-gx-over' in seller.get(f"/customers/{made.id}/").content.decode()
    over = seller.get(url, headers=HTMX).content.decode()
    assert "<html" not in over
    assert "旧" in over
    assert "<html" in seller.get(url).content.decode()


# How many queries


def test_a_card_asks_the_database_fifteen_times_and_a_panel_four(world: World, seller: Client) -> None:
    made = make(world)
    make(world, "鲁味园分公司", parent=str(made.id))
    for number in range(1, 8):
        with in_scope(world.seller):
            services.edit_customer(
                world.seller, made.id, data={"phone": str(number)}, expected_version=number
            )
    seller.get(f"/customers/{made.id}/")
    with CaptureQueriesContext(
        connection
    ) as signed_in:  # what knowing who asks, in which company, costs any page
        seller.get("/customers/filter/", headers=HTMX)
    with CaptureQueriesContext(connection) as card:
        seller.get(f"/customers/{made.id}/")
    assert len(card) - len(signed_in) <= 15, [query["sql"][:160] for query in card]
    page = seller.get(f"/customers/{made.id}/").content.decode()
    later = re.findall(r'hx-get="([^"]+/panel/[^"]+)" hx-trigger="gx:near', page)
    assert f"/customers/{made.id}/panel/customers-parent/" in later
    for url in later:
        with CaptureQueriesContext(connection) as part:
            seller.get(url, headers=HTMX)
        assert len(part) - len(signed_in) <= 4, (url, [query["sql"][:160] for query in part])


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
