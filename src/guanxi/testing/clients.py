"""A browser that has signed in."""

from django.conf import settings
from django.test import Client

from guanxi.foundation.accounts.models import Account, Member


def client_for(member: Member) -> Client:
    """A test client with a real session of the member's account. Errors are raised, not turned into pages.

    A member of `make_world` is in one company only, so that company is the one that opens.
    """
    if member.account_id is None:
        raise ValueError(f"{member} has no account to sign in with")
    client = Client()
    client.force_login(Account.objects.get(id=member.account_id), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client
