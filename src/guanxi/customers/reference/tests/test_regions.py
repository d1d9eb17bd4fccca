from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.customers.reference import regions
from guanxi.customers.reference.regions import REGIONS


def test_the_table_holds_the_whole_country_and_the_world() -> None:
    levels = [region.level for region in REGIONS.values()]
    assert levels.count("province") == 34
    assert levels.count("city") == 333
    assert levels.count("county") == 408
    assert levels.count("country") == 246  # ISO 3166-1 has 249; three of them stand under China


def test_every_region_has_a_known_parent_and_both_names() -> None:
    for region in REGIONS.values():
        assert "" not in (region.zh, region.en, region.short)
        assert region.parent == "" if region.level == "country" else region.parent in REGIONS


def test_every_region_is_found_by_its_code_its_label_and_its_full_chinese_path() -> None:
    for region in REGIONS.values():
        assert regions.find(region.code) == [region]
        assert region in regions.find(regions.label(region.code, "zh-hans"))
        assert region in regions.find(regions.label(region.code, "en"))
        assert region in regions.find("".join(part.zh for part in regions.path(region.code)))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("山东临沂", "371300"),
        ("临沂市", "371300"),
        ("Linyi", "371300"),
        ("Linyi City, Shandong Province, P.R. China", "371300"),
        ("山东省临沂市兰山区", "371300"),
        ("中国 山东 临沂", "371300"),
        ("江苏省苏州市昆山市玉山镇", "320583"),
        ("海南文昌", "469005"),
        ("吉林市丰满区", "220200"),
        ("Urumqi", "650100"),
        ("上海市浦东新区", "310000"),
        ("香港", "810000"),
        ("tw", "710000"),
        ("Macau", "820000"),
        ("US", "US"),
        ("Germany", "DE"),
        ("Munich, Germany", "DE"),
        ("德国", "DE"),
        ("越南平阳", "VN"),
        ("印度尼西亚", "ID"),
        ("Côte d’Ivoire", "CI"),
    ],
)
def test_one_answer_for_what_is_certain(text: str, code: str) -> None:
    assert [region.code for region in regions.find(text)] == [code]


@pytest.mark.parametrize(
    "text", ["", "，", "nowhere", "New Jersey", "Georgia, USA", "Philipines", "第三车间"]
)
def test_no_answer_for_what_is_not_a_region_or_contradicts_itself(text: str) -> None:
    assert regions.find(text) == []


def test_a_name_borne_by_two_places_gives_both() -> None:
    assert [region.code for region in regions.find("Suzhou")] == ["320500", "341300"]
    assert [region.code for region in regions.find("吉林")] == ["220000", "220200"]


def test_old_names_and_codes_lead_to_what_they_became() -> None:
    assert regions.current("371200") == "370100"
    assert regions.current("342600") == "340181"  # by way of 341400
    assert regions.current("HK") == "810000"
    assert regions.current("999999") == ""
    assert [region.zh for region in regions.find("莱芜")] == ["济南市"]
    assert [region.zh for region in regions.find("襄樊市")] == ["襄阳市"]


def test_the_table_is_dated() -> None:
    laiwu = next(region for region in regions.HISTORY if region.code == "371200")
    assert laiwu.valid_to == date(2018, 12, 26)
    simao = next(region for region in regions.HISTORY if region.zh == "思茅市")
    assert (simao.valid_from, simao.valid_to) == (date(2003, 12, 31), REGIONS["530800"].valid_from)
    for change in regions.CHANGES:
        assert regions.current(change.old) in REGIONS


def test_labels_and_paths_are_short_and_follow_the_language() -> None:
    assert regions.label("320583", "zh-hans") == "江苏昆山"
    assert regions.label("320583", "en") == "Kunshan, Jiangsu"
    assert regions.label("120000", "zh-hans") == "天津"
    assert regions.label("422800", "zh-hans") == "湖北恩施"
    assert regions.label("VN", "zh-hans") == "越南"
    assert [region.zh for region in regions.path("371300")] == ["中国", "山东省", "临沂市"]


def test_a_picker_is_offered_names_that_begin_with_the_text() -> None:
    assert [region.zh for region in regions.suggest("临沂")] == ["临沂市"]
    assert "临汾市" in [region.zh for region in regions.suggest("临")]
    assert [region.code for region in regions.children("460000")][:2] == ["460100", "460200"]
    assert regions.children("")[0].code == "CN"


@given(st.text(max_size=40))
def test_any_text_is_answered_without_an_error(text: str) -> None:
    assert all(region.code in REGIONS for region in regions.find(text))
