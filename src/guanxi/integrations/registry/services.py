"""The settings of a company's registry account, asking it, and the log of what was asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from time import monotonic, perf_counter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.foundation.accounts.services.sealing import Unsealable, seal, unseal
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions import codes
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.integrations.models import RegistryAccount, RegistryCall
from guanxi.integrations.registry.address import NotAllowed, check_form
from guanxi.integrations.registry.client import Account, Answer, CallFailed, Client
from guanxi.kernel.errors import Invalid, Message, NotFound, Refused

MANAGE, USE = "settings.registry.manage", "integrations.registry.use"
NAMES = ("url", "key")
_PURPOSE = "guanxi registry key"
_TOLERATED = 5  # failures in a row after which nobody asks for a while
_COOL = timedelta(minutes=2)
KEPT_DAYS = 90
_KEY = 500

_WORDS: dict[str, Any] = {
    "address": gettext_lazy("The address of the registry cannot be used."),
    "private": gettext_lazy("The address leads into a private network, which is not allowed."),
    "key": gettext_lazy("The registry does not accept the key."),
    "paid": gettext_lazy("The account at the registry has nothing left."),
    "not_found": gettext_lazy("The registry knows no such company."),
    "refused": gettext_lazy("The registry refused the question."),
    "redirect": gettext_lazy("The registry sends us to another address. Enter that one if it is right."),
    "busy": gettext_lazy("The registry has been asked too much. Try again in a few minutes."),
    "server": gettext_lazy("The registry has a fault of its own. Try again later."),
    "network": gettext_lazy("The registry cannot be reached."),
    "timeout": gettext_lazy("The registry takes too long to answer."),
    "too_large": gettext_lazy("The registry's answer is too large."),
    "unreadable": gettext_lazy("The registry's answer is not what its protocol says."),
    "cool_down": gettext_lazy("The registry failed several times in a row and rests for two minutes."),
    "unsealable": gettext_lazy("The stored key belongs to another secret key. Enter it again."),
}
# What is wrong with what was asked, not with the registry: these do not make it rest.
_OURS = frozenset(("not_found", "refused", "address", "cool_down"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question: `code` is "" where it was answered; then `found` is there."""

    code: str = ""
    found: Any = None
    cost: Decimal = Decimal(0)
    detail: str = ""

    @property
    def words(self) -> str:
        """What happened, for a person."""
        return words_of(self.code, self.detail)


def words_of(code: str, detail: str = "") -> str:
    """What a code says, with the registry's own words behind it."""
    said = str(_WORDS.get(code, code))
    return f"{said} ({detail})" if detail else said


def register_codes() -> None:
    """Permission codes of this part."""
    codes.register(MANAGE, gettext_lazy("Set up the company registry"), group=codes.SYSTEM, reach=False)
    codes.register(
        USE,
        gettext_lazy("Ask the company registry"),
        group=gettext_lazy("Company registry"),
        reach=False,
        defaults={"sales_manager": "all", "salesperson": "all", "marketer": "all", "service_agent": "all"},
    )


# Settings


def is_set() -> bool:
    """Whether the company has an account at a registry."""
    return RegistryAccount.objects.exclude(url="").exists()


def may_ask(actor: Actor) -> bool:
    """Whether this actor can ask a registry: there is one, and he may."""
    return actor.may(USE) and is_set()


_seen: dict[
    UUID, tuple[bool, float]
] = {}  # company → whether it has an account, and until when that is believed
_BELIEVED = 60.0  # seconds


def may_be_asked(actor: Actor) -> bool:
    """Whether a way to the registry is shown: as `may_ask`, but up to a minute old, so that a card asks nothing."""
    if not actor.may(USE):
        return False
    known = _seen.get(actor.tenant_id)
    if known is None or known[1] < monotonic():
        if len(_seen) > 10_000:
            _seen.clear()
        known = _seen[actor.tenant_id] = is_set(), monotonic() + _BELIEVED
    return known[0]


def account_of(actor: Actor) -> RegistryAccount | None:
    """The account as it is stored, its key sealed. Raises Forbidden."""
    actor.require(MANAGE)
    return RegistryAccount.objects.first()


def private_allowed() -> bool:
    """Whether addresses inside this network may be asked: the installation's setting, not a company's."""
    return bool(getattr(settings, "REGISTRY_PRIVATE", False))


def change_account(actor: Actor, typed: Mapping[str, str]) -> None:
    """Store address and key; an empty key keeps the stored one for the same address alone, an empty address ends it.

    Raises Forbidden and Invalid.
    """
    actor.require(MANAGE)
    account = _typed(typed)
    with operation(actor, "settings.registry.change", label=account.url):
        held = RegistryAccount.objects.first() or RegistryAccount()
        held.url = account.url
        held.key = seal(account.key, purpose=_PURPOSE) if account.key else ""
        held.failures, held.rests_until = 0, None
        held.save()
    _seen.pop(actor.tenant_id, None)


def try_account(actor: Actor, typed: Mapping[str, str]) -> Outcome:
    """Ask the registry how it is called, with the settings as typed; stores none of them."""
    actor.require(MANAGE)
    account = _typed(typed)
    if not account.url:
        raise Invalid({"url": [Message("required", _("Fill this in."))]})
    return _asked(actor, "status", "", lambda client: client.status(), account)


def _typed(typed: Mapping[str, str]) -> Account:
    url, key = typed.get("url", "").strip(), typed.get("key", "").strip()
    wrong = Invalid()
    if url:
        try:
            check_form(url, private=private_allowed())
        except NotAllowed as error:
            said = {
                "scheme": _("Only an encrypted address (HTTPS) is taken."),
                "user": _("Without a user name in the address: the key has its own field."),
            }.get(error.code, _("This is no address, such as https://registry.example.com/v1."))
            wrong.add("url", Message(error.code, said))
    if len(key) > _KEY or not key.isascii() or not key.isprintable() or " " in key:
        wrong.add("key", Message("form", _("The key holds Latin letters, digits and signs only.")))
    if wrong:
        raise wrong
    held = RegistryAccount.objects.first()
    if not key and held is not None and held.key:
        if held.url == url:
            try:
                key = unseal(held.key, purpose=_PURPOSE)
            except Unsealable as error:
                raise Invalid({"key": [Message("unsealable", words_of("unsealable"))]}) from error
        elif url:
            # The stored key is never sent to another address than the one it was entered for.
            raise Invalid(
                {"key": [Message("required", _("Enter the key as well: it is stored for another address."))]}
            )
    return Account(url, key, private_allowed())


# Asking


def search(actor: Actor, *, name: str) -> Outcome:
    """Companies that a name may mean: `found` is a list of `Candidate`. Raises Forbidden, Refused("not_set")."""
    actor.require(USE)
    return _asked(actor, "search", name.strip()[:200], lambda client: client.search(name.strip()))


def fetch(actor: Actor, *, credit_code: str) -> Outcome:
    """What is on record: `found` is `Facts`. Raises Forbidden, Refused("not_set")."""
    actor.require(USE)
    return _asked(actor, "fetch", credit_code.strip()[:30], lambda client: client.fetch(credit_code.strip()))


def retry(actor: Actor, call_id: UUID) -> Outcome:
    """Ask again what failed. Raises Forbidden, NotFound, Refused("not_set")."""
    actor.require(MANAGE)
    call = RegistryCall.objects.filter(pk=call_id).first()
    if call is None or not call.error:
        raise NotFound("call_not_found")
    asks: dict[str, Callable[[Client], tuple[Any, Answer]]] = {
        "search": lambda client: client.search(call.asked),
        "fetch": lambda client: client.fetch(call.asked),
    }
    return _asked(actor, call.act, call.asked, asks.get(call.act, lambda client: client.status()))


def _asked(
    actor: Actor,
    act: str,
    asked: str,
    ask: Callable[[Client], tuple[Any, Answer]],
    account: Account | None = None,
) -> Outcome:
    """Ask and write the call down. What fails is an outcome, no error: the line in the log stays."""
    held = RegistryAccount.objects.first()
    testing = account is not None
    if account is None:
        if held is None or not held.url:
            raise Refused("not_set", _("No company registry is set up."))
        try:
            key = unseal(held.key, purpose=_PURPOSE) if held.key else ""
        except Unsealable:
            return _noted(actor, act, asked, Outcome("unsealable"))
        account = Account(held.url, key, private_allowed())
        if held.rests_until and held.rests_until > timezone.now():
            return _noted(actor, act, asked, Outcome("cool_down"))
    before = perf_counter()
    try:
        found, answer = ask(Client(account))
        outcome, tries, status = Outcome("", found, answer.cost), answer.tries, 200
    except CallFailed as error:
        outcome, tries, status = Outcome(error.code, detail=error.words), error.tries, error.status
    if held is not None and not testing:
        _count(held, outcome)
    return _noted(actor, act, asked, outcome, tries, status, round((perf_counter() - before) * 1000))


def _count(held: RegistryAccount, outcome: Outcome) -> None:
    """After several failures in a row it rests, so that nobody waits for what does not answer."""
    if outcome.code in _OURS:
        return
    row = RegistryAccount.objects.filter(pk=held.pk)
    if not outcome.code:
        row.filter(failures__gt=0).update(failures=0, rests_until=None)
        return
    row.update(failures=F("failures") + 1)
    row.filter(failures__gte=_TOLERATED).update(rests_until=timezone.now() + _COOL, failures=0)


def _noted(
    actor: Actor, act: str, asked: str, outcome: Outcome, tries: int = 0, status: int = 0, ms: int = 0
) -> Outcome:
    RegistryCall.objects.create(
        member_id=actor.member_id,
        act=act,
        asked=asked,
        error=outcome.code,
        detail=outcome.detail,
        tries=tries,
        status=status,
        ms=ms,
        cost=outcome.cost,
    )
    return outcome


# The log


def calls(actor: Actor, *, failed: bool = False) -> QuerySet[RegistryCall]:
    """What was asked, newest first. Raises Forbidden."""
    actor.require(MANAGE)
    rows = RegistryCall.objects.select_related("member").order_by("-created_at", "-id")
    return rows.exclude(error="") if failed else rows


def totals(actor: Actor) -> dict[str, Any]:
    """Of the last 30 days: how many calls, how many failed, what they cost. Raises Forbidden."""
    since = timezone.now() - timedelta(days=30)
    rows = calls(actor).filter(created_at__gte=since).order_by()
    told = rows.aggregate(count=Count("id"), failed=Count("id", filter=~Q(error="")), cost=Sum("cost"))
    return {**told, "cost": told["cost"] or Decimal(0)}


def forget_calls(now: datetime) -> int:
    """Clear away calls older than 90 days, company by company. Part of the nightly work."""
    gone = 0
    for tenant_id in list(Tenant.objects.values_list("id", flat=True)):
        with scope(tenant_id, door="job"):
            old = RegistryCall.objects.filter(created_at__lt=now - timedelta(days=KEPT_DAYS))
            gone += old.delete()[0]
    return gone


ACTS = {
    "status": pgettext_lazy("registry", "Test"),
    "search": pgettext_lazy("registry", "Search by name"),
    "fetch": pgettext_lazy("registry", "Facts by credit code"),
}
