"""The end of a phone, which is what people remember of it."""

from guanxi.foundation.search.grams import lines_of, queries_of
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.testing.factories import sample
from guanxi.testing.worlds import World, in_scope


def _customers(world: World, phones: list[str]) -> list[str]:
    resource, names = find("customers"), []
    with in_scope(world.seller):
        for number, phone in enumerate(phones):
            name = f"Tail {number} Ltd"
            resource.create(world.seller, data=sample(resource, name) | {"phone": phone})
            names.append(name)
    return names


def _found(world: World, typed: str, limit: int = 20) -> set[str]:
    with in_scope(world.seller):
        return {hit.title for hit in access.search(world.seller, find("customers"), typed, limit=limit)}


def test_four_digits_find_the_phones_that_end_with_them(world: World) -> None:
    first, second, _third = _customers(world, ["0512-66550186", "13800010186", "0512-66557777"])
    assert _found(world, "0186") == {first, second}


def test_where_few_end_with_them_those_that_hold_them_elsewhere_are_found_too(world: World) -> None:
    ends, begins, within = _customers(world, ["13855550512", "0512-66557777", "13805123344"])
    assert _found(world, "0512") == {ends, begins, within}


def test_a_short_number_has_no_tail_of_its_own() -> None:
    assert not any(gram.startswith("$") for gram in lines_of(names=(), phones=("1018",)).grams)
    assert "$0186" in lines_of(names=(), phones=("0512-66550186",)).grams


def test_only_four_digits_are_a_tail() -> None:
    assert [query.tail for query in queries_of("0186")] == [True, False]
    assert not any(query.tail for typed in ("018", "01865", "苏州") for query in queries_of(typed))
