"""What somebody wrote, apart from what he answers to: of the programs people write with, in China and elsewhere."""

# Chinese in code: the words that mail programs put before what they quote

import re
from typing import NamedTuple

__all__ = ["Split", "split"]


class Split(NamedTuple):
    """A mail's own text, and what it quotes; together nothing is lost but empty lines."""

    text: str
    quotation: str


_MOST_LINES = 5000
_LONGEST_LINE = 400  # of a line that introduces a quotation
_SEPARATOR = re.compile(
    r"^[-_=－—\s]{2,}\s*(?:"
    r"original\s+(?:message|appointment)|forwarded\s+(?:message|by.{0,80})|reply\s+message|"
    r"原始邮件|原始信件|原邮件|原始郵件|转发的?邮件(?:信息)?|轉寄郵件|回复的?原?邮件|回复邮件|引用原文|"
    r"ursprüngliche\s+nachricht|message\s+d'origine|mensaje\s+original|исходное\s+сообщение"
    r")\s*[-_=－—\s]*$",
    re.IGNORECASE,
)
_BEGIN_FORWARD = re.compile(
    r"^(?:begin forwarded message|开始转发的?邮件|转发邮件)\s*[:：]\s*$", re.IGNORECASE
)
_WROTE = re.compile(
    r"(?:\bwrote|\bwrites|写道|寫道|写到|編寫|编写|\bschrieb(?:\s.{0,80})?|a écrit|escribió|\bha scritto|"
    r"написала?|пишет|napisał\(?a?\)?|schreef)\s*[:：]?\s*$",
    re.IGNORECASE,
)
# What stands in such a line beside the verb: a day, a time or an address.
_FACT = re.compile(
    r"\d{1,4}\s*[-/.年:：]\s*\d{1,2}|@|\d{1,2}月\d{1,2}|\d{1,2}\.?\s[^\W\d]{3,9}\.?\s\d{4}|[^\W\d]{3,9}\s\d{1,2},\s\d{4}"
)
_BARE = re.compile(r"^(?:on|am|le|el|il|在|于)\s", re.IGNORECASE)
_DATED = re.compile(r"^\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}\S{0,12}\s.{0,120}<[^<>\s]+@[^<>\s]+>\s*[:：]?\s*$")
_FROM = re.compile(
    r"^[*\s]*(?:from|发件人|發件人|寄件者|寄件人|发送人|发信人|von|de|от|da)\s?[*]?\s*[:：][*\s]*\S",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"^[*\s]*(?:sent|date|to|subject|cc|发送时间|發送時間|发送日期|日期|时间|收件人|收件者|主题|主題|主旨|抄送|副本|"
    r"寄件日期|gesendet|datum|an|betreff|envoyé|objet|à|enviado|para|asunto|кому|тема|отправлено)\s?[*]?\s*[:：]",
    re.IGNORECASE,
)
_RULE = re.compile(r"^[-_=*\s]{5,}$")


def split(text: str) -> Split:
    """The text of a mail in two. Of answers under what they answer to, or between its lines, the quoted lines go."""
    lines = text.split("\n")
    if len(lines) > _MOST_LINES:
        return Split(text.strip("\n"), "")
    for place in range(len(lines)):
        length = _introduces(lines, place)
        if length:
            return _at(lines, place, length)
    return _tail(lines)


def _introduces(lines: list[str], place: int) -> int:
    """How many lines from this place on introduce a quotation; 0 where none does."""
    line = lines[place].strip()
    if not line or len(line) > _LONGEST_LINE or line.startswith(">"):
        return 0
    if _SEPARATOR.match(line) or _BEGIN_FORWARD.match(line) or _DATED.match(line):
        return 1
    if _FROM.match(line):
        near = [one for one in lines[place + 1 : place + 8] if one.strip()][:6]
        if sum(bool(_BESIDE.match(one)) for one in near) >= 2:
            return 1
    return _wrote(lines, place)


def _wrote(lines: list[str], place: int) -> int:
    """The line "On …, somebody wrote:", which programs break into up to four."""
    joined = ""
    for length in range(1, 5):
        if place + length > len(lines):
            return 0
        part = lines[place + length - 1].strip()
        if not part or part.startswith(">"):
            return 0
        joined = f"{joined} {part}".strip()
        if len(joined) > _LONGEST_LINE:
            return 0
        if _WROTE.search(joined):
            # A sentence of his own that ends like this names neither day nor address, or goes on for lines.
            named = _FACT.search(joined) is not None
            return (
                length if named and (length == 1 or _BARE.match(joined) or _FACT.search(lines[place])) else 0
            )
        if length == 1 and not (_BARE.match(joined) or _FACT.search(joined)):
            return 0
    return 0


def _at(lines: list[str], place: int, length: int) -> Split:
    above, rest = lines[:place], lines[place + length :]
    while above and (not above[-1].strip() or _RULE.match(above[-1])):
        above.pop()
    intro = lines[place : place + length]
    quoted = [line for line in rest if line.lstrip().startswith(">")]
    below = [line for line in rest if not line.lstrip().startswith(">")]
    first = next((line for line in rest if line.strip()), "")
    if quoted and first.lstrip().startswith(">") and any(line.strip() for line in below):
        # He answers under it, or between its lines.
        own = "\n".join([*above, *below]).strip("\n")
        return Split(re.sub(r"\n{3,}", "\n\n", own), "\n".join([*intro, *quoted]).strip("\n"))
    return Split("\n".join(above).strip("\n"), "\n".join([*intro, *rest]).strip("\n"))


def _tail(lines: list[str]) -> Split:
    """Without an introduction: what is quoted at the end, and at the beginning where an answer follows."""
    last = len(lines)
    while last and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith(">")):
        last -= 1
    quoted = lines[last:]
    if last and any(line.strip() for line in quoted):
        return Split("\n".join(lines[:last]).strip("\n"), "\n".join(quoted).strip("\n"))
    first = 0
    while first < last and (not lines[first].strip() or lines[first].lstrip().startswith(">")):
        first += 1
    if first and any(line.strip() for line in lines[:first]):
        return Split("\n".join(lines[first:]).strip("\n"), "\n".join(lines[:first]).strip("\n"))
    return Split("\n".join(lines).strip("\n"), "")
