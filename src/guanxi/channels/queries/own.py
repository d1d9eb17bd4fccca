"""Which addresses are those of the company's own people."""

from collections.abc import Collection
from uuid import UUID

from guanxi.channels.models import Mailbox
from guanxi.foundation.accounts.models import Member

__all__ = ["own_addresses", "own_members"]


def own_members(addresses: Collection[str]) -> dict[str, UUID]:
    """Whose each of the addresses, in small letters, is: by what a member signs in with, and has connected."""
    wanted = list(addresses)
    signs_in = Member.objects.filter(account__email__in=wanted).values_list("account__email", "pk")
    connected = Mailbox.objects.filter(address__in=wanted).values_list("address", "member_id")
    return {mail.casefold(): member for mail, member in (*signs_in, *connected) if mail}


def own_addresses(addresses: Collection[str]) -> set[str]:
    """Those of the addresses, in small letters, that are one of ours."""
    return set(own_members(addresses))
