"""What moved in the demo's pools did so in an order that could be."""

from itertools import pairwise

import pytest
from django.utils import timezone

from guanxi.customers.models import Transfer
from guanxi.demo.movements import move_in_pools
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope

pytestmark = pytest.mark.slow


def test_each_change_of_hands_follows_the_one_before_it_and_none_is_still_to_come(demo: Tenant) -> None:
    move_in_pools(demo)
    with scope(demo.id, door="cli"):
        lines = list(Transfer.objects.order_by("customer", "created_at", "id"))
    assert all(one.created_at <= timezone.now() for one in lines)
    verbs = {one.verb.rpartition(".")[2] for one in lines}
    assert {"release", "claim"} <= verbs
    for before, after in pairwise(lines):
        if before.customer == after.customer:
            assert after.former_owner == before.owner
            assert after.created_at > before.created_at
