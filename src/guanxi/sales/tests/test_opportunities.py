# Chinese in code: the default list of the rule book

from datetime import date, timedelta

import pytest
from django.utils import timezone

from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.services import create_company
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.errors import Invalid, NotFound, Refused
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.choices import State
from guanxi.sales.models import LostReason, Move, Opportunity, Pipeline, Stage
from guanxi.sales.services import moving
from guanxi.sales.services.pipelines import stages
from guanxi.sales.tests.selling import opened, stage
from guanxi.testing.factories import make
from guanxi.testing.worlds import World, in_scope

_WHY = "The director said so on the phone"
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_new_company_has_the_default_pipeline_and_reasons_in_its_language() -> None:
    tenant = create_company(
        name="Harbour Pumps", admin_name="Ann Lee", username="harbour", password="correct horse 9"
    )
    with scope(tenant.id, door="cli"):
        assert Pipeline.objects.count() == 1
        found = list(Stage.objects.order_by("position").values_list("name", "probability", "kind"))
        assert found[0] == ("初步接触", 1_000, "open")
        assert [one[1] for one in found] == [1_000, 3_000, 5_000, 7_000, 9_000, 10_000, 0]
        assert [one[2] for one in found[-2:]] == ["won", "lost"]
        assert LostReason.objects.count() == 9


def test_a_new_sale_stands_in_the_first_stage_with_its_number_and_weight(world: World) -> None:
    with in_scope(world.seller):
        one = opened(world.seller, amount="20000")
        assert (one.stage, one.state, one.chance) == (stage(0), State.OPEN, 1_000)
        assert (one.amount, one.own_amount, one.weighted) == (2_000_000, 2_000_000, 200_000)
        assert one.owner_id == world.seller.member_id
        assert one.number.startswith("SJ-")
        assert one.opened_on == timezone.localdate()


def test_each_change_leaves_a_line_with_what_was_before(world: World) -> None:
    with in_scope(world.seller):
        one = opened(world.seller, amount="100")
        moving.move_opportunity(world.seller, one.pk, stage=stage(1).pk, reason="They asked for it")
        first, second = Move.objects.filter(opportunity=one.pk).order_by("created_at")
        assert (first.former_stage, first.stage, first.verb) == (
            None,
            stage(0).pk,
            "sales.opportunity.create",
        )
        assert (second.former_stage, second.stage) == (stage(0).pk, stage(1).pk)
        assert (second.reason, second.by) == ("They asked for it", world.seller.member_id)
        assert (second.former_chance, second.chance) == (1_000, 3_000)


def test_what_is_won_counts_whole_and_an_undo_brings_back_where_it_stood(world: World) -> None:
    with in_scope(world.seller):
        one = opened(world.seller, amount="100")
        before = Opportunity.objects.values().get(pk=one.pk)
        moving.win_opportunity(world.seller, one.pk, reason=_WHY)
        won = Opportunity.objects.get(pk=one.pk)
        assert (won.state, won.weighted, won.closed_on) == (State.WON, 10_000, timezone.localdate())
        undo(world.seller, last_operation_id() or one.pk)
        after = Opportunity.objects.values().get(pk=one.pk)
        varying = {"version", "updated_at"}
        assert {k: v for k, v in after.items() if k not in varying} == {
            k: v for k, v in before.items() if k not in varying
        }
        assert Move.objects.filter(opportunity=one.pk).latest("created_at").state == State.OPEN


def test_of_two_who_win_it_the_second_is_told_who_did(world: World) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
        moving.win_opportunity(world.seller, one.pk, reason=_WHY)
    with in_scope(world.manager), pytest.raises(Refused) as caught:
        moving.win_opportunity(world.manager, one.pk, reason=_WHY)
    assert world.members["seller"].name in caught.value.words


def test_losing_asks_why_and_opening_again_forgets_it(world: World) -> None:
    with in_scope(world.seller):
        one = opened(world.seller, expected_on="2026-12-01")
        moving.move_opportunity(world.seller, one.pk, stage=stage(2).pk, reason=_WHY)
        with pytest.raises(Invalid):
            moving.lose_opportunity(world.seller, one.pk, lost_reason=None)
        why = LostReason.objects.order_by("position")[0]
        lost = moving.lose_opportunity(world.seller, one.pk, lost_reason=why.pk, lost_to="Rival Ltd")
        assert (lost.state, lost.chance, lost.lost_reason, lost.lost_to) == (State.LOST, 0, why, "Rival Ltd")
        again = moving.reopen_opportunity(world.seller, one.pk, reason="They came back")
        assert (again.state, again.stage, again.reopened) == (State.OPEN, stage(2), 1)
        assert (again.lost_reason, again.closed_on) == (None, None)


@pytest.mark.parametrize("amount", ["-1", "1000000000001"])
def test_negative_and_absurd_amounts_are_refused(world: World, amount: str) -> None:
    with in_scope(world.seller), pytest.raises(Invalid) as caught:
        opened(world.seller, amount=amount)
    assert "amount" in caught.value.fields


def test_a_foreign_amount_without_a_rate_has_no_amount_of_our_own(world: World) -> None:
    with in_scope(world.seller):
        one = opened(world.seller, amount="100", currency="USD")
        assert (one.amount, one.own_amount, one.weighted) == (10_000, None, None)
    with in_scope(world.admin):
        for day, rate in (("2026-01-01", "7.2"), ("2099-01-01", "1")):
            rates = {"currency": "USD", "day": day, "rate": rate, "source": "test"}
            find("exchange_rates").create(world.admin, data=rates)
    with in_scope(world.seller):
        two = opened(world.seller, amount="100", currency="USD")
        assert (two.own_amount, two.weighted) == (72_000, 7_200)


def test_a_sale_is_not_closed_by_editing_its_stage(world: World) -> None:
    resource = find("opportunities")
    with in_scope(world.seller):
        one = opened(world.seller)
        for place in (5, 6):
            with pytest.raises(Refused):
                resource.edit(
                    world.seller, one.pk, data={"stage": str(stage(place).pk)}, expected_version=None
                )
        person = make(world.seller, find("people"))
        moved = {"stage": str(stage(1).pk), "person": str(person.pk)}
        edited = resource.edit(world.seller, one.pk, data=moved, expected_version=None)
        assert edited.chance == 3_000


def test_it_is_seen_by_its_owner_and_whose_the_customer_is_and_by_nobody_else(world: World) -> None:
    resource = find("opportunities")
    with in_scope(world.manager):
        customer = find("customers").create(
            world.manager,
            data={"name": "Sea Cranes", "relations": "customer", "owner": str(world.seller.member_id)},
        )
        mine = opened(world.manager, customer=str(customer.pk), owner=str(world.manager.member_id))
        nobody = opened(world.manager, customer=None, owner=str(world.manager.member_id))
    with in_scope(world.seller):
        assert access.visible(world.seller, resource).get() == mine
        with pytest.raises(NotFound):
            access.get(world.seller, resource, nobody.pk)
    with in_scope(world.elsewhere):
        assert not access.visible(world.elsewhere, resource).exists()
        with pytest.raises(NotFound):
            moving.win_opportunity(world.elsewhere, mine.pk)
    with in_scope(world.admin):
        assert access.visible(world.admin, resource).count() == 2


def test_another_probability_of_a_stage_weighs_its_open_sales_anew(world: World) -> None:
    with in_scope(world.admin):
        usual, by_hand = (
            opened(world.admin, amount="100"),
            opened(world.admin, amount="100", probability="55"),
        )
        stages.edit(world.admin, stage(0).pk, data={"probability": "20"}, expected_version=None)
        found = dict(Opportunity.objects.values_list("pk", "weighted"))
        assert found == {usual.pk: 2_000, by_hand.pk: 5_500}


def test_putting_the_expected_date_off_is_counted(world: World) -> None:
    resource = find("opportunities")
    with in_scope(world.seller):
        one = opened(world.seller)
        for day in ("2026-12-01", "2026-12-31", "2027-01-31"):
            one = resource.edit(world.seller, one.pk, data={"expected_on": day}, expected_version=None)
        assert one.date_moves == 2


def test_a_day_to_come_is_no_day_of_winning(world: World) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
        with pytest.raises(Invalid):
            moving.win_opportunity(world.seller, one.pk, closed_on=timezone.localdate() + timedelta(days=1))
        day = date(2026, 1, 5)
        assert moving.win_opportunity(world.seller, one.pk, closed_on=day, reason=_WHY).closed_on == day


def test_a_team_sees_the_sales_of_its_customers_whoever_leads_them(world: World) -> None:
    """The manager holds several members: each sale asks for its one customer. One alone asks for all of his at once."""
    sales = find("opportunities")
    with in_scope(world.seller):
        theirs = str(make(world.seller, find("customers")).pk)
    elsewhere = str(world.members["admin"].pk)
    with in_scope(world.system):
        lead = opened(world.system, customer=theirs, owner=elsewhere)
        far = opened(world.system, owner=elsewhere)
    for reader in (world.seller, world.manager):
        with in_scope(reader):
            found = set(access.visible(reader, sales).values_list("pk", flat=True))
            assert lead.pk in found
            assert far.pk not in found
            assert access.get(reader, sales, lead.pk) == lead
