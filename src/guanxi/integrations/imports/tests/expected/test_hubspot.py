"""Tables of HubSpot as its interface gives them: companies, contacts, engagements, users and owners; values masked."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from guanxi.activities.models import Activity
from guanxi.customers.models import ContactPoint, Customer, Person
from guanxi.integrations.imports.tests.expected.bringing import (
    FOLDER,
    HERE,
    bring,
    companies,
    given,
    people,
    touches,
    typed,
)
from guanxi.integrations.moves.services import move_in
from guanxi.integrations.moves.sets import add_file, begin_set
from guanxi.testing.worlds import World, in_scope

pytestmark = HERE
HUBSPOT = "crm_schemas_fivetran/hubspot/{}_data.csv"
COUNTRIES = {"United States": "US", "United Kingdom": "GB"}


def moment(text: str) -> datetime:
    """A time of the file, which says no zone: the company's. Parts of seconds are not kept."""
    found = datetime.strptime(text.partition(".")[0], "%Y-%m-%d %H:%M:%S")
    return found.replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def test_companies(world: World) -> None:
    name = HUBSPOT.format("company")
    rows = typed(name)
    found = bring(world.admin, "customers", name)
    assert found.figures == (24, 24, 0, 0)
    # What the program notes for itself, a year's revenue, a property of that company's own.
    assert found.unplaced == {
        "is_deleted", "_fivetran_synced", "property_annualrevenue", "property_hs_all-funky-a9384-syntax"
    }  # fmt: skip
    masked = Counter(row["property_industry"] for row in rows if row["property_industry"])
    assert found.emptied("property_industry") == masked
    parts = ("address", "address_2", "city", "state", "country")
    with in_scope(world.admin):
        assert companies() == {
            row["property_name"]: given(
                name=row["property_name"], number=row["id"], remarks=row["property_description"],
                address=", ".join(text for part in parts if (text := row[f"property_{part}"])),
                region=COUNTRIES[row["property_country"]],
            )
            for row in rows
        }  # fmt: skip
        created = dict(Customer.objects.values_list("number", "created_at"))
        assert created == {row["id"]: moment(row["property_createdate"]) for row in rows}


def test_contacts(world: World) -> None:
    name = HUBSPOT.format("contact")
    rows = typed(name)
    found = bring(world.admin, "people", name)
    assert found.figures == (22, 22, 0, 0)
    assert found.unplaced == {
        "_fivetran_deleted", "_fivetran_synced", "property_annualrevenue", "property_hs_calculated_merged_vids",
        "property_created_at",  # says the day of creation again
    }  # fmt: skip
    # Masked addresses are none: the first is left empty, the second is no way to reach anybody.
    assert found.emptied("property_email") == {row["property_email"]: 1 for row in rows}
    assert found.outcome.beside["contact_points"]["rejected"] == len(rows)
    with in_scope(world.admin):
        assert people() == {
            full: given(name=full, number=row["id"], company=row["property_company"])
            for row in rows
            for full in [f"{row['property_firstname']} {row['property_lastname']}"]
        }
        assert ContactPoint.objects.count() == 0
        assert list(companies()) == ["SampleCompany"]
        created = dict(Person.objects.values_list("number", "created_at"))
        assert created == {row["id"]: moment(row["property_createdate"]) for row in rows}


@pytest.mark.parametrize("kind", ["note", "task", "call"])
def test_engagements_with_a_time(world: World, kind: str) -> None:
    name = HUBSPOT.format(f"engagement_{kind}")
    rows = {row["engagement_id"]: row for row in typed(name)}
    found = bring(world.admin, "activities", name, kind=kind)
    assert found.figures == (len(rows), len(rows), 0, 0)
    with in_scope(world.admin):
        for one, told in touches():
            row = rows.pop(one.number)
            text = row.get("property_hs_note_body", "")
            assert told == given(
                kind=kind if kind != "note" else "", number=one.number, text=text, subject=text
            )
            assert one.at == moment(row["property_hs_timestamp"])
            assert one.created_at == moment(row["property_hs_createdate"])
        assert rows == {}


def test_meetings(world: World) -> None:
    name = HUBSPOT.format("engagement_meeting")
    rows = {row["engagement_id"]: row for row in typed(name)}
    found = bring(world.admin, "activities", name, kind="meeting")
    assert found.figures == (100, 100, 0, 0)
    # Where the entry was made; the end becomes the length.
    assert found.unplaced == {
        "_fivetran_synced", "pre_meeting_prospect_reminders", "source", "source_id", "external_url"
    }  # fmt: skip
    with in_scope(world.admin):
        for one, told in touches():
            row = rows.pop(one.number)
            length = moment(row["end_time"]) - moment(row["start_time"])
            assert told == given(
                kind="meeting", number=one.number, subject=row["title"], text=row["body"],
                minutes=max(1, round(length.total_seconds() / 60)) if length else None,
            )  # fmt: skip
            assert one.at == moment(row["start_time"])
        assert rows == {}


def test_a_set_knows_the_kind_of_engagements_and_who_its_users_are(world: World) -> None:
    names = [
        HUBSPOT.format(what) for what in ("users", "owner", "engagement_meeting", "engagement_task", "engagement_call")
    ]  # fmt: skip
    with in_scope(world.admin):
        move = begin_set(world.admin, "en")
        for name in names:
            data = (FOLDER / name).read_bytes()
            move = add_file(world.admin, move, name=name.rpartition("/")[2], chunks=[data])
        users = {row["id"]: f"{row['first_name']} {row['last_name']}" for row in typed(names[0])}
        owners = {row["owner_id"] for row in typed(names[1])}
        colleagues = {one.key: one.name for one in move.colleagues()}
        assert {key: colleagues[key] for key in users} == users
        assert set(colleagues) == set(users) | owners
        found = move_in(world.admin, move, rehearse=False)
        assert [one["created"] for one in found["files"]] == [100, 2, 1]
        assert Counter(Activity.objects.values_list("kind", flat=True)) == {
            "meeting": 100,
            "task": 2,
            "call": 1,
        }
