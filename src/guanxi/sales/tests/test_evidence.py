from typing import Any

import pytest

from guanxi.activities.services.activities import log_activity
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Invalid, NotFound
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.models import Evidence, Line, Move, Opportunity, Proof
from guanxi.sales.services import moving
from guanxi.sales.services.defaults import make_defaults
from guanxi.sales.services.entering import Unproven
from guanxi.sales.services.parts import by_lines
from guanxi.sales.services.pipelines import set_required
from guanxi.sales.tests.selling import opened, stage
from guanxi.testing.factories import make
from guanxi.testing.worlds import World, in_scope

pytestmark = pytest.mark.django_db(transaction=True)


def _asks(actor: Actor, place: int, how: str, name: str = "Something") -> Evidence:
    data = {"stage": str(stage(place).pk), "name": name, "how": how}
    made: Evidence = find("evidence").create(actor, data=data)
    return made


def _line(actor: Actor, one: Opportunity, **values: Any) -> Line:
    made: Line = find("sale_lines").create(actor, data={"opportunity": str(one.pk), **values})
    return made


def test_without_its_evidence_a_stage_is_refused_with_all_that_is_missing_on_the_way(world: World) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
        with pytest.raises(Unproven) as caught:
            moving.move_opportunity(world.seller, one.pk, stage=stage(3).pk)
        assert [asked.evidence.how for asked in caught.value.missing] == ["person", "amount", "expected"]
        assert all(asked.url for asked in caught.value.missing)
        assert Opportunity.objects.get(pk=one.pk).stage == stage(0)


def test_with_a_reason_it_goes_on_and_the_history_says_what_was_skipped(world: World) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
        moving.move_opportunity(world.seller, one.pk, stage=stage(1).pk, reason="They are in a hurry")
        last = Move.objects.filter(opportunity=one.pk).latest("created_at")
        assert last.reason == "They are in a hurry"
        assert str(Evidence.objects.get(how="person")) in last.skipped


def test_what_is_there_asks_for_no_reason(world: World) -> None:
    with in_scope(world.seller):
        person = make(world.seller, find("people"))
        one = opened(world.seller, person=str(person.pk), amount="5", expected_on="2026-12-24")
        assert moving.move_opportunity(world.seller, one.pk, stage=stage(4).pk).stage == stage(4)
        assert Move.objects.filter(opportunity=one.pk).latest("created_at").skipped == ""


def test_winning_asks_for_its_evidence_which_is_said_in_the_same_operation(world: World) -> None:
    with in_scope(world.seller):
        one = opened(world.seller)
        with pytest.raises(Unproven):
            moving.win_opportunity(world.seller, one.pk)
        signed = Evidence.objects.get(stage=stage(5))
        moving.win_opportunity(world.seller, one.pk, proofs={signed.pk: "Contract 2026-118"})
        proof = Proof.objects.get(opportunity=one)
        assert (proof.note, proof.by_id) == ("Contract 2026-118", world.seller.member_id)
        undo(world.seller, last_operation_id() or one.pk)
        assert not Proof.objects.filter(opportunity=one).exists()
        assert Opportunity.objects.get(pk=one.pk).state == "open"


def test_an_activity_of_the_kind_counts_once_it_took_place_and_was_answered(world: World) -> None:
    with in_scope(world.admin):
        make_defaults(world.admin)
        _asks(world.admin, 1, "call", "They were called")
    with in_scope(world.seller):
        person = make(world.seller, find("people"))
        one = opened(world.seller, person=str(person.pk))
        call = {"kind": "call", "text": "About the line", "about_id": str(one.pk)}
        log_activity(world.seller, data=call | {"outcome": "not_answered"})
        with pytest.raises(Unproven):
            moving.move_opportunity(world.seller, one.pk, stage=stage(1).pk)
        log_activity(world.seller, data=call | {"outcome": "answered"})
        assert moving.move_opportunity(world.seller, one.pk, stage=stage(1).pk).stage == stage(1)


def test_a_field_that_a_stage_wants_is_not_passed_over_by_any_reason(world: World) -> None:
    with in_scope(world.admin):
        one = opened(world.admin)
        there = set_required(world.admin, stage(1).pk, ["source"])
        with pytest.raises(Invalid) as caught:
            moving.move_opportunity(world.admin, one.pk, stage=there.pk, reason="In a hurry")
        assert "source" in caught.value.fields


def test_a_step_back_asks_for_a_reason_where_the_stage_does(world: World) -> None:
    with in_scope(world.admin):
        one = opened(world.admin)
        moving.move_opportunity(world.admin, one.pk, stage=stage(2).pk, reason="In a hurry")
        moving.move_opportunity(world.admin, one.pk, stage=stage(1).pk)
        find("stages").edit(world.admin, stage(1).pk, data={"back_asks": "yes"}, expected_version=None)
        with pytest.raises(Invalid):
            moving.move_opportunity(world.admin, one.pk, stage=stage(0).pk)
        back = moving.move_opportunity(world.admin, one.pk, stage=stage(0).pk, reason="The need is gone")
        assert back.stage == stage(0)


def test_the_amount_follows_the_lines_until_somebody_sets_it(world: World) -> None:
    resource = find("opportunities")
    with in_scope(world.seller):
        one = opened(world.seller)
        first = _line(world.seller, one, text="Filling valve", quantity="3", price="1200.50", discount="10")
        _line(world.seller, one, text="Start-up", price="800")
        one.refresh_from_db()
        assert (first.amount, one.amount, one.amount_by) == (324_135, 404_135, "lines")
        one = resource.edit(world.seller, one.pk, data={"amount": "4000"}, expected_version=None)
        find("sale_lines").remove_many(world.seller, ids=[first.pk])
        one.refresh_from_db()
        assert (one.amount, one.amount_by) == (400_000, "hand")
        one = by_lines(world.seller, one.pk)
        assert (one.amount, one.amount_by, one.weighted) == (80_000, "lines", 8_000)


def test_a_text_gets_the_product_it_sounds_like_and_keeps_its_words(world: World) -> None:
    with in_scope(world.admin):
        product = make(world.admin, find("products"), "GTX Pro")
        make(world.admin, find("products"), "MG Special")
        one = opened(world.admin)
        line = _line(world.admin, one, text="GTXPro")
        assert (line.product, line.suggested) == (None, product)
        find("sale_lines").actions[0].service(world.admin, ids=[line.pk])
        line.refresh_from_db()
        assert (line.product, line.suggested, line.text) == (product, None, "GTXPro")
        assert _line(world.admin, one, text="Something else").suggested is None


def test_nobody_has_more_of_a_sale_than_there_is_and_who_has_a_share_reads_it(world: World) -> None:
    resource, shares = find("opportunities"), find("shares")
    with in_scope(world.seller):
        one = opened(world.seller)
    helper = str(world.elsewhere.member_id)
    with in_scope(world.elsewhere), pytest.raises(NotFound):
        access.get(world.elsewhere, resource, one.pk)
    with in_scope(world.seller):
        mine = {"opportunity": str(one.pk), "member": helper, "part": "60"}
        shares.create(world.seller, data=mine)
        with pytest.raises(Invalid):
            shares.create(world.seller, data=mine | {"member": str(world.seller.member_id), "part": "41"})
    with in_scope(world.elsewhere):
        assert access.get(world.elsewhere, resource, one.pk) == one
        with pytest.raises(Forbidden):
            moving.move_opportunity(world.elsewhere, one.pk, stage=stage(1).pk, reason="Mine too")
