import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.alike.company import Company, company, company_keys
from guanxi.kernel.alike.comparing import compare_companies
from guanxi.kernel.alike.index import MOST_HOLDERS, Index
from guanxi.kernel.alike.verdicts import Key, Verdict
from guanxi.kernel.codes import make_credit_code
from guanxi.kernel.tests.strategies import anything, companies, full_width

CODE = make_credit_code(1)
OTHER_CODE = make_credit_code(2)
FULL = "临沂市鑫旺食品机械有限公司"
PHONE = "13800138000"


def check(left: Company, right: Company, **more: frozenset[str]) -> Verdict:
    """The verdict, which is the same from both sides, and candidates that find each other."""
    verdict = compare_companies(left, right, **more)
    assert verdict == compare_companies(right, left, **more)
    if verdict.certainty != "none":
        assert company_keys(left) & company_keys(right), "no common key"
    return verdict


@pytest.mark.parametrize(
    ("left", "right", "certainty", "reason"),
    [
        ("常州苏谷豆制品", "常州市苏谷豆制品", "likely", "name"),
        ("鲁露饮品", "山东鲁露饮品", "likely", "region"),
        ("鲁露饮品（山东）有限公司", "鲁露饮品有限责任公司", "likely", "region"),
        ("臨沂鑫旺食品", "临沂鑫旺食品", "likely", "name"),
        ("阿里巴巴（中国）网络技术有限公司", "阿里巴巴网络技术有限公司", "likely", "name"),
        ("Foo Machinery Co., Ltd.", "FOO MACHINERY GmbH", "likely", "name"),
        ("minh phat", "Minh Phát Foods Co., Ltd.", "possible", "abbreviation"),
        ("Muller Maschinen", "Müller Maschinen GmbH", "possible", "slip"),
        ("Hotel Bel-Air", "Bel-Air Hotel", "likely", "name"),
        ("临沂市鑫旺食品机械有线公司", "临沂市鑫旺食品机械有限公司", "likely", "name"),
        ("鑫旺", FULL, "possible", "abbreviation"),
        ("江山红", "山东江山红食品有限公司", "possible", "abbreviation"),
        ("鲁露", "鲁露饮品", "possible", "abbreviation"),
        ("中石化", "中国石油化工", "possible", "abbreviation"),
        ("Virgil's", "Virgil's Real BBQ", "possible", "abbreviation"),
        ("临沂市新旺食品机械有限公司", FULL, "possible", "homophone"),
        ("Xinwang Food Co., Ltd.", "临沂鑫旺食品有限公司", "possible", "homophone"),
        ("临沂市鑫盛食品机械有限公司", FULL, "possible", "slip"),
        ("临沂市鑫旺食品机戒有限公司", FULL, "possible", "slip"),
        ("临忻鑫旺食品有限公司", "临沂鑫旺食品有限公司", "possible", "region"),
        ("沂水鑫旺食品", "沂水县鑫旺食品", "possible", "region"),
        ("鑫旺食品厂", "鑫旺食品有限公司", "possible", "form"),
        ("临沂恒达食品", "临沂恒达机械", "possible", "trade"),
    ],
)
def test_names_alone_say_at_most_likely(left: str, right: str, certainty: str, reason: str) -> None:
    verdict = check(company(left), company(right))
    assert (verdict.certainty, verdict.reasons[0], verdict.branch) == (certainty, reason, "")


@pytest.mark.parametrize(
    ("left", "right", "branch"),
    [
        (FULL, FULL + "兰山分公司", "branch"),
        (FULL + "兰山分公司", FULL + "河东分公司", "branch"),
        ("临沂鑫旺食品有限公司", "济南鑫旺食品有限公司", "region"),
        ("Foo (Shanghai) Ltd.", "Foo (Beijing) Ltd.", "region"),
        ("临沂鑫旺食品有限公司", "临沂鑫旺电气有限公司", "group"),
    ],
)
def test_a_branch_is_never_certain_whatever_they_share(left: str, right: str, branch: str) -> None:
    one = company(left, phones=[PHONE], emails=["info@xinwang.cn"], wechats=["xinwang"])
    other = company(right, phones=[PHONE], emails=["info@xinwang.cn"], wechats=["xinwang"])
    verdict = check(one, other)
    assert (verdict.certainty, verdict.branch) == ("possible", branch)


def test_a_branch_that_invoices_under_its_parents_code_stays_a_branch() -> None:
    verdict = check(company(FULL, code=CODE), company(FULL + "兰山分公司", code=CODE))
    assert (verdict.certainty, verdict.branch) == ("possible", "branch")


def test_one_code_is_one_company_whatever_its_name() -> None:
    verdict = check(company(FULL, code=CODE), company("山东盛世商贸有限公司", tax=full_width(CODE)))
    assert (verdict.certainty, verdict.reasons[0]) == ("certain", "code")


def test_two_right_codes_are_two_companies() -> None:
    one, other = (company(FULL, code=code, phones=[PHONE]) for code in (CODE, OTHER_CODE))
    assert check(one, other).certainty == "possible"
    assert check(one, other).reasons[0] == "other_code"
    assert check(one, company("济南大力神机床", code=OTHER_CODE, phones=[PHONE])).certainty == "none"


def test_a_code_with_a_slip_is_noticed() -> None:
    wrong = CODE[:10] + ("1" if CODE[10] != "1" else "2") + CODE[11:]
    assert check(company(FULL, code=CODE), company("鑫旺食品机械", code=wrong)).certainty == "likely"


def test_phone_and_core_name_are_certain_but_an_agencys_phone_is_not() -> None:
    one, other = (
        company(FULL, phones=["0539-8316220"]),
        company("鑫旺食品机械", phones=["(0539)8316220 转 8"]),
    )
    assert check(one, other).reasons[0] == "phone_and_core"
    assert check(one, other).certainty == "certain"
    agency = frozenset({"+865398316220"})
    assert check(one, other, shared_phones=agency).certainty == "likely"
    stranger = company("济南大力神机床", phones=["0539-8316220"])
    assert check(one, stranger).certainty == "possible"
    assert check(one, stranger, shared_phones=agency).certainty == "none"


def test_sound_is_never_certain() -> None:
    one = company("临沂市新旺食品机械有限公司", phones=[PHONE], emails=["a@xinwang.cn"])
    assert check(one, company(FULL, phones=[PHONE], emails=["a@xinwang.cn"])).certainty == "likely"


def test_the_companys_own_domain_tells_and_a_public_one_does_not() -> None:
    one = company("鑫旺", emails=["li@xinwang.cn", "xinwang@163.com"])
    assert check(one, company("Linyi Machines", websites=["https://www.xinwang.cn/en"])).reasons == (
        "domain",
    )
    assert check(one, company("Linyi Machines", emails=["other@163.com"])).certainty == "none"


def test_a_former_name_finds_the_company_of_today() -> None:
    verdict = check(company("临沂苏谷豆制品有限公司", former=[FULL]), company("鑫旺食品机械有限公司"))
    assert (verdict.certainty, verdict.reasons) == ("likely", ("former_name",))


@given(companies, st.booleans())
def test_a_name_is_its_own_and_width_case_and_script_change_nothing(name: str, wide: bool) -> None:
    changed = company(full_width(name) if wide else name.upper())
    plain = company(name)
    assert [(each.readings, each.words) for each in changed.names] == [
        (each.readings, each.words) for each in plain.names
    ]
    assert company_keys(changed) == company_keys(plain)
    assert compare_companies(plain, changed).certainty == ("likely" if plain.names else "none")


@given(companies, companies)
def test_the_verdict_is_the_same_from_both_sides(left: str, right: str) -> None:
    check(company(left, phones=[PHONE]), company(right, phones=[PHONE]))


@given(anything, anything, anything, anything)
def test_nothing_that_is_typed_raises(name: str, other: str, code: str, contact: str) -> None:
    one = company(name, code=code, tax=code, phones=[contact], emails=[contact], websites=[contact])
    two = company(other, former=[name], code=contact, wechats=[contact])
    assert compare_companies(one, two) == compare_companies(two, one)
    assert all(key.text and len(key.text) <= 80 for key in company_keys(one))


@given(companies)
def test_alone_a_name_is_never_certain(name: str) -> None:
    one = company(name)
    assert compare_companies(one, one).certainty != "certain"


def test_the_index_finds_by_any_key_and_ignores_those_everybody_holds() -> None:
    index: Index[int] = Index()
    for number in range(MOST_HOLDERS + 1):
        index.add(number, [Key("core", "everybody"), Key("phone", str(number // 2))])
    assert index.candidates([Key("core", "everybody")]) == []
    assert sorted(index.candidates([Key("core", "everybody"), Key("phone", "3")])) == [6, 7]
    assert index.holders(Key("phone", "3")) == [6, 7]
