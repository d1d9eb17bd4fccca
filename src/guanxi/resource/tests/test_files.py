"""A record's files on its pages: as visible as the record, refused where they could run, undone like anything."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.ledger.models import Operation
from guanxi.resource.tests.test_pages import make
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
