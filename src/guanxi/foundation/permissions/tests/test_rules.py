from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.permissions.rules import beyond, has_circle, makes_circle, widest

REACH = st.sampled_from(("own", "department", "below", "all"))
GRANTS = st.dictionaries(st.sampled_from("abcd"), REACH)


@given(st.lists(st.tuples(st.integers(0, 8), st.none() | st.integers(0, 8)), max_size=40))
def test_a_tree_stays_a_tree_while_every_move_is_asked_for_first(moves: list[tuple[int, int | None]]) -> None:
    parents: dict[int, int | None] = dict.fromkeys(range(9))
    for child, parent in moves:
        if not makes_circle(parents, child, parent):
            parents[child] = parent
        else:
            assert has_circle({**parents, child: parent})
    assert not has_circle(parents)


def test_nobody_is_their_own_superior() -> None:
    assert makes_circle({"a": None}, "a", "a")
    assert not makes_circle({"a": None, "b": None}, "a", "b")


@given(GRANTS, GRANTS)
def test_what_two_roles_give_together_is_beyond_neither(one: dict[str, str], two: dict[str, str]) -> None:
    both = widest([*one.items(), *two.items()])
    assert not beyond(both, one)
    assert not beyond(both, two)


def test_a_wider_reach_is_beyond() -> None:
    assert beyond({"a": "own"}, {"a": "department"}) == ["a"]
    assert beyond({}, {"a": "own"}) == ["a"]
    assert beyond({"a": "all"}, {"a": "below"}) == []
