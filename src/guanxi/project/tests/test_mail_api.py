"""Outgoing mail through the API: the same acts as the page, and a password that never comes back."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

from guanxi.foundation.ledger.models import Operation
from guanxi.integrations.api.tests.calling import Program, program_of
from guanxi.project.mail import settings as mail
from guanxi.project.mail import stored
from guanxi.project.models import MailSettings
from guanxi.project.tests.smtp_server import SmtpServer, smtp_server
from guanxi.testing.worlds import World, in_scope

PLACE = "/mail_settings"


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with smtp_server() as found:
        found.login = ("guanxi", "geheim-7731")
        yield found


@pytest.fixture
def admin(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Program]:
    """A program of the administrator, as if this company were the only one: the tests' database holds many."""
    monkeypatch.delenv(stored.VARIABLE, raising=False)
    MailSettings.objects.all().delete()
    monkeypatch.setattr(mail, "_companies", lambda: 1)
    with override_settings(EMAIL_BACKEND="guanxi.project.mail.backend.Backend"):
        yield program_of(world.admin)
    MailSettings.objects.all().delete()


def given(server: SmtpServer, **changes: Any) -> dict[str, Any]:
    values = {
        "host": "127.0.0.1", "port": server.port, "security": "none", "username": "guanxi",
        "password": "geheim-7731", "sender": "guanxi@maker.test",
    }  # fmt: skip
    return values | changes


def test_what_is_set_is_read_again_without_the_password(
    admin: Program, server: SmtpServer, world: World
) -> None:
    assert (admin.get(PLACE).json()["host"], admin.get(PLACE).json()["password_stored"]) == ("", False)
    changed = admin.patch(PLACE, given(server))
    assert changed.status_code == 200, changed.content
    expected = {name: value for name, value in given(server).items() if name != "password"}
    assert changed.json() == expected | {"password_stored": True, "locked": ""}
    assert admin.get(PLACE).json() == changed.json()
    later = admin.patch(PLACE, {"sender": "other@maker.test"})
    assert later.json()["sender"] == "other@maker.test"
    found = stored.smtp_settings()
    assert found is not None
    assert found.password == "geheim-7731"
    for answer in (changed, later, admin.get(PLACE), admin.get("/operations")):
        assert b"geheim-7731" not in answer.content
    with in_scope(world.admin):
        assert Operation.objects.filter(verb="settings.mail.change", door="api").count() == 2


def test_a_test_mail_goes_to_ones_own_address_and_stores_nothing(
    admin: Program, server: SmtpServer, world: World
) -> None:
    account = world.members["admin"].account
    assert account is not None
    answer = admin.post(f"{PLACE}/test", given(server))
    assert answer.json() == {"sent": True, "address": account.email, "words": ""}
    assert server.received[0]["To"] == account.email
    assert stored.smtp_settings() is None
    refused = admin.post(f"{PLACE}/test", given(server, password="wrong")).json()
    assert (refused["sent"], refused["words"][:3]) == (False, "535")


def test_the_stored_password_goes_to_no_other_server(admin: Program, server: SmtpServer) -> None:
    admin.patch(PLACE, given(server))
    assert admin.post(f"{PLACE}/test", {}).json()["sent"]
    for wrong in ({"host": "localhost"}, {"username": "somebody"}):
        answer = admin.post(f"{PLACE}/test", wrong)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "password")
    assert len(server.received) == 1


def test_who_may_not_neither_reads_nor_changes_nor_tries(
    admin: Program, server: SmtpServer, world: World
) -> None:
    for program in (program_of(world.manager), program_of(world.seller)):
        assert program.get(PLACE).status_code == 403
        assert program.patch(PLACE, given(server)).status_code == 403
        assert program.post(f"{PLACE}/test", given(server)).status_code == 403
    assert stored.smtp_settings() is None
    assert server.received == []


def test_shared_by_several_companies_it_says_why_it_stays(
    admin: Program, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_companies", lambda: 2)
    assert "GUANXI_SMTP_URL" in admin.get(PLACE).json()["locked"]
    answer = admin.patch(PLACE, given(server))
    assert (answer.status_code, answer.json()["reason"]) == (409, "mail_of_provider")
    assert admin.post(f"{PLACE}/test", given(server)).status_code == 409
    assert server.received == []
