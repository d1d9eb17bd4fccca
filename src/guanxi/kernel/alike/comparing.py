"""Two companies: the rule book's verdict. The branch rule goes first; sound alone is never certain."""

from dataclasses import dataclass, replace

from guanxi.kernel.alike.company import Company, Name, Reading
from guanxi.kernel.alike.distances import distance, initials_of, slipped
from guanxi.kernel.alike.verdicts import NOTHING, Branch, Certainty, Reason, Verdict
from guanxi.kernel.places import CITIES, FOREIGN_PLACES, LATIN_PLACES, PROVINCE_OF, PROVINCES
from guanxi.kernel.text import bare

__all__ = ["compare_companies", "places_apart"]

# How much the names alone say.
_NONE, _WEAK, _POSSIBLE, _LIKELY = range(4)
_KNOWN_PLACES = CITIES | PROVINCES | FOREIGN_PLACES | LATIN_PLACES
_UNDERTAKINGS = ("合作社", "联合社", "厂")


@dataclass(frozen=True, slots=True)
class _Match:
    """`level`: what the names alone say; `core`: the core names are the same word."""

    level: int = _NONE
    reason: Reason | None = None
    core: bool = False  # false too where the names say places that only lie within each other
    branch: Branch = ""

    @property
    def rank(self) -> tuple[int, bool, bool, str, str]:
        return (self.level, not self.branch, self.core, self.reason or "", self.branch)


_NO_MATCH = _Match()
_WHY_TWO: dict[Branch, Reason] = {"branch": "branch", "region": "other_region", "group": "group"}


def compare_companies(
    left: Company, right: Company, *, shared_phones: frozenset[str] = frozenset()
) -> Verdict:
    """Whether two are the same company. Symmetric; never raises.

    `shared_phones`: numbers (E.164) seen on three or more codes, a bookkeeping agency's, say: weak evidence,
    which says nothing without a name.
    """
    match = _names(left.names, right.names)
    if match.branch == "branch":
        return Verdict("possible", ("branch",), "branch")
    if left.codes & right.codes:
        return Verdict("certain", ("code", *_reasons(match)))
    evidence = _evidence(left, right, shared_phones)
    if left.codes and right.codes:
        return _two_codes(left, right, match, evidence)
    if match.branch:
        return _related(match.branch, match, evidence)
    if "phone" in evidence and match.core:
        if match.reason == "trade" and (trades := _trades_of(left, right)) != "held":
            return _related("group", match, evidence) if trades == "apart" else _weighed(match, evidence)
        return Verdict("certain", ("phone_and_core", *evidence[1:], *_reasons(match)))
    return _weighed(match, evidence)


def _reasons(match: _Match) -> tuple[Reason, ...]:
    return (match.reason,) if match.reason else ()


def _evidence(left: Company, right: Company, shared_phones: frozenset[str]) -> tuple[Reason, ...]:
    """What both have, the weightiest first."""
    found: list[Reason] = []
    common = left.phones & right.phones
    if common - shared_phones:
        found.append("phone")
    if _code_slipped(left, right):
        found.append("code_slip")
    if left.emails & right.emails:
        found.append("email")
    if left.wechats & right.wechats:
        found.append("wechat")
    if left.domains & right.domains and "email" not in found:
        found.append("domain")
    if common and common <= shared_phones:
        found.append("shared_phone")
    return tuple(found)


def _code_slipped(left: Company, right: Company) -> bool:
    """Codes that are equal but wrong, or one slip apart where one of them is wrong."""
    if not (left.doubtful or right.doubtful):
        return False
    ours, theirs = left.codes | left.doubtful, right.codes | right.doubtful
    if ours & theirs:
        return True
    return any(
        slipped(one, other)
        for one in ours
        for other in theirs
        if not (one in left.codes and other in right.codes)
    )


def _two_codes(left: Company, right: Company, match: _Match, evidence: tuple[Reason, ...]) -> Verdict:
    """Two right codes are two legal persons, whatever else they have in common."""
    if match.branch or (match.core and (match.level >= _POSSIBLE or "phone" in evidence)):
        return Verdict("possible", ("other_code", *evidence, *_reasons(match)), match.branch or "group")
    return NOTHING


def _related(branch: Branch, match: _Match, evidence: tuple[Reason, ...]) -> Verdict:
    if match.level < _POSSIBLE and not evidence:
        return NOTHING
    return Verdict("possible", (_WHY_TWO[branch], *evidence), branch)


def _weighed(match: _Match, evidence: tuple[Reason, ...]) -> Verdict:
    reasons = (*evidence, *_reasons(match))
    telling = [reason for reason in evidence if reason != "shared_phone"]
    certainty: Certainty
    if match.level >= _LIKELY or (telling and match.level >= _WEAK):
        certainty = "likely"
    elif match.level == _POSSIBLE or telling:
        certainty = "likely" if "code_slip" in telling else "possible"
    else:
        return NOTHING
    return Verdict(certainty, reasons)


# Names ----------------------------------------------------------------------------------------------


def _names(left: tuple[Name, ...], right: tuple[Name, ...]) -> _Match:
    best = _NO_MATCH
    for i, one in enumerate(left):
        for j, other in enumerate(right):
            match = _name(one, other)
            if (i or j) and match.level:
                match = replace(match, reason="former_name")
            if match.branch == "branch" and not (i or j):
                return match
            best = max(best, match, key=lambda each: each.rank)
    return best


def _name(one: Name, other: Name) -> _Match:
    pairs = [(_reading(a, b), a, b) for a in one.readings for b in other.readings]
    match = max((each for each, _, _ in pairs), key=lambda each: each.rank, default=_NO_MATCH)
    alike = [(len(a.body), each) for each, a, b in pairs if a.core == b.core]
    if alike:
        # The longest common core supposes the fewest places: of 岳阳东方记忆 and 新郑东方记忆 no 东方 is one.
        longest = max(alike, key=lambda each: (each[0], each[1].rank))[1]
        match = longest if longest.branch else match
    if one.words and other.words:
        match = max(match, _latin(one, other), key=lambda each: each.rank)
    if match.level and _branches_differ(one.parsed.branch, other.parsed.branch):
        return _Match(_POSSIBLE, None, match.core, "branch")
    if one.parsed.key == other.parsed.key and one.parsed.key:
        return _Match(_LIKELY, "name", core=True)
    if match.level == _LIKELY and _undertaking(one) != _undertaking(other):
        return _Match(_POSSIBLE, "form", core=True)
    return match


def _branches_differ(one: str, other: str) -> bool:
    return one != other and not (one and other and (one.endswith(other) or other.endswith(one)))


def _undertaking(name: Name) -> str:
    """厂, 合作社 …: another undertaking than the company of the same name; "" for a company or none said."""
    return next((word for word in _UNDERTAKINGS if name.parsed.legal_form.endswith(word)), "")


def _reading(a: Reading, b: Reading) -> _Match:
    if not a.core or not b.core:
        return _NO_MATCH
    place = _places(a.places, b.places)
    if a.core == b.core or a.body == b.body:
        match = _same_body(a, b, place) if a.body == b.body else _same_core(a, b, place)
        return replace(match, core=False) if place == "within" else match
    if place == "apart":
        return _NO_MATCH
    found = (_inside(a, b) or _inside(b, a), _sound(a, b), _slip(a, b, place))
    return max((each for each in found if each), key=lambda each: each.rank[:3], default=_NO_MATCH)


def _same_body(a: Reading, b: Reading, place: str) -> _Match:
    if place == "apart":
        return _Match(_POSSIBLE, "region", core=True, branch="region")
    if a.places == b.places:
        return _Match(_LIKELY, "name", core=True)
    bare = not a.trade and len(a.core) < 3
    return _Match(_POSSIBLE if bare else _LIKELY, "abbreviation" if bare else "region", core=True)


def _same_core(a: Reading, b: Reading, place: str) -> _Match:
    trade = _trades(a.trade, b.trade)
    if place == "apart":
        return _Match(_WEAK, "region", core=True, branch="region")
    if trade == "open":
        return _Match(_POSSIBLE, "abbreviation", core=True)
    near = trade == "near" or place == "same" or len(a.core) > 2
    return _Match(_POSSIBLE if near else _WEAK, "trade", core=True)


def _inside(long: Reading, short: Reading) -> _Match | None:
    """One within the other: behind a place no table knows, or before a trade no table knows."""
    more = len(long.body) - len(short.body)
    if more < 1 or len(short.core) < 2:
        return None
    if more > 1 and long.core.endswith(short.core) and _trades(long.trade, short.trade) in ("same", "near"):
        prefix = long.core[: len(long.core) - len(short.core)]
        return _Match(_POSSIBLE, "region", core=True) if _names_place(prefix, short.places) else None
    if (more > 1 or len(short.body) > 3) and long.body.startswith(short.body):
        return _Match(_POSSIBLE, "abbreviation")
    if more > 1 and not short.trade and len(short.core) > 2 and initials_of(short.core, long.body):
        return _Match(_POSSIBLE if short.core == long.body[::2] else _WEAK, "abbreviation")
    return None


def _names_place(prefix: str, places: frozenset[str]) -> bool:
    """Whether characters before a core are the place, with a slip or without; any where none is said."""
    if not places:
        return len(prefix) > 1
    return any(
        prefix == place or (len(prefix) > 1 and slipped(prefix.rstrip("市县省区"), place)) for place in places
    )


def _sound(a: Reading, b: Reading) -> _Match | None:
    trade = _trades(a.trade, b.trade)
    if a.body_sounds & b.body_sounds:
        return _Match(_POSSIBLE, "homophone")
    if a.core_sounds & b.core_sounds:
        return _Match(_POSSIBLE if trade in ("same", "near") else _WEAK, "homophone")
    return None


def _slip(a: Reading, b: Reading, place: str) -> _Match | None:
    trade = _trades(a.trade, b.trade)
    if len(a.body) > 2 and len(b.body) > 2 and slipped(a.body, b.body):
        # 鑫旺食品 and 鑫盛食品 are mostly two; only where nothing else is short they may be a slip.
        if min(len(a.core), len(b.core)) < 3 and place == "open" and a.places != b.places:
            return _Match(_WEAK, "slip")
        return _Match(_POSSIBLE, "slip")
    if min(len(a.core), len(b.core)) > 1 and trade != "apart" and slipped(a.core, b.core):
        short = trade == "open" and bare(a.core) == bare(b.core)  # Minh Phát Foods, typed without accents
        return _Match(
            _POSSIBLE if min(len(a.core), len(b.core)) > 3 else _WEAK, "abbreviation" if short else "slip"
        )
    return None


def _latin(one: Name, other: Name) -> _Match:
    a, b = one.words, other.words
    if _places(one.readings[0].places, other.readings[0].places) == "apart":
        return _NO_MATCH
    if a == b:
        return _Match(_LIKELY, "name", core=True)
    common = a & b
    if sum(map(len, common)) > 3 and common in (a, b):
        return _Match(_POSSIBLE, "abbreviation")
    left, right = one.parsed.core, other.parsed.core
    shorter = min(len(left), len(right))
    if shorter > 4 and distance(left, right, 2) <= (2 if shorter > 9 else 1):
        # Typed without accents: minh phat is short for Minh Phát Foods.
        ours, theirs = frozenset(map(bare, a)), frozenset(map(bare, b))
        return _Match(_POSSIBLE, "abbreviation" if ours < theirs or theirs < ours else "slip")
    return _Match(_WEAK, "abbreviation") if 2 * len(common) >= len(a | b) else _NO_MATCH


def places_apart(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two of one name are two, as these are the places they say."""
    return _places(a, b) == "apart"


def _places(a: frozenset[str], b: frozenset[str]) -> str:
    """same, open (one says nothing that is known), within (山东 and 济南), apart."""
    if not a or not b:
        return "open"
    cities, others = a - PROVINCES, b - PROVINCES
    if cities & others or (a == b):
        return "same"
    provinces = {PROVINCE_OF.get(place, place) for place in a}, {PROVINCE_OF.get(place, place) for place in b}
    known = bool(a & _KNOWN_PLACES), bool(b & _KNOWN_PLACES)
    if not all(known):
        return "open"  # a county, whose city nobody says
    if not (cities & _KNOWN_PLACES and others & _KNOWN_PLACES) and provinces[0] & provinces[1]:
        return "open" if a & b else "within"
    return "apart"


def _trades(a: str, b: str) -> str:
    """same, open (one says nothing), near (one holds the other, or they begin or end alike), apart."""
    if a == b:
        return "same"
    if not a or not b:
        return "open"
    if a.isascii() != b.isascii():
        return "near"  # machinery and 机械: nobody translates here
    return "near" if _held(a, b) or a[:2] == b[:2] or a[-2:] == b[-2:] else "apart"


def _held(a: str, b: str) -> bool:
    return a in b or b in a or slipped(a, b) or a.isascii() != b.isascii()


def _trades_of(left: Company, right: Company) -> str:
    """How the trades of one core name stand: held (one in the other), near, or apart (鑫旺食品 and 鑫旺机械:
    two firms of one owner)."""
    pairs = [
        (a.trade, b.trade)
        for one in left.names
        for other in right.names
        for a in one.readings
        for b in other.readings
        if a.core == b.core
    ]
    if not pairs or any(_held(a, b) for a, b in pairs):
        return "held"
    return "near" if any(_trades(a, b) == "near" for a, b in pairs) else "apart"
