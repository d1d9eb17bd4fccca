import threading
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def key() -> str:
    return f"tests:{uuid4().hex}"


def test_a_value_comes_back_as_it_went_in(key: str) -> None:
    for value in (1, "y", True, [1.5, 2.25], {"a": None}, "𠮷"):
        cache.set(key, value)
        assert cache.get(key) == value
    assert cache.delete(key)
    assert cache.get(key, "nothing") == "nothing"
    assert not cache.delete(key)


def test_what_has_expired_is_gone_and_can_be_added_anew(key: str) -> None:
    cache.set(key, 1, timeout=0)
    assert cache.get(key) is None
    assert not cache.touch(key)
    assert cache.add(key, 2, timeout=60)
    assert not cache.add(key, 3, timeout=60)
    assert cache.get(key) == 2
    assert cache.touch(key, 0)
    assert cache.get(key) is None


def test_without_a_limit_a_value_stays(key: str) -> None:
    cache.set(key, 1, timeout=None)
    assert cache.get(key) == 1
    assert cache.has_key(key)


def test_counting_an_unknown_key_is_an_error(key: str) -> None:
    with pytest.raises(ValueError, match="no value"):
        cache.incr(key)


def test_counts_of_many_at_once_lose_nothing(key: str) -> None:
    cache.set(key, 0, timeout=60)
    added: list[bool] = []

    def work() -> None:
        try:
            for _ in range(20):
                cache.incr(key)
            added.append(cache.add(f"{key}:once", 1, timeout=60))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.get(key) == 120
    assert added.count(True) == 1


def test_sweeping_takes_what_has_expired_and_nothing_else(key: str) -> None:
    cache.set(f"{key}:old", 1, timeout=0)
    cache.set(f"{key}:new", 1, timeout=600)
    assert cache.sweep() >= 1  # type: ignore[attr-defined]
    assert cache.get(f"{key}:new") == 1
