"""Who may say what on a record, who is told, and what must never be seen."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.collaboration.models import Comment, Follow
from guanxi.collaboration.queries.comments import comments_of
from guanxi.collaboration.queries.drawing import drawn
from guanxi.collaboration.queries.people import suggest_people
from guanxi.collaboration.services.comments import add_comment, delete_comment, edit_comment
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer, delete_customers, edit_customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.queries import changes_of
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.notices.services import words
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.services import close_member
from guanxi.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Stale
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.testing.worlds import NAMES, World, in_scope

ClientFor = Callable[[Member], Client]


def make(actor: Actor, name: str = "青岛海工装备有限公司") -> Customer:
    with in_scope(actor):
        return create_customer(actor, data={"name": f"{name}{uuid4().hex[:6]}", "relations": "customer"})


def say(actor: Actor, customer: Customer, text: str) -> Comment:
    with in_scope(actor):
        return add_comment(actor, resource="customers", record_id=customer.id, text=text)


def told(actor: Actor) -> list[str]:
    with in_scope(actor):
        rows = Notice.objects.filter(member=actor.member_id or uuid4()).order_by("created_at", "id")
        return [words(one) for one in rows]


def test_whoever_sees_the_record_may_comment_and_reads_the_others(world: World) -> None:
    customer = make(world.seller)
    say(world.manager, customer, "价格再谈一次")
    say(world.seller, customer, "好的\n明天去")
    with in_scope(world.seller):
        found = comments_of(find("customers"), customer)
    assert [one.text for one in found.rows] == ["好的\n明天去", "价格再谈一次"]
    assert found.count == 2


@pytest.mark.parametrize("who", ["teammate", "elsewhere"])
def test_whoever_does_not_see_the_record_can_neither_comment_nor_touch_a_comment(
    world: World, who: str
) -> None:
    customer = make(world.seller)
    comment = say(world.seller, customer, "内部价")
    other: Actor = getattr(world, who)
    with in_scope(other):
        with pytest.raises(NotFound):
            add_comment(other, resource="customers", record_id=customer.id, text="x")
        with pytest.raises(NotFound):
            edit_comment(other, comment.id, text="x")
        with pytest.raises(NotFound):
            delete_comment(other, comment.id)


def test_another_company_sees_nothing_of_it(world: World, stranger: Actor) -> None:
    comment = say(world.seller, make(world.seller), "秘密")
    with in_scope(stranger):
        assert not Comment.objects.exists()
        with pytest.raises(NotFound):
            delete_comment(stranger, comment.id)


def test_a_comment_is_its_authors_to_change_and_the_administrators_to_delete(world: World) -> None:
    comment = say(world.seller, make(world.seller), "第一稿")
    with in_scope(world.manager), pytest.raises(Forbidden):
        edit_comment(world.manager, comment.id, text="改了")
    with in_scope(world.manager), pytest.raises(Forbidden):
        delete_comment(world.manager, comment.id)
    with in_scope(world.seller):
        changed = edit_comment(world.seller, comment.id, text="第二稿", expected_version=1)
        assert changed.edited_at is not None
    with in_scope(world.admin):
        delete_comment(world.admin, comment.id)
        assert not Comment.objects.exists()


def test_two_windows_do_not_overwrite_each_other(world: World) -> None:
    comment = say(world.seller, make(world.seller), "一")
    with in_scope(world.seller):
        edit_comment(world.seller, comment.id, text="二", expected_version=1)
    with in_scope(world.seller), pytest.raises(Stale):
        edit_comment(world.seller, comment.id, text="三", expected_version=1)


def test_who_is_mentioned_and_sees_the_record_is_told_and_the_other_is_not(world: World) -> None:
    customer = make(world.seller)
    comment = say(world.seller, customer, f"@{NAMES['manager']} 请看，@{NAMES['elsewhere']} 也看")
    assert {one["name"]: one["told"] for one in comment.mentions} == {
        NAMES["manager"]: True,
        NAMES["elsewhere"]: False,
    }
    assert len(told(world.manager)) == 1
    assert str(customer) in told(world.manager)[0]
    assert told(world.elsewhere) == []


def test_nobody_is_told_of_his_own_comment_and_nobody_twice(world: World) -> None:
    customer = make(world.seller)
    say(world.manager, customer, "我来跟")  # who comments follows; who answers for it follows anyway
    assert len(told(world.seller)) == 1
    assert told(world.manager) == []
    say(world.seller, customer, f"@{NAMES['manager']} 收到")
    assert len(told(world.manager)) == 1


def test_somebody_mentioned_in_a_later_edit_is_told_then(world: World) -> None:
    comment = say(world.seller, make(world.seller), "先记一笔")
    with in_scope(world.seller):
        edit_comment(world.seller, comment.id, text=f"先记一笔 @{NAMES['manager']}")
        edit_comment(world.seller, comment.id, text=f"先记两笔 @{NAMES['manager']}")
    assert len(told(world.manager)) == 1


def test_who_has_left_is_neither_meant_nor_told(world: World) -> None:
    customer = make(world.seller)
    say(world.manager, customer, "跟一下")
    with in_scope(world.admin):
        assert world.manager.member_id is not None
        close_member(world.admin, world.manager.member_id)
    comment = say(world.seller, customer, f"@{NAMES['manager']} 在吗")
    assert comment.mentions == []
    assert told(world.manager) == []


def test_deleting_takes_back_what_was_told_of_it(world: World) -> None:
    comment = say(world.seller, make(world.seller), f"@{NAMES['manager']} 不该说的话")
    assert len(told(world.manager)) == 1
    with in_scope(world.seller):
        delete_comment(world.seller, comment.id)
    assert told(world.manager) == []


def test_a_deleted_comment_comes_back_with_undo(world: World) -> None:
    comment = say(world.seller, make(world.seller), "回来")
    with in_scope(world.seller):
        delete_comment(world.seller, comment.id)
        done = last_operation_id()
        assert done is not None
        undo(world.seller, done)
        assert Comment.objects.get().id == comment.id


def test_comments_go_and_come_back_with_their_record(world: World, client_for: ClientFor) -> None:
    customer = make(world.seller)
    say(world.seller, customer, "还在")
    with in_scope(world.manager):
        delete_customers(world.manager, ids=[customer.id])
        done = last_operation_id()
        assert done is not None
    assert client_for(world.members["manager"]).get(f"/comments/customers/{customer.id}/").status_code == 404
    with in_scope(world.manager):
        undo(world.manager, done)
    answer = client_for(world.members["manager"]).get(f"/comments/customers/{customer.id}/")
    assert "还在" in answer.content.decode()


def test_who_lost_sight_of_the_record_cannot_undo_what_he_said_there(world: World) -> None:
    customer = make(world.seller)
    with in_scope(world.seller):
        add_comment(world.seller, resource="customers", record_id=customer.id, text="交接前")
        done = last_operation_id()
        assert done is not None
    with in_scope(world.admin):
        given = {"owner": str(world.elsewhere.member_id)}
        edit_customer(world.admin, customer.id, data=given, expected_version=None)
    with in_scope(world.seller), pytest.raises((Refused, Conflict)):
        undo(world.seller, done)


def test_the_change_log_shows_a_comment_only_to_who_sees_its_record(world: World) -> None:
    customer = make(world.seller)
    with in_scope(world.seller):
        add_comment(world.seller, resource="customers", record_id=customer.id, text="绝密条款")
        done = last_operation_id()
        assert done is not None
        assert "绝密条款" in str(changes_of(world.seller, done))
    with in_scope(world.admin):
        given = {"owner": str(world.elsewhere.member_id)}
        edit_customer(world.admin, customer.id, data=given, expected_version=None)
    with in_scope(world.seller):
        assert "绝密条款" not in str(changes_of(world.seller, done))


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b"])
def test_nothing_is_no_comment(world: World, text: str) -> None:
    customer = make(world.seller)
    with in_scope(world.seller), pytest.raises(Invalid):
        add_comment(world.seller, resource="customers", record_id=customer.id, text=text)


def test_twenty_thousand_characters_of_any_width_are_the_most(world: World) -> None:
    customer = make(world.seller)
    assert len(say(world.seller, customer, "𠮷" * 20_000).text) == 20_000
    with in_scope(world.seller), pytest.raises(Invalid) as caught:
        add_comment(world.seller, resource="customers", record_id=customer.id, text="𠮷" * 20_001)
    assert "20,000" in str(caught.value.fields["text"][0])


def test_what_somebody_wrote_never_becomes_markup(world: World) -> None:
    said = f"<script>alert(1)</script> @{NAMES['manager']} https://example.com/?a=<b>"
    comment = say(world.seller, make(world.seller), said)
    html = drawn(comment.text, comment.mentions)
    assert "<script" not in html
    assert '<b class="gx-mention">@' in html
    assert 'href="https://example.com/?a="' in html


def test_people_are_found_by_pinyin_and_who_cannot_see_is_marked(world: World) -> None:
    customer = make(world.seller)
    with in_scope(world.seller):
        found = suggest_people(world.seller, find("customers"), customer, "ljh")
        assert [(one.name, one.sees) for one in found] == [(NAMES["manager"], True)]
        found = suggest_people(world.seller, find("customers"), customer, "zengzhi")
        assert [(one.name, one.sees) for one in found] == [(NAMES["teammate"], False)]
        assert world.seller.member_id not in {
            one.id for one in suggest_people(world.seller, find("customers"), customer, "")
        }


def test_whoever_comments_follows_unless_he_said_he_does_not_want_to(world: World) -> None:
    customer = make(world.seller)
    say(world.manager, customer, "一")
    with in_scope(world.manager):
        Follow.objects.update(on=False)
    say(world.manager, customer, "二")
    with in_scope(world.manager):
        assert list(Follow.objects.values_list("on", flat=True)) == [False]


def test_without_the_right_nothing_is_said(world: World) -> None:
    customer = make(world.seller)
    grants = {k: v for k, v in world.seller.grants.items() if k != "collaboration.comment.add"}
    silent = replace(world.seller, grants=grants)
    with in_scope(silent), pytest.raises(Forbidden):
        add_comment(silent, resource="customers", record_id=customer.id, text="x")


def test_a_page_of_comments_costs_the_same_however_many_there_are(world: World) -> None:
    customer = make(world.seller)
    with in_scope(world.seller), operation(world.seller, "collaboration.comment.add"):
        Comment.objects.bulk_create(
            Comment(
                resource="customers", record_id=customer.id, author_id=world.seller.member_id, text=str(i)
            )
            for i in range(45)
        )
    with in_scope(world.seller):
        record = access.get(world.seller, find("customers"), customer.id)
        with CaptureQueriesContext(connection) as queries:
            first = comments_of(find("customers"), record)
        assert len(queries) == 2
        assert (len(first.rows), first.count) == (20, 45)
        second = comments_of(find("customers"), record, before=first.before)
        third = comments_of(find("customers"), record, before=second.before)
        assert (len(third.rows), third.before) == (5, None)
        said = {one.text for part in (first, second, third) for one in part.rows}
        assert len(said) == 45


# On the screen


def test_a_comment_is_written_changed_and_deleted_where_it_stands(
    world: World, client_for: ClientFor
) -> None:
    customer = make(world.seller)
    client = client_for(world.members["seller"])
    url, part = f"/comments/customers/{customer.id}/", {"HX-Request": "true"}
    answer = client.post(url, {"text": "约了周五 😀"}, headers=part)
    assert answer.status_code == 200
    assert "约了周五 😀" in answer.content.decode()
    assert "gx:saved" in answer["HX-Trigger"]
    assert "/undo/" in answer["HX-Trigger"] or "undo" in answer["HX-Trigger"]
    with in_scope(world.seller):
        comment = Comment.objects.get()
    editor = client.get(f"/comments/{comment.id}/?edit=1", headers=part)
    assert "<textarea" in editor.content.decode()
    answer = client.post(f"/comments/{comment.id}/", {"text": "改到周六", "version": "1"}, headers=part)
    assert "改到周六" in answer.content.decode()
    answer = client.post(f"/comments/{comment.id}/", {"text": "再改", "version": "1"}, headers=part)
    assert answer.status_code == 409
    assert "再改" in answer.content.decode()
    answer = client.post(f"/comments/{comment.id}/delete/", headers=part)
    assert "改到周六" not in answer.content.decode()


def test_what_was_refused_is_kept_in_the_field(world: World, client_for: ClientFor) -> None:
    customer = make(world.seller)
    client = client_for(world.members["seller"])
    answer = client.post(f"/comments/customers/{customer.id}/", {"text": "长" * 20_001})
    assert answer.status_code == 422
    assert "长" * 20_001 in answer.content.decode()


def test_the_picker_answers_with_people_and_says_who_cannot_see(world: World, client_for: ClientFor) -> None:
    customer = make(world.seller)
    client = client_for(world.members["seller"])
    answer = client.get(f"/comments/customers/{customer.id}/people/", {"q": "曾"})
    assert NAMES["teammate"] in answer.content.decode()
    assert "看不到" in answer.content.decode() or "Cannot see" in answer.content.decode()
    assert (
        client_for(world.members["elsewhere"]).get(f"/comments/customers/{customer.id}/people/").status_code
        == 404
    )


def test_a_kind_of_record_that_does_not_exist_is_not_found(world: World, client_for: ClientFor) -> None:
    assert client_for(world.members["seller"]).get(f"/comments/spaceships/{uuid4()}/").status_code == 404
