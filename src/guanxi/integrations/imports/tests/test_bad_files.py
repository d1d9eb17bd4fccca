"""Files that are broken, mislabelled or meant to do harm: a clear answer or the sound rows, never half of it."""

import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.ledger.models import Operation
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.refusals import Unreadable
from guanxi.integrations.imports.tests.conftest import Import
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
HEAD = "客户名称,电话,备注\n"
SOUND = f"{HEAD}甲公司,0512-62881234,x\n乙公司,,y\n".encode()


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def make(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return make


def names(world: World) -> list[str]:
    with in_scope(world.system):
        return sorted(Customer.objects.values_list("name", flat=True))


def sheet_bytes(tmp_path: Path, rows: list[list[str]], **parts: bytes) -> bytes:
    path = tmp_path / "made.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("客户")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    with zipfile.ZipFile(path, "a") as packed:
        for name, data in parts.items():
            packed.writestr(name.replace("__", "/"), data)
    return path.read_bytes()


ROWS = [["客户名称", "电话"], ["甲公司", "0512-62881234"], ["乙公司", ""]]


@pytest.mark.parametrize("name", ["a.csv", "a.xls", "a.txt", "a", "a.pdf", "a.xlsm"])
def test_what_a_file_is_called_does_not_matter(
    world: World, import_rows: Import, file: Any, tmp_path: Path, name: str
) -> None:
    macros = {"xl__vbaProject.bin": b"\xd0\xcf\x11\xe0 Sub Auto_Open()"} if name == "a.xlsm" else {}
    assert import_rows(world.admin, file(name, sheet_bytes(tmp_path, ROWS, **macros))).created == 2
    assert names(world) == ["乙公司", "甲公司"]


def test_a_text_called_a_workbook_is_read_as_the_text_it_is(
    world: World, import_rows: Import, file: Any
) -> None:
    assert import_rows(world.admin, file("a.xlsx", SOUND)).created == 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "no_table"),
        (b"\xef\xbb\xbf \n<!DOCTYPE html><html></html>", "no_table"),
        (b'<?xml version="1.0"?><Workbook/>\n', "no_table"),
        (b'[{"name": "x"},\n{"name": "y"}]', "no_table"),
        (b"{\\rtf1\\ansi x\n}", "no_table"),
        (",".join(f"c{n}" for n in range(20_000)).encode() + b"\n1,2\n", "too_many_columns"),
        (HEAD.encode() + b'x,"' + b"y" * 50_000_000 + b'"\n', "quote"),
        (HEAD.encode() + b"y" * 50_000_000, "quote"),
        (b"BEGIN:VCARD\nFN:x\nNOTE:" + b"y" * 50_000_000 + b"\nEND:VCARD\n", "cell"),
    ],
    ids=["empty", "html", "html after a mark", "xml", "json", "rtf", "wide", "cell", "line", "card"],
)
def test_what_is_no_table_is_said_and_nothing_is_written(
    world: World, import_rows: Import, file: Any, data: bytes, code: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        import_rows(world.admin, file("a.csv", data))
    assert caught.value.code == code
    assert str(caught.value.reason)
    assert names(world) == []
    with in_scope(world.system):
        assert not Operation.objects.filter(verb="customers.customer.import").exists()


def test_a_workbook_that_ends_in_the_middle_is_broken(file: Any, tmp_path: Path) -> None:
    data = sheet_bytes(tmp_path, ROWS)
    for part in (0.3, 0.6, 0.95):
        with pytest.raises(Unreadable, match="broken"):
            open_table(file("a.xlsx", data[: int(len(data) * part)]))


def test_a_text_that_ends_in_the_middle_loses_its_last_row_with_a_reason(
    world: World, import_rows: Import, file: Any, tmp_path: Path
) -> None:
    cut = SOUND[: -len("公司,,y\n".encode()) + 2]
    assert import_rows(world.admin, file("a.csv", cut)).counts()["rejected"] == 1
    assert names(world) == ["甲公司"]
    assert "乙" in (tmp_path / "rejected.csv").read_text(encoding="utf-8-sig")


def test_a_quotation_mark_that_is_never_closed_rejects_what_it_swallows(
    world: World, import_rows: Import, file: Any
) -> None:
    outcome = import_rows(world.admin, file("a.csv", f'{HEAD}甲公司,,x\n乙公司,,"y\n丙公司,,\n'.encode()))
    assert (outcome.created, outcome.rejected) == (1, 1)
    assert names(world) == ["甲公司"]


def directory_entry(name: str, kind: int, start: int = 0xFFFFFFFE, size: int = 0, child: int = -1) -> bytes:
    """An entry of a compound file's directory ([MS-CFB] 2.6.1)."""
    coded = name.encode("utf-16-le") + b"\0\0"
    links = b"\xff" * 8 + child.to_bytes(4, "little", signed=True)
    return (
        coded.ljust(64, b"\0") + len(coded).to_bytes(2, "little") + bytes([kind, 1]) + links + bytes(36)
        + start.to_bytes(4, "little") + size.to_bytes(8, "little")
    )  # fmt: skip


def locked() -> bytes:
    """What a program saves that locks a workbook: a compound file with an encrypted package."""
    end, free, table = (0xFFFFFFFE).to_bytes(4, "little"), b"\xff" * 4, (0xFFFFFFFD).to_bytes(4, "little")
    chain = b"".join((n + 1).to_bytes(4, "little") for n in range(2, 9)) + end
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + bytes.fromhex("3e00030 0feff09000600".replace(" ", ""))
        + bytes(6) + bytes(4) + (1).to_bytes(4, "little") + (1).to_bytes(4, "little") + bytes(4)
        + (4096).to_bytes(4, "little") + end + bytes(4) + end + bytes(4) + bytes(4) + free * 108
    )  # fmt: skip
    fat = (table + end + chain).ljust(512, b"\xff")
    entries = directory_entry("Root Entry", 5, child=1)
    entries += directory_entry("EncryptedPackage", 2, start=2, size=4096)
    return head + fat + entries.ljust(512, b"\0") + b"secret!!" * 512


def test_a_locked_workbook_is_said_to_be_locked(file: Any) -> None:
    with pytest.raises(Unreadable, match="password"):
        open_table(file("a.xlsx", locked()))


def test_a_bomb_that_lies_about_its_size_is_stopped(file: Any, tmp_path: Path, settings: Any) -> None:
    settings.IMPORT_SHEET_MEMORY = 300 << 20
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(sheet_bytes(tmp_path, ROWS))
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    block = "<si><t>" + "x" * 1_000_000 + "</t></si>"
    parts["xl/sharedStrings.xml"] = f"<sst>{block * 600}</sst>".encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in parts.items():
            book.writestr(name, data)
    data = path.read_bytes()
    size = len(parts["xl/sharedStrings.xml"]).to_bytes(4, "little")
    lying = data.replace(size, (1000).to_bytes(4, "little"))
    assert lying != data
    for bomb in (data, lying):
        with pytest.raises(Unreadable) as caught:
            open_table(file("b.xlsx", bomb))
        assert caught.value.code in ("too_large", "broken", "empty")


def test_a_million_blank_rows_are_passed_over(
    world: World, import_rows: Import, file: Any, tmp_path: Path
) -> None:
    blank = HEAD.encode() + b",,\n" * 1_000_000 + "甲公司,,\n".encode()
    assert import_rows(world.admin, file("a.csv", blank)).counts()["rows"] == 1
    path = tmp_path / "blank.xlsx"
    path.write_bytes(sheet_bytes(tmp_path, ROWS))
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="0"/></row>' for n in range(4, 1_000_000))
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace("</sheetData>", f"{rows}</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    assert import_rows(world.admin, path).counts()["rows"] == 2
    assert names(world) == ["乙公司", "甲公司"]


def test_ten_thousand_copies_of_one_company_are_one(world: World, import_rows: Import) -> None:
    outcome = import_rows(
        world.admin, [["客户名称", "电话"], *[["苏州恒捷食品有限公司", "0512-62881234"]] * 10_000]
    )
    assert (outcome.created, outcome.duplicates, outcome.skipped) == (1, 9_999, 9_999)
    assert names(world) == ["苏州恒捷食品有限公司"]


def test_thousands_that_share_a_telephone_are_not_compared_each_with_each(
    world: World, import_rows: Import
) -> None:
    rows = [[f"{a}{b}食品厂", "0512-62881234"] for a in "甲乙丙丁戊己庚辛壬癸" for b in range(300)]
    outcome = import_rows(world.admin, [["客户名称", "电话"], *rows], dry=True)
    assert outcome.rows == 3_000


def test_the_same_file_sent_twice_at_once_is_there_once(
    world: World, import_rows: Import, make_csv: Any
) -> None:
    path = make_csv(
        [["客户名称", "电话"], *([f"苏州{n}号食品有限公司", f"0512-6288{n:04}"] for n in range(400))]
    )
    ready, outcomes, problems = threading.Barrier(2), [], []

    def run() -> None:
        try:
            ready.wait()
            outcomes.append(import_rows(world.admin, path))
        except Exception as problem:
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert sorted((one.created, one.skipped) for one in outcomes) == [(0, 400), (400, 0)]
    assert len(names(world)) == 400


# By page


@pytest.fixture
def client(world: World, client_for: ClientFor, settings: Any, tmp_path: Path) -> Client:
    settings.FILES_ROOT = tmp_path / "files"
    return client_for(world.members["admin"])


def sent(client: Client, name: str, data: bytes) -> Any:
    return client.post("/customers/import/", {"file": SimpleUploadedFile(name, data)})


def run_jobs(world: World) -> list[Job]:
    with in_scope(world.system, door="job"):
        waiting = list(Job.objects.filter(state=Job.State.QUEUED).values_list("id", flat=True))
    for job_id in waiting:
        run_job(world.tenant_id, job_id)
    with in_scope(world.system, door="job"):
        return list(Job.objects.filter(id__in=waiting))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xls", b"<html><table></table></html>"),
        ("a.xlsx", locked()),
        ("a.xlsx", b"PK\x03\x04" + b"\0" * 500),
        ("a.csv", b'a,b\nx,"' + b"y" * 2_000_000),
        ("a.csv", ",".join(f"c{n}" for n in range(20_000)).encode() + b"\n1,2\n"),
    ],
    ids=["html", "locked", "broken", "cell", "wide"],
)
def test_a_bad_file_is_answered_beside_the_field_and_nothing_of_it_stays(
    client: Client, settings: Any, name: str, data: bytes
) -> None:
    answer = sent(client, name, data)
    assert answer.status_code == 422
    assert "id_file_error" in answer.content.decode()
    assert not [path for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()]


def test_a_workbook_goes_all_the_way_by_what_it_was_unpacked_to(
    world: World, client: Client, settings: Any, tmp_path: Path
) -> None:
    url = sent(client, "名单.xlsx", sheet_bytes(tmp_path, ROWS)).headers["Location"]
    (source,) = Path(settings.FILES_ROOT).rglob("source")
    source.write_bytes(b"PK\x03\x04 is not read again")
    assert "甲公司" in client.get(url).content.decode()
    client.post(url, {"do": "import"})
    assert [job.state for job in run_jobs(world)] == ["done"]
    assert names(world) == ["乙公司", "甲公司"]


def test_a_script_in_a_cell_is_text_wherever_it_is_shown(world: World, client: Client) -> None:
    script = "<script>alert(1)</script>"
    data = f'客户名称,"{script}",级别\n"{script}",x,"{script}"\n"{script}",x,A\n,x,"{script}"\n'.encode()
    url = sent(client, f"{script}.csv", data).headers["Location"]
    pages = [client.get(url)]
    client.post(url, {"do": "import"})
    (job,) = run_jobs(world)
    pages += [client.get(url + "result/"), client.get("/customers/"), client.get(f"/jobs/{job.id}/")]
    texts = [page.content.decode() for page in pages]
    assert ["alert(1)" in text for text in texts] == [True, True, True, False]
    assert not any(script in text for text in texts)


def test_what_was_matched_is_kept_when_an_import_cannot_be(
    world: World, client: Client, settings: Any
) -> None:
    url = sent(client, "a.csv", "甲,乙\n苏州一厂,A\n苏州二厂,B\n".encode()).headers["Location"]
    client.post(url, {"do": "import", "map-0": "name", "map-1": "grade"})
    settings.IMPORT_MAX_ROWS = 1
    (job,) = run_jobs(world)
    assert (job.state, names(world)) == ("failed", [])
    del settings.IMPORT_MAX_ROWS
    client.post(f"/jobs/{job.id}/restart/")
    assert [job.state for job in run_jobs(world)] == ["done"]
    with in_scope(world.system):
        assert dict(Customer.objects.values_list("name", "grade")) == {"苏州一厂": "A", "苏州二厂": "B"}
