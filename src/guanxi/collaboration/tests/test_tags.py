"""Tags: made by anybody, put in order by who manages them, seen where their record is seen."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.collaboration.models import Tag, Tagging
from guanxi.collaboration.queries.tags import suggest_tags, tags_of, uses
from guanxi.collaboration.services.tags import (
    MOST,
    create_tag,
    delete_tag,
    edit_tag,
    merge_tags,
    set_tags,
    tag_records,
)
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer, delete_customers
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from guanxi.kinds import Show
from guanxi.resource import listing
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


def make(actor: Actor) -> Customer:
    with in_scope(actor):
        return create_customer(
            actor, data={"name": f"无锡机床有限公司{uuid4().hex[:6]}", "relations": "customer"}
        )


def tag(actor: Actor, name: str, colour: str = "") -> Tag:
    with in_scope(actor):
        return create_tag(actor, name=name, colour=colour)


def give(actor: Actor, customer: Customer, *tags: Tag) -> None:
    with in_scope(actor):
        set_tags(actor, resource="customers", record_id=customer.id, tags=[one.id for one in tags])


def borne(actor: Actor, customer: Customer) -> list[str]:
    with in_scope(actor):
        return [one.name for one in tags_of(find("customers"), [customer.id]).get(customer.id, ())]


def undo_last(actor: Actor) -> None:
    done = last_operation_id()
    assert done is not None
    undo(actor, done)


def test_anybody_makes_a_tag_and_one_name_is_one_tag(world: World) -> None:
    first = tag(world.seller, "VIP 客户")
    assert tag(world.teammate, "vip客户").id == first.id
    assert tag(world.teammate, "ＶＩＰ 客户").id == first.id


def test_two_companies_have_their_own(world: World, other_world: World) -> None:
    assert tag(world.seller, "展会").id != tag(other_world.seller, "展会").id


@pytest.mark.parametrize("name", ["", "  ", "长" * 41, "\u200b"])
def test_a_name_is_needed_and_short(world: World, name: str) -> None:
    with in_scope(world.seller), pytest.raises(Invalid):
        create_tag(world.seller, name=name)
    with in_scope(world.seller), pytest.raises(Invalid):
        create_tag(world.seller, name="对", colour="magenta")


def test_only_who_manages_tags_renames_merges_and_deletes(world: World) -> None:
    one, two = tag(world.seller, "甲"), tag(world.seller, "乙")
    with in_scope(world.seller):
        for act in (
            lambda: edit_tag(world.seller, one.id, name="丙"),
            lambda: merge_tags(world.seller, one.id, into=two.id),
            lambda: delete_tag(world.seller, one.id),
        ):
            with pytest.raises(Forbidden):
                act()


def test_a_record_bears_what_it_is_given_and_it_can_be_undone(world: World) -> None:
    customer, one, two = make(world.seller), tag(world.seller, "甲"), tag(world.seller, "乙")
    give(world.seller, customer, one, two)
    assert sorted(borne(world.seller, customer)) == ["乙", "甲"]
    with in_scope(world.seller):
        set_tags(world.seller, resource="customers", record_id=customer.id, tags=[one.id])
        undo_last(world.seller)
    assert sorted(borne(world.seller, customer)) == ["乙", "甲"]


def test_what_is_not_seen_is_not_tagged(world: World, stranger: Actor) -> None:
    customer, one = make(world.seller), tag(world.seller, "甲")
    with in_scope(world.elsewhere):
        with pytest.raises(NotFound):
            set_tags(world.elsewhere, resource="customers", record_id=customer.id, tags=[one.id])
        assert tag_records(world.elsewhere, resource="customers", ids=[customer.id], add=[one.id]) == 0
        assert not Tagging.objects.exists()
    with in_scope(stranger), pytest.raises(NotFound):
        tag_records(stranger, resource="customers", ids=[], add=[one.id])


def test_many_records_get_and_lose_tags_at_once(world: World) -> None:
    customers = [make(world.seller) for _ in range(4)]
    one, two = tag(world.seller, "甲"), tag(world.seller, "乙")
    give(world.seller, customers[0], one)
    ids = [customer.id for customer in customers]
    with in_scope(world.seller):
        assert tag_records(world.seller, resource="customers", ids=ids, add=[one.id]) == 3
        assert tag_records(world.seller, resource="customers", ids=ids, add=[two.id], remove=[one.id]) == 4
        undo_last(world.seller)
    assert borne(world.seller, customers[3]) == ["甲"]


def test_a_record_bears_twenty_at_most(world: World) -> None:
    customer, other = make(world.seller), make(world.seller)
    tags = [tag(world.seller, f"标签{i}") for i in range(MOST + 1)]
    with in_scope(world.seller):
        with pytest.raises(Invalid):
            set_tags(world.seller, resource="customers", record_id=customer.id, tags=[t.id for t in tags])
        with pytest.raises(Invalid):
            tag_records(world.seller, resource="customers", ids=[customer.id], add=[t.id for t in tags])
        assert not Tagging.objects.exists()
        ids = [customer.id, other.id]
        tag_records(world.seller, resource="customers", ids=[customer.id], add=[t.id for t in tags[:MOST]])
        assert tag_records(world.seller, resource="customers", ids=ids, add=[tags[MOST].id]) == 1


def test_renaming_keeps_what_bears_it_and_says_who_has_the_name(world: World) -> None:
    customer, one, two = make(world.seller), tag(world.seller, "甲"), tag(world.seller, "乙")
    give(world.seller, customer, one)
    with in_scope(world.admin):
        with pytest.raises(Invalid) as caught:
            edit_tag(world.admin, one.id, name="乙 ")
        assert caught.value.fields["name"][0].params["id"] == str(two.id)
        edit_tag(world.admin, one.id, name="丙", colour="teal", expected_version=1)
        with pytest.raises(Stale):
            edit_tag(world.admin, one.id, name="丁", expected_version=1)
    assert borne(world.seller, customer) == ["丙"]


def test_merging_makes_one_of_two_and_undo_makes_two_again(world: World) -> None:
    both, first, second = make(world.seller), make(world.seller), make(world.seller)
    one, two = tag(world.seller, "展会A"), tag(world.seller, "展会甲")
    give(world.seller, both, one, two)
    give(world.seller, first, one)
    give(world.seller, second, two)
    with in_scope(world.admin):
        assert merge_tags(world.admin, one.id, into=two.id) == 1
        done = last_operation_id()
        assert done is not None
        assert not Tag.objects.filter(id=one.id).exists()
    assert [borne(world.seller, c) for c in (both, first, second)] == [["展会甲"]] * 3
    with in_scope(world.admin):
        undo(world.admin, done)
    assert borne(world.seller, first) == ["展会A"]
    assert len(borne(world.seller, both)) == 2


def test_a_tag_cannot_be_merged_into_itself_or_into_nothing(world: World) -> None:
    one = tag(world.seller, "甲")
    with in_scope(world.admin):
        with pytest.raises(Refused):
            merge_tags(world.admin, one.id, into=one.id)
        with pytest.raises(NotFound):
            merge_tags(world.admin, one.id, into=uuid4())


def test_deleting_takes_it_off_everything_and_undo_puts_it_back(world: World) -> None:
    customer, one = make(world.seller), tag(world.seller, "甲")
    give(world.seller, customer, one)
    with in_scope(world.admin):
        assert delete_tag(world.admin, one.id) == 1
    assert borne(world.seller, customer) == []
    with in_scope(world.admin):
        undo(world.admin, Operation.objects.get(verb="collaboration.tag.delete").id)
    assert borne(world.seller, customer) == ["甲"]


def test_tags_come_back_with_their_record(world: World) -> None:
    customer, one = make(world.seller), tag(world.seller, "甲")
    give(world.seller, customer, one)
    with in_scope(world.manager):
        delete_customers(world.manager, ids=[customer.id])
        undo_last(world.manager)
    assert borne(world.seller, customer) == ["甲"]


def test_uses_count_what_the_viewer_sees(world: World) -> None:
    one = tag(world.seller, "甲")
    give(world.seller, make(world.seller), one)
    give(world.elsewhere, make(world.elsewhere), one)
    with in_scope(world.seller):
        assert uses(world.seller)[one.id] == {"customers": 1}
    with in_scope(world.admin):
        assert uses(world.admin)[one.id] == {"customers": 2}


def test_tags_are_found_by_pinyin(world: World) -> None:
    tag(world.seller, "重点跟进")
    tag(world.seller, "广交会")
    with in_scope(world.seller):
        assert [one.name for one in suggest_tags("gjh")] == ["广交会"]
        assert [one.name for one in suggest_tags("zhongdian")] == ["重点跟进"]
        assert len(suggest_tags("")) == 2


def filtered(actor: Actor, **query: str) -> set[UUID]:
    with in_scope(actor):
        return set(listing.read(actor, find("customers"), query).rows().values_list("id", flat=True))


def test_a_list_is_narrowed_by_tags_within_what_one_sees(world: World) -> None:
    first, second, third = make(world.seller), make(world.seller), make(world.elsewhere)
    one, two = tag(world.seller, "甲"), tag(world.seller, "乙")
    give(world.seller, first, one)
    give(world.seller, second, two)
    give(world.elsewhere, third, one)
    assert filtered(world.seller, tags=str(one.id)) == {first.id}
    assert filtered(world.seller, tags="甲,乙") == {first.id, second.id}
    assert filtered(world.seller, **{"tags.not": "甲"}) == {second.id}
    assert filtered(world.seller, **{"tags.filled": "1"}) == {first.id, second.id}
    assert filtered(world.elsewhere, **{"tags.empty": "1"}) == set()
    assert filtered(world.admin, tags=str(one.id)) == {first.id, third.id}
    with pytest.raises(Invalid):
        filtered(world.seller, tags="没有")


def test_the_column_of_a_page_is_one_query(world: World) -> None:
    customers = [make(world.seller) for _ in range(5)]
    one = tag(world.seller, "<甲>")
    for customer in customers:
        give(world.seller, customer, one)
    with in_scope(world.seller):
        kind, show = find("customers").kind("tags"), Show(world.seller)
        with CaptureQueriesContext(connection) as queries:
            kind.prefetch(customers, show)
            drawn = [kind.html(customer, show) for customer in customers]
        assert len(queries) == 1
        assert all("&lt;甲&gt;" in html for html in drawn)
        assert kind.json(customers[0], show) == ["<甲>"]
        assert kind.text(customers[0], show) == "<甲>"


# On the screen


def test_tags_are_changed_on_the_card_and_made_on_the_spot(world: World, client_for: ClientFor) -> None:
    customer = make(world.seller)
    client, part = client_for(world.members["seller"]), {"HX-Request": "true"}
    answer = client.get("/tags/options/", {"q": "新词"}, headers=part)
    assert 'data-value="new:新词"' in answer.content.decode()
    url = f"/tags/customers/{customer.id}/"
    assert "tags" in client.get(url, headers=part).content.decode()
    answer = client.post(url, {"tags": ["new:新词"], "tags__text": "再一个"}, headers=part)
    assert "新词" in answer.content.decode()
    assert "再一个" in answer.content.decode()
    assert "undo" in answer["HX-Trigger"]
    assert client_for(world.members["elsewhere"]).post(url, {"tags": []}).status_code == 404


def test_the_page_of_tags_is_for_who_manages_them(world: World, client_for: ClientFor) -> None:
    one, two = tag(world.seller, "甲"), tag(world.seller, "乙")
    give(world.seller, make(world.seller), one)
    assert client_for(world.members["seller"]).get("/settings/tags/").status_code == 403
    client = client_for(world.members["admin"])
    assert "甲" in client.get("/settings/tags/").content.decode()
    assert client.get(f"/settings/tags/{one.id}/").status_code == 200
    taken = client.post(f"/settings/tags/{one.id}/", {"name": "乙", "colour": "", "version": "1"})
    assert taken.status_code == 422
    client.post(f"/settings/tags/{one.id}/", {"name": "丙", "colour": "blue", "version": "1"})
    client.post(f"/settings/tags/{one.id}/merge/", {"into": str(two.id)})
    client.post(f"/settings/tags/{two.id}/delete/")
    with in_scope(world.admin):
        assert not Tag.objects.exists()
