"""Bytes on disk go when nothing names them, and not a moment before."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from guanxi.foundation.files import sweeping
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.files.services import add_attachment, folder_of, path_of, remove_attachment
from guanxi.foundation.files.sweeping import Swept, sweep
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.kernel.ids import new_id
from guanxi.testing.worlds import World, in_scope


@pytest.fixture(autouse=True)
def _root(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.FILES_ROOT = tmp_path
    yield
    connections["owner"].close()


def _now() -> datetime:
    return datetime.now(UTC)


def _add(world: World, content: bytes) -> Attachment:
    with in_scope(world.admin):
        return add_attachment(
            world.admin, resource="tests", record_id=new_id(), name="a.txt", chunks=[content]
        )


def _remove(world: World, attachment: Attachment) -> Any:
    with in_scope(world.admin):
        remove_attachment(world.admin, attachment)
        return last_operation_id()


def _undo(world: World, operation_id: Any) -> None:
    with in_scope(world.system):
        undo(world.system, operation_id)


def _forget_images(world: World) -> None:
    """What retention does, by hand."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM ledger_change WHERE tenant_id = %s", [world.tenant_id])


def _age(path: Path, days: float) -> None:
    then = (_now() - timedelta(days=days)).timestamp()
    os.utime(path, (then, then))


def test_what_a_row_or_a_deletion_that_can_be_undone_names_stays(world: World, other_world: World) -> None:
    kept, removed, foreign = _add(world, b"kept"), _add(world, b"removed"), _add(other_world, b"removed")
    paths = [path_of(one) for one in (kept, removed, foreign)]
    done = _remove(world, removed)
    for path in paths:
        _age(path, 40)
    assert sweep(_now()) == Swept()
    _undo(world, done)
    assert path_of(removed).read_bytes() == b"removed"


def test_what_can_be_brought_back_no_more_goes_of_this_company_alone(
    world: World, other_world: World
) -> None:
    gone, foreign = _add(world, b"the same"), _add(other_world, b"the same")
    mine, theirs = path_of(gone), path_of(foreign)
    _remove(world, gone)
    _forget_images(world)
    for path in (mine, theirs):
        _age(path, 2)
    assert sweep(_now()) == Swept(1, len(b"the same"))
    assert not mine.exists()
    assert theirs.read_bytes() == b"the same"


def test_two_rows_share_bytes_and_the_last_one_keeps_them(world: World) -> None:
    first, second = _add(world, b"shared"), _add(world, b"shared")
    path = path_of(first)
    _remove(world, first)
    _forget_images(world)
    _age(path, 2)
    assert sweep(_now()) == Swept()
    _remove(world, second)
    _forget_images(world)
    assert sweep(_now()) == Swept(1, 6)


def test_an_upload_whose_row_is_not_committed_yet_is_left_alone(world: World) -> None:
    folder = folder_of(world.tenant_id) / "ab"
    folder.mkdir(parents=True)
    young = folder / ("ab" + "0" * 62)
    young.write_bytes(b"on its way")
    _age(young, 0.9)
    assert sweep(_now()) == Swept()
    _age(young, 1.1)
    assert sweep(_now()) == Swept(1, 10)


def test_bytes_that_come_again_while_a_sweep_looks_stay(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = _add(world, b"again")
    path = path_of(old)
    _remove(world, old)
    _forget_images(world)
    _age(path, 2)
    judged = sweeping._named

    def judge_then_somebody_uploads(*args: Any) -> set[str]:
        found = judged(*args)
        _add(world, b"again")
        return found

    monkeypatch.setattr(sweeping, "_named", judge_then_somebody_uploads)
    assert sweep(_now()) == Swept()
    with in_scope(world.admin):
        assert path_of(Attachment.objects.get()).read_bytes() == b"again"


def test_what_killed_processes_left_is_seen_to_and_other_things_are_not_touched(world: World) -> None:
    attachment = _add(world, b"aside")
    path = path_of(attachment)
    _age(path, 2)
    path.rename(path.with_name(f"{path.name}.aside-{new_id().hex}"))
    folder = folder_of(world.tenant_id)
    half = folder / "arriving-x1"
    half.write_bytes(b"half")
    upload = folder / "imports" / str(new_id()) / "source"
    upload.parent.mkdir(parents=True)
    upload.write_bytes(b"rows")
    for one in (half, upload):
        _age(one, 2)
    assert sweep(_now()) == Swept(1, 4)
    assert path_of(attachment).read_bytes() == b"aside"
    assert upload.exists()
    assert not half.exists()


def test_it_runs_every_night_before_the_ledger_forgets() -> None:
    from guanxi.foundation.jobs.registry import nightly_work

    assert nightly_work()["files"] is sweep
