"""Numbers written in Chinese figures: 一百二十, 三十万, 叁拾万元整."""

import re
from decimal import Decimal

__all__ = ["spelt_number"]

_DIGITS = {sign: at for at, sign in enumerate("零一二三四五六七八九")} | {
    sign: at for at, sign in enumerate("零壹贰叁肆伍陆柒捌玖")
}
_DIGITS |= {"〇": 0, "两": 2, "貳": 2, "參": 3, "陸": 6}
_PLAIN = str.maketrans("拾佰仟萬億圆块正负", "十百千万亿元元整负")
_UNITS = {"千": 1000, "百": 100, "十": 10}
_D = "[一二三四五六七八九壹贰叁肆伍陆柒捌玖两貳參陸]"
# Four figures at most. The last stands behind 十 or 零 only: 一百二 is a hundred and twenty to some, and two to others.
_GROUP = re.compile(
    f"(?:(?P<千>{_D})千)?(?:零?(?P<百>{_D})百)?(?:零?(?P<十>{_D})?(?P<ten>十))?(?P<zero>零)?(?P<one>{_D})?"
)
_MONEY = re.compile(rf"(?:(?P<whole>[^元角分整.]+)元?)?(?:零?(?P<jiao>{_D})角)?(?:零?(?P<fen>{_D})分)?整?")
_BEGINS = frozenset((*_DIGITS, *"十拾人负"))
_MARK = re.compile("[亿万]")


def spelt_number(text: str) -> Decimal | None:
    """The number that Chinese figures say, with 元, 角 and 分 behind it or without; None for what is none, and for
    what may be read in two ways (一百二, 三万五)."""
    if not text or text[0] not in _BEGINS:
        return None
    text = text.strip().translate(_PLAIN).replace("〇", "零").removeprefix("人民币")
    negative, text = text.startswith("负"), text.removeprefix("负")
    found = _MONEY.fullmatch(text)
    whole = _whole(found["whole"]) if found and found["whole"] else 0
    if found is None or whole is None or not any(found.groups()):
        return None
    cents = _DIGITS[found["jiao"] or "零"] * 10 + _DIGITS[found["fen"] or "零"]
    number = Decimal(whole) + Decimal(cents).scaleb(-2)
    return -number if negative else number


def _whole(text: str) -> int | None:
    total, rest = 0, text
    for mark, power in (("亿", 8), ("万", 4)):
        before, there, after = rest.partition(mark)
        if there:
            group = (
                _whole(before) if mark == "亿" and _MARK.search(before) else _group(before, first=not total)
            )
            if not group:
                return None
            total += group * 10**power
            rest = after
    if not rest:
        return total
    group = _group(rest, first=not total)
    return None if group is None else total + group


def _group(text: str, *, first: bool) -> int | None:
    """A number below ten thousand; None where it is none. What is not `first` begins with 零 or has a thousand."""
    if text == "零" and first:
        return 0
    found = _GROUP.fullmatch(text)
    if found is None or not text:
        return None
    if not first and found["千"] is None and not text.startswith("零"):
        return None
    number = sum(_DIGITS[found[unit]] * size for unit, size in _UNITS.items() if found[unit])
    if found["ten"] and not found["十"]:
        number += 10
    if found["one"]:
        higher = found["千"] or found["百"]
        if not found["ten"] and not found["zero"] and higher:
            return None
        number += _DIGITS[found["one"]]
    elif found["zero"]:
        return None
    return number
