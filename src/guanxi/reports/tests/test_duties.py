"""Who owes a report by when: over time zones, weekends and holidays; who is reminded, who is late, who is missing."""

# Chinese in code: names in tests

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.services import close_member
from guanxi.foundation.tenancy.models import Tenant
from guanxi.kernel.errors import Forbidden, Invalid
from guanxi.kernel.workdays import is_workday
from guanxi.reports import jobs
from guanxi.reports.models import Duty, Obliged, Prompted
from guanxi.reports.queries.inviting import to_write
from guanxi.reports.queries.people import dues, standings
from guanxi.reports.rules import OFFSETS, Term, after, due_at, earliest, first_of, is_owed, last_of
from guanxi.reports.services.duties import remove_duty, save_duty
from guanxi.reports.services.reports import send_report
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
SHANGHAI = ZoneInfo("Asia/Shanghai")
THURSDAY = date(2026, 3, 12)


def _id(actor: Actor) -> UUID:
    assert actor.member_id is not None
    return actor.member_id


def _ask(world: World, *, period: str = "day", by: str = "18:30", offset: int = 0) -> Duty:
    """The sales department owes it."""
    with in_scope(world.admin):
        return save_duty(
            world.admin,
            period=period,
            by=by,
            offset=offset,
            who=[("department", world.departments["sales"].pk)],
        )


def _long_ago(world: World) -> None:
    """Everybody has been here for years."""
    with in_scope(world.system), operation(world.system, "tests.thing.change"):
        Member.objects.all().update(created_at=datetime(2020, 1, 1, tzinfo=SHANGHAI))


@pytest.mark.parametrize(
    ("term", "first", "due"),
    [
        (Term("day", "18:30"), THURSDAY, datetime(2026, 3, 12, 18, 30)),
        (Term("day", "09:00", 1), date(2026, 3, 13), datetime(2026, 3, 16, 9)),  # past the weekend
        (Term("day", "18:30"), date(2026, 3, 14), None),  # a Saturday
        (Term("day", "18:30"), date(2026, 10, 1), None),  # National Day
        (
            Term("day", "18:30"),
            date(2026, 10, 10),
            datetime(2026, 10, 10, 18, 30),
        ),  # a Saturday worked for it
        (Term("day", "09:00", 1), date(2026, 9, 30), datetime(2026, 10, 8, 9)),  # the day after the holidays
        (Term("week", "10:00", 1), date(2026, 3, 9), datetime(2026, 3, 16, 10)),
        (Term("week", "18:00", -2), date(2026, 3, 9), datetime(2026, 3, 13, 18)),
        (Term("week", "10:00", 1), date(2026, 2, 9), datetime(2026, 2, 24, 10)),  # after the spring festival
        (Term("week", "10:00", 1), date(2026, 2, 16), None),  # all of it free
    ],
)
def test_when_it_is_due(term: Term, first: date, due: datetime | None) -> None:
    wanted = due.replace(tzinfo=SHANGHAI) if due else None
    assert due_at(term, first, SHANGHAI) == wanted


DAYS = st.dates(date(2020, 1, 1), date(2026, 11, 30))
PERIODS = st.sampled_from(("day", "week"))


@given(DAYS, PERIODS, st.sampled_from(("Asia/Shanghai", "Europe/Berlin", "America/New_York")), st.data())
def test_it_is_due_on_a_day_that_is_worked_and_not_before_it_can_be(
    day: date, period: str, name: str, data: st.DataObject
) -> None:
    zone, first = ZoneInfo(name), first_of(period, day)
    term = Term(period, "17:15", data.draw(st.sampled_from(OFFSETS[period])))
    due = due_at(term, first, zone)
    assert (due is not None) == is_owed(period, first)
    if due is not None:
        local = due.astimezone(zone)
        assert is_workday(local.date())
        assert local.time() == time(17, 15)
        assert local.date() >= last_of(period, first) + timedelta(days=term.offset)
    begins, ends = after(period, first)
    assert begins == last_of(period, first) + timedelta(days=1) <= ends


@given(DAYS, st.lists(st.tuples(st.sampled_from(("09:00", "18:30")), st.sampled_from((0, 1))), max_size=4))
def test_the_earliest_of_several_counts(day: date, asked: list[tuple[str, int]]) -> None:
    terms = [Term("day", by, offset) for by, offset in asked]
    dates = [due for one in terms if (due := due_at(one, day, SHANGHAI))]
    assert earliest(terms, day, SHANGHAI) == (min(dates) if dates else None)


def test_it_is_due_in_the_companys_own_time(world: World) -> None:
    _ask(world)
    _long_ago(world)
    Tenant.objects.filter(pk=world.tenant_id).update(time_zone="Europe/Berlin")
    with in_scope(world.manager):
        due = dues(None, "day", THURSDAY)[_id(world.seller)]
    assert due == datetime(2026, 3, 12, 18, 30, tzinfo=ZoneInfo("Europe/Berlin"))


def test_who_has_left_or_came_later_owes_nothing(world: World) -> None:
    _ask(world)
    with in_scope(world.manager):
        assert dues(None, "day", THURSDAY) == {}  # all of them came today
    _long_ago(world)
    with in_scope(world.admin):
        close_member(world.admin, _id(world.teammate))
    with in_scope(world.manager):
        owing = set(dues(None, "day", THURSDAY))
    assert owing == {_id(world.manager), _id(world.seller), _id(world.elsewhere)}


def test_a_role_and_a_person_owe_as_a_department_does(world: World) -> None:
    _long_ago(world)
    with in_scope(world.admin):
        who = [("role", world.roles["sales_manager"].pk), ("member", _id(world.elsewhere))]
        save_duty(world.admin, period="day", by="18:30", offset=0, who=who)
    with in_scope(world.manager):
        assert set(dues(None, "day", THURSDAY)) == {_id(world.manager), _id(world.elsewhere)}


def test_what_is_sent_after_it_was_due_is_late_and_stays_so(world: World) -> None:
    duty = _ask(world, by="00:01")
    _long_ago(world)
    with in_scope(world.seller):
        late = send_report(world.seller, period="day", first=THURSDAY)
        free = send_report(world.seller, period="day", first=date(2026, 3, 14))
    assert (late.late, free.late, free.due_at) == (True, False, None)
    with in_scope(world.admin):
        remove_duty(world.admin, duty.pk)
    with in_scope(world.seller):
        late.refresh_from_db()
    assert late.late


def test_the_missing_lead_a_managers_page(world: World, client_for: ClientFor) -> None:
    _ask(world)
    _long_ago(world)
    with in_scope(world.seller):
        send_report(world.seller, period="day", first=THURSDAY, sentence="谈成一单")
    with in_scope(world.manager):
        found = standings(world.manager, "day", THURSDAY)
    assert [(one.member.pk, one.missing) for one in found] == [
        (_id(world.elsewhere), True),
        (_id(world.teammate), True),
        (_id(world.seller), False),
    ]
    page = client_for(world.members["manager"]).get(
        reverse("report_overview"), {"first": THURSDAY.isoformat()}
    )
    text = page.content.decode()
    assert "谈成一单" in text
    assert text.index(world.members["teammate"].name) < text.index("谈成一单")
    own = client_for(world.members["seller"]).get(reverse("report_overview"), {"first": THURSDAY.isoformat()})
    assert world.members["teammate"].name not in own.content.decode()


def test_until_when_is_said_by_the_time_alone_on_the_day(
    world: World, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ask(world)
    _long_ago(world)
    at, browser = [datetime(2026, 3, 12, 12, tzinfo=SHANGHAI)], client_for(world.members["manager"])
    monkeypatch.setattr(timezone, "now", lambda: at[0])

    def page() -> str:
        got = browser.get(
            reverse("report_overview"),
            {"first": THURSDAY.isoformat()},
            headers={"Accept-Language": "zh-hans"},
        )
        return str(got.content.decode())

    assert "未提交，18:30 截止" in page()
    at[0] += timedelta(hours=7)
    assert "未提交，18:30 已截止" in page()
    at[0] += timedelta(days=1)
    assert "未提交，3 月 12 日 18:30 已截止" in page()


def test_who_has_not_sent_is_reminded_once_within_the_hour_before(world: World) -> None:
    _ask(world)
    _long_ago(world)
    with in_scope(world.seller):
        send_report(world.seller, period="day", first=THURSDAY)

    def told(hour: int, minute: int) -> set[UUID]:
        with in_scope(world.system):
            before = set(Notice.objects.filter(kind="reports.due").values_list("pk", flat=True))
        jobs.remind(datetime(2026, 3, 12, hour, minute, tzinfo=SHANGHAI))
        with in_scope(world.system):
            rows = Notice.objects.filter(kind="reports.due").exclude(pk__in=before)
            return set(rows.values_list("member_id", flat=True))

    assert told(17, 20) == set()
    assert told(17, 31) == {_id(world.manager), _id(world.teammate), _id(world.elsewhere)}
    assert told(17, 33) == set()
    assert told(18, 31) == set()
    with in_scope(world.system):
        assert Prompted.objects.count() == 3


def test_a_duty_is_the_administrators_and_can_be_undone(world: World) -> None:
    with in_scope(world.manager), pytest.raises(Forbidden):
        save_duty(world.manager, period="day", by="18:30", offset=0, who=[("member", _id(world.seller))])
    duty = _ask(world)
    with in_scope(world.admin):
        remove_duty(world.admin, duty.pk)
        gone = last_operation_id()
        assert gone is not None
    with in_scope(world.admin):
        undo(world.admin, gone)
    with in_scope(world.admin):
        assert Duty.objects.get().by == "18:30"
        assert Obliged.objects.get().department_id == world.departments["sales"].pk


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"by": "25:00"}, "by"),
        ({"by": ""}, "by"),
        ({"period": "year"}, "period"),
        ({"offset": 5}, "offset"),
        ({"who": []}, "who"),
        ({"who": [("member", UUID(int=1))]}, "who"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_its_field(
    world: World, wrong: dict[str, object], beside: str
) -> None:
    asked = {"period": "day", "by": "18:30", "offset": 0, "who": [("member", _id(world.seller))]} | wrong
    with in_scope(world.admin), pytest.raises(Invalid) as error:
        save_duty(world.admin, **asked)  # type: ignore[arg-type]
    assert set(error.value.fields) == {beside}


def test_the_setting_is_made_on_its_page(world: World, client_for: ClientFor) -> None:
    browser, page = client_for(world.members["admin"]), reverse("report_duties")
    role = str(world.roles["salesperson"].pk)
    assert browser.post(page, {"when": "week.1", "by": "10:00", "role": [role]}).status_code == 302
    with in_scope(world.admin):
        duty = Duty.objects.get()
        assert (duty.period, duty.by, duty.offset) == ("week", "10:00", 1)
    assert browser.post(page, {"when": "week.9", "by": "x"}).status_code == 422
    changed = {"duty": str(duty.pk), "when": "day.0", "by": "18:00", "role": [role]}
    assert browser.post(page, changed).status_code == 302
    with in_scope(world.admin):
        assert [(one.period, one.by) for one in Duty.objects.all()] == [("day", "18:00")]
    assert browser.post(reverse("report_duty_remove", args=[duty.pk])).status_code == 302
    with in_scope(world.admin):
        assert not Duty.objects.exists()


def test_today_invites_who_owes_a_report(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _ask(world)
    _long_ago(world)
    now = datetime(2026, 3, 12, 13, 0, tzinfo=SHANGHAI)
    monkeypatch.setattr(timezone, "now", lambda: now)

    def invited() -> bool:
        with in_scope(world.seller), timezone.override(SHANGHAI):
            return to_write(world.seller) is not None

    assert not invited()
    now = datetime(2026, 3, 12, 16, 31, tzinfo=SHANGHAI)
    assert invited()
    now = datetime(2026, 3, 12, 20, 0, tzinfo=SHANGHAI)
    with in_scope(world.seller):
        found = to_write(world.seller)
        assert found is not None
        assert found.tone == "bad"
        send_report(world.seller, period="day", first=THURSDAY)
    assert not invited()


def test_today_shows_what_waits_to_be_read(world: World, client_for: ClientFor) -> None:
    browser, way = client_for(world.members["manager"]), "/reports/?to_me=unread"
    assert way not in browser.get(reverse("today")).content.decode()
    with in_scope(world.seller):
        report = send_report(world.seller, period="day", first=THURSDAY, receivers=[_id(world.manager)])
    assert way in browser.get(reverse("today")).content.decode()
    assert str(report.pk) in browser.get(way).content.decode()
    browser.get(f"/reports/{report.pk}/")
    assert str(report.pk) not in browser.get(way).content.decode()
