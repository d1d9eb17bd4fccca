"""The signature under what somebody wrote."""

# Chinese in code: how letters end, and what stands in a signature

import re
from typing import NamedTuple

__all__ = ["Signed", "sign_off"]


class Signed(NamedTuple):
    """What somebody wrote, and the signature under it; together nothing is lost but empty lines."""

    text: str
    signature: str


_MOST = 12  # lines of a signature
_WIDE = 70  # characters of one of its lines
_DASHES = re.compile(r"^(?:--|—|——|_{2,5}|-{3,40})\s*$")
_MARKED = re.compile(r"^#sig#")
_DEVICE = re.compile(
    r"^(?:sent from (?:my |yahoo|mail for|samsung|outlook)|get outlook for|via mobile|"
    r"发自我的|从我的.{1,20}发送|从.{1,20}发送|来自我的|發自我的|发自.{0,12}(?:邮箱|手机)|由.{1,12}发出)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^(?:(?:kind|best|warm|many)?\s*regards|best(?: wishes)?|sincerely|yours (?:sincerely|truly|faithfully)|cheers|"
    r"thanks(?: and (?:best )?regards)?|thank you|此致|敬礼|顺颂商祺|顺祝商祺|祝商祺|祝好|祝工作顺利|谢谢|多谢)"
    r"[\s,，.。!！~～]*$",
    re.IGNORECASE,
)
_REACHED = re.compile(
    r"@[\w-]+\.|https?://|www\.|\+?\d[\d\s().\-/]{6,}\d|"
    r"^\s*(?:tel|phone|mobile|fax|email|e-mail|web|电话|手机|座机|传真|邮箱|邮件|网址|地址|微信|qq|t|m|p|e)\s*[:：.]",
    re.IGNORECASE,
)
_FIRM = re.compile(r"有限公司|有限责任|集团|工厂|\b(?:ltd|inc|gmbh|llc|corp|co)\b\.?$", re.IGNORECASE)
_POST = re.compile(
    r"经理|总监|主任|工程师|采购|销售|董事|总裁|部长|助理|\b(?:manager|director|engineer|president|sales|officer|"
    r"assistant|consultant|buyer|head of)\b",
    re.IGNORECASE,
)


def sign_off(text: str, *, name: str = "") -> Signed:
    """A text in two: what was said, and the signature. `name` is the sender's. A text that is nothing but a signature
    is left whole."""
    lines = text.rstrip("\n").split("\n")
    begins = _begins(lines, name.casefold().strip())
    above = "\n".join(lines[:begins]).strip("\n")
    if begins >= len(lines) or not above.strip():
        return Signed(text.strip("\n"), "")
    return Signed(above, "\n".join(lines[begins:]).strip("\n"))


def _begins(lines: list[str], name: str) -> int:
    """The line with which it begins; their number where there is none."""
    end, first = len(lines), max(0, len(lines) - 2 * _MOST)
    for place in range(first, end):
        if _DASHES.match(lines[place]) and _short(lines[place + 1 :]):
            return place
        if _MARKED.match(lines[place]) and all(
            _MARKED.match(one) or not one.strip() for one in lines[place:]
        ):
            return place
    for place in range(end - 1, first - 1, -1):
        if _DEVICE.match(lines[place].strip()):
            end = place - 1 if place and _names(lines[place - 1], name) else place
            break
    for place in range(first, end):
        below = [one for one in lines[place + 1 : end] if one.strip()]
        if _CLOSING.match(lines[place].strip()) and _short(below) and len(below) <= _MOST:
            return place
    return min(end, _block(lines[:end], name))


def _block(lines: list[str], name: str) -> int:
    """The last lines between empty ones, where they say who somebody is."""
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    begin = last
    while begin and lines[begin - 1].strip():
        begin -= 1
    block = lines[begin:last]
    if not block or len(block) > _MOST or not _short(block):
        return len(lines)
    told = sum(bool(_REACHED.search(one)) for one in block)
    who = sum(bool(_FIRM.search(one) or _POST.search(one)) for one in block)
    named = any(_names(one, name) for one in block[:2])
    if told >= 2 or (told and (who or named)) or (named and len(block) <= 3 and _names(block[0], name)):
        return begin
    return len(lines)


def _short(lines: list[str]) -> bool:
    told = [one for one in lines if one.strip()]
    return len(told) <= _MOST and all(len(one) <= _WIDE for one in told)


def _names(line: str, name: str) -> bool:
    shown = line.strip().casefold().strip(",，.。-—")
    return bool(name) and len(shown) <= len(name) + 12 and name in shown
