"""Tables of Salesforce as its interface gives them: accounts, contacts, tasks, events, users; some values masked."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from guanxi.customers.models import Customer, Person
from guanxi.integrations.imports.tests.expected.bringing import (
    FOLDER,
    HERE,
    bring,
    given,
    people,
    said,
    touches,
    typed,
)
from guanxi.integrations.moves.services import move_in
from guanxi.integrations.moves.sets import add_file, begin_set
from guanxi.testing.worlds import World, in_scope

pytestmark = HERE
SALESFORCE = "crm_schemas_fivetran/salesforce/sf_{}_data.csv"
HERE_AT = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> datetime:
    """A time of the file, which says no zone: the company's."""
    return datetime.fromisoformat(text).replace(tzinfo=HERE_AT)


def account(row: dict[str, str]) -> dict[str, object]:
    """An account as somebody would type it; phones, sites and industries are masked beyond reading."""
    tail = " ".join(row[name] for name in ("billing_state", "billing_postal_code") if row[name])
    place = [row["billing_street"], row["billing_city"], tail, row["billing_country"]]
    there = row["billing_street"] or row["billing_city"]  # a country alone is no address
    return given(
        name=row["name"], number=row["id"], remarks=row["description"],
        address=", ".join(part for part in place if part) if there else "",
    )  # fmt: skip


def test_accounts(world: World) -> None:
    name = SALESFORCE.format("account")
    rows = [row for row in typed(name) if row["is_deleted"] != "true"]
    found = bring(world.admin, "customers", name)
    assert found.figures == (10, 1, 9, 0)  # nine lie in the other program's bin
    # Keys of other tables, pictures, what the program notes for itself, a count of employees, a second address.
    assert found.unplaced == {
        "account_source", "billing_country_code", "billing_state_code", "is_deleted", "master_record_id", "owner_id",
        "number_of_employees", "photo_url", "record_type_id", "shipping_country", "shipping_country_code",
        "_fivetran_active", "_fivetran_synced",
    }  # fmt: skip
    for column in ("phone", "website", "industry", "type"):
        masked = Counter(row[column] for row in rows if row[column])
        assert found.emptied(column) == masked
    with in_scope(world.admin):
        here = {one.number: said(one) for one in Customer.objects.all()}
        assert here == {row["id"]: account(row) for row in rows}


def test_contacts(world: World) -> None:
    name = SALESFORCE.format("contact")
    nameless, *rows = typed(name)
    found = bring(world.admin, "people", name)
    assert found.figures == (4, 3, 0, 1)
    assert not nameless["name"] + nameless["first_name"] + nameless["last_name"]  # nobody
    assert found.emptied("account_id") == {
        row["account_id"]: 1 for row in rows
    }  # those are not in this company
    assert not found.unplaced & {
        "phone", "email", "description", "title", "mailing_street", "mailing_city", "mailing_state", "name",
        "mailing_postal_code", "mailing_country", "created_date", "id",
    }  # fmt: skip
    with in_scope(world.admin):
        expected = {
            row["name"]: given(
                name=row["name"], post=row["title"], number=row["id"], remarks=row["description"],
                phone=row["phone"], email=row["email"],
reached={(kind, row[kind], "") for kind in ("phone", "email") if row[kind]},
            )
            for row in rows
        }  # fmt: skip
        assert people() == expected
        assert Customer.objects.count() == 0
        created = dict(Person.objects.values_list("number", "created_at"))
        assert created == {row["id"]: moment(row["created_date"]) for row in rows}


@pytest.mark.parametrize(("what", "unknown"), [("task", "account_id"), ("event", "account_id")])
def test_tasks_and_events(world: World, what: str, unknown: str) -> None:
    name = SALESFORCE.format(what)
    rows = {row["id"]: row for row in typed(name)}
    found = bring(world.admin, "activities", name)
    assert found.figures == (10, 10, 0, 0)
    # Neither the accounts nor those who took part are here: each is told, none is made up.
    assert found.emptied(unknown) == Counter(row[unknown] for row in rows.values() if row[unknown])
    assert found.outcome.beside == {
        "participants": {"created": 0, "updated": 0, "skipped": 0, "rejected": 10}
    }
    with in_scope(world.admin):
        for one, told in touches():
            row = rows.pop(one.number)
            kind = "task" if what == "task" else row["type"].lower()
            minutes = int(row["duration_in_minutes"]) if row.get("duration_in_minutes") else None
            assert told == given(
                kind=kind, number=row["id"], subject=row["subject"], text=row["description"], minutes=minutes
            )
            assert one.at == moment(row["activity_date"])
            assert one.created_at == moment(row["created_date"])
            assert one.state == "done"  # completed, or an event long over
        assert rows == {}


def test_users_of_a_set_and_what_came_of_its_files(world: World) -> None:
    names = [SALESFORCE.format(what) for what in ("event", "user", "contact", "account", "task")]
    with in_scope(world.admin):
        move = begin_set(world.admin, "en")
        for name in names:
            data = (FOLDER / name).read_bytes()
            move = add_file(world.admin, move, name=name.rpartition("/")[2], chunks=[data])
        assert [one.holds for one in move.files] == [
            "activities",
            "members",
            "people",
            "customers",
            "activities",
        ]
        users = {row["id"]: row["name"] for row in typed(SALESFORCE.format("user"))}
        assert {one.key: one.name for one in move.colleagues()} == users
        found = move_in(world.admin, move, rehearse=False)
        figures = {one["name"]: (one["rows"], one["created"], one["rejected"]) for one in found["files"]}
    assert figures == {
        "sf_account_data.csv": (10, 1, 0), "sf_contact_data.csv": (4, 3, 1), "sf_task_data.csv": (10, 10, 0),
        "sf_event_data.csv": (10, 10, 0),
    }  # fmt: skip
