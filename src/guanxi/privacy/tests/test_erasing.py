"""A person is planted everywhere through the product's own doors, erased, and looked for everywhere."""

# Chinese in code: names of customers and people in tests

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client

from guanxi.activities.services.activities import Company, log_activity
from guanxi.collaboration.models import Comment
from guanxi.collaboration.services.comments import add_comment, edit_comment
from guanxi.customers.models import ContactPoint, Customer, Person
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.merging import merge_people
from guanxi.customers.services.people import create_person, delete_people, edit_person
from guanxi.customers.services.relationships import create_tie
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.notices.services import notify
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tokens import create_token
from guanxi.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from guanxi.kernel.ids import new_id
from guanxi.privacy.jobs import ask_erasure
from guanxi.privacy.models import Erasure
from guanxi.privacy.services.answering import answer
from guanxi.privacy.services.erasing import erase_again, erase_person
from guanxi.privacy.services.keeping import forget, keeps
from guanxi.resource import writing
from guanxi.resource.attachments import attach
from guanxi.resource.registry import find
from guanxi.tailoring.services.views import create_view
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope

NAME, FORMER, TWIN = "欧阳壹贰叁", "欧阳旧名", "欧阳壹贰三"
MOBILE, SECOND = "13987650123", "13987650456"
MAIL, WECHAT = "marker77@zq9.test", "zq9marker_wx"
SECRET = "ZQ9秘语"
MARKERS = (NAME, FORMER, TWIN, MOBILE, SECOND, MAIL, WECHAT, SECRET, "ouyangyiersan")


def everywhere(world: World) -> list[str]:
    """Rows and files in which a marker stands: the company's, and those that are nobody's."""
    found = []
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname, c.relname, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid "
            "AND a.attname = 'tenant_id' AND NOT a.attisdropped) "
            "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
        )
        for schema, table, of_companies in cursor.fetchall():
            whose = "t.tenant_id = %s" if of_companies else "%s::uuid IS NOT NULL"
            cursor.execute(
                f'SELECT left(t::text, 900) FROM "{schema}"."{table}" t WHERE {whose} '
                "AND t::text ILIKE ANY(%s) LIMIT 3",
                [str(world.tenant_id), [f"%{marker}%" for marker in MARKERS]],
            )
            found += [f"{table}: {row[0]}" for row in cursor.fetchall()]
    for path in (Path(settings.FILES_ROOT) / str(world.tenant_id)).rglob("*"):
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "ignore")
            if any(marker in text or marker in path.name for marker in MARKERS):
                found.append(str(path))
    return found


@pytest.fixture
def customer(world: World) -> Customer:
    with in_scope(world.admin):
        return create_customer(world.admin, data={"name": "苏州鼎盛食品有限公司", "relations": "customer"})


def plant(world: World, customer: Customer) -> UUID:
    """The person, everywhere."""
    admin = world.admin
    with in_scope(admin):
        person = create_person(
            admin,
            data={
                "name": FORMER, "phone": MOBILE, "email": MAIL, "wechat": WECHAT, "customer": str(customer.pk),
                "department": SECRET, "post": f"经理{SECRET}", "other_names": "ZQ9秘语", "number": f"N-{SECRET}",
                "remarks": SECRET, "born": "1980-02-03",
            },
        )  # fmt: skip
        pk = UUID(str(person.pk))
    with in_scope(admin):
        edit_person(admin, pk, data={"name": NAME}, expected_version=None)
    with in_scope(admin):
        twin = create_person(
            admin, data={"name": TWIN, "phone": SECOND, "remarks": SECRET}, allow_duplicate=True
        )
    with in_scope(admin):
        merge_people(admin, ids=[pk, twin.pk], keep=pk)
    with in_scope(admin):
        said = add_comment(admin, resource="people", record_id=pk, text=f"{NAME} {SECRET}")
        edit_comment(admin, said.pk, text=f"改了 {NAME} {SECRET}")
        add_comment(
            admin, resource="customers", record_id=customer.pk,
            text=f"{NAME} 明天到 @{world.members['manager'].name} 电话 139 8765 0123",
        )  # fmt: skip
        attach(admin, find("people"), pk, name=f"{NAME}身份证.txt", chunks=[f"{NAME} {SECRET}".encode()])
        find("contact_points").create(
            admin, data={"person": str(pk), "kind": "mobile", "value": SECOND, "seen_by": "owner"}
        )
        other = create_person(admin, data={"name": "钱七"}).pk
        tie = {
            "kind": "classmate",
            "from_person": str(other),
            "to_person": str(pk),
            "note": f"{NAME}{SECRET}",
        }
        create_tie(admin, data=tie)
        activity = log_activity(
            admin,
            data={
                "kind": "call",
                "customer": str(customer.pk),
                "subject": f"与{NAME}通话",
                "text": f"{NAME}说好",
            },
            company=Company(people=[pk]),
        )
        add_comment(admin, resource="activities", record_id=activity.pk, text=f"{NAME}再联系")
        log_activity(admin, data={"kind": "note", "customer": str(customer.pk), "text": f"听说{NAME}要走"})
        notify([world.members["admin"].pk], "tests.said", url=f"/people/{pk}/", who=NAME, text=SECRET)
        Job(kind="tests.work", args={"name": NAME}, label=f"{NAME} 的任务", state="done", error=MAIL).save()
        create_view(admin, resource="people", name=f"找{NAME}", query=f"q={MOBILE}")
    browser = client_for(world.members["admin"])
    browser.get("/people/", {"q": NAME})
    browser.get(find("people").url("card", id=pk))
    upload = SimpleUploadedFile("名单.csv", f"姓名,手机\n{NAME},{MOBILE}\n".encode())
    browser.post("/people/import/", {"file": upload})
    with in_scope(admin):
        key = create_token(admin, name="x", may_write=True)[1]
    answered = Client().post(
        "/api/v1/comments",
        {"resource": "people", "record": str(pk), "text": f"{NAME} {SECRET}"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}", "Idempotency-Key": "k-1"},
    )
    assert answered.status_code < 300, answered.content
    return pk


def test_nothing_of_an_erased_person_is_anywhere(world: World, customer: Customer) -> None:
    pk = plant(world, customer)
    assert len(everywhere(world)) > 15
    with in_scope(world.admin):
        done = erase_person(world.admin, pk, ground="request", note=f"{NAME}来电要求")
        assert done.counts["files"] == 1
    assert everywhere(world) == []
    with in_scope(world.admin):
        assert not Person.objects.filter(pk=pk).exists()
        texts = list(Comment.objects.values_list("text", flat=True))
        assert any("「已删除的联系人」 明天到" in text for text in texts)
        told = Operation.objects.filter(verb="ledger.operation.erase", record_id=pk).get()
        assert told.actor_id == world.admin.member_id
        assert told.summary["ground"] == "request"


def test_erasing_again_changes_nothing_and_says_what_was_done(world: World, customer: Customer) -> None:
    with in_scope(world.admin):
        pk = create_person(world.admin, data={"name": NAME, "phone": MOBILE}).pk
    with in_scope(world.admin):
        first = erase_person(world.admin, pk, ground="consent")
    with in_scope(world.admin):
        assert erase_person(world.admin, pk, ground="request").pk == first.pk
        assert Erasure.objects.count() == 1


def test_who_was_deleted_before_is_erased_too(world: World, customer: Customer) -> None:
    pk = plant(world, customer)
    with in_scope(world.admin):
        delete_people(world.admin, ids=[pk])
    with in_scope(world.admin):
        erase_person(world.admin, pk, ground="request")
    assert everywhere(world) == []


def test_no_undo_brings_back_what_was_erased(world: World, customer: Customer) -> None:
    with in_scope(world.admin):
        pk = create_person(world.admin, data={"name": NAME, "phone": MOBILE}).pk
        other = create_person(world.admin, data={"name": "赵六"}).pk
    with in_scope(world.admin):
        find("people").remove_many(world.admin, ids=[pk, other])
        deletion = last_operation_id()
    with in_scope(world.admin):
        erase_person(world.admin, pk, ground="request")
        erasing = Operation.objects.get(verb="ledger.operation.erase").pk
    assert deletion is not None
    with in_scope(world.admin), pytest.raises(NotFound):
        undo(world.admin, erasing)
    with in_scope(world.admin):
        deletion = Operation.objects.filter(verb="customers.person.delete").get().pk
        with pytest.raises(Conflict):
            undo(world.admin, deletion)
        undo(world.admin, deletion, leave=[pk])
        assert set(Person.objects.values_list("pk", flat=True)) == {other}
    assert everywhere(world) == []


def test_a_number_that_others_have_too_stays_theirs(world: World, customer: Customer) -> None:
    with in_scope(world.admin):
        find("customers").edit(
            world.admin, customer.pk, data={"phone": "0512-66778899"}, expected_version=None
        )
        pk = create_person(
            world.admin, data={"name": NAME, "phone": "0512-66778899"}, allow_duplicate=True
        ).pk
        shared = answer(world.admin, pk, ground="request").called.shared
        assert [one.id for one in shared] == [customer.pk]
    with in_scope(world.admin):
        erase_person(world.admin, pk, ground="request")
        customer.refresh_from_db()
        assert customer.phone.replace(" ", "").endswith("66778899")


def test_who_bears_a_name_that_holds_theirs_keeps_it(world: World, customer: Customer) -> None:
    with in_scope(world.admin):
        pk = create_person(world.admin, data={"name": "王伟", "customer": str(customer.pk)}).pk
        other = create_person(world.admin, data={"name": "王伟东", "customer": str(customer.pk)}).pk
        shop = create_customer(world.admin, data={"name": "王伟五金店", "relations": "customer"}).pk
    with in_scope(world.admin):
        erase_person(world.admin, pk, ground="request")
        assert Person.objects.get(pk=other).name == "王伟东"
        assert Customer.objects.get(pk=shop).name == "王伟五金店"


def test_the_answer_is_whole_and_its_use_is_written_down(world: World, customer: Customer) -> None:
    pk = plant(world, customer)
    with in_scope(world.admin):
        found = answer(world.admin, pk, ground="request")
        shown = [
            value for group in (*found.own, *found.named) for line in group.lines for _, value in line.values
        ]
        assert any("明天到" in one for one in shown)
        assert any("要走" in one for one in shown)
        assert [one.name for one in found.files] == [f"{NAME}身份证.txt"]
        assert any(one.before == FORMER and one.after == NAME for one in found.changes)
        used = Operation.objects.get(verb="customers.person.answer", record_id=pk)
        assert used.summary["ground"] == "request"
        with pytest.raises(Invalid):
            answer(world.admin, pk, ground="")
        # What only machines compare by is shown neither as it stands nor as it changed.
        add_way = {"person": str(pk), "kind": "qq", "value": "277441950"}
        find("contact_points").create(world.admin, data=add_way)
        edit_person(world.admin, pk, data={"born": "1985-08-15"}, expected_version=None)
        found = answer(world.admin, pk, ground="request")
        labels = {
            label for group in (*found.own, *found.named) for line in group.lines for label, _ in line.values
        }
        assert not {"key", "name key", "born day", "born moon"} & (
            labels | {one.field for one in found.changes}
        )
        assert any(one.after == "1985 年 8 月 15 日" for one in found.changes)


@pytest.mark.parametrize("who", ["owner", "manager", "seller"])
def test_only_the_administrator_may(world: World, customer: Customer, who: str) -> None:
    actor: Actor = world.actors[who]
    with in_scope(world.admin):
        pk = create_person(world.admin, data={"name": NAME}).pk
    with in_scope(actor):
        with pytest.raises(Forbidden):
            answer(actor, pk, ground="request")
        with pytest.raises(Forbidden):
            erase_person(actor, pk, ground="request")


def test_the_name_must_be_typed_and_a_guard_may_forbid_it(world: World, monkeypatch: Any) -> None:
    with in_scope(world.admin):
        pk = create_person(world.admin, data={"name": NAME}).pk
    with in_scope(world.admin), pytest.raises(Invalid):
        ask_erasure(world.admin, pk, ground="request", note="", confirm="别人")
    with in_scope(world.admin):
        assert Person.objects.filter(pk=pk).exists()


def test_who_comes_back_out_of_a_backup_is_erased_again(world: World, customer: Customer) -> None:
    with in_scope(world.admin):
        pk = create_person(world.admin, data={"name": NAME, "phone": MOBILE}).pk
    with in_scope(world.admin):
        erase_person(world.admin, pk, ground="request")
    with in_scope(world.admin), operation(world.system, "tests.person.restore"):
        writing.insert(find("people"), {"id": pk, "name": NAME, "phone": MOBILE})
    assert everywhere(world) != []
    with in_scope(world.admin):
        assert erase_again(world.system) == 1
        assert erase_again(world.system) == 0
    assert everywhere(world) == []


def test_the_list_of_erasures_is_taken_past_a_restored_backup(world: World, tmp_path: Path) -> None:
    with in_scope(world.admin):
        pk = create_person(world.admin, data={"name": NAME, "phone": MOBILE}).pk
        taken = [{"id": str(new_id()), "people": [str(pk)], "rows": [], "ground": "request", "at": "then"}]
    (tmp_path / "list.json").write_text(json.dumps({str(world.tenant_id): taken}))
    call_command("erasures", "apply", tmp_path / "list.json")
    assert everywhere(world) == []
    call_command("erasures", "write", tmp_path / "out.json")
    assert str(pk) in (tmp_path / "out.json").read_text()


def test_documents_that_must_be_kept_stay_masked_and_may_forbid_it(world: World) -> None:
    with in_scope(world.admin):
        pk = create_person(world.admin, data={"name": NAME, "phone": MOBILE}).pk
        data = {"person": str(pk), "kind": "mobile", "value": SECOND}
        point = find("contact_points").create(world.admin, data=data).pk
    why = ["还有未结清的款项"]
    keeps(ContactPoint, columns=("value", "key"), ground="法定保存期", blocks=lambda ids: why[0])
    try:
        with in_scope(world.admin), pytest.raises(Refused):
            erase_person(world.admin, pk, ground="request")
        with in_scope(world.admin), pytest.raises(Refused) as refused:
            ask_erasure(world.admin, pk, ground="request", note="", confirm=NAME)
        assert str(refused.value.reason) == why[0], "said at once, not by a job that fails"
        why[0] = ""
        with in_scope(world.admin):
            assert Person.objects.filter(pk=pk).exists()
            erase_person(world.admin, pk, ground="request")
            stayed = ContactPoint.objects.get(pk=point)
            assert (stayed.value, stayed.person_id) == ("***", None)
    finally:
        forget(ContactPoint)
    assert everywhere(world) == []


def test_an_edit_that_comes_meanwhile_finds_nobody(world: World) -> None:
    with in_scope(world.admin):
        pk = create_person(world.admin, data={"name": NAME, "phone": MOBILE}).pk
    begun = Event()

    def edit() -> str:
        begun.wait(10)
        try:
            with in_scope(world.admin):
                edit_person(world.admin, pk, data={"remarks": SECRET}, expected_version=None)
        except NotFound:
            return "nobody"
        finally:
            connection.close()
        return "written"

    with ThreadPoolExecutor(1) as pool:
        with in_scope(world.admin):
            erase_person(world.admin, pk, ground="request")
            meanwhile = pool.submit(edit)
            begun.set()
            sleep(0.3)
        assert meanwhile.result(20) == "nobody"
    with in_scope(world.admin):
        assert erase_again(world.system) == 0
    assert everywhere(world) == []
