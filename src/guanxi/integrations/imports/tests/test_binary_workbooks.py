"""Errors of formulas in Excel's binary workbooks are told, as in all others."""

# Chinese in code: cells of the workbooks

import struct
import zipfile
from pathlib import Path

from guanxi.integrations.imports.reading import open_table

ROWS = [["客户名称", "注册资本"], ["甲有限公司", "#DIV/0!"], ["乙有限公司", "#N/A"], ["丙有限公司", "5"]]
CODES = {"#DIV/0!": 0x07, "#N/A": 0x2A}


def read(path: Path) -> list[list[str]]:
    table = open_table(path)
    return [list(table.headers), *(row.cells for row in table.rows())]


def biff(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls(path: Path) -> Path:
    """A workbook of Excel 97 with one sheet, in a compound file."""
    sheet = biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for row, cells in enumerate(ROWS):
        for column, text in enumerate(cells):
            at = struct.pack("<HHH", row, column, 0)
            if text == "#N/A":  # as a formula has it
                sheet += biff(
                    0x0006,
                    at + bytes([2, 0, CODES[text], 0, 0, 0, 0xFF, 0xFF]) + struct.pack("<HIH", 0, 0, 0),
                )
            elif text in CODES:
                sheet += biff(0x0205, at + bytes([CODES[text], 1]))
            else:
                sheet += biff(0x0204, at + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))
    sheet += biff(0x000A, b"")
    begins = biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    named = struct.pack("<BB", 6, 0) + b"Sheet1"
    length = len(begins) + 4 + 6 + len(named) + 4
    book = begins + biff(0x0085, struct.pack("<IBB", length, 0, 0) + named) + biff(0x000A, b"") + sheet
    book = book.ljust(4096, b"\0")
    sectors = -(-len(book) // 512)
    none, end = 0xFFFFFFFF, 0xFFFFFFFE
    table = [0xFFFFFFFD, end, *range(3, sectors + 2), end]
    head = (
        bytes.fromhex("D0CF11E0A1B11AE1")
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack(
        "<109I", 0, *[none] * 108
    )

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        called = name.encode("utf-16-le") + b"\0\0"
        told = called.ljust(64, b"\0") + struct.pack("<HBB", len(called), kind, 1)
        return told + struct.pack("<III", none, none, child) + bytes(36) + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, none, 2, len(book))
    filled = struct.pack(f"<{len(table)}I", *table).ljust(512, b"\xff")
    path.write_bytes(head + filled + directory.ljust(512, b"\0") + book.ljust(sectors * 512, b"\0"))
    return path


def xlsb(path: Path) -> Path:
    """A binary workbook of Excel 2007 and later with one sheet."""

    def record(kind: int, body: bytes = b"") -> bytes:
        told = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size, sized = len(body), b""
        while True:
            sized += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
            size >>= 7
            if not size:
                return told + sized + body

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    data = record(129) + record(148, struct.pack("<4I", 0, 3, 0, 1)) + record(145)
    for row, cells in enumerate(ROWS):
        data += record(0, struct.pack("<IIHHBI", row, 0, 300, 0, 0, 0))
        for column, text in enumerate(cells):
            at = struct.pack("<II", column, 0)
            if text in CODES:
                formula = struct.pack("<HII", 0, 0, 0)
                is_formula = text == "#N/A"
                data += record(
                    11 if is_formula else 3, at + bytes([CODES[text]]) + (formula if is_formula else b"")
                )
            else:
                data += record(6, at + wide(text))
    data += record(146) + record(130)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "http://schemas.openxmlformats.org/package/2006/relationships"
    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Sheet1"))
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("xl/workbook.bin", book + record(144) + record(132))
        packed.writestr("xl/worksheets/sheet1.bin", data)
        packed.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{links}"><Relationship Id="rId1" Type="{kind}/worksheet" '
            'Target="worksheets/sheet1.bin"/></Relationships>',
        )
    return path


def test_errors_in_an_xls_are_told(tmp_path: Path) -> None:
    assert read(xls(tmp_path / "a.xls")) == ROWS


def test_errors_in_an_xlsb_are_told(tmp_path: Path) -> None:
    assert read(xlsb(tmp_path / "a.xlsb")) == ROWS
