"""What a pool hides of its customers until they are claimed stays hidden on every door."""

# Chinese in code: names of customers and people in tests

from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from guanxi.collaboration.queries.comments import comments_of, find_comment
from guanxi.collaboration.services.comments import add_comment
from guanxi.customers.models import Customer, Pool
from guanxi.customers.queries.taken import taken
from guanxi.customers.services.customers import edit_customer
from guanxi.customers.services.people import create_person
from guanxi.customers.services.pool_settings import join_pool
from guanxi.customers.services.pools import claim
from guanxi.customers.services.ways import addresses, charges, points
from guanxi.customers.tests.test_pools import customer_of, make_pool, put
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tests.calling import program_of
from guanxi.kernel.errors import Forbidden, NotFound, Refused
from guanxi.privacy.models import Reveal
from guanxi.privacy.services.revealing import reveal
from guanxi.resource import access, listing, writing
from guanxi.resource.attachments import attach, attached, find_attachment
from guanxi.resource.registry import find
from guanxi.resource.withholding import HIDDEN, MASK
from guanxi.testing.worlds import World, in_scope

NAME, PHONE, OLD = "藏号商行", "0512-65430011", "0512-65430099"
STREET, REMARK, PERSON, MOBILE, EXTRA = "星湖街 328 号", "老板姓薛", "薛宝钗", "13987650123", "400-820-8820"
SECRETS = (PHONE, OLD, STREET, REMARK, PERSON, MOBILE, EXTRA, "65430011", "13987650123")


def hiding(world: World, *people: Actor, hides: str = "contacts,addresses,records", **more: Any) -> Pool:
    return make_pool(world, *(people or (world.seller,)), hides=hides, **more)


def pooled(world: World, pool: Pool) -> Customer:
    """A customer with everything that can be hidden, released by somebody else."""
    one = customer_of(world.elsewhere, NAME, phone=OLD, address=STREET, remarks=REMARK)
    with in_scope(world.elsewhere):
        edit_customer(world.elsewhere, one.pk, data={"phone": PHONE}, expected_version=None)
        create_person(world.elsewhere, data={"name": PERSON, "phone": MOBILE, "customer": str(one.pk)})
        points.create(world.elsewhere, data={"customer": str(one.pk), "kind": "phone", "value": EXTRA})
        addresses.create(
            world.elsewhere, data={"customer": str(one.pk), "use": "delivery", "street": "人民路 9 号"}
        )
    put(world.elsewhere, pool, one)
    return one


def leaks(text: str) -> set[str]:
    bare = text.replace(" ", "").replace("-", "")
    return {one for one in SECRETS if one.replace(" ", "").replace("-", "") in bare}


def test_pages_of_who_may_claim_hold_none_of_it(world: World, client_for: Any) -> None:
    pool = hiding(world)
    one = pooled(world, pool)
    client: Client = client_for(world.members["seller"])
    card = f"/customers/{one.pk}/"
    for address in (
        card, f"{card}preview/", f"{card}history/", f"{card}history/?field=phone", f"{card}panel/history/",
        f"/customers/?pool={pool.pk}&columns=name,phone,address,remarks", "/people/", "/addresses/",
        "/contact_points/", f"/search/?q={NAME}",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code in (200, 404), address
        assert not leaks(answer.content.decode()), address
    assert NAME in client.get(card).content.decode()
    assert MASK in client.get(card).content.decode()
    with in_scope(world.seller):
        claim(world.seller, ids=[one.pk])
    page = client.get(card).content.decode()
    assert {PHONE, STREET, REMARK} <= leaks(page)
    assert PERSON in client.get("/people/").content.decode()


def test_what_hangs_on_it_is_not_there(world: World) -> None:
    one = pooled(world, hiding(world))
    with in_scope(world.seller):
        for key in ("people", "affiliations", "contact_points", "addresses"):
            assert not access.visible(world.seller, find(key)).exists(), key
        claim(world.seller, ids=[one.pk])
        for key in ("people", "affiliations", "contact_points", "addresses"):
            assert access.visible(world.seller, find(key)).exists(), key


@pytest.mark.parametrize(
    ("hides", "hidden", "shown"),
    [
        ("contacts", {"phone"}, {"addresses"}),
        ("addresses", {"address"}, {"people", "contact_points"}),
        ("records", {"remarks"}, {"people", "addresses"}),
        ("", set(), {"people", "addresses", "contact_points"}),
    ],
    ids=["contacts", "addresses", "records", "nothing"],
)
def test_a_pool_hides_what_it_says_and_no_more(
    world: World, hides: str, hidden: set[str], shown: set[str]
) -> None:
    one = pooled(world, hiding(world, hides=hides))
    with in_scope(world.seller):
        seen = access.get(world.seller, find("customers"), one.pk)
        masked = {name for name in ("phone", "address", "remarks") if getattr(seen, name) == MASK}
        assert masked == hidden
        there = {
            key
            for key in ("people", "contact_points", "addresses")
            if access.visible(world.seller, find(key)).exists()
        }
        assert there == shown | ({"addresses"} if hides != "addresses" else set()) - (
            {"people", "contact_points"} if hides == "contacts" else set()
        ) | ({"people", "contact_points"} if hides != "contacts" else set())


def test_nothing_is_found_by_it(world: World) -> None:
    one = pooled(world, hiding(world))
    customers = find("customers")

    def found(actor: Actor, text: str) -> list[str]:
        with in_scope(actor):
            return [hit.title for hit in access.search(actor, customers, text)]

    def filtered(actor: Actor, query: str) -> list[str]:
        with in_scope(actor):
            wanted = listing.read(actor, customers, QueryDict(f"pool.filled=1&{query}"))
            return [row.name for row in wanted.page().rows]

    assert found(world.seller, "藏号") == [NAME]
    for text in ("65430011", "0011", EXTRA):
        assert found(world.seller, text) == [], text
    for query in (
        "phone.contains=0011",
        f"phone={PHONE}",
        "phone.filled=1",
        "phone.empty=1",
        "remarks.contains=薛",
    ):
        assert filtered(world.seller, query) == [], query
    assert filtered(world.seller, "name.contains=藏号") == [NAME]
    with in_scope(world.seller):
        claim(world.seller, ids=[one.pk])
    assert found(world.seller, "65430011") == [NAME]
    assert filtered(world.seller, "phone.contains=0011") == [NAME]


def test_api_and_export_show_masks(world: World, client_for: Any) -> None:
    pool = hiding(world, world.manager)
    one = pooled(world, pool)
    program = program_of(world.manager)
    told = program.get(f"/customers/{one.pk}")
    assert not leaks(told.content.decode())
    assert told.json()["phone"] == MASK
    assert not leaks(program.get(f"/customers?pool={pool.pk}").content.decode())
    client: Client = client_for(world.members["manager"])
    for form in ("csv", "vcf"):
        answer: Any = client.get(
            f"/customers/export/?pool={pool.pk}&format={form}&columns=name,phone,address,remarks"
        )
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200
        assert NAME in body.decode("utf-8-sig")
        assert not leaks(body.decode("utf-8-sig")), form


def test_who_administers_the_pool_or_has_a_part_in_the_customer_sees_it(world: World) -> None:
    pool = hiding(world, world.seller, world.teammate)
    one = pooled(world, pool)
    with in_scope(world.admin):
        join_pool(world.admin, pool.pk, member=world.teammate.member_id, administers=True)
        charges.create(
            world.admin,
            data={"customer": str(one.pk), "member": str(world.manager.member_id), "unit": "食品"},
        )
    customers = find("customers")
    for actor, phone in (
        (world.seller, MASK), (world.teammate, PHONE), (world.manager, PHONE), (world.admin, PHONE),
    ):  # fmt: skip
        with in_scope(actor):
            assert access.get(actor, customers, one.pk).phone == phone, actor.name


def test_a_mask_is_never_written(world: World) -> None:
    one = pooled(world, hiding(world))
    with in_scope(world.system):
        record = Customer.objects.get(pk=one.pk)
        with pytest.raises(ValueError, match="mask"):
            writing.update(find("customers"), record, {"phone": HIDDEN}, expected_version=None)
        record.phone = HIDDEN
        with pytest.raises(ValueError, match="mask"):
            writing.update_each(find("customers"), [(record, {"grade": "A"})])


def test_so_many_looks_a_day_each_written_down(world: World, client_for: Any) -> None:
    pool = hiding(world, looks_a_day="1")
    first, second = pooled(world, pool), customer_of(world.elsewhere, "秋水五金商行", phone="0512-65430022")
    put(world.elsewhere, pool, second)
    client: Client = client_for(world.members["seller"])
    way = reverse("reveal", args=["customers", first.pk, "phone"])
    assert way in client.get(f"/customers/{first.pk}/").content.decode()
    assert "65430011" in client.post(way).content.decode().replace("-", "")
    assert "65430011" in client.post(way).content.decode().replace(
        "-", ""
    )  # one already looked at is no other
    with in_scope(world.system):
        assert set(Reveal.objects.values_list("record_id", flat=True)) == {first.pk}
    other = reverse("reveal", args=["customers", second.pk, "phone"])
    assert "65430022" not in client.post(other).content.decode().replace("-", "")
    with in_scope(world.seller), pytest.raises(Refused, match="reveal_limit"):
        reveal(world.seller, resource="customers", record_id=second.pk, field="phone")
    with in_scope(world.seller), pytest.raises(Forbidden):
        reveal(world.seller, resource="customers", record_id=first.pk, field="address")


def test_without_looks_nobody_looks(world: World, client_for: Any) -> None:
    one = pooled(world, hiding(world))
    client: Client = client_for(world.members["seller"])
    assert "reveal" not in client.get(f"/customers/{one.pk}/").content.decode()
    with in_scope(world.seller), pytest.raises(Forbidden):
        reveal(world.seller, resource="customers", record_id=one.pk, field="phone")


def test_comments_and_files_wait_with_the_records(world: World, settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path
    customers = find("customers")
    pool = hiding(world, world.seller, hides="records")
    one = customer_of(world.elsewhere, NAME)
    with in_scope(world.elsewhere):
        said = add_comment(
            world.elsewhere, resource="customers", record_id=one.pk, text="老板的手机 13987650123"
        )
        attach(world.elsewhere, customers, one.pk, name="报价.txt", chunks=[b"secret"])
    put(world.elsewhere, pool, one)

    def beside() -> tuple[int, int]:
        with in_scope(world.seller):
            record = access.get(world.seller, customers, one.pk)
            return comments_of(customers, record).count, len(attached(world.seller, customers, one.pk))

    assert beside() == (0, 0)
    with in_scope(world.system):
        (file,) = attached(world.system, customers, one.pk)
    with in_scope(world.seller), pytest.raises(NotFound):
        find_comment(world.seller, said.pk)
    with in_scope(world.seller), pytest.raises(NotFound):
        find_attachment(world.seller, customers, one.pk, file.pk)
    with in_scope(world.seller):
        claim(world.seller, ids=[one.pk])
    assert beside() == (1, 1)


def test_asking_whether_one_is_taken_by_a_few_digits_finds_none_of_them(world: World) -> None:
    one = pooled(world, hiding(world))
    with in_scope(world.seller):
        assert taken(world.seller, "customers", "0011") == []
        claim(world.seller, ids=[one.pk])
        assert [found.record.pk for found in taken(world.seller, "customers", "0011")] == [one.pk]
