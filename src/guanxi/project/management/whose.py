"""For whom a command works: the company it is about and the member it acts as."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.core.management.base import CommandError, CommandParser
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from guanxi.foundation.accounts.models import Account, Member
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.web import listed
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope


def add_whose(parser: CommandParser) -> None:
    """The options every command about one company has."""
    parser.add_argument("--company", metavar="NAME", default="", help="needed where there are several")
    parser.add_argument(
        "--as", metavar="MEMBER", dest="member", default="",
        help="act as this person: sign-in name, e-mail, employee number or name; without it as the system",
    )  # fmt: skip


@contextmanager
def open_company(company: str, member: str) -> Iterator[Actor]:
    """A scope of the company in its language; one transaction, committed at the end. Raises CommandError."""
    tenant = find_company(company)
    with translation.override(tenant.language), scope(tenant.id, door="cli"):
        actor_id = _find_member(member) if member else None
    actor_scope = scope(tenant.id, actor_id=actor_id, door="cli")
    with translation.override(tenant.language), actor_scope:
        yield load_actor(actor_id) if actor_id else system_actor(tenant.id)


def find_company(name: str) -> Tenant:
    """The company with a name or short name; the only one where none is named. Raises CommandError."""
    found = list(Tenant.objects.filter(Q(name=name) | Q(slug=name)) if name else Tenant.objects.all()[:20])
    if len(found) == 1:
        return found[0]
    known = listed(f"{t.name} ({t.slug})" for t in Tenant.objects.order_by("name")[:20])
    if not known:
        raise CommandError(gettext("There is no company yet."))
    if name:
        text = gettext("There is no company “%(name)s”. There are: %(known)s") % {
            "name": name,
            "known": known,
        }
        raise CommandError(text)
    raise CommandError(
        gettext("There are several companies; name one with `--company`: %(known)s") % {"known": known}
    )


def _find_member(text: str) -> UUID:
    accounts = Account.objects.filter(Q(username__iexact=text) | Q(email__iexact=text)).values("id")
    here = Member.objects.filter(left_on__isnull=True)
    for wanted in (Q(account_id__in=accounts), Q(number=text) | Q(email__iexact=text), Q(name=text)):
        found = list(here.filter(wanted).values_list("id", flat=True)[:2])
        if len(found) == 1:
            return found[0]
        if found:
            raise CommandError(
                gettext("Several people are called “%(name)s”; give the sign-in name.") % {"name": text}
            )
    raise CommandError(gettext("There is nobody “%(name)s” in this company.") % {"name": text})
