"""Where a text says what a value is: 手机：, Tel., 开户行及账号."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guanxi.kernel.reading.flat import Flat
from guanxi.kernel.reading.words import LABELS

__all__ = ["Label", "labels_of"]


@dataclass(frozen=True, slots=True)
class Label:
    """What `plain[at:until]` says that the text from `until` to `end` is; several kinds where it says several."""

    kinds: tuple[str, ...]
    at: int
    until: int
    end: int


_CHINESE = sorted((word for word in LABELS if word > "\u2e7f"), key=len, reverse=True)
_LATIN = sorted((word for word in LABELS if word < "\u2e7f"), key=len, reverse=True)
_WORD = re.compile(
    "(?P<zh>{})|(?<![A-Za-z0-9@_.&'-])(?P<la>{})(?![A-Za-z0-9@_&'-]|[.+][A-Za-z0-9._+-]{{1,60}}@)".format(
        "|".join(f"{word}|{' '.join(word)}" if len(word) < 5 else word for word in _CHINESE),
        "|".join(re.escape(word).replace(r"\ ", " ?") for word in _LATIN),
    ),
    re.IGNORECASE,
)
_TAIL = re.compile(
    r" ?(?:\([^()\d\n]{1,20}\) ?|for [a-z]{2,12} ?)?(?P<sep>[:=] ?[:.]?|是|为|is(?= )|\. ?:?|- )? ?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r" ?(?:[/、&,及和与+]| )? ?")
_NUMBERS = frozenset({"mobile", "phone", "direct", "fax"})
_CODES = frozenset({"account", "tax", "qq", "email", "wechat", "web", "post_code"})
# Without a sign after them they are labels where they begin a stretch.
_PLAIN_ENOUGH = frozenset(
    {"地址", "联系人", "开户行", "抬头", "发票抬头", "收货人", "法定代表人", "公司名称", "单位名称"}
)
# Common words, also the ends of others: with a sign after them, and a border before.
_COMMON = frozenset(
    {
        "银行",
        "公司",
        "单位",
        "客户",
        "企业",
        "名称",
        "位置",
        "移动",
        "法人",
        "部门",
        "岗位",
        "账户",
        "行动",
        "代表",
    }
)


def labels_of(flat: Flat) -> list[Label]:
    """All labels in order; the value of each ends where the next label or the line does."""
    found: list[tuple[tuple[str, ...], int, int]] = []
    for words in _groups(flat.simple):
        kinds = tuple(dict.fromkeys(_kind(word[0]) for word in words))
        at, end = words[0][1], words[-1][2]
        tail = _TAIL.match(flat.simple, end)
        until = tail.end() if tail else end
        if _says(flat.simple, words, kinds, at, until, (tail["sep"] if tail else "") or ""):
            found.append((kinds, at, until))
    return [
        Label(kinds, at, until, _end(flat, until, found[place + 1][1] if place + 1 < len(found) else None))
        for place, (kinds, at, until) in enumerate(found)
    ]


def _groups(simple: str) -> Iterator[list[tuple[str, int, int]]]:
    """Words of labels that stand together: 地址、电话."""
    group: list[tuple[str, int, int]] = []
    for match in _WORD.finditer(simple):
        word = (match.group(), match.start(), match.end())
        if (
            word[0] in _COMMON
            and word[1]
            and simple[word[1] - 1].isalnum()
            and not (group and group[-1][2] == word[1])
        ):
            continue  # the end of another word: 有限公司 税号
        if group:
            between = _BETWEEN.match(simple, group[-1][2])
            if between is None or between.end() < word[1] or len(group) > 3:
                yield group
                group = []
        group.append(word)
    if group:
        yield group


def _kind(word: str) -> str:
    folded = word.casefold()
    return (
        LABELS.get(folded)
        or LABELS.get(folded.replace(" ", ""))
        or _without_blanks().get(folded.replace(" ", ""), "other")
    )


def _without_blanks() -> dict[str, str]:
    return _BARE


_BARE = {word.replace(" ", ""): kind for word, kind in LABELS.items()}


def _says(
    simple: str, words: list[tuple[str, int, int]], kinds: tuple[str, ...], at: int, until: int, sign: str
) -> bool:
    """Whether the words are meant as a label here."""
    last = words[-1][0].replace(" ", "")
    after = simple[until] if until < len(simple) else "\n"
    before = simple[at - 1] if at else "\n"
    border = not before.isalnum()
    starts = before in "\n|,;，。、/()【】" or (before == " " and at > 1 and simple[at - 2] in "\n|,;，。、/")
    number, code = _NUMBERS.intersection(kinds), _CODES.intersection(kinds)
    if last > "\u2e7f":
        if all(word[0].replace(" ", "") in _COMMON for word in words):
            return border and (bool(sign.strip("- ")) or (number and after in "+(0123456789") or False)
        if sign.strip():
            return sign not in ("是", "为", ".") or border or bool(number or code)
        if number:
            return after in "+(0123456789" or (after == "\n" and starts)
        if code:
            return (after.isascii() and after.isalnum()) or (after == "\n" and starts)
        if last in _PLAIN_ENOUGH and before == " " and simple[until - 1] == " ":
            return True
        return starts and (last in _PLAIN_ENOUGH or simple[until - 1] == " " or after == "\n")
    if len(last) == 1:
        return (bool(sign) and (":" in sign or (bool(number) and after in "+(0123456789"))) or (
            bool(number)
            and (words[-1][0].isupper() or starts)
            and after in "+(0123456789"
            and simple[until - 1] == " "
        )
    if number:
        return ":" in sign or after in "+(0123456789"
    if code:
        return (
            ":" in sign
            or "=" in sign
            or (starts and after.isalnum() and after.isascii() and "email" in kinds)
        )
    return starts and (
        ":" in sign or (sign.startswith(".") and "address" in kinds) or (after == "\n" and len(last) > 6)
    )


def _end(flat: Flat, until: int, following: int | None) -> int:
    """Where the value ends: at the next label or the end of the line; of an empty line, of the one after it."""
    text = flat.plain
    line = text.find("\n", until)
    line = len(text) if line < 0 else line
    if line == until and line < len(text):
        after = text.find("\n", line + 1)
        line = len(text) if after < 0 else after
    return line if following is None else min(line, following)
