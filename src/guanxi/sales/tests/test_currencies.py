"""Amounts of sales are kept in the minor units of their currency: none of yen, two of yuan, three of dinars."""

import importlib
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connections
from hypothesis import example, given
from hypothesis import strategies as st

from guanxi.catalog.queries.currencies import brought_over
from guanxi.foundation.tenancy.models import company
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.kernel.errors import Invalid, Malformed
from guanxi.kernel.money import LARGEST, Money, Written, brought_to, currency_digits
from guanxi.kinds import Show
from guanxi.resource.history import history_of
from guanxi.resource.registry import find
from guanxi.sales.kinds import Amount
from guanxi.sales.models import Opportunity
from guanxi.sales.tests.selling import opened
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope

_CURRENCIES = ("JPY", "VND", "CNY", "USD", "KWD")
_SAID = {
    "JPY": ("1234", 1_234),
    "VND": ("1234", 1_234),
    "CNY": ("1234.5", 123_450),
    "KWD": ("1234.567", 1_234_567),
}


@given(st.integers(0, 10**15), st.sampled_from(_CURRENCIES))
@example(1, "JPY")
@example(1, "CNY")
@example(1, "KWD")
def test_what_a_field_says_is_read_back_as_the_same_amount(minor: int, currency: str) -> None:
    kind = Amount(name="amount")
    said = kind.plain(Money(minor, currency))
    assert kind.read(said).minor(currency) == minor
    assert len(said.partition(".")[2]) == currency_digits(currency)


@given(st.integers(0, 10**12), st.sampled_from(_CURRENCIES), st.sampled_from(_CURRENCIES))
def test_a_rate_of_one_changes_the_currency_and_not_the_figure(minor: int, currency: str, own: str) -> None:
    found = brought_over(minor, currency, own, 10**8)
    assert found is not None
    least = Decimal(1).scaleb(-currency_digits(own))
    assert abs(Money(found, own).decimal - Money(minor, currency).decimal) <= least / 2


@given(st.integers(0, 10**12), st.sampled_from(_CURRENCIES), st.sampled_from(_CURRENCIES))
def test_another_currency_keeps_the_figure_or_refuses(minor: int, currency: str, other: str) -> None:
    digits = currency_digits(currency) - currency_digits(other)
    if digits > 0 and minor % 10**digits:
        with pytest.raises(Malformed, match="precision"):
            brought_to(minor, currency, other)
        return
    found = brought_to(minor, currency, other)
    assert Money(found, other).decimal == Money(minor, currency).decimal


def test_an_amount_without_its_currency_is_no_number() -> None:
    with pytest.raises(TypeError):
        int(Written("100"))  # type: ignore[call-overload]
    assert Written("100") == Money(100, "JPY")
    assert Written("100") == Money(10_000, "CNY")
    assert Written("100.5") != Money(100, "JPY")
    with pytest.raises(Malformed):
        Written(LARGEST * 10).minor("JPY")


@pytest.mark.parametrize("currency", sorted(_SAID))
def test_every_door_keeps_and_shows_minor_units(world: World, currency: str) -> None:
    said, minor = _SAID[currency]
    with in_scope(world.seller):
        one = opened(world.seller, amount=said, currency=currency)
        assert one.amount == minor
        kind, show = find("opportunities").kind("amount"), Show(world.seller, "en")
        assert kind.json(one, show) == str(Money(minor, currency).decimal)
        assert kind.cell(one, show) == float(said)
        assert kind.editor(kind.value(one), show).value == said
    api = client_for(world.members["seller"])
    page = api.get(find("opportunities").url("card", id=one.pk)).content.decode()
    assert f"{Decimal(said):,}".rstrip("0") in page.replace(".500", ".5")


def test_decimals_that_a_currency_does_not_have_are_refused_beside_the_field(world: World) -> None:
    with in_scope(world.seller):
        with pytest.raises(Invalid) as refused:
            opened(world.seller, amount="100.5", currency="JPY")
        assert list(refused.value.fields) == ["amount"]
        with pytest.raises(Invalid):
            opened(world.seller, amount="USD 100", currency="EUR")
        one = opened(world.seller, amount="100.50")
        with pytest.raises(Invalid):
            find("opportunities").edit(
                world.seller, one.pk, data={"currency": "JPY"}, expected_version=one.version
            )
        assert Opportunity.objects.get(pk=one.pk).currency == "CNY"


def test_lines_and_amount_follow_the_sale_into_another_currency(world: World) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
        line = find("sale_lines").create(
            world.seller, data={"opportunity": str(one.pk), "text": "Pump", "quantity": "3", "price": "200"}
        )
        one.refresh_from_db()
        assert (one.amount, one.own_amount) == (60_000, 60_000)
        one = find("opportunities").edit(
            world.seller, one.pk, data={"currency": "JPY"}, expected_version=one.version
        )
        line.refresh_from_db()
        assert (one.amount, line.amount, one.own_amount, one.amount_by) == (600, 600, None, "lines")
    with in_scope(world.admin):
        find("exchange_rates").create(
            world.admin, data={"currency": "JPY", "day": "2020-01-01", "rate": "0.05"}
        )
        one.refresh_from_db()
        assert one.own_amount == 3_000


def test_a_company_that_reckons_in_yen_has_whole_ones(world: World) -> None:
    with in_scope(world.admin):
        tenant = company()
        tenant.settings = {**tenant.settings, "currency": "JPY"}
        type(tenant).objects.filter(pk=tenant.pk).update(settings=tenant.settings)
    with in_scope(world.admin):
        find("exchange_rates").create(
            world.admin, data={"currency": "CNY", "day": "2020-01-01", "rate": "20"}
        )
    with in_scope(world.seller):
        one = opened(world.seller, amount="12.5", currency="CNY")
        assert (one.amount, one.own_amount) == (1_250, 250)
        two = opened(world.seller, amount="90")
        assert (two.currency, two.amount, two.own_amount) == ("JPY", 90, 90)
        kind = find("opportunities").kind("own_amount")
        assert kind.clean("1200", world.seller) == 1_200
        assert kind.text(one, Show(world.seller, "en")) == "JP¥250"


def test_a_file_in_several_currencies_comes_in_is_added_to_and_is_read_back(
    world: World, tmp_path: Path
) -> None:
    text = (
        "Deal name,Deal ID,Deal amount,Currency\nA,1,1200,JPY\nB,2,1200.5,CNY\nC,3,1.125,KWD\nD,4,7.5,JPY\n"
    )
    path = tmp_path / "deals.csv"
    path.write_text(text)
    resource = find("opportunities")
    with in_scope(world.admin, door="cli"):
        for again, wanted in ((False, (4, 0)), (True, (0, 0))):
            table = open_table(path)
            columns = map_columns(world.admin, resource, table.headers)
            options = Options(on_duplicate="overwrite")
            found = run_import(world.admin, resource=resource, table=table, columns=columns, options=options)
            assert (found.created, found.updated) == wanted, again
            # Half a yen is told and left out; the second time nothing differs.
            assert found.warnings == (0 if again else 1)
        assert dict(Opportunity.objects.values_list("name", "amount")) == {
            "A": 1_200, "B": 120_050, "C": 1_125, "D": None
        }  # fmt: skip
    sheet = client_for(world.members["admin"]).get(
        "/opportunities/export/?format=csv&columns=name,amount,currency"
    )
    said = b"".join(sheet.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = sorted(line.split(",")[:2] for line in said.split()[1:])
    assert rows == [["A", "1200.0"], ["B", "1200.5"], ["C", "1.125"], ["D", ""]]


def test_the_history_says_amounts_in_their_currency(world: World) -> None:
    with in_scope(world.seller):
        one = opened(world.seller, amount="1200", currency="JPY")
        find("opportunities").edit(
            world.seller, one.pk, data={"amount": "1500"}, expected_version=one.version
        )
        entries, _more = history_of(world.seller, find("opportunities"), one, Show(world.seller, "en"))
        said = [(each.old, each.new) for entry in entries for each in entry.fields if each.key == "amount"]
        assert said == [("JP¥1,200", "JP¥1,500")]


def test_amounts_of_before_are_scaled_with_their_images(world: World) -> None:
    """The migration: yen from hundredths to whole ones, yuan as they were."""
    scale = importlib.import_module("guanxi.sales.migrations.0008_minor_units")._SCALE
    with in_scope(world.seller):
        yen, yuan = opened(world.seller, amount="1200", currency="JPY"), opened(world.seller, amount="1200")
        find("sale_lines").create(
            world.seller, data={"opportunity": str(yen.pk), "text": "Pump", "quantity": "1", "price": "1200"}
        )
        find("rivals").create(world.seller, data={"opportunity": str(yen.pk), "name": "Acme", "price": "7"})
    # As it stood: a hundred times as many.
    with connections["owner"].cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            cursor.execute("ALTER TABLE sales_opportunity DISABLE TRIGGER USER")
            cursor.execute("UPDATE sales_opportunity SET amount = 120000 WHERE id = %s", [yen.pk])
            cursor.execute("ALTER TABLE sales_opportunity ENABLE TRIGGER USER")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(scale)
            cursor.execute(
                "SELECT o.amount, (SELECT amount FROM sales_line WHERE opportunity_id = o.id), "
                "(SELECT price FROM sales_rival WHERE opportunity_id = o.id), "
                "(SELECT (new ->> 'amount')::bigint FROM ledger_change WHERE row_id = o.id AND action = 'I'), "
                "(SELECT max(amount) FROM sales_move WHERE opportunity_id = o.id) "
                "FROM sales_opportunity o WHERE id = ANY (%s) ORDER BY currency DESC",
                [[yen.pk, yuan.pk]],
            )
            assert cursor.fetchall() == [
                (1_200, 12, 7_000_000, 12, 12),
                (120_000, None, None, 120_000, 120_000),
            ]
        finally:
            cursor.execute("ROLLBACK")
