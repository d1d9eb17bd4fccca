"""What certainly exists is said plainly, and created again only by who sees it and says why."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.customers.models import Customer
from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.codes import make_credit_code
from guanxi.kernel.errors import Refused
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
CODE = make_credit_code(12345678)
DATA = {"name": "乙公司", "relations": "customer", "credit_code": CODE}


def _first(actor: Actor, **more: Any) -> Customer:
    with in_scope(actor):
        return services.create_customer(actor, data={**DATA, "name": "甲公司", **more})


def _again(actor: Actor, **more: Any) -> Customer:
    with in_scope(actor):
        return services.create_customer(actor, data=DATA, **more)


def test_a_manager_who_sees_it_creates_it_again_with_a_reason_that_stands_in_the_log(
    world: World, client_for: ClientFor
) -> None:
    _first(world.seller)
    with pytest.raises(Refused) as refused:
        _again(world.manager)
    assert refused.value.params["overridable"] is True
    assert "已经有了" in str(refused.value.reason)
    assert "好像" not in str(refused.value.reason)
    with in_scope(world.manager):
        services.create_customer(world.manager, data=DATA, duplicate_reason=" 分厂单独\x00开票 ")
        done = last_operation_id()
        assert done is not None
        assert Operation.objects.get(id=done).summary["reason"] == "分厂单独开票"
    page = client_for(world.members["manager"]).get(reverse("operation", args=[done]))
    assert "分厂单独开票" in page.content.decode()


def test_a_seller_does_not_and_a_manager_not_over_what_he_cannot_see(world: World) -> None:
    _first(world.seller)
    with pytest.raises(Refused) as refused:
        _again(world.seller, duplicate_reason="weil", allow_duplicate=True)
    assert refused.value.params["overridable"] is False
    _first(world.admin, name="丙公司", credit_code=make_credit_code(11112222))
    unseen = {**DATA, "credit_code": make_credit_code(11112222)}
    with in_scope(world.manager), pytest.raises(Refused) as refused:
        services.create_customer(world.manager, data=unseen, duplicate_reason="weil")
    assert refused.value.params["overridable"] is False
    with in_scope(world.system):
        assert Customer.objects.count() == 2


def test_the_form_asks_the_manager_for_the_reason_and_nobody_else(
    world: World, client_for: ClientFor
) -> None:
    _first(world.seller)
    manager, seller = client_for(world.members["manager"]), client_for(world.members["seller"])
    assert "duplicate_reason" not in seller.post("/customers/new/", DATA).content.decode()
    answer = manager.post("/customers/new/", DATA)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'name="duplicate_reason"' in page
    assert "allow_duplicate" not in page
    answer = manager.post("/customers/new/", {**DATA, "duplicate_reason": " "})
    assert 'id="id_duplicate_reason_error"' in answer.content.decode()
    assert manager.post("/customers/new/", {**DATA, "duplicate_reason": "分厂"}).status_code == 302


def test_another_customers_code_is_said_as_such_when_editing(world: World) -> None:
    _first(world.seller)
    with in_scope(world.seller):
        other = services.create_customer(world.seller, data={"name": "丁", "relations": "customer"})
        with pytest.raises(Refused) as refused:
            services.edit_customer(world.seller, other.id, data={"credit_code": CODE}, expected_version=None)
    assert "另一个客户" in str(refused.value.reason)
