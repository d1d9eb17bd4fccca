"""The tree of a filter: written and read again, changed in one place, what is wrong with it said."""

import json
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.errors import Invalid
from guanxi.kernel.text import clean_text
from guanxi.resource import filters, listing
from guanxi.resource.filters import Condition, Group, Part
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

OPERATORS = ("is", "not", "contains", "starts", "between", "empty", "filled")
_texts = st.text(min_size=1, max_size=8).map(clean_text).filter(bool)
_names = st.sampled_from(("grade", "region", "name", "created_at", "x_size", "owner"))


@st.composite
def _conditions(draw: st.DrawFn) -> Condition:
    operator = draw(st.sampled_from(OPERATORS))
    values = () if operator in filters.NO_VALUE else tuple(draw(st.lists(_texts, min_size=1, max_size=3)))
    return Condition(draw(_names), operator, values)


def _groups(parts: st.SearchStrategy[Part]) -> st.SearchStrategy[Group]:
    return st.builds(Group, st.sampled_from(("all", "any")), st.lists(parts, max_size=3).map(tuple))


_trees = _groups(_groups(_groups(_conditions()) | _conditions()) | _conditions())


@given(_trees)
def test_a_filter_is_read_as_it_was_written(tree: Group) -> None:
    tree = filters.normal(tree)
    assert filters.parse(QueryDict(filters.write(tree))) == tree


@given(_trees)
def test_the_normal_form_has_no_needless_brackets_and_means_the_same(tree: Group) -> None:
    found = filters.normal(tree)
    assert filters.normal(found) == found
    assert list(filters.conditions(found)) == list(filters.conditions(tree))
    inner = [part for part in _every_group(found) if part is not found]
    assert all(len(part.parts) > 1 for part in inner)


def _every_group(part: Part) -> list[Group]:
    if isinstance(part, Condition):
        return []
    return [part, *(group for child in part.parts for group in _every_group(child))]


@given(_trees, st.data())
def test_turning_a_joint_twice_and_replacing_a_part_by_itself_change_nothing(
    tree: Group, data: st.DataObject
) -> None:
    tree = filters.normal(tree)
    paths = [path for path, _part in _every_part(tree, ())]
    path = data.draw(st.sampled_from(paths))
    assert filters.changed(tree, path, filters.at(tree, path)) == tree
    if len(tree.parts) > 1:
        assert filters.turned(filters.turned(tree, path), path) == tree


def _every_part(part: Part, path: filters.Path) -> list[tuple[filters.Path, Part]]:
    found = [(path, part)]
    if isinstance(part, Group):
        for place, child in enumerate(part.parts):
            found += _every_part(child, (*path, place))
    return found


@given(_trees, st.data())
def test_taking_a_condition_away_leaves_all_others_in_their_order(tree: Group, data: st.DataObject) -> None:
    tree = filters.normal(tree)
    places = [path for path, part in _every_part(tree, ()) if isinstance(part, Condition)]
    if not places:
        return
    path = data.draw(st.sampled_from(places))
    before = list(filters.conditions(tree))
    del before[places.index(path)]
    assert list(filters.conditions(filters.changed(tree, path, None))) == before


def _deep(levels: int) -> dict[str, Any]:
    node: dict[str, Any] = {"field": "grade", "op": "is", "values": ["A"]}
    for level in range(levels):
        node = {"any" if level % 2 else "all": [node, {"field": "size", "op": "empty"}]}
    return node


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        '"grade"',
        "1",
        '{"all": {}}',
        '{"all": [null]}',
        '{"field": 1}',
        '{"field": "grade", "values": "A"}',
        '{"field": "grade", "op": ["is"], "values": ["A"]}',
        '{"field": "grade", "op": "is", "values": [["A"]]}',
        "[" * 5000,
        json.dumps(_deep(6)),
        json.dumps({"any": [{"field": "grade", "op": "is", "values": ["A"]}] * 61}),
        json.dumps({"field": "grade", "op": "is", "values": ["A"] * 201}),
    ],
    ids=range(15),
)
def test_a_tree_of_the_wrong_shape_depth_or_size_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        filters.parse({"filter": text})
    assert str(caught.value.fields["filter"][0])


def test_a_tree_of_the_depth_that_is_allowed_is_read() -> None:
    tree = filters.parse({"filter": json.dumps(_deep(5))})
    assert filters.depth(tree) == 5


def test_the_keys_of_editors_and_of_the_page_are_no_conditions() -> None:
    query = QueryDict("__at=1.0&sort=name&view=x&from=y&columns=name&widths=name:9&density=compact&grade=A")
    assert filters.parse(query) == Group("all", (Condition("grade", "is", ("A",)),))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("grade=A&size=20", 1),
        ('filter={"any":[{"field":"grade","values":["A"]},{"field":"size","values":["20"]}]}', 3),
        ('grade=A&filter={"any":[{"field":"size","values":["20"]},{"field":"name","op":"contains","values":["甲"]}]}', 2),  # noqa: E501 - an address as it is typed
        ('filter={"any":[{"all":[{"field":"grade","values":["A"]},{"field":"size","values":["100"]}]},{"field":"name","values":["丁公司"]}]}', 2),  # noqa: E501 - an address as it is typed
        ("name.contains=甲", 1),
        ("name.contains=公司", 4),
        ("grade.empty=", 1),
        ("grade.filled=", 3),
        ("created_at.within=today", 4),
        ("created_at.within=yesterday", 0),
        ("created_at.within=this_quarter", 4),
        ("created_at.last=3", 4),
        ("created_at.next=3", 4),
        ("created_at.between=2001-01-01,2001-12-31", 0),
    ],
    ids=range(14),
)  # fmt: skip
def test_a_tree_finds_what_it_says(world: World, query: str, found: int) -> None:
    customers = find("customers")
    rows = [("甲公司", "A", "100"), ("乙公司", "A", "20"), ("丙公司", "B", "20"), ("丁公司", "", "500")]
    with in_scope(world.seller):
        for name, grade, size in rows:
            customers.create(
                world.seller,
                data={"name": name, "relations": "customer", "grade": grade, "size": size},
                allow_duplicate=True,
            )
        assert listing.read(world.seller, customers, QueryDict(query)).total().count == found
