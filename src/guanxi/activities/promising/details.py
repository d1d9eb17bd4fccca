"""By when a promise is due, to whom or by whom it is made."""

# Chinese in code: units of time

import re
from collections.abc import Sequence
from datetime import date, time

from guanxi.activities.promising.acts import Act
from guanxi.activities.promising.memory import Memory, is_ours
from guanxi.activities.promising.people import Mention
from guanxi.activities.promising.tokens import Token

__all__ = ["colleague_of", "due_of", "person_of"]

_SPAN = re.compile(
    "[0-9一二两三四五六七八九十半]个?半?(?:工作日|天|日|周|星期|礼拜|月|年|小时)|(?:day|week|month|hour)s?\\b",
    re.IGNORECASE,
)


def due_of(whens: Sequence[Token], act: Act) -> tuple[date | None, time | None]:
    """The day and time by which; of several one with an end (前, by), else in Chinese the first, in English the last.

    Neither where a span is counted from an event (收到预付款后三天内).
    """
    known = [one for one in whens if one.when is not None and one.when.day is not None and not one.when.past]
    ending = [one for one in known if one.when is not None and one.when.ends and not one.when.today]
    if not known:
        return None, None
    english = act.deed >= 0 and act.tokens[act.deed].word.isascii()
    chosen = ending[0] if ending else known[-1] if english else known[0]
    if chosen.when is None or (act.event and _SPAN.search(chosen.word)):
        return None, None
    at = chosen.when.at or next((one.when.at for one in known if one.when is not None and one.when.at), None)
    return chosen.when.day, at


def colleague_of(who: Token | None, memory: Memory) -> str:
    """Which of our own promised; "" for whoever writes."""
    doer = who if who is not None else memory.holder
    return doer.who.name if doer is not None and doer.kind == "colleague" and doer.who is not None else ""


def person_of(
    act: Act, who: Token | None, memory: Memory, people: Sequence[Mention], *, ours: bool, until: int
) -> str:
    """The customer's person a promise is made to or by: who is named there, else who was named last before, else the
    only one of the sentence."""
    named = _receiver(act) if ours else who if who is not None and not is_ours(who) else memory.holder
    if named is not None and named.kind == "person" and named.who is not None:
        return named.who.name
    before = [one for one in people if one.start < until]
    if before:
        return before[-1].name
    names = {one.name for one in people if one.start < memory.ending}
    return names.pop() if len(names) == 1 else ""


def _receiver(act: Act) -> Token | None:
    led = [*([act.addressee] if act.addressee else []), *act.others]
    named = [one for one in act.tokens if one.kind == "person"]
    return next((one for one in led if one.kind == "person"), named[-1] if named else None)
