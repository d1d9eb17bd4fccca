"""A company as it is compared, worked out once, and the keys by which its candidates are found."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

from guanxi.kernel.alike.distances import slipped
from guanxi.kernel.alike.verdicts import Key
from guanxi.kernel.codes import check_credit_code, check_tax_number
from guanxi.kernel.names import CompanyName, parse_company
from guanxi.kernel.phones import parse_phone
from guanxi.kernel.pinyin import readings
from guanxi.kernel.places import CITIES, FOREIGN_PLACES, LATIN_PLACES, PROVINCES
from guanxi.kernel.text import fold
from guanxi.kernel.trades import LATIN_FORMS, LATIN_TRADES
from guanxi.kernel.web import email_domain, is_public_mail_domain, web_domain

__all__ = [
    "LONGEST_KEY", "Company", "Name", "Reading", "company", "company_keys", "mail_key", "phone_key", "wechat_key",
]  # fmt: skip

_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_WORD = re.compile(r"[^\W_]+")
LONGEST_KEY = 80  # characters
_MOST = 12  # phones, addresses, former names of one record that are compared
_STOP_WORDS_TEXT = """
the and of de la le les el der die das von van for at in on by a an restaurant
"""
_STOP_WORDS = frozenset(_STOP_WORDS_TEXT.split())
# The whole country says nothing about where a company sits.
_EVERYWHERE = FOREIGN_PLACES & {"中国", "中华", "大中华", "亚太", "亚洲", "国际", "全球"} | {
    "china", "prc", "cn", "asia", "apac", "asiapacific", "international",
}  # fmt: skip
_FORMS = ("有限责任公司", "股份有限公司", "有限公司")


@dataclass(frozen=True)
class Reading:
    """One way to take a name apart. `places` without the country; `body` is core and trade; sounds are pinyin
    without tones, all readings."""

    places: frozenset[str]
    core: str
    trade: str
    body: str

    @cached_property
    def core_sounds(self) -> frozenset[str]:
        return frozenset(readings(self.core, limit=4).full)

    @cached_property
    def body_sounds(self) -> frozenset[str]:
        return frozenset(readings(self.body, limit=4).full) if self.trade else self.core_sounds


@dataclass(frozen=True, slots=True)
class Name:
    """A name with its readings, the ordinary one first; `words` only where it is written in Latin letters."""

    parsed: CompanyName
    readings: tuple[Reading, ...]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Company:
    """What is compared. `codes`: credit code and tax number where they are right; `doubtful` where they are
    not. Phones are E.164, domains are none where anybody may have an address."""

    names: tuple[Name, ...]
    codes: frozenset[str]
    doubtful: frozenset[str]
    phones: frozenset[str]
    emails: frozenset[str]
    domains: frozenset[str]
    wechats: frozenset[str]


def company(
    name: str,
    *,
    former: Iterable[str] = (),
    code: str = "",
    tax: str = "",
    phones: Iterable[str] = (),
    emails: Iterable[str] = (),
    websites: Iterable[str] = (),
    wechats: Iterable[str] = (),
    country: str = "CN",
) -> Company:
    """A record as it is compared. Never raises: what cannot be read is left out. `country` reads phones
    without a prefix."""
    names = tuple(_name(each) for each in (name, *list(former)[:_MOST]) if fold(each))
    codes: set[str] = set()
    doubtful: set[str] = set()
    for checked in (check_credit_code(code), check_tax_number(tax)):
        if checked.ok:
            codes.add(checked.value)
        elif len(checked.value) == 18 and checked.value.isalnum() and len(set(checked.value)) > 5:
            doubtful.update(filter(None, (checked.value, checked.suggestion)))
    mails = list(emails)[:_MOST]
    domains = {web_domain(each) for each in list(websites)[:_MOST]} | {email_domain(each) for each in mails}
    return Company(
        names,
        frozenset(codes),
        frozenset(doubtful),
        frozenset(filter(None, (phone_key(each, country) for each in list(phones)[:_MOST]))),
        frozenset(filter(None, map(mail_key, mails))),
        frozenset(each for each in domains if each and not is_public_mail_domain(each)),
        frozenset(filter(None, map(wechat_key, list(wechats)[:_MOST]))),
    )


def phone_key(text: str, country: str = "CN") -> str:
    """The number as it is compared: E.164 without its extension; "" where it can be no telephone."""
    phone = parse_phone(text, country)
    return phone.e164 if phone.valid else ""


def mail_key(text: str) -> str:
    """The address as it is compared; "" where it is none."""
    address = unicodedata.normalize("NFKC", text).strip().casefold()
    if "<" in address:
        address = address.rpartition("<")[2].rstrip("> ")
    return address if email_domain(address) and " " not in address else ""


def wechat_key(text: str) -> str:
    """The WeChat id as it is compared: caseless, half width, without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())[:LONGEST_KEY]


def _name(text: str) -> Name:
    parsed = parse_company(text)
    repaired = _form_repaired(parsed)
    if repaired:
        parsed = parse_company(repaired)
    parts = dict.fromkeys(((parsed.region, parsed.core, parsed.trade), *parsed.otherwise))
    han = _HAN.search(parsed.core) is not None
    words = frozenset() if han else _words(parsed)
    return Name(parsed, tuple(_reading(*part) for part in parts), words)


def _form_repaired(parsed: CompanyName) -> str:
    """The name with its legal form put right where a slip hides it (有线公司, 有限公); "" where none does."""
    text = parsed.folded
    if any(form in parsed.legal_form for form in _FORMS) or parsed.branch or not _HAN.search(text):
        return ""
    for form in _FORMS:
        for length in (len(form) + 1, len(form) - 1, len(form)):
            if len(text) > length + 1 and slipped(text[-length:], form):
                return text[:-length] + form
    return ""


def _words(parsed: CompanyName) -> frozenset[str]:
    """The words that tell Latin names apart: without forms, articles, and places in brackets."""
    plain = unicodedata.normalize("NFKC", parsed.original[:300]).casefold().replace("'", "").replace("’", "")
    words = [word for word in _WORD.findall(re.sub(r"\([^()]*\)", " ", plain)) if word not in _STOP_WORDS]
    return frozenset(word for word in words if word not in LATIN_FORMS) or frozenset(words)


def _reading(region: str, core: str, trade: str) -> Reading:
    places = frozenset(_chinese_place(place) for place in region.split() if place not in _EVERYWHERE)
    folded = fold(trade)
    return Reading(places, core, folded, core + folded)


@cache
def _romanised_places() -> dict[str, str]:
    return {readings(place).full[0]: place for place in sorted(CITIES | PROVINCES)}


def _chinese_place(place: str) -> str:
    return _romanised_places().get(place, place) if place in LATIN_PLACES else place


def company_keys(record: Company) -> frozenset[Key]:
    """The keys of which candidates share at least one: some twenty texts, about two thirds of them for slips.

    Kinds: code, phone, email, domain, wechat; name (normalised whole), body (core and trade), core, sound,
    word (of Latin names), slip (what is left when one of the first characters goes).
    """
    found = {Key("code", code) for code in record.codes | record.doubtful}
    found |= {Key("phone", phone) for phone in record.phones}
    found |= {Key("email", mail) for mail in record.emails}
    found |= {Key("domain", domain) for domain in record.domains}
    found |= {Key("wechat", wechat) for wechat in record.wechats}
    for name in record.names:
        found |= _name_keys(name)
    return frozenset(
        key if len(key.text) <= LONGEST_KEY else Key(key.kind, key.text[:LONGEST_KEY])
        for key in found
        if key.text
    )


def _name_keys(name: Name) -> set[Key]:
    found = {Key("name", name.parsed.key)}
    if name.words:
        telling = sorted(name.words - LATIN_TRADES, key=lambda word: (-len(word), word))
        found |= {Key("word", word) for word in telling[:3] if len(word) > 3}
    for reading in name.readings:
        found |= {Key("body", reading.body), Key("core", reading.core)}
        found |= {Key("sound", sound) for sound in reading.body_sounds | reading.core_sounds}
        if _HAN.search(reading.core):
            found |= _chinese_keys(reading)
        elif len(reading.core) > 5:
            found |= {Key("slip", "<" + reading.core[:4]), Key("slip", reading.core[-4:] + ">")}
    return found


def _chinese_keys(reading: Reading) -> set[Key]:
    core, trade, body = reading.core, reading.trade, reading.body
    found: set[Key] = set()
    if len(core) > 3:
        # A short form (鲁露 of 鲁露饮品), and a place that no table knows (沂水鑫旺).
        found |= {Key("core", core[:2]), Key("core", core[:3])}
        found |= {Key("body", core[at:] + trade) for at in (2, 3, 4) if len(core) - at > 1}
    if len(body) > 5:
        found.add(Key("core", body[::2]))  # 中石化 of 中国石油化工
    if len(body) > 2:
        left = {body[:at] + body[at + 1 :] for at in range(min(4, len(body)))} | {body, body[:4]}
        # Words of two characters have too many neighbours to look beyond the same place.
        place = _one_place(reading.places) if len(core) < 4 else ""
        found |= {Key("slip", f"{place}:{text}") for text in left}
        if len(core) > 2 and place:
            found |= {Key("slip", ":" + text) for text in left}
    return found


def _one_place(places: frozenset[str]) -> str:
    """The city a name's slips are looked for in: 山东 临沂 兰山 → 临沂."""
    cities = sorted(place for place in places if place in CITIES)
    return (cities or sorted(places) or [""])[0]
