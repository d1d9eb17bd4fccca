"""What a file of another program holds: by its name, and by what its head says."""

# Chinese in code: names of files

import re
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.services import importable
from guanxi.integrations.moves.colleagues import SUPERIORS
from guanxi.kernel.text import fold
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import every, find

MEMBERS = "members"
# What comes first is there when the others point to it; files come in this order whatever order they were given in.
ORDER = (
    "product_lines",
    "products",
    "customers",
    "people",
    "billing_profiles",
    "addresses",
    "contact_points",
    "relationships",
    "leads",
    "opportunities",
    "sale_lines",
    "activities",
)
# What other programs keep and has no place here yet.
NO_PLACE = {
    "deals": (
        _("Parts and history of opportunities"),
        re.compile(
            r"(?:opportunit\w*|deals?|商机).*(?:line|histor|stage|pipeline|contact|compan|明细|产品|阶段|历史)",
            re.IGNORECASE,
        ),
    ),
    "tickets": (_("Tickets"), re.compile(r"tickets?\b|cases?\b|工单", re.IGNORECASE)),
}
_NAMES = (
    (
        MEMBERS,
        re.compile(
            r"users?\b|owners?\b|employees?|staff|sales (?:team|rep|agent|people)|用户|人员|员工|同事|职员",
            re.IGNORECASE,
        ),
    ),
    ("leads", re.compile(r"leads?\b|线索", re.IGNORECASE)),
    ("opportunities", re.compile(r"opportunit|deals?\b|pipeline|商机|销售机会", re.IGNORECASE)),
    ("products", re.compile(r"products?\b|产品|商品|物料", re.IGNORECASE)),
    (
        "activities",
        re.compile(
            r"task|event|activit|call|meeting|note|engagement|complaint|跟进|拜访|活动|沟通|通话|记录|日志",
            re.IGNORECASE,
        ),
    ),
    ("people", re.compile(r"contact|people|person|联系人|通讯录", re.IGNORECASE)),
    ("customers", re.compile(r"account|compan|customer|organi[sz]ation|客户|公司|企业", re.IGNORECASE)),
)
_USER_HEADS = frozenset(
    map(fold, ("username", "user_type", "profile_id", "user_role_id", "last_login_date", "locale_sid_key"))
)
# Who sells, and under whom: a list of a team, whatever it is called.
_SELLER_HEADS = frozenset(
    map(fold, ("sales_agent", "sales agent", "sales rep", "salesperson", "销售代表", "业务员"))
)
_SUPERIOR_HEADS = frozenset(map(fold, SUPERIORS))

# What a file of one kind of activities does not say in its rows: HubSpot's meetings have no word for what they are.
_TOUCHES = (
    ("task", re.compile(r"task|to-?do|待办|任务", re.IGNORECASE)),
    ("meeting", re.compile(r"meeting|event|会议|会谈", re.IGNORECASE)),
    ("visit", re.compile(r"visit|拜访|走访", re.IGNORECASE)),
    ("call", re.compile(r"call|通话|电话", re.IGNORECASE)),
    ("note", re.compile(r"note|complaint|备忘|投诉", re.IGNORECASE)),
)


def usual_of(holds: str, name: str) -> dict[str, str]:
    """What every row of a file is that says nothing else: by the file's name, the kind of its activities."""
    kinds = [kind for kind, pattern in _TOUCHES if pattern.search(name)] if holds == "activities" else []
    return {"kind": kinds[0]} if kinds else {}


def places(actor: Actor) -> list[type[Resource]]:
    """What files may hold, in the order in which they come in."""
    may = [one for one in every() if importable(one) and actor.may(one.permission("import"))]
    return sorted(may, key=lambda one: ORDER.index(one.key) if one.key in ORDER else len(ORDER))


def what_of(actor: Actor, name: str, headers: Sequence[str]) -> str:
    """What a file holds: `MEMBERS`, a resource's key, one of `NO_PLACE`, or "" where nothing tells."""
    stem = re.sub(r"[_\-.]+", " ", name.rpartition(".")[0] or name)
    said = {fold(header) for header in headers}
    if len(said & _USER_HEADS) >= 2 or (said & _SELLER_HEADS and said & _SUPERIOR_HEADS):
        return MEMBERS
    for key, (_label, pattern) in NO_PLACE.items():
        if pattern.search(stem):
            return key
    there = {one.key for one in places(actor)}
    for key, pattern in _NAMES:
        if pattern.search(stem) and (key == MEMBERS or key in there):
            return key
    # Files are mostly about these; what hangs on them is named by its file.
    mostly = there & {"customers", "people", "activities"} or there
    return max(mostly, key=lambda key: _fits(actor, find(key), headers), default="")


def _fits(actor: Actor, resource: type[Resource], headers: Sequence[str]) -> tuple[int, int]:
    used = map_columns(actor, resource, headers).of().used
    order = -ORDER.index(resource.key) if resource.key in ORDER else -len(ORDER)
    return (sum(not name.startswith("new:") for name in used), order)
