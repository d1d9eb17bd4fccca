import re
import time

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse

from guanxi.foundation.accounts.models import Account, Member, SecurityEvent
from guanxi.foundation.accounts.services import close_account, set_password
from guanxi.foundation.accounts.tests.people import PASSWORD, device, errors_in, make_account, sign_in
from guanxi.testing.worlds import World, writing


@pytest.fixture
def person(world: World) -> Account:
    """The world's seller with a password."""
    assert world.seller.account_id is not None
    return set_password(world.seller.account_id, PASSWORD)


@pytest.fixture
def browser() -> Client:
    return device(**{"accept-language": "en"})


def test_name_and_mail_both_sign_in(person: Account) -> None:
    for login in (person.username, f" {(person.email or '').upper()} "):
        client = device()
        assert sign_in(client, login) == 302
        assert client.get("/account/").status_code == 200
    assert SecurityEvent.objects.filter(account=person, kind="signed_in").count() == 2


def test_after_signing_in_the_way_leads_to_where_one_wanted_to_go(person: Account, browser: Client) -> None:
    wanted = browser.get("/account/password/")
    assert wanted.headers["Location"] == "/account/sign-in/?next=%2Faccount%2Fpassword%2F"
    answer = browser.post(
        "/account/sign-in/", {"login": person.username, "password": PASSWORD, "next": "/account/password/"}
    )
    assert answer.headers["Location"] == "/account/password/"


def test_nobody_is_sent_to_a_foreign_site(person: Account, browser: Client) -> None:
    data = {"login": person.username, "password": PASSWORD, "next": "https://evil.example/"}
    assert browser.post("/account/sign-in/", data).headers["Location"] == "/"


def test_a_wrong_password_an_unknown_name_and_a_closed_account_look_the_same(
    person: Account, browser: Client
) -> None:
    closed = make_account()
    close_account(closed.id)
    said = set()
    for login, password in (
        (person.username, "falsch"),
        ("nobody.at.all", PASSWORD),
        (closed.username, PASSWORD),
    ):
        answer = browser.post("/account/sign-in/", {"login": login, "password": password})
        assert answer.status_code == 422
        said.update(errors_in(answer.content.decode()))
    assert len(said) == 1, said
    assert "_auth_user_id" not in browser.session


def test_five_wrong_attempts_close_the_door_whichever_name_is_typed(person: Account, browser: Client) -> None:
    for login in (
        person.username,
        person.email or "",
        person.username.upper(),
        person.username,
        person.email or "",
    ):
        assert sign_in(browser, login, "falsch") == 422
    assert sign_in(browser, person.username) == 422, "even the right password has to wait"
    assert sign_in(device(), person.email or "") == 422, "from elsewhere too"
    assert SecurityEvent.objects.filter(account=person, kind="sign_in_failed").count() == 5
    assert not SecurityEvent.objects.filter(account=person, kind="signed_in").exists()


def test_the_last_attempts_are_counted_down(person: Account, browser: Client) -> None:
    said = []
    for _ in range(5):
        answer = browser.post("/account/sign-in/", {"login": person.username, "password": "falsch"})
        said += errors_in(answer.content.decode())
    assert ["3more" in said[1], "2more" in said[2], "1moreattempt." in said[3]] == [True] * 3
    assert "fiveminutes" in said[4]


def test_there_is_no_signing_up(browser: Client) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert browser.get("/account/signup/").status_code == 404


def test_closing_an_account_signs_it_out_everywhere(person: Account) -> None:
    browsers = [device(), device()]
    for one in browsers:
        sign_in(one, person.username)
    close_account(person.id)
    for one in browsers:
        assert one.get("/account/").status_code == 302


def test_who_has_left_the_company_is_out_at_the_next_click(person: Account, world: World) -> None:
    client = device()
    sign_in(client, person.username)
    assert client.get("/account/").status_code == 200
    with writing(world.system):
        Member.objects.filter(id=world.members["seller"].id).update(left_on="2026-01-01")
    assert client.get("/account/").status_code == 403
    assert client.get("/account/").status_code == 302


def test_a_password_set_by_somebody_else_must_be_changed_first(person: Account) -> None:
    set_password(person.id, "vom-Administrator-gesetzt", must_change=True)
    client = device()
    assert sign_in(client, person.username, "vom-Administrator-gesetzt") == 302
    answer = client.get("/account/")
    assert answer.headers["Location"] == "/account/password/"
    htmx = client.get("/account/", headers={"hx-request": "true"})
    assert htmx.headers["HX-Redirect"] == "/account/password/"
    same = client.post("/account/password/", {"password1": "vom-Administrator-gesetzt"})
    assert same.status_code == 422
    assert client.post("/account/password/", {"password1": "jetzt-nur-meines"}).status_code == 302
    assert client.get("/account/").status_code == 200
    person.refresh_from_db()
    assert not person.must_change_password


def test_changing_the_password_needs_the_old_one_and_ends_the_other_devices(person: Account) -> None:
    here, there = device(), device()
    sign_in(here, person.username)
    sign_in(there, person.username)
    wrong = here.post("/account/password/", {"oldpassword": "falsch", "password1": "ein-anderer-Satz"})
    assert wrong.status_code == 422
    assert there.get("/account/").status_code == 200
    right = here.post("/account/password/", {"oldpassword": PASSWORD, "password1": "ein-anderer-Satz"})
    assert right.status_code == 302
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="")
def test_without_mail_a_forgotten_password_leads_to_the_administrator(
    browser: Client, person: Account
) -> None:
    page = browser.get("/account/forgotten/").content.decode()
    assert "administrator" in page
    assert 'name="email"' not in page
    sent = browser.post("/account/forgotten/", {"email": person.email})
    assert sent.status_code == 200
    assert person.name not in sent.content.decode()


def _mails(count: int) -> list[mail.EmailMessage]:
    until = time.monotonic() + 5
    while len(mail.outbox) < count and time.monotonic() < until:
        time.sleep(0.02)
    return mail.outbox


def test_the_link_in_the_mail_sets_a_new_password_once(browser: Client, person: Account) -> None:
    assert browser.post("/account/forgotten/", {"email": (person.email or "").upper()}).status_code == 302
    (sent,) = _mails(1)
    assert sent.to == [(person.email or "").upper().lower()]
    link = re.search(r"https?://[^/]+(/account/forgotten/\S+)", str(sent.body))
    assert link is not None
    page = browser.get(link[1], follow=True)
    assert page.status_code == 200
    form = page.redirect_chain[-1][0]
    assert browser.post(form, {"password1": "short"}).status_code == 200
    assert browser.post(form, {"password1": "nach-dem-Vergessen"}).status_code == 302
    person.refresh_from_db()
    assert person.check_password("nach-dem-Vergessen")
    again = device().get(link[1])
    assert again.status_code == 200
    assert 'name="password1"' not in again.content.decode()


def test_asking_for_an_unknown_address_gets_the_same_answer_and_no_mail(
    browser: Client, person: Account
) -> None:
    known = browser.post("/account/forgotten/", {"email": person.email})
    _mails(1)
    unknown = browser.post("/account/forgotten/", {"email": "nobody@nowhere.test"})
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    time.sleep(0.1)
    assert len(mail.outbox) == 1
