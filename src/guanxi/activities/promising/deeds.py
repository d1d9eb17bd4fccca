"""The deed of a clause: the verb that is promised, told from the same word as the name of a thing."""

# Chinese in code: particles, and verbs that are also particles

from guanxi.activities.promising.clauses import SUBJECTS, Clause
from guanxi.activities.promising.words import (
    DETERMINERS,
    NAMES_THINGS,
    NO_PROMISED_VERBS,
    SEES_TO,
    THINGS,
    kind_of_english,
)

__all__ = ["find_deed"]

_TELLS = ("告诉", "告知", "通知")
_PUTS_OFF = ("改", "调整", "延期", "延长", "安排", "定", "约")
_LEADS = ("by", "via", "per", "of", "with", "about")
_ENDS_VERB = ("give", "fill", "meet", "comma", "stop", *SUBJECTS)


def find_deed(tokens: Clause, start: int) -> tuple[int, bool]:
    """The place of the deed from `start` on, −1 without, and whether it is no more than a meeting."""
    meet = -1
    for at in range(start, len(tokens)):
        token = tokens[at]
        sees_to = token.word in SEES_TO and at + 1 < len(tokens) and tokens[at + 1].when is not None
        if sees_to or (token.kind in ("deed", "meet") and (_is_thing(tokens, at) or _is_put_off(tokens, at))):
            continue
        if token.word == "约" and at + 1 < len(tokens) and tokens[at + 1].kind in SUBJECTS:
            meet = at if meet < 0 else meet
            continue
        if (
            token.word in _TELLS
            and at
            and tokens[at - 1].word in ("会", "第一时间", "及时")
            and at + 1 < len(tokens)
        ):
            return at, False
        if token.kind == "deed" or _is_giving(tokens, at) or _is_english_deed(tokens, at):
            return at, False
        if token.kind == "meet" and meet < 0:
            meet = at
    if meet >= 0:
        return meet, True
    # 把 and a verb that is not known
    return next((at for at in range(start, len(tokens) - 1) if tokens[at].word == "把"), -1), False


def _is_english_deed(tokens: Clause, at: int) -> bool:
    """Any verb behind "will", one in -s behind a person, "I am sending"."""
    token = tokens[at]
    if token.kind == "deeds":
        return bool(at) and tokens[at - 1].kind in (*SUBJECTS, "name", "fill", "role")
    if token.kind == "ask":
        return token.word in ("ask", "request", "remind") and _follows_will(tokens, at)
    if token.kind != "latin":
        return False
    if at and _is_doing(tokens[at - 1].word, token.word):
        return True
    return _follows_will(tokens, at) and (token.word not in NO_PROMISED_VERBS or token.word == "have")


def _is_thing(tokens: Clause, at: int) -> bool:
    """A verb that is the name of a thing here: the test, 测试数据, 把报价做完, 把图纸确认意见反馈给我们."""
    if [one.word for one in tokens[at + 1 : at + 3]] == ["to", "follow"]:  # deposit to follow
        return True
    if tokens[at].word.isascii():
        return bool(at) and _is_english_thing(tokens, at)
    if at + 1 == len(tokens):
        return False
    after = tokens[at + 1]
    if tokens[at].word in NAMES_THINGS and after.word.startswith(THINGS):
        return True
    moved = any(one.word == "把" for one in tokens[:at]) and any(
        one.kind == "deed" for one in tokens[at + 1 :]
    )
    return moved and after.kind not in _ENDS_VERB and not after.word.startswith(("到", "好", "完"))


def _is_english_thing(tokens: Clause, at: int) -> bool:
    before = tokens[at - 1]
    if before.word in DETERMINERS or before.word in _LEADS:
        return True
    described = (
        before.kind == "latin" and not before.word.endswith("ly") and before.word not in ("have", "has")
    )
    return described and any(one.kind in ("vow", "say") for one in tokens[:at])


def _is_put_off(tokens: Clause, at: int) -> bool:
    """会面改到周二, 改约周二: another day, nothing is promised."""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is None or tokens[at].word not in _PUTS_OFF:
        return False
    return after.word.startswith(("约", "期")) if after.when is None else after.word[0] in "到至"


def _is_doing(before: str, word: str) -> bool:
    """I am sending, we're shipping"""
    if before not in ("am", "are", "is", "'m", "'re", "'s", "be") or not word.endswith("ing"):
        return False
    stem = word.removesuffix("ing")
    return any(kind_of_english(one) == "deed" for one in (stem, stem + "e", stem[:-1]))


def _follows_will(tokens: Clause, at: int) -> bool:
    before = at - 1
    while before > 0 and tokens[before].kind in ("fill", "when"):
        before -= 1
    if before < 0:
        return False
    if tokens[before].word == "to" and before:
        return tokens[before - 1].kind in (*SUBJECTS, "vow", "pact", "name")
    return tokens[before].kind == "will" and tokens[before].word.isascii()


def _is_giving(tokens: Clause, at: int) -> bool:
    """给 as the deed itself, not as a word before the receiver of another."""
    if tokens[at].word != "给" or (at and tokens[at - 1].kind == "deed"):
        return False
    after = tokens[at + 1 :]
    if not after or after[0].kind in ("stop", "comma"):
        return bool(at) and tokens[at - 1].kind in ("when", "fill", "will")
    if after[0].kind in (*SUBJECTS, "role", "you"):
        return not any(one.kind in ("deed", "meet") for one in after[1:])
    return after[0].kind in ("text", "noun", "number", "latin", "name", "deed", "fill", "give")
