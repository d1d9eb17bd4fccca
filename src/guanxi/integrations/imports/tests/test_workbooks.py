"""Workbooks are read once, as people see them, and cannot harm who reads them."""

import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from guanxi.customers.models import Customer
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.refusals import Unreadable
from guanxi.integrations.imports.tests.conftest import Import
from guanxi.testing.worlds import World, in_scope


@pytest.fixture
def make_xlsx(tmp_path: Path) -> Callable[..., Path]:
    """A workbook of one sheet that a function fills."""

    def make(fill: Callable[[Any, Any], None], name: str = "a.xlsx", **options: Any) -> Path:
        path = tmp_path / name
        book = xlsxwriter.Workbook(str(path), options)
        fill(book.add_worksheet("客户"), book)
        book.close()
        return path

    return make


def texts(path: Path) -> list[list[str]]:
    return [row.cells for row in open_table(path).rows()]


def test_a_sheet_is_unpacked_once_and_found_the_next_time(
    make_xlsx: Callable[..., Path], tmp_path: Path
) -> None:
    path = make_xlsx(lambda sheet, book: sheet.write_column(0, 0, ["公司", "甲\n公司", '乙"公司,']))
    folder = tmp_path / "kept"
    folder.mkdir()
    first = open_table(path, folder=folder)
    path.write_bytes(b"PK\x03\x04 nothing of it is left")
    again = open_table(path, folder=folder)
    assert [row.cells for row in again.rows()] == [["甲\n公司"], ['乙"公司,']]
    assert (again.headers, again.sheets) == (first.headers, ("客户",))


def test_what_a_sheet_was_unpacked_to_goes_with_the_table(make_xlsx: Callable[..., Path]) -> None:
    table = open_table(make_xlsx(lambda sheet, book: sheet.write_column(0, 0, ["公司", "甲公司"])))
    folder = table.path.parent
    assert folder.is_dir()
    del table
    assert not folder.exists()


def test_days_of_both_epochs_and_at_their_ends_are_right(make_xlsx: Callable[..., Path]) -> None:
    def fill(sheet: Any, book: Any) -> None:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["公司", "日期"])
        for row, number in enumerate((1, 61, 2958465), start=1):
            sheet.write(row, 0, "甲")
            sheet.write_number(row, 1, number, day)

    assert [row[1] for row in texts(make_xlsx(fill))] == ["1900-01-01", "1900-03-01", "9999-12-31"]

    def fill_1904(sheet: Any, book: Any) -> None:
        sheet.write_row(0, 0, ["公司", "日期"])
        sheet.write(1, 0, "甲")
        sheet.write_datetime(1, 1, datetime(2024, 3, 5), book.add_format({"num_format": "d.m.yy"}))

    assert texts(make_xlsx(fill_1904, date_1904=True)) == [["甲", "2024-03-05"]]


def test_a_formula_that_came_to_an_error_is_told_and_one_that_did_not_is_its_value(
    world: World, import_rows: Import, make_xlsx: Callable[..., Path], tmp_path: Path
) -> None:
    def fill(sheet: Any, book: Any) -> None:
        sheet.write_row(0, 0, ["客户名称", "电话", "级别"])
        sheet.write_row(1, 0, ["甲公司", "0512-62881234"])
        sheet.write_formula(1, 2, '=VLOOKUP("甲",Z1:Z9,2)', None, "#N/A")
        sheet.write_formula(2, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(3, 0, '="乙"&"公司"', None, "乙公司")
        sheet.write_formula(4, 0, "=Nichts!A1", None, "#REF!")

    outcome = import_rows(world.admin, make_xlsx(fill))
    assert (outcome.created, outcome.rejected, outcome.warnings) == (2, 2, 1)
    with in_scope(world.admin):
        assert dict(Customer.objects.values_list("name", "grade")) == {"甲公司": "", "乙公司": ""}
    rejected = (tmp_path / "rejected.csv").read_text(encoding="utf-8-sig")
    assert "#DIV/0!" in rejected
    assert "#REF!" in rejected
    assert "公式" in rejected
    assert "#N/A" in (tmp_path / "warnings.csv").read_text(encoding="utf-8-sig")


def test_an_error_in_a_piece_of_an_address_is_told(world: World, import_rows: Import) -> None:
    outcome = import_rows(
        world.admin, [["客户名称", "省", "市", "街道"], ["甲公司", "江苏", "#N/A", "星湖街1号"]]
    )
    assert (outcome.created, outcome.warnings > 0) == (1, True)


def packed(path: Path, parts: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return path


def replaced(path: Path, target: Path, name: str, change: Callable[[str], str]) -> Path:
    """The workbook with one of its parts changed."""
    with zipfile.ZipFile(path) as book:
        parts = {item: book.read(item).decode() for item in book.namelist()}
    return packed(target, parts | {name: change(parts[name])})


def test_cells_at_the_far_end_of_a_sheet_do_not_fill_the_memory(
    make_xlsx: Callable[..., Path],
) -> None:
    def fill(sheet: Any, book: Any) -> None:
        sheet.write_column(0, 0, ["公司", "甲公司"])
        sheet.write(1_048_575, 16_383, "x")

    with pytest.raises(Unreadable) as caught:
        open_table(make_xlsx(fill))
    assert caught.value.code == "too_large"
    assert "20,000,000" in str(caught.value.reason)


def test_entities_that_grow_without_end_are_not_followed(
    make_xlsx: Callable[..., Path], tmp_path: Path
) -> None:
    plain = make_xlsx(lambda sheet, book: sheet.write_column(0, 0, ["公司", "甲公司"]))
    lols = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE l [<!ENTITY l0 "{"lol" * 1000}">{lols}]>'

    def change(text: str) -> str:
        head, _, rest = text.partition("?>")
        return f"{head}?>{bomb}{rest}".replace("甲公司", "甲&l11;")

    for part in ("xl/sharedStrings.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
        found = replaced(plain, tmp_path / "bomb.xlsx", part, change)
        assert outcome_of(found) in ("read", "broken", "too_large")


def outcome_of(path: Path) -> str:
    """How reading ends; what is read has no cell that grew."""
    try:
        rows = texts(path)
    except Unreadable as unreadable:
        return unreadable.code
    assert all(len(cell) < 100 for row in rows for cell in row)
    return "read"


def test_a_cell_that_is_enormous_is_refused_with_its_row(
    make_xlsx: Callable[..., Path], tmp_path: Path
) -> None:
    plain = make_xlsx(lambda sheet, book: sheet.write_column(0, 0, ["公司", "甲公司"]))
    path = replaced(
        plain,
        tmp_path / "b.xlsx",
        "xl/sharedStrings.xml",
        lambda text: text.replace("甲公司", "甲" * 17_000_000),
    )
    with pytest.raises(Unreadable) as caught:
        open_table(path)
    assert caught.value.code == "cell"


def test_a_process_that_takes_too_much_is_stopped_and_says_so(
    make_xlsx: Callable[..., Path], settings: Any
) -> None:
    path = make_xlsx(lambda sheet, book: [sheet.write_row(n, 0, ["甲" * 30] * 50) for n in range(20_000)])
    settings.IMPORT_SHEET_MEMORY = 60 << 20
    with pytest.raises(Unreadable) as caught:
        open_table(path)
    assert caught.value.code == "too_large"


def open_document(path: Path, rows: str) -> Path:
    """A workbook of LibreOffice's kind with these rows."""
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    spaces += ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    body = f'<table:table table:name="客户">{rows}</table:table>'
    return packed(
        path,
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>{body}"
            "</office:spreadsheet></office:body></office:document-content>",
            "META-INF/manifest.xml": "<manifest/>",
        },
    )


def test_errors_and_rows_that_repeat_in_an_open_document_are_read(tmp_path: Path) -> None:
    def cell(text: str) -> str:
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    wrong = (
        '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
        "<text:p>#DIV/0!</text:p></table:table-cell>"
    )
    blank = '<table:table-row table:number-rows-repeated="{}"><table:table-cell/></table:table-row>'
    rows = [cell("公司") + cell("电话") + cell("级别"), cell("甲") + "<table:table-cell/>" + wrong]
    more = [cell("乙") + wrong]
    text = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows) + blank.format(70_000)
    text += "".join(f"<table:table-row>{row}</table:table-row>" for row in more) + blank.format(900_000)
    table = open_table(open_document(tmp_path / "a.ods", text))
    assert [(row.line, row.cells) for row in table.rows()] == [
        (2, ["甲", "", "#DIV/0!"]), (70_003, ["乙", "#DIV/0!", ""]),
    ]  # fmt: skip


def test_an_open_document_that_unfolds_without_end_is_stopped(tmp_path: Path) -> None:
    cell = (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell>"
    )
    rows = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    with pytest.raises(Unreadable) as caught:
        open_table(open_document(tmp_path / "a.ods", rows))
    assert caught.value.code in ("broken", "too_large")
