"""The three steps in a browser: upload, match and preview, result; undone and put back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.models import FieldRule
from guanxi.tailoring.models import OwnField
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
CSV = "公司,城市,营业额,上级公司\n甲有限公司,苏州,100,乙集团\n乙集团,不知道,200,\n,上海,1,\n".encode()


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def upload(client: Client, data: bytes = CSV, name: str = "名片.csv") -> str:
    response = client.post("/customers/import/", {"file": SimpleUploadedFile(name, data)})
    assert response.status_code == 302, response.content.decode()
    return str(response.headers["Location"])


def run_jobs(world: World) -> list[Job]:
    with in_scope(world.system, door="job"):
        waiting = list(Job.objects.filter(state=Job.State.QUEUED).values_list("id", flat=True))
    for job_id in waiting:
        run_job(world.tenant_id, job_id)
    with in_scope(world.system, door="job"):
        return list(Job.objects.filter(id__in=waiting))


def names(world: World) -> set[str]:
    with in_scope(world.system):
        return set(Customer.objects.values_list("name", flat=True))


def test_a_file_goes_all_the_way_and_back_and_forth(world: World, client_for: ClientFor) -> None:
    client = client_for(world.members["admin"])
    url = upload(client)
    page = client.get(url).content.decode()
    assert "营业额" in page  # the column without a field is named
    assert "还没有写入任何数据" in page
    assert names(world) == set()
    answer = client.post(url, {"do": "import"})
    result = answer.headers["Location"]
    assert "gx-job" in client.get(result).content.decode()
    (job,) = run_jobs(world)
    assert (job.state, job.result["created"], job.result["rejected"], job.result["warnings"]) == (
        "done",
        2,
        1,
        1,
    )
    assert names(world) == {"甲有限公司", "乙集团"}
    page = client.get(result).content.decode()
    assert f"/undo/{job.operation_id}/" in page
    assert client.post(f"/undo/{job.operation_id}/", {"next": result}).headers["Location"] == result
    assert names(world) == set()
    page = client.get(result).content.decode()
    with in_scope(world.system):
        undone_by = Operation.objects.get(id=str(job.operation_id)).undone_by_id
    assert f"/undo/{undone_by}/" in page
    client.post(f"/undo/{undone_by}/")
    assert names(world) == {"甲有限公司", "乙集团"}
    with in_scope(world.system):
        assert Customer.objects.get(name="甲有限公司").parent is not None
    assert client.post(url, {"do": "import"}).status_code == 302  # asked twice, done once
    assert len(run_jobs(world)) == 0


def test_rejected_rows_and_warnings_are_files_to_download(world: World, client_for: ClientFor) -> None:
    client = client_for(world.members["admin"])
    url = upload(client)
    client.get(url)
    answer = client.get(url + "check/rejected.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "上海" in text
    assert text.splitlines()[0].startswith("公司,城市,营业额,上级公司")
    assert client.get(url + "result/rejected.csv").status_code == 404
    assert client.get(url + "check/state.csv").status_code == 404


def test_what_is_matched_by_hand_is_kept_and_changes_the_preview(world: World, client_for: ClientFor) -> None:
    client = client_for(world.members["admin"])
    url = upload(client, "甲,乙\n苏州一厂,A\n苏州二厂,B\n".encode())
    assert "客户名称" in client.get(url).content.decode()
    assert (
        client.post(
            url, {"do": "check", "map-0": "name", "map-1": "grade", "constant-source": "exhibition"}
        ).status_code
        == 302
    )
    page = client.get(url).content.decode()
    assert "导入 2 行" in page
    twice = client.post(url, {"do": "check", "map-0": "name", "map-1": "name"})
    assert twice.status_code == 422
    client.post(url, {"do": "import"})
    run_jobs(world)
    with in_scope(world.system):
        found = dict(Customer.objects.values_list("name", "grade"))
        assert set(Customer.objects.values_list("source", flat=True)) == {"exhibition"}
    assert found == {"苏州一厂": "A", "苏州二厂": "B"}


def test_a_large_file_is_checked_by_a_job(world: World, client_for: ClientFor, settings: Any) -> None:
    settings.IMPORT_CHECK_AT_ONCE = settings.IMPORT_LOOKED_AT = 2
    client = client_for(world.members["admin"])
    url = upload(client)
    page = client.get(url).content.decode()
    assert "gx-job" in page
    assert "前 2 行" in page  # judged at once
    assert "不知道" in page
    assert 'value="import"' not in page
    assert "gx-job" in client.get(url + "progress/").content.decode()
    run_jobs(world)
    assert client.get(url + "progress/").headers["HX-Refresh"] == "true"
    assert "导入 2 行" in client.get(url).content.decode()
    assert names(world) == set()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b""),
        ("a.csv", "公司,电话\n".encode()),
        ("a.xlsx", b"PK\x03\x04rubbish"),
        ("a.pdf", b"%PDF" + bytes(range(32)) * 99),
    ],
)
def test_what_is_no_table_is_said_beside_the_field_and_not_kept(
    world: World, client_for: ClientFor, settings: Any, name: str, data: bytes
) -> None:
    client = client_for(world.members["admin"])
    answer = client.post("/customers/import/", {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 422
    assert "id_file_error" in answer.content.decode()
    assert not [path for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file()]


def test_a_job_that_fails_says_that_nothing_was_written(
    world: World, client_for: ClientFor, settings: Any
) -> None:
    client = client_for(world.members["admin"])
    url = upload(client)
    client.get(url)
    client.post(url, {"do": "import"})
    settings.IMPORT_MAX_ROWS = 1
    (job,) = run_jobs(world)
    assert job.state == "failed"
    page = client.get(url + "result/").content.decode()
    assert "没有写入任何数据" in page
    assert f"/jobs/{job.id}/restart/" in page
    assert names(world) == set()


def test_only_who_may_import_gets_in_and_nobody_gets_at_anothers_file(
    world: World, other_world: World, client_for: ClientFor
) -> None:
    url = upload(client_for(world.members["admin"]))
    assert client_for(world.members["seller"]).get("/customers/import/").status_code == 403
    assert client_for(world.members["seller"]).get(url).status_code == 403
    assert client_for(world.members["manager"]).get("/customers/import/").status_code == 200
    for page in ("", "result/", "progress/", "check/rejected.csv"):
        assert client_for(world.members["manager"]).get(url + page).status_code == 404
        assert client_for(other_world.members["admin"]).get(url + page).status_code == 404
    assert client_for(world.members["admin"]).get(url + "result/").status_code == 404


def test_the_template_holds_every_field_that_can_be_set(world: World, client_for: ClientFor) -> None:
    text = (
        client_for(world.members["admin"]).get("/customers/import/template.csv").content.decode("utf-8-sig")
    )
    assert text.startswith("客户名称,")
    assert "创建时间" not in text


def test_an_undone_import_says_by_whom_and_when_and_shows_no_figures(
    world: World, client_for: ClientFor
) -> None:
    client = client_for(world.members["admin"])
    result = client.post(upload(client), {"do": "import"}).headers["Location"]
    (job,) = run_jobs(world)
    assert "gx-figures" in client.get(result).content.decode()
    client.post(f"/undo/{job.operation_id}/")
    for url in (result, f"/jobs/{job.id}/"):
        page = client.get(url).content.decode()
        assert "周敏" in page
        assert "撤销" in page
        assert "gx-figures" not in page
        assert "新建</dt>" not in page
    page = client.get(result).content.decode()
    assert "新建 2 条" in page
    assert "恢复导入" in page
    assert "check/rejected" not in page


def test_columns_matched_by_hand_are_matched_alike_the_next_time(world: World, client_for: ClientFor) -> None:
    client = client_for(world.members["admin"])
    url = upload(client, "甲,乙,地区\n苏州一厂,A,苏州\n".encode())
    assert "上一个" not in client.get(url).content.decode()
    client.post(url, {"do": "import", "map-0": "name", "map-1": "grade", "map-2": ""})
    run_jobs(world)
    # A colleague's file, its columns in another order.
    manager = client_for(world.members["manager"])
    url = upload(manager, "地区,乙,甲\n无锡,B,无锡一厂\n".encode())
    assert "上一个" in manager.get(url).content.decode()
    manager.post(url, {"do": "import"})
    run_jobs(world)
    with in_scope(world.system):
        found = Customer.objects.get(name="无锡一厂")
    assert (found.grade, found.region) == ("B", "")


def test_a_remembered_field_that_one_may_not_set_is_left_out(world: World, client_for: ClientFor) -> None:
    client = client_for(world.members["admin"])
    client.post(
        upload(client, "甲,乙\n苏州一厂,A\n".encode()), {"do": "import", "map-0": "name", "map-1": "grade"}
    )
    run_jobs(world)
    with in_scope(world.system), operation(world.system, "permissions.role.restrict"):
        FieldRule.objects.create(
            role=world.roles["sales_manager"], resource="customers", field="grade", mode="hide"
        )
    manager = client_for(world.members["manager"])
    url = upload(manager, "甲,乙\n无锡一厂,B\n".encode())
    manager.post(url, {"do": "import"})
    run_jobs(world)
    with in_scope(world.system):
        assert Customer.objects.get(name="无锡一厂").grade == ""


def test_another_companys_matching_is_not_known_here(
    world: World, other_world: World, client_for: ClientFor
) -> None:
    client = client_for(other_world.members["admin"])
    client.post(
        upload(client, "甲,乙\n苏州一厂,A\n".encode()), {"do": "import", "map-0": "name", "map-1": "grade"}
    )
    mine = client_for(world.members["admin"])
    assert "上一个" not in mine.get(upload(mine, "甲,乙\n无锡一厂,B\n".encode())).content.decode()


def test_a_wide_file_shows_the_columns_that_say_something(world: World, client_for: ClientFor) -> None:
    client = client_for(world.members["admin"])
    head = ["客户名称", "机台数", *(f"c{at}" for at in range(60))]
    data = ",".join(head) + "\n甲公司,3" + "," * 60 + "\n乙公司,4" + "," * 60 + "\n"
    url = upload(client, data.encode(), "wide.csv")
    page = client.get(url).content.decode()
    assert (page.count('name="map-'), "c59" in page) == (2, False)
    assert client.get(url, {"all": "1"}).content.decode().count('name="map-') == 62


def test_a_column_becomes_a_field_with_one_click(world: World, client_for: ClientFor) -> None:
    client = client_for(world.members["admin"])
    url = upload(client, "客户名称,机台数,合作状态\n甲公司,3,好\n乙公司,4,一般\n".encode(), "own.csv")
    client.post(url, {"new": "1:number"})
    page = client.get(url).content.decode()
    assert '<option value="new:number" selected>' in page
    client.post(url, {"do": "fields"})
    client.post(url, {"do": "import"})
    assert [job.state for job in run_jobs(world)] == ["done"]
    with in_scope(world.admin):
        assert {one.kind for one in OwnField.objects.all()} == {"number", "text"}
        assert {len(own) for own in Customer.objects.values_list("own", flat=True)} == {2}
