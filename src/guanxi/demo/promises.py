"""What was promised at the demo company's touches, by both sides, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from guanxi.demo.touches import TouchSeed
from guanxi.kernel.workdays import next_workday

# Chinese in code: what salespeople promise their customers, and these promise them

_MADE_AT: Final = {"call": 0.3, "visit": 0.5, "meeting": 0.55}
_OURS_SHARE = 0.68
# Of what is due by now: kept in time, kept late, broken, withdrawn. What was due in the last days may still be open.
_ENDS: Final = (("kept", 74), ("late", 12), ("broken", 9), ("withdrawn", 5))
_STILL_OPEN, _LATELY = 0.45, 6  # share; days
_PUT_OFF = 0.15
_OURS: Final = (
    "含税报价第 {n} 版", "样机参数表", "同行业案例 {n} 个", "节拍测试视频", "布局图", "备件清单和价格",
    "技术协议修改稿", "售后服务方案", "合同初稿", "样袋试机报告",
)  # fmt: skip
_THEIRS: Final = (
    "包装样袋 {n} 种", "车间平面图", "预付款 30%", "技术协议回签", "年度预算批复", "开票资料",
    "验收单盖章寄回", "换型要求清单",
)  # fmt: skip
_OURS_EN: Final = ("quotation, version {n}", "updated drawings", "reference list", "spare parts list")
_THEIRS_EN: Final = ("product samples", "floor plan", "down payment of 30 %", "signed technical agreement")
_WHY: Final = {
    "broken": ("产能排不开", "对方一直没有回音", "资料没备齐"),
    "moved": ("等图纸", "对方出差", "内部还在核价"),
}


@dataclass(frozen=True, slots=True)
class PromiseSeed:
    """One promise, made at a touch; `person` is a place among the customer's people, None for nobody named."""

    side: str
    what: str
    due: date
    first_due: date
    moved: int
    state: str
    settled_on: date | None
    why: str
    person: int | None

    def sentence(self, english: bool) -> str:
        """As the text of the touch says it."""
        if english:
            who = "We promised" if self.side == "ours" else "They promised"
            return f" {who}: {self.what} by {self.first_due:%d %B}."
        who = "答应" if self.side == "ours" else "对方答应"
        return f"{who}{self.first_due.month}月{self.first_due.day}日前给{self.what}。"


def promise_of(touch: TouchSeed, place: str, today: date, english: bool) -> PromiseSeed | None:
    """What was promised at a touch; None where nothing was. `place` tells it from all other touches: the same one has
    the same promise whatever else is generated."""
    if touch.state != "done" or touch.kind not in _MADE_AT or touch.outcome == "not_answered":
        return None
    rng = Random(f"promise {place}")  # noqa: S311  a demo, not a secret
    if rng.random() >= _MADE_AT[touch.kind]:
        return None
    ours = rng.random() < _OURS_SHARE
    texts = {(True, False): _OURS, (False, False): _THEIRS, (True, True): _OURS_EN, (False, True): _THEIRS_EN}
    what = rng.choice(texts[ours, english]).replace("{n}", str(rng.randint(2, 4)))
    first = next_workday(touch.at.date() + timedelta(days=rng.randint(1, 12)))
    due, moved = first, 0
    if rng.random() < _PUT_OFF:
        due, moved = next_workday(first + timedelta(days=rng.randint(2, 9))), 1
    state, settled, why = _end(rng, due, today, english)
    if moved and not why and not english:
        why = rng.choice(_WHY["moved"])
    person = rng.choice(touch.people) if touch.people else None
    return PromiseSeed("ours" if ours else "theirs", what, due, first, moved, state, settled, why, person)


def _end(rng: Random, due: date, today: date, english: bool) -> tuple[str, date | None, str]:
    if due >= today or (due >= today - timedelta(days=_LATELY) and rng.random() < _STILL_OPEN):
        return "open", None, ""
    how = _drawn(rng, _ENDS)
    if how == "late":
        settled = min(due + timedelta(days=rng.randint(1, 8)), today)
        return "kept", settled, ""
    settled = min(due, today)
    return how, settled, "" if english or how != "broken" else rng.choice(_WHY["broken"])


def _drawn(rng: Random, weighted: Sequence[tuple[str, int]]) -> str:
    return rng.choices([one for one, _weight in weighted], [weight for _one, weight in weighted])[0]
