"""A customer's settlement, registration and credit: read, found, and set by whom."""

# Chinese in code: names of customers, and what stands in cells

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from guanxi.customers.kinds import Capital, Days, SettlementTerms
from guanxi.customers.models import Customer
from guanxi.customers.rules import former_names, joined_names
from guanxi.customers.services.credit import set_credit
from guanxi.customers.services.customers import create_customer, edit_customer
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Invalid
from guanxi.kinds import FieldProblem, Show
from guanxi.resource import access
from guanxi.resource.history import history_of
from guanxi.resource.registry import find
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope


def _customer(actor: Actor, name: str = "苏州甲机械有限公司", **data: Any) -> Customer:
    with in_scope(actor):
        return create_customer(actor, data={"name": name, "relations": "customer", **data})


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("月结60天", "monthly-060"),
        ("月结 30 天", "monthly-030"),
        ("net 45", "monthly-045"),
        ("90天", "monthly-090"),
        ("月结", "monthly"),
        ("款到发货", "prepaid"),
        ("COD", "delivery"),
        ("分期付款", "instalments"),
        ("monthly-015", "monthly-015"),
        ("看心情", ""),
        ("月结0天", ""),
    ],
    ids=[
        "60",
        "30",
        "net",
        "days",
        "monthly",
        "before",
        "on delivery",
        "parts",
        "code",
        "else",
        "none",
    ],
)
def test_settlement_terms_are_read_as_people_write_them(written: str, code: str) -> None:
    assert SettlementTerms().read(written) == code


def test_settlement_terms_with_any_number_of_days_are_offered_said_and_filtered(world: World) -> None:
    terms = SettlementTerms()
    assert "monthly-075" in {one.value for one in terms.suggest("75", "zh-hans")}
    for code in ("prepaid", "delivery", "instalments", "monthly", "monthly-075"):
        assert terms.read(terms.label(code, "zh-hans")) == code
    first = _customer(world.seller, settlement="月结75天")
    _customer(world.seller, "无锡乙机械有限公司", settlement="款到发货")
    assert first.settlement == "monthly-075"
    kind = find("customers").kind("settlement")
    with in_scope(world.seller):
        found = Customer.objects.filter(kind.condition("is", ["月结"], world.seller))
        assert [one.pk for one in found] == [first.pk]


@pytest.mark.parametrize(
    ("written", "stored"),
    [("1000万元人民币", 1_000_000_000), ("500万", 500_000_000), ("12.5", 1250), ("1,200,000元", 120_000_000)],
    ids=["yuan", "short", "cents", "grouped"],
)
def test_capital_is_read_as_a_register_writes_it(world: World, written: str, stored: int) -> None:
    assert Capital(name="capital").clean(written, world.seller) == stored


def test_days_have_bounds(world: World) -> None:
    days = Days(name="credit_days")
    assert days.clean("60 天", world.owner) == 60
    for wrong in ("-1", "4000", "1.5"):
        with pytest.raises(FieldProblem):
            days.clean(wrong, world.owner)


def test_a_customer_is_found_by_a_former_name_and_meant_by_it(world: World) -> None:
    customer = _customer(world.seller, former_names="苏州旧日机械厂；吴县农机修造厂")
    other = _customer(world.seller, "无锡乙机械有限公司")
    resource = find("customers")
    with in_scope(world.seller):
        for text in ("旧日机械", "农机修造", "jrjx"):
            assert [hit.id for hit in access.search(world.seller, resource, text)] == [customer.pk], text
        rows = access.visible(world.seller, resource)
        assert list(rows.filter(resource.exact("苏州旧日机械厂"))) == [customer]
        meant = resource.exact_many(rows, ["苏州旧日机械厂", "无锡乙机械有限公司", "没有的公司"])
        assert meant == {
            "苏州旧日机械厂": [customer.pk],
            "无锡乙机械有限公司": [other.pk],
            "没有的公司": [],
        }


def test_credit_is_set_by_finance_and_administrators_at_every_door(world: World) -> None:
    customer = _customer(world.seller)
    with in_scope(world.seller):
        with pytest.raises(Invalid):
            edit_customer(world.seller, customer.pk, data={"credit_limit": "20万"}, expected_version=None)
        with pytest.raises(Invalid):
            find("customers").edit_many(world.seller, ids=[customer.pk], data={"credit_rating": "AA"})
        with pytest.raises(Forbidden):
            set_credit(world.seller, ids=[customer.pk], credit_rating="AA")
    with in_scope(world.seller), pytest.raises(Invalid):
        create_customer(
            world.seller, data={"name": "无锡乙", "relations": "customer", "credit_rating": "AAA"}
        )
    with in_scope(world.owner):
        edit_customer(
            world.owner,
            customer.pk,
            data={"credit_rating": "AA", "credit_limit": "20万", "credit_days": "60"},
            expected_version=None,
        )
        customer.refresh_from_db()
        assert (customer.credit_rating, customer.credit_limit, customer.credit_days) == ("AA", 20_000_000, 60)
    # Who may not set it sees it, and what it was before.
    resource = find("customers")
    with in_scope(world.seller):
        entries, _more = history_of(
            world.seller, resource, customer, Show(actor=world.seller), field="credit_limit"
        )
        assert [entry.action for entry in entries] == ["U", "I"]
        assert resource.kind("credit_limit") in access.readable(world.seller, resource)


def test_finance_sets_credit_without_the_right_to_edit_and_takes_it_back(world: World) -> None:
    customer = _customer(world.seller)
    grants = {"customers.customer.view": "all", "customers.customer.credit": "all"}
    finance = replace(world.elsewhere, grants={**world.elsewhere.grants, **grants})
    with in_scope(finance):
        with pytest.raises(Forbidden):
            edit_customer(finance, customer.pk, data={"credit_days": "30"}, expected_version=None)
        assert (
            set_credit(finance, ids=[customer.pk], credit_rating="BBB", credit_limit=None, credit_days=30)
            == 1
        )
        operation = last_operation_id()
        customer.refresh_from_db()
        assert (customer.credit_rating, customer.credit_limit, customer.credit_days) == ("BBB", None, 30)
    assert operation is not None
    with in_scope(finance):
        undo(finance, operation)
        customer.refresh_from_db()
        assert (customer.credit_rating, customer.credit_days) == ("", None)


def test_the_form_shows_credit_to_the_seller_and_folds_what_is_empty(world: World) -> None:
    customer = _customer(world.seller)
    with in_scope(world.owner):
        set_credit(world.owner, ids=[customer.pk], credit_days=45)
    page = client_for(world.members["seller"]).get(f"/customers/{customer.pk}/edit/").content.decode()
    assert 'name="credit_days"' not in page or "readonly" in page
    assert page.count('class="gx-fold"') == 1  # registration; settlement and credit hold something
    new = client_for(world.members["seller"]).get("/customers/new/").content.decode()
    assert 'name="credit_days"' not in new
    assert new.count('class="gx-fold"') == 2
    saved = client_for(world.members["seller"]).post(
        f"/customers/{customer.pk}/edit/",
        {"name": customer.name, "founded": "2001-02-03", "credit_days": "90", "version": "2"},
    )
    assert saved.status_code == 302
    with in_scope(world.seller):
        customer.refresh_from_db()
        assert (customer.founded, customer.credit_days) == (date(2001, 2, 3), 45)


def test_capital_is_shown_as_amounts_are_in_its_own_currency(world: World) -> None:
    with in_scope(world.seller):
        data = {"name": "山东鲁味园食品有限公司", "relations": "customer", "capital": "1000万"}
        one = create_customer(world.seller, data=data, allow_duplicate=True)
        kind = find("customers").kind("capital")
        assert "¥1000万" in kind.html(one, Show(actor=world.seller, language="zh-hans")).replace(",", "")
        one.capital_currency = "USD"
        shown = kind.html(one, Show(actor=world.seller, language="en"))
        assert "$" in shown
        assert "¥" not in shown
        # A file has the number, which is read back.
        assert kind.cell(one, Show(actor=world.seller, language="zh-hans")) == 10_000_000


def test_former_names_are_parted_as_their_script_parts_them() -> None:
    assert joined_names(["常州苏谷", "苏谷"]) == "常州苏谷；苏谷"
    assert joined_names(["Sugu Ltd", "Sugu Foods"]) == "Sugu Ltd; Sugu Foods"
    assert former_names(joined_names(["常州苏谷", "苏谷"])) == ["常州苏谷", "苏谷"]


@pytest.mark.parametrize(
    ("page", "checked"),
    [
        ("/customers/new/", True),
        ("/people/new/", True),
        ("/business/new/", False),
        ("/addresses/new/", False),
    ],
    ids=["customers", "people", "business", "addresses"],
)
def test_only_forms_of_what_is_compared_have_a_place_for_duplicates(
    world: World, client_for: Any, page: str, checked: bool
) -> None:
    answer = client_for(world.members["seller"]).get(page)
    assert answer.status_code == 200
    assert ('id="duplicates"' in answer.content.decode()) is checked
