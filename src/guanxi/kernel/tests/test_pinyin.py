import pytest
from hypothesis import given
from pypinyin import Style, lazy_pinyin

from guanxi.kernel.pinyin import person_sort_key, readings, sort_key, split_syllables
from guanxi.kernel.syllables import SYLLABLES
from guanxi.kernel.tests.shared_data import FAMILY_NAMES, SHORT_FORMS, short_forms
from guanxi.kernel.tests.strategies import anything, companies


def in_order(*names: str) -> list[str]:
    return sorted(names, key=lambda name: sort_key(name).encode())


def test_chinese_stands_in_the_order_of_its_sound() -> None:
    assert in_order("重庆", "长城", "阿里", "北京", "中国") == ["阿里", "北京", "长城", "重庆", "中国"]


def test_a_shorter_syllable_stands_before_a_longer_one_that_begins_alike() -> None:
    assert in_order("林二", "李明", "李") == ["李", "李明", "林二"]


def test_digits_then_latin_then_chinese_then_other_scripts() -> None:
    assert in_order("トヨタ", "阿里", "zeta", "Alpha", "3M", "ABB") == [
        "3M",
        "ABB",
        "Alpha",
        "zeta",
        "阿里",
        "トヨタ",
    ]


def test_numbers_inside_names_count_by_value() -> None:
    assert in_order("第10厂", "第2厂", "第02厂") == ["第02厂", "第2厂", "第10厂"]


def test_equal_sounds_are_told_apart_by_the_characters() -> None:
    assert sort_key("鑫旺") != sort_key("新旺")
    assert sort_key("鑫旺").split(" ")[0] == sort_key("新旺").split(" ")[0]


def test_case_width_and_script_do_not_move_a_name() -> None:
    assert sort_key("ＡＢＣ").split(" ")[0] == sort_key("abc").split(" ")[0]
    assert sort_key("長城").split(" ")[0] == sort_key("长城").split(" ")[0]


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("单雄信", "shan"),
        ("曾国藩", "zeng"),
        ("解缙", "xie"),
        ("仇和", "qiu"),
        ("查良镛", "zha"),
        ("盖叫天", "ge"),
        ("区志强", "ou"),
        ("任正非", "ren"),
        ("朴志勇", "piao"),
        ("缪斌", "miao"),
        ("翟志刚", "zhai"),
        ("員半千", "yun"),
        ("覃辉", "qin"),
        ("乐毅", "yue"),
        ("冼星海", "xian"),
        ("种师道", "chong"),
        ("黑伯理", "he"),
        ("繁钦", "po"),
        ("折可适", "she"),
        ("過小明", "guo"),
        ("隗嚣", "wei"),
        ("祭遵", "zhai"),
        ("尉迟恭", "yu'chi"),
        ("万俟卨", "mo'qi"),
        ("长孙无忌", "zhang'sun"),
        ("单于飞", "chan'yu"),
        ("澹台灭明", "tan'tai"),
        ("令狐冲", "ling'hu"),
        ("單 雄信", "shan"),
        ("幺小红", "yao"),
        ("宁静", "ning"),
        ("秘书文", "bi"),
        ("卜凡", "bu"),
        ("召公", "shao"),
        ("都敏俊", "du"),
    ],
)
def test_a_surname_is_read_as_a_surname(name: str, sound: str) -> None:
    assert person_sort_key(name).startswith(sound + "'")


def test_a_company_keeps_the_ordinary_reading() -> None:
    assert sort_key("解放日报").startswith("jie'fang'")
    assert sort_key("仇恨").startswith("chou'")


def test_search_finds_every_reading() -> None:
    assert readings("重庆").initials[0] == "cq"
    assert readings("重庆").full[0] == "chongqing"
    assert readings("单雄信", person=True).initials == ("sxx", "dxx")
    assert {"shanxiongxin", "danxiongxin"} <= set(readings("单雄信", person=True).full)
    assert readings("TCL集团").initials[0] == "tcljt"
    assert readings("永昌五金行").full[0] == "yongchangwujinhang"
    assert readings("！！").full == ()


@pytest.mark.parametrize(
    "place",
    [
        "厦门 xiamen",
        "番禺 panyu",
        "六安 luan",
        "蚌埠 bengbu",
        "东阿 donge",
        "朝阳 chaoyang",
        "单县 shanxian",
        "长沙 changsha",
        "成都 chengdu",
        "莘县 shenxian",
        "乐清 yueqing",
        "乐陵 laoling",
        "乐亭 laoting",
        "丽水 lishui",
        "台州 taizhou",
        "铅山 yanshan",
        "荥阳 xingyang",
        "西藏 xizang",
        "石家庄 shijiazhuang",
        "百色 baise",
        "漯河 luohe",
        "歙县 shexian",
    ],
)
def test_places_are_read_as_people_there_say(place: str) -> None:
    name, sound = place.split()
    assert readings(name).full[0] == sound


@given(companies)
def test_readings_are_few_and_the_first_fits_the_key(name: str) -> None:
    found = readings(name, limit=8)
    assert len(found.full) <= 8
    assert len(set(found.initials)) == len(found.initials)


@given(anything)
def test_a_key_is_short_and_never_fails(name: str) -> None:
    for key in (sort_key(name), person_sort_key(name)):
        assert len(key) <= 200
        assert (key == "") == (not name.strip()) or key
    readings(name, person=True)


@pytest.mark.parametrize(
    ("typed", "cut"),
    [
        ("luweiyuan", ("lu", "wei", "yuan")),
        ("xian", ("xian",)),
        ("xi'an", ("xi", "an")),
        ("fangan", ("fang", "an")),
        ("LüYou", ("lv", "you")),
        ("cq", None),
        ("", None),
        ("chongqing1", None),
        ("lu wei", ("lu", "wei")),
    ],
)
def test_typed_pinyin_is_cut_into_syllables(typed: str, cut: tuple[str, ...] | None) -> None:
    assert split_syllables(typed) == cut


@pytest.mark.shared_data
@pytest.mark.skipif(not SHORT_FORMS.exists(), reason="sample files are not here")
def test_brand_words_are_read_as_pypinyin_reads_them() -> None:
    names = [name for name in short_forms(every=100) if all("\u4e00" <= c <= "\u9fa5" for c in name)]
    alike = sum(
        "".join(lazy_pinyin(name, style=Style.NORMAL)) in readings(name, limit=16).full for name in names
    )
    assert alike / len(names) > 0.98
    cut = sum(split_syllables(readings(name).full[0]) is not None for name in names)
    assert cut / len(names) > 0.99


@pytest.mark.shared_data
@pytest.mark.skipif(not FAMILY_NAMES.exists(), reason="sample files are not here")
def test_every_common_surname_has_one_modern_syllable() -> None:
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(str(FAMILY_NAMES)).get_sheet_by_index(0).to_python()[1:]
    for name, *_ in rows:
        first = person_sort_key(f"{name}小明").split("'")[0]
        assert first in SYLLABLES, name
