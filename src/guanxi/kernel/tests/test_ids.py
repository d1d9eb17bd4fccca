import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from guanxi.kernel.ids import new_id, uuid7_time


def test_an_id_is_a_uuid_of_version_7_and_the_rfc_variant() -> None:
    made = new_id()
    assert made.version == 7
    assert made.variant == uuid.RFC_4122


def test_ids_of_one_process_rise_also_within_a_millisecond() -> None:
    made = [new_id() for _ in range(50_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_ids_rise_when_the_clock_steps_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = new_id()
    monkeypatch.setattr("guanxi.kernel.ids.time.time_ns", lambda: 1_000_000_000)
    assert new_id() > first


def test_threads_never_share_an_id() -> None:
    made: list[list[uuid.UUID]] = [[] for _ in range(4)]

    def work(mine: list[uuid.UUID]) -> None:
        mine.extend(new_id() for _ in range(5_000))

    threads = [threading.Thread(target=work, args=(mine,)) for mine in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({one for mine in made for one in mine}) == 20_000
    assert all(mine == sorted(mine) for mine in made)


def test_the_time_of_an_id_is_when_it_was_made() -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    assert before < uuid7_time(new_id()) < datetime.now(UTC) + timedelta(minutes=1)


def test_another_version_has_no_time() -> None:
    with pytest.raises(ValueError, match="version 7"):
        uuid7_time(uuid.uuid4())
