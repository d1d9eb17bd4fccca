"""Address books as tables: Thunderbird, a CRM's export, Google's shared contacts, LDIF."""

import base64
from datetime import date, datetime

import pytest

from guanxi.customers.models import Person
from guanxi.integrations.imports.tests.expected.bringing import (
    FOLDER,
    HERE,
    bring,
    companies,
    given,
    lines,
    people,
    told,
    typed,
)
from guanxi.kernel.errors import Invalid
from guanxi.testing.worlds import World, in_scope

pytestmark = HERE
BIRD = "contacts_csv/thunderbird/"
ATOMIC = "contacts_csv/atomic_crm/contacts.csv"
GOOGLE = "contacts_csv/google_shared/sample1.csv"


def thunderbirds(row: dict[str, str]) -> dict[str, object]:
    """A person of Thunderbird's table: called as the book shows them. An address without a dot is nobody's."""
    email = row["Primary Email"]
    email = email if "." in email.partition("@")[2] else ""
    return given(
        name=row["Display Name"], post=row["Job Title"], remarks=row["Notes"], email=email,
        reached={("email", email, "")} if email else set(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "unplaced", "unread"),
    [
        ("basic_csv_addressbook.csv", set(), set()),
        # Four columns of one's own, which somebody may want as fields; two addresses that nothing can be sent to.
        ("export.csv", {f"Custom {n}" for n in (1, 2, 3, 4)}, {"contact1@invalid", "contact2@invalid"}),
    ],
)
def test_thunderbirds_tables(world: World, name: str, unplaced: set[str], unread: set[str]) -> None:
    found = bring(world.admin, "people", BIRD + name)
    rows = typed(BIRD + name)
    assert found.figures == (len(rows), len(rows), 0, 0)
    assert found.unplaced == unplaced
    assert set(found.emptied("Primary Email")) == unread
    with in_scope(world.admin):
        assert people() == {row["Display Name"]: thunderbirds(row) for row in rows}
        assert companies() == {}


def test_a_table_without_a_head(world: World) -> None:
    name = BIRD + "csv_no_header.csv"
    found = bring(world.admin, "people", name)
    rows = lines(name)
    assert found.figures == (2, 2, 0, 0)
    assert len(found.unplaced) == 2  # given and family name again, which the first column says together
    with in_scope(world.admin):
        assert people() == {
            row[0]: {"name": row[0], "email": row[3], "reached": {("email", row[3], "")}} for row in rows
        }


def test_lines_parted_by_commas_and_by_tabs_say_nobodys_name_by_themselves(world: World) -> None:
    name = BIRD + "tab_comma_mixed.csv"
    with pytest.raises(Invalid):
        bring(world.admin, "people", name)  # 1, 2, 3, 4: figures, which nobody would take for names
    found = bring(world.admin, "people", name, {"0": "name"})
    assert found.figures == (4, 4, 0, 0)
    with in_scope(world.admin):
        assert people() == {
            n: {"name": n, "email": f"{n}@host.invalid", "reached": {("email", f"{n}@host.invalid", "")}}
            for n in "1234"
        }


def test_a_directory_in_ldif(world: World) -> None:
    name = BIRD + "basic_ldif_addressbook.ldif"
    entry: dict[str, str] = {}
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        key, _colon, text = line.partition(":")
        entry[key] = base64.b64decode(text[1:]).decode() if text[:1] == ":" else text.strip()
    found = bring(world.admin, "people", name)
    assert found.figures == (1, 1, 0, 0)
    # Where somebody lives, a pager, a chat name and what is one's own have no place before a field is made for them.
    assert found.unplaced == {
        "Pager", "AIM", "Home Street", "Home Address 2", "Home City", "Home Region", "Home Postal Code", "Home Country",
        *(f"Custom {n}" for n in (1, 2, 3, 4)),
    }  # fmt: skip
    assert found.emptied("Website") == {
        entry["mozillaWorkUrl"]: 1
    }  # a machine's own address is no company's site
    with in_scope(world.admin):
        assert people() == {
            entry["cn"]: {
                "name": entry["cn"], "other_names": entry["mozillaNickname"], "post": entry["title"],
                "department": entry["ou"], "company": entry["o"], "phone": entry["mobile"], "email": entry["mail"],
                "born": date(int(entry["birthyear"]), int(entry["birthmonth"]), int(entry["birthday"])),
                "remarks": entry["description"],
                "reached": {
                    ("phone", entry["mobile"], ""), ("phone", entry["telephoneNumber"], "work"),
                    ("phone", entry["homePhone"], "private"), ("fax", entry["fax"], "work"),
                    ("email", entry["mail"], ""), ("email", entry["mozillaSecondEmail"], ""),
                    ("web", entry["mozillaHomeUrl"], ""),
                },
            }
        }  # fmt: skip
        ((company, values),) = companies().items()
        place = [entry[key] for key in ("street", "mozillaWorkStreet2", "l")]
        assert company == entry["o"]
        assert values == {
            "name": entry["o"],
            "address": ", ".join([*place, f"{entry['st']} {entry['postalCode']}", entry["c"]]),
        }


def of_atomic(row: dict[str, str]) -> dict[str, object]:
    """A contact of Atomic CRM: a company each, several phones, the first of which is the usual one."""
    uses = (("phone_work", "work"), ("phone_home", "private"), ("phone_other", "other"))
    phones = [(row[name], use) for name, use in uses if row[name]]
    return given(
        name=f"{row['first_name']} {row['last_name']}", company=row["company_name"], post=row["title"],
        remarks=row["background"], sex={"female": "f", "male": "m"}.get(row["gender"], ""),
        phone=phones[0][0] if phones else "", email=row["email_other"],
        reached={("phone", phone, use) for phone, use in phones} | {("email", row["email_other"], "")},
    )  # fmt: skip


def test_five_hundred_contacts_of_another_crm(world: World) -> None:
    rows = typed(ATOMIC)
    found = bring(world.admin, "people", ATOMIC)
    assert found.figures == (500, 500, 0, 0)
    # Keys of three figures that another file has too; figures and lists of that program, which may become own fields.
    assert found.unplaced == {
        "id", "company_id", "sales_id", "nb_tasks", "sales", "last_seen", "has_newsletter", "status", "tags",
        "company",  # says the company's name again
    }  # fmt: skip
    third = [row for row in rows if row["gender"] == "nonbinary"]
    assert found.emptied("gender") == {"nonbinary": len(third)}  # a third sex is not among ours
    with in_scope(world.admin):
        mine = {one.email: one for one in Person.objects.select_related("customer")}
        assert len(mine) == 500
        for row in rows:
            one = mine[row["email_other"]]
            assert told(one) == of_atomic(row)
            assert one.created_at == datetime.fromisoformat(row["first_seen"]).replace(microsecond=0)
        assert companies() == {row["company_name"]: {"name": row["company_name"]} for row in rows}


def test_googles_shared_contacts(world: World) -> None:
    rows = typed(GOOGLE)
    found = bring(world.admin, "people", GOOGLE)
    assert found.figures == (16, 16, 0, 0)
    # What the program that made the file keeps for itself, and pairs of a key and a value in two columns.
    assert found.unplaced == {
        "Action", "contactType", "domain", "apiId", "WorkRelType", "HomeRelType", "OtherRelType", "MobileRelType",
        "NameLower", "NameLowerUnique", "Website Rel",
        *(f"Custom {what}{n}" for what in ("Key", "Value") for n in (1, 2, 3, 4)),
    }  # fmt: skip
    with in_scope(world.admin):
        assert people() == {
            row["Name"]: {
                "name": row["Name"], "company": row["Company"], "post": row["Job Title"], "remarks": row["Notes"],
                "number": row["ID"], "phone": row["Mobile Phone"], "email": row["E-mail Address"],
                "reached": {
                    ("phone", row["Mobile Phone"], ""), ("phone", row["Business Phone"], "work"),
                    ("fax", row["Business Fax"], "work"), ("email", row["E-mail Address"], ""),
                    ("web", row["Website Work"], ""),
                },
            }
            for row in rows
        }  # fmt: skip
        # Sixteen companies that give one web site are sixteen.
        assert companies() == {
            row["Company"]: {
                "name": row["Company"],
                "website": row["Website"],
                "address": row["Business Address"],
            }
            for row in rows
        }
