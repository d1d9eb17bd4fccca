import unicodedata

import pytest
from django.db import ProgrammingError, connection
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.accounts.models import Account, SecurityEvent
from guanxi.foundation.accounts.queries import find_account, memberships
from guanxi.foundation.accounts.services import (
    change_email,
    change_phone,
    change_username,
    check_password_rules,
    choose_language,
    choose_theme,
    close_account,
    create_account,
    leave_company,
    set_password,
)
from guanxi.foundation.accounts.services.accounts import refuse_foreign
from guanxi.foundation.accounts.tests.people import PASSWORD, make_account
from guanxi.kernel.errors import Invalid, Refused
from guanxi.testing.worlds import World

pytestmark = pytest.mark.usefixtures("database")


def test_an_account_is_found_by_name_mail_and_phone_however_they_are_written() -> None:
    account = make_account(phone="138 0013 8001" if not find_account("13800138001") else "")
    assert find_account(f"  {account.username.upper()} ") == account
    assert find_account((account.email or "").upper()) == account
    if account.phone:
        for written in ("13800138001", "138-0013-8001", "+86 138 0013 8001", "１３８００１３８００１"):
            assert find_account(written) == account


@pytest.mark.parametrize("login", ["", "  ", "\x00", "nobody@nowhere.test", "x" * 5000, "𠮷" * 300])
def test_what_is_nobody_is_found_as_nobody(login: str) -> None:
    assert find_account(login) is None


def test_wrong_fields_are_all_told_at_once_and_nothing_is_kept() -> None:
    before = Account.objects.count()
    with pytest.raises(Invalid) as error:
        create_account(name=" ", username="13800138000", password="12345678", email="lin@", phone="12")
    assert set(error.value.fields) == {"name", "username", "email", "phone", "password"}
    assert Account.objects.count() == before


def test_two_people_cannot_sign_in_with_the_same_name_mail_or_number() -> None:
    first = make_account()
    for field in ("username", "email"):
        with pytest.raises(Invalid) as error:
            make_account(**{field: str(getattr(first, field)).upper()})
        assert set(error.value.fields) == {field}
    second = make_account()
    with pytest.raises(Invalid):
        change_username(second, first.username)
    with pytest.raises(Invalid):
        change_email(second, first.email or "")
    second.refresh_from_db()
    assert second.username != first.username
    assert second.email != first.email


def test_a_mail_can_be_removed_and_given_to_somebody_else() -> None:
    first, second = make_account(), make_account()
    mail = first.email or ""
    change_email(first, "")
    change_email(second, mail)
    assert find_account(mail) == second


def test_a_phone_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid):
        change_phone(make_account(), "12345")


@pytest.mark.parametrize("password", ["short", "password", "12345678", "11111111", "woaini1314"])
def test_short_and_well_known_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid) as error:
        check_password_rules(password)
    assert set(error.value.fields) == {"password"}


def test_a_password_like_the_own_name_is_refused() -> None:
    account = make_account()
    with pytest.raises(Invalid):
        check_password_rules(account.username, account)


@given(st.text(min_size=64, max_size=200).filter(lambda text: len(set(text)) > 8))
def test_long_passwords_of_any_characters_pass(password: str) -> None:
    check_password_rules(password)


def test_no_password_is_cut() -> None:
    account = Account(username="x")
    account.set_password("a" * 1000)
    assert account.check_password("a" * 1000)
    assert not account.check_password("a" * 999)


def test_a_password_is_the_same_in_every_width_it_can_be_typed_in() -> None:
    account = make_account(password="ａｂｃ－关系－１２３４")
    assert account.check_password("abc-关系-1234")
    assert account.check_password(unicodedata.normalize("NFD", "abc-关系-1234"))


def test_a_new_password_replaces_the_old_and_is_written_down() -> None:
    account = make_account()
    set_password(account.id, "ein neuer Satz 关系")
    account.refresh_from_db()
    assert account.check_password("ein neuer Satz 关系")
    assert not account.check_password(PASSWORD)
    assert SecurityEvent.objects.filter(account=account, kind="password_changed").exists()


def test_language_and_theme_take_only_what_there_is() -> None:
    account = make_account()
    choose_language(account, "en")
    choose_theme(account, "dark")
    for choose, value in ((choose_language, "xx"), (choose_theme, "pink")):
        with pytest.raises(Invalid):
            choose(account, value)
    account.refresh_from_db()
    assert (account.language, account.theme) == ("en", "dark")


def test_a_closed_account_keeps_its_name_for_itself() -> None:
    account = make_account()
    close_account(account.id)
    assert not Account.objects.get(id=account.id).is_active
    with pytest.raises(Invalid):
        make_account(username=account.username)


def test_who_belongs_to_one_company_only_is_closed_on_leaving_it(world: World) -> None:
    account_id = world.seller.account_id
    assert account_id is not None
    assert [one.tenant_id for one in memberships(account_id)] == [world.tenant_id]
    leave_company(account_id)
    assert Account.objects.get(id=account_id).is_active, "still a member, so only signed out"
    stranger = make_account()
    leave_company(stranger.id)
    assert not Account.objects.get(id=stranger.id).is_active


def test_an_account_of_another_company_too_is_only_its_persons_to_change(
    world: World, other_world: World
) -> None:
    account_id = world.seller.account_id
    assert account_id is not None
    refuse_foreign(account_id, tenant_id=world.tenant_id)
    with pytest.raises(Refused):
        refuse_foreign(account_id, tenant_id=other_world.tenant_id)


@pytest.mark.parametrize(
    "statement", ["UPDATE accounts_securityevent SET kind = 'x'", "DELETE FROM accounts_securityevent"]
)
def test_the_application_cannot_change_what_happened(statement: str) -> None:
    close_account(make_account().id)
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute(statement)
