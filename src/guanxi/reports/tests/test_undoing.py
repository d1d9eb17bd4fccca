"""What was sent on an earlier day stays as it was read, also by an undo."""

# Chinese in code: names and texts in tests

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.utils import timezone

from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Refused
from guanxi.reports.models import Report
from guanxi.reports.services.reports import delete_reports, edit_report, send_report, take_back
from guanxi.testing.worlds import World, in_scope

_NOW = timezone.now


@contextmanager
def _days_later(days: int) -> Iterator[None]:
    with patch.object(timezone, "now", lambda: _NOW() + timedelta(days=days)):
        yield


def _done(actor: Actor, act: Callable[[], Any]) -> UUID:
    with in_scope(actor):
        act()
        done = last_operation_id()
    assert done is not None
    return done


def _stands(actor: Actor) -> list[tuple[str, bool]]:
    with in_scope(actor):
        return [(one.sentence, one.sent_at is not None) for one in Report.objects.all()]


def _send(world: World) -> UUID:
    return _done(
        world.seller,
        lambda: send_report(world.seller, period="day", first=timezone.localdate(), sentence="原话"),
    )


def _act(world: World, how: str) -> UUID:
    sent = _send(world)
    if how == "send":
        return sent
    with in_scope(world.seller):
        report = Report.objects.get()
    acts: dict[str, Callable[[], Any]] = {
        "take back": lambda: take_back(world.seller, ids=[report.pk]),
        "edit": lambda: edit_report(
            world.seller, report.pk, data={"sentence": "新话"}, expected_version=None
        ),
        "delete": lambda: delete_reports(world.seller, ids=[report.pk]),
    }
    return _done(world.seller, acts[how])


@pytest.mark.parametrize("how", ["send", "take back", "edit", "delete"])
def test_an_undo_of_a_later_day_changes_nothing(world: World, how: str) -> None:
    done = _act(world, how)
    before = _stands(world.seller)
    with _days_later(10), in_scope(world.seller), pytest.raises(Refused) as refused:
        undo(world.seller, done)
    assert refused.value.code == "too_late"
    assert _stands(world.seller) == before
    with in_scope(world.seller):
        undo(world.seller, done)
    assert _stands(world.seller) == ([] if how == "send" else [("原话", True)])


def test_who_reaches_everybodys_undoes_at_any_time(world: World) -> None:
    done = _send(world)
    with _days_later(10), in_scope(world.admin):
        undo(world.admin, done)
    assert _stands(world.admin) == []


def test_what_nobody_can_read_is_undone_at_any_time(world: World) -> None:
    _act(world, "take back")
    with in_scope(world.seller):
        report = Report.objects.get()
    draft = _done(
        world.seller,
        lambda: edit_report(world.seller, report.pk, data={"sentence": "草稿"}, expected_version=None),
    )
    with _days_later(10), in_scope(world.seller):
        undo(world.seller, draft)
    assert _stands(world.seller) == [("原话", False)]
