"""What the demo company has made its own: fields, views, tags, and some words on its customers."""

from collections.abc import Mapping
from itertools import cycle
from uuid import UUID

from guanxi.collaboration.services.comments import add_comment
from guanxi.collaboration.services.following import follow
from guanxi.collaboration.services.tags import create_tag, tag_records
from guanxi.customers.services.customers import edit_customers
from guanxi.demo.leavers import add_leavers, successors
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.tailoring.services.fields import add_field
from guanxi.tailoring.services.views import create_view, share_view

_ADMIN, _MANAGER, _SELLER = "xie.wenbo", "zhou.haitao", "lin.xiaowen"
_BRANDS = ("德国博世", "意大利IMA", "永创", "达意隆", "自制设备")
_FIELDS: tuple[tuple[str, Mapping[str, object]], ...] = (
    (
        "choice",
        {
            "label_zh": "现用设备品牌",
            "label_en": "Machines in use",
            "help": "拜访时看到的主力包装线品牌",
            "listed": True,
            "indexed": True,
            "options": [{"zh": brand} for brand in _BRANDS],
        },
    ),
    ("number", {"label_zh": "年包装量", "label_en": "Packed a year", "unit": "万件", "places": "1"}),
    ("date", {"label_zh": "下次展会见面", "label_en": "Meet at the next fair"}),
)
# Whose, what it is called, what it shows, whether everybody has it.
_VIEWS = (
    (_MANAGER, "A 级客户", "grade=A&sort=-updated_at", True),
    (_MANAGER, "老客户介绍来的", "source=referral&sort=name", True),
    (_MANAGER, "30 天内联系过的", "touched_on.last=30&columns=grade,owner,touched_on,touched_by", True),
    (_SELLER, "江苏的重点客户", "region=320000&grade=A,B&sort=grade,-updated_at", False),
)
_TAGS = (("重点跟进", "red"), ("要样机", "blue"), ("展会认识", "teal"), ("等预算", ""))
_SAID = (
    "李工说三季度要上第二条装箱线，预算已经报到集团，九月前会有结果。",
    "@周海涛 他们问能不能先试用两周，麻烦定一下样机。",
    "财务换人了，发票抬头以新的开票资料为准。",
    "老板和我们一起去过无锡的样板工厂，很满意节拍，担心的是售后响应。",
    "采购说永创报价低八个点，我们强调的是换型时间和备件。",
)


def add_habits(tenant: Tenant) -> None:
    """Done by the demo's own people, through the services that the pages use."""
    with scope(tenant.id, door="setup"):
        people = {key: _actor(key) for key in (_ADMIN, _MANAGER, _SELLER)}
    names: list[str] = []
    with scope(tenant.id, actor_id=people[_ADMIN].member_id, door="setup"):
        for kind, data in _FIELDS:
            names.append(add_field(people[_ADMIN], resource="customers", kind=kind, data=data).name)
    with scope(tenant.id, actor_id=people[_MANAGER].member_id, door="setup"):
        for key, name, query, everyone in _VIEWS:
            view = create_view(people[key], resource="customers", name=name, query=query)
            if everyone:
                share_view(people[key], view.id, everyone=True)
        _values(people[_MANAGER], names)
    with scope(tenant.id, actor_id=people[_SELLER].member_id, door="setup"):
        _words(people[_SELLER])
    with scope(tenant.id, actor_id=people[_ADMIN].member_id, door="setup"):
        add_leavers(people[_ADMIN], {key: _actor(key) for key in successors()})


def _actor(username: str) -> Actor:
    return load_actor(Member.objects.get(account__username=username).id)


def _first(actor: Actor, number: int) -> list[UUID]:
    rows = access.visible(actor, find("customers"), "edit").order_by("-updated_at", "id")
    return list(rows.values_list("id", flat=True)[:number])


def _values(actor: Actor, names: list[str]) -> None:
    brand, volume, _fair = names
    ids = _first(actor, 250)
    for place, (label, packed) in enumerate(
        zip(_BRANDS, cycle(("12.5", "80", "3.2", "240", "36")), strict=False)
    ):
        mine = ids[place :: len(_BRANDS)]
        if mine:
            edit_customers(actor, ids=mine, data={brand: label, volume: packed})


def _words(actor: Actor) -> None:
    ids = _first(actor, 30)
    tags = [create_tag(actor, name=name, colour=colour).id for name, colour in _TAGS]
    for place, tag in enumerate(tags):
        mine = ids[place :: len(tags)]
        if mine:
            tag_records(actor, resource="customers", ids=mine, add=[tag])
    for record_id, text in zip(ids, _SAID, strict=False):
        add_comment(actor, resource="customers", record_id=record_id, text=text)
    if ids:
        follow(actor, resource="customers", ids=ids[:5])
