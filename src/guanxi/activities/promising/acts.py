"""One clause taken apart: who speaks, who shall do what by when, and how firmly it is said."""

# Chinese in code: particles, and verbs that are also particles

import re
from dataclasses import dataclass, field

from guanxi.activities.promising.clauses import SUBJECTS, Clause
from guanxi.activities.promising.deeds import find_deed
from guanxi.activities.promising.tokens import Token

__all__ = ["Act", "read_act"]

_AFTER = re.compile(
    "(?<![目之提当以先跟眼面年日月周])前(?![台期面往道提端后天])|(?<![售最前背今落幕先])后(?![续面期勤台道备来的])"
    "|当天|第二天|次日|隔天|款到|货到|到款"
)
_EVENTS = ("发货前", "交货前", "出货前", "验收前", "发货后", "交货后")
_SHORT_IF = re.compile("如(?![何下期约图实此同今前上])|倘")
_OLD = ("上次", "此前", "去年", "以前", "之前已", "早就", "previously", "earlier", "last time")
_TELLS = ("告诉", "告知", "通知", "告诉了", "told", "tell", "tells", "informed")
_ORGANISATIONS = ("公司", "厂", "集团", "科技", "机械", "实业", "股份", "贸易", "食品", "工贸")
_STAFF_TEXT = (
    "assistant boss team colleague secretary engineer people office company buyer technician manager guys"
)
_STAFF = frozenset(_STAFF_TEXT.split())
_MEETINGS_TEXT = "meeting call visit workshop fair demo decision budget boss price"
_MEETINGS = frozenset(_MEETINGS_TEXT.split())
_OPENS = frozenset(("vow", "pact", "say"))


@dataclass(slots=True)
class Act:
    """What a clause says. `deed` and `vow` are places in `tokens`, −1 where there is none. `inner`: the
    subject stands in what is promised (承诺由小林负责)."""

    tokens: Clause
    speaker: Token | None = None
    subject: Token | None = None
    addressee: Token | None = None
    inner: bool = False
    quoted: bool = False
    vow: int = -1
    strong: bool = False
    said: bool = False
    will: bool = False
    meet: bool = False
    asks: bool = False
    asked: Token | None = None
    delegates: bool = False
    yes: bool = False
    no: bool = False
    able: bool = False
    hedged: bool = False
    condition: bool = False
    question: bool = False
    past: bool = False
    event: bool = False
    headless: bool = False
    deed: int = -1
    ask: int = -1
    start: int = 0
    whens: list[Token] = field(default_factory=list)
    others: list[Token] = field(default_factory=list)


def read_act(clause: Clause) -> Act:
    """The clause as an act; nothing is judged yet."""
    act = Act(clause)
    kinds = [token.kind for token in clause]
    act.condition = "if" in kinds or _SHORT_IF.match(clause[0].word) is not None
    _read_vow(act)
    act.whens = _whens(act)
    act.start = start = _after_event(act)
    deed, meet = find_deed(clause, max(start, act.vow + 1))
    if not (meet and act.strong and clause[deed].word == "be"):
        act.deed, act.meet = deed, meet
    act.question = clause[-1].word == "?" or any(
        token.kind == "ask_what"
        and (at < act.deed or act.deed < 0 or token.word in ("吗", "行不行", "好不好"))
        for at, token in enumerate(clause)
    )
    _read_people(act)
    _read_force(act, start)
    _read_report(act)
    return act


def _whens(act: Act) -> list[Token]:
    """The times that may be a day by which; not when it was said, nor what only tells one thing from another."""
    tokens = act.tokens
    said = next((at for at, one in enumerate(tokens) if one.kind in ("say", "colon") or at == act.vow), -1)
    found: list[tuple[int, Token]] = []
    for at, token in enumerate(tokens):
        if token.when is not None and not (_tells_apart(tokens, at) and act.vow < 0):
            found.append((at, token))
    later = [token for at, token in found if at > said]
    return later or [token for _, token in found if said < 0 or (token.when and not token.when.today)]


def _tells_apart(tokens: Clause, at: int) -> bool:
    """去年的尾款, 周五的会"""
    return at + 1 < len(tokens) and tokens[at + 1].word.startswith("的")


def _read_vow(act: Act) -> None:
    tokens = act.tokens
    for at, token in enumerate(tokens):
        if token.kind in ("vow", "pact") and not (at and tokens[at - 1].word == "as"):
            after = tokens[at + 1] if at + 1 < len(tokens) else None
            if after is not None and after.word.startswith(("的", "得")):
                act.past = True
                continue
            if (
                token.word in ("agreed", "settled", "deal")
                and after is not None
                and after.word in ("on", "with", "w")
            ):
                continue
            act.vow, act.strong = at, token.kind == "vow"
            return


def _after_event(act: Act) -> int:
    """The place behind 收到款后, "once we have the drawings"; 0 where there is nothing like it."""
    tokens = act.tokens
    for at, token in enumerate(tokens):
        if token.kind == "event" and at:
            act.event = True
        if at > act.vow and at and token.kind in ("text", "noun", "fill") and _AFTER.search(token.word):
            later = tokens[at + 1 :]
            follows = tokens[at + 1].word if at + 1 < len(tokens) else ""
            if follows != "的" and any(one.kind == "deed" or one.word == "给" for one in later):
                act.event = True
                return at + 1
    for at, token in enumerate(tokens):
        if (
            token.kind == "deed"
            and token.word.endswith("完")
            and any(one.when for one in tokens[at + 1 : at + 4])
        ):
            act.event = True
            return at + 1
    act.event |= tokens[0].kind == "event" or any(_is_counted_from(tokens, at) for at in range(len(tokens)))
    act.event |= any(
        one.word in _EVENTS or (one.word == "再" and tokens[at - 1].word == "了")
        for at, one in enumerate(tokens)
    )
    return 0


def _read_people(act: Act) -> None:
    """Who speaks, who shall do it, who is asked, to whom it is done."""
    tokens = act.tokens
    limit = act.deed if act.deed >= 0 else len(tokens)
    opening, ask = _opening(act, limit), _asking(act, limit)
    for at, token in enumerate(tokens):
        if (token.kind not in SUBJECTS and not _is_unknown(tokens, at)) or _tells_apart(tokens, at):
            continue
        if at > limit or _is_led(act, at):
            if _is_receiver(tokens, at):
                act.others.append(token)
        elif 0 <= ask < at:
            act.asked = act.asked or token
        elif at < opening:
            act.speaker = token
        elif at == opening + 1 and opening >= 0 and _is_told(tokens[opening]):
            act.addressee = token
        else:
            act.subject = token
            act.inner = 0 <= act.vow < at
    if ask >= 0:
        _read_ask(act, ask)


def _opening(act: Act, limit: int) -> int:
    """The place of what says or promises, or of the colon behind a speaker; −1 without."""
    tokens = act.tokens
    says = (at for at, one in enumerate(tokens) if (one.kind == "say" and at != act.deed) or at == act.vow)
    opens = next(says, -1)
    colon = next((at for at, one in enumerate(tokens) if one.kind == "colon"), -1)
    act.quoted = colon >= 0 and opens < colon
    return opens if 0 <= opens < limit else colon if act.quoted else -1


def _asking(act: Act, limit: int) -> int:
    """The place of what asks or wants; −1 without. What is promised to be asked is no request."""
    found = (
        at for at, one in enumerate(act.tokens[:limit]) if one.kind in ("ask", "want") and at != act.deed
    )
    ask = next(found, -1)
    return -1 if 0 <= act.vow < ask else ask


def _is_led(act: Act, at: int) -> bool:
    """Whether a word before it makes it somebody to whom it is done, or a place: 给他, 在他办公室, 拜访王总."""
    if not at:
        return False
    before = act.tokens[at - 1]
    return before.kind in ("give", "ba", "meet", "done") or before.word.endswith(("在", "到", "去"))


def _is_told(token: Token) -> bool:
    return token.kind == "vow" or token.word in _TELLS


def _is_receiver(tokens: Clause, at: int) -> bool:
    """Not 我们总工, "our engineer", who only come along."""
    token = tokens[at]
    after = tokens[at + 1].kind if at + 1 < len(tokens) else ""
    return token.kind != "we" or (after != "role" and not token.word.startswith("our"))


def _is_unknown(tokens: Clause, at: int) -> bool:
    """A word with a capital where a person stands: Bob will …; 采购说."""
    token = tokens[at]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is None:
        return False
    if token.kind == "text":
        called = token.word.endswith(_ORGANISATIONS) or after.word in ("那边", "这边")
        return called and at < 2 and len(token.word) < 12
    if token.kind == "role":
        if at and tokens[at - 1].kind == "we":
            return False
        return after.kind in ("say", "vow", "will", "when", "pact", "colon", "give")
    if token.kind != "name" or at > 1:
        return False
    return after.kind in ("will", "say", "vow") or (
        after.word == "to" and at + 2 < len(tokens) and tokens[at + 2].kind == "deed"
    )


def _read_ask(act: Act, ask: int) -> None:
    token = act.tokens[ask]
    act.ask = ask
    who = act.subject or act.speaker
    if token.kind == "want" and (who is None or who.kind in ("we", "colleague")) and act.asked is None:
        act.will = True
        return
    act.asks = True
    act.delegates = token.word in ("让", "叫", "安排") and (
        act.asked is None or act.asked.kind in ("role", "colleague", "person")
    )


def _read_force(act: Act, start: int) -> None:
    tokens = act.tokens
    until = act.vow if act.vow >= 0 else act.deed if act.deed >= 0 else len(tokens)
    head = tokens[:until]
    act.no = any(one.kind == "no" for one in head)
    act.hedged = any(one.kind == "hedge" for one in head) or (
        act.vow < 0
        and any(
            one.kind == "hedge" and one.word in ("再说", "待定", "再定", "再看", "tbd")
            for one in tokens[until:]
        )
    )
    act.able = any(one.kind == "able" for one in head)
    act.hedged |= act.able and act.vow >= 0
    act.past |= (
        act.vow >= 0
        and any(one.when and one.when.past for one in act.whens)
        and "no" in [one.kind for one in tokens]
    )
    old = any(one.word in _OLD and not _tells_apart(head, at) for at, one in enumerate(head))
    act.said = any(one.kind == "say" for one in head) or act.quoted
    act.yes = any(one.kind == "yes" for one in tokens)
    act.will = act.will or any(
        one.kind == "will" and not _wants_of_others(tokens, at)
        for at, one in enumerate(tokens[: max(until, act.deed)])
        if at >= start
    )
    if act.deed >= 0:
        act.headless = _is_headless(act)
        after = tokens[act.deed + 1 : act.deed + 3]
        if act.vow < 0 and after and after[0].kind == "no":
            act.no = True
        if act.vow < 0 and len(after) > 1 and after[1].word in ("不了", "不出", "不上", "不成"):
            act.no = True
        to = tokens[act.deed - 1] if act.deed else None
        if to is not None and to.word == "to" and act.deed > 1:
            act.will |= tokens[act.deed - 2].kind in (*SUBJECTS, "name", "fill")
        ended = any(
            one.word in ("了", "过", "完了")
            for one in after[: 2 if after and after[0].word in "来去完好" else 1]
        )
        future = any(
            one.when and (one.when.ends or not (one.when.today or one.when.past)) for one in act.whens
        )
        if act.vow < 0 and ended and not future and not act.will:
            act.past = True
    if act.vow < 0 and any(one.kind == "done" and not _tells_apart(head, at) for at, one in enumerate(head)):
        act.past = True
    if old or (act.vow < 0 and any(one.when and one.when.past for one in act.whens)):
        act.past = True


def _wants_of_others(tokens: Clause, at: int) -> bool:
    """需要总部批准: somebody else has to do it first."""
    return tokens[at].word in ("需要", "需") and tokens[at + 1].kind in ("text", "noun", "role")


def _read_report(act: Act) -> None:
    """A thing that somebody says will come: he said the software will be ready on Monday. It is promised by him."""
    if not (act.said and act.headless and act.will and act.whens and act.vow < 0):
        return
    said = next((at for at, one in enumerate(act.tokens) if one.kind == "say"), -1)
    if said >= 0 and not any(one.word in _MEETINGS for one in act.tokens[said:]):
        act.vow, act.strong, act.deed, act.meet, act.headless = said, True, -1, False, False


def _is_counted_from(tokens: Clause, at: int) -> bool:
    """within 30 days of delivery"""
    after = tokens[at + 1].word if at + 1 < len(tokens) else ""
    return tokens[at].when is not None and after in ("of", "after", "from", "upon", "following")


def _is_headless(act: Act) -> bool:
    """Whether a thing, not a person, stands before an English verb: the machine will …"""
    token = act.tokens[act.deed]
    if not token.word.isascii():
        return False
    head = act.tokens[act.vow + 1 : act.deed]
    head = head[: next((at for at, one in enumerate(head) if one.kind == "will"), len(head))]
    return any(one.kind in ("latin", "name", "noun", "number") and one.word not in _STAFF for one in head)
