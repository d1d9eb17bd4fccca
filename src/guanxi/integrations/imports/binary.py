"""Formulas that came to an error in Excel's binary workbooks, XLS and XLSB, which the reader of workbooks leaves empty.

Runs within the process that unpacks; needs nothing but the standard library. [MS-XLS], [MS-XLSB], [MS-CFB].
"""

import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

Errors = dict[tuple[int, int], str]
_WORDS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
_MOST_ERRORS = 1_000_000
_END = 0xFFFFFFFA  # sector numbers from here on are none


def xlsb_errors(packed: zipfile.ZipFile, name: str) -> Errors:
    """Errors of a sheet of an XLSB, by row (from 1) and column (from 0)."""
    part = _sheet_part(packed, name)
    found: Errors = {}
    row = 0
    for kind, data in _records(packed.read(part)) if part else ():
        if kind == 0 and len(data) >= 4:  # BrtRowHdr
            row = struct.unpack_from("<I", data)[0]
        elif kind in (3, 11) and len(data) >= 9 and len(found) < _MOST_ERRORS:  # BrtCellError, BrtFmlaError
            found[row + 1, struct.unpack_from("<I", data)[0]] = _WORDS.get(data[8], "#VALUE!")
    return found


def _sheet_part(packed: zipfile.ZipFile, name: str) -> str:
    links = ET.fromstring(packed.read("xl/_rels/workbook.bin.rels"))  # noqa: S314 - memory and time are bounded
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for kind, data in _records(packed.read("xl/workbook.bin")):
        if kind != 156:  # BrtBundleSh
            continue
        link, at = _wide(data, 8)
        called, _end = _wide(data, at)
        if called == name:
            target = targets.get(link, "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _wide(data: bytes, at: int) -> tuple[str, int]:
    end = at + 4 + 2 * struct.unpack_from("<I", data, at)[0]
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        kind, at = _short(data, at, 2)
        size, at = _short(data, at, 4)
        yield kind, data[at : at + size]
        at += size


def _short(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, the last without its highest bit; kinds keep that bit out as well."""
    number = 0
    for place in range(most):
        if at >= len(data):
            break
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    return number, at


def xls_errors(source: Path, name: str) -> Errors:
    """The same of an XLS of Excel 97 and later; none of an older one."""
    data = _stream(source.read_bytes(), ("Workbook",))
    found: Errors = {}
    start = next((at for at, called in _sheets(data) if called == name), None)
    for kind, body in _biff(data, start) if start is not None else ():
        if kind == 0x000A:  # EOF
            break
        if kind == 0x0205 and len(body) >= 8 and body[7] and len(found) < _MOST_ERRORS:  # BoolErr
            code = body[6]
        elif kind == 0x0006 and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:  # Formula
            code = body[8]
        else:
            continue
        row, column = struct.unpack_from("<HH", body)
        found[row + 1, column] = _WORDS.get(code, "#VALUE!")
    return found


def _sheets(data: bytes) -> Iterator[tuple[int, str]]:
    for kind, body in _biff(data, 0):
        if kind == 0x000A:
            return
        if kind == 0x0085 and len(body) >= 8:  # BoundSheet8
            length, wide = body[6], body[7] & 1
            text = body[8 : 8 + length * (2 if wide else 1)]
            yield (
                struct.unpack_from("<I", body)[0],
                text.decode("utf-16-le" if wide else "latin-1", "replace"),
            )


def _biff(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        yield kind, data[at + 4 : at + 4 + size]
        at += 4 + size


def _stream(data: bytes, names: tuple[str, ...]) -> bytes:
    """A stream of a compound file that lies in sectors of its own; b"" where there is none."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    first_directory, cutoff = struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 56)[0]
    tables = list(struct.unpack_from("<109I", data, 76))
    more = struct.unpack_from("<I", data, 68)[0]
    while more < _END and len(tables) * size < len(data):
        *listed, more = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        tables += listed
    table: list[int] = []
    for sector in tables:
        if sector < _END and (sector + 2) * size <= len(data) + size - 1:
            held = data[(sector + 1) * size : (sector + 2) * size].ljust(size, b"\xff")
            table += struct.unpack(f"<{size // 4}I", held)

    def chain(sector: int) -> bytes:
        parts: list[bytes] = []
        while sector < len(table) and len(parts) <= len(table):
            parts.append(data[(sector + 1) * size : (sector + 2) * size])
            sector = table[sector]
        return b"".join(parts)

    directory = chain(first_directory)
    for at in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, at + 64)[0]
        called = directory[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
        start, wanted = struct.unpack_from("<II", directory, at + 116)
        if called in names and wanted >= cutoff:
            return chain(start)[:wanted]
    return b""
