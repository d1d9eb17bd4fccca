"""A company leaves as one file and comes back into an empty one: equal in every table, field and byte."""

# Chinese in code: what a company writes

import csv
import io
import json
import os
import zipfile
from collections.abc import Iterator
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.db.models import Sum

from guanxi.activities.models import Activity
from guanxi.collaboration.services.comments import add_comment
from guanxi.collaboration.services.tags import create_tag, set_tags
from guanxi.customers.models import Business, Customer, Mark, Sign
from guanxi.demo.building import add_customers
from guanxi.demo.company import MEMBERS
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.files.services import path_of
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.search.models import Entry
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.integrations.archives.manifest import MANIFEST, Manifest
from guanxi.integrations.archives.packing import pack
from guanxi.integrations.archives.services import unpacking
from guanxi.integrations.archives.services.taking import KEPT_DAYS, archive_path, forget_archives, forget_old
from guanxi.integrations.archives.services.unpacking import ARRIVING, OWNER, unpack
from guanxi.integrations.archives.tables import tables, undecided
from guanxi.resource import access, attachments
from guanxi.resource.registry import find
from guanxi.tailoring.models import OwnValue, SavedView
from guanxi.tailoring.services.views import create_view
from guanxi.tailoring.tests.making import add, edit
from guanxi.testing.worlds import World, in_scope

BYTES = {"报价 单(1).pdf": b"%PDF-1.4 \x00\xff" * 500, "合同..final.txt": "甲方\n乙方".encode()}


def no_step(done: int, total: int) -> None:
    return None


@pytest.fixture
def company(world: World) -> Iterator[Tenant]:
    owners = [one.pk for one in world.members.values()]
    seats = list(islice(cycle(owners), len(MEMBERS)))
    add_customers(world.tenant, seats, date(2026, 3, 18), count=60, seed=7, busy=True)
    actor = world.admin
    with in_scope(actor):
        first, second = Customer.objects.order_by("id")[:2]
        grade = add(actor, "text", "=内部等级", indexed=True, searched=True)
        edit(actor, first.pk, **{grade.name: "-5 级", "remarks": "=1+1\n'第二行'\t\\N"})
        add_comment(actor, resource="customers", record_id=first.pk, text=f"同一家：/customers/{second.pk}/")
        tag = create_tag(actor, name="重点")
        set_tags(actor, resource="customers", record_id=first.pk, tags=[tag.pk])
        create_view(actor, resource="customers", name="我的", query=f"owner={actor.member_id}")
        for name, raw in BYTES.items():
            attachments.attach(actor, find("customers"), first.pk, name=name, chunks=[raw])
    world.tenant.refresh_from_db()
    yield world.tenant
    remove(world.tenant.pk)


def remove(company: UUID) -> None:
    """Everything of a company, as if it had never been on this installation."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE column_name = 'tenant_id' AND table_schema = 'public' "
            "AND table_type = 'BASE TABLE'"
        )
        names = [row[0] for row in cursor.fetchall()]
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for name in sorted(names, key=lambda one: one.startswith("ledger_change")):
            cursor.execute(f'DELETE FROM "{name}" WHERE tenant_id = %s', [company])
        cursor.execute("DELETE FROM tenancy_tenant WHERE id = %s", [company])


def system(tenant: Tenant) -> Actor:
    return system_actor(tenant.pk)


def packed(tenant: Tenant, path: Path) -> Manifest:
    with scope(tenant.pk, door="cli"):
        return pack(system(tenant), path, no_step)


def held(company: UUID) -> dict[str, list[dict[str, Any]]]:
    """Every row of a company's tables, without what an archive leaves out."""
    found: dict[str, list[dict[str, Any]]] = {}
    with connections[OWNER].cursor() as cursor:
        for table in tables():
            without = {"tenant_id", *getattr(table.model, "archived_without", ())}
            numbered = {"id"} if table.model is Change else set()
            cursor.execute(
                f'SELECT to_jsonb(t) FROM "{table.name}" t WHERE tenant_id = %s ORDER BY id', [company]
            )
            rows = [row[0] if isinstance(row[0], dict) else json.loads(row[0]) for row in cursor.fetchall()]
            found[table.file] = [
                {key: value for key, value in row.items() if key not in without | numbered} for row in rows
            ]
    return found


def derived(tenant: Tenant) -> dict[str, Any]:
    """What follows from rows: how much of it there is, and what is found by it."""
    with scope(tenant.pk, door="cli"):
        found = [hit.title for hit in access.search(system(tenant), find("customers"), "食品")]
        own = [str(kind.label) for kind in find("customers").fields().values() if kind.own]
        by_own = [hit.title for hit in access.search(system(tenant), find("customers"), "-5 级")]
        marks = {(one.resource, len(one.keys)) for one in Mark.objects.all()}
        counts = [model._default_manager.count() for model in (Entry, Mark, Sign, OwnValue)]
        return {"found": found, "own": own, "by_own": by_own, "marks": marks, "counts": counts}


def test_every_table_says_what_becomes_of_it() -> None:
    assert undecided() == []


def test_a_company_comes_back_equal_with_its_keys(company: Tenant, tmp_path: Path) -> None:
    path, before = tmp_path / "a.zip", held(company.pk)
    manifest = packed(company, path)
    with scope(company.pk, door="cli"):
        amounts = Business.objects.aggregate(Sum("amount"))
        credit = Customer.objects.aggregate(Sum("credit_limit"))
        former = Customer.objects.order_by("id")[0]
        bytes_before = {one.name: path_of(one).read_bytes() for one in Attachment.objects.all()}
    follows = derived(company)
    assert follows["found"]
    assert follows["own"] == ["=内部等级"]
    assert follows["by_own"]
    assert all(follows["counts"])
    remove(company.pk)
    back, _told = unpack(path)
    assert back.pk == company.pk
    assert (back.name, back.language, back.time_zone) == (company.name, company.language, company.time_zone)
    assert held(back.pk) == before
    assert derived(back) == follows
    assert back.settings == company.settings
    assert {one.name: one.rows for one in manifest.files if one.rows is not None} == {
        name: len(rows) for name, rows in before.items()
    }
    with scope(back.pk, door="cli"):
        assert Business.objects.aggregate(Sum("amount")) == amounts
        assert Customer.objects.aggregate(Sum("credit_limit")) == credit
        first = Customer.objects.get(pk=former.pk)
        assert {name: vars(first)[name] for name in vars(former) if name[0] != "_"} == {
            name: value for name, value in vars(former).items() if name[0] != "_"
        }
        assert (
            {one.name: path_of(one).read_bytes() for one in Attachment.objects.all()} == bytes_before == BYTES
        )
        assert set(Member.objects.values_list("account", flat=True)) == {None}
        assert Activity.objects.count() == len(before["tables/activities.csv"]) > 0


def test_taken_out_again_it_is_the_same_byte_for_byte(company: Tenant, tmp_path: Path) -> None:
    first = packed(company, tmp_path / "a.zip")
    remove(company.pk)
    back, _told = unpack(tmp_path / "a.zip")
    second = packed(back, tmp_path / "b.zip")
    sums = [{one.name: (one.sha256, one.rows) for one in manifest.files} for manifest in (first, second)]
    assert sums[0].keys() == sums[1].keys()
    # The database numbers changes anew, in their order.
    differing = {name for name in sums[0] if sums[0][name] != sums[1][name]}
    assert differing == {"history/ledger_change.csv"}
    assert first.company == second.company


def test_beside_the_first_it_gets_other_keys_everywhere(company: Tenant, tmp_path: Path) -> None:
    path, before = tmp_path / "a.zip", held(company.pk)
    packed(company, path)
    back, _told = unpack(path, name="第二家")
    try:
        assert back.pk != company.pk
        assert (back.name, back.slug) != (company.name, company.slug)
        mask = company.pk.int ^ back.pk.int

        def other(text: str) -> str:
            return str(UUID(int=UUID(text).int ^ mask))

        after = held(back.pk)
        said = json.dumps(before, ensure_ascii=False)
        keys = {row["id"] for rows in before.values() for row in rows if "id" in row} | {str(company.pk)}
        for key in keys:
            said = said.replace(key, other(key))
        assert {name: len(rows) for name, rows in after.items()} == {
            name: len(rows) for name, rows in before.items()
        }
        wanted = json.loads(said)
        for name, rows in after.items():
            ours = sorted(wanted[name], key=lambda row: json.dumps(row, sort_keys=True))
            assert sorted(rows, key=lambda row: json.dumps(row, sort_keys=True)) == ours, name
        assert derived(back) == derived(company)
        with scope(back.pk, door="cli"):
            view = SavedView.objects.get(name="我的")
            assert Member.objects.filter(pk=view.query.removeprefix("owner=")).exists()
    finally:
        remove(back.pk)


def test_an_arrival_killed_in_its_second_step_is_finished_by_the_next_run(
    company: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, follows = tmp_path / "a.zip", derived(company)
    packed(company, path)
    before = Tenant.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr(unpacking, "derive", lambda tenant: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            unpack(path)
    back, _told = unpack(path)
    try:
        assert Tenant.objects.count() == before + 1
        assert derived(back) == follows
        assert ARRIVING not in back.settings
    finally:
        remove(back.pk)


def test_it_reads_without_us(company: Tenant, tmp_path: Path) -> None:
    packed(company, tmp_path / "a.zip")
    with zipfile.ZipFile(tmp_path / "a.zip") as book:
        assert book.namelist()[-1] == MANIFEST
        assert "导回" in book.read("README.txt").decode()
        raw = book.read("tables/customers.csv")
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
        everything = b"".join(book.read(name) for name in book.namelist())
    first = rows[0]
    assert first["remarks"] == "'=1+1\n'第二行'\t\\N"
    assert first["own:=内部等级"] == "'-5 级"
    assert {row["owner_id:name"] for row in rows} & {one.name for one in members(company)}
    assert b"pbkdf2" not in everything
    assert b"argon2" not in everything


def members(tenant: Tenant) -> list[Member]:
    with scope(tenant.pk, door="cli"):
        return list(Member.objects.all())


# The page, the job and the command line


def test_the_administrator_takes_everything_out_by_the_page(
    company: Tenant, world: World, client_for: Any
) -> None:
    client = client_for(world.members["admin"])
    assert client.post("/settings/archives/").status_code == 302
    with scope(company.pk, door="cli"):
        (asked,) = Job.objects.filter(kind="integrations.archive").values_list("pk", flat=True)
    run_job(company.pk, asked)
    page = client.get("/settings/archives/").content.decode()
    with scope(company.pk, door="cli"):
        job = Job.objects.get(pk=asked)
        assert (job.state, job.result["files"], job.result["missing"]) == (Job.State.DONE, 2, 0)
        assert Operation.objects.filter(verb="integrations.archive.take").count() == 1
        told = Notice.objects.filter(kind="archive_taken").values_list("member_id", flat=True)
        assert set(told) == {world.members["owner"].pk}
    address = f"/settings/archives/{job.pk}/"
    assert address in page
    assert address in client.get(f"/jobs/{job.pk}/").content.decode()
    raw = b"".join(client.get(address).streaming_content)
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        assert MANIFEST in book.namelist()
    for who in ("seller", "manager"):
        other = client_for(world.members[who])
        assert other.get("/settings/archives/").status_code == 403
        assert other.post("/settings/archives/").status_code == 403
        assert other.get(address).status_code == 403
    forget_archives(company.pk)
    assert client.get(address).status_code == 404


def test_an_archive_is_kept_for_some_days(company: Tenant, world: World, tmp_path: Path) -> None:
    path = archive_path(company.pk, world.members["admin"].pk)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    forget_old(company.pk)
    assert path.exists()
    old = path.stat().st_mtime - KEPT_DAYS * 86_400 - 60
    os.utime(path, (old, old))
    forget_old(company.pk)
    assert not path.exists()


def test_by_the_command_line_out_and_in(company: Tenant, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    call_command("archive", company.slug, str(path))
    out = io.StringIO()
    call_command(
        "unarchive", str(path), "--name", "搬来的", "--username", f"u{path.stat().st_mtime_ns}", stdout=out
    )
    back = Tenant.objects.get(name="搬来的")
    try:
        with scope(back.pk, door="cli"):
            (one,) = Member.objects.filter(account__isnull=False)
            assert one.name in out.getvalue()
    finally:
        remove(back.pk)
