"""Reports of the demo company's sellers: of the last ten working days, most sent in time, some read and answered."""

# Chinese in code: what sellers add to their reports, and their superiors answer

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from guanxi.collaboration.services.comments import add_comment
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.permissions.models import Assignment, Role
from guanxi.foundation.permissions.queries import load_actor, superiors
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.workdays import is_workday
from guanxi.reports.models import Report
from guanxi.reports.queries.people import due_of
from guanxi.reports.queries.sections import written, zone
from guanxi.reports.rules import first_of
from guanxi.reports.services.duties import save_duty
from guanxi.reports.services.reports import create_reports, mark_read

_DAYS, _WEEKS = 10, 2
_MISSING, _LATE, _READ, _ANSWERED, _SILENT = 0.08, 0.1, 0.8, 0.12, 0.25  # shares
_SENTENCES: Final = (
    "今天两家都在等预算批复，下周一再跟进，需要技术部配合出一版布局图。",
    "客户对节拍有疑问，已约下周来厂看样机，请领导帮忙协调试机时间。",
    "报价已发，对方说比永创高八个点，准备从换型时间和备件上谈。",
    "上午拜访见到设备科长，对售后响应比较在意，服务部最好一起去一次。",
    "电话打得多，接通率不高，明天换个时间段再打。",
    "老客户介绍了一家新厂，先约了电话沟通。",
    "合同初稿对方法务在看，付款条件可能还要让一步。",
    "路上花的时间多，两家都见到了决策人，值得。",
)
_ANSWERS: Final = (
    "付款条件最多放到 3-6-1，再低要报总经理。",
    "试机时间我来协调，周四前给你答复。",
    "这家上次也是卡在预算，问清楚是哪一级在批。",
    "辛苦了，换个时间段打，下午四点以后接通率高。",
)


def add_reports(tenant: Tenant, seed: int = 20261121) -> None:
    """Who owes which report, what was sent of it, what was read, what was said to it."""
    rng = Random(f"{seed} reports")  # noqa: S311  a demo, not a secret
    system = system_actor(tenant.id)
    with scope(tenant.id, door="setup"):
        roles = dict(Role.objects.values_list("code", "id"))
        seller = ("role", roles["salesperson"])
        save_duty(system, period="day", by="18:30", offset=0, who=[seller])
        save_duty(system, period="week", by="10:00", offset=1, who=[seller])
        sellers = _sellers(roles["salesperson"])
        above = {member: one.pk for member, one in superiors(sellers).items()}
        rows = [row for member in sellers for row in _rows(member, above.get(member), rng)]
        ids = create_reports(system, rows=rows)
        readers = {pk: load_actor(pk) for pk in set(above.values())}
        sent = Report.objects.in_bulk(ids)
    for member in readers.values():
        with scope(tenant.id, actor_id=member.member_id, door="setup"):
            mine = [one for one in sent.values() if above.get(one.member_id) == member.member_id]
            _read(member, sorted(mine, key=lambda one: (one.first, str(one.member_id))), rng)


def _sellers(role: UUID) -> list[UUID]:
    held = Assignment.objects.filter(role_id=role).values_list("member_id", flat=True)
    rows = Member.objects.filter(pk__in=list(held), left_on__isnull=True).order_by("name_sort", "id")
    return list(rows.values_list("pk", flat=True))


def _days(today: date) -> list[tuple[str, date]]:
    """The working days before today, and the weeks before this one."""
    found, day = list[tuple[str, date]](), today
    while len(found) < _DAYS:
        day -= timedelta(days=1)
        if is_workday(day):
            found.append(("day", day))
    this = first_of("week", today)
    return found + [("week", this - timedelta(days=7 * back)) for back in range(1, _WEEKS + 1)]


def _rows(member: UUID, above: UUID | None, rng: Random) -> list[dict[str, Any]]:
    actor, here = load_actor(member), zone()
    now = timezone.now()
    rows = []
    for period, first in _days(now.astimezone(here).date()):
        due = due_of(member, period, first) or datetime.combine(first, time(18, 30), here)
        late = rng.random() < _LATE
        minutes = rng.randint(20, 900) if late else -rng.randint(2, 90)
        sent = due + timedelta(minutes=minutes)
        if rng.random() < _MISSING or sent > now:
            continue
        rows.append(
            {
                "member_id": member,
                "period": period,
                "first": first,
                "sentence": "" if rng.random() < _SILENT else rng.choice(_SENTENCES),
                "sections": written(actor, member, period, first),
                "sent_at": sent,
                "due_at": due,
                "late": late,
                "created_at": sent,
                "updated_at": sent,
                "receivers": [above] if above else [],
            }
        )
    return rows


def _read(reader: Actor, reports: list[Report], rng: Random) -> None:
    """Most of what is older than a day, with a word to some."""
    for one in reports:
        if one.sent_at is None or timezone.now() - one.sent_at < timedelta(hours=20) or rng.random() > _READ:
            continue
        mark_read(reader, one, at=one.sent_at + timedelta(minutes=rng.randint(15, 900)))
        if one.sentence and rng.random() < _ANSWERED:
            add_comment(reader, resource="reports", record_id=one.pk, text=rng.choice(_ANSWERS))
