"""People leave as cards and activities as events: what the reader may know, and what this product reads back."""

# Chinese in code: names and notes as people have them

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.http import QueryDict
from django.test import Client
from icalendar import Calendar

from guanxi.customers.models import ContactPoint, Customer, Person
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import FieldRule
from guanxi.foundation.permissions.queries import load_actor
from guanxi.integrations.api.tests.calling import program_of
from guanxi.integrations.exports.formats import format_of
from guanxi.integrations.exports.services import write_file
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.outcomes import Outcome
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.kernel.errors import Forbidden
from guanxi.kinds import Show
from guanxi.resource import listing
from guanxi.resource.registry import find
from guanxi.resource.writing import insert
from guanxi.testing.customers import make_customer
from guanxi.testing.worlds import World, in_scope, writing

ClientFor = Callable[[Member], Client]
PERSON: dict[str, Any] = {
    "name": "欧阳静", "department": "采购部; 一组", "post": "经理, 采购", "phone": "13905391234",
    "email": "jing@example.com", "wechat": "ouyang_jing", "born": date(1980, 2, 29), "sex": "f",
    "other_names": "Jane", "remarks": "第一行\n第二行 \\ 还有；" + "很长的备注" * 30,
}  # fmt: skip


def exported(actor: Actor, key: str, path: Path, form: str, query: str = "") -> int:
    resource = find(key)
    with in_scope(actor):
        wanted = listing.read(actor, resource, QueryDict(query))
        return write_file(wanted, Show(actor=actor), path, format_of(resource, form))


def events_of(path: Path) -> dict[str, Any]:
    return {str(one["SUMMARY"]): one for one in Calendar.from_ical(path.read_bytes()).walk("VEVENT")}


def brought(actor: Actor, key: str, path: Path) -> Outcome:
    resource = find(key)
    with in_scope(actor):
        table = open_table(path)
        columns = map_columns(actor, resource, table.headers)
        return run_import(
            actor, resource=resource, table=table, columns=columns, options=Options("overwrite")
        )


@pytest.mark.parametrize("form", ["vcf", "vcf3"])
def test_a_person_s_card_reads_back_as_it_was(
    world: World, other_world: World, tmp_path: Path, form: str
) -> None:
    path = tmp_path / "people.vcf"
    with writing(world.system):
        works_at = make_customer(name="苏州精工, 机械有限公司")
        insert(find("people"), {**PERSON, "customer_id": works_at.pk})
    with writing(other_world.system):
        make_customer(name="苏州精工, 机械有限公司")
    assert exported(world.admin, "people", path, form) == 1
    assert max(len(line) for line in path.read_bytes().split(b"\r\n")) <= 75
    outcome = brought(other_world.admin, "people", path)
    assert (outcome.created, outcome.rejected) == (1, 0)
    with in_scope(other_world.admin):
        found = Person.objects.select_related("customer").get()
        kept = {name: getattr(found, name) for name in PERSON}
        assert found.customer is not None
        assert found.customer.name == "苏州精工, 机械有限公司"
    # vCard 3.0 has no word for it.
    assert kept == PERSON | ({"sex": ""} if form == "vcf3" else {})


@pytest.mark.parametrize("form", ["vcf", "vcf3"])
def test_a_customer_s_card_reads_back(world: World, other_world: World, tmp_path: Path, form: str) -> None:
    path = tmp_path / "customers.vcf"
    values = {
        "name": "苏州精工机械有限公司", "phone": "0512-66001234", "address": "工业园区星湖街 1 号, 2 栋",
        "website": "https://www.example.com", "remarks": "老客户\n付款快",
    }  # fmt: skip
    with writing(world.system):
        insert(find("customers"), values)
    assert exported(world.admin, "customers", path, form) == 1
    outcome = brought(other_world.admin, "customers", path)
    assert (outcome.created, outcome.rejected) == (1, 0)
    with in_scope(other_world.admin):
        found = Customer.objects.get()
        assert {name: getattr(found, name) for name in values} == values


@pytest.mark.parametrize("form", ["vcf", "vcf3"])
@pytest.mark.parametrize(
    ("address", "region", "parts"),
    [
        (
            "江苏省苏州市工业园区星湖街 1 号, 2 栋",
            "320500",
            ";;工业园区星湖街 1 号\\, 2 栋;苏州市;江苏省;;中国",
        ),
        ("北京市朝阳路 3 号", "110000", ";;朝阳路 3 号;;北京市;;中国"),
        ("12 Main St, Springfield, United States", "US", ";;12 Main St\\, Springfield;;;;United States"),
        ("没有地区的路 1 号", "", ";;没有地区的路 1 号;;;;"),
    ],
)
def test_an_address_leaves_in_its_parts_and_comes_back_whole(
    world: World, other_world: World, tmp_path: Path, form: str, address: str, region: str, parts: str
) -> None:
    path = tmp_path / "customers.vcf"
    with writing(world.system):
        insert(find("customers"), {"name": "苏州精工机械有限公司", "address": address, "region": region})
    exported(world.admin, "customers", path, form)
    assert f"ADR;TYPE=work:{parts}" in path.read_text().replace("\n ", "")
    brought(other_world.admin, "customers", path)
    with in_scope(other_world.admin):
        found = Customer.objects.get()
        assert (found.address, found.region) == (address, region)


@pytest.mark.parametrize("form", ["vcf", "vcf3"])
def test_numbers_keep_their_use(world: World, other_world: World, tmp_path: Path, form: str) -> None:
    path = tmp_path / "people.vcf"
    points = {
        ("phone", "0512-66001234", "work"), ("phone", "0512-66009999", "private"), ("fax", "0512-66007777", "work"),
        ("email", "jing@work.example.com", "work"), ("email", "jing@home.example.com", "private"),
    }  # fmt: skip
    with writing(world.system):
        person = insert(find("people"), PERSON)
        for kind, value, use in points:
            ContactPoint(
                person_id=person.pk, kind=kind, value=value, key=value, use=use, seen_by="all"
            ).save()
    exported(world.admin, "people", path, form)
    assert brought(other_world.admin, "people", path).created == 1
    with in_scope(other_world.admin):
        kept = set(ContactPoint.objects.values_list("kind", "value", "use"))
        assert points <= kept


def test_what_is_masked_or_hidden_is_so_on_the_card(world: World, tmp_path: Path) -> None:
    with writing(world.system):
        person = insert(find("people"), {**PERSON, "owner_id": world.members["manager"].pk})
        for kind, value, seen in (("mobile", "13700000001", "all"), ("mobile", "13700000002", "owner")):
            ContactPoint(person_id=person.pk, kind=kind, value=value, key=value, seen_by=seen).save()
        role = world.roles["sales_manager"]
    path = tmp_path / "people.vcf"
    exported(world.admin, "people", path, "vcf")
    whole = path.read_text()
    assert "13905391234" in whole
    assert "13700000001" in whole
    assert "13700000002" not in whole  # only its owner knows it
    with writing(world.system):
        FieldRule(role=role, resource="people", field="phone", mode="mask").save()
        FieldRule(role=role, resource="people", field="born", mode="mask").save()
        FieldRule(role=role, resource="people", field="remarks", mode="hide").save()
    with in_scope(world.system):
        manager = load_actor(world.members["manager"].pk)
    exported(manager, "people", path, "vcf")
    masked = path.read_text()
    assert "1234" in masked
    assert "13905391234" not in masked
    assert "137000" not in masked
    assert "BDAY" not in masked
    assert "NOTE" not in masked


def test_activities_leave_as_events_that_a_calendar_reads(world: World, tmp_path: Path) -> None:
    at = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
    with writing(world.system):
        customer = make_customer(name="甲公司")
        values = {
            "subject": "回访; 报价", "kind": "visit", "state": "planned", "at": at, "minutes": 45, "place": "苏州",
            "customer_id": customer.pk, "text": "带样品\n谈价格", "remind_at": at - timedelta(hours=1),
        }  # fmt: skip
        insert(find("activities"), values)
        insert(find("activities"), {"subject": "取消的", "kind": "call", "state": "cancelled", "at": at})
    path = tmp_path / "activities.ics"
    assert exported(world.admin, "activities", path, "ics", "sort=at") == 2
    events = events_of(path)
    visit = events["回访; 报价 · 甲公司"]
    assert visit["DTSTART"].dt == at
    assert visit["DTEND"].dt == at + timedelta(minutes=45)
    assert str(visit["LOCATION"]) == "苏州"
    assert "带样品\n谈价格" in str(visit["DESCRIPTION"])
    assert visit.walk("VALARM")[0]["TRIGGER"].dt == timedelta(hours=-1)
    assert (visit["STATUS"], events["取消的"]["STATUS"]) == ("TENTATIVE", "CANCELLED")


def test_birthdays_leave_as_days_of_every_year_and_lunar_ones_as_the_next(
    world: World, tmp_path: Path
) -> None:
    with writing(world.system):
        insert(find("people"), {"name": "王芳", "born": date(1980, 2, 29)})
        insert(find("people"), {"name": "李娜", "born": date(1980, 9, 24), "born_lunar": True})
        insert(find("people"), {"name": "无名"})
    path = tmp_path / "born.ics"
    exported(world.admin, "people", path, "ics")
    by_name = {said[:2]: one for said, one in events_of(path).items()}
    assert set(by_name) == {"王芳", "李娜"}
    assert by_name["王芳"]["DTSTART"].dt == date(1980, 2, 29)
    assert by_name["王芳"]["RRULE"]["FREQ"] == ["YEARLY"]
    assert "RRULE" not in by_name["李娜"]
    assert by_name["李娜"]["DTSTART"].dt.year > 2000


def test_the_menu_offers_what_the_resource_can_be_and_the_page_sends_it(
    world: World, client_for: ClientFor
) -> None:
    with writing(world.system):
        insert(find("people"), PERSON)
    client = client_for(world.members["admin"])
    page = client.get("/people/").content.decode()
    assert all(f"format={form}" in page for form in ("csv", "xlsx", "vcf", "vcf3", "ics"))
    assert "format=vcf" not in client.get("/activities/").content.decode()
    answer: Any = client.get("/people/export/?format=vcf")
    assert answer.headers["Content-Type"].startswith("text/vcard")
    assert ".vcf" in answer.headers["Content-Disposition"]
    assert "FN:欧阳静" in b"".join(answer.streaming_content).decode()
    assert client.get("/activities/export/?format=vcf").status_code in (400, 422)
    assert client_for(world.members["seller"]).get("/people/export/?format=vcf").status_code == 403


def test_who_may_not_export_gets_no_cards(world: World, tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        exported(world.seller, "people", tmp_path / "a.vcf", "vcf")


def test_the_command_line_writes_by_the_ending(world: World, tmp_path: Path) -> None:
    with writing(world.system):
        insert(find("people"), PERSON)
    company = ("--company", world.tenant.slug)
    call_command("export", "people", str(tmp_path / "a.vcf"), *company)
    assert "VERSION:4.0" in (tmp_path / "a.vcf").read_text()
    call_command("export", "people", str(tmp_path / "b.vcf"), *company, "--format", "vcf3")
    assert "VERSION:3.0" in (tmp_path / "b.vcf").read_text()
    with pytest.raises(CommandError):
        call_command("export", "activities", str(tmp_path / "a.vcf"), *company)


def test_the_api_sends_cards_where_the_resource_has_them(world: World) -> None:
    with writing(world.system):
        insert(find("people"), PERSON)
    program = program_of(world.admin)
    answer = program.get("/people/export?format=vcf")
    assert "FN:欧阳静" in b"".join(answer).decode()
    assert program.get("/activities/export?format=vcf").status_code == 422
