"""People in running text, with how they are called: names, sex by the form of address, posts, departments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from guanxi.kernel.places import CITIES, FOREIGN_PLACES, LATIN_PLACES, PROVINCES
from guanxi.kernel.reading.result import FORM, GUESS
from guanxi.kernel.reading.words import DEPARTMENTS, NO_NAMES, POST_WORDS, POSTS, SURNAMES
from guanxi.kernel.surnames import COMPOUND_SURNAMES
from guanxi.kernel.trades import LATIN_FORMS, LATIN_TRADES

__all__ = ["Part", "chinese_parts", "is_chinese_name", "latin_parts"]


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
            yield from _parse(simple[first : token.end()], first)


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
_NAME = re.compile(
    r"(?:[A-Z][\w'’-]*\.?|(?:bin|binti|van|von|de|der|den|da|di|la|al|el|y|dos)(?= ))(?: (?:[A-Z][\w'’-]*\.?"
    r"|bin|binti|van|von|de|der|den|da|di|la|al|el|y|dos)){1,4}$"
)
_AFTER = re.compile(
    r"(?:\b(?:this is|my name is|i am|i'm|contact person is|from|please add|add|ask for|contact|attn|meet|by"
    r"|dear)\b[:.]? ?)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(r" (?:of|at|from|in|for|with|and|@)$", re.IGNORECASE)
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
    for piece in _PIECE.finditer(plain, start, end):
        text = piece.group()
        at = piece.start()
        for part in re.split(r"( - | – |\. )", text):
            yield from _latin_piece(part, at)
            at += len(part)


def _latin_piece(text: str, at: int) -> list[Part]:
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
    if _LATIN_DEPARTMENT.match(text):
        return [Part("department", at, at + len(text))]
    if _is_post(text):
        return [Part("post", at, at + len(text))]
    if _is_latin_name(text):
        return [*sexes, Part("other", at, at + len(text), certainty if sexes else certainty - 0.1)]
    return sexes


def _is_post(text: str) -> bool:
    heads, more = POST_WORDS
    words = [word.strip(".,").casefold() for word in text.split()]
    return (
        len(words) <= 8
        and any(word in heads for word in words)
        and all(word in heads or word in more for word in words)
    )


def _is_latin_name(text: str) -> bool:
    if len(text) > 50 or _NAME.match(text) is None:
        return False
    words = [word.strip(".").casefold() for word in text.split()]
    heads, more = POST_WORDS
    if any(word in _NO_LATIN or word in heads or (word in more and len(word) > 2) for word in words):
        return False
    joined = "".join(words)
    return joined not in LATIN_PLACES and joined not in FOREIGN_PLACES and words[-1] not in FOREIGN_PLACES
