"""The promises of a note: clause by clause, each with what the ones before left."""

# Chinese in code: words that lean on what was said before

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from guanxi.activities.promising.acts import Act, read_act
from guanxi.activities.promising.clauses import SUBJECTS, Clause, read_sentences
from guanxi.activities.promising.details import colleague_of, due_of, person_of
from guanxi.activities.promising.judging import goes_on_with, is_demand, lists_more, whose_promise
from guanxi.activities.promising.memory import Memory, Request, is_ours
from guanxi.activities.promising.people import Mention, find_people
from guanxi.activities.promising.titles import has_object, title_of, topic_of
from guanxi.activities.promising.tokens import Token, read_tokens
from guanxi.kernel.whens import level
from guanxi.kernel.worktime import OFFICIAL, Calendar

__all__ = ["Found", "find_promises"]

_LONGEST = 20_000  # characters of a note that are read
_QUIET = frozenset(
    (
        *SUBJECTS,
        "say",
        "yes",
        "vow",
        "pact",
        "fill",
        "give",
        "when",
        "link",
        "will",
        "latin",
        "you",
        "done",
        "colon",
    )
)
_SIGNS = frozenset(("comma", "stop"))
_DOUBT = frozenset((*SUBJECTS, "hedge", "fill", "comma", "stop", "no", "link", "say"))
_THEN = frozenset(("届时", "到时", "到时候"))
_LEADS = frozenset(("就", "会", "那", "则", "then", "will", "'ll"))
_ANY_DEED = frozenset(
    ["发", "给", "寄", "送", "做", "出", "安排", "办", "弄", "提供", "满足", "寄出", "发出", "补"]
)


@dataclass(frozen=True, slots=True)
class Found:
    """A promise in a text, at text[start:end].

    `ours`: we promised it to them; else they promised it to us. `what` reads as a title. `due` is the day by which,
    `at` the time of it; None where the text names none. `person` is the customer's, as in `names`, "" where none is
    named; `colleague` the one of ours who promised, as in `colleagues`, "" for whoever writes.
    """

    ours: bool
    what: str
    due: date | None
    at: time | None
    person: str
    colleague: str
    start: int
    end: int


def find_promises(
    text: str,
    *,
    today: date,
    names: Sequence[str] = (),
    colleagues: Sequence[str] = (),
    works: Calendar = OFFICIAL,
) -> list[Found]:
    """The promises in a note, in their order.

    `names` are the customer's people, `colleagues` our own; a title, a first name or 老王 is enough where it fits one
    of them. Of a note longer than 20,000 characters the rest is not read. What is no promise: a wish or request nobody
    agreed to, what may be, what hangs on an "if", a question, a deed already done, and a plan of our own (下周拜访,
    "call Tom on Monday"). What comes after an event (收到预付款后三天内发货) is one without a day. `works`
    says which days are worked.
    """
    plain = level(text[:_LONGEST])
    people = find_people(plain, names, colleagues)
    tokens = read_tokens(plain, today, people, works)
    return _Reader(text, people).read(read_sentences(tokens))


class _Reader:
    def __init__(self, text: str, people: Sequence[Mention]) -> None:
        self._text = text
        self._people = [one for one in people if not one.ours]
        self._found: list[Found] = []
        self._memory = Memory()

    def read(self, sentences: list[list[Clause]]) -> list[Found]:
        for sentence in sentences:
            self._memory = self._memory.of_next(sentence[-1][-1].end if sentence else 0)
            for place, clause in enumerate(sentence):
                act = read_act(clause)
                if act.condition:
                    self._condition(clause, behind=0 < place == len(sentence) - 1)
                if not self._memory.condition:
                    self._read(act)
        return self._found

    def _condition(self, clause: Clause, *, behind: bool) -> None:
        """What follows an "if" is no promise; nor what it stands behind."""
        if behind and self._memory.promised and not any(token.word in _LEADS for token in clause):
            self._found.pop()
        self._memory.condition = True

    def _read(self, act: Act) -> None:
        memory = self._memory
        memory.event = act.event = act.event or memory.event
        if act.whens:
            memory.named = act.whens
        elif any(token.word in _THEN for token in act.tokens):
            act.whens = memory.named
        who = act.speaker or (None if act.inner else act.subject)
        if who is not None and who.kind == "pronoun" and memory.holder is not None and is_ours(memory.holder):
            who = memory.holder if memory.holder.kind == "colleague" else who
        if act.no or act.hedged or act.past or act.question or act.asks:
            self._decline(act, who)
        elif self._is_accepted(act, who):
            self._accept(act, who)
        elif is_demand(act, who, memory):
            memory.request = Request(True, act, memory.number)
            self._leave(act, who)
        else:
            ours = whose_promise(act, who, memory, self._text)
            if ours is None:
                self._leave(act, who)
            else:
                self._keep(act, who, ours=ours)

    def _decline(self, act: Act, who: Token | None) -> None:
        """No promise; what is asked becomes one if the other side says yes, what is handed on is one already."""
        memory = self._memory
        doubted = act.hedged and all(one.kind in _DOUBT for one in act.tokens)
        if memory.promised and act.deed < 0 and (doubted or (act.no and act.vow >= 0)):
            self._found.pop()
            memory.promised = False
        asked = (act.asks or act.question) and not act.no and (act.delegates or not act.past) and not act.meet
        if asked and self._is_handed_on(act, who):
            doer = act.asked if act.asked is not None and act.asked.kind == "colleague" else who
            self._keep(act, doer, ours=doer is None or is_ours(doer))
            return
        if asked and (act.deed >= 0 or act.ask >= 0) and title_of(act, self._text):
            of_them = act.asks and act.asked is not None and not is_ours(act.asked)
            ours = not of_them and not (act.asks and act.asked is None and who is not None and is_ours(who))
            memory.request = Request(ours, act, memory.number)
        elif act.no:
            memory.request = None
        if not act.said and (act.deed < 0 or act.past):
            thing = act.tokens[: act.deed] if act.deed >= 0 else act.tokens
            memory.topic = topic_of(thing, self._text) or memory.topic
        memory.remember(who, act.others, said=act.said)

    @staticmethod
    def _is_handed_on(act: Act, who: Token | None) -> bool:
        """我让小林周五前发; 段总让助理明天发我."""
        if not act.whens or act.deed < 0 or act.question:
            return False
        theirs = who is not None and not is_ours(who)
        if act.asked is not None and act.asked.kind == "colleague":
            return not theirs
        if not act.delegates:
            return False
        if theirs:
            return any(is_ours(one) for one in act.others)
        return act.asked is None or act.asked.kind != "person"

    def _is_accepted(self, act: Act, who: Token | None) -> bool:
        """我说没问题, "we agreed", "told her yes", 我说周五: what was asked is promised."""
        request = self._memory.request
        if request is None or request.sentence < self._memory.number - 1:
            return False
        says = act.yes or act.vow >= 0 or (act.said and bool(act.whens))
        if not says or any(token.kind not in _QUIET and token.kind not in _SIGNS for token in act.tokens):
            return False
        return who is None or is_ours(who) == request.ours

    def _accept(self, act: Act, who: Token | None) -> None:
        request = self._memory.request
        if request is None:
            return
        asked = request.act
        joined = replace(asked, whens=act.whens or asked.whens, subject=None, speaker=None)
        self._add(joined, who, title_of(asked, self._text), joined.whens, ours=request.ours, end=_end(act))

    def _leave(self, act: Act, who: Token | None) -> None:
        """A clause that is no promise: what of it the next one takes up."""
        memory = self._memory
        if act.deed < 0 and act.vow < 0:
            if act.whens and not any(one.kind in ("text", "noun") for one in act.tokens):
                memory.whens = act.whens
                self._date_last(act)
            if not act.said:
                memory.topic = topic_of(act.tokens, self._text) or memory.topic
        if act.deed >= 0 and not act.meet:
            memory.idle = act, who
        if act.vow >= 0 and act.deed < 0:
            memory.vowed = True
            memory.whens = act.whens or memory.whens
            memory.listed = any(token.kind == "colon" for token in act.tokens)
        if act.event or any(token.kind == "text" and token.word.endswith("后") for token in act.tokens[-2:]):
            memory.event = True
        elif act.deed >= 0 or act.said:
            memory.event = False
        memory.remember(who, act.others, said=act.said)

    def _date_last(self, act: Act) -> None:
        """The day of a promise said behind it: 刘姐会约采购总监，12月上旬."""
        last = self._found[-1] if self._memory.promised else None
        if last is None or last.due is not None:
            return
        due, at = due_of(act.whens, act)
        if due is not None and all(
            one.kind in ("when", "fill", "give") or one.kind in _SIGNS for one in act.tokens
        ):
            self._found[-1] = replace(last, due=due, at=at, end=act.whens[-1].end)
            self._memory.whens = []

    def _keep(self, act: Act, who: Token | None, *, ours: bool) -> None:
        memory = self._memory
        what = title_of(act, self._text)
        bare = act.deed >= 0 and not has_object(act, self._text)
        last = self._found[-1] if memory.promised and who is None else None
        if last is not None and bare and not (act.whens and last.due):
            due, at = due_of(act.whens, act) if act.whens else (last.due, last.at)
            mark = ", " if what.isascii() else "，"
            self._found[-1] = replace(last, what=last.what + mark + what, due=due, at=at, end=_end(act))
            return
        if lists_more(act, who, memory, self._text):
            what = _joined(memory.verb, topic_of(act.tokens, self._text))
        elif bare:
            what = self._named_before(act, who, what, ours=ours)
        self._add(act, who, what, act.whens or memory.whens, ours=ours, end=_end(act))

    def _named_before(self, act: Act, who: Token | None, what: str, *, ours: bool) -> str:
        """The title of a deed whose object was named before it."""
        memory = self._memory
        verb = act.tokens[act.deed].word
        request = memory.request
        if request is not None and request.ours == ours:
            asked = request.act.tokens[request.act.deed].word if request.act.deed >= 0 else ""
            title = title_of(request.act, self._text)
            if not asked:
                return _joined(verb, title)
            if asked == verb or (not verb.isascii() and (verb in _ANY_DEED or set(asked) & set(verb))):
                return title
        if memory.idle is not None and who is None and goes_on_with(memory.idle[0], act):
            return title_of(memory.idle[0], self._text)
        if (
            memory.topic
            and not verb.isascii()
            and (who is None or who.kind == "pronoun" or verb in _ANY_DEED)
        ):
            return _joined(what, memory.topic)
        return what

    def _add(
        self, act: Act, who: Token | None, what: str, whens: Sequence[Token], *, ours: bool, end: int
    ) -> None:
        memory = self._memory
        due, at = due_of(whens, act)
        goes_on = memory.promised and who is None and act.vow < 0 and not act.whens and not act.event
        goes_on = goes_on and not memory.listed
        if due is None and goes_on:
            due, at = self._found[-1].due, self._found[-1].at
        if not what:
            return
        person = person_of(act, who, memory, self._people, ours=ours, until=end)
        colleague = colleague_of(who, memory) if ours else ""
        start = next(one.start for one in act.tokens if one.kind not in (*_SIGNS, "link", "colon"))
        self._found.append(Found(ours, what, due, at, person, colleague, min(start, end), end))
        memory.verb = act.tokens[act.deed].word if act.deed >= 0 else ""
        memory.holder = who if who is not None else memory.holder
        memory.ours, memory.promised, memory.said, memory.vowed = ours, True, act.said, memory.listed
        memory.topic, memory.whens, memory.event, memory.request = "", [], False, None


def _joined(verb: str, thing: str) -> str:
    gap = " " if verb.isascii() and verb else ""
    return f"{verb}{gap}{thing}"


def _end(act: Act) -> int:
    """Where a clause ends, without its sign."""
    return next(one.end for one in reversed(act.tokens) if one.kind not in _SIGNS)
