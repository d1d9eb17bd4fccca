"""People in running text, with how they are called: names, sex by the form of address, posts, departments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guanxi.kernel.places import CITIES, FOREIGN_PLACES, LATIN_PLACES, PROVINCES
from guanxi.kernel.reading.result import FORM, GUESS
from guanxi.kernel.reading.words import DEPARTMENTS, FUNCTIONS, NO_NAMES, POST_WORDS, POSTS, SURNAMES
from guanxi.kernel.surnames import COMPOUND_SURNAMES
from guanxi.kernel.trades import LATIN_FORMS, LATIN_TRADES

__all__ = ["Part", "chinese_parts", "is_called", "is_chinese_name", "latin_parts"]


@dataclass(frozen=True, slots=True)
class Part:
    """A word about a person: `kind` is name, other (a name in Latin letters), m, f, post or department."""

    kind: str
    start: int
    end: int
    certainty: float = FORM


_HONORIFICS = {
    "先生": "m",
    "男士": "m",
    "女士": "f",
    "小姐": "f",
    "太太": "f",
    "夫人": "f",
    "男": "m",
    "女": "f",
}
# After a surname alone they make up how somebody is called: 王总, 李工.
_CALLED = frozenset(
    ["总", "工", "董", "老师", "师傅", "总工", "局", "处", "科", "院长", "教授", "医生", "律师"]
) | frozenset(post for post in POSTS if len(post) in (2, 3))
_DEPARTMENT = re.compile(
    "(?:{})+(?:事业部|中心|部门|部|科|处|室|课|组|车间)".format(
        "|".join(sorted(DEPARTMENTS, key=len, reverse=True))
    )
)
_LEAD = re.compile(
    r"^(?:您好|你好|我是|我叫|这是|这里是|联系人|联系|请找|找|叫|他们|老板是|那边|新客户|客户|供应商|的|是)+"
)
_SPACED = re.compile(
    r"(?<![\u3400-\u9fff])([\u4e00-\u9fff]) ([\u4e00-\u9fff])(?: ([\u4e00-\u9fff]))?(?![\u3400-\u9fff])"
)
_TOKEN = re.compile(r"[\u3400-\u9fff〇○×·]+")
_NO_END = frozenset("省市区县镇路街号的了吗部司厂行店是有在您们")
_LONGEST_POST = max(map(len, POSTS))
_RANK = re.compile("高级|资深|首席|代理|执行|区域|大区|全国")
# Whom to turn to in the middle of a sentence: 技术问题找赵刚工程师.
_TURN = re.compile("(?:请|可以|直接)*(?:找|联系)(?:我们|我司|他们|一下)*")


def is_chinese_name(text: str) -> bool:
    """Whether a text in simplified characters looks like a whole name, surname first."""
    if text[:2] in COMPOUND_SURNAMES:
        return 3 <= len(text) <= 4 and text[2:] not in _HONORIFICS and text[2:] not in _CALLED
    if not (2 <= len(text) <= 3 and text[0] in SURNAMES):
        return False
    return not (
        text in NO_NAMES
        or text[:2] in NO_NAMES
        or text in CITIES
        or text in PROVINCES
        or text in POSTS
        or text[-1] in _NO_END
        or (len(text) == 3 and (text[1:] in _CALLED or text[1:] in _HONORIFICS))
        or text[1:] in ("总", "工", "董", "某")
        or (text in DEPARTMENTS or text[:2] in DEPARTMENTS)
    )


def _surname(text: str) -> int:
    """Length of the surname with which a text begins, 0 without."""
    return 2 if text[:2] in COMPOUND_SURNAMES else 1 if text[:1] in SURNAMES else 0


def is_called(text: str) -> bool:
    """Whether simplified characters are how somebody is called: 李总, 王建国先生, 陈小姐; not a bare name."""
    for length in (1, 2, 3, 4):
        name, called = text[:length], text[length:]
        if called not in _CALLED and called not in POSTS and (called not in _HONORIFICS or len(called) < 2):
            continue
        if _surname(text) == length or is_chinese_name(name):
            return True
    return False


def chinese_parts(simple: str, start: int, end: int) -> Iterator[Part]:
    """What the Chinese words between two places say of people."""
    at = start
    for spaced in [*_SPACED.finditer(simple, start, end)]:
        name = "".join(one for one in spaced.groups() if one)
        if is_chinese_name(name):
            yield from _tokens(simple, at, spaced.start())
            yield Part("name", spaced.start(), spaced.end(), FORM)
            at = spaced.end()
    yield from _tokens(simple, at, end)


def _tokens(simple: str, start: int, end: int) -> Iterator[Part]:
    for token in _TOKEN.finditer(simple, start, end):
        lead = _LEAD.match(token.group())
        first = token.start() + (lead.end() if lead else 0)
        if first < token.end():
            found = _parse(simple[first : token.end()], first)
            yield from found or _turned_to(simple, first, token.end())


def _turned_to(simple: str, start: int, end: int) -> Iterator[Part]:
    """Whom a sentence without separators says to turn to, with the department: 找我们采购部的周敏."""
    for turn in _TURN.finditer(simple, start, end):
        at, parts = turn.end(), list[Part]()
        for word in simple[at:end].split("的"):
            parts += _parse(word, at)
            at += len(word) + 1
        if any(part.kind == "name" for part in parts):
            yield from parts
            return


def _parse(text: str, at: int) -> list[Part]:
    """A word without separators as department, post, name and form of address; nothing where it is not wholly that."""
    if len(text) > 30:
        return []
    if text in _HONORIFICS and len(text) > 1:
        return [Part(_HONORIFICS[text], at, at + len(text))]
    parts: list[Part] = []
    rest = text
    department = _DEPARTMENT.match(rest)
    if department and not _whole_post(rest):
        parts.append(Part("department", at, at + department.end()))
        rest = rest[department.end() :]
    if rest and (length := _post_before(rest)):
        place = at + len(text) - len(rest)
        parts.append(Part("post", place, place + length))
        rest = rest[length:]
    if not rest:
        return parts
    named = _named(rest, at + len(text) - len(rest))
    return [*parts, *named] if named else []


def _whole_post(text: str) -> bool:
    """采购部长 is a post, 采购部 in it no department; 采购部经理 is a department and a post."""
    length = _post_before(text)
    if not length or text[:length].endswith(("部", "科")) or text[:length] in ("采购部经理", "设备科科长"):
        return False
    department = _DEPARTMENT.match(text)
    if department is None:
        return True
    return length > 2 and department.end() < length and not _post_before(text[department.end() : length])


def _post_before(text: str) -> int:
    """Length of the post at the beginning, the longest; 0 where there is none."""
    rank = _RANK.match(text)
    if rank and (more := _post_before(text[rank.end() :])):
        return rank.end() + more
    for length in range(min(_LONGEST_POST, len(text)), 1, -1):
        if text[:length] in POSTS:
            return length
    return 0


def _named(text: str, at: int) -> list[Part]:
    """A name, with what follows it: 王建国总经理, 张伟先生, 王总."""
    if is_chinese_name(text):
        return [Part("name", at, at + len(text), FORM if len(text) > 2 else GUESS + 0.1)]
    surname = _surname(text)
    if not surname:
        return []
    called = text[surname:]
    if called in _HONORIFICS and len(called) > 1:
        return [
            Part("name", at, at + len(text), FORM),
            Part(_HONORIFICS[called], at + surname, at + len(text)),
        ]
    if called in _CALLED:
        return [Part("name", at, at + len(text), GUESS + 0.1)]
    for length in (4, 3, 2):
        name, after = text[:length], text[length:]
        if not after or not is_chinese_name(name):
            continue
        place = at + length
        if after in _HONORIFICS:
            return [Part("name", at, place, FORM), Part(_HONORIFICS[after], place, at + len(text))]
        department = _DEPARTMENT.match(after)
        cut = department.end() if department and not _whole_post(after) else 0
        if cut == len(after) or _post_before(after[cut:]) == len(after) - cut:
            parts = [Part("name", at, place, FORM)]
            if cut:
                parts.append(Part("department", place, place + cut))
            if cut < len(after):
                parts.append(Part("post", place + cut, at + len(text)))
            return parts
    return []


_PIECE = re.compile(r"[^,|()/;:\n\u2e80-\uffff]+")
_TITLE = re.compile(r"^(?P<title>Mr|Mrs|Ms|Miss|Mme|Herr|Frau|Madam|Dr|Prof|Ing|Sir)\b\.? ?", re.IGNORECASE)
_SEX = {
    "mr": "m",
    "herr": "m",
    "sir": "m",
    "mrs": "f",
    "ms": "f",
    "miss": "f",
    "mme": "f",
    "frau": "f",
    "madam": "f",
}
_PARTICLES = "bin|binti|van|von|de|der|den|da|di|la|al|el|y|dos"
_NAME = re.compile(rf"[^\W\d_][\w'’-]*\.?(?: (?:[^\W\d_][\w'’-]*\.?|{_PARTICLES})){{1,5}}$")
# Where a piece ends: not behind an initial (John A. Smith).
_PIECES = re.compile(r"( - | – |(?<!\b[^\W\d_])\. )")
# Behind a name: what somebody has studied, is sworn to.
_DEGREE = re.compile(
    r"^(?:Ph\.?D|M\.?B\.?A|B\.?A|M\.?A|B\.?Sc|M\.?Sc|B\.?Eng|M\.?Eng|LL\.?[BM]|M\.?D|P\.?E|C\.?P\.?A|C\.?F\.?A"
    r"|PMP|CPSM|CIPS|MCIPS|FCIPS|CEng|Esq|Dipl\.?-Ing|Dr\.-Ing)$"
)
_STOPPED = ("Jr", "Sr", "Dept", "Div")  # words that keep their full stop
_AFTER = re.compile(
    r"(?:\b(?:this is|my name is|i am|i'm|contact person is|from|please add|add|ask for|contact|attn|meet|by"
    r"|dear)\b[:.]? ?)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(r" (?:of|at|from|in|for|with|and|@)$", re.IGNORECASE)
_FOREIGN_DEPARTMENT = re.compile(
    r"^(?:Service|Abteilung|Départe?ment|Departamento|Dpto\.?|Reparto|Ufficio)(?: (?:de|des|du|di|da))?"
    r" [^\W\d_][\w ]{2,30}$"
)
_LATIN_DEPARTMENT = re.compile(
    r"^(?:[A-Z&][\w&]* ){1,4}(?:Department|Dept\.?|Division|Team|Center|Centre)$|^(?:Department"
    r"|Dept\.?) of [A-Z][\w& ]{2,30}$"
)
_NO_LATIN_TEXT = """
best kind warm regards thanks thank you sincerely yours faithfully dear hi hello sent from my iphone bill to
invoice new lead customer company please monday tuesday wednesday thursday friday saturday sunday january
february march april may june july august september october november december confidential notice payment bank
account address swift code number no tel fax mobile email wechat whatsapp skype the this that with north south
east west central street road avenue building floor park zone city province district co ltd our your we i it is
are and for www http https order quote price contract delivery
"""
_NO_LATIN = frozenset(_NO_LATIN_TEXT.split()) | LATIN_TRADES | LATIN_FORMS


def latin_parts(plain: str, start: int, end: int) -> Iterator[Part]:
    """What the words in Latin letters between two places say of people."""
    found: list[Part] = []
    for piece in _PIECE.finditer(plain, start, end):
        at = piece.start()
        labels = plain[piece.end() : piece.end() + 1] == ":"
        for text in _PIECES.split(piece.group()):
            found += _of(found[-1] if found else None, text, at, plain) or _latin_piece(
                text, at, labels=labels
            )
            at += len(text)
    seen = [
        part
        for place, part in enumerate(found)
        if place + 1 == len(found) or not _goes_on(part, found[place + 1])
    ]
    for part in seen:
        last = plain[part.start : part.end].rsplit(" ", 1)[-1]
        stopped = last in _STOPPED and plain[part.end : part.end + 1] == "."
        yield Part(part.kind, part.start, part.end + stopped, part.certainty)


def _goes_on(part: Part, following: Part) -> bool:
    """Whether the next one is the same, with more of it."""
    return part.kind == following.kind == "post" and part.start == following.start


def _of(before: Part | None, text: str, at: int, plain: str) -> list[Part]:
    """Behind a post and a comma, what it is for: VP, Global Sourcing."""
    if before is None or before.kind != "post" or plain[before.end : at].strip() != ",":
        return []
    said = text.strip(" .-_")
    while trailing := _TRAILING.search(said):
        said = said[: trailing.start()]
    words = [word.casefold() for word in said.split()]
    if (
        not words
        or len(words) > 4
        or _LATIN_DEPARTMENT.match(said)
        or not all(word in POST_WORDS[1] for word in words)
    ):
        return []
    first = at + len(text) - len(text.lstrip(" .-_"))
    return [Part("post", before.start, first + len(said), before.certainty)]


def _latin_piece(text: str, at: int, *, labels: bool = False) -> list[Part]:
    at += len(text) - len(text.lstrip(" .-_"))
    text = text.strip(" .-_")
    if len(text) < 2 or len(text) > 80:
        return []
    while trailing := _TRAILING.search(text):
        text = text[: trailing.start()]
    certainty = FORM
    leads = [lead.end() for lead in _AFTER.finditer(text) if lead.end() < len(text)]
    if leads:
        at, text = at + leads[-1], text[leads[-1] :]
    sexes: list[Part] = []
    while title := _TITLE.match(text):
        said = title["title"].casefold()
        if said in _SEX:
            sexes.append(Part(_SEX[said], at, at + len(title["title"])))
        at, text = at + title.end(), text[title.end() :]
        if not text:
            return sexes
        if sexes and re.fullmatch(r"[A-Z][\w'’-]+", text):
            return [*sexes, Part("other", at, at + len(text), FORM)]
    kind = _kind(text, labels=labels)
    if kind:
        return [Part(kind, at, at + len(text))]
    if _is_latin_name(text):
        return [*sexes, Part("other", at, at + len(text), certainty if sexes else certainty - 0.1)]
    return sexes


def _kind(text: str, *, labels: bool) -> str:
    """What a piece says beside a name; "" where it says nothing."""
    if _LATIN_DEPARTMENT.match(text):
        return "department"
    if _is_post(text):
        return "post"
    if _FOREIGN_DEPARTMENT.match(text) or (not labels and _is_function(text)):
        return "department"
    return "degree" if _DEGREE.match(text) else ""


def _is_post(text: str) -> bool:
    heads, more = POST_WORDS
    words = [word.strip(".,").casefold() for word in text.split()]
    words = [word if word in heads or word in more else word.removesuffix("s") for word in words]
    return (
        len(words) <= 8
        and any(word in heads for word in words)
        and all(word in heads or word in more for word in words)
    )


def _is_function(text: str) -> bool:
    """What a department does, where that is all a line says: Purchasing & Logistics."""
    words = text.casefold().split()
    named = [word for word in words if word in FUNCTIONS]
    return 2 <= len(words) <= 5 and bool(named) and all(word in POST_WORDS[1] for word in words)


def _is_latin_name(text: str) -> bool:
    if len(text) > 50 or _NAME.match(text) is None:
        return False
    if not all(word[0].isupper() or word in _PARTICLES.split("|") for word in text.split()):
        return False
    words = [word.strip(".").casefold() for word in text.split()]
    words = [word for word in words if word not in _PARTICLES.split("|")]
    if not words:
        return False
    heads, more = POST_WORDS
    if any(word in _NO_LATIN or word in heads or (word in more and len(word) > 2) for word in words):
        return False
    joined = "".join(words)
    return joined not in LATIN_PLACES and joined not in FOREIGN_PLACES and words[-1] not in FOREIGN_PLACES
