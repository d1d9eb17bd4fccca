"""Activities are logged, planned, completed, moved; who sees and who changes them; what is undone."""

# Chinese in code: names of people in tests

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from guanxi.activities.models import Activity, Participant
from guanxi.activities.services.activities import (
    Company,
    cancel_activities,
    complete_activity,
    create_activities,
    create_activity,
    edit_activity,
    log_activity,
    move_activities,
    plan_activity,
    postpone_activities,
)
from guanxi.activities.services.participants import create_participant, set_participants
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.notices.services import words
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused
from guanxi.resource import access, guards
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope


def _customer(actor: Actor, name: str = "苏州鼎盛食品有限公司", **more: Any) -> Any:
    return create_customer(actor, data={"name": name, "relations": "customer", **more}, allow_duplicate=True)


def _person(actor: Actor, customer: Any, name: str = "刘洋") -> Any:
    return create_person(actor, data={"name": name, "customer": str(customer.pk)}, allow_duplicate=True)


def _sees(actor: Actor, one: Activity) -> bool:
    return access.visible(actor, find("activities")).filter(pk=one.pk).exists()


def test_a_call_is_logged_with_its_people_and_the_next_one_in_one_operation(world: World) -> None:
    with in_scope(world.seller):
        customer = _customer(world.seller)
        person = _person(world.seller, customer)
        at = timezone.now() + timedelta(days=7)
        made = log_activity(
            world.seller,
            data={
                "kind": "call",
                "customer": customer.pk,
                "text": "谈了交期\n下周再说",
                "outcome": "answered",
            },
            company=Company(people=[person.pk], members=[world.teammate.member_id]),  # type: ignore[list-item]
            next_one={
                "kind": "visit",
                "at": at.isoformat(),
                "remind_at": (at - timedelta(hours=1)).isoformat(),
            },
        )
        done = last_operation_id()
        assert (made.state, made.subject, made.owner_id) == ("done", "谈了交期", world.seller.member_id)
        following = Activity.objects.get(follows=made)
        assert (following.kind, following.state, following.customer_id) == ("visit", "planned", customer.pk)
        assert set(Participant.objects.filter(activity=following).values_list("person_id", "member_id")) == {
            (person.pk, None),
            (None, world.teammate.member_id),
        }
        assert done is not None
        assert Operation.objects.get(id=done).verb == "activities.activity.create"
        undo(world.seller, done)
        assert not Activity.objects.exists()
        assert not Participant.objects.exists()


def test_whoever_sees_the_customer_sees_what_was_done_and_only_who_did_it_changes_it(world: World) -> None:
    with in_scope(world.seller):
        customer = _customer(world.seller)
    with in_scope(world.manager):
        made = log_activity(world.manager, data={"kind": "visit", "customer": customer.pk, "text": "x"})
    with in_scope(world.seller):
        assert _sees(world.seller, made)
        assert not access.allows(world.seller, find("activities"), made, "edit")
        with pytest.raises(Forbidden):
            edit_activity(world.seller, made.pk, data={"text": "y"}, expected_version=None)
        with pytest.raises((Forbidden, Invalid, NotFound)):
            create_participant(world.seller, data={"activity": made.pk, "member": world.seller.member_id})
        assert not access.visible(world.seller, find("activities"), "edit").filter(pk=made.pk).exists()
    with in_scope(world.teammate):
        assert not _sees(world.teammate, made)
        with pytest.raises(NotFound):
            edit_activity(world.teammate, made.pk, data={"text": "y"}, expected_version=None)


def test_who_looks_after_a_part_of_the_customer_reads_what_was_done_and_logs_his_own(world: World) -> None:
    with in_scope(world.seller):
        customer = _customer(world.seller)
        made = log_activity(world.seller, data={"kind": "visit", "customer": customer.pk, "text": "x"})
        data = {"customer": str(customer.pk), "member": str(world.elsewhere.member_id), "unit": "食品事业部"}
        charge = find("charges").create(world.seller, data=data)
    with in_scope(world.elsewhere):
        assert _sees(world.elsewhere, made)
        with pytest.raises(Forbidden):
            edit_activity(world.elsewhere, made.pk, data={"text": "y"}, expected_version=None)
        own = log_activity(world.elsewhere, data={"kind": "call", "customer": customer.pk, "text": "z"})
        edit_activity(world.elsewhere, own.pk, data={"text": "zz"}, expected_version=None)
    with in_scope(world.teammate), pytest.raises(Invalid):
        log_activity(world.teammate, data={"kind": "call", "customer": customer.pk, "text": "z"})
    with in_scope(world.seller):
        assert _sees(world.seller, own)
        find("charges").remove_many(world.seller, ids=[charge.pk])
    with in_scope(world.elsewhere):
        assert not _sees(world.elsewhere, made)
        assert _sees(world.elsewhere, own), "what he did himself stays his"


def test_whoever_sees_every_customer_logs_what_he_did_there(world: World) -> None:
    """A technician changes no customer, and visits all of them."""
    grants = {"customers.customer.view": "all", "activities.activity.view": "all"}
    technician = replace(
        world.teammate, grants=grants | {f"activities.activity.{verb}": "own" for verb in ("create", "edit")}
    )
    with in_scope(world.seller):
        customer = _customer(world.seller)
    with in_scope(technician):
        made = log_activity(technician, data={"kind": "visit", "customer": customer.pk, "text": "x"})
        assert made.customer_id == customer.pk


def test_whoever_takes_part_sees_it_without_the_customer(world: World) -> None:
    with in_scope(world.seller):
        customer = _customer(world.seller)
        member = world.elsewhere.member_id
        made = log_activity(
            world.seller,
            data={"kind": "meeting", "customer": customer.pk, "text": "x"},
            company=Company(members=[member]),  # type: ignore[list-item]
        )
    with in_scope(world.elsewhere):
        assert _sees(world.elsewhere, made)
        assert not access.visible(world.elsewhere, find("customers")).exists()
    with in_scope(world.seller):
        set_participants(world.seller, made.pk, people=[], members=[])
    with in_scope(world.elsewhere):
        assert not _sees(world.elsewhere, made)


def test_people_out_of_sight_do_not_take_part(world: World) -> None:
    with in_scope(world.elsewhere):
        theirs = _person(world.elsewhere, _customer(world.elsewhere))
    with in_scope(world.seller), pytest.raises(Invalid) as wrong:
        log_activity(world.seller, data={"kind": "note", "text": "x"}, company=Company(people=[theirs.pk]))
    assert "people" in wrong.value.fields


def test_a_participant_is_one_person_or_one_colleague(world: World) -> None:
    with in_scope(world.seller):
        made = log_activity(world.seller, data={"kind": "note", "text": "x"})
        person = _person(world.seller, _customer(world.seller))
        both = {"activity": made.pk, "person": person.pk, "member": world.seller.member_id}
        for data in (both, {"activity": made.pk}):
            with pytest.raises(Invalid):
                create_participant(world.seller, data=data)


def test_a_planned_one_is_completed_with_its_outcome_and_what_comes_next(world: World) -> None:
    with in_scope(world.seller):
        customer = _customer(world.seller)
        due = timezone.now() - timedelta(days=3)
        planned = plan_activity(
            world.seller,
            data={"kind": "call", "customer": customer.pk, "text": "问验收", "at": due.isoformat()},
        )
        before = timezone.now().replace(second=0, microsecond=0)
        at = timezone.now() + timedelta(days=2)
        done = complete_activity(
            world.seller,
            planned.pk,
            outcome="answered",
            text="说好周五",
            next_one={"kind": "call", "at": at.isoformat()},
        )
        assert (done.state, done.outcome, done.text) == ("done", "answered", "问验收\n说好周五")
        assert done.at >= before
        assert Activity.objects.get(follows=done).customer_id == customer.pk
        with pytest.raises(Refused):
            complete_activity(world.seller, planned.pk)


def test_what_is_moved_takes_its_reminder_along_and_undo_brings_both_back(world: World) -> None:
    at = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    with in_scope(world.seller):
        planned = plan_activity(
            world.seller,
            data={
                "kind": "call",
                "at": at.isoformat(),
                "remind_at": (at - timedelta(minutes=15)).isoformat(),
            },
        )
        assert move_activities(world.seller, ids=[planned.pk], at=at + timedelta(days=1)) == 1
        moved = Activity.objects.get(pk=planned.pk)
        assert moved.remind_at == at + timedelta(days=1, minutes=-15)
        done = last_operation_id()
        assert done is not None
        undo(world.seller, done)
        assert Activity.objects.get(pk=planned.pk).remind_at == at - timedelta(minutes=15)


def test_what_is_overdue_is_put_off_from_today_and_past_weekends(world: World) -> None:
    with in_scope(world.seller):
        late = plan_activity(
            world.seller,
            data={"kind": "task", "text": "x", "at": (timezone.now() - timedelta(days=9)).isoformat()},
        )
        assert postpone_activities(world.seller, ids=[late.pk], days=1) == 1
        moved = timezone.localtime(Activity.objects.get(pk=late.pk).at)
        assert moved.date() > timezone.localdate()
        assert moved.weekday() < 5
        assert (moved.hour, moved.minute) == (
            timezone.localtime(late.at).hour,
            timezone.localtime(late.at).minute,
        )


def test_cancelling_leaves_what_is_done_and_what_is_beyond_reach(world: World) -> None:
    with in_scope(world.elsewhere):
        theirs = plan_activity(world.elsewhere, data={"kind": "task", "text": "x", "at": "2026-12-01 10:00"})
    with in_scope(world.seller):
        done = log_activity(world.seller, data={"kind": "note", "text": "x"})
        mine = plan_activity(world.seller, data={"kind": "task", "text": "x", "at": "2026-12-01 10:00"})
        assert cancel_activities(world.seller, ids=[theirs.pk, done.pk, mine.pk]) == 1
        assert Activity.objects.get(pk=mine.pk).state == "cancelled"


def test_who_is_mentioned_and_sees_it_is_told_and_nobody_twice(world: World) -> None:
    name = world.members["manager"].name
    with in_scope(world.seller):
        customer = _customer(world.seller)
        made = log_activity(
            world.seller, data={"kind": "note", "customer": customer.pk, "text": f"@{name} 请看"}
        )
        assert made.mentions == [{"id": str(world.manager.member_id), "name": name, "told": True}]
        edit_activity(world.seller, made.pk, data={"text": f"@{name} 请再看"}, expected_version=None)
        told = Notice.objects.filter(member=world.members["manager"], kind="activities.mentioned")
        assert told.count() == 1
        assert "请看" in words(told.get())


def test_who_answers_for_the_customer_hears_of_what_others_log(world: World) -> None:
    with in_scope(world.seller):
        customer = _customer(world.seller)
    with in_scope(world.manager):
        log_activity(world.manager, data={"kind": "call", "customer": customer.pk, "text": "打过招呼"})
        (told,) = Notice.objects.filter(member=world.members["seller"], kind="activities.logged")
        assert "打过招呼" in words(told)


def test_the_following_one_is_refused_beside_its_own_fields_and_nothing_is_logged(world: World) -> None:
    with in_scope(world.seller), pytest.raises(Invalid) as wrong:
        log_activity(
            world.seller,
            data={"kind": "call", "text": "x"},
            next_one={"kind": "nonsense", "at": "2026-12-01"},
        )
    assert "next.kind" in wrong.value.fields
    with in_scope(world.seller):
        assert not Activity.objects.exists()


def test_the_change_log_names_an_activity_without_a_subject_in_each_language(world: World) -> None:
    with in_scope(world.seller), override("en"):
        customer = create_customer(world.seller, data={"name": "无题客户", "relations": "customer"})
        log_activity(world.seller, data={"kind": "call", "customer": customer.pk, "outcome": "answered"})
        found = Operation.objects.filter(verb="activities.activity.create").latest("at")
    with override("en"):
        assert "Call" in found.shown_label
    with override("zh-hans"):
        assert "电话" in found.shown_label
        assert "Call" not in found.shown_label


@pytest.mark.parametrize("kind", ["call", "visit", "meeting"])
def test_a_touch_that_says_nothing_warns_before_it_counts(world: World, kind: str) -> None:
    with in_scope(world.seller):
        customer = create_customer(world.seller, data={"name": "空记录客户", "relations": "customer"})
        data = {"kind": kind, "customer": customer.pk}
        with pytest.raises(guards.Warned):
            log_activity(world.seller, data=data)
    with in_scope(world.seller):
        assert not Activity.objects.exists()
        outcome = "answered" if kind == "call" else "met"
        for more in (
            {"text": "谈了价"},
            {"outcome": outcome},
            {"subject": "回访"},
            {"state": "planned", "at": "2026-12-31 10:00"},
        ):
            create_activity(world.seller, data={"state": "done", **data, **more})
        with guards.accepting(["activities.empty"]):
            log_activity(world.seller, data=data)
        noted = Operation.objects.filter(verb="activities.activity.create").latest("at")
        assert noted.summary[guards.NOTED] == ["activities.empty"]


def test_who_took_part_says_that_a_visit_was_one_but_not_that_anybody_answered(world: World) -> None:
    with in_scope(world.seller):
        customer = create_customer(world.seller, data={"name": "有人客户", "relations": "customer"})
        person = create_person(world.seller, data={"name": "王强", "customer": str(customer.pk)})
        company = Company(people=[person.pk])
        log_activity(world.seller, data={"kind": "visit", "customer": customer.pk}, company=company)
        with pytest.raises(guards.Warned):
            log_activity(world.seller, data={"kind": "call", "customer": customer.pk}, company=company)


def test_completing_without_a_word_warns_and_so_does_the_edit_form(world: World) -> None:
    with in_scope(world.seller):
        planned = plan_activity(
            world.seller,
            data={"kind": "call", "subject": "问验收", "text": "问一下", "at": "2026-01-05 10:00"},
        )
        with pytest.raises(guards.Warned):
            complete_activity(world.seller, planned.pk)
        with pytest.raises(guards.Warned):
            edit_activity(world.seller, planned.pk, data={"state": "done"}, expected_version=None)
        with guards.accepting(["activities.empty"]):
            assert complete_activity(world.seller, planned.pk).state == "done"


def test_an_import_of_old_calls_is_asked_nothing(world: World) -> None:
    with in_scope(world.admin):
        values = {"kind": "call", "state": "done", "at": timezone.now()}
        assert len(create_activities(world.admin, rows=[values])) == 1
