"""Files of every dialect come out as the rows people see; rubbish gets a clear answer."""

import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.refusals import Unreadable
from guanxi.integrations.imports.unpacking import shown
from guanxi.kernel.text import formula_safe

CHINESE = "客户名称,地区,备注\n鲁味圆食品（临沂）有限公司,山东临沂,两台装箱机\n粤佳乳业股份有限公司,广东广州,等报价\n"
TAIWANESE = "客戶名稱,地區,備註\n統一企業股份有限公司,臺南,要報價\n義美食品股份有限公司,臺北,下週拜訪\n"
FRENCH = "Société;Ville\nCafé Hélène;Besançon\nPâtisserie Noël;Orléans\n"


def written(tmp_path: Path, data: bytes, name: str = "file.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def cells(path: Path) -> list[list[str]]:
    return [row.cells for row in open_table(path).rows()]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"]
)
def test_chinese_is_read_in_every_encoding_it_is_saved_in(tmp_path: Path, encoding: str) -> None:
    assert cells(written(tmp_path, CHINESE.encode(encoding)))[0] == [
        "鲁味圆食品（临沂）有限公司",
        "山东临沂",
        "两台装箱机",
    ]


def test_big5_is_not_taken_for_gbk_nor_the_other_way_round(tmp_path: Path) -> None:
    assert open_table(written(tmp_path, TAIWANESE.encode("big5"))).encoding == "big5"
    assert open_table(written(tmp_path, CHINESE.encode("gbk"))).encoding == "gb18030"
    assert cells(written(tmp_path, TAIWANESE.encode("big5")))[0][0] == "統一企業股份有限公司"


def test_western_accents_in_one_byte_are_not_taken_for_chinese(tmp_path: Path) -> None:
    assert cells(written(tmp_path, FRENCH.encode("cp1252")))[0] == ["Café Hélène", "Besançon"]


def test_where_no_character_set_fits_the_person_is_asked(tmp_path: Path) -> None:
    noise = bytes((0x81 + (i * 37) % 120) for i in range(600))
    with pytest.raises(Unreadable) as caught:
        open_table(written(tmp_path, b"a,b\n" + noise))
    assert caught.value.code == "encoding"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    text = "\n".join(
        delimiter.join(row) for row in [["name", "phone", "city"], ["A", "1", "B"], ["C", "2", "D"]]
    )
    assert cells(written(tmp_path, text.encode())) == [["A", "1", "B"], ["C", "2", "D"]]


def test_the_delimiter_a_spreadsheet_wrote_down_counts(tmp_path: Path) -> None:
    table = open_table(written(tmp_path, b"sep=;\nname;note\nA;x,y,z\n"))
    assert (table.headers, [row.cells for row in table.rows()]) == (("name", "note"), [["A", "x,y,z"]])


def test_quoted_line_ends_stay_in_their_cell_and_lines_count_as_in_a_spreadsheet(tmp_path: Path) -> None:
    table = open_table(written(tmp_path, b'name,note\n"A","one\ntwo"\n\nB,"say ""hi"""\n'))
    assert [(row.line, row.cells) for row in table.rows()] == [(2, ["A", "one\ntwo"]), (4, ["B", 'say "hi"'])]


def test_short_rows_are_filled_up_and_long_ones_say_so(tmp_path: Path) -> None:
    rows = list(open_table(written(tmp_path, b"a,b,c\n1\n1,2,3,,\n1,2,3,4\n")).rows())
    assert [row.problem is None for row in rows] == [True, True, False]
    assert rows[0].cells == ["1", "", ""]


def test_double_and_empty_headers_get_names_of_their_own(tmp_path: Path) -> None:
    table = open_table(written(tmp_path, b"name,name,,note,,\nA,B,C,D,,\n"))
    assert len(set(table.headers)) == 4
    assert table.headers[:2] == ("name", "name (2)")
    assert [note.code for note in table.notes] == ["double_headers"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n\n \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"name,phone\n", "no_rows"),
        (b"name,phone\n,,\n \n", "no_rows"),
        (b"%PDF-1.7\n" + bytes(range(32)) * 40, "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 40, "binary"),
        (bytes(range(256)) * 20, "binary"),
        (b"PK\x03\x04 not a workbook at all", "broken"),
        (b"\xd0\xcf\x11\xe0 not one either", "broken"),
        (b'name,note\nA,"never closed' + b" x" * 600_000, "quote"),
    ],
)
def test_rubbish_gets_a_clear_answer(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        list(open_table(written(tmp_path, data)).rows())
    assert caught.value.code == code
    assert str(caught.value.reason)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        open_table(tmp_path / "none.csv")
    assert caught.value.code == "no_file"


def test_nul_bytes_emoji_and_rare_characters_are_no_hindrance(tmp_path: Path) -> None:
    assert cells(written(tmp_path, "name,b\n𠮷野家\x00😀,x\n".encode())) == [["𠮷野家\x00😀", "x"]]


def test_limits_are_kept(tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    path = written(tmp_path, b"a,b\n" + b"1,2\n" * 20)
    settings.IMPORT_MAX_ROWS = 10  # type: ignore[attr-defined]
    with pytest.raises(Unreadable, match="too_many_rows"):
        open_table(path).count()
    settings.IMPORT_MAX_COLUMNS = 1  # type: ignore[attr-defined]
    with pytest.raises(Unreadable, match="too_many_columns"):
        open_table(path)
    settings.IMPORT_MAX_BYTES = 10  # type: ignore[attr-defined]
    with pytest.raises(Unreadable, match="too_large"):
        open_table(path)


def workbook(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("空")
    sheet = book.add_worksheet("客户")
    sheet.write_row(2, 1, ["名称", "电话", "日期", "数"])
    sheet.write(3, 1, "甲")
    sheet.write_number(3, 2, 13900006120)
    sheet.write_datetime(3, 3, datetime(2026, 11, 21), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_number(3, 4, 1.0)
    sheet.write_string(4, 1, "=1+1")
    sheet.write_string(4, 2, "91370000123456789X")
    sheet.write_number(4, 4, 0.5)
    book.close()
    return path


def test_a_workbook_reads_as_people_see_it(tmp_path: Path) -> None:
    table = open_table(workbook(tmp_path / "b.xlsx"))
    assert (table.sheet, table.sheets, table.head_line) == ("客户", ("空", "客户"), 3)
    rows = [row.cells[-4:] for row in table.rows()]
    assert rows == [["甲", "13900006120", "2026-11-21", "1"], ["=1+1", "91370000123456789X", "", "0.5"]]


def test_a_sheet_is_chosen_by_name_and_a_missing_or_empty_one_is_said(tmp_path: Path) -> None:
    path = workbook(tmp_path / "b.xlsx")
    with pytest.raises(Unreadable, match="no_sheet"):
        open_table(path, sheet="别的")
    with pytest.raises(Unreadable, match="empty"):
        open_table(path, sheet="空")


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    settings.IMPORT_UNPACKED_BYTES = 1_000_000  # type: ignore[attr-defined]
    with pytest.raises(Unreadable, match="too_large"):
        open_table(path)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"), (-2.5, "-2.5"), (1e15, "1000000000000000"), (True, "TRUE"), (None, ""), ("", ""),
        (datetime(2026, 1, 2, 16, 20), "2026-01-02 16:20"), (datetime(2026, 1, 2), "2026-01-02"),
        (date(2026, 1, 2), "2026-01-02"), (time(8, 5), "08:05"), (timedelta(hours=30, minutes=5), "30:05"),
    ],
)  # fmt: skip
def test_values_of_a_spreadsheet_are_shown_as_there(value: object, text: str) -> None:
    assert shown(value) == text


@given(
    st.text(
        alphabet=st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=12
    )
)
@settings(max_examples=60)
def test_what_was_made_harmless_on_the_way_out_is_itself_again(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    import csv

    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "note"])
        writer.writerow([formula_safe("=" + text), formula_safe("x" + text)])
    (row,) = open_table(path).rows()
    assert row.cells == ["=" + text, "x" + text]


def test_japanese_is_not_taken_for_chinese(tmp_path: Path) -> None:
    text = "会社名,住所,備考\n株式会社山田製作所,東京都千代田区,お見積りをお願いします\nさくら工業,大阪市,来週訪問\n"
    table = open_table(written(tmp_path, text.encode("cp932")))
    assert (table.encoding, table.headers[0]) == ("cp932", "会社名")


def test_rows_in_another_character_set_are_told_and_the_others_read(tmp_path: Path) -> None:
    lines = CHINESE.splitlines(keepends=True)
    mixed = lines[0].encode() + lines[1].encode() + lines[2].encode("gb18030")
    rows = list(open_table(written(tmp_path, mixed)).rows())
    assert [row.problem.code if row.problem else "" for row in rows] == ["", "encoding"]
    assert rows[0].cells[0] == "鲁味圆食品（临沂）有限公司"
    other = lines[0].encode("gb18030") + lines[1].encode("gb18030") * 9 + lines[2].encode()
    rows = list(open_table(written(tmp_path, other)).rows())
    assert [row.problem.code if row.problem else "" for row in rows] == [""] * 9 + ["encoding"]


def test_rows_put_together_from_files_with_other_delimiters_are_parted(tmp_path: Path) -> None:
    text = "name,phone,city,note\nA,1,X,n\nB\t2\tY\tm\nC;3;Z;one two\n"
    assert cells(written(tmp_path, text.encode())) == [
        ["A", "1", "X", "n"],
        ["B", "2", "Y", "m"],
        ["C", "3", "Z", "one two"],
    ]


def test_sums_and_headings_that_come_again_are_set_aside(tmp_path: Path) -> None:
    head = "客户名称,年用量,金额\n"
    text = (
        f'{head}甲,3,¥1.2万\n{head}乙,4,200\n小计,7,\n合计：,7,"12,200.00"\n合计,共6家,(300)\n合计机械,1,2\n'
    )
    rows = list(open_table(written(tmp_path, text.encode())).rows())
    assert [(row.cells[0], row.aside.code if row.aside else "") for row in rows] == [
        ("甲", ""), ("客户名称", "head_again"), ("乙", ""), ("小计", "sums"), ("合计：", "sums"), ("合计", "sums"),
        ("合计机械", ""),
    ]  # fmt: skip


def test_a_cell_merged_over_rows_stands_in_each_and_hidden_sheets_are_none(tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    book = xlsxwriter.Workbook(str(path))
    hidden = book.add_worksheet("隐藏")
    hidden.write_row(0, 0, ["x", "y"])
    sheet = book.add_worksheet("客户")
    sheet.activate()
    sheet.set_first_sheet()
    hidden.hide()
    sheet.write_row(0, 0, ["客户", "联系人"])
    sheet.merge_range(1, 0, 2, 0, "甲公司", book.add_format())
    sheet.write_column(1, 1, ["张三", "李四", "王五"])
    book.close()
    table = open_table(path)
    assert table.sheets == ("客户",)
    assert [row.cells for row in table.rows()] == [["甲公司", "张三"], ["甲公司", "李四"], ["", "王五"]]


def test_a_file_without_headings_has_numbered_columns(tmp_path: Path) -> None:
    path = written(tmp_path, "张三,13900000001\n李四,13900000002\n王五,\n".encode())
    table = open_table(path, head=0)
    assert (table.head_line, len(table.headers), [row.line for row in table.rows()]) == (0, 2, [1, 2, 3])
    assert open_table(path, head_of=lambda rows: -1).head_line == 0
    assert open_table(path, head=2).head_line == 2
