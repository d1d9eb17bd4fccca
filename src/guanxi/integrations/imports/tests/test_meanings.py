"""What values mean is said once: it counts for every row, is kept for the next file, and is checked like any value."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.integrations.api.tests.calling import program_of
from guanxi.integrations.api.tests.test_import_export import bring, worked
from guanxi.integrations.imports.tests.test_pages import run_jobs, upload
from guanxi.integrations.models import ColumnMemory
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
CSV = "公司,行业,等级,成立日期\n甲厂,跑单帮的,好客户,去年春天\n乙厂,跑单帮的,好客户,2020-01-02\n丙厂,批发业,A,\n"


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def told(page: str, value: str) -> int:
    """The number that a value is known by on its page."""
    before = page.split(f'value="{value}"')[0]
    return int(before.rpartition('name="value-')[2].partition('"')[0])


def posted(page: str, meant: dict[str, tuple[str, str]]) -> dict[str, str]:
    form: dict[str, str] = {}
    for value, (column, text) in meant.items():
        number = told(page, value)
        form |= {f"of-{number}": column, f"value-{number}": value, f"means-{number}": text}
    return form


def kept(world: World) -> dict[str, tuple[str, str]]:
    with in_scope(world.system):
        return {one.name: (one.grade, one.industry) for one in Customer.objects.all()}


def test_a_meaning_counts_for_all_rows_and_for_the_next_file(world: World, client_for: ClientFor) -> None:
    client = client_for(world.members["admin"])
    url = upload(client, CSV.encode())
    page = client.get(url).content.decode()
    form = posted(page, {"好客户": ("等级", "A"), "跑单帮的": ("行业", "批发业")})
    assert client.post(url, {"do": "check", **form}).status_code == 302
    page = client.get(url).content.decode()
    assert "按你说的读" in page
    assert told(page, "去年春天") != told(
        page, "好客户"
    )  # what is said stays to be changed, what is not is asked
    client.post(url, {"do": "import", **form})
    (job,) = run_jobs(world)
    assert job.result["created"] == 3
    assert kept(world) == {"甲厂": ("A", "51"), "乙厂": ("A", "51"), "丙厂": ("A", "51")}

    again = upload(client, CSV.replace("厂", "店").encode(), name="又一份.csv")
    assert "按你说的读" in client.get(again).content.decode()
    page = client.get(again).content.decode()
    changed = posted(page, {"好客户": ("等级", "B"), "跑单帮的": ("行业", "")})
    client.post(again, {"do": "import"} | changed)
    run_jobs(world)
    # What a page shows without a word does not count any more.
    assert kept(world)["乙店"] == ("B", "")
    with in_scope(world.system):
        assert ColumnMemory.objects.get(resource="customers").meanings == {"等级": {"好客户": "B"}}


def test_a_meaning_that_the_field_does_not_take_is_told(world: World, client_for: ClientFor) -> None:
    client = client_for(world.members["admin"])
    url = upload(client, CSV.encode())
    form = posted(client.get(url).content.decode(), {"去年春天": ("成立日期", "谁知道")})
    client.post(url, {"do": "check", **form})
    page = client.get(url).content.decode()
    assert "“去年春天”不能当作“谁知道”" in page.partition("gx-imp")[0]
    assert "导入 3 行" not in page


def test_a_page_that_does_not_show_a_meaning_does_not_lose_it(world: World, client_for: ClientFor) -> None:
    client = client_for(world.members["admin"])
    url = upload(client, CSV.encode())
    client.post(url, {"do": "check", **posted(client.get(url).content.decode(), {"好客户": ("等级", "A")})})
    client.post(url, {"do": "check", "map-2": ""})  # its column is left out for a while
    assert "按你说的读" not in client.get(url).content.decode()
    client.post(url, {"do": "check", "map-2": "grade"})
    assert told(client.get(url).content.decode(), "好客户")


def test_meanings_through_the_api(world: World) -> None:
    program = program_of(world.admin)
    meanings = json.dumps({"等级": {"好客户": "A"}})
    job = worked(world, program, bring(program, CSV.encode(), meanings=meanings))
    assert job["result"]["created"] == 3
    assert [grade for grade, _industry in kept(world).values()] == ["A"] * 3
    for wrong in ("[]", '{"等级": "A"}', "{", '{"等级": {"好客户": "无此级"}}'):
        assert bring(program, CSV.encode(), meanings=wrong).status_code == 422
