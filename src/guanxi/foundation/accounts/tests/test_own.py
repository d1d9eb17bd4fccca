import base64
import hashlib
import hmac
import io
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client, override_settings

from guanxi.foundation.accounts.models import Account, SecurityEvent
from guanxi.foundation.accounts.services import set_password, tidy_sessions
from guanxi.foundation.accounts.tests.people import PASSWORD, device, make_account, sign_in
from guanxi.testing.worlds import World


@pytest.fixture
def person(world: World) -> Account:
    """The world's seller with a password."""
    assert world.seller.account_id is not None
    return set_password(world.seller.account_id, PASSWORD)


@pytest.fixture
def browser(person: Account) -> Client:
    client = device(**{"accept-language": "en"})
    sign_in(client, person.username)
    return client


def _profile(person: Account, **changes: str) -> dict[str, str]:
    return {
        "name": person.name,
        "username": person.username,
        "email": person.email or "",
        "phone": "",
        **changes,
    }


def test_the_name_changes_without_ado(browser: Client, person: Account) -> None:
    assert browser.post("/account/profile/", _profile(person, name="单 晓梅")).status_code == 302
    person.refresh_from_db()
    assert person.name == "单 晓梅"


def test_what_one_signs_in_with_changes_only_with_the_password(browser: Client, person: Account) -> None:
    before = person.email
    changes = {"email": f"new.{before}"}
    assert browser.post("/account/profile/", _profile(person, **changes)).status_code == 422
    assert (
        browser.post("/account/profile/", _profile(person, **changes, password="falsch")).status_code == 422
    )
    person.refresh_from_db()
    assert person.email == before
    assert (
        browser.post("/account/profile/", _profile(person, **changes, password=PASSWORD)).status_code == 302
    )
    person.refresh_from_db()
    assert person.email == f"new.{before}"


def test_an_address_of_somebody_else_is_refused_beside_its_field(browser: Client, person: Account) -> None:
    other = make_account()
    answer = browser.post("/account/profile/", _profile(person, email=other.email or "", password=PASSWORD))
    assert answer.status_code == 422
    assert "id_email_error" in answer.content.decode()


def test_one_device_or_all_others_can_be_signed_out_but_nobody_elses(
    browser: Client, person: Account, other_world: World
) -> None:
    there, elsewhere = device(), device()
    sign_in(there, person.username)
    sign_in(elsewhere, person.username)
    assert other_world.seller.account_id is not None
    stranger = device()
    sign_in(stranger, set_password(other_world.seller.account_id, PASSWORD).username)
    foreign = UserSession.objects.get(user_id=other_world.seller.account_id)
    assert browser.post(f"/account/sessions/{foreign.pk}/end/").status_code == 404
    assert stranger.get("/account/").status_code == 200
    row = UserSession.objects.get(session_key=there.session.session_key)
    assert browser.post(f"/account/sessions/{row.pk}/end/").status_code == 302
    assert [c.get("/account/").status_code for c in (browser, there, elsewhere)] == [200, 302, 200]
    assert browser.post("/account/sessions/end-others/").status_code == 302
    assert [c.get("/account/").status_code for c in (browser, elsewhere)] == [200, 302]


def test_guessing_the_password_in_an_open_session_ends_at_five(browser: Client, person: Account) -> None:
    changes = {"email": f"new.{person.email}"}
    for _ in range(5):
        browser.post("/account/profile/", _profile(person, **changes, password="falsch"))
    answer = browser.post("/account/profile/", _profile(person, **changes, password=PASSWORD))
    assert answer.status_code == 422
    person.refresh_from_db()
    assert not (person.email or "").startswith("new.")


def test_what_is_left_of_expired_sessions_is_cleared_away(browser: Client, person: Account) -> None:
    old = device()
    sign_in(old, person.username)
    key = old.session.session_key
    Session.objects.filter(session_key=key).update(expire_date="2026-01-01T00:00Z")
    assert tidy_sessions() >= 1
    assert not UserSession.objects.filter(session_key=key).exists()
    assert UserSession.objects.filter(session_key=browser.session.session_key).exists()
    assert browser.get("/account/").status_code == 200


def test_the_language_is_the_accounts_then_the_cookies_then_the_browsers(person: Account) -> None:
    client = device(**{"accept-language": "en-GB,en;q=0.9"})
    assert 'lang="en"' in client.get("/account/sign-in/").content.decode()
    client.post("/account/language/", {"language": "zh-hans", "next": "/account/sign-in/"})
    assert 'lang="zh-Hans-CN"' in client.get("/account/sign-in/").content.decode()
    person.language = "en"
    person.save(update_fields=["language"])
    sign_in(client, person.username)
    assert 'lang="en"' in client.get("/account/").content.decode()
    client.post("/account/language/", {"language": "zh-hans", "next": "https://evil.example/"})
    person.refresh_from_db()
    assert person.language == "zh-hans"
    assert (
        'lang="zh-Hans-CN"' in device(**{"accept-language": "ru"}).get("/account/sign-in/").content.decode()
    )


def test_the_theme_is_remembered(browser: Client, person: Account) -> None:
    browser.post("/account/theme/", {"theme": "dark"})
    person.refresh_from_db()
    assert person.theme == "dark"
    assert 'data-bs-theme="dark"' in browser.get("/account/").content.decode()


def _code(secret: str, ahead: int = 0) -> str:
    moment = struct.pack(">Q", int(time.time()) // 30 + ahead)
    digest = hmac.new(base64.b32decode(secret), moment, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def _set_up_app(browser: Client) -> str:
    page = browser.get("/account/app/", follow=True)
    assert page.redirect_chain[-1][0].startswith("/account/confirm/"), "the password is asked for once more"
    browser.post("/account/confirm/", {"password": PASSWORD, "next": "/account/app/"})
    page = browser.get("/account/app/")
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page.content.decode())
    assert found is not None
    assert browser.post("/account/app/", {"code": _code(found[1])}).status_code == 302
    return found[1]


def test_a_second_step_stands_between_the_password_and_the_company(browser: Client, person: Account) -> None:
    secret = _set_up_app(browser)
    assert SecurityEvent.objects.filter(account=person, kind="totp_activated").exists()
    client = device()
    answer = client.post("/account/sign-in/", {"login": person.username, "password": PASSWORD})
    assert answer.headers["Location"] == "/account/sign-in/second-step/"
    assert client.get("/account/").status_code == 302, "not in yet"
    assert client.post("/account/sign-in/second-step/", {"code": "000000"}).status_code == 200
    assert SecurityEvent.objects.filter(account=person, kind="second_step_failed").count() == 1
    code = _code(secret, ahead=1)
    assert client.post("/account/sign-in/second-step/", {"code": code}).status_code == 302
    assert client.get("/account/").status_code == 200
    again = device()
    again.post("/account/sign-in/", {"login": person.username, "password": PASSWORD})
    assert again.post("/account/sign-in/second-step/", {"code": code}).status_code == 200, "a code works once"


def test_a_recovery_code_works_once(browser: Client, person: Account) -> None:
    _set_up_app(browser)
    shown = browser.get("/account/codes/").content.decode()
    codes = re.findall(r"<li>(\d{8})</li>", shown)
    assert len(codes) == 10
    statuses = []
    for _ in range(2):
        client = device()
        client.post("/account/sign-in/", {"login": person.username, "password": PASSWORD})
        statuses.append(client.post("/account/sign-in/second-step/", {"code": codes[0]}).status_code)
    assert statuses == [302, 200]


def test_removing_the_second_step_needs_a_fresh_confirmation(browser: Client, person: Account) -> None:
    _set_up_app(browser)
    client = device()
    client.force_login(person)
    answer = client.post("/account/app/remove/")
    assert answer.status_code == 302
    assert "/account/confirm/" in answer.headers["Location"]
    assert Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


def test_secrets_of_the_second_step_are_sealed_and_older_ones_still_open(
    browser: Client, person: Account
) -> None:
    secret = _set_up_app(browser)
    app = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP)
    codes = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES)
    assert app.data["secret"].startswith("sealed:")
    assert codes.data["seed"].startswith("sealed:")
    assert secret not in str(app.data)
    app.data["secret"] = secret  # as it stood before secrets were sealed
    app.save()
    client = device()
    client.post("/account/sign-in/", {"login": person.username, "password": PASSWORD})
    answer = client.post("/account/sign-in/second-step/", {"code": _code(secret, ahead=1)})
    assert answer.status_code == 302


def test_under_another_secret_key_no_code_fits_until_the_second_step_is_taken_away(
    browser: Client, person: Account
) -> None:
    secret = _set_up_app(browser)
    with override_settings(SECRET_KEY="another one, as after a restore without the secrets"):
        client = device()
        client.post("/account/sign-in/", {"login": person.username, "password": PASSWORD})
        for code in (_code(secret, ahead=1), _code("A" * 32), "00000000", "000000"):
            assert client.post("/account/sign-in/second-step/", {"code": code}).status_code == 200
        call_command("second_step", person.username, stdout=io.StringIO())
        assert sign_in(device(), person.username) == 302
    assert SecurityEvent.objects.filter(account=person, kind="second_step_removed").exists()
    assert not Authenticator.objects.filter(user=person).exists()
