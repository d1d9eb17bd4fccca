import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.names import normal_key, parse_company
from guanxi.kernel.tests.shared_data import SHORT_FORMS, short_forms
from guanxi.kernel.tests.strategies import anything, chinese_companies, companies, full_width


@pytest.mark.parametrize(
    ("name", "region", "core", "trade", "form", "branch"),
    [
        ("临沂市鑫旺食品机械有限公司兰山分公司", "临沂", "鑫旺", "食品机械", "有限公司", "兰山分公司"),
        ("鑫旺食品（临沂）有限公司", "临沂", "鑫旺", "食品", "有限公司", ""),
        ("山东省临沂市兰山区鑫旺商贸有限责任公司", "山东 临沂 兰山", "鑫旺", "商贸", "有限责任公司", ""),
        ("海尔（集团）有限公司", "", "海尔", "", "集团有限公司", ""),
        ("深圳某某投资合伙企业（有限合伙）", "深圳", "某某", "投资", "合伙企业有限合伙", ""),
        ("鑫旺五金经营部（个体工商户）", "", "鑫旺", "五金经营部", "个体工商户", ""),
        ("中国建设银行临沂支行", "", "中国建设银行", "", "", "临沂支行"),
        ("单县鑫旺食品厂", "单", "鑫旺", "食品", "厂", ""),
        ("阿里巴巴（中国）网络技术有限公司", "中国", "阿里巴巴", "网络技术", "有限公司", ""),
        ("臨沂鑫旺食品有限公司", "临沂", "鑫旺", "食品", "有限公司", ""),
        ("新疆维吾尔自治区昌吉回族自治州某某农业", "新疆 昌吉", "某某", "农业", "", ""),
        ("㈱トヨタ", "", "トヨタ", "", "株式会社", ""),
        ("Foo (Shanghai) Co., Ltd.", "shanghai", "foo", "", "co ltd", ""),
        ("Shanghai Foo Machinery Co., Ltd.", "shanghai", "foo", "machinery", "co ltd", ""),
        ("Foo GmbH & Co. KG", "", "foo", "", "gmbh & co kg", ""),
        ("Foo机械Co.,Ltd.", "", "foo", "机械", "co ltd", ""),
        ("享客电子有限公司", "", "享客", "电子", "有限公司", ""),
        ("享客电子公司", "", "享客", "电子", "公司", ""),
        ("有限公司", "", "有限公司", "", "", ""),
        ("梦工厂", "", "梦工厂", "", "", ""),
        ("上海滩", "", "上海滩", "", "", ""),
        ("***", "", "", "", "", ""),
    ],
)
def test_a_name_is_taken_apart(name: str, region: str, core: str, trade: str, form: str, branch: str) -> None:
    found = parse_company(name)
    assert (found.region, found.core, found.trade, found.legal_form, found.branch) == (
        region,
        core,
        trade,
        form,
        branch,
    )
    assert found.original == name
    assert found.key == normal_key(name)


@pytest.mark.parametrize(
    ("name", "otherwise"),
    [
        ("山东江山红食品有限公司", [("山东", "江山红", "食品")]),
        ("永安鑫旺食品", [("永安", "鑫旺", "食品")]),
        ("安顺集团商务（延吉）有限公司", [("延吉", "安顺集团", "商务")]),
        ("临沂鑫旺食品有限公司", []),
    ],
)
def test_a_word_that_may_be_a_place_or_not_is_read_both_ways(
    name: str, otherwise: list[tuple[str, str, str]]
) -> None:
    assert list(parse_company(name).otherwise) == otherwise


@pytest.mark.parametrize(
    "form",
    [
        "Co., Ltd.",
        "Co.,Ltd",
        "CO.LTD",
        "Ltd",
        "Limited",
        "Inc.",
        "LLC",
        "GmbH",
        "S.A.",
        "Pte. Ltd.",
        "K.K.",
        "Corp.",
        "PLC",
        "AG",
        "B.V.",
        "Oy",
        "AB",
        "S.r.l.",
        "S.p.A.",
        "Sdn. Bhd.",
        "Pty Ltd",
        "Sp. z o.o.",
        "a.s.",
        "Co., Inc.",
    ],
)
def test_foreign_forms_of_law_are_known(form: str) -> None:
    assert normal_key(f"Acme Widgets {form}") == "acmewidgets"


def test_a_word_that_ends_like_a_form_is_left_whole() -> None:
    assert normal_key("Tesco Ltd") == "tesco"
    assert normal_key("Siemens AG") == "siemens"
    assert normal_key("Texas") == "texas"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("临沂鑫旺食品有限公司", "臨沂鑫旺食品（集团）有限责任公司"),
        ("海尔集团", "海尔股份有限公司"),
        ("ACME Co., Ltd.", "Ａｃｍｅ，Inc"),
        ("鑫旺食品（临沂）有限公司", "鑫旺食品临沂"),
        ("鑫旺食品有限公司临沂分公司", "鑫旺食品股份有限公司（临沂分公司）"),
    ],
)
def test_the_same_normalised_name(one: str, other: str) -> None:
    assert normal_key(one) == normal_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("临沂鑫旺食品有限公司", "济南鑫旺食品有限公司"),
        ("鑫旺食品有限公司", "鑫旺食品有限公司临沂分公司"),
        ("鑫旺食品有限公司", "鑫旺机械有限公司"),
        ("临沂机械厂", "临沂机械有限公司"),
    ],
)
def test_different_companies_keep_different_keys(one: str, other: str) -> None:
    assert normal_key(one) != normal_key(other)


@given(st.one_of(companies, anything))
def test_the_key_of_a_key_is_the_key(name: str) -> None:
    assert normal_key(normal_key(name)) == normal_key(name)


@given(companies)
def test_the_key_is_blind_to_width_case_and_the_kind_of_spaces(name: str) -> None:
    key = normal_key(name)
    assert normal_key(name.upper()) == key
    assert normal_key(name.lower()) == key
    assert normal_key(full_width(name)) == key
    assert normal_key(f"  {name.replace(' ', '  ')}\u3000") == key


@given(chinese_companies)
def test_spaces_anywhere_in_a_chinese_name_do_not_matter(name: str) -> None:
    assert normal_key(" ".join(name)) == normal_key(name)


@given(st.one_of(companies, anything))
def test_parsing_never_fails_and_always_finds_a_core(name: str) -> None:
    found = parse_company(name)
    assert bool(found.core) == bool(found.folded)


@pytest.mark.shared_data
@pytest.mark.skipif(not SHORT_FORMS.exists(), reason="sample files are not here")
def test_brand_words_of_real_companies_are_found_again() -> None:
    words = [w for w in short_forms(every=100) if 2 <= len(w) <= 4]
    kept = sum(
        parse_company(f"临沂市{word}食品机械有限公司").core.startswith(word[:1].lower()) for word in words
    )
    assert kept / len(words) > 0.95
