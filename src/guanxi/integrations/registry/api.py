"""The company registry through the API. The key is taken and never told again."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.registry import services
from guanxi.integrations.registry.facts import Candidate, Facts
from guanxi.resource.operations import Operation, declare

_MOST = 100


@dataclass(frozen=True, kw_only=True)
class ChangedRegistry:
    """What differs from the stored settings. The stored key is kept for the same address alone."""

    url: str | None = None
    key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class RegistryOut:
    """The settings; `url` is empty where there are none. `calls`, `failed` and `cost` are of the last 30 days."""

    url: str
    key_stored: bool
    calls: int
    failed: int
    cost: str


@dataclass(frozen=True, kw_only=True)
class RegistryTested:
    """Whether the registry answered, and what it is called or what happened instead."""

    answered: bool
    code: str
    words: str


@dataclass(frozen=True, kw_only=True)
class CompanyName:
    """The name to look for, or a part of it."""

    name: str


@dataclass(frozen=True, kw_only=True)
class CompanyCode:
    """The unified social credit code."""

    credit_code: str


@dataclass(frozen=True, kw_only=True)
class CandidateOut:
    """A company that a name may mean."""

    name: str
    credit_code: str
    legal_representative: str
    status: str
    region: str


@dataclass(frozen=True, kw_only=True)
class CandidatesOut:
    """What was found; `code` and `words` say why nothing could be asked, "" where it could."""

    code: str
    words: str
    items: list[CandidateOut]


@dataclass(frozen=True, kw_only=True)
class FactsOut:
    """What is on record; of what is not told there is "". `capital` is a number in a text, in `currency`."""

    code: str
    words: str
    name: str
    credit_code: str
    legal_representative: str
    capital: str
    currency: str
    founded: str
    status: str
    scope: str
    address: str
    region: str
    phones: list[str]
    email: str
    former_names: list[str]


@dataclass(frozen=True, kw_only=True)
class RegistryCallOut:
    """One question to the registry; `error` is empty where it was answered."""

    id: UUID
    at: datetime
    act: str
    asked: str
    error: str
    words: str
    tries: int
    cost: str


@dataclass(frozen=True, kw_only=True)
class RegistryCallsOut:
    """The newest hundred questions."""

    items: list[RegistryCallOut]


def register() -> None:
    """Called once at start-up."""
    declare(
        Operation(
            area="registry_settings", method="GET", path="registry_settings", act=_settings, answer=RegistryOut,
            summary=gettext_noop("Read the settings of the company registry"),
            words=gettext_noop("The key is never told."),
        ),
        Operation(
            area="registry_settings", method="PATCH", path="registry_settings", act=_edit, body=ChangedRegistry,
            answer=RegistryOut, summary=gettext_noop("Change the settings of the company registry"),
        ),
        Operation(
            area="registry_settings", method="POST", path="registry_settings/test", act=_try, body=ChangedRegistry,
            answer=RegistryTested, summary=gettext_noop("Test the company registry"),
            words=gettext_noop("With the settings as they would be; stores none."),
        ),
        Operation(
            area="registry", method="POST", path="registry/search", act=_search, body=CompanyName,
            answer=CandidatesOut, summary=gettext_noop("Look for a company in the registry"),
            words=gettext_noop("May cost what the registry charges for a question."),
        ),
        Operation(
            area="registry", method="POST", path="registry/fetch", act=_fetch, body=CompanyCode,
            answer=FactsOut, summary=gettext_noop("Ask the registry what is on record of a company"),
            words=gettext_noop("May cost what the registry charges for a question."),
        ),
        Operation(
            area="registry", method="GET", path="registry/calls", act=_calls, answer=RegistryCallsOut,
            summary=gettext_noop("What the company registry was asked"),
        ),
        registry=_("Company registry"),
        registry_settings=_("Company registry"),
    )  # fmt: skip


def _settings(actor: Actor) -> RegistryOut:
    held = services.account_of(actor)
    told = services.totals(actor)
    return RegistryOut(
        url=held.url if held else "",
        key_stored=bool(held and held.key),
        calls=told["count"],
        failed=told["failed"],
        cost=str(told["cost"]),
    )


def _typed(actor: Actor, body: ChangedRegistry) -> dict[str, str]:
    held = services.account_of(actor)
    return {"url": (held.url if held else "") if body.url is None else body.url, "key": body.key or ""}


def _edit(actor: Actor, body: ChangedRegistry) -> RegistryOut:
    services.change_account(actor, _typed(actor, body))
    return _settings(actor)


def _try(actor: Actor, body: ChangedRegistry) -> RegistryTested:
    outcome = services.try_account(actor, _typed(actor, body))
    words = outcome.words if outcome.code else str(outcome.found)
    return RegistryTested(answered=not outcome.code, code=outcome.code, words=words)


def _search(actor: Actor, body: CompanyName) -> CandidatesOut:
    outcome = services.search(actor, name=body.name)
    found: list[Candidate] = outcome.found or []
    items = [
        CandidateOut(
            name=one.name,
            credit_code=one.credit_code,
            legal_representative=one.legal_representative,
            status=one.status,
            region=one.region,
        )
        for one in found
    ]
    return CandidatesOut(code=outcome.code, words=outcome.words if outcome.code else "", items=items)


def _fetch(actor: Actor, body: CompanyCode) -> FactsOut:
    outcome = services.fetch(actor, credit_code=body.credit_code)
    facts: Facts = outcome.found or Facts(name="", credit_code="", currency="")
    given: dict[str, Any] = {
        "capital": "" if facts.capital is None else str(facts.capital),
        "founded": "" if facts.founded is None else facts.founded.isoformat(),
        "phones": list(facts.phones),
        "former_names": list(facts.former_names),
    }
    plain = (
        "name",
        "credit_code",
        "legal_representative",
        "currency",
        "status",
        "scope",
        "address",
        "region",
        "email",
    )
    given |= {name: getattr(facts, name) for name in plain}
    return FactsOut(code=outcome.code, words=outcome.words if outcome.code else "", **given)


def _calls(actor: Actor) -> RegistryCallsOut:
    rows = services.calls(actor)[:_MOST]
    return RegistryCallsOut(
        items=[
            RegistryCallOut(
                id=row.pk,
                at=row.created_at,
                act=row.act,
                asked=row.asked,
                error=row.error,
                words=services.words_of(row.error, row.detail) if row.error else "",
                tries=row.tries,
                cost=str(row.cost),
            )
            for row in rows
        ]
    )
