"""What is to be cleared up of sales: answered once for many, undone as one, and no figure changes by it."""

import pytest
from django.test import Client

from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.services import set_field_rule
from guanxi.resource.registry import find
from guanxi.sales.models import Line, Opportunity
from guanxi.sales.queries import review
from guanxi.sales.services.review import answer_customer, answer_text
from guanxi.sales.tests.selling import opened
from guanxi.testing.clients import client_for
from guanxi.testing.factories import make
from guanxi.testing.worlds import World, in_scope

URL = "/opportunities/review/"


@pytest.fixture
def lines(world: World) -> list[Line]:
    """Three lines that say "Pump2" beside a product "Pump 2", in three sales without a customer."""
    with in_scope(world.admin):
        products = find("products")
        products.create(world.admin, data={**products.defaults, "name": "Pump 2"})
    with in_scope(world.seller):
        for number in range(3):
            sale = opened(world.seller, customer=None, name=f"Sale {number}", amount="100")
            find("sale_lines").create(
                world.seller, data={"opportunity": str(sale.pk), "text": "Pump2", "quantity": "1"}
            )
        return list(Line.objects.all())


def _figures() -> list[object]:
    return list(Opportunity.objects.order_by("pk").values_list("pk", "stage_id", "amount", "own_amount"))


def test_one_answer_holds_for_every_line_of_a_text(world: World, lines: list[Line]) -> None:
    with in_scope(world.seller):
        (said,) = review.texts(world.seller, 9)
        assert (said.text, said.lines, review.totals(world.seller)) == ("Pump2", 3, (3, 3))
        before = _figures()
        assert answer_text(world.seller, text="Pump2", suggested=said.suggested, product=said.suggested) == 3
        act = last_operation_id()
        assert act is not None
    with in_scope(world.seller):
        assert set(Line.objects.values_list("text", "product__name")) == {("Pump2", "Pump 2")}
        assert (review.totals(world.seller), _figures()) == ((3, 0), before)
        undo(world.seller, act)
        assert review.totals(world.seller) == (3, 3)


def test_what_stays_as_it_is_is_not_asked_again(world: World, lines: list[Line]) -> None:
    with in_scope(world.seller):
        (said,) = review.texts(world.seller, 9)
        answer_text(world.seller, text="Pump2", suggested=said.suggested, product=None)
        find("sale_lines").edit(world.seller, lines[0].pk, data={"quantity": "2"}, expected_version=None)
        assert review.totals(world.seller) == (3, 0)
        sales = list(Opportunity.objects.values_list("pk", flat=True))
        assert answer_customer(world.seller, ids=sales[:2], customer=None) == 2
        assert review.totals(world.seller) == (1, 0)
        assert Opportunity.objects.filter(customer=None).count() == 3


def test_sales_get_a_customer_many_at_once(world: World, lines: list[Line]) -> None:
    with in_scope(world.seller):
        customer = make(world.seller, find("customers")).pk
        before = _figures()
    client = client_for(world.members["seller"])
    assert client.post(URL, {"do": "customer", "all": "1"}).status_code == 422
    assert client.post(URL, {"do": "customer", "customer": str(customer)}).status_code == 422
    answer = client.post(URL, {"do": "customer", "customer": str(customer), "all": "1"})
    assert answer.status_code == 302
    with in_scope(world.seller):
        assert Opportunity.objects.filter(customer=customer).count() == 3
        assert (_figures(), review.totals(world.seller)) == (before, (0, 3))


def test_the_page_answers_and_says_how_many(world: World, lines: list[Line]) -> None:
    client: Client = client_for(world.members["seller"])
    page = client.get(URL).content.decode()
    assert "Pump2" in page
    assert page.count('name="id"') == 3
    client.post(URL, {"do": "take", "text": "Pump2", "suggested": str(lines[0].suggested_id)})
    client.post(URL, {"do": "leave_sale", "all": "1"})
    page = client.get(URL).content.decode()
    assert 'name="do"' not in page


def test_nobody_counts_or_answers_what_is_beyond_him(world: World, lines: list[Line]) -> None:
    with in_scope(world.elsewhere):
        assert review.totals(world.elsewhere) == (0, 0)
        sales = [one.opportunity_id for one in lines]
        assert answer_customer(world.elsewhere, ids=sales, customer=None) == 0
    with in_scope(world.admin):
        set_field_rule(
            world.admin,
            world.roles["salesperson"].id,
            resource="opportunities",
            field="customer",
            mode="hide",
        )
    page = client_for(world.members["seller"]).get(URL).content.decode()
    assert 'name="id"' not in page
