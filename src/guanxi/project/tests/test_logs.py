"""The log: what a line holds, and what it never holds."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.accounts.models import Account, Member
from guanxi.foundation.ledger.services import operation, request_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.project.logs import JsonLines, Words, normalised, without_values
from guanxi.testing.worlds import World


class Written:
    def __init__(self, formatter: logging.Formatter) -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(formatter)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def written() -> Iterator[Written]:
    """What the product's loggers write during the test, as JSON lines."""
    found = Written(JsonLines())
    logger = logging.getLogger("guanxi")
    level = logger.level
    logger.addHandler(found.handler)
    logger.setLevel(logging.INFO)
    yield found
    logger.removeHandler(found.handler)
    logger.setLevel(level)


def test_a_line_knows_request_operation_company_and_member(
    world: World, written: Written, in_scope: Callable[[Actor], AbstractContextManager[Actor]]
) -> None:
    token = request_id.set("anfrage-1")
    try:
        with in_scope(world.seller), operation(world.seller, "tests.thing.change") as opened:
            logging.getLogger("guanxi.tests").warning("said %s", "so", extra={"rows": 3})
    finally:
        request_id.reset(token)
    (line,) = written.lines
    assert line["message"] == "said so"
    assert line["level"] == "warning"
    assert line["time"].endswith("Z")
    assert line["request_id"] == "anfrage-1"
    assert line["operation_id"] == str(opened.id)
    assert line["company_id"] == str(world.tenant_id)
    assert line["member_id"] == str(world.seller.member_id)
    assert line["rows"] == 3


def test_the_line_of_a_request_bears_the_id_of_its_answer(
    world: World, written: Written, client_for: Callable[[Member], Client]
) -> None:
    answer = client_for(world.members["seller"]).get("/nowhere/")
    line = next(line for line in written.lines if line["logger"] == "guanxi.request")
    assert line["status"] == 404
    assert line["request_id"] == answer.headers["X-Request-ID"]


def test_a_slow_statement_is_logged_with_its_shape_and_none_of_its_values(
    world: World, written: Written, settings: Any, in_scope: Callable[[Actor], AbstractContextManager[Actor]]
) -> None:
    settings.SLOW_QUERY_MS = 100
    with in_scope(world.seller), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.execute("SELECT pg_sleep(0.15), %s::text, '王海燕', 13800138000", ["李建华"])
    (line,) = [line for line in written.lines if line["logger"] == "guanxi.sql.slow"]
    assert line["ms"] >= 100
    assert line["sql"] == "SELECT pg_sleep(?), %s::text, ?, …"
    assert "王海燕" not in json.dumps(written.lines, ensure_ascii=False)
    assert "李建华" not in json.dumps(written.lines, ensure_ascii=False)


def test_the_traceback_of_a_database_error_quotes_no_value(world: World, written: Written) -> None:
    name = world.members["seller"].account
    assert name is not None
    try:
        Account.objects.create(username=name.username, name="王海燕", password="!")
    except IntegrityError:
        logging.getLogger("guanxi.tests").exception("failed")
    (line,) = written.lines
    assert line["error"] == "IntegrityError"
    assert "duplicate key" in line["traceback"]
    assert name.username not in line["traceback"]
    assert without_values('ERROR: invalid input syntax for type uuid: "13800138000"').endswith(": …")


def test_one_record_is_one_line_whatever_is_in_it(written: Written) -> None:
    logging.getLogger("guanxi.tests").info("two\nlines\x00 and 𠮷", extra={"thing": "a\nb"})
    (line,) = written.lines
    assert line["message"] == "two\nlines\x00 and 𠮷"


def test_on_a_terminal_a_line_is_words() -> None:
    found = Written(Words())
    logger = logging.getLogger("guanxi.tests.words")
    logger.propagate = False
    logger.addHandler(found.handler)
    logger.error("broken", extra={"ms": 5, "company": "018f3c5e-0000-7000-8000-0123456789ab"})
    assert found.stream.getvalue().endswith("E broken  [ms=5 company_id=456789ab]\n")


@given(text=st.text(st.characters(exclude_characters="'\\"), min_size=3), number=st.integers(min_value=1000))
def test_no_literal_survives_normalising(text: str, number: int) -> None:
    sql = f"SELECT a1 FROM \"t_2026\" WHERE b = 'X{text}X' AND c = {number} AND d IN (%s, %s, %s) -- {number}"
    assert normalised(sql) == 'SELECT a1 FROM "t_2026" WHERE b = ? AND c = ? AND d IN (%s, …)'
