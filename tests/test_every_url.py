"""The third wall: every address and every API operation × every kind of user × another company.

An address that nobody listed fails; so does a rule whose address is gone. Every call runs in real transactions.
A denied one is 404 where the record is invisible, 403 where only the right is missing, and changes no row.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import include, path
from every_url import cast
from every_url.cast import ANONYMOUS, KINDS, LEFT, OBSERVER, STRANGER, Stage, make_stage, state
from every_url.routes import Route, every_route, unlisted, walk
from every_url.rules import Call, Rule
from every_url.table import by_the_same_code, listed
from every_url.targets import TARGETS, put_up

METHODS = ("GET", "POST")
API_METHODS = ("GET", "POST", "PATCH", "DELETE", "PUT")


@pytest.fixture(scope="module")
def stage(database: None) -> Iterator[Stage]:
    found = make_stage()
    yield found
    found.watcher.close()


def every_listed_route() -> list[Any]:
    return [pytest.param(route, id=route.name or "root") for route in every_route()]


def test_every_address_is_listed_and_every_rule_has_its_address() -> None:
    routes = every_route()
    rules = listed()
    assert unlisted(routes, rules) == set(), "say in tests/every_url/table.py who may do what there"
    assert set(rules) - {route.name for route in routes} == set(), "these rules have no address any more"


def test_an_unlisted_address_would_be_found_wherever_it_hides() -> None:
    def view(request: Any) -> HttpResponse:
        return HttpResponse()

    added = [
        path("new/", view, name="brand_new"),
        path("nameless/<uuid:id>/", view),
        path("deep/", include(([path("er/", include([path("st/", view, name="hidden")]))], "inner"))),
    ]
    found = unlisted([*every_route(), *walk(added)], listed())
    assert found == {"brand_new", "nameless/<uuid:id>/", "inner:hidden"}


def test_an_operation_added_to_the_api_would_be_found() -> None:
    from django.urls import URLPattern
    from ninja import NinjaAPI

    api = NinjaAPI(urls_namespace="another", docs_url="", openapi_url="")
    api.get("/secret", url_name="secret")(lambda request: None)
    patterns = [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    assert unlisted(walk([path("api/v1/", include((patterns, "api")))]), listed()) == {"api:secret"}


@pytest.mark.parametrize("route", every_listed_route())
def test_everybody_gets_what_is_theirs_and_no_more(stage: Stage, route: Route) -> None:
    rule = listed().get(route.name)
    assert rule is not None, "not listed"
    is_api = "api/v1" in route.pattern
    for kind in KINDS:
        for method in methods_of(route, rule, kind, is_api=is_api):
            check(stage, route, rule, kind, method, is_api=is_api)


def methods_of(route: Route, rule: Rule, kind: str, *, is_api: bool) -> list[str]:
    """The methods to try: those the address has; as anonymous and as administrator also those it has not. Of what every
    entity has by the same code those are tried on one of them."""
    if kind in (ANONYMOUS, "admin") and route.name not in by_the_same_code():
        return list(API_METHODS if is_api else METHODS)
    return list(rule.calls)


def check(stage: Stage, route: Route, rule: Rule, kind: str, method: str, *, is_api: bool) -> None:
    """One call of one kind of user."""
    call = rule.calls.get(method)
    expected = answers_for(stage, rule, call, kind, method, is_api=is_api)
    done = call is not None and expected == call.answers
    arguments = {**rule.arguments, **asked_for(stage, rule.target, fresh=done and method != "GET")}
    data = call.body(stage, arguments) if call else None
    browser = None if is_api and kind != OBSERVER else stage.browser(kind, fresh=done and method != "GET")
    before = None if done else stage.before or state(stage)
    answer = stage.call(kind, method, route.url(arguments) + rule.query, data, browser=browser)
    where = f"{kind} {method} {route.name}: {answer.status_code}, expected {sorted(expected)}"
    assert answer.status_code in expected, where
    if answer.status_code == 302 and kind in (ANONYMOUS, LEFT) and not rule.public:
        assert answer["Location"].startswith("/account/sign-in/"), where
    if answer.streaming:
        list(answer)
    answer.close()
    if done and method != "GET" and route.pattern.startswith("account/"):
        stage.browsers.clear()  # their sessions may be ended
    if before is not None:
        after = state(stage)
        changed = {table for table in before if before[table] != after[table]}
        stage.before = after
        assert not changed, f"{where}, yet it changed {changed}"
    else:
        stage.before = None


def asked_for(stage: Stage, target: str, *, fresh: bool) -> dict[str, Any]:
    """Arguments of the address: a record made for this call, or one that denied calls share."""
    if not target:
        return {}
    if fresh:
        return put_up(stage, target)
    if target not in stage.standing:
        stage.standing[target] = put_up(stage, target)
    return stage.standing[target]


def answers_for(
    stage: Stage, rule: Rule, call: Call | None, kind: str, method: str, *, is_api: bool
) -> frozenset[int]:
    """Which statuses are right for this kind of user."""
    if rule.public:
        return call.answers if call else frozenset((302, 405))
    actor = stage.actor(kind)
    if actor is None:
        turned_away = 401 if is_api else 302
        return frozenset((turned_away, 405) if call is None else (turned_away,))
    if kind == OBSERVER and method != "GET" and not (call and call.watched):
        return frozenset((403, 404)) if is_api else frozenset((409,))
    if call is None:
        # A method the address does not have: 405, unless the person is turned away first.
        return frozenset((405, 403, 404))
    if kind == OBSERVER and route_is_own(rule):
        return frozenset((*call.answers, 404, 409))
    sees = not rule.target or TARGETS[rule.target].sees(stage, actor)
    may = all(actor.may(code) for code in call.codes) and (call.may is None or call.may(stage, actor))
    if sees and may:
        return call.answers
    if sees:
        return frozenset((call.refused,))
    return frozenset((404,)) if may else frozenset((404, call.refused))


def route_is_own(rule: Rule) -> bool:
    """Pages of one's own account are not shown to whoever looks through borrowed eyes."""
    return not any(call.codes for call in rule.calls.values())


def test_what_was_looked_at_really_was_of_the_first_company(stage: Stage) -> None:
    """The sample records exist and their owner sees them: a 404 above came from a wall, not from a wrong id."""
    arguments = put_up(stage, "customers")
    answer: HttpResponseBase = stage.call("seller", "GET", f"/customers/{arguments['id']}/", None)
    assert answer.status_code == 200
    assert stage.call(STRANGER, "GET", f"/customers/{arguments['id']}/", None).status_code == 404
    assert stage.call(STRANGER, "GET", "/customers/", None).status_code == 200


def test_who_left_has_a_session_and_a_token_that_open_nothing(stage: Stage) -> None:
    assert stage.left.cookies
    assert isinstance(stage.left, Client)
    assert stage.call(LEFT, "GET", "/customers/", None).status_code == 302
    assert stage.call(LEFT, "GET", "/api/v1/me", None).status_code == 401


def test_a_change_anywhere_is_noticed(stage: Stage) -> None:
    before = state(stage)
    put_up(stage, "customers")
    after = state(stage)
    changed = {table for table in before if before[table] != after[table]}
    assert {"customers_customer", "ledger_change", "ledger_operation"} <= changed


def test_the_cast_is_complete() -> None:
    assert set(KINDS) == {*cast.INSIDE, ANONYMOUS, LEFT, OBSERVER, STRANGER}


@pytest.fixture(autouse=True, scope="module")
def _quiet() -> Iterator[None]:
    """Refusals are what is tested here; their log lines are not."""
    import logging

    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
