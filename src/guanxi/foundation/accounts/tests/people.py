"""Accounts that can sign in, for the tests of this package."""

import random
import re
from typing import Any
from uuid import uuid4

from django.test import Client

from guanxi.foundation.accounts.models import Account
from guanxi.foundation.accounts.services import create_account

PASSWORD = "ein-langer-satz-hilft"


def device(**headers: str) -> Client:
    """A browser at an address of its own, for attempts count per address too."""
    address = ".".join(["10", *(str(random.randint(1, 254)) for _ in range(3))])
    return Client(REMOTE_ADDR=address, headers=headers)


def make_account(**more: Any) -> Account:
    """An account of nobody else's, with PASSWORD."""
    word = uuid4().hex[:12]
    values: dict[str, Any] = {"username": f"lin.{word}", "password": PASSWORD, "email": f"lin@{word}.test"}
    return create_account(**{"name": "林晓雯", **values, **more})


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> int:
    """Fill in the sign-in page; returns the status: 302 in, 422 wrong."""
    return client.post("/account/sign-in/", {"login": login, "password": password, **more}).status_code


def errors_in(html: str) -> list[str]:
    """The messages that stand beside fields."""
    return [
        re.sub(r"<[^>]+>|\s+", "", found)
        for found in re.findall(r'class="gx-err" id=.*?</div>', html, re.DOTALL)
    ]
