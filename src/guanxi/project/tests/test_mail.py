"""Outgoing mail: the settings page, its test button, and what the server gets, with a real SMTP server."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage, get_connection
from django.test import Client, override_settings

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.tenancy.models import Tenant
from guanxi.project.mail import settings as mail
from guanxi.project.mail import stored
from guanxi.project.mail.backend import MailNotSet
from guanxi.project.models import MailSettings
from guanxi.project.tests.smtp_server import SmtpServer, make_certificate, smtp_server
from guanxi.testing.worlds import World, in_scope

BACKEND = "guanxi.project.mail.backend.Backend"
PLACE = "/settings/mail/"


@pytest.fixture
def server() -> Iterator[SmtpServer]:
    with smtp_server() as found:
        yield found


@pytest.fixture
def clean(database: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No settings, and as if this company were the only one: the tests' database holds many."""
    monkeypatch.delenv(stored.VARIABLE, raising=False)
    MailSettings.objects.all().delete()
    monkeypatch.setattr(mail, "_companies", lambda: 1)
    with override_settings(EMAIL_BACKEND=BACKEND):
        yield
    MailSettings.objects.all().delete()


@pytest.fixture
def admin(world: World, clean: None, client_for: Callable[[Member], Client]) -> Client:
    return client_for(world.members["admin"])


def typed(server: SmtpServer, **changes: str) -> dict[str, str]:
    values = {
        "host": "127.0.0.1", "port": str(server.port), "security": "none", "username": "", "password": "",
        "sender": "guanxi@maker.test",
    }  # fmt: skip
    return {**values, **changes}


def message() -> EmailMessage:
    return EmailMessage("题目", "正文 𠮷", None, ["wang@example.com"])


def test_the_test_button_sends_to_the_administrator_and_saves_nothing(
    admin: Client, world: World, server: SmtpServer
) -> None:
    answer = admin.post(PLACE, {**typed(server), "act": "test"})
    assert answer.status_code == 200
    (mail,) = server.received
    account = world.members["admin"].account
    assert account is not None
    assert mail["To"] == account.email
    assert mail["From"] == "guanxi@maker.test"
    assert not stored.is_configured()


def test_saved_settings_send_every_mail_of_the_product_with_their_sender(
    admin: Client, world: World, server: SmtpServer
) -> None:
    server.login = ("guanxi", "geheim !&")
    entered = typed(server, username="guanxi", password="geheim !&")
    assert admin.post(PLACE, {**entered, "act": "save"}).status_code == 302
    assert stored.is_configured()
    assert get_connection().is_configured  # type: ignore[attr-defined]
    assert message().send() == 1
    assert (server.received[0]["From"], server.received[0]["Subject"]) == ("guanxi@maker.test", "题目")
    assert server.received[0].get_content().strip() == "正文 𠮷"
    with in_scope(world.admin):
        assert Operation.objects.filter(verb="settings.mail.change", label="127.0.0.1").count() == 1


def test_the_password_is_stored_encrypted_and_never_shown_again(admin: Client, server: SmtpServer) -> None:
    admin.post(PLACE, {**typed(server, username="guanxi", password="geheim-7731"), "act": "save"})
    row = MailSettings.objects.get()
    assert "geheim-7731" not in row.password
    assert stored.decrypt(row.password) == "geheim-7731"
    assert b"geheim-7731" not in admin.get(PLACE).content
    wrong = admin.post(PLACE, {**typed(server, port="x", password="just-typed-1"), "act": "save"})
    assert wrong.status_code == 422
    assert b"just-typed-1" not in wrong.content


def test_an_empty_password_keeps_the_stored_one_but_never_for_another_server(
    admin: Client, server: SmtpServer
) -> None:
    server.login = ("guanxi", "geheim-7731")
    admin.post(PLACE, {**typed(server, username="guanxi", password="geheim-7731"), "act": "save"})
    assert admin.post(PLACE, {**typed(server, username="guanxi"), "act": "test"}).status_code == 200
    assert len(server.received) == 1
    with smtp_server() as thief:
        thief.login = ("guanxi", "geheim-7731")
        elsewhere = {**typed(thief, username="guanxi", host="localhost"), "act": "test"}
        assert admin.post(PLACE, elsewhere).status_code == 422
        assert thief.received == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_refusal_is_shown_in_the_server_s_own_words(
    admin: Client, server: SmtpServer, language: str
) -> None:
    server.login = ("guanxi", "right")
    answer = admin.post(PLACE, {**typed(server, username="guanxi", password="wrong"), "act": "test"})
    assert "535 5.7.8 wrong user name or authorization code" in answer.content.decode()
    server.login = None
    server.refuse = "550 5.1.1 no such mailbox"
    assert "550 5.1.1 no such mailbox" in admin.post(PLACE, {**typed(server), "act": "test"}).content.decode()


def test_a_server_that_is_not_there_is_a_sentence_and_no_fault(admin: Client, server: SmtpServer) -> None:
    entered = typed(server, port="1")
    answer = admin.post(PLACE, {**entered, "act": "test"})
    assert answer.status_code == 200
    assert "Connection refused" in answer.content.decode()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_tls_is_used_and_a_certificate_nobody_vouches_for_is_refused(
    admin: Client, server: SmtpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    certificate, server.tls = make_certificate(tmp_path)
    server.tls_from_start = security == "tls"
    entered = {**typed(server, security=security), "act": "test"}
    refused = admin.post(PLACE, entered)
    assert "TLS: self-signed certificate" in refused.content.decode()
    assert server.received == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    admin.post(PLACE, entered)
    assert len(server.received) == 1


def test_who_may_not_administer_mail_neither_sees_nor_changes_it(
    world: World, clean: None, client_for: Callable[[Member], Client], server: SmtpServer
) -> None:
    for person in ("seller", "manager"):
        client = client_for(world.members[person])
        assert client.get(PLACE).status_code == 403
        assert client.post(PLACE, {**typed(server), "act": "save"}).status_code == 403
    assert not stored.is_configured()
    assert server.received == []


def test_with_several_companies_no_company_s_administrator_sets_the_mail_of_all(
    admin: Client, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "_companies", Tenant.objects.count)
    Tenant.objects.create(name="二", slug=f"second-{Tenant.objects.count()}")
    assert b"GUANXI_SMTP_URL" in admin.get(PLACE).content
    assert admin.post(PLACE, {**typed(server), "act": "save"}).status_code == 409
    assert not stored.is_configured()


def test_the_provider_s_setting_holds_over_the_page(
    admin: Client, server: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.login = ("us er", "p@ss")
    url = f"smtp://us%20er:p%40ss@127.0.0.1:{server.port}?from=provider@example.com"
    monkeypatch.setenv(stored.VARIABLE, url)
    assert message().send() == 1
    assert server.received[0]["From"] == "provider@example.com"
    assert admin.post(PLACE, {**typed(server), "act": "save"}).status_code == 409


@pytest.mark.parametrize("url", ["http://x?from=a@b.cn", "smtp://", "smtp://host", "smtp:///x?from=a@b.cn"])
def test_a_malformed_setting_of_the_provider_is_refused_in_words(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(stored.VARIABLE, url)
    with pytest.raises(ImproperlyConfigured, match="has the form"):
        stored.smtp_settings()


def test_without_settings_nothing_pretends_to_be_sent(clean: None) -> None:
    assert not stored.is_configured()
    with pytest.raises(MailNotSet):
        message().send()
    assert message().send(fail_silently=True) == 0


def test_a_password_of_another_secret_key_counts_as_none_and_the_page_says_so(
    admin: Client, server: SmtpServer
) -> None:
    admin.post(PLACE, {**typed(server, username="guanxi", password="geheim"), "act": "save"})
    row = MailSettings.objects.get()
    with override_settings(SECRET_KEY="another key"):
        row.password = stored.encrypt("geheim")
    row.save()
    assert not stored.is_configured()
    assert "密钥已更换" in admin.get(PLACE).content.decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [("host", ""), ("host", "a b"), ("host", "http://x"), ("port", "0"), ("port", "70000"), ("port", "٣"),
     ("security", "rot13"), ("sender", "nobody"), ("sender", "a@b.cn\nBcc: c@d.cn"), ("username", "\x00"),
     ("username", "王")],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field(
    admin: Client, server: SmtpServer, name: str, value: str
) -> None:
    answer: Any = admin.post(PLACE, {**typed(server), name: value, "act": "save"})
    assert answer.status_code == 422
    assert not stored.is_configured()
