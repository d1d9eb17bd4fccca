"""What hangs in a card: panels that ask for themselves, related rows, alerts, buttons, a field's history."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import FieldRule
from guanxi.kinds import Show
from guanxi.resource.contributions import Alert, Button, Content, Panel
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
    assert middle < card.index('id="panel-first"') < card.index('id="panel-timeline"')


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


def test_a_template_may_bring_its_own_head(world: World, seller: Client) -> None:
    made = make(world)

    def bare(actor: Actor, record: Any, show: Show) -> Content:
        return Content(template="screens/made.html", bare=True)

    with contributing("customers", panels=(Panel("bare", _("Customers"), bare),)):
        part = seller.get(f"/customers/{made.id}/panel/bare/", headers=HTMX).content.decode()
    assert f'data-gx-made="{made.id}"' in part
    assert "<h2>" not in part


def test_a_panels_own_template_sees_record_and_viewer(world: World, seller: Client) -> None:
    made = make(world)
    part = seller.get(f"/customers/{made.id}/panel/timeline/", headers=HTMX).content.decode()
    assert "单晓梅" in part
    assert 'hx-trigger="gx:changed from:body' in part


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


def test_a_form_that_comes_with_a_link_keeps_a_draft_of_its_own(world: World, seller: Client) -> None:
    made = make(world)
    url = f"/customers/new/?parent={made.id}"
    form = seller.get(url).content.decode()
    assert f'action="{url}"' in form
    assert f'data-gx-draft="customers-newparent={made.id}"' in form
    data = {"name": "鲁味园分公司", "relations": ["customer"], "parent": str(made.id)}
    card = seller.post(url, data, follow=True).content.decode()
    assert f'<meta name="gx-saved" content="customers-newparent={made.id}">' in card
    plain = seller.post("/customers/new/", {"name": "另一家", "relations": ["customer"]}, follow=True)
    assert '<meta name="gx-saved" content="customers-new">' in plain.content.decode()


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
    assert (
        text.index(f"<h1>{made.name}</h1>") < text.index('<i id="star">★</i>') < text.index("&lt;script&gt;")
    )
    assert text.index("&lt;script&gt;") < text.index(f'href="/customers/{made.id}/edit/"')


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


def test_a_card_asks_the_database_twenty_six_times_and_a_panel_six(world: World, seller: Client) -> None:
    # One of each is what the reader has a part in, one of the card's whom we know at the customer, one his pools,
    # one what we promised there and is overdue, one whether registrations there collide, two when it was last sold to.
    made = make(world)
    make(world, "鲁味园分公司", parent=str(made.id))
    for number in range(1, 8):
        with in_scope(world.seller):
            services.edit_customer(
                world.seller, made.id, data={"phone": f"0539-10000{number:02}"}, expected_version=number
            )
    seller.get(f"/customers/{made.id}/")
    with CaptureQueriesContext(
        connection
    ) as signed_in:  # what knowing who asks, in which company, costs any page
        seller.get("/customers/filter/", headers=HTMX)
    with CaptureQueriesContext(connection) as card:
        seller.get(f"/customers/{made.id}/")
    assert len(card) - len(signed_in) <= 26, [query["sql"][:160] for query in card]
    page = seller.get(f"/customers/{made.id}/").content.decode()
    later = re.findall(r'hx-get="([^"]+/panel/[^"]+)" hx-trigger="gx:near', page)
    assert f"/customers/{made.id}/panel/customers-parent/" in later
    for url in later:
        with CaptureQueriesContext(connection) as part:
            seller.get(url, headers=HTMX)
        assert len(part) - len(signed_in) <= 6, (url, [query["sql"][:160] for query in part])
