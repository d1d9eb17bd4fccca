"""People and customers as cards of an address book, and birthdays as days of a calendar."""

# Chinese in code: the range of its characters

import re
from collections.abc import Iterator
from datetime import UTC, date, timedelta

from django.utils import timezone
from django.utils.translation import gettext
from icalendar import Calendar, Event

from guanxi.customers.reference import regions
from guanxi.customers.rules.birthdays import next_birthday
from guanxi.integrations.exports.entries import Entry, card, of_text
from guanxi.kernel.phones import parse_phone
from guanxi.kernel.surnames import COMPOUND_SURNAMES
from guanxi.resource.keeping import Line

PERSON = (
    "name", "customer", "department", "post", "phone", "email", "wechat", "sex", "born", "other_names", "remarks",
)  # fmt: skip
CUSTOMER = ("name", "phone", "address", "region", "website", "remarks")
BIRTHDAY = ("name", "customer", "born", "born_lunar")
_CHINESE = re.compile("[\u3400-\u9fff]")
_USES = {"work": "work", "private": "home"}  # what a card has words for
_HAN = re.compile("[\u3400-\u9fff]{2,}")


def person_4(entry: Entry) -> str:
    """A person as vCard 4.0."""
    return card([*_person(entry), *_sex(entry)], "4.0")


def person_3(entry: Entry) -> str:
    """A person as vCard 3.0, for phones and programs that read no later one."""
    return card(list(_person(entry, dashed=True)), "3.0")


def customer_4(entry: Entry) -> str:
    """A customer as vCard 4.0: an organisation."""
    return card([("KIND", "org"), *_customer(entry)], "4.0")


def customer_3(entry: Entry) -> str:
    """A customer as vCard 3.0."""
    return card([*_customer(entry), ("X-ABSHOWAS", "COMPANY")], "3.0")


def _ids(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "UID", f"urn:uuid:{entry.id}"
    yield "REV", f"{entry.changed.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _person(entry: Entry, *, dashed: bool = False) -> Iterator[tuple[str, str]]:
    name = entry.text("name")
    yield from _ids(entry)
    yield "FN", of_text(name)
    yield "N", _parted(name)
    works = [of_text(entry.text("customer")), of_text(entry.text("department"))]
    yield "ORG", ";".join(works) if works[1] else works[0]
    yield "TITLE", of_text(entry.text("post"))
    yield from _reached(entry, ("phone", "email"))
    yield "X-WECHAT", of_text(entry.text("wechat"))
    if (born := entry.value("born")) is not None:
        yield "BDAY", born.isoformat() if dashed else f"{born:%Y%m%d}"
    yield "NICKNAME", of_text(entry.text("other_names"))
    yield "NOTE", of_text(entry.text("remarks"))


def _customer(entry: Entry) -> Iterator[tuple[str, str]]:
    name = of_text(entry.text("name"))
    yield from _ids(entry)
    yield "FN", name
    yield "N", f"{name};;;;"
    yield "ORG", name
    yield from _reached(entry, ("phone",))
    yield "ADR;TYPE=work", _address(entry.text("address"), str(entry.value("region") or ""))
    yield "URL", entry.text("website")
    yield "NOTE", of_text(entry.text("remarks"))


def _sex(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "GENDER", str(entry.value("sex") or "").upper()


def _reached(entry: Entry, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Phones and e-mails: those of the record, then those that hang on it."""
    said = {name: entry.text(name) for name in names}
    main = Line("", said["phone"], phone=True)
    yield from _phone(main)
    if said.get("email"):
        yield "EMAIL", of_text(said["email"])
    for line in entry.more:
        if line.text in said.values():
            continue
        if line.phone:
            yield from _phone(line)
        elif "@" in line.text:
            yield f"EMAIL{_use(line)}", of_text(line.text)


def _phone(line: Line) -> Iterator[tuple[str, str]]:
    mobile = parse_phone(line.text, "CN").kind == "mobile"
    what = "fax" if line.kind == "fax" else "cell" if mobile else "voice"
    yield f"TEL;TYPE={what}{_use(line)}", of_text(line.text)


def _use(line: Line) -> str:
    return f";TYPE={_USES[line.use]}" if line.use in _USES else ""


def _address(text: str, code: str) -> str:
    """An address with the province and city it lies in, or the country, in the places that cards have for them. What
    is in none of them stays in the street."""
    country, *within = regions.path(code) or (None,)
    city = province = land = ""
    if country is not None and country.code != "CN":
        land = next((name for name in (country.zh, country.en) if text.endswith(f", {name}")), country.en)
        text = text.removesuffix(f", {land}")
    elif country is not None and (_CHINESE.search(text) or not text):
        land = country.zh
        province, city = [*(one.zh for one in within), "", ""][:2]
        text = text.removeprefix(land).removeprefix(province).removeprefix(city)
    return ";;" + ";".join(map(of_text, (text, city, province, "", land)))


def _parted(name: str) -> str:
    """A name as family name and given name, as address books sort by them."""
    if _HAN.fullmatch(name):
        length = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
        family, given = name[:length], name[length:]
    else:
        given, _space, family = name.rpartition(" ")
    return f"{of_text(family)};{of_text(given)};;;"


def birthdays_head() -> str:
    """What a calendar of birthdays begins with."""
    calendar = Calendar()
    calendar.add("prodid", "-//Guanxi//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", gettext("Guanxi: birthdays"))
    text: bytes = calendar.to_ical()
    return text.decode().removesuffix("END:VCALENDAR\r\n")


def birthday(entry: Entry) -> str:
    """A person's birthday: every year, or, kept by the lunar calendar, the next one."""
    born, lunar = entry.value("born"), entry.value("born_lunar")
    if not isinstance(born, date) or lunar is None:
        return ""
    day = next_birthday(born, True, timezone.localdate()) if lunar else born
    if day is None:
        return ""
    event = Event()
    event.add("uid", f"{entry.id}-born@guanxi")
    event.add("dtstamp", entry.changed.astimezone(UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    if not lunar:
        event.add("rrule", {"freq": "yearly"})
    event.add("transp", "TRANSPARENT")
    event.add("summary", gettext("Birthday: %(name)s") % {"name": entry.text("name")})
    if works_at := entry.text("customer"):
        event.add("description", works_at)
    text: bytes = event.to_ical()
    return text.decode()
