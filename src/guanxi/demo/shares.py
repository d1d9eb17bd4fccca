"""How the demo's customers are shared out: what they are, how large, how graded, whence, and whose."""

from functools import cache

from guanxi.demo.company import MEMBERS, MemberSeed
from guanxi.demo.lexicon import Weighted

PINNED_OWNER = "lin.xiaowen"
RELATION = Weighted(
    {
        "customer": 86.0,
        "distributor": 5.6,
        "supplier": 4.2,
        "partner": 2.0,
        "competitor": 0.9,
        "government": 0.6,
        "bank": 0.4,
    }.items()
)
SIZE = Weighted(
    {
        "under_20": 24.0,
        "20_99": 38.0,
        "100_499": 26.0,
        "500_999": 7.5,
        "1000_9999": 4.0,
        "10000_up": 0.2,
        "": 6.0,
    }.items()
)
GRADE = {
    "under_20": Weighted([("A", 1.0), ("B", 12.0), ("C", 56.0), ("D", 31.0)]),
    "20_99": Weighted([("A", 4.0), ("B", 22.0), ("C", 54.0), ("D", 20.0)]),
    "100_499": Weighted([("A", 14.0), ("B", 32.0), ("C", 42.0), ("D", 12.0)]),
    "": Weighted([("A", 1.0), ("B", 10.0), ("C", 57.0), ("D", 32.0)]),
    "large": Weighted([("A", 34.0), ("B", 34.0), ("C", 25.0), ("D", 7.0)]),
}
LARGE = frozenset({"500_999", "1000_9999", "10000_up"})
SOURCE = Weighted(
    {
        "exhibition": 24.0,
        "search": 15.0,
        "referral": 13.0,
        "web_enquiry": 12.0,
        "phone": 9.0,
        "cold_call": 8.0,
        "advertisement": 6.0,
        "old_customer": 5.0,
        "distributor": 4.0,
        "email": 2.0,
        "walk_in": 2.0,
    }.items()
)
SOURCE_ABROAD = Weighted(
    [("exhibition", 40.0), ("email", 22.0), ("web_enquiry", 20.0), ("search", 10.0), ("referral", 8.0)]
)
NEARBY = {"supplier": 0.8, "bank": 1.0, "government": 1.0}  # share in and around Jiangsu
IN_POOL = {"A": 0.03, "B": 0.12, "C": 0.26, "D": 0.48, "": 0.3}
HAS_REMARK = {"A": 0.95, "B": 0.85, "C": 0.6, "D": 0.5, "": 0.5}
HAS_WEBSITE = {"": 0.2, "under_20": 0.08, "20_99": 0.35, "100_499": 0.55} | dict.fromkeys(LARGE, 0.8)


OWNER_OF_RELATION = {
    "supplier": ("yuan.jie",),
    "bank": ("zhu.min", "wang.rong"),
    "government": ("yuan.jie", "zeng.qinghua"),
    "competitor": ("zeng.jingyi", "zhong.yi"),
    "internal": ("zeng.qinghua",),
}


@cache
def sellers(province: str) -> Weighted[int]:
    """Salespeople by their territory; now and then a customer is somebody's from elsewhere."""
    return Weighted(
        (number, _share(member, province))
        for number, member in enumerate(MEMBERS)
        if "salesperson" in member.roles
    )


def _share(member: MemberSeed, province: str) -> float:
    if province in member.territory:
        return 8.5 if member.key == PINNED_OWNER else 12.0  # she has the well-known ones besides
    return 0.0 if "*" in (*member.territory, province) else 0.8
