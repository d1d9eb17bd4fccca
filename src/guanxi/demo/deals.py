"""Deals that the demo company's salespeople registered: some collide, some run out, some were won."""

# Chinese in code: product lines, projects and what is said of a deal

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from guanxi.customers.models import Customer
from guanxi.demo.company import MEMBERS, member_index, superior_of
from guanxi.foundation.permissions.actor import Actor
from guanxi.team.services.registrations import register_deals

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAYS: Final = 90
_LINES: Final = ("给袋式包装机", "立式包装机", "枕式包装机", "灌装线", "码垛机器人", "整线集成")
_PROJECTS: Final = ("", "", "", "新厂一期", "二期扩产", "旧线改造", "冷链车间")
_EVIDENCE: Final = (
    "已拜访，对方给了样袋",
    "收到询价邮件",
    "技术已对接，图纸在手",
    "展会上谈定要报价",
    "老客户转介绍，已见到设备部",
)
_PROGRESS: Final = ("试机通过，等预算批复", "技术协议已回签", "客户来厂看过样机")
_WON, _LOST_TO = "已签合同", "客户指定由对方跟进"
_REFUSED: Final = ("没有立项，先跟进再报备", "依据不足")
# Of those registered with one's own customers: how it stands, and how many of them.
_STANDS: Final = (
    ("in_force", 14), ("running_out", 6), ("extended", 4), ("expired", 8), ("won", 7), ("submitted", 5), ("refused", 3),
    ("withdrawn", 2),
)  # fmt: skip
_COLLISIONS: Final = 6


def add_deals(actor: Actor, members: Sequence[UUID], today: date, seed: int) -> int:
    """Register them, in the open scope; returns how many. Who asks for the same seed and day gets the same."""
    rng = Random(f"{seed} deals")  # noqa: S311  a demo, not a secret
    rows = [*_own(rng, members, today), *_colliding(rng, members, today)]
    return len(register_deals(actor, rows=rows))


def _own(rng: Random, members: Sequence[UUID], today: date) -> Iterator[dict[str, Any]]:
    found = Customer.objects.filter(owner_id__in=list(members), pool__isnull=False).order_by("pk")
    stands = [one for one, count in _STANDS for _number in range(count)]
    customers = list(found.values_list("pk", "owner_id", "region"))
    chosen = rng.sample(customers, k=min(len(stands), len(customers)))
    for stand, (customer, owner, region) in zip(stands, chosen, strict=False):
        line, project = rng.choice(_LINES), rng.choice(_PROJECTS)
        row = {"customer_id": customer, "owner_id": owner, "region": region, "line": line, "project": project}
        yield row | _standing(rng, stand, members, list(members).index(owner), today)


def _colliding(rng: Random, members: Sequence[UUID], today: date) -> Iterator[dict[str, Any]]:
    """Two for the same at customers that lie in a pool: of half of them one is in force."""
    found = Customer.objects.filter(owner__isnull=True, pool__isnull=False).order_by("pk")
    pairs = []
    for customer, region in found.values_list("pk", "region"):
        sellers = [at for at, one in enumerate(MEMBERS) if region[:2] in one.territory]
        if len(sellers) > 1:
            pairs.append((customer, region, sellers))
    for number, (customer, region, sellers) in enumerate(rng.sample(pairs, k=min(_COLLISIONS, len(pairs)))):
        line, project = rng.choice(_LINES), rng.choice(_PROJECTS)
        province = f"{region[:2]}0000"
        for turn, at in enumerate(rng.sample(sellers, k=2)):
            stand = "in_force" if number % 2 and not turn else "submitted"
            row = {"customer_id": customer, "owner_id": members[at], "line": line}
            row |= {"region": province if turn else region, "project": "" if turn else project}
            yield row | _standing(rng, stand, members, at, today)


def _standing(rng: Random, stand: str, members: Sequence[UUID], owner: int, today: date) -> dict[str, Any]:
    """State, days and words of one that stands so."""
    lead = {"submitted": 0, "running_out": rng.randint(83, 90), "extended": rng.randint(100, 150)}
    gone = lead.get(stand, rng.randint(100, 260) if stand == "expired" else rng.randint(3, 80))
    accepted = today - timedelta(days=gone)
    made = accepted - timedelta(days=rng.randint(1, 4))
    row: dict[str, Any] = {
        "evidence": rng.choice(_EVIDENCE),
        "state": {"running_out": "in_force", "extended": "in_force", "expired": "in_force"}.get(stand, stand),
        "created_at": _at(made),
        "updated_at": _at(made if stand == "submitted" else accepted),
    }
    if stand in ("submitted", "withdrawn"):
        return row
    above = superior_of(MEMBERS[owner])
    row |= {"reviewed_by_id": members[member_index(above)] if above else None, "reviewed_at": _at(accepted)}
    if stand == "refused":
        return row | {"reason": rng.choice((*_REFUSED, _LOST_TO))}
    until = accepted + timedelta(days=_DAYS)
    if stand == "extended":
        return row | {
            "until": until + timedelta(days=_DAYS),
            "extensions": 1,
            "progress": rng.choice(_PROGRESS),
        }
    return row | {"until": until, "progress": _WON if stand == "won" else ""}


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10), _SHANGHAI)
