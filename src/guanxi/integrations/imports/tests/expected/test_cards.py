"""Cards of address books as programs write them: each person, their company and address, what they are reached by."""

import quopri
import re
from datetime import date
from typing import Any, NamedTuple

import pytest

from guanxi.customers.models import Customer, Person
from guanxi.integrations.imports.tests.expected.bringing import (
    FOLDER,
    HERE,
    bring,
    companies,
    given,
    people,
    said,
)
from guanxi.kernel.errors import Invalid
from guanxi.testing.worlds import World, in_scope

pytestmark = HERE
CARDS = "contacts_vcard/"
SAP = CARDS + "ical4j/vcard-vCards-SAP.vcf"
# Countries as these cards write them.
COUNTRIES = {
    "United States of America": "US", "USA": "US", "Ireland": "IE", "Canada": "CA", "Germany": "DE",
    "Deutschland": "DE", "United Kingdom": "GB", "Australia": "AU",
}  # fmt: skip
_HOME = {"Home Street", "Home City", "Home Region", "Home Postal Code", "Home Country"}
_LIVES = _HOME - {"Home Country"}
_SECOND = {
    f"Other {part}{n}" for part in ("Street", "City", "Region", "Postal Code") for n in ("", " 2", " 3")
}
# What a card says that has no place here before somebody makes a field for it: where a person lives, a title before the
# name, an occupation, pagers, chats, kin, groups and keys of the program; of very many numbers the last ones.
UNPLACED = {
    "ezvcard/John_Doe_BLACK_BERRY.vcf": set(),
    "ezvcard/John_Doe_EVOLUTION.vcf": {
        "Name Prefix", "Categories", "AIM", "UID", "Spouse", "Manager's Name", "Assistant's Name", "Anniversary", *_HOME
    },
    "ezvcard/John_Doe_IPHONE.vcf": {"Name Prefix", "Pager", *_HOME},
    "ezvcard/John_Doe_MS_OUTLOOK.vcf": {"Name Prefix", "Role", "Anniversary", "IM", *_HOME},
    "ezvcard/gmail-single.vcf": {"Home Street", "ICQ"},
    "ezvcard/gmail-single2.vcf": {
        "Pager", "Other Phone 4", "Other Phone 5", "Personal Web Page 2", "Personal Web Page 3", "Google Talk", "AIM",
        "Yahoo", "Skype", "MSN", "ICQ", "Jabber", *_LIVES, *_SECOND,
    },
    "ezvcard/issue114.vcf": {"UID"},
    "ezvcard/outlook-2003.vcf": {"Name Prefix", "Role"},
    "ezvcard/thunderbird-MoreFunctionsForAddressBook-extension.vcf": {
        "Pager", "Categories", "Spouse", "Anniversary", *_HOME
    },
    "ical4j/Denis_Hennessy.vcf": set(),
    "ical4j/Simon_Perreault_03.vcf": set(),
    # A name that is the whole name again; a town of work where no company is named that it could be the address of.
    "ical4j/vcard-dirk.vcf": {"Family Name"},
    "ical4j/vcard-dirk-whitespaceafterbegin.vcf": {"Family Name", "Work Street"},
    "ical4j/vcard-incompletenproperty.vcf": {"Name Prefix", "Work Street"},
}  # fmt: skip


class Line(NamedTuple):
    """A line of a card: what it is, of which sorts, and its text."""

    name: str
    sorts: frozenset[str]
    text: str


def read(name: str) -> list[list[Line]]:
    """The cards of a file as somebody reads them who has the text before them."""
    raw = (FOLDER / CARDS / name).read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    text = re.sub(r"=\r?\n(?=[=\S])", "", text.replace("\r\n", "\n"))
    text = re.sub(r"\n[ \t]", "", text)
    cards: list[list[Line]] = []
    for line in text.replace("\r", "").split("\n"):
        head, colon, value = line.partition(":")
        first, *params = head.upper().split(";")
        if first.strip() == "BEGIN":
            cards.append([])
        elif colon and cards:
            if "QUOTED-PRINTABLE" in head:
                value = quopri.decodestring(value.encode()).decode()
            sorts = frozenset(part for one in params for part in re.split("[=,]", one))
            cards[-1].append(Line(first, sorts, value))
    return cards


def plain(text: str) -> str:
    """A text without the card's own marks."""
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], text).replace("\r\n", "\n").strip()


def parts(text: str) -> list[str]:
    """The parts of a text between semicolons."""
    return [plain(one) for one in re.split(r"(?<!\\);", text)]


def lines(card: list[Line], name: str) -> list[tuple[Line, str]]:
    """The lines of a name, with the label that a phone gives the line."""
    labels = {one.name.split(".")[0]: one.text.strip() for one in card if one.name.endswith(".X-ABLABEL")}
    return [
        (one, labels.get(one.name.split(".")[0], "") if "." in one.name else "")
        for one in card
        if one.name.rpartition(".")[2] == name and one.text.strip("; ")
    ]


def first(card: list[Line], name: str) -> str:
    """The first text of a name."""
    return next((plain(one.text) for one, _label in lines(card, name)), "")


def numbers(card: list[Line]) -> list[tuple[str, str, str]]:
    """Telephones and faxes: the mobile first, then at work, at home, and any other; words are no number."""
    found = []
    for one, _label in lines(card, "TEL"):
        number = plain(one.text)
        if number.startswith("tel:"):
            number = number[4:].replace(";ext=", " ext. ")
        if not re.search(r"\d", number) or "PAGER" in one.sorts:
            continue
        if "FAX" in one.sorts:
            found.append(("fax", number, "private" if "HOME" in one.sorts else "work"))
            continue
        use = "work" if "WORK" in one.sorts else "private" if "HOME" in one.sorts else "other"
        found.append(("phone", number, "" if "CELL" in one.sorts else use))
    order = ["", "work", "private", "other"]
    return sorted(found, key=lambda one: (one[0] != "phone", order.index(one[2])))


def day(text: str) -> date | None:
    """A birthday, with dashes or without."""
    return date.fromisoformat(text) if text else None


def site(card: list[Line]) -> str:
    """The company's page: the one at work, else one that nobody labelled as something else."""
    pages = lines(card, "URL")
    work = [plain(one.text) for one, _label in pages if "WORK" in one.sorts]
    bare = [
        plain(one.text)
        for one, label in pages
        if "HOME" not in one.sorts and label in ("", "_$!<HomePage>!$_")
    ]
    return next(iter([*work, *bare]), "")


def person_of(card: list[Line]) -> dict[str, Any]:
    """The person of a card as somebody would type them from it."""
    company, *units = parts(first(card, "ORG").replace("\\;", ";")) if first(card, "ORG") else [""]
    phones = numbers(card)
    main = next((number for kind, number, _use in phones if kind == "phone"), "")
    emails = [plain(one.text) for one, _label in lines(card, "EMAIL")]
    return given(
        name=first(card, "FN"), company=company, department=", ".join(unit for unit in units if unit),
        post=first(card, "TITLE"), other_names=first(card, "NICKNAME"), remarks=first(card, "NOTE"),
        born=day(first(card, "BDAY")), sex=first(card, "GENDER").lower(), phone=main,
        email=emails[0] if emails else "",
        reached=set(phones) | {("email", email) for email in emails},
    )  # fmt: skip


def address_of(card: list[Line]) -> dict[str, Any]:
    """The company's address, in the order in which a letter has it: the one at work, else one that says nothing."""
    said = [one for one, _label in lines(card, "ADR")]
    work = [one for one in said if "WORK" in one.sorts] or [one for one in said if "HOME" not in one.sorts]
    if not work:
        return {}
    box, more, street, city, region, code, country = (parts(work[0].text) + [""] * 7)[:7]
    told = (more, street, box.rpartition(":")[2], city, " ".join(p for p in (region, code) if p), country)
    return given(
        address=", ".join(part.replace("\n", " ") for part in told if part),
        region=COUNTRIES.get(country) or COUNTRIES.get(region),
    )


def seen(person: dict[str, Any]) -> dict[str, Any]:
    """A person as they stand here; whether an e-mail is for work no card of these says surely, web pages are apart."""
    ways = {one[:2] if one[0] == "email" else one for one in person.get("reached", ())}
    return given(**{**person, "reached": {one for one in ways if one[0] not in ("web", "qq")}})


@pytest.mark.parametrize("name", UNPLACED)
def test_a_card_of_one_person(world: World, name: str) -> None:
    (card,) = read(name)
    found = bring(world.admin, "people", CARDS + name)
    assert found.figures == (1, 1, 0, 0)
    assert found.unplaced == UNPLACED[name]
    expected = person_of(card)
    if name.endswith("gmail-single2.vcf"):  # two more numbers than there are places for, told as left out
        expected["reached"] -= {("phone", "5555551119", "other"), ("phone", "5555551121", "other")}
    if name.endswith("issue114.vcf"):
        # Its label lacks quotation marks and runs into the address; the post-office box is no part of it.
        assert "BHG01:^n" in first(card, "ADR")
    with in_scope(world.admin):
        assert {key: seen(one) for key, one in people().items()} == {expected["name"]: expected}
        wanted = {}
        if company := expected.get("company"):
            wanted = {company: {"name": company} | given(website=site(card)) | address_of(card)}
        assert companies() == wanted


def test_pages_of_ones_own_are_not_the_companys(world: World) -> None:
    bring(world.admin, "people", CARDS + "ezvcard/thunderbird-MoreFunctionsForAddressBook-extension.vcf")
    with in_scope(world.admin):
        assert ("web", "http://www.private-webpage.com", "") in people()["John Doe"]["reached"]
        assert Customer.objects.get().website == "http://www.work-webpage.com"


def test_words_in_the_place_of_numbers_are_none_and_told(world: World) -> None:
    found = bring(world.admin, "people", CARDS + "ezvcard/outlook-2003.vcf")
    assert found.emptied("Mobile Phone") == {"MobilePhone": 1}
    assert found.outcome.beside["contact_points"]["rejected"] == 3  # at work, at home, fax


def test_a_list_of_people(world: World) -> None:
    name = "ezvcard/gmail-list.vcf"
    found = bring(world.admin, "people", CARDS + name)
    assert (found.figures, found.unplaced) == ((3, 3, 0, 0), set())
    with in_scope(world.admin):
        expected = [person_of(card) for card in read(name)]
        assert {key: seen(one) for key, one in people().items()} == {one["name"]: one for one in expected}
        assert companies() == {}


@pytest.mark.parametrize("name", ["ical4j/vcard-group.vcf", "ical4j/vcard-url.vcf"])
def test_a_card_of_nobody_is_refused(world: World, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        bring(world.admin, "people", CARDS + name)
    assert "no_column_for" in [one.code for one in refused.value.messages]


def test_thirty_cards_of_a_company_in_an_old_encoding(world: World) -> None:
    cards = read("ical4j/vcard-vCards-SAP.vcf")
    assert len(cards) == 30
    expected = {}
    for card in cards:
        one = person_of(card)
        if ("X-ABSHOWAS", "COMPANY") in {line[::2] for line in card}:
            # The card is the travel agency's and names who is met there.
            family, given_name = parts(first(card, "N"))[:2]
            one["name"] = f"{given_name} {family}"
        expected[one["name"]] = one
    found = bring(world.admin, "people", SAP)
    assert found.figures == (30, 30, 0, 0)
    assert found.unplaced == {"Categories"}
    # An address of one who works nowhere that the card would name.
    assert list(found.emptied("Work Street")) == ["Brotmannstraße 7"]
    with in_scope(world.admin):
        here = {key: seen(one) for key, one in people().items()}
        assert here == {name: given(**one) for name, one in expected.items()}
        assert Person.objects.filter(customer=None).count() == sum(
            "company" not in one for one in expected.values()
        )
        employers = {one["company"] for one in expected.values() if "company" in one}
        assert set(Customer.objects.values_list("name", flat=True)) == employers
        for card in cards:
            company = person_of(card).get("company")
            if company and company != "SAP":  # one address each; SAP's people work in several towns
                assert said(Customer.objects.get(name=company)) == {"name": company} | address_of(card)
