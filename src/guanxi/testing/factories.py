"""Sample values of every resource, for tests that hold for all of them.

A resource whose records need more than a title has its factory here; it is what a new entity costs in tests.
"""

from collections.abc import Callable
from itertools import count
from typing import Any

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find

Values = dict[str, Any]
_numbers = count(1)
# What a new record must refer to, made for it.
_linked: dict[str, Callable[[Actor], Values]] = {
    "affiliations": lambda actor: {
        "person": str(make(actor, find("people")).pk),
        "customer": str(make(actor, find("customers")).pk),
    },
    "participants": lambda actor: {
        "activity": str(make(actor, find("activities")).pk),
        "member": str(actor.member_id),
    },
    **{
        key: lambda actor: {"customer": str(make(actor, find("customers")).pk)}
        for key in ("contact_points", "addresses", "billing_profiles", "business")
    },
    "relationships": lambda actor: {
        "from_customer": str(make(actor, find("customers")).pk),
        "to_customer": str(make(actor, find("customers")).pk),
    },
    "charges": lambda actor: {
        "customer": str(make(actor, find("customers")).pk),
        "member": str(actor.member_id or Member.objects.values_list("pk", flat=True)[0]),
    },
}
_factories: dict[str, Callable[[int], Values]] = {
    # Each differs from the others in every field that a filter or sort is declared for.
    "customers": lambda number: {
        "relations": "customer,distributor" if number % 2 else "customer",
        "grade": "ABCD"[number % 4],
        "region": "320500" if number % 2 else "310000",
        "phone": f"0512-6{number:07d}",
    },
    "people": lambda number: {
        "post": "Buyer" if number % 2 else "Engineer",
        "phone": f"139{number:08d}",
        "sex": "mf"[number % 2],
        "channel": "wechat" if number % 2 else "phone",
        "number": f"P-{number}",
    },
    # Each at a time of its own, so that what was exported is told apart.
    "activities": lambda number: {
        "kind": ("note", "call", "visit", "meeting", "task")[number % 5],
        "at": f"2026-01-{1 + number // 24 % 28:02d}T{number % 24:02d}:30",
        "outcome": "answered" if number % 2 else "not_answered",
    },
    "contact_points": lambda number: {"kind": "web" if number % 2 else "qq"},
    "business": lambda number: {"kind": "need" if number % 2 else "makes", "share": f"{number % 100}"},
    "relationships": lambda number: {
        "kind": "sells_to" if number % 2 else "competes",
        "strength": f"{number % 100}",
    },
    "vehicles": lambda number: {"fuel": "electric" if number % 2 else "petrol"},
}


def sample(resource: type[Resource], title: str = "") -> Values:
    """Outside values of a new record; its title is one nobody has yet."""
    number = next(_numbers)
    extra = _factories[resource.key](number) if resource.key in _factories else {}
    return {**resource.defaults, **extra, resource.title: title or f"Sample {number:06d} Ltd"}


def make(actor: Actor, resource: type[Resource], title: str = "") -> Any:
    """A record, created by the actor through the resource's own service; needs the actor's scope."""
    linked = _linked[resource.key](actor) if resource.key in _linked else {}
    return resource.create(actor, data=sample(resource, title) | linked)
