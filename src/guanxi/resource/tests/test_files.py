"""A record's files on its pages: as visible as the record, refused where they could run, undone like anything."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused
from guanxi.resource.attachments import attach, classify
from guanxi.resource.registry import find
from guanxi.screens.tests.test_pages import make
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


@pytest.fixture
def seller(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["seller"])


def test_files_are_as_visible_as_their_record(
    world: World, seller: Client, client_for: ClientFor, settings: Any, tmp_path: Any
) -> None:
    settings.FILES_ROOT = tmp_path
    made = make(world)
    upload = SimpleUploadedFile("../报价 单.pdf", b"%PDF-1.7 text")
    assert seller.post(f"/customers/{made.id}/files/", {"file": upload}).status_code == 302
    with in_scope(world.seller):
        attachment = Attachment.objects.get()
    assert attachment.name == "报价 单.pdf"
    url = f"/customers/{made.id}/files/{attachment.id}/"
    answer = seller.get(url)
    assert b"".join(answer) == b"%PDF-1.7 text"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client_for(world.members["teammate"]).get(url).status_code == 404


@pytest.mark.parametrize("name", ["a.exe", "a.pdf.js", "x.html", "图.svg", "run.BAT"])
def test_files_that_can_run_are_refused(
    world: World, seller: Client, settings: Any, tmp_path: Any, name: str
) -> None:
    settings.FILES_ROOT = tmp_path
    made = make(world)
    seller.post(f"/customers/{made.id}/files/", {"file": SimpleUploadedFile(name, b"x")})
    with in_scope(world.seller):
        assert not Attachment.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_above_the_limit_leaves_nothing_behind(
    world: World, seller: Client, settings: Any, tmp_path: Any
) -> None:
    settings.FILES_ROOT, settings.ATTACHMENT_LIMIT = tmp_path, 10
    made = make(world)
    seller.post(f"/customers/{made.id}/files/", {"file": SimpleUploadedFile("a.txt", b"x" * 11)})
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_removed_file_comes_back_by_undo(
    world: World, seller: Client, settings: Any, tmp_path: Any
) -> None:
    settings.FILES_ROOT = tmp_path
    made = make(world)
    seller.post(f"/customers/{made.id}/files/", {"file": SimpleUploadedFile("a.txt", b"text")})
    with in_scope(world.seller):
        attachment = Attachment.objects.get()
    url = f"/customers/{made.id}/files/{attachment.id}/"
    seller.post(f"{url}remove/")
    assert seller.get(url).status_code == 404
    with in_scope(world.seller):
        removal = Operation.objects.order_by("-at").first()
    assert removal is not None
    seller.post(f"/undo/{removal.id}/")
    assert b"".join(seller.get(url)) == b"text"


def test_adding_and_removing_files_have_their_own_words_in_the_log(
    world: World, seller: Client, client_for: ClientFor, settings: Any, tmp_path: Any
) -> None:
    settings.FILES_ROOT = tmp_path
    made = make(world)
    seller.post(f"/customers/{made.id}/files/", {"file": SimpleUploadedFile("报价.pdf", b"text")})
    with in_scope(world.seller):
        attachment = Attachment.objects.get()
    seller.post(f"/customers/{made.id}/files/{attachment.id}/remove/")
    with in_scope(world.seller):
        done = list(Operation.objects.filter(record_id=made.id).order_by("at"))
    assert [one.verb for one in done] == ["files.attachment.add", "files.attachment.delete"]
    assert {one.label for one in done} == {f"报价.pdf · {made.name}"}
    log = client_for(world.members["admin"]).get("/settings/audit/").content.decode()
    for words in ("添加了附件", "移除了附件"):
        assert f"{words}：<b>报价.pdf · {made.name}</b>" in log


def test_what_others_added_is_removed_with_the_right_for_it_only(
    world: World, seller: Client, client_for: ClientFor, settings: Any, tmp_path: Any
) -> None:
    settings.FILES_ROOT = tmp_path
    made = make(world)
    manager = client_for(world.members["manager"])
    manager.post(f"/customers/{made.id}/files/", {"file": SimpleUploadedFile("a.txt", b"text")})
    with in_scope(world.seller):
        attachment = Attachment.objects.get()
        adding = Operation.objects.get(verb="files.attachment.add")
    url = f"/customers/{made.id}/files/{attachment.id}/remove/"
    panel = find("customers").url("panel", id=made.id, key="files")
    assert url not in seller.get(panel).content.decode()
    assert seller.post(url).status_code == 403
    with in_scope(world.seller):
        assert Attachment.objects.exists()
    # Nor does undoing the manager's act, which a right of its own would allow, go round it.
    with in_scope(world.seller), pytest.raises(Refused):
        undo(replace(world.seller, grants={**world.seller.grants, "ledger.operation.undo": "all"}), adding.id)
    assert url in manager.get(panel).content.decode()
    assert manager.post(url).status_code == 302


def test_files_are_added_by_who_may_add_files(world: World, settings: Any, tmp_path: Any) -> None:
    settings.FILES_ROOT = tmp_path
    made = make(world)
    grants = {code: reach for code, reach in world.seller.grants.items() if code != "files.attachment.add"}
    with in_scope(world.seller), pytest.raises(Forbidden):
        attach(replace(world.seller, grants=grants), find("customers"), made.id, name="a.txt", chunks=[b"x"])
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_what_a_file_is_is_said_at_its_adding_or_later_and_undone(
    world: World, settings: Any, tmp_path: Any
) -> None:
    settings.FILES_ROOT = tmp_path
    customer = make(world)
    resource = find("customers")
    with in_scope(world.seller):
        added = attach(world.seller, resource, customer.pk, name="a.pdf", chunks=[b"x"], kind="proposal")
        assert added.kind == "proposal"
        classify(world.seller, resource, customer.pk, added.pk, kind="contract")
        done = last_operation_id()
        assert Attachment.objects.get(pk=added.pk).kind == "contract"
        with pytest.raises(Invalid):
            classify(world.seller, resource, customer.pk, added.pk, kind="poem")
    with in_scope(world.elsewhere), pytest.raises(NotFound):
        classify(world.elsewhere, resource, customer.pk, added.pk, kind="other")
    with in_scope(world.seller):
        assert done is not None
        undo(world.seller, done)
        assert Attachment.objects.get(pk=added.pk).kind == "proposal"


def test_files_of_several_kinds_are_narrowed_to_one_and_those_of_one_kind_are_not_asked(
    world: World, seller: Client, settings: Any, tmp_path: Any
) -> None:
    settings.FILES_ROOT = tmp_path
    made = make(world)
    panel = find("customers").url("panel", id=made.id, key="files")
    with in_scope(world.seller):
        attach(world.seller, find("customers"), made.id, name="合同一.pdf", chunks=[b"a"], kind="contract")
    assert "?of=" not in seller.get(panel).content.decode()
    with in_scope(world.seller):
        attach(world.seller, find("customers"), made.id, name="合同二.pdf", chunks=[b"b"], kind="contract")
        attach(world.seller, find("customers"), made.id, name="方案.pdf", chunks=[b"c"], kind="proposal")

    def names(query: str) -> set[str]:
        page = seller.get(panel + query, headers={"HX-Request": "true"}).content.decode()
        return {name for name in ("合同一.pdf", "合同二.pdf", "方案.pdf") if f">{name}<" in page}

    whole = seller.get(panel).content.decode()
    assert "?of=contract" in whole
    assert "?of=certificate" not in whole
    assert names("") == {"合同一.pdf", "合同二.pdf", "方案.pdf"}
    assert names("?of=contract") == {"合同一.pdf", "合同二.pdf"}
    assert names("?of=proposal") == {"方案.pdf"}
    assert names("?of=nonsense") == names("?of=certificate") == names("")
