"""Contact points, addresses and billing profiles: one truth with the quick fields, and who sees what."""

# Chinese in code: names of customers and people, addresses

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from guanxi.customers.models import Address, BillingProfile, ContactPoint, Customer, Person
from guanxi.customers.resources.business import _business_of
from guanxi.customers.rules.rows import Need, address_key, need_of, point_key
from guanxi.customers.services.customers import create_customer, edit_customer
from guanxi.customers.services.people import create_person, edit_person
from guanxi.customers.services.ways import addresses, billing, business, charges, points, settle_ways_of
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, NotFound, Refused
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope


def _customer(actor: Actor, name: str = "苏州甲机械有限公司", **data: Any) -> Customer:
    with in_scope(actor):
        return create_customer(actor, data={"name": name, "relations": "customer", **data})


def _person(actor: Actor, name: str = "王小明", **data: Any) -> Person:
    with in_scope(actor):
        return create_person(actor, data={"name": name, **data})


def _point(actor: Actor, **data: Any) -> ContactPoint:
    with in_scope(actor):
        made: ContactPoint = points.create(actor, data={k: str(v) for k, v in data.items()})
        return made


def _points(actor: Actor, **of: UUID) -> list[tuple[str, str, bool]]:
    with in_scope(actor):
        rows = ContactPoint.objects.filter(**of).order_by("kind", "value")
        return [(one.kind, one.value, one.main) for one in rows]


def test_a_further_phone_brings_the_standing_one_along_and_the_customer_keeps_it(world: World) -> None:
    customer = _customer(world.seller, phone="0512-66668888")
    _point(world.seller, customer=customer.pk, kind="phone", value="0512-66669999", use="finance")
    assert _points(world.seller, customer=customer.pk) == [
        ("phone", "0512-66668888", True),
        ("phone", "0512-66669999", False),
    ]
    with in_scope(world.seller):
        customer.refresh_from_db()
        assert customer.phone == "0512-66668888"


def test_the_main_one_and_the_quick_field_say_the_same_whichever_is_written(world: World) -> None:
    customer = _customer(world.seller, phone="0512-66668888")
    second = _point(world.seller, customer=customer.pk, kind="mobile", value="13800001234", main="yes")
    with in_scope(world.seller):
        customer.refresh_from_db()
        assert customer.phone == "13800001234"
        hit = access.search(world.seller, find("customers"), "00001234")
        assert [one.id for one in hit] == [customer.pk]
        edit_customer(world.seller, customer.pk, data={"phone": "13900005678"}, expected_version=None)
    assert _points(world.seller, customer=customer.pk) == [
        ("mobile", "13900005678", True),
        ("phone", "0512-66668888", False),
    ]
    with in_scope(world.seller):  # a number that is known already becomes the main one
        edit_customer(world.seller, customer.pk, data={"phone": "0512 6666 8888"}, expected_version=None)
    assert [(kind, main) for kind, _value, main in _points(world.seller, customer=customer.pk)] == [
        ("mobile", False),
        ("phone", True),
    ]
    with in_scope(world.seller):
        edit_customer(world.seller, customer.pk, data={"phone": ""}, expected_version=None)
        row = ContactPoint.objects.get(customer=customer.pk, kind="phone")
        assert (row.main, row.until) == (False, timezone.localdate())
        assert ContactPoint.objects.filter(pk=second.pk, main=False).exists()


@pytest.mark.parametrize("how", ["removed", "ended", "private"])
def test_when_the_main_one_goes_another_takes_its_place_and_undo_brings_it_back(
    world: World, how: str
) -> None:
    person = _person(world.seller, phone="13800001234")
    _point(world.seller, person=person.pk, kind="mobile", value="13900005678")
    with in_scope(world.seller):
        main = ContactPoint.objects.get(person=person.pk, main=True)
        assert main.value == "13800001234"
        if how == "removed":
            points.remove_many(world.seller, ids=[main.pk])
        else:
            data = {"until": timezone.localdate().isoformat()} if how == "ended" else {"seen_by": "owner"}
            points.edit(world.seller, main.pk, data=data, expected_version=None)
        done = last_operation_id()
        person.refresh_from_db()
        assert person.phone == "13900005678"
    with in_scope(world.seller):
        assert done is not None
        undo(world.seller, done)
        person.refresh_from_db()
        assert person.phone == "13800001234"
    assert _points(world.seller, person=person.pk) == [
        ("mobile", "13800001234", True),
        ("mobile", "13900005678", False),
    ]


def test_the_last_one_that_goes_leaves_the_field_empty(world: World) -> None:
    person = _person(world.seller, wechat="wang_xm")
    row = _point(world.seller, person=person.pk, kind="wechat", value="WANG_XM")
    assert row.main
    with in_scope(world.seller):
        person.refresh_from_db()
        assert person.wechat == "WANG_XM"
        points.remove_many(world.seller, ids=[row.pk])
        person.refresh_from_db()
        assert person.wechat == ""


def test_a_person_has_a_main_one_of_each_sort(world: World) -> None:
    person = _person(world.seller)
    for kind, value in (
        ("mobile", "13800001234"),
        ("email", "a@example.com"),
        ("wechat", "wxid"),
        ("qq", "1234"),
    ):
        _point(world.seller, person=person.pk, kind=kind, value=value)
    with in_scope(world.seller):
        person.refresh_from_db()
        assert (person.phone, person.email, person.wechat) == ("13800001234", "a@example.com", "wxid")
        edit_person(world.seller, person.pk, data={"email": "b@example.com"}, expected_version=None)
    assert ("email", "b@example.com", True) in _points(world.seller, person=person.pk)
    with in_scope(world.seller), pytest.raises(Invalid):
        points.create(world.seller, data={"person": str(person.pk), "kind": "email", "value": "nobody"})


@pytest.mark.parametrize("both", [True, False], ids=["both", "neither"])
def test_a_contact_point_is_of_one(world: World, both: bool) -> None:
    customer, person = _customer(world.seller), _person(world.seller)
    data = {"customer": str(customer.pk), "person": str(person.pk)} if both else {}
    with in_scope(world.seller), pytest.raises((Invalid, Refused)):
        points.create(world.seller, data={"kind": "phone", "value": "13800001234", **data})


def test_a_private_one_is_seen_by_the_owner_and_superiors_alone(world: World) -> None:
    customer = _customer(world.seller)
    person = _person(world.seller, customer=str(customer.pk))
    private = [
        _point(world.seller, customer=customer.pk, kind="mobile", value="13800001234", seen_by="owner"),
        _point(world.seller, person=person.pk, kind="wechat", value="wang_private", seen_by="owner"),
    ]
    open_one = _point(world.seller, customer=customer.pk, kind="fax", value="0512-66668888")
    target = find("contact_points")
    grants = {
        f"customers.{of}.{verb}": "all"
        for of in ("customer", "person")
        for verb in ("view", "edit", "export")
    }
    everything = replace(world.elsewhere, grants={**world.elsewhere.grants, **grants})
    for actor, seen in ((world.seller, True), (world.manager, True), (everything, False)):
        with in_scope(actor):
            found = set(access.visible(actor, target).values_list("pk", flat=True))
            assert found == ({one.pk for one in private} if seen else set()) | {open_one.pk}
            for one in private:
                assert access.allows(actor, target, one, "edit") is seen
                if not seen:
                    with pytest.raises(NotFound):
                        access.get(actor, target, one.pk)
    with in_scope(world.seller):
        customer.refresh_from_db()
        person.refresh_from_db()
        assert (customer.phone, person.wechat) == ("", "")  # a quick field is for everybody's eyes


def test_a_hidden_phone_is_hidden_among_the_contact_points_too(world: World) -> None:
    customer = _customer(world.seller, address="苏州市相城区 1 号")
    number = _point(world.seller, customer=customer.pk, kind="mobile", value="13800001234")
    fax = _point(world.seller, customer=customer.pk, kind="fax", value="0512-66668888")
    with in_scope(world.seller):
        addresses.create(world.seller, data={"customer": str(customer.pk), "street": "苏州市吴中区 2 号"})
    rules = {("customers", "phone"): "mask", ("customers", "address"): "hide"}
    hidden = replace(world.seller, field_rules=rules)
    with in_scope(hidden):
        seen = set(access.visible(hidden, find("contact_points")).values_list("pk", flat=True))
        assert seen == {fax.pk}
        assert not access.allows(hidden, find("contact_points"), number, "view")
        assert not access.visible(hidden, find("addresses")).exists()


def test_addresses_have_a_main_one_that_the_customer_says(world: World) -> None:
    customer = _customer(world.seller, address="苏州市相城区漕湖大道 1 号")
    with in_scope(world.seller):
        other = addresses.create(
            world.seller,
            data={
                "customer": str(customer.pk),
                "street": "无锡市新吴区 2 号",
                "use": "delivery",
                "latitude": "31.5",
            },
        )
        rows = Address.objects.filter(customer=customer.pk).order_by("main")
        assert [(one.street, one.main) for one in rows] == [
            ("无锡市新吴区 2 号", False),
            ("苏州市相城区漕湖大道 1 号", True),
        ]
        addresses.edit(world.seller, other.pk, data={"main": "yes"}, expected_version=None)
        customer.refresh_from_db()
        assert customer.address == "无锡市新吴区 2 号"
        edit_customer(world.seller, customer.pk, data={"address": "无锡市新吴区 3 号"}, expected_version=None)
        assert Address.objects.get(pk=other.pk).street == "无锡市新吴区 3 号"
        for wrong in ("91", "-91"):
            with pytest.raises(Invalid):
                addresses.edit(world.seller, other.pk, data={"latitude": wrong}, expected_version=None)


def test_of_two_titles_one_is_the_usual_one_and_a_tax_number_of_18_is_checked(world: World) -> None:
    customer = _customer(world.seller)
    with in_scope(world.seller):
        for title in ("甲机械", "乙机械"):
            billing.create(
                world.seller,
                data={"customer": str(customer.pk), "title": title, "main": "yes", "tax_number": "GB 123"},
            )
        rows = (
            BillingProfile.objects.filter(customer=customer.pk).order_by("title").values_list("title", "main")
        )
        assert dict(rows) == {"甲机械": False, "乙机械": True}
        with pytest.raises(Invalid):
            billing.create(
                world.seller,
                data={"customer": str(customer.pk), "title": "丙", "tax_number": "91320507MA1W7R0F30"},
            )


def test_after_a_merge_there_is_one_main_one(world: World) -> None:
    first, second = _customer(world.seller), _customer(world.seller, "无锡乙机械有限公司")
    for customer, value in ((first, "13800001234"), (second, "13900005678")):
        _point(world.seller, customer=customer.pk, kind="mobile", value=value)
    with in_scope(world.seller), operation(world.seller, "customers.customer.edit"):
        ContactPoint.objects.filter(customer=second.pk).update(customer=first.pk)
        settle_ways_of(customers=[first.pk])
    assert _points(world.seller, customer=first.pk) == [
        ("mobile", "13800001234", True),
        ("mobile", "13900005678", False),
    ]


@pytest.mark.parametrize(
    ("left", "right"),
    [("138-0000-1234", "+86 13800001234"), ("A@Example.com", "a@example.com"), ("Wang_XM", "wang_xm")],
    ids=["phone", "mail", "wechat"],
)
def test_what_reaches_the_same_has_the_same_key(left: str, right: str) -> None:
    assert point_key(left) == point_key(right)
    assert address_key("苏州市，相城区 1 号") == address_key("苏州市相城区1号")


def test_what_is_needed_is_summed_where_the_measures_agree() -> None:
    rows = [Need(10_000, "吨", 500), Need(30_000, "吨", 100), Need(500, "台", None), Need(None, "台", 100)]
    assert need_of(rows) == [("吨", 40_000, 200), ("台", 500, None)]


def test_their_business_stands_on_the_card_by_kind_with_our_share(world: World) -> None:
    customer, supplier = _customer(world.seller), _customer(world.elsewhere, "别处机械有限公司")
    with in_scope(world.owner):
        for data in (
            {"kind": "need", "what": "真空包装机", "amount": "12", "unit": "台", "share": "25"},
            {"kind": "makes", "what": "豆制品", "amount": "3000", "unit": "吨"},
            {"kind": "competitor", "what": "旧封口机", "partner": str(supplier.pk)},
        ):
            business.create(world.owner, data={"customer": str(customer.pk), **data})
    show = Show(actor=world.seller, language="zh-hans")
    with in_scope(world.seller):
        groups = _business_of(world.seller, customer, show).context["groups"]
        assert [title for title, _note, _rows in groups] == ["产品", "竞品设备", "年需求"]
        assert "25%" in str(groups[2][1])
        assert "别处" not in str(groups)  # a supplier out of sight is not named
    hidden = replace(world.seller, field_rules={("business", "share"): "hide"})
    with in_scope(hidden):
        groups = _business_of(hidden, customer, replace(show, actor=hidden)).context["groups"]
        assert "25%" not in str(groups[-1])


def test_who_looks_after_a_business_unit_stands_beside_the_owner(world: World) -> None:
    customer = _customer(world.seller)
    with in_scope(world.seller):
        charges.create(
            world.seller,
            data={
                "customer": str(customer.pk),
                "member": str(world.teammate.member_id),
                "unit": "食品事业部",
            },
        )
        row = find("charges").model._default_manager.get(customer=customer.pk)
        assert str(row) == "食品事业部"
