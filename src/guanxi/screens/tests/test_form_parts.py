"""What the form shows of fields one may not set, and the list of how many more there are."""

from collections.abc import Callable

import pytest
from django.test import Client

from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.models import FieldRule
from guanxi.screens.tests.test_pages import make
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


@pytest.fixture
def seller(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["seller"])


def _restrict(world: World, field: str, mode: str) -> None:
    with in_scope(world.system), operation(world.system, "permissions.role.restrict"):
        FieldRule.objects.create(
            role=world.roles["salesperson"], resource="customers", field=field, mode=mode
        )


def test_a_masked_and_a_read_only_field_stand_in_the_form_and_cannot_be_sent(
    world: World, seller: Client
) -> None:
    made = make(world, phone="13912345678", address="苏州市相城区", remarks="甲\n乙")
    for field, mode in (("phone", "mask"), ("address", "read_only"), ("website", "hide")):
        _restrict(world, field, mode)
    page = seller.get(f"/customers/{made.id}/edit/").content.decode()
    assert "13912345678" not in page
    assert "139 **** 5678" in page
    assert "苏州市相城区" in page
    assert page.count("readonly") == 5  # the two, and what finance says of credit
    assert page.count(' form=""') == 5
    assert 'name="website"' not in page
    data = {"version": "1", "name": made.name, "phone": "1", "address": "2", "remarks": "丙"}
    assert seller.post(f"/customers/{made.id}/edit/", data).status_code == 302
    with in_scope(world.seller):
        made.refresh_from_db()
    assert (made.phone, made.address, made.remarks) == ("13912345678", "苏州市相城区", "丙")


def test_a_new_record_has_nothing_to_show_of_fields_one_may_not_set(world: World, seller: Client) -> None:
    _restrict(world, "phone", "mask")
    assert 'id="id_phone"' not in seller.get("/customers/new/").content.decode()


@pytest.mark.parametrize(("rows", "said"), [(63, "再显示 13 个"), (100, None), (180, None)])
def test_the_total_tells_how_many_more_there_are_where_it_is_not_a_whole_page(
    world: World, seller: Client, rows: int, said: str | None
) -> None:
    with in_scope(world.seller):
        services.create_customers(
            world.seller,
            rows=[
                {"name": f"客户{i}", "relations": "customer", "owner_id": world.seller.member_id}
                for i in range(rows)
            ],
        )
    page = seller.get("/customers/").content.decode()
    assert "再显示 50 个" in page
    url = page.split('hx-get="/customers/total/')[1].split('"')[0].replace("&amp;", "&")
    answer = seller.get(f"/customers/total/{url}").content.decode()
    assert f'data-gx-total="{rows}" hx-swap-oob="true">{rows} 个客户</span>' in answer
    assert ("list-next" in answer) is (said is not None)
    assert said is None or said in answer
