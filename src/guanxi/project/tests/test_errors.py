"""Error pages: the right status, words in the reader's language, an id to quote, and no detail of ours."""

import logging
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils.translation import override

from guanxi.foundation.accounts.models import Member
from guanxi.kernel.errors import Conflict, Forbidden, NotFound, Refused, Stale, Unavailable
from guanxi.project import errors
from guanxi.project.urls import urlpatterns as ours
from guanxi.testing.worlds import World

SECRET = "SELECT geheim FROM customers"
RAISED: dict[str, tuple[Callable[[], BaseException], int]] = {
    "suspicious": (lambda: SuspiciousOperation(SECRET), 400),
    "denied": (lambda: PermissionDenied(SECRET), 403),
    "forbidden": (lambda: Forbidden("customers.customer.view"), 403),
    "absent": (lambda: Http404(SECRET), 404),
    "not_found": (lambda: NotFound("x"), 404),
    "stale": (lambda: Stale(3, 2), 409),
    "conflict": (lambda: Conflict([]), 409),
    "refused": (lambda: Refused("x"), 409),
    "large": (lambda: RequestDataTooBig(SECRET), 413),
    "fault": (lambda: RuntimeError(SECRET), 500),
    "away": (lambda: OperationalError(SECRET), 503),
    "unavailable": (lambda: Unavailable(), 503),
}


def break_it(request: HttpRequest, kind: str) -> HttpResponse:
    error = RAISED[kind][0]()
    raise error


def read(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST["a"])


def too_many(request: HttpRequest) -> HttpResponse:
    return errors.too_many(request)


urlpatterns = [path("break/<str:kind>/", break_it), path("many/", too_many), path("read/", read), *ours]
handler400, handler403 = "guanxi.project.errors.bad_request", "guanxi.project.errors.denied"
handler404, handler500 = "guanxi.project.errors.not_found", "guanxi.project.errors.fault"


@pytest.fixture
def client(world: World, client_for: Callable[[Member], Client]) -> Iterator[Client]:
    client = client_for(world.members["seller"])
    client.raise_request_exception = False
    logging.disable(logging.CRITICAL)
    with override_settings(ROOT_URLCONF=__name__):
        yield client
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", RAISED)
def test_every_error_is_a_page_with_its_status_and_the_id_to_quote(
    client: Client, world: World, kind: str, language: str
) -> None:
    account = world.members["seller"].account
    assert account is not None
    type(account).objects.filter(id=account.id).update(language=language)
    number = uuid4().hex
    answer = client.get(f"/break/{kind}/", headers={"X-Request-ID": number})
    text = answer.content.decode()
    assert answer.status_code == RAISED[kind][1]
    assert number in text
    assert answer.headers["X-Request-ID"] == number
    assert SECRET not in text
    assert f'lang="{"en" if language == "en" else "zh-Hans-CN"}"' in text
    if answer.status_code == 503:
        assert int(answer.headers["Retry-After"]) > 0


def test_a_body_larger_than_allowed_is_answered_with_413(client: Client) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000):
        answer = client.post("/read/", {"a": "x" * 2000})
    assert answer.status_code == 413


def test_too_many_requests_say_when_to_come_back(client: Client) -> None:
    answer = client.get("/many/")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("kind", ["fault", "away", "not_found"])
def test_to_htmx_the_status_and_the_id_are_enough(client: Client, kind: str) -> None:
    answer = client.get(f"/break/{kind}/", headers={"HX-Request": "true"})
    assert answer.status_code == RAISED[kind][1]
    assert b"<html" not in answer.content
    assert answer.headers["X-Request-ID"]


def test_an_id_that_a_stranger_made_up_never_reaches_the_page(client: Client) -> None:
    answer = client.get("/break/fault/", headers={"X-Request-ID": "<script>alert(1)</script>"})
    assert b"<script>alert(1)" not in answer.content
    assert "script" not in answer.headers["X-Request-ID"]


def test_the_page_of_an_absent_database_asks_the_database_nothing(rf: Any) -> None:
    # No database fixture: a query would raise.
    with override("en"):
        page = errors.answer(rf.get("/customers/"), OperationalError("gone"))
    assert page is not None
    assert page.status_code == 503
    assert b"/customers/" in page.content  # try again, at the same place


def test_a_page_that_is_not_there_leads_home_back_and_to_the_search(client: Client) -> None:
    page = client.get("/break/absent/", headers={"Referer": "http://testserver/customers/?q=a"})
    text = page.content.decode()
    assert 'href="/"' in text
    assert 'href="/customers/?q=a"' in text
    assert 'action="/search/"' in text


@pytest.mark.parametrize(
    "came",
    [
        "",
        "https://elsewhere.example/x",
        "javascript:alert(1)",
        "http://testserver//evil.example/",
        "/break/absent/",
    ],
)
def test_the_way_back_leads_to_another_page_of_ours_or_nowhere(rf: Any, came: str) -> None:
    # No database fixture: nobody is asked who it is.
    came = f"http://testserver{came}" if came.startswith("/") else came
    page = errors.not_found(rf.get("/break/absent/", headers={"Referer": came}))
    text = page.content.decode()
    assert "evil" not in text
    assert "elsewhere" not in text
    assert "alert" not in text
    assert 'class="btn"' not in text
    assert 'role="search"' not in text  # without a session there is nothing to find
