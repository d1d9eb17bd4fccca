"""One account at a registry, against a server that speaks the protocol: retries, limits, where it may not go."""

# Chinese in code: what the registry answers

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from guanxi.integrations.registry import client as module
from guanxi.integrations.registry.address import NotAllowed, check_form, resolve
from guanxi.integrations.registry.client import TRIES, Account, CallFailed, Client
from guanxi.integrations.registry.tests.serving import CODE, KEY, Registry, serving


@pytest.fixture
def registry() -> Iterator[Registry]:
    with serving() as served:
        yield served


def _client(registry: Registry, key: str = KEY, pauses: list[float] | None = None) -> Client:
    return Client(
        Account(registry.url, key, private=True), sleep=(pauses if pauses is not None else []).append
    )


def _code(registry: Registry, key: str = KEY) -> tuple[str, int]:
    with pytest.raises(CallFailed) as caught:
        _client(registry, key).fetch(CODE)
    return caught.value.code, caught.value.tries


def test_a_name_gives_candidates_and_a_code_gives_facts(registry: Registry) -> None:
    found, answer = _client(registry).search("恒力")
    assert [(one.name, one.credit_code) for one in found] == [("苏州恒力机械有限公司", CODE)]
    assert answer.cost == Decimal("0.1")
    facts, answer = _client(registry).fetch(CODE)
    assert (facts.capital, facts.founded, facts.status) == (Decimal(5000000), date(2008, 5, 12), "active")
    assert facts.former_names == ("苏州恒立机械厂",)
    assert answer.cost == Decimal("0.5")
    assert _client(registry).status()[0] == "Registry of the tests"
    assert registry.keys == [f"Bearer {KEY}"] * 3


def test_what_is_busy_or_broken_for_a_moment_is_asked_again_with_longer_pauses(registry: Registry) -> None:
    registry.faults = ["429", "503"]
    pauses: list[float] = []
    _facts, answer = _client(registry, pauses=pauses).fetch(CODE)
    assert answer.tries == 3
    assert pauses == sorted(pauses)
    assert len(set(pauses)) == 2
    registry.faults = ["hang up"]
    assert _client(registry).fetch(CODE)[1].tries == 2


@pytest.mark.parametrize(
    ("fault", "code"), [("429", "busy"), ("500", "server"), ("504", "server"), ("hang up", "network")]
)
def test_what_stays_busy_or_broken_is_given_up(registry: Registry, fault: str, code: str) -> None:
    registry.always = fault
    assert _code(registry) == (code, TRIES)
    assert len(registry.asked) == TRIES


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("400", "refused"),
        ("402", "paid"),
        ("404", "not_found"),
        ("422", "refused"),
        ("501", "server"),
        ("redirect", "redirect"),
        ("broken", "unreadable"),
        ("odd", "unreadable"),
        ("deep", "unreadable"),
        ("huge", "too_large"),
        ("204", "unreadable"),
    ],
)
def test_what_will_not_become_better_is_asked_once(registry: Registry, fault: str, code: str) -> None:
    registry.always = fault
    assert _code(registry) == (code, 1)
    assert len(registry.asked) == 1


def test_a_wrong_key_is_told_from_everything_else(registry: Registry) -> None:
    assert _code(registry, key="another") == ("key", 1)


def test_who_answers_too_slowly_is_left(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TIMEOUT", 0.2)
    registry.always = "slow"
    assert _code(registry) == ("timeout", TRIES)


def test_nobody_there_is_a_network_fault() -> None:
    with serving() as gone:
        pass
    assert _code(gone) == ("network", TRIES)


def test_a_code_cannot_lead_out_of_its_place(registry: Registry) -> None:
    with pytest.raises(CallFailed):
        _client(registry).fetch("../../status?x=1")
    assert registry.asked == ["/v1/companies/..%2F..%2Fstatus%3Fx%3D1"]


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/v1",
        "https://localhost/v1",
        "https://10.0.0.8/v1",
        "https://192.168.1.1/v1",
        "https://172.16.0.1/v1",
        "https://169.254.169.254/latest",
        "https://100.64.0.1/v1",
        "https://0.0.0.0/v1",
        "https://[::1]/v1",
        "https://[fd00::1]/v1",
        "https://[::ffff:10.0.0.1]/v1",
        "https://2130706433/v1",
        "https://224.0.0.1/v1",
    ],
    ids=range(13),
)
def test_no_address_leads_into_the_network_this_runs_in(url: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        resolve(check_form(url, private=False), private=False)
    assert caught.value.code in ("private", "unknown")
    with pytest.raises(CallFailed) as failed:
        Client(Account(url, KEY)).status()
    assert failed.value.code in ("private", "network")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://registry.example.com/v1", "scheme"),
        ("http://127.0.0.1/v1", "scheme"),
        ("ftp://registry.example.com", "scheme"),
        ("file:///etc/passwd", "form"),
        ("https://", "form"),
        ("https://user:word@registry.example.com", "user"),
        ("https://registry.example.com/v1?x=1", "form"),
        ("https://registry.example.com/a b", "form"),
        ("https://registry.example.com:99999/", "form"),
        ("https://registry.example.com/\r\nHost: x", "form"),
        ("", "form"),
    ],
    ids=range(11),
)
def test_what_is_no_address_of_a_registry(url: str, code: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        check_form(url, private=False)
    assert caught.value.code == code


def test_plain_http_is_for_this_machine_alone_and_only_where_the_installation_allows_it() -> None:
    assert check_form("http://127.0.0.1:8000/v1/", private=True).path == "/v1"
    with pytest.raises(NotAllowed):
        check_form("http://registry.example.com/v1", private=True)
