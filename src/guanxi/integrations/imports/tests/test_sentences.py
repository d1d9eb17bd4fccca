"""What is said of an import, read by somebody who speaks another language than whoever did it."""

# Chinese in code: rows and reasons in tests

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from guanxi.foundation.accounts.models import Account, Member
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.run import run_job
from guanxi.integrations.api.tests.calling import program_of
from guanxi.integrations.imports.sentences import kept, told
from guanxi.kernel.errors import Message
from guanxi.testing.worlds import World, in_scope

CSV = "公司,电话,级别,城市\n甲有限公司,13800138000,Z,苏州\n,13800138001,Y,不知道\n".encode()


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def speaking(member: Member, language: str) -> None:
    Account.objects.filter(pk=member.account_id).update(language=language)


def test_a_sentence_is_kept_with_what_stands_in_it_and_told_in_any_language() -> None:
    inner = Message("choice", _("“%(value)s” is not in the list."), {"value": "100%"})
    said = Message(
        "x", _("%(column)s: %(reason)s"), {"column": pgettext_lazy("rows", "Skipped"), "reason": inner}
    )
    data = kept(said)
    for language in ("zh-hans", "en"):
        with override(language):
            assert told(data) == str(said)
    assert told(kept(Message("code"))) == "code"
    assert told({"reasons": ["as it was said then", data], "n": 3})["reasons"][0] == "as it was said then"


def test_reasons_are_read_in_the_readers_language(
    world: World, client_for: Callable[[Member], Client]
) -> None:
    member = world.members["admin"]
    client = client_for(member)
    answer = client.post("/customers/import/", {"file": SimpleUploadedFile("a.csv", CSV)})
    url = str(answer.headers["Location"])
    assert "不在可选范围内" in client.get(url).content.decode()  # of the row that comes in, its grade
    result = client.post(url, {"do": "import"}).headers["Location"]
    with in_scope(world.system, door="job"):
        job = Job.objects.get()
    run_job(world.tenant_id, job.id)

    def read(language: str) -> tuple[str, str]:
        speaking(member, language)
        report: Any = client.get(f"{result}rejected.csv")
        return client.get(result).content.decode(), b"".join(report.streaming_content).decode("utf-8-sig")

    for language, said, unsaid in (
        ("en", ("is not in the list", "is missing"), "不在可选范围内"),
        ("zh-hans", ("不在可选范围内", "缺少"), "is not in the list"),
    ):
        for text in read(language):
            assert all(one in text for one in said), text
            assert unsaid not in text
    speaking(member, "en")
    head, row = read("en")[1].splitlines()
    assert head == "公司,电话,级别,城市,row,reason"
    # All that is wrong with it, what keeps it out first.
    assert row.startswith(",13800138001,Y,不知道,3,")
    assert row.index("is missing") < row.index("“Y”")
    assert "“不知道”" in row
    noted = program_of(world.admin).get(f"/jobs/{job.id}").json()["result"]["noted"]
    assert "is missing" in noted[0]["reasons"][0]
