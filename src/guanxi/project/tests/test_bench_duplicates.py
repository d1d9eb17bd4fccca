from itertools import product

import pytest

from guanxi.kernel.alike.company import Company, company, company_keys
from guanxi.kernel.alike.comparing import compare_companies
from guanxi.kernel.alike.person import person_keys
from guanxi.kernel.alike.scoring import compare_persons
from guanxi.project.bench.duplicates.datasets import Labelled, brand_words, febrl, restaurants
from guanxi.project.bench.duplicates.running import companies_asked, data_folder, linked, measure_all, quality
from guanxi.project.bench.duplicates.variants import Half, world

WORDS = ["".join(pair) for pair in product("鑫恒瑞泰宏盛嘉禾金隆", "旺达丰源和昌裕兴祥诚")]
HERE = data_folder().exists()


def silent(line: str) -> None:
    """Nobody listens."""


def test_quality_counts_what_is_said_and_what_is_true() -> None:
    got = quality([(0, 1), (0, 2)], frozenset({(0, 1), (3, 4), (5, 6)}))
    assert (got.precision, round(got.recall, 3), got.f1) == (0.5, 0.333, 0.4)


def test_two_lists_are_linked_across_and_one_within() -> None:
    records = [company("鑫旺食品"), company("恒达机械"), company("临沂鑫旺食品"), company("鑫旺食品")]
    one: Labelled[Company] = Labelled(records, frozenset())
    assert {(0, 2), (0, 3), (2, 3)} == set(linked(one, company_keys, compare_companies).at("likely"))
    two: Labelled[Company] = Labelled(records, frozenset(), second=2)
    assert {(0, 2), (0, 3)} == set(linked(two, company_keys, compare_companies).at("likely"))


def test_the_same_arguments_give_the_same_world_and_halves_share_no_word() -> None:
    first, again = (world(WORDS, "judged", companies=40, asks=30) for _ in range(2))
    assert first.companies == again.companies
    assert first.asks == again.asks
    other = world(WORDS, "tuned", companies=40, asks=30)
    assert not {each.short for each in first.companies} & {each.short for each in other.companies}


@pytest.mark.parametrize("half", ["tuned", "judged"])
def test_variants_of_a_small_world_are_found_and_branches_never_certain(half: Half) -> None:
    figures = companies_asked(world(WORDS, half, companies=40, asks=300), silent, half)
    assert figures["possible"]["recall"] > 0.9
    assert figures["branches_certain"] == 0


def test_a_folder_without_the_files_is_told_and_nothing_fails() -> None:
    said: list[str] = []
    report = measure_all(data_folder() / "nothing", said.append, only="febrl 1")
    assert report == {"failed": []}
    assert all("not there" in line for line in said)


@pytest.mark.shared_data
@pytest.mark.skipif(not HERE, reason="sample files are not here")
@pytest.mark.parametrize(("identity", "least"), [(False, 0.98), (True, 0.995)])
def test_persons_of_febrl_are_told_apart(identity: bool, least: float) -> None:
    for number in ("1", "2"):
        data = febrl(data_folder(), number, identity=identity)
        result = linked(data, person_keys, compare_persons)
        assert quality(result.at("likely"), data.same).f1 >= least


@pytest.mark.shared_data
@pytest.mark.skipif(not HERE, reason="sample files are not here")
def test_restaurants_of_two_guides_are_found() -> None:
    data = restaurants(data_folder())
    assert quality(linked(data, company_keys, compare_companies).at("likely"), data.same).recall > 0.95


@pytest.mark.shared_data
@pytest.mark.skipif(not HERE, reason="sample files are not here")
def test_chinese_companies_nobody_tuned_on_meet_the_targets() -> None:
    made = world(brand_words(data_folder()), "judged", companies=3_000, asks=2_000)
    figures = companies_asked(made, silent, "judged")
    assert figures["possible"]["recall"] >= 0.97
    assert figures["certain"]["precision"] >= 0.98
    assert figures["branches_certain"] == 0
