"""What was done with a customer comes in with the customer and who took part."""

from pathlib import Path

import pytest

from guanxi.activities.models import Activity, Participant
from guanxi.activities.moving import lasted
from guanxi.activities.queries.today import day_of
from guanxi.activities.services.activities import edit_activity
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.customers.tests.test_moving_in import bring, written
from guanxi.foundation.ledger.undo import undo
from guanxi.integrations.imports.mapping import match_table
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.kinds import Show
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

ROWS = (
    "客户名称,联系人,手机,跟进时间,跟进方式,跟进记录\n"
    "无锡新新机械有限公司,张三,13900000001,2026-03-05 14:30,电话,问了交期\n"
    "无锡新新机械有限公司,张三,13900000001,2026-03-09 09:00,拜访,看了车间\n"
    "无锡旧旧机械有限公司,,,2026-03-10,电话,没人接\n"
)


def test_what_was_done_comes_with_the_customer_and_who_took_part(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, ROWS)
    with in_scope(world.admin):
        outcome = bring(world.admin, path)
        assert (outcome.created, outcome.skipped) == (2, 1)
        assert outcome.beside["people"] == {"created": 1, "updated": 0, "skipped": 1, "rejected": 0}
        assert outcome.beside["activities"]["created"] == 3
    with in_scope(world.admin):
        touches = Activity.objects.order_by("at").select_related("customer")
        assert [(one.kind, one.text, str(one.customer)) for one in touches] == [
            ("call", "问了交期", "无锡新新机械有限公司"),
            ("visit", "看了车间", "无锡新新机械有限公司"),
            ("call", "没人接", "无锡旧旧机械有限公司"),
        ]
        assert sorted(Participant.objects.values_list("person__name", "activity__text")) == [
            ("张三", "看了车间"), ("张三", "问了交期"),
        ]  # fmt: skip
        assert outcome.operation_id is not None
        undo(world.admin, outcome.operation_id)
        assert (Activity.objects.count(), Participant.objects.count()) == (0, 0)


def test_the_same_file_again_brings_nothing_new(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, ROWS)
    with in_scope(world.admin):
        bring(world.admin, path)
    with in_scope(world.admin):
        again = bring(world.admin, path)
        assert (again.created, again.operation_id) == (0, None)
        assert (Activity.objects.count(), Participant.objects.count()) == (3, 2)


def test_activities_of_another_program_come_in_with_companies_and_people(
    world: World, tmp_path: Path
) -> None:
    with in_scope(world.admin):
        create_customer(world.admin, data={"name": "Acme Ltd", "number": "0011G", "relations": "customer"})
        create_person(world.admin, data={"name": "Ann Lee", "number": "0031G"})
    path = written(
        tmp_path,
        "Subject,ActivityDate,Status,Type,AccountId,WhoId,CallDurationInSeconds,Description,CallDisposition\n"
        "Price asked,2024-05-03 09:30,Completed,Phone call,0011G,0031G,149,asked for a list,No answer\n"
        "Send the list,2031-05-04,Not Started,To-do,0011G,,,,\n"
        "Met by chance,,Held,Telegram,0019X,0039X,,somewhere,\n",
    )
    with in_scope(world.admin):
        outcome = bring(world.admin, path, "activities")
        assert (outcome.created, outcome.rejected) == (3, 0)
        call, task, lost = Activity.objects.order_by("created_at", "id").select_related("customer")
        assert (call.kind, call.state, call.minutes, call.outcome) == ("call", "done", 2, "not_answered")
        assert (str(call.customer), call.undated) == ("Acme Ltd", False)
        assert (task.kind, task.state, task.undated) == ("task", "planned", False)
        assert (lost.kind, lost.state, lost.customer, lost.undated) == ("note", "done", None, True)
        assert list(Participant.objects.values_list("person__name", "activity__subject")) == [
            ("Ann Lee", "Price asked")
        ]
        assert {column for column, _value in outcome.remarks} == {"Type", "AccountId"}
        assert ["0039X" in str(verdict.reasons[0]) for verdict in outcome.noted] == [True]
        assert bring(world.admin, path, "activities").operation_id is None


def test_a_date_that_is_missing_stays_missing(world: World, tmp_path: Path) -> None:
    path = written(tmp_path, "客户名称,跟进记录\n无锡新新机械有限公司,问了交期\n")
    with in_scope(world.admin):
        bring(world.admin, path)
        one = Activity.objects.get()
        kind, show = find("activities").kind("at"), Show(actor=world.admin)
        assert (kind.cell(one, show), kind.json(one, show)) == ("", None)
        assert not day_of(world.admin, None, show).done
        found = Activity.objects.filter(kind.condition("within", ["today"], world.admin))
        assert not found.exists()
        assert Activity.objects.filter(kind.condition("empty", [], world.admin)).count() == 1
        edit_activity(world.admin, one.pk, data={"at": "2026-03-05 14:30"}, expected_version=one.version)
        one.refresh_from_db()
        assert (one.undated, kind.cell(one, show)) == (False, "2026-03-05 14:30")


def test_calls_without_names_or_dates_come_in_by_the_number_of_their_row(
    world: World, tmp_path: Path
) -> None:
    path = written(tmp_path, '"age";"job";"duration";"y"\n56;"housemaid";261;"no"\n57;"services";149;"yes"\n')
    constants = {"name": "Client {row}", "kind": "individual", "activities.kind": "call"}
    chosen = {
        "duration": "activities.lasted:seconds",
        "age": "new:number",
        "job": "new:choice",
        "y": "new:yes_no",
    }
    with in_scope(world.admin):
        table = open_table(path)
        columns = match_table(world.admin, find("customers"), table, chosen)
        for times in (2, 2):
            run_import(
                world.admin, resource=find("customers"), table=table, columns=columns,
                options=Options(constants=constants),
            )  # fmt: skip
            assert Activity.objects.filter(kind="call", undated=True).count() == times
            columns = match_table(world.admin, find("customers"), table, {"duration": chosen["duration"]})
        calls = Activity.objects.order_by("customer__name").values_list("customer__name", "minutes")
        assert list(calls) == [("Client 2", 4), ("Client 3", 2)]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1小时20分", "80"),
        ("00:04:21", "4"),
        ("04:21", "4"),
        ("15分钟", "15"),
        ("90s", "2"),
        ("261", "261 ?"),
        ("long", "long ?"),
    ],
)
def test_durations_in_words_are_read_and_bare_figures_are_not_guessed(text: str, minutes: str) -> None:
    assert lasted({"text": text}) == {"minutes": minutes}


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ("2024-03-05 14:00", "2024-03-05 15:30", "90"),
        ("2024-03-05T14:00:00Z", "2024-03-05T14:45:00Z", "45"),
        ("2024年3月5日 下午2点", "2024年3月5日 下午3点30分", "90"),
        ("3/5/24 14:00", "3/5/24 14:30", "30"),
        ("2024-03-05 14:00", "15:30", "90"),
        ("2024-03-05 23:30", "2024-03-06 00:30", "60"),
        ("2024-03-05", "2024-03-05", ""),
        ("2024-03-05 14:00", "2024-03-05 13:00", "2024-03-05 13:00 ?"),
        ("2024-03-05 14:00", "soon", "soon ?"),
        ("2024-03-05", "15:30", "15:30 ?"),
        ("", "2024-03-05 13:00", ""),
    ],
)
def test_a_length_is_made_from_beginning_and_end(start: str, end: str, minutes: str) -> None:
    assert lasted({"at": start, "end": end} if start else {"end": end}) == {"minutes": minutes}
