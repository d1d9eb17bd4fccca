"""A company moves in with the files of its former program: linked by keys, in any order, as one operation."""

from datetime import UTC, datetime

import pytest

from guanxi.activities.models import Activity, Participant
from guanxi.customers.models import Customer, Person
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.ledger.undo import undo
from guanxi.integrations.imports.uploads import forget, open_upload
from guanxi.integrations.moves.services import move_in
from guanxi.integrations.moves.sets import MoveSet, add_file, begin_set, choose, set_people, sets_of
from guanxi.kernel.errors import Forbidden, Invalid, Refused
from guanxi.tailoring.models import OwnField
from guanxi.testing.worlds import World, in_scope

USERS = (
    "id,name,email,username,user_type\n"
    "0051,Ann Lee,ann@old.example,ann,Standard\n"
    "0052,Bo Li,bo@old.example,bo,Standard\n"
)
ACCOUNTS = (
    "id,name,parent_id,owner_id,created_date,created_by_id,registered_capital\n"
    "0011,Acme Holding,,0051,2019-03-04 09:30:00,0052,1000\n"
    "0012,Acme Works,0011,0052,2020-01-01,0051,250.5\n"
    "0013,Lost Ltd,0099,0053,2031-01-01,0051,\n"
)
CONTACTS = (
    "id,first_name,last_name,account_id,mobile_phone,owner_id\n0031,Eve,Ray,0012,+86 13900000001,0052\n"
)
TASKS = (
    "id,subject,account_id,who_id,owner_id,status,activity_date,created_date\n"
    "00T1,Price asked,0012,0031,0052,Completed,2021-05-06,2021-05-06 10:00:00\n"
)
DEALS = "id,name,amount\n0061,Big deal,100\n"


def brought(world: World, *files: tuple[str, str]) -> MoveSet:
    move = begin_set(world.admin, "en")
    for name, text in files:
        move = add_file(world.admin, move, name=name, chunks=[text.encode()])
    return move


ALL = (
    ("sf_task.csv", TASKS), ("opportunity.csv", DEALS), ("Contacts.csv", CONTACTS), ("account_data.csv", ACCOUNTS),
    ("sf_user.csv", USERS),
)  # fmt: skip


def test_files_are_known_by_name_and_head(world: World) -> None:
    with in_scope(world.admin):
        more = (("export.csv", "公司名称,电话\n甲公司,1\n"), ("opportunity_history.csv", DEALS))
        move = brought(world, *ALL, *more)
        assert [one.holds for one in move.files] == [
            "activities", "opportunities", "people", "customers", "members", "customers", "deals"
        ]  # fmt: skip
        assert [resource.key for resource, _upload in move.in_order(world.admin)] == [
            "customers", "customers", "people", "opportunities", "activities"
        ]  # fmt: skip
        assert [holds for holds, _upload in move.without_place()] == ["deals"]


def test_a_company_moves_in_with_keys_owners_and_times(world: World) -> None:
    seller = world.seller.member_id
    with in_scope(world.admin), operation(world.admin, "accounts.member.edit"):
        Member.objects.filter(id=str(seller)).update(email="BO@old.example")
    with in_scope(world.admin):
        move = brought(world, *ALL)
        assert move.people == {"0052": str(seller)}
        move = set_people(move, {"0051": str(world.manager.member_id)})
        tried = move_in(world.admin, move, rehearse=True)
        assert (tried["operation"], Customer.objects.count(), OwnField.objects.count()) == (None, 0, 0)
        found = move_in(world.admin, move, rehearse=False)
        assert [{name: one[name] for name in ("rows", "created", "rejected")} for one in tried["files"]] == [
            {name: one[name] for name in ("rows", "created", "rejected")} for one in found["files"]
        ]
    with in_scope(world.admin):
        parent, works, lost = Customer.objects.order_by("number")
        assert (parent.owner_id, works.owner_id, lost.owner_id) == (world.manager.member_id, seller, None)
        assert (works.parent, lost.parent) == (parent, None)
        assert parent.created_at == datetime(2019, 3, 4, 1, 30, tzinfo=UTC)
        assert lost.created_at.year != 2031
        author = OwnField.objects.get(resource="customers")
        assert [parent.own.get(author.name), works.own.get(author.name)] == ["Bo Li", "Ann Lee"]
        eve = Person.objects.get()
        assert (eve.customer, eve.owner_id, eve.number) == (works, seller, "0031")
        task = Activity.objects.get()
        assert (task.customer, task.owner_id, task.created_at.year) == (works, seller, 2021)
        assert Participant.objects.get(person=eve).activity == task
        accounts = next(one for one in found["files"] if one["resource"] == "customers")
        assert [(one["there"], one["here"]) for one in accounts["sums"]] == [("1,250.5", "1,250.5")]
        assert {one["column"] for one in accounts["remarks"]} == {"parent_id", "owner_id", "created_date"}
        assert [one["value"] for one in accounts["remarks"] if one["column"] == "owner_id"] == ["0053"]
        undo(world.admin, found["operation"])
        assert (Customer.objects.count(), Person.objects.count(), Activity.objects.count()) == (0, 0, 0)
        assert not OwnField.objects.exists()


def test_what_came_before_comes_once(world: World) -> None:
    with in_scope(world.admin):
        move_in(world.admin, brought(world, *ALL), rehearse=False)
        counts = (Customer.objects.count(), Person.objects.count(), Activity.objects.count())
    with in_scope(world.admin):
        again = move_in(world.admin, brought(world, *ALL), rehearse=False)
        assert again["operation"] is None
        assert (Customer.objects.count(), Person.objects.count(), Activity.objects.count()) == counts


def test_a_file_is_what_somebody_says_it_is(world: World) -> None:
    with in_scope(world.admin):
        move = brought(world, ("opportunity_line.csv", "id,name\n0011,Acme\n"))
        with pytest.raises(Refused):
            move_in(world.admin, move, rehearse=False)
        move = choose(world.admin, move, move.files[0].upload, "customers")
        assert move_in(world.admin, move, rehearse=False)["files"][0]["created"] == 1


def test_only_whoever_may_move_a_company_in_does(world: World) -> None:
    with in_scope(world.manager), pytest.raises(Forbidden):
        begin_set(world.manager, "en")


def test_a_file_that_is_kept_no_longer_is_none_of_the_set(world: World) -> None:
    with in_scope(world.admin):
        move = brought(world, ("accounts.csv", ACCOUNTS), ("users.csv", USERS))
        forget(open_upload(world.tenant.id, move.files[0].upload))
        assert [upload.name for _file, upload in move.uploads()] == ["users.csv"]
        assert [one.id for one in sets_of(world.admin)] == [move.id]


def test_what_a_file_is_called_says_the_kind_of_its_activities(world: World) -> None:
    head = "engagement_id,title,start_time,type\n"
    meetings = head + "1001,Prices,2021-05-06 10:00,\n1002,Call back,2021-05-07 10:00,CALL\n"
    with in_scope(world.admin):
        move_in(world.admin, brought(world, ("engagement_meeting.csv", meetings)), rehearse=False)
        assert dict(Activity.objects.values_list("subject", "kind")) == {
            "Prices": "meeting",
            "Call back": "call",
        }


def test_a_chinese_set_is_followed_by_its_numbers(world: World) -> None:
    seller = world.members["seller"].name
    with in_scope(world.admin):
        move = brought(
            world,
            (
                "销售记录.csv",
                "记录ID,客户名称,跟进人,跟进方式,跟进内容,联系人ID\nR1,C1,钱离职,电话,问了交期,P1\n",
            ),
            ("联系人.csv", "联系人ID,姓名,客户名称,负责人\nP1,搬一,C1,1001\n"),
            (
                "客户.csv",
                "客户ID,客户名称,上级客户,客户负责人\nC1,搬家有限公司,,1001\nC2,搬家二厂有限公司,C1,1002\n",
            ),
            ("人员.csv", f"人员ID,姓名\n1001,{seller}\n1002,钱离职\n"),
        )
        assert [one.holds for one in move.files] == ["activities", "people", "customers", "members"]
        assert move.people == {"1001": str(world.seller.member_id)}
        move_in(world.admin, move, rehearse=False)
        first, second = Customer.objects.order_by("number")
        assert (first.name, second.parent, second.owner_id) == ("搬家有限公司", first, None)
        person, call = Person.objects.get(), Activity.objects.get()
        assert (person.customer, person.owner_id) == (first, world.seller.member_id)
        assert (call.customer, call.owner_id, call.number) == (first, None, "R1")
        assert Participant.objects.get().person == person


def test_what_is_wrong_with_a_file_is_said_by_its_name(world: World) -> None:
    with in_scope(world.admin):
        move = brought(world, ("客户.csv", "地区\n苏州\n"))
        with pytest.raises(Invalid) as caught:
            move_in(world.admin, move, rehearse=True)
        assert list(caught.value.fields) == ["客户.csv"]
