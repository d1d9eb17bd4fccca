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
from guanxi.sales.models import Evidence

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
        for key in (
            "contact_points",
            "addresses",
            "billing_profiles",
            "business",
            "commitments",
            "registrations",
        )
    },
    "relationships": lambda actor: {
        "from_customer": str(make(actor, find("customers")).pk),
        "to_customer": str(make(actor, find("customers")).pk),
    },
    **{
        key: lambda actor: {"opportunity": str(make(actor, find("opportunities")).pk)}
        for key in ("sale_lines", "rivals")
    },
    **{
        key: lambda actor: {"stage": str(make(actor, find("stages")).pk)}
        for key in ("evidence", "plan_steps", "questions")
    },
    "shares": lambda actor: {
        "opportunity": str(make(actor, find("opportunities")).pk),
        "member": str(actor.member_id or Member.objects.values_list("pk", flat=True)[0]),
    },
    "proofs": lambda actor: {
        "opportunity": str(make(actor, find("opportunities")).pk),
        "evidence": str(Evidence.objects.values_list("pk", flat=True)[0]),
    },
    "stages": lambda actor: {"pipeline": str(make(actor, find("pipelines")).pk)},
    "prices": lambda actor: {
        "book": str(make(actor, find("price_books")).pk),
        "product": str(make(actor, find("products")).pk),
    },
    "stock": lambda actor: {
        "warehouse": str(make(actor, find("warehouses")).pk),
        "product": str(make(actor, find("products")).pk),
    },
    "bundle_parts": lambda actor: {
        "bundle": str(make(actor, find("products")).pk),
        "product": str(make(actor, find("products")).pk),
    },
    "option_groups": lambda actor: {"product": str(make(actor, find("products")).pk)},
    "options": lambda actor: {"group": str(make(actor, find("option_groups")).pk)},
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
    "pools": lambda number: {
        "claims_a_day": number % 900,
        "reclaim_days": number % 7,
        "arrival_days": number % 5,
        "warn_days": number % 3,
    },
    "people": lambda number: {
        "post": "Buyer" if number % 2 else "Engineer",
        "phone": f"139{number:08d}",
        "sex": "mf"[number % 2],
        "channel": "wechat" if number % 2 else "phone",
        "number": f"P-{number}",
    },
    "leads": lambda number: {
        "person": f"Contact {number}",
        "phone": f"137{number:08d}",
        "source": "exhibition" if number % 2 else "referral",
        "region": "320500" if number % 2 else "310000",
        "number": f"L-{number}",
    },
    # Each at a time of its own, so that what was exported is told apart.
    "activities": lambda number: {
        "kind": ("note", "call", "visit", "meeting", "task")[number % 5],
        "at": f"2026-01-{1 + number // 24 % 28:02d}T{number % 24:02d}:30",
        "outcome": "answered" if number % 2 else "not_answered",
    },
    "commitments": lambda number: {
        "side": "ours" if number % 2 else "theirs",
        "due": f"2026-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}",
    },
    # Each of a day of its own: there is one of a day.
    "reports": lambda number: {
        "first": f"{1950 + number // 336}-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}"
    },
    "registrations": lambda number: {
        "region": "370000" if number % 2 else "320500",
        "project": f"Plant {number}",
        "evidence": f"Drawing {number}",
    },
    # Each differs from the others in every field that a filter or sort is declared for.
    "pipelines": lambda number: {"position": f"{number % 9000}"},
    "stages": lambda number: {"position": f"{number % 9000}", "probability": f"{number % 100}"},
    **{
        key: lambda number: {"position": f"{number % 9000}"}
        for key in ("evidence", "plan_steps", "questions")
    },
    "sale_lines": lambda number: {"quantity": f"{1 + number % 90}", "price": f"{10 + number}"},
    "rivals": lambda number: {"standing": "ahead" if number % 2 else "level", "price": f"{100 + number}"},
    "shares": lambda number: {"part": f"{1 + number % 90}"},
    "proofs": lambda number: {"on": f"2026-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}"},
    "lost_reasons": lambda number: {"position": f"{number % 9000}"},
    "opportunities": lambda number: {
        "amount": f"{1000 + number}",
        "expected_on": f"2026-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}",
        "external_number": f"O-{number}",
        "source": "exhibition" if number % 2 else "referral",
    },
    "contact_points": lambda number: {"kind": "web" if number % 2 else "qq"},
    "business": lambda number: {"kind": "need" if number % 2 else "makes", "share": f"{number % 100}"},
    "relationships": lambda number: {
        "kind": "sells_to" if number % 2 else "competes",
        "strength": f"{number % 100}",
    },
    "price_books": lambda number: {
        "currency": "USD" if number % 2 else "CNY",
        "until": f"2099-01-{1 + number % 28:02d}",
        "position": f"{number}",
    },
    "prices": lambda number: {"price": f"{number}.5", "floor": f"{number}.25"},
    # Each of a day of its own: there is one of a currency and day.
    "exchange_rates": lambda number: {
        "currency": "USD",
        "day": f"{2000 + number // 336}-{1 + number // 28 % 12:02d}-{1 + number % 28:02d}",
        "rate": f"7.{number}",
    },
    "stock": lambda number: {
        "quantity": f"{number}",
        "told_at": f"2026-01-{1 + number // 24 % 28:02d}T{number % 24:02d}:30",
    },
    "warehouses": lambda number: {"code": f"W{number}"},
    "bundle_parts": lambda number: {"quantity": f"{number}"},
    "option_groups": lambda number: {"position": f"{number}"},
    "options": lambda number: {"position": f"{number}", "price": f"{number}"},
    "product_lines": lambda number: {"position": f"{number}"},
    "tax_rates": lambda number: {
        "code": f"T{number}",
        "rate": f"{number % 90}.5",
        "until": f"2099-01-{1 + number % 28:02d}",
    },
    "products": lambda number: {
        "code": f"P-{number:06d}",
        "specification": f"{number} mm",
        "kind": "service" if number % 2 else "goods",
        "list_price": f"{number}.25",
        "unit": "set" if number % 2 else "pc",
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
