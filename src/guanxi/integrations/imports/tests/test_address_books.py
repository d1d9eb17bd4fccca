"""Address books: vCards of every version and LDIF become one table, as a person would have typed it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.refusals import Unreadable

PHONE = """BEGIN:VCARD
VERSION:3.0
N:赵;国栋;;;
FN:赵国栋
ORG:苏州恒捷包装机械有限公司;采购部
TITLE:采购经理
TEL;type=CELL;type=pref:138 0000 8513
TEL;type=WORK;type=FAX:0512-88000001
item1.TEL:0512-88000002
item1.X-ABLabel:_$!<Work>!$_
EMAIL;type=INTERNET;type=WORK:zhao@hengjie.example
ADR;type=WORK:;;工业园区长江路 9 号\\, 3 楼;苏州;江苏;215000;中国
BDAY:1983-02-03
X-WECHAT:zhao_gd
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgF
 BQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT
NOTE:第一行\\n第二行\\; 完
END:VCARD
"""
OLD = (
    b"BEGIN:VCARD\r\nVERSION:2.1\r\n"
    b"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0;=E4=B8=89;;;\r\n"
    b"FN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=D5=C5=C8=FD\r\n"
    b"TEL;CELL;VOICE:13900000001\r\nTEL;HOME:0512-66000001\r\n"
    b"ORG;ENCODING=QUOTED-PRINTABLE:Acme =\r\nTools;Sales\r\n"
    b"PHOTO;JPEG;ENCODING=BASE64:\r\n    MIIDITCCAoqgAwIBAgIQT52W2WawmStUwpV8tBV9TTAN\r\n\r\n"
    b"END:VCARD\r\n"
)
NEW = """BEGIN:VCARD
VERSION:4.0
FN:Anna Müller
TEL;VALUE=uri;TYPE="voice,work":tel:+49-30-1234567;ext=12
ADR;TYPE=work;LABEL="Hauptstr. 1: Hof\\nBerlin":;;Hauptstr. 1;Berlin;;10115;Germany
EMAIL;PREF=1:anna@example.org
EMAIL:anna.m@example.com
END:VCARD
"""
LDIF = """version: 1

dn: cn=Li Lei,mail=li@example.cn
objectclass: person
cn: Li Lei
sn:: 5p2O
mail: li@example.cn
mozillaSecondEmail: lilei@example.cn
description: a text that is folded
  to fit
telephoneNumber: 010-66000000

# a list of people is nobody
dn: cn=Friends
objectclass: groupOfNames
cn: Friends
member: cn=Li Lei,mail=li@example.cn
"""


def read(tmp_path: Path, data: str | bytes, name: str = "book.vcf") -> list[dict[str, str]]:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    table = open_table(path)
    return [
        {name: cell for name, cell in zip(table.headers, row.cells, strict=True) if cell}
        for row in table.rows()
    ]


def test_a_card_of_a_phone_is_read_whole(tmp_path: Path) -> None:
    (card,) = read(tmp_path, PHONE)
    assert card == {
        "Full Name": "赵国栋", "Family Name": "赵", "Given Name": "国栋",
        "Organization": "苏州恒捷包装机械有限公司", "Department": "采购部", "Title": "采购经理",
        "Mobile Phone": "138 0000 8513", "Work Phone": "0512-88000002", "Fax": "0512-88000001",
        "Work E-mail": "zhao@hengjie.example", "WeChat": "zhao_gd",
        "Work Street": "工业园区长江路 9 号, 3 楼", "Work City": "苏州", "Work Region": "江苏",
        "Work Postal Code": "215000", "Work Country": "中国", "Birthday": "1983-02-03", "Note": "第一行\n第二行; 完",
    }  # fmt: skip


def test_an_old_card_in_quoted_printable_of_two_character_sets(tmp_path: Path) -> None:
    (card,) = read(tmp_path, OLD)
    assert card == {
        "Full Name": "张三", "Family Name": "张", "Given Name": "三", "Organization": "Acme Tools",
        "Department": "Sales", "Mobile Phone": "13900000001", "Home Phone": "0512-66000001",
    }  # fmt: skip


def test_a_new_card_with_uris_and_quoted_labels(tmp_path: Path) -> None:
    (card,) = read(tmp_path, NEW)
    assert card["Work Phone"] == "+49-30-1234567 ext. 12"
    assert (card["E-mail"], card["E-mail 2"]) == ("anna@example.org", "anna.m@example.com")
    assert (card["Work Street"], card["Work City"], card["Work Country"]) == (
        "Hauptstr. 1", "Berlin", "Germany",
    )  # fmt: skip


def test_many_cards_share_one_head_and_a_card_that_never_ends_is_no_end(tmp_path: Path) -> None:
    found = read(tmp_path, PHONE.replace("END:VCARD\n", "") + NEW + "\n" + OLD.decode())
    assert [card["Full Name"] for card in found] == ["赵国栋", "Anna Müller", "张三"]


def test_a_card_in_the_phones_own_character_set(tmp_path: Path) -> None:
    (card,) = read(tmp_path, PHONE.encode("gb18030"))
    assert card["Organization"] == "苏州恒捷包装机械有限公司"


def test_ldif_with_base64_folded_lines_and_a_group_that_is_left_out(tmp_path: Path) -> None:
    (person,) = read(tmp_path, LDIF, "book.ldif")
    assert person == {
        "Full Name": "Li Lei", "Family Name": "李", "E-mail": "li@example.cn", "E-mail 2": "lilei@example.cn",
        "Note": "a text that is folded to fit", "Work Phone": "010-66000000",
    }  # fmt: skip


@given(
    st.lists(
        st.text(alphabet='BEGIN:VCARDEND\r\n;=,\\ab\t"张 .ORGTELQUOTED-PRINTABLEBASE64', max_size=60),
        max_size=12,
    )
)
def test_no_rubbish_in_a_card_breaks_the_reading(
    tmp_path_factory: pytest.TempPathFactory, rubbish: list[str]
) -> None:
    path = tmp_path_factory.mktemp("cards") / "book.vcf"
    path.write_text("BEGIN:VCARD\nFN:甲\n" + "\n".join(rubbish), encoding="utf-8", newline="")
    try:
        table = open_table(path)
    except Unreadable:
        return
    assert all(len(row.cells) == len(table.headers) for row in table.rows())


def card(*lines: str) -> str:
    return "\n".join(("BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD", ""))


def test_whose_a_page_a_fax_and_an_address_are(tmp_path: Path) -> None:
    (found,) = read(
        tmp_path,
        card(
            "FN:Ann Lee", "ORG:Acme;Sales;North", "URL;TYPE=HOME:http://ann.example", "URL;TYPE=WORK:http://acme.example",
            "item1.URL:http://blog.example", "item1.X-ABLabel:BLOG", "item2.URL:http://any.example",
            "item2.X-ABLabel:_$!<HomePage>!$_", "TEL;TYPE=HOME,FAX:1", "TEL;TYPE=FAX:2", "TEL:3", "TEL;TYPE=WORK:4",
            "ADR:;Floor 2;1 First St;Oslo;;;Norway", "ADR:;;2 Second St;;Bergen;;",
        ),
    )  # fmt: skip
    assert found == {
        "Full Name": "Ann Lee", "Organization": "Acme", "Department": "Sales, North",
        "Work Website": "http://acme.example", "Personal Web Page": "http://ann.example",
        "Personal Web Page 2": "http://blog.example", "Website": "http://any.example", "Home Fax": "1", "Fax": "2",
        "Other Phone": "3", "Work Phone": "4", "Work Street": "Floor 2, 1 First St", "Work City": "Oslo",
        "Work Country": "Norway", "Work Street 2": "2 Second St", "Work Region 2": "Bergen",
    }  # fmt: skip


def test_an_address_that_says_nothing_stands_behind_the_one_at_work(tmp_path: Path) -> None:
    (found,) = read(tmp_path, card("FN:Ann", "ADR:;;1 First St;;;;", "ADR;TYPE=WORK:;;2 Second St;;;;"))
    assert (found["Other Street"], found["Work Street"]) == ("1 First St", "2 Second St")


def test_a_label_without_quotation_marks_is_no_part_of_the_address(tmp_path: Path) -> None:
    (found,) = read(
        tmp_path, card("FN:Ann", "ADR;TYPE=work;LABEL=House B: 1 First St^nOslo:Oslo:;;1 First St;Oslo;;;")
    )
    assert found == {"Full Name": "Ann", "Work Street": "1 First St", "Work City": "Oslo"}


def test_the_card_of_a_company_may_name_who_is_met_there(tmp_path: Path) -> None:
    named, bare = read(
        tmp_path,
        card("N:Lee;Ann;;;", "FN:Acme", "ORG:Acme;", "X-ABShowAs:COMPANY")
        + card("N:Acme;;;;", "FN:Acme", "ORG:Acme;", "X-ABShowAs:COMPANY"),
    )
    assert named == {"Organization": "Acme", "Family Name": "Lee", "Given Name": "Ann"}
    assert bare == {"Organization": "Acme"}
