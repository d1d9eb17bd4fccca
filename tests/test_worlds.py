"""The test ground itself: what every other test stands on."""

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.testing.customers import make_customers
from guanxi.testing.worlds import World, in_scope, writing


def test_a_world_has_its_own_people_in_the_roles_they_are_named_for(world: World, other_world: World) -> None:
    people = ("manager", "seller", "teammate", "elsewhere")
    assert world.manager.below == {world.members[person].id for person in people}
    assert world.seller.roles == ("salesperson",)
    with in_scope(world.seller):
        assert {m.id for m in Member.objects.all()} == {m.id for m in world.members.values()}


def test_what_a_test_writes_is_committed_and_stays_in_its_company(world: World, other_world: World) -> None:
    with writing(world.seller):
        make_customers(3)
    with in_scope(world.seller):
        assert Customer.objects.count() == 3
    with in_scope(other_world.seller):
        assert Customer.objects.count() == 0
