"""What is left of an erased person in the ledger: in what operations are called, in the recycle bin."""

# Chinese in code: names of customers and people in tests

import pytest

from guanxi.activities.models import Activity
from guanxi.activities.services.activities import Company, log_activity
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person, delete_people
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.queries import deleted_rows, find_deleted
from guanxi.kernel.errors import NotFound
from guanxi.privacy.services.erasing import erase_person
from guanxi.testing.worlds import World, in_scope

MOBILE, SECOND = "13987650123", "13987650456"


def test_a_namesake_keeps_no_line_of_what_the_erased_one_took_part_in(world: World) -> None:
    with in_scope(world.admin):
        customer = create_customer(
            world.admin, data={"name": "苏州鼎盛食品有限公司", "relations": "customer"}
        )
        pk = create_person(world.admin, data={"name": "王建国", "phone": MOBILE}).pk
        other = create_person(world.admin, data={"name": "王建国", "phone": SECOND}, allow_duplicate=True).pk
    with in_scope(world.admin):
        log_activity(
            world.admin,
            data={"kind": "call", "customer": str(customer.pk), "text": f"王建国说他手机 {MOBILE}"},
            company=Company(people=[pk]),
        )
    with in_scope(world.admin):
        erase_person(world.admin, pk, ground="request")
        named = Operation.objects.filter(label__contains="王建国").values_list("pk", flat=True)
        changed = Change.objects.filter(operation_id__in=named).values_list("row_id", flat=True)
        assert other in changed
        assert pk not in changed
        assert not Operation.objects.filter(label__contains=MOBILE).exists()


def test_each_of_several_numbers_in_one_field_is_written_over(world: World) -> None:
    with in_scope(world.admin):
        customer = create_customer(
            world.admin, data={"name": "苏州鼎盛食品有限公司", "relations": "customer"}
        )
        data = {
            "name": "欧阳壹",
            "phone": "139 5320 8876 / 0532-85886612 转 806",
            "customer": str(customer.pk),
        }
        pk = create_person(world.admin, data=data).pk
    with in_scope(world.admin):
        text = "打他手机 13953208876，不通就打 0532-85886612 转 806"
        note = log_activity(world.admin, data={"kind": "note", "customer": str(customer.pk), "text": text}).pk
    with in_scope(world.admin):
        erase_person(world.admin, pk, ground="request")
        said = Activity.objects.get(pk=note).text
        assert "8876" not in said
        assert "85886612" not in said


def test_the_recycle_bin_offers_nobody_who_was_erased(world: World) -> None:
    with in_scope(world.admin):
        gone = create_person(world.admin, data={"name": "赵六", "phone": MOBILE}).pk
    with in_scope(world.admin):
        delete_people(world.admin, ids=[gone])
        before = {one.row_id for one in deleted_rows(world.admin)[0]}
        deletion = next(one.id for one in deleted_rows(world.admin)[0] if one.row_id == gone)
    with in_scope(world.admin):
        erase_person(world.admin, gone, ground="request")
    with in_scope(world.admin):
        assert {one.row_id for one in deleted_rows(world.admin)[0]} == before - {gone}
        with pytest.raises(NotFound):
            find_deleted(world.admin, deletion)
