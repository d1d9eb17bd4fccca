"""What an import asks of thousands at once is what the check says of each."""

# Chinese in code: names that are alike in many ways

from itertools import product
from typing import Any

from guanxi.customers.queries.duplicates import alike_of, read_customer, surest_of
from guanxi.customers.services.customers import create_customers
from guanxi.kernel.codes import make_credit_code
from guanxi.testing.worlds import World, in_scope

PLACES = ("", "苏州", "江苏苏州", "无锡", "山东")
NAMES = ("恒捷食品有限公司", "恒捷食品厂", "恒捷机械有限公司", "恒捷食品有限公司昆山分公司")
CODES = ("", make_credit_code(11111111), make_credit_code(22222222), "91320500MA1XXXXX0A")
PHONES = ("", "0512-62881234", "13900006120")


def _row(place: str, name: str, code: str, phone: str, **more: Any) -> dict[str, Any]:
    return {"name": place + name, "credit_code": code, "phone": phone, "relations": "customer"} | more


def test_the_surest_of_many_is_the_first_that_the_check_finds_certain_or_likely(world: World) -> None:
    there = [_row(*parts) for parts in product(PLACES, NAMES, CODES[:3], PHONES[:2])]
    there.append(_row("", "鲁味圆", "", "", former_names="恒捷食品有限公司", number="K-1"))
    there.append(_row("大连", "恒捷包装有限公司", make_credit_code(33333333), ""))
    with in_scope(world.admin):
        create_customers(world.admin, rows=[row | {"owner_id": world.admin.member_id} for row in there])
    asked = [read_customer(_row(*parts)) for parts in product(PLACES, NAMES, CODES, PHONES)]
    asked.append(read_customer(_row("", "别的", "", "", number="K-1")))
    asked.append(read_customer(_row("大连", "恒捷包装有限公司", make_credit_code(44444444), "")))
    with in_scope(world.admin):
        told = surest_of(asked)
        wanted = [
            (alike[0][0].pk, alike[0][1])
            if alike and alike[0][1].certainty in ("certain", "likely")
            else None
            for alike in alike_of(asked, strong=True)
        ]
    assert told == wanted
    assert {found[1].certainty for found in told if found} == {"certain", "likely"}
    assert told[-1] is None  # two right codes are two
