"""What a lead may be the same as: a customer, a person or another lead."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from guanxi.customers.queries.duplicates import Duplicate, duplicates_of
from guanxi.customers.rules.alike import Held, Known, customer_of, digest, person_of
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.alike import company as companies
from guanxi.kernel.phones import split_phones

LEADS = "leads"
COLUMNS = ("name", "person", "phone", "email", "wechat", "number")
SURE = ("certain", "likely")


def lead_of(values: Mapping[str, Any]) -> Known:
    """A lead with these stored values as it is compared with others. Raises nothing."""
    return _lead(*(str(values.get(name) or "") for name in COLUMNS))


@lru_cache(maxsize=16)
def _lead(name: str, person: str, phone: str, email: str, wechat: str, number: str) -> Known:
    read = companies.company(
        "" if name == person else name,
        phones=split_phones(phone),
        emails=[email],
        wechats=[wechat],
    )
    return Known(LEADS, number, read)


def held_of(values: Mapping[str, Any]) -> Held:
    """What a lead's row is recognised by."""
    known, company = lead_of(values), require_scope().tenant_id
    signs = sorted((digest(company, LEADS, key), beside) for key, beside in known.telling.items())
    others = sorted(digest(company, LEADS, key) for key in known.keys - known.telling.keys())
    return Held(LEADS, None, tuple(others), tuple(signs))


def as_customer(values: Mapping[str, Any]) -> Known:
    """A lead as the customer it may be."""
    firm = "" if values.get("name") == values.get("person") else values.get("name")
    known = customer_of({"name": firm, "phone": values.get("phone")})
    read = known.read
    if email := values.get("email"):
        mail = companies.company("", emails=[str(email)])
        assert isinstance(read, companies.Company)  # noqa: S101 - of a customer
        read = replace(read, emails=mail.emails, domains=mail.domains)
    return replace(known, read=read)


def alike(actor: Actor, values: Mapping[str, Any], *, beside: UUID | None = None) -> list[Duplicate]:
    """What a lead with these stored values may be: leads first, then customers, then people; of each the surest
    first."""
    person = person_of(
        {
            "name": values.get("person"),
            "phone": values.get("phone"),
            "email": values.get("email"),
            "wechat": values.get("wechat"),
        }
    )
    found = duplicates_of(actor, lead_of(values), beside=beside)
    return [
        *found,
        *duplicates_of(actor, as_customer(values)),
        *(one for one in duplicates_of(actor, person) if one.verdict in SURE),
    ]


def twin_of(found: list[Duplicate]) -> UUID | None:
    """The customer among these that is certainly or likely the same."""
    of = [one for one in found if one.verdict in SURE and one.record._meta.label == "customers.Customer"]
    return of[0].record.pk if of else None
