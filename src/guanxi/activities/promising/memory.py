"""What the clauses before leave for the next one to lean on: who spoke, what was asked, the day named, the thing."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from guanxi.activities.promising.acts import Act
from guanxi.activities.promising.tokens import Token

__all__ = ["Memory", "Request", "is_ours"]


def is_ours(token: Token) -> bool:
    """Whether it names us or one of ours."""
    return token.kind in ("we", "colleague")


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked of us (`ours`) or we of them: a promise as soon as the other side says yes."""

    ours: bool
    act: Act
    sentence: int


@dataclass(slots=True)
class Memory:
    """Of one sentence; `request`, `named` (the day named last) and `verb` go on into the next.

    `holder` is who spoke or promised last, `ours` whether one of us; `said`, `vowed`, `promised`: reported, promised
    without saying what, promised. `idle` is a deed before its day is said, `topic` a thing before its deed.
    """

    number: int = 0
    ending: int = 0
    holder: Token | None = None
    ours: bool | None = None
    said: bool = False
    promised: bool = False
    vowed: bool = False
    listed: bool = False
    condition: bool = False
    met: bool = False
    event: bool = False
    whens: list[Token] = field(default_factory=list)
    topic: str = ""
    idle: tuple[Act, Token | None] | None = None
    request: Request | None = None
    named: list[Token] = field(default_factory=list)
    verb: str = ""

    def of_next(self, ending: int) -> "Memory":
        """The memory with which the next sentence begins; `ending` is where it ends."""
        return Memory(self.number + 1, ending, request=self.request, named=self.named, verb=self.verb)

    def remember(self, who: Token | None, others: Sequence[Token], *, said: bool) -> None:
        """Somebody did or said something that is no promise."""
        if who is not None:
            self.holder, self.ours = who, is_ours(who)
            self.promised = False
            self.said = said
        elif said:
            self.said = True
        self.met = self.met or any(one.kind == "person" for one in others)
