"""Rows kept in mind: as many as there is room for, and never fewer than lie close together."""

from uuid import UUID, uuid4

import pytest

from guanxi.integrations.imports import seen
from guanxi.integrations.imports.verdicts import Candidate
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope


def row(line: int, name: str) -> Candidate:
    matching = find("customers").matching
    assert matching is not None
    return Candidate(line, [], keys=matching.keys({"name": name}))


def test_rows_that_lie_close_are_compared_across_the_end_of_what_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "_KEPT", 3)
    ids: dict[int, UUID] = {}
    with in_scope(world.admin):
        kept = seen.Seen(find("customers"))
        names = [f"苏州{sign}精密机械有限公司" for sign in "甲乙丙丁戊己庚辛壬癸"]
        for line, name in enumerate(names):
            ids[line] = uuid4()
            kept.remember(row(line, name), ids[line])
            for back in range(min(line, 3) + 1):
                found = kept.twin(row(99, names[line - back]))
                assert found is not None
                assert found[0].record_id == ids[line - back]
        assert kept.twin(row(99, names[0])) is None
        assert kept.named(names[-1]) == ids[len(names) - 1]
