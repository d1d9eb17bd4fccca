"""Company names in their parts: region, core (字号), trade, legal form, branch; and the normalised name.

临沂市鑫旺食品机械有限公司兰山分公司 → region 临沂, core 鑫旺, trade 食品机械, legal form 有限公司, branch
兰山分公司. Parts are folded (half width, simplified, caseless), for they serve comparison; the original is
kept beside them.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from guanxi.kernel.places import CITIES, COMMON_WORDS, FOREIGN_PLACES, LATIN_PLACES, PROVINCES
from guanxi.kernel.text import fold, simplify
from guanxi.kernel.trades import (
    BRANCH_ENDINGS,
    CHINESE_FORMS,
    LATIN_FORM_PHRASES,
    LATIN_FORMS,
    LATIN_TRADES,
    TRADES,
)

__all__ = ["CompanyName", "normal_key", "parse_company"]


@dataclass(frozen=True, slots=True)
class CompanyName:
    """The parts of a name; "" where a part is absent. `core` is "" only where nothing can be compared.

    `region`: places from large to small without 省, 市, 县, parted by spaces ("山东 临沂"). `key`:
    `normal_key`. `otherwise`: (region, core, trade) of the other readings, where a word may be a place or the
    beginning of the core: 山东江山红食品 is 江山红 of 山东 as well as 红食品 of 江山.
    """

    original: str
    region: str
    core: str
    trade: str
    legal_form: str
    branch: str
    folded: str
    key: str
    otherwise: tuple[tuple[str, str, str], ...] = ()


_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_BORDER = re.compile("(?<=[\u3040-\u9fff])(?=[a-z0-9])|(?<=[a-z0-9])(?=[\u3040-\u9fff])")
_LETTER_POINT = re.compile(r"(?<![^\W\d_]{2})(?<=[^\W\d_])\.(?=[^\W\d_](?![^\W\d_]{3}))|(?<=\w)[.](?=\W|$)")
_SEPARATORS = re.compile(r"[^\w&]+|_")
_BRACKETS = re.compile(r"[(\[{<【〔「『《](?P<inside>[^()\[\]{}<>【】〔〕「」『』《》]*)[)\]}>】〕」』》]")
_BRACKET_AT_END = re.compile(_BRACKETS.pattern + r"\s*$")


def _any_of(words: frozenset[str] | tuple[str, ...]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


# 分公司 is a branch and keeps its word; 工厂 is a noun of many brands (梦工厂).
_FORM_AT_END = re.compile(
    f"(?:(?<![分支])(?<!(?<!电)子)公司|(?<!分)(?<!分工)厂|{_any_of(CHINESE_FORMS - {'公司', '厂'})})$"
)
_KEEPS_WORD = re.compile("[分工梦]厂$")
_JAPANESE_FORM = re.compile("^(?:株式会社|有限会社|合同会社)")
# Undertakings rather than forms of law: 临沂机械厂 and 临沂机械有限公司 are mostly two, so the key keeps the
# word.
_KEPT_IN_KEY = re.compile("(?:厂|合作社|联合社)$")
_BRANCH_AFTER_FORM = re.compile(
    f"(?P<head>.+(?:(?<![分子支])公司|集团|事务所|合伙企业|银行))(?P<branch>.*(?:{_any_of(BRANCH_ENDINGS)}))$"
)
_BRANCH_ALONE = re.compile(
    "(?P<head>.{2,})(?P<branch>分公司|办事处|代表处|分厂|分店|分行|支行|分社|分院|分校|支公司)$"
)
_LATIN_BRANCHES = frozenset({"branch", "office", "division", "subsidiary"})
_PLACE_AT_END = re.compile(f"(?:{_any_of(PROVINCES | CITIES)})(?:[省市县区]|[\u4e00-\u9fff]{{1,3}}[县区])?$")
_PLACE = re.compile(f"(?P<place>{_any_of(PROVINCES | CITIES)})")
_PLACE_ENDING = re.compile(
    "(?:特别行政区|(?:壮族|回族|维吾尔)?自治区|[\u4e00-\u9fff]{1,6}族自治[州县]|自治[州县]|省|市|地区|林区|县|盟)"
)
_DISTRICT = re.compile(
    "(?P<place>[\u4e00-\u9fff]{1,3}?)(?:自治县|县)|(?P<place2>[\u4e00-\u9fff]{2,3}?)(?:市|区|旗|镇)"
    "|(?P<zone>[\u4e00-\u9fff]{0,6}?)(?:开发区|高新区|新区|工业园|产业园|工业区|保税区|自贸区)"
)
_COUNTY_ALONE = re.compile(
    "(?P<place>[\u4e00-\u9fff]{1,3}?)县|(?P<place2>[\u4e00-\u9fff]{2,3}?)(?<![超城都门夜花股])市(?!场|政|民|值)"
)
_NO_REGION_BEFORE = ("路", "街", "道", "人", "滩", "式", "湾", "河", "湖")
_LONGEST = 300


def _prepared(name: str) -> str:
    """Half width, simplified, caseless, spaces single; brackets and points still there."""
    text = unicodedata.normalize("NFKC", name[:_LONGEST].replace("™", "").replace("℠", ""))
    text = simplify(text.casefold()).replace("(株)", "株式会社").replace("(有)", "有限会社")
    return " ".join(text.split())


def _words(text: str) -> list[str]:
    """Words of a name with Latin letters; points inside S.A. and K.K. join, others part."""
    return [word for word in _SEPARATORS.split(_BORDER.sub(" ", _LETTER_POINT.sub("", text))) if word]


def _latin_form(words: list[str]) -> int:
    """How many words at the end are legal forms; at least one word is left before them."""
    end = len(words)
    while end > 1:
        for phrase in LATIN_FORM_PHRASES:
            if end > len(phrase) and tuple(words[end - len(phrase) : end]) == phrase:
                end -= len(phrase)
                break
        else:
            if words[end - 1] not in LATIN_FORMS:
                break
            end -= 1
    return len(words) - end


def _cut_latin(text: str) -> tuple[list[str], list[str], list[str]]:
    """Words before the legal form, its words, and the words of a branch after it."""
    words = _words(text)
    tail: list[str] = []
    if len(words) > 2 and words[-1] in _LATIN_BRANCHES:
        for at in range(len(words) - 1, 0, -1):
            if _latin_form(words[:at]):
                words, tail = words[:at], words[at:]
                break
    count = _latin_form(words)
    return (words[:-count], words[-count:], tail) if count else (words, [], tail)


def _cut_chinese_form(text: str, *, for_key: bool) -> tuple[str, str]:
    """The text before its legal form, and the form (several are taken together: 集团 + 有限公司)."""
    form = ""
    while found := _FORM_AT_END.search(text):
        if found.start() == 0 or _KEEPS_WORD.search(text) or (for_key and _KEPT_IN_KEY.search(text)):
            break
        text, form = text[: found.start()], found.group() + form
    found = _JAPANESE_FORM.match(text)
    if found and found.end() < len(text):
        text, form = text[found.end() :], found.group() + form
    return text, form


def _without_form(text: str) -> str:
    """One step of the normalised name; each step only takes away."""
    aside = ""
    found = _BRACKET_AT_END.search(text)
    if found and found.start() and fold(found["inside"]) not in CHINESE_FORMS:
        text, aside = text[: found.start()], fold(found["inside"])
    words, form, tail = _cut_latin(text)
    if not form and not tail:
        words = [text]
    flat = fold("".join(words))
    if _HAN.search(flat):
        branch = _BRANCH_AFTER_FORM.fullmatch(flat)
        if branch:
            flat = _cut_chinese_form(branch["head"], for_key=True)[0] + branch["branch"]
        else:
            flat = _cut_chinese_form(flat, for_key=True)[0]
    return flat + fold("".join(tail)) + aside


@lru_cache(maxsize=64)  # a name is asked for several times in a row
def normal_key(name: str) -> str:
    """The normalised name: folded, without spaces, brackets and legal form; region and branch stay in it.

    Equal keys mean the same normalised name; "" (a name without letters) equals nothing. Invariant under
    width, case, script (traditional, simplified) and the kind and number of spaces; in Chinese names under
    any space. `normal_key(normal_key(x)) == normal_key(x)`.
    """
    text = _prepared(name)
    while True:
        key = _without_form(text) or fold(text)
        if key == text:
            return key
        text = key


def _place(text: str) -> str:
    """The place that a text names and nothing else: 临沂市 → 临沂, "shanghai"; "" where it is none."""
    flat = fold(text)
    if flat in FOREIGN_PLACES or flat in LATIN_PLACES or flat in PROVINCES or flat in CITIES:
        return flat
    if flat.startswith("中国") and (inner := _place(flat[2:])):
        return inner
    bare = _PLACE_ENDING.sub("", flat) if len(flat) > 2 else flat
    if bare in PROVINCES or bare in CITIES:
        return bare
    region, rest = _region_cuts(flat + "〇〇")[-1]
    return region if rest == "〇〇" else ""


def _region_cuts(text: str) -> list[tuple[str, str]]:
    """Places at the beginning and the rest, which keeps at least two characters: before the first place is
    cut, after it, after the second, and so on; the last is what a reader would take."""
    places: list[str] = []
    rest = text
    cuts = [("", text)]
    for _ in range(3):
        found = _PLACE.match(rest)
        if found is None:
            break
        after = rest[found.end() :]
        ending = _PLACE_ENDING.match(after)
        if ending and len(after) - ending.end() >= 2:
            after = after[ending.end() :]
        elif (
            (not places and found["place"] in COMMON_WORDS)
            or after.startswith(_NO_REGION_BEFORE)
            or (found["place"] == "大理" and after.startswith("石"))
        ):
            break
        if len(after) < 2:
            break
        places.append(found["place"])
        rest = after
        cuts.append((" ".join(places), rest))
    for _ in range(2):
        found = (_DISTRICT if places else _COUNTY_ALONE).match(rest)
        if found is None or len(rest) - found.end() < 2:
            break
        named = found.groupdict()
        place = named.get("place") or named.get("place2") or named.get("zone") or ""
        if place:
            places.append(place)
        rest = rest[found.end() :]
        cuts.append((" ".join(places), rest))
    return cuts


def _other_readings(cuts: list[tuple[str, str]], places: list[str]) -> tuple[tuple[str, str, str], ...]:
    """The readings a reader might also take: fewer places, or one more where a city is an ordinary word; none
    at the beginning only where brackets (`places`) say one."""
    others = cuts[:-1] if places else cuts[1:-1]
    region, rest = cuts[-1]
    found = _PLACE.match(rest)
    if found and found["place"] in COMMON_WORDS and len(rest) - found.end() >= 2:
        others = [*others, (f"{region} {found['place']}".strip(), rest[found.end() :])]
    return tuple((" ".join([*region.split(), *places]), *_cut_trade(rest)) for region, rest in others)


def _cut_trade(text: str) -> tuple[str, str]:
    """Core and trade; the core keeps two characters. A name that is all trade, 中国建设银行 too, is its own
    core."""
    core = text
    while True:
        for length in range(min(8, len(core) - 2), 1, -1):
            if core[-length:] in TRADES:
                core = core[:-length]
                break
        else:
            return core, text[len(core) :]
        if core in FOREIGN_PLACES:
            return text, ""


def parse_company(name: str) -> CompanyName:
    """Take a name apart. Never raises; what is not understood stays in the core."""
    text, key, folded = _prepared(name), normal_key(name), fold(name[:_LONGEST])
    places: list[str] = []
    branches: list[str] = []

    def bracket(found: re.Match[str]) -> str:
        inside = found["inside"].strip()
        if place := _place(inside):
            places.append(place)
            return " "
        if fold(inside).endswith(BRANCH_ENDINGS):
            branches.append(fold(inside))
            return " "
        return inside if _HAN.search(inside) else f" {inside} "

    text = _BRACKETS.sub(bracket, text)
    words, latin_form, tail = _cut_latin(text)
    branches += ["".join(tail)] if tail else []
    otherwise: tuple[tuple[str, str, str], ...] = ()
    if not _HAN.search("".join(words)):
        region, core, trade = _latin_parts(words)
        form = " ".join(latin_form)
    else:
        flat = fold("".join(words) if latin_form or tail else text)
        flat, branch = _cut_branch(flat)
        rest, form = _cut_chinese_form(flat, for_key=False)
        cuts = _region_cuts(rest)
        region, (core, trade) = cuts[-1][0], _cut_trade(cuts[-1][1])
        otherwise = _other_readings(cuts, places)
        form = form or " ".join(latin_form)
        branches += [branch] if branch else []
    region = " ".join(filter(None, [region, *places]))
    # A name that is a place, a bracket or a lone accent only is its own core.
    return CompanyName(name, region, core or folded, trade, form, "".join(branches), folded, key, otherwise)


def _latin_parts(words: list[str]) -> tuple[str, str, str]:
    region: list[str] = []
    trade: list[str] = []
    while len(words) > 1 and len(words[0]) > 3 and words[0] in LATIN_PLACES and not trade:
        region.append(words[0])
        words = words[1:]
    while len(words) > 1 and words[-1] in LATIN_TRADES:
        trade.insert(0, words[-1])
        words = words[:-1]
    return " ".join(region), fold("".join(words)), " ".join(trade)


def _cut_branch(flat: str) -> tuple[str, str]:
    """The name of the company, and its branch with the place it is called by."""
    if found := _BRANCH_AFTER_FORM.fullmatch(flat):
        return found["head"], found["branch"]
    if found := _BRANCH_ALONE.fullmatch(flat):
        head, branch = found["head"], found["branch"]
        place = _PLACE_AT_END.search(head)
        if place and place.start() >= 2:
            head, branch = head[: place.start()], place.group() + branch
        return head, branch
    return flat, ""
