"""What was promised, as a title: the deed and its object, without who, to whom, by when and the small words."""

# Chinese in code: particles that a title does without

import re

from guanxi.activities.promising.acts import Act
from guanxi.activities.promising.clauses import SUBJECTS, Clause
from guanxi.activities.promising.words import WHOLE_ENDINGS

__all__ = ["has_object", "title_of", "topic_of"]

_LONGEST = 80
_HAN = re.compile("[\u3400-\u9fff]")
_TRAILING = re.compile(
    r"(?:(?<=[给出寄发送])[去来]|过去|过来|回来|出来|出去|给到|下来|掉|了|吧|啊|哈|呢|吗|么|的话|一下|给|(?<=[发传送到])(?:邮箱|微信上?|群里|邮件|QQ)"
    r"|[\s,;:.。!~、\-—(]+)+$"
)
_LEADING = re.compile(r"^(?:[\s,;:.、\-—)\]]+|的|了|着|(?:that|to|of|for|about)\b)+", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|an?)\s", re.IGNORECASE)
_ENGLISH_END = re.compile(
    r"(?:\s(?:to|by|on|at|for|with|in|and|until|before|within|from|the|of|then|over|directly|back to|per|via)"
    r"|[\s,;:.!\-—(]+)+$",
    re.IGNORECASE,
)
_CHANNEL = re.compile("^到?(?:邮箱|微信上?|群里|邮件|QQ|手机)里?$")
_PLACE = re.compile("[从由按在用]")
_EMPTY = ("be", "过", "了")
_NO_CONTENT = frozenset(("fill", "done", "give", "latin", "vow", "pact", "yes"))
_POINTERS = frozenset(("it", "them", "this", "that", "these", "so", "one", "it back"))
_MOVED = re.compile(
    "(?:好|完|出来?|掉|清|妥|齐)?(?:发|寄|送|传|付|打|结|做|出|改|签|装|修|补|邮|报|汇|转|交|退|换|备|盖)?"
    "(?:过去|过来|出去|出来|好|完|掉|清|齐|妥|到位|到|去|来|上)*$"
)
_NAMING = frozenset(("text", "noun", "number", "latin", "name"))
_THINGS = frozenset(("text", "noun", "number", "latin", "name", "deed", "meet"))
_LINKS = frozenset("的和与及")


def _raw(text: str, tokens: Clause) -> str:
    """The text of tokens as it was typed, with its spaces; what was left out between two leaves one at most."""
    parts: list[str] = []
    last = -1
    for token in tokens:
        if last >= 0 and token.start > last:
            between = text[last : token.start]
            parts.append(between if between.isspace() or not between else " ")
        parts.append(text[token.start : token.end])
        last = token.end
    return re.sub(r"\s+", " ", "".join(parts)).strip()


def _after(act: Act, at: int) -> Clause:
    """What follows a place: without times and those to whom it is done."""
    tokens = act.tokens[at:]
    kept: Clause = []
    led = False
    for place, token in enumerate(tokens):
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        if led or token.when is not None or token.kind in ("stop", "comma"):
            led = False
            continue
        led = token.kind == "give" and after is not None and after.kind in (*SUBJECTS, "you", "role")
        person = token.kind in (*SUBJECTS, "you") and not (token.kind == "they" and " " in token.word)
        first = place <= 1 or all(one.word == "给" for one in kept)
        if not led and not (person and first):
            kept.append(token)
    return kept


def _before(act: Act) -> Clause:
    """The thing named before the deed: 报价单我今晚发; 把图纸发给我."""
    tokens = act.tokens[: act.deed]
    last = act.start - 1
    for at, token in enumerate(tokens):
        if token.kind in ("say", "ba", "colon") or (token.when is not None and at < act.vow):
            last = max(last, at)
    kept = [
        token
        for at, token in enumerate(tokens[last + 1 :], last + 1)
        if (token.kind in _THINGS or token.word in _LINKS)
        and at != act.vow
        and not _PLACE.match(token.word)
        and not (at and tokens[at - 1].word in ("从", "由", "按", "在", "用"))
    ]
    return kept if last >= 0 or all(token.kind != "deed" for token in kept) else []


def title_of(act: Act, text: str) -> str:
    """The title of what a clause promises; "" where it names nothing."""
    if act.deed < 0:
        start = act.vow if act.vow >= 0 else act.ask
        content = [one for one in _after(act, start + 1) if one.kind != "will" and one.word not in _EMPTY]
        if all(one.kind in _NO_CONTENT and len(one.word) < 4 for one in content):
            return ""
        return _ARTICLE.sub("", _clean(_raw(text, content)))
    at = _first_of_several(act)
    deed = act.tokens[at]
    if deed.word == "把":
        return _clean(_raw(text, _after(act, at + 1)))
    rest = _after(act, at + 1)
    said = text[deed.start : deed.end]
    after = _clean(_raw(text, rest), trailing=True)
    if not _HAN.search(said):
        joined = f"{said} {after}".strip() if rest else said
        if not after:
            joined = _clean(_raw(text, [one for one in act.tokens[act.deed :] if one.when is None]))
        return _clean(joined)
    if not _has_thing(after) or any(token.kind == "ba" for token in act.tokens[: act.deed]):
        topic = _clean(_raw(text, _before(act)))
        kept = "" if topic or _MOVED.fullmatch(after) else after
        return _clean(f"{said}{kept}{topic}")
    gap = " " if not _HAN.search(after[:1]) and rest[0].start > deed.end else ""
    return _clean(f"{said}{gap}{after}")


def _first_of_several(act: Act) -> int:
    """discuss it with the board and get back: of an English sentence the first thing that somebody will do."""
    if not act.tokens[act.deed].word.isascii():
        return act.deed
    will = next((at for at, one in enumerate(act.tokens[: act.deed]) if one.kind == "will"), act.deed)
    meet = (at for at in range(will + 1, act.deed) if act.tokens[at].kind == "meet")
    return next(meet, act.deed) if any(one.word == "and" for one in act.tokens[will : act.deed]) else act.deed


def _has_thing(after: str) -> bool:
    rest = _CHANNEL.sub("", _TRAILING.sub("", after))
    return bool(rest) and _MOVED.fullmatch(rest) is None


def has_object(act: Act, text: str) -> bool:
    """Whether the clause names what is done something with."""
    if act.deed < 0:
        return True
    if act.tokens[act.deed].word.endswith(WHOLE_ENDINGS):
        return True
    after = _clean(_raw(text, _after(act, act.deed + 1)), trailing=True)
    return (_has_thing(after) and after.lower() not in _POINTERS) or bool(_before(act))


def topic_of(clause: Clause, text: str) -> str:
    """The thing that a clause without a deed names: 还欠谢婷一份报告."""
    kept = [one for one in clause if one.kind in _NAMING and one.word not in ("收到", "拿到", "接到", "等到")]
    return _clean(_raw(text, kept)).lstrip("欠缺还差")


def _clean(said: str, *, trailing: bool = False) -> str:
    """Without small words at both ends; a title of reasonable length."""
    whole = said = _LEADING.sub("", said)
    while True:
        shorter = _ENGLISH_END.sub("", said)
        if not trailing:
            shorter = _TRAILING.sub("", shorter)
        if shorter == said:
            break
        said = shorter
    if len(said) > _LONGEST:
        said = said[: _LONGEST - 1].rstrip() + "…"
    return said.strip() or whole.strip()
