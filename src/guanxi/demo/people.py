"""The people in the demo company's customers: who buys, runs, signs and pays; the same for the same seed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from guanxi.demo.abroad import draw_person
from guanxi.demo.generator import CustomerSeed
from guanxi.demo.names import person
from guanxi.demo.naming import draw_mobile

# Chinese in code: posts and departments as they stand on business cards

# Post, department; how often. The larger the company, the longer the list it draws from.
_POSTS = (
    ("总经理", "", 10), ("采购经理", "采购部", 12), ("采购员", "采购部", 8), ("生产厂长", "生产部", 8),
    ("设备主管", "设备部", 9), ("技术部经理", "技术部", 7), ("财务经理", "财务部", 6), ("质量经理", "质量部", 4),
    ("副总经理", "", 5), ("车间主任", "生产部", 5), ("电气工程师", "设备部", 4), ("仓库主管", "物流部", 2),
)  # fmt: skip
_SMALL = (("老板", "", 12), ("厂长", "", 8), ("老板娘", "", 2), ("会计", "", 4), ("采购", "", 6))
_ABROAD = (
    ("Managing Director", "", 6), ("Purchasing Manager", "Purchasing", 9), ("Plant Manager", "Production", 6),
    ("Maintenance Engineer", "Maintenance", 5), ("Project Manager", "Projects", 5), ("Controller", "Finance", 2),
)  # fmt: skip
# People per company: none, one, two …
_COUNTS = {"": (1, 2, 4, 5, 4), "small": (1, 4, 6, 3), "large": (0, 1, 2, 5, 5, 4, 3)}
_SMALL_SIZES, _LARGE_SIZES = ("under_20", ""), ("500_999", "1000_9999", "10000_up")
_MAILED, _WECHATTED, _BORN = 0.45, 0.7, 0.3


@dataclass(frozen=True, slots=True)
class PersonSeed:
    """One person of a customer; empty text is unknown."""

    name: str
    sex: str
    post: str
    department: str
    phone: str
    email: str
    wechat: str
    born: date | None
    language: str
    channel: str

    @property
    def lunar(self) -> bool:
        """Whether they keep their birthday by the lunar calendar, as many of the older do."""
        return self.born is not None and self.born.year < 1985 and self.born.toordinal() % 3 == 0


def people_of(customer: CustomerSeed, seed: int, today: date, *, more: int = 0) -> Iterator[PersonSeed]:
    """Who is known there, and so many `more`. The same customer has the same people whatever else is generated."""
    if "internal" in customer.relations:
        return
    rng = Random(f"{seed} people {customer.index}")  # noqa: S311  a demo, not a secret
    abroad = not customer.region.isdigit()
    group = "large" if customer.size in _LARGE_SIZES else "small" if customer.size in _SMALL_SIZES else ""
    counts = _COUNTS[group]
    posts = list(_ABROAD if abroad else _SMALL if group == "small" else _POSTS)
    known = rng.choices(range(len(counts)), weights=counts)[0] + more
    for _ in range(min(known, len(posts))):
        chosen = rng.choices(posts, weights=[weight for _post, _department, weight in posts])[0]
        posts.remove(chosen)
        drawn = _draw(rng, customer, chosen[0], chosen[1], abroad, today)
        if drawn.name:
            yield drawn


def _draw(
    rng: Random, customer: CustomerSeed, post: str, department: str, abroad: bool, today: date
) -> PersonSeed:
    domain = (
        customer.website.removeprefix("https://").removeprefix("http://").removeprefix("www.").split("/")[0]
    )
    if abroad:
        name, sex = draw_person(rng, customer.region), ""
        mailbox = ".".join(re.findall("[a-z]+", name.casefold()))
        phone = ""
    else:
        drawn = person(rng, "f" if post == "老板娘" else None)
        name, sex, mailbox = drawn.full, drawn.gender, ""
        phone = draw_mobile(rng)
    mailed = domain and (abroad or rng.random() < _MAILED)
    born = today - timedelta(days=rng.randrange(26 * 365, 60 * 365)) if rng.random() < _BORN else None
    return PersonSeed(
        name=name,
        sex=sex,
        post=post,
        department=department,
        phone=phone,
        email=f"{mailbox or phone}@{domain}" if mailed else "",
        wechat=f"wx{phone}" if phone and rng.random() < _WECHATTED else "",
        born=born,
        language="en" if abroad else "zh",
        channel="email" if abroad else rng.choice(("wechat", "phone", "wechat", "")),
    )
