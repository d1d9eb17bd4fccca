"""Accounts of a hardware seller, complaints to a public office, clients of a bank that are called by telephone."""

import csv
import re
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from guanxi.activities.models import Activity
from guanxi.customers.models import Customer
from guanxi.integrations.imports.tests.expected.bringing import (
    FOLDER,
    HERE,
    bring,
    companies,
    given,
    said,
    touches,
    typed,
)
from guanxi.resource.registry import find
from guanxi.tailoring.models import OwnField
from guanxi.testing.worlds import World, in_scope

pytestmark = HERE
# Places of these accounts; one is misspelt and nobody guesses.
COUNTRIES = {
    "United States": "US", "Kenya": "KE", "Italy": "IT", "Norway": "NO", "Korea": "KR", "Jordan": "JO", "Brazil": "BR",
    "Japan": "JP", "Belgium": "BE", "China": "CN", "Poland": "PL", "Germany": "DE", "Romania": "RO", "Panama": "PA",
}  # fmt: skip
# Sectors that are one class of GB/T 4754; medical, finance, marketing and services are several, one is misspelt.
SECTORS = {"retail": "52", "software": "65", "telecommunications": "63", "entertainment": "90"}


def test_accounts_of_a_hardware_seller(world: World) -> None:
    name = "maven_crm/accounts.csv"
    rows = typed(name)
    found = bring(world.admin, "customers", name)
    assert found.figures == (85, 85, 0, 0)
    assert found.unplaced == {
        "year_established",
        "revenue",
        "employees",
    }  # a year is no day; figures of its own
    assert found.emptied("sector") == Counter(row["sector"] for row in rows if row["sector"] not in SECTORS)
    assert found.emptied("office_location") == {"Philipines": 1}
    with in_scope(world.admin):
        assert companies() == {
            row["account"]: given(
                name=row["account"], parent=row["subsidiary_of"], industry=SECTORS.get(row["sector"]),
                region=COUNTRIES.get(row["office_location"]),
            )
            for row in rows
        }  # fmt: skip


def test_complaints_stand_at_the_companies_they_are_about(world: World) -> None:
    name = "service_cfpb/complaints_sample.csv"
    rows = {row["Complaint ID"]: row for row in typed(name)}
    found = bring(world.admin, "activities", name)
    assert found.figures == (2067, 2067, 0, 0)
    # Lists and answers of that office, which may become fields of one's own; the state is one of America, not ours.
    assert found.unplaced == {
        "Product", "Sub-product", "Sub-issue", "Company public response", "State", "ZIP code", "Tags",
        "Consumer consent provided?", "Submitted via", "Date sent to company", "Company response to consumer",
        "Timely response?", "Consumer disputed?",
    }  # fmt: skip
    with in_scope(world.admin):
        assert companies() == {row["Company"]: {"name": row["Company"]} for row in rows.values()}
        for one, told in touches():
            row = rows.pop(one.number)
            text = re.sub(r"[ \t]+(?=\n)", "", row["Consumer complaint narrative"])
            assert told == given(number=one.number, subject=row["Issue"], text=text, company=row["Company"])
            day = datetime.fromisoformat(row["Date received"]).replace(tzinfo=ZoneInfo("Asia/Shanghai"))
            assert (one.at, one.undated, one.kind) == (day, False, "note")
        assert rows == {}


# Of each list some columns as fields of one's own: figures with and without parts, lists, yes or no.
BANKS = {
    "bank-additional-full.csv": {
        "age": "number",
        "job": "choice",
        "pdays": "number",
        "euribor3m": "number",
        "y": "yes_no",
    },
    "bank-full.csv": {
        "age": "number",
        "job": "choice",
        "balance": "number",
        "month": "choice",
        "y": "yes_no",
    },
}


def clients(world: World, path: Path, name: str) -> None:
    """Bring a list of called clients and compare each of them and each call."""
    fields = BANKS[name]
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    chosen = {column: f"new:{kind}" for column, kind in fields.items()}
    found = bring(
        world.admin, "customers", path, {**chosen, "duration": "activities.lasted:seconds"},
        name="Client {row}", kind="individual", activities__kind="call",
    )  # fmt: skip
    assert found.figures == (len(rows), len(rows), 0, 0)
    assert found.outcome.remarks == {}
    with in_scope(world.admin):
        own = {field.label_en: field for field in OwnField.objects.filter(resource="customers")}
        assert {label: field.kind for label, field in own.items()} == fields
        kinds = find("customers").fields()
        here = {one.name: one for one in Customer.objects.filter(kind="individual")}
        # A day and a month without a year are no date: when they called, nobody knows.
        calls = {one.customer_id: one for one in Activity.objects.filter(kind="call", undated=True)}
        assert (len(here), len(calls), Activity.objects.count()) == (len(rows),) * 3
        for line, row in enumerate(rows, start=2):
            client = here[f"Client {line}"]
            assert said(client) == {"name": client.name, "kind": "individual"}
            assert calls[client.pk].minutes == minutes(int(row["duration"]))
            assert len(client.own) == len(fields)
            for column, kind in fields.items():
                value = client.own[own[column].name]
                assert shown(kinds[own[column].name], value) == as_written(row[column], kind), (line, column)


def minutes(seconds: int) -> int | None:
    """Whole minutes of a call, half of one and more counted as one, none of a call that never was."""
    return max(1, (seconds + 30) // 60) if seconds else None


def as_written(cell: str, kind: str) -> str | bool | Decimal:
    """What a cell means."""
    return Decimal(cell) if kind == "number" else cell == "yes" if kind == "yes_no" else cell


def shown(kind: Any, value: Any) -> str | bool | Decimal:
    """What an own field says."""
    if isinstance(value, bool):
        return value
    return Decimal(value).scaleb(-kind.places) if isinstance(value, int) else kind.said(value, "en")


@pytest.mark.parametrize("name", BANKS)
def test_two_thousand_clients_of_a_bank_with_a_call_each(world: World, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with (FOLDER / "bank_marketing" / name).open(encoding="utf-8") as file:
        path.write_text(
            "".join(line for _at, line in zip(range(2_001), file, strict=False)), encoding="utf-8"
        )
    clients(world, path, name)


@pytest.mark.soak
@pytest.mark.parametrize("name", BANKS)
def test_every_client_of_a_bank_with_a_call_each(world: World, name: str) -> None:
    clients(world, FOLDER / "bank_marketing" / name, name)
