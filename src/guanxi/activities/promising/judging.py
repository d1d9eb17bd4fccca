"""Whether a clause is a promise, and whose."""

# Chinese in code: words by which a deed is told from its like

from guanxi.activities.promising.acts import Act
from guanxi.activities.promising.memory import Memory, is_ours
from guanxi.activities.promising.titles import has_object, title_of, topic_of
from guanxi.activities.promising.tokens import Token
from guanxi.activities.promising.words import (
    COMES_BY_ITSELF,
    COMING,
    MUST,
    OURS_BY_NATURE,
    PLANNED,
    THEIRS_BY_NATURE,
)

__all__ = ["goes_on_with", "is_demand", "whose_promise"]

_SENDS = frozenset("发寄打付汇转传")
_WITH = ("与", "和", "跟", "同", "陪", "with")
_PLAIN = frozenset(("text", "noun", "number", "latin", "name", "when", "comma", "stop", "fill", "give"))


def whose_promise(act: Act, who: Token | None, memory: Memory, text: str) -> bool | None:
    """Whether the promise that a clause makes is ours; None where it makes none."""
    if lists_more(act, who, memory, text):
        return memory.ours
    if act.deed < 0 and not (act.vow >= 0 and act.strong and title_of(act, text)):
        return None
    if act.deed < 0 and any(one.kind == "hedge" for one in act.tokens):
        return None
    verb = _verb(act)
    side = _side(act, who, memory, text)
    if _is_vowed(act, who, memory):
        return side
    reported = _is_reported(act, who, memory)
    dated = _dated(act, memory)
    if act.meet or verb in COMES_BY_ITSELF:
        comes = verb in COMING or verb in COMES_BY_ITSELF
        return side if (reported and comes and not side and dated) or (memory.promised and dated) else None
    if act.headless or (act.able and (side or not reported)):
        return None
    if not side and any(one.word in MUST for one in act.tokens[: act.deed]):
        return None
    told = reported or memory.promised or act.will
    if not side and who is not None and verb in OURS_BY_NATURE and not told:
        return None
    if _is_firm(act, who, memory, dated=bool(dated), reported=reported):
        return side
    return side if _is_dated_deed(act, who, memory, text, ours=side) else None


def is_demand(act: Act, who: Token | None, memory: Memory) -> bool:
    """What they say shall be done by us: 王总说我们周五前发, 孙总说周五前发货."""
    if act.deed < 0 or _is_vowed(act, who, memory) or act.quoted:
        return False
    speaker = act.speaker if act.speaker is not None else memory.holder if act.said or memory.said else None
    if speaker is None or is_ours(speaker):
        return False
    if act.speaker is not None and act.subject is not None and is_ours(act.subject):
        return True
    reported = _is_reported(act, who, memory) and not act.will and not act.meet and not act.headless
    subject = act.subject if act.said else who
    theirs = subject is None or not is_ours(subject)
    return reported and theirs and act.speaker is not None and _verb(act) in OURS_BY_NATURE


def lists_more(act: Act, who: Token | None, memory: Memory, text: str) -> bool:
    """Another thing with another day behind a promise: quote by Friday, samples by Monday."""
    if act.deed >= 0 or act.vow >= 0 or not memory.promised or who is not None:
        return False
    dated = any(one.when and one.when.day and one.when.ends and not one.when.past for one in act.whens)
    return dated and all(one.kind in _PLAIN for one in act.tokens) and bool(topic_of(act.tokens, text))


def goes_on_with(before: Act, act: Act) -> bool:
    """Whether a deed without its object goes on with the one before: 安排提供图纸，下周一给."""
    verb = _verb(act)
    return verb == "给" or bool(set(verb) & set(_verb(before)))


def _verb(act: Act) -> str:
    return act.tokens[act.deed].word if act.deed >= 0 else ""


def _is_vowed(act: Act, who: Token | None, memory: Memory) -> bool:
    before = memory.vowed and who is None
    return (act.vow >= 0 or before) and (act.strong or before or act.deed >= 0)


def _is_reported(act: Act, who: Token | None, memory: Memory) -> bool:
    return act.said or (memory.said and who is None)


def _dated(act: Act, memory: Memory) -> list[Token]:
    return [one for one in (act.whens or memory.whens) if one.when and one.when.day and not one.when.past]


def _is_firm(act: Act, who: Token | None, memory: Memory, *, dated: bool, reported: bool) -> bool:
    """Said to come: somebody will, or is reported to do it by then."""
    first = next((one.kind for one in act.tokens if one.kind not in ("fill", "link")), "")
    if act.will and (who is not None or dated or first in ("will", "want")):
        return True
    return reported and (dated or act.event or bool(act.whens))


def _is_dated_deed(act: Act, who: Token | None, memory: Memory, text: str, *, ours: bool) -> bool:
    """A deed with its day and no more: 周五前发报价, "send the quote by Friday"; or one that goes on with a promise."""
    verb = _verb(act)
    named = bool(act.others or memory.topic or memory.idle or memory.promised) or has_object(act, text)
    if len(verb) == 1 and who is None and not named:
        return False
    if verb in PLANNED and not memory.promised and (who is None or ours):
        return False
    dated = _dated(act, memory)
    firm = any(one.when and not one.when.today for one in dated)
    again = verb.startswith("补") or any(token.word == "再" for token in act.tokens)
    if firm or (dated and (again or memory.promised)):
        return _is_an_order(act, who)
    if memory.promised and who is None and not any(token.word == "先" for token in act.tokens):
        return True
    return who is not None and who.kind == "we" and bool(act.whens or act.event) and not dated


def _is_an_order(act: Act, who: Token | None) -> bool:
    """Where nobody is named, an English deed is only taken as an order to oneself."""
    deed = act.tokens[act.deed]
    if who is not None or not deed.word.isascii():
        return True
    head = [
        one for one in act.tokens[: act.deed] if one.kind not in ("fill", "when", "link", "will", "colon")
    ]
    return not head and deed.kind == "deed"


def _side(act: Act, who: Token | None, memory: Memory, text: str) -> bool:
    """Whether it is ours: by who is named, by whom it is done to, by the kind of deed, by who spoke before."""
    if act.quoted and act.subject is not None and act.subject.kind == "we" and act.speaker is not None:
        return is_ours(act.speaker)
    subject = act.subject if act.said and act.subject is not None and act.vow < 0 else who
    if subject is not None and subject.kind == "pronoun" and act.speaker is not None:
        subject = act.speaker
    if subject is not None:
        return is_ours(subject)
    if act.addressee is not None:
        return not is_ours(act.addressee)
    receivers = {is_ours(one) for one in act.others if not _comes_along(act, one)}
    if receivers == {True}:
        return False
    if (
        not receivers
        and _verb(act) in _SENDS
        and any(one.word == "过来" for one in act.tokens[act.deed + 1 :])
    ):
        return False
    if (
        memory.promised
        and memory.ours is not None
        and not (receivers == {False} and not memory.ours and not act.will)
    ):
        return memory.ours
    if receivers == {False}:
        return True
    return _side_by_nature(act, memory, text)


def _comes_along(act: Act, token: Token) -> bool:
    """Whether it is done with somebody, not to him: 与王总约定."""
    at = next(at for at, one in enumerate(act.tokens) if one is token)
    return at > 0 and act.tokens[at - 1].word in _WITH


def _side_by_nature(act: Act, memory: Memory, text: str) -> bool:
    verb = _verb(act)
    if verb in OURS_BY_NATURE or verb in THEIRS_BY_NATURE:
        return verb in OURS_BY_NATURE
    if act.vow >= 0 and memory.request is not None:
        return memory.request.ours
    if verb and any(one.word == "过去" for one in act.tokens[act.deed + 1 :]):
        return True
    if (
        memory.idle is not None
        and memory.idle[1]
        and not has_object(act, text)
        and goes_on_with(memory.idle[0], act)
    ):
        return is_ours(memory.idle[1])
    spoken = memory.said or memory.vowed or act.vow >= 0 or act.said or act.will
    if spoken and memory.ours is not None:
        return memory.ours
    return not (act.said and memory.met)
