"""What a pasted text says, as the fields of customers and people take it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.customers.reference.reading import region_of
from guanxi.customers.reference.regions import label as region_label
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.codes import check_credit_code
from guanxi.kernel.names import normal_key
from guanxi.kernel.phones import format_phone
from guanxi.kernel.reading import Found, ReadCustomer, Reading, ReadPerson, read
from guanxi.kinds import Show
from guanxi.kinds.kind import Words
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.screens.pasting import Filled, Pasted

_PHONES = 60  # characters of the field
_OF_INVOICES = ("tax_number", "bank", "account")
_OTHERS: dict[str, Words] = {
    "credit_code": _("Credit code"),
    "phone": _("Phone"),
    "tax_number": _("Tax number"),
    "bank": _("Bank"),
    "account": _("Account"),
    "post_code": _("Postcode"),
    "fax": _("Fax"),
    "email": _("E-mail"),
    "qq": _("QQ"),
}


def reading_of(text: str) -> Reading:
    """A pasted text, with the region of its address. Nothing of it is kept."""
    return read(text, region=region_of)


def with_switchboard(reading: Reading) -> Reading:
    """The reading of a text that is to make a customer too: the landline of somebody who has a mobile is the
    company's, where the text gives it no other. The extension stays with it."""
    customer = reading.customer
    if customer.name is None or customer.phones:
        return reading
    people, moved = [], list[Found]()
    for person in reading.people:
        theirs = bool(person.mobiles)
        moved += person.phones if theirs else ()
        people.append(replace(person, phones=[]) if theirs else person)
    return replace(reading, customer=replace(customer, phones=moved), people=people) if moved else reading


def customer_fields(actor: Actor, customer: ReadCustomer, show: Show) -> Pasted:
    """What fills a customer's fields, and what none of them takes."""
    filled = [
        _plain("name", customer.name),
        _plain("credit_code", customer.credit_code),
        _plain("legal_representative", customer.legal_representative),
        _phones("phone", customer.phones, show),
        _plain("website", customer.website),
        _plain("address", customer.address),
        _region(customer.region, show),
    ]
    others = [
        (_OTHERS[name], _said(found, show))
        for name, found in customer.values()
        if name in _OTHERS and name not in ("credit_code", "phone")
    ]
    others += _doubted(customer)
    return Pasted([one for one in filled if one is not None], others)


def _doubted(customer: ReadCustomer) -> list[tuple[Words, str]]:
    """Why a tax number that looks like a credit code fills none."""
    number = customer.tax_number
    if number is None or customer.credit_code is not None:
        return []
    checked = check_credit_code(number.value)
    if checked.problem == "checksum":
        return [
            (_OTHERS["credit_code"], gettext("%(code)s: the check digit is wrong") % {"code": checked.value})
        ]
    return []


def billing_fields(actor: Actor, customer: ReadCustomer, show: Show) -> Pasted:
    """What fills a billing profile; nothing where the text says nothing that an invoice needs, beside the name."""
    number = customer.credit_code or customer.tax_number
    may = actor.may(find("billing_profiles").permission("create"))
    if not may or customer.name is None or not (number or customer.bank or customer.account):
        return Pasted()
    filled = [
        _plain("title", customer.name),
        _plain("tax_number", number),
        _plain("bank", customer.bank),
        _plain("account", customer.account),
        _plain("address", customer.address),
        _phones("phone", customer.phones[:1], show),
    ]
    return Pasted([one for one in filled if one is not None])


def beside_billing(others: Sequence[tuple[Words, str]]) -> list[tuple[Words, str]]:
    """What no field takes, without what a billing profile does."""
    taken = [_OTHERS[name] for name in _OF_INVOICES]
    return [(label, value) for label, value in others if label not in taken]


def person_fields(actor: Actor, person: ReadPerson, show: Show, *, employer: Found | None = None) -> Pasted:
    """What fills a person's fields; the `employer` where a customer in the actor's sight is called so, and only one."""
    filled = [
        _plain("name", person.name),
        _plain("department", person.department),
        _plain("post", person.post),
        _phones("phone", person.mobiles or person.phones, show),
        _plain("email", person.emails[0] if person.emails else None),
        _plain("wechat", person.wechat),
        _sex(person.sex),
        _plain("other_names", person.other_name),
        _employer(actor, employer),
    ]
    others = [(_OTHERS["qq"], person.qq.value)] if person.qq else []
    others += [(_OTHERS["phone"], _said(phone, show)) for phone in person.phones if person.mobiles]
    others += [(_OTHERS["email"], mail.value) for mail in person.emails[1:]]
    return Pasted([one for one in filled if one is not None], others)


def read_customer(actor: Actor, text: str, show: Show) -> Pasted:
    """For the paste box of a customer's form: people are left to the page that makes both."""
    reading = with_switchboard(reading_of(text))
    pasted = customer_fields(actor, reading.customer, show)
    names = [(_("Contact"), person.name.value) for person in reading.people if person.name is not None]
    more = None
    if (names or billing_fields(actor, reading.customer, show).fields) and may_paste(actor):
        more = (_("Create them together with the customer"), reverse("paste"))
    return Pasted(pasted.fields, [*pasted.others, *names], [one.value for one in reading.rest], more)


def may_paste(actor: Actor) -> bool:
    """Whether the actor may make both a customer and a person."""
    return actor.may("customers.customer.create") and actor.may("customers.person.create")


def read_person(actor: Actor, text: str, show: Show) -> Pasted:
    """For the paste box of a person's form: the first of whom the text speaks."""
    reading = reading_of(text)
    person = reading.people[0] if reading.people else ReadPerson()
    pasted = person_fields(actor, person, show, employer=reading.customer.name)
    names = [(_("Contact"), other.name.value) for other in reading.people[1:] if other.name is not None]
    # A telephone of nobody's: whoever pastes a text here means one of this person's.
    fields = list(pasted.fields)
    if not any(one.field == "phone" for one in fields):
        fields += [one for one in [_phones("phone", reading.customer.phones, show)] if one is not None]
    if not any(one.field == "email" for one in fields) and reading.customer.emails:
        fields += [one for one in [_plain("email", reading.customer.emails[0])] if one is not None]
    return Pasted(fields, [*pasted.others, *names], [one.value for one in reading.rest])


def _plain(field: str, found: Found | None) -> Filled | None:
    return Filled(field, found.value, found.value, found.certainty) if found is not None else None


def _phones(field: str, phones: Iterable[Found], show: Show) -> Filled | None:
    said = ""
    certainty = 1.0
    for phone in phones:
        longer = f"{said} / {_said(phone, show)}" if said else _said(phone, show)
        if len(longer) > _PHONES:
            break
        said, certainty = longer, min(certainty, phone.certainty)
    return Filled(field, said, said, certainty) if said else None


def _said(found: Found, show: Show) -> str:
    if not found.value.startswith("+"):
        return found.value
    if show.language.startswith("zh") or not found.value.startswith("+86"):
        return format_phone(found.value, show.language, extension=found.extension)
    # A Chinese number is dialled and typed here the same way in every language.
    number = format_phone(found.value)
    return f"{number} ext. {found.extension}" if found.extension else number


def _region(found: Found | None, show: Show) -> Filled | None:
    if found is None:
        return None
    return Filled("region", found.value, region_label(found.value, show.language), found.certainty)


def _sex(found: Found | None) -> Filled | None:
    if found is None:
        return None
    return Filled("sex", found.value, str(_("Male") if found.value == "m" else _("Female")), found.certainty)


def _employer(actor: Actor, found: Found | None) -> Filled | None:
    known = customer_called(actor, found.value) if found is not None else None
    if found is None or known is None:
        return None
    return Filled("customer", str(known), found.value, found.certainty)


def customer_called(actor: Actor, name: str) -> UUID | None:
    """The one customer in the actor's sight that has this name; None for none or several."""
    customers = find("customers")
    if not actor.may(customers.permission("view")) or not access.is_open(actor, customers.kind("name")):
        return None
    rows = access.visible(actor, customers).filter(name_key=normal_key(name)).exclude(name_key="")
    ids = list(rows.values_list("pk", flat=True)[:2])
    return ids[0] if len(ids) == 1 else None
