"""What is known of a customer or a person, as far as the reader may see it and add to it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext, pgettext

from guanxi.customers.models import Customer
from guanxi.customers.rules.completeness import (
    PERSON,
    ROWS,
    Point,
    asked_of_customer,
    completeness,
    decides,
)
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.registry import find, resource_of

_POSTS = 50  # of the people at a customer, looked through for one who decides

Asked = tuple[int, list[tuple[str, str]]]


def customer_completeness(actor: Actor, record: Any) -> Asked:
    """Percent, and what is missing: (its words, the field's name or the address where it is added)."""
    resource = resource_of(record)
    # Nothing tells what a closed field says, nor does what is asked for.
    kind = record.kind if access.is_open(actor, resource.kind("kind")) else ""
    told = access.is_open(actor, resource.kind("relations"))
    relations = record.relations.split(",") if told else ["customer"]
    weights = asked_of_customer(kind, relations)
    known = _fields(actor, resource, record, weights) | _rows(actor, record, weights)
    return _asked(actor, resource, record, weights, known)


def person_completeness(actor: Actor, record: Any) -> Asked:
    """The same of a person: with a WeChat id nobody needs the phone to reach them."""
    resource = resource_of(record)
    known = _fields(actor, resource, record, PERSON)
    if "phone" in known:
        known["phone"] |= known.get("wechat", False)
    return _asked(actor, resource, record, PERSON, known)


def _asked(
    actor: Actor, resource: Any, record: Any, weights: Mapping[str, int], known: Mapping[str, bool]
) -> Asked:
    percent, missing = completeness(
        [Point(name, weights[name], known[name]) for name in weights if name in known]
    )
    if not access.allows(actor, resource, record, "edit"):
        return percent, [(_words(resource, name), "") for name in missing]
    return percent, [(_words(resource, name), _way(record, name)) for name in missing]


def _fields(actor: Actor, resource: Any, record: Any, weights: Mapping[str, int]) -> dict[str, bool]:
    """Of the fields that the reader sees and may set, which hold something."""
    settable = {kind.name: kind for kind in access.writable(actor, resource)}
    return {
        name: not kind.is_blank(kind.value(record))
        for name in weights
        if (kind := settable.get(name)) is not None
    }


def _rows(actor: Actor, record: Customer, weights: Mapping[str, int]) -> dict[str, bool]:
    """Of what hangs on a customer, as far as the reader may know of it and add to it, what there is."""
    may = {name for name in ROWS & weights.keys() if _may(actor, name)}
    if not may:
        return {}
    mine = {
        "people": access.visible(actor, find("affiliations")).filter(until__isnull=True),
        "billing": access.visible(actor, find("billing_profiles")),
        "need": access.visible(actor, find("business")).filter(kind="need"),
    }
    here = {name: rows.filter(customer=OuterRef("pk")).order_by() for name, rows in mine.items()}
    asked = [
        ArraySubquery(here["people"].values("post")[:_POSTS]),
        Exists(here["billing"]),
        Exists(here["need"]),
    ]
    # One question: a card is drawn often.
    said: Any = Customer.objects.filter(pk=record.pk).values_list(*asked).first()
    posts, billing, need = said or ([], False, False)
    found = {"people": bool(posts), "billing": billing, "need": need}
    if posts:
        found["decider"] = any(decides(post) for post in posts)
    return {name: there for name, there in found.items() if name in may}


def _may(actor: Actor, name: str) -> bool:
    """Whether the reader may know of such rows and add one."""
    key, needed = {
        "people": ("affiliations", ("customer",)),
        "decider": ("affiliations", ("customer", "post")),
        "billing": ("billing_profiles", ("customer", "title")),
        "need": ("business", ("customer", "kind", "what")),
    }[name]
    target = find(key)
    adds = find("people").permission("create") if key == "affiliations" else target.permission("create")
    return (
        actor.may(target.permission("view"))
        and actor.may(adds)
        and all(access.is_open(actor, target.kind(one)) for one in needed)
    )


def _words(resource: Any, name: str) -> str:
    if name == "people":
        return pgettext("asked for", "a contact person")
    if name == "decider":
        return pgettext("asked for", "who decides")
    if name == "billing":
        return pgettext("asked for", "billing details")
    if name == "need":
        return gettext("what they need a year")
    return str(resource.kind(name).label)


def _way(record: Any, name: str) -> str:
    if name in ("people", "decider"):
        return f"{find('people').url('new')}?customer={record.pk}"
    if name == "billing":
        given = urlencode({"customer": record.pk, "title": str(record)})
        return f"{find('billing_profiles').url('new')}?{given}"
    if name == "need":
        return f"{find('business').url('new')}?customer={record.pk}&kind=need"
    return name
