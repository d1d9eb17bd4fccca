"""`guanxi companies`."""

import io
import json
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from guanxi.foundation.accounts.models import Account, Member
from guanxi.foundation.permissions.models import Assignment, Role
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope


def say(*words: str) -> str:
    out = io.StringIO()
    call_command("companies", *words, stdout=out)
    return out.getvalue()


def test_a_company_is_created_with_an_administrator_who_can_sign_in(database: None) -> None:
    word = uuid4().hex[:8]
    said = say(
        "create", f"无锡机械 {word}", "--admin", "周敏", "--username", f"min.{word}", "--slug", f"wuxi-{word}"
    )
    account = Account.objects.get(username=f"min.{word}")
    password = said.splitlines()[1].split()[1]
    assert account.check_password(password)
    tenant = Tenant.objects.get(slug=f"wuxi-{word}")
    with scope(tenant.id, door="cli"):
        member = Member.objects.get(account_id=account.id)
        role = Role.objects.get(code="administrator")
        assert Assignment.objects.filter(member_id=member.id, role_id=role.id).exists()
    assert f"wuxi-{word}" in say()
    assert any(one["slug"] == f"wuxi-{word}" for one in json.loads(say("list", "--json")))


def test_a_given_password_is_never_printed(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    word = uuid4().hex[:8]
    monkeypatch.setattr("sys.stdin", io.StringIO("correct horse 77 battery\n"))
    said = say("create", f"甲 {word}", "--admin", "周敏", "--username", f"p.{word}", "--password-stdin")
    assert "correct horse" not in said
    assert Account.objects.get(username=f"p.{word}").check_password("correct horse 77 battery")


def test_what_is_wrong_is_said_and_nothing_is_kept(database: None, monkeypatch: pytest.MonkeyPatch) -> None:
    word = uuid4().hex[:8]
    say("create", f"乙 {word}", "--admin", "周敏", "--username", f"q.{word}")
    before = Tenant.objects.count()
    with pytest.raises(CommandError, match="username"):
        say("create", f"丙 {word}", "--admin", "周敏", "--username", f"q.{word}")
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(CommandError, match="password"):
        say("create", f"丁 {word}", "--admin", "周敏", "--username", f"r.{word}", "--password-stdin")
    assert Tenant.objects.count() == before
    assert not Account.objects.filter(username=f"r.{word}").exists()
