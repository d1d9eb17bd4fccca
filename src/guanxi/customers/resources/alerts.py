"""What must be seen at the head of a customer's card before anything else."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers.choices import CreditRating, Registration
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds.kind import Show, Words
from guanxi.resource import access
from guanxi.resource.contributions import Alert, contribute
from guanxi.resource.registry import find

_OVER = (Registration.REVOKED, Registration.DEREGISTERED, Registration.SUSPENDED, Registration.LIQUIDATION)
_DOUBTFUL = (CreditRating.C, CreditRating.D)


def _registered(actor: Actor, record: Any, show: Show) -> tuple[str, Words, str] | None:
    """A company that is not in operation any more, as the register has it."""
    if record.registration not in _OVER or not _is_open(actor, "registration"):
        return None
    words = {"state": Registration(record.registration).label}
    return "bad", _("By the register: %(state)s.") % words, ""


def _credit(actor: Actor, record: Any, show: Show) -> tuple[str, Words, str] | None:
    """What finance thinks of a credit that is doubtful."""
    if record.credit_rating not in _DOUBTFUL or not _is_open(actor, "credit_rating"):
        return None
    return "warn", _("Credit rating %(rating)s.") % {"rating": record.credit_rating}, ""


def _is_open(actor: Actor, name: str) -> bool:
    return access.is_open(actor, find("customers").kind(name))


contribute(
    "customers",
    alerts=(Alert("registration", _registered, order=10), Alert("credit", _credit, order=20)),
)
