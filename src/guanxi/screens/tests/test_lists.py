"""The list as a page: its sentence, the editors of its parts, columns and their widths, a cell edited in its place."""

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.models import FieldRule
from guanxi.foundation.permissions.queries import load_actor
from guanxi.integrations.exports.services import csv_lines
from guanxi.kernel.errors import Invalid
from guanxi.kinds import Show
from guanxi.resource import filters, listing
from guanxi.resource.filters import Condition, Group
from guanxi.resource.registry import find
from guanxi.screens import tables
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
HTMX = {"HX-Request": "true"}
A, B = Condition("grade", "is", ("A",)), Condition("size", "is", ("20",))
C, D = Condition("source", "is", ("search",)), Condition("region", "is", ("320000",))


@pytest.fixture
def seller(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["seller"])


def make(world: World, name: str = "苏州鑫北斗有限公司", **data: Any) -> Customer:
    with in_scope(world.seller):
        return services.create_customer(
            world.seller, data={"name": name, "relations": "customer", **data}, allow_duplicate=True
        )


def address(tree: Group, **more: str) -> str:
    return "&".join((filters.write(tree), *(f"{key}={value}" for key, value in more.items())))


def tree_of(url: str) -> Group:
    return filters.parse(QueryDict(urlsplit(url).query))


def links(page: str, words: str) -> list[str]:
    """Where the links of these words lead."""
    found = re.findall(r'<a[^>]*href="([^"]+)"[^>]*>(.*?)</a>', page)
    return [unescape(url) for url, inside in found if words in inside]


def joints(page: str) -> list[str]:
    return [unescape(url) for url in re.findall(r'class="gx-joint" href="([^"]+)"', page)]


# The sentence


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        (Group("all", (A, B)), "级别是A 重点，且规模是20–99 人"),
        (Group("any", (A, B)), "级别是A 重点，或规模是20–99 人"),
        (Group("all", (A, Group("any", (B, C)))), "级别是A 重点，且（规模是20–99 人或来源是搜索引擎）"),
        (Group("any", (A, Group("all", (B, C)))), "级别是A 重点，或（规模是20–99 人且来源是搜索引擎）"),
    ],
    ids=range(4),
)
def test_a_filter_reads_as_a_sentence(seller: Client, tree: Group, said: str) -> None:
    page = seller.get(f"/customers/?{address(tree)}").content.decode()
    sentence = page[page.index('id="gx-filters"') : page.index('id="gx-clause-new"')]
    sentence = re.sub(r"<div class=\"gx-pop.*?</div></div>", "", sentence)
    assert said in re.sub(r"\s*<[^>]+>\s*|^[^>]*>", "", sentence)


def test_a_pressed_joint_turns_and_into_or_and_back(seller: Client) -> None:
    tree = Group("all", (A, Group("any", (B, C))))
    page = seller.get(f"/customers/?{address(tree, sort='name')}").content.decode()
    outer, inner = joints(page)
    assert tree_of(outer) == Group("any", (A, Group("any", (B, C))))
    assert tree_of(inner) == Group("all", (A, Group("all", (B, C))))
    assert all(parse_qs(urlsplit(url).query)["sort"] == ["name"] for url in (outer, inner))
    again = joints(seller.get(outer).content.decode())
    assert tree_of(again[0]) == tree


def test_brackets_within_brackets_are_words_with_a_way_to_drop_them(seller: Client) -> None:
    deep = Group("any", (B, Group("all", (C, D))))
    page = seller.get(f"/customers/?{address(Group('all', (A, deep)))}").content.decode()
    assert "（规模是 20–99 人 或 （来源是 搜索引擎 且 地区是 江苏））" in page
    (drop,) = re.findall(r'class="gx-x gx-drop" href="([^"]+)"', page)
    assert tree_of(unescape(drop)) == Group("all", (A,))
    assert "filter/source/" not in page


# Editors


def editor(client: Client, field: str, tree: Group = filters.EMPTY, **asked: str) -> Any:
    return client.get(f"/customers/filter/{field}/?{address(tree, **asked)}")


def applied(client: Client, field: str, tree: Group = filters.EMPTY, **asked: Any) -> Any:
    query = QueryDict(address(tree), mutable=True)
    for key, value in {"__apply": "1", **asked}.items():
        query.setlist(key, value if isinstance(value, list) else [value])
    return client.get(f"/customers/filter/{field}/?{query.urlencode()}")


@pytest.mark.parametrize(
    ("field", "given", "condition"),
    [
        ("grade", {"__op": "is", "__values": ["A", "B"]}, Condition("grade", "is", ("A", "B"))),
        ("grade", {"__op": "empty", "__values": ["A"]}, Condition("grade", "empty", ())),
        ("owner", {"__op": "is", "__values": ["me"]}, Condition("owner", "is", ("me",))),
        ("region", {"__op": "is", "__values__text": "山东"}, Condition("region", "is", ("山东",))),
        ("name", {"__op": "contains", "__value": "鑫，斗"}, Condition("name", "contains", ("鑫，斗",))),
        ("name", {"__op": "is", "__value": "甲，乙"}, Condition("name", "is", ("甲", "乙"))),
        ("created_at", {"__op": "within", "__period": "this_week"}, Condition("created_at", "within", ("this_week",))),
        ("created_at", {"__op": "last", "__days": "30", "__value": "x"}, Condition("created_at", "last", ("30",))),
        ("created_at", {"__op": "since", "__value": "2026-01-01"}, Condition("created_at", "since", ("2026-01-01",))),
        (
            "created_at",
            {"__op": "between", "__low": "2026-02-01", "__high": "2026-01-01"},
            Condition("created_at", "between", ("2026-01-01", "2026-02-01")),  # in their order, to be seen
        ),
    ],
    ids=range(10),
)  # fmt: skip
def test_an_editor_adds_what_was_entered(
    seller: Client, field: str, given: dict[str, Any], condition: Condition
) -> None:
    answer = applied(seller, field, Group("all", (C,)), **given)
    assert answer.status_code == 302
    assert tree_of(answer["Location"]) == Group("all", (C, condition))
    assert seller.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("grade", {"__op": "is", "__values": ["Z"]}),
        ("grade", {"__op": "is"}),
        ("grade", {"__op": "since", "__value": "2026-01-01"}),
        ("created_at", {"__op": "since", "__value": "yesterday?"}),
        ("created_at", {"__op": "between", "__low": "2026-01-01"}),
        ("created_at", {"__op": "within", "__period": "the_day_after"}),
        ("created_at", {"__op": "last", "__days": "0"}),
        ("owner", {"__op": "is", "__values__text": "没有这个人"}),
    ],
    ids=range(8),
)
def test_what_cannot_be_compared_is_told_in_the_editor(
    seller: Client, field: str, given: dict[str, Any]
) -> None:
    answer = applied(seller, field, **given)
    assert answer.status_code == 422
    assert 'class="gx-err" role="alert"' in answer.content.decode()


def test_an_editor_answers_htmx_with_where_the_list_goes_on(seller: Client) -> None:
    answer = seller.get("/customers/filter/grade/?__apply=1&__op=is&__values=A&sort=name", headers=HTMX)
    there = json.loads(answer["HX-Location"])
    assert there["path"] == "/customers/?grade=A&sort=name"
    assert there["target"] == there["select"] == "#list-page"


@pytest.mark.parametrize(
    ("tree", "place", "then"),
    [
        (Group("all", (A, C)), {"__at": "0"}, Group("all", (B, C))),
        (Group("all", (A, C)), {}, Group("all", (A, C, B))),
        (Group("any", (A, C)), {}, Group("any", (A, C, B))),
        (Group("all", (A,)), {"__beside": "0"}, Group("any", (A, B))),
        (Group("all", (A, C)), {"__beside": "1"}, Group("all", (A, Group("any", (C, B))))),
        (Group("any", (A, C)), {"__beside": "0"}, Group("any", (Group("all", (A, B)), C))),
        (Group("all", (A, Group("any", (C, D)))), {"__into": "1"}, Group("all", (A, Group("any", (C, D, B))))),
        (Group("all", (A, Group("any", (C, D)))), {"__at": "1.0"}, Group("all", (A, Group("any", (B, D))))),
    ],
    ids=range(8),
)  # fmt: skip
def test_a_condition_goes_where_its_editor_stands(
    seller: Client, tree: Group, place: dict[str, str], then: Group
) -> None:
    answer = applied(seller, "size", tree, __op="is", __values=["20"], **place)
    assert tree_of(answer["Location"]) == then


def test_an_emptied_condition_is_dropped(seller: Client) -> None:
    answer = applied(seller, "grade", Group("all", (A, C)), __at="0", __op="is")
    assert tree_of(answer["Location"]) == Group("all", (C,))


def test_an_editor_offers_brackets_and_the_way_out_of_them(seller: Client) -> None:
    tree = Group("all", (A, C, D))
    page = editor(seller, "region", tree, __at="2").content.decode()
    (joined,) = links(page, "与前一个条件括在一起")
    assert tree_of(joined) == Group("all", (A, Group("any", (C, D))))
    page = editor(seller, "region", tree_of(joined), __at="1.1").content.decode()
    (out,) = links(page, "移出括号")
    assert tree_of(out) == Group("all", (A, C, D))
    (away,) = links(page, "去掉这个条件")
    assert tree_of(away) == Group("all", (A, C))
    (more,) = links(page, "或另一个条件（在此括号内）")
    assert "__into=1" in more


@pytest.mark.parametrize("place", ["9", "0.0", "x", "0.0.0.0.0.0.0.0.0.0", "-1", "99999"])
def test_a_place_that_is_not_in_the_filter_is_not_found(seller: Client, place: str) -> None:
    for name in ("__at", "__into", "__beside"):
        assert editor(seller, "grade", Group("all", (A,)), **{name: place}).status_code == 404


def test_every_field_has_an_editor(seller: Client) -> None:
    fields = seller.get("/customers/filter/").content.decode()
    urls = re.findall(r'hx-get="([^"]+)"', fields)
    assert len(urls) >= 17
    for url in urls:
        page = seller.get(unescape(url)).content.decode()
        assert 'name="__op"' in page, url


def test_several_orders_are_chosen_one_after_the_other(seller: Client) -> None:
    page = seller.get("/customers/sort/?sort=grade,-updated_at").content.decode()
    assert re.findall(r'<option value="([^"]+)" selected', page) == ["grade", "-updated_at"]
    answer = seller.get("/customers/sort/?grade=A&__apply=1&__by=-grade&__by=&__by=name&__by=grade")
    assert answer["Location"] == "/customers/?grade=A&sort=-grade,name"
    assert seller.get("/customers/sort/?__apply=1&__by=")["Location"] == "/customers/?view=all"
    shown = seller.get("/customers/?sort=grade,-updated_at").content.decode()
    assert "按" in shown
    assert "再按最近修改从新到旧" in shown


# Columns


def heads(page: str) -> list[str]:
    return re.findall(r'<th scope="col" data-key="([^"]+)"', page)


def test_columns_are_chosen_ordered_and_given_widths(world: World, seller: Client) -> None:
    make(world)
    chosen = seller.get(
        "/customers/columns/?grade.empty=&sort=name&__apply=1&__columns=region&__columns=grade&__columns=nonsense"
        "&__w_region=120&__w_name=20&__w_grade=x&__density=compact"
    )
    assert chosen["Location"] == (
        "/customers/?grade.empty=&sort=name&columns=name,region,grade&widths=name:48,region:120&density=compact"
    )
    page = seller.get(chosen["Location"]).content.decode()
    assert heads(page) == ["name", "region", "grade"]
    assert 'data-key="region" class="" width="120"' in page
    assert "gx-tb-close" in page
    panel = seller.get("/customers/columns/?columns=name,region,grade&widths=region:120").content.decode()
    shown = re.findall(r'name="__columns" value="(\w+)" checked', panel)
    assert shown == ["region", "grade"]
    assert 'name="__w_region" value="120"' in panel


def test_what_a_row_is_called_by_stands_first_whatever_is_chosen(world: World, seller: Client) -> None:
    make(world)
    for columns in ("grade", "grade,name", "grade,grade"):
        page = seller.get(f"/customers/?columns={columns}").content.decode()
        assert heads(page) == ["name", "grade"]


def test_the_usual_columns_are_not_said_in_the_address(seller: Client) -> None:
    usual = "&".join(f"__columns={name}" for name in find("customers").columns)
    assert seller.get(f"/customers/columns/?__apply=1&{usual}")["Location"] == "/customers/?view=all"


def test_columns_that_were_chosen_are_never_left_out_where_it_is_narrow(world: World, seller: Client) -> None:
    make(world)
    assert "gx-minor" in seller.get("/customers/").content.decode()
    assert "gx-minor" not in seller.get("/customers/?columns=name,industry,updated_at").content.decode()


def test_on_a_phone_chosen_columns_take_the_places_that_are_free(world: World, seller: Client) -> None:
    make(world, region="320500", source="search")
    page = seller.get("/customers/?columns=name,region,source,size").content.decode()
    row = page[page.index("<tr data-id") :]
    assert re.findall(r"gx-at-(\w+)", row)[:4] == ["title", "end", "end2", "meta"]


@pytest.mark.parametrize("columns", ["nonsense", "name,nonsense", "grade,%00", "tenant_id", "name_key"])
def test_a_column_that_is_not_there_is_told(world: World, seller: Client, columns: str) -> None:
    make(world)
    answer = seller.get(f"/customers/?columns={columns}")
    assert answer.status_code == 400
    assert "没有可显示的这个字段" in answer.content.decode()
    assert "鑫北斗" in answer.content.decode()


def test_the_export_has_what_is_seen(world: World, client_for: ClientFor) -> None:
    make(world, "甲公司", grade="B", region="320500")
    make(world, "乙公司", grade="A")
    make(world, "丙公司", grade="C")
    page = (
        client_for(world.members["manager"])
        .get("/customers/?grade=A,B&sort=grade,name&columns=name,region,grade")
        .content.decode()
    )
    (url,) = set(links(page, "文本表格（CSV）"))  # in the bar, and in the menu of a phone
    query = QueryDict(urlsplit(url).query, mutable=True)
    query.pop("format")
    with in_scope(world.manager):
        wanted = listing.read(world.manager, find("customers"), query)
        lines = [line.strip() for line in csv_lines(wanted, Show(world.manager))]
    assert [line.removeprefix("\ufeff") for line in lines] == [
        "客户名称,地区,级别", "乙公司,,A 重点", "甲公司,江苏苏州,B 普通",
    ]  # fmt: skip


# Addresses that cannot be read


@pytest.mark.parametrize(
    ("query", "kept"),
    [("grade=A&nonsense=1", "A 重点"), ("grade=A&sort=nonsense", "A 重点"), ("grade=A&size=77", "A 重点")],
    ids=range(3),
)
def test_of_an_address_that_cannot_be_read_the_rest_still_counts(
    world: World, seller: Client, query: str, kept: str
) -> None:
    make(world, "甲公司", grade="A")
    make(world, "乙公司", grade="B")
    answer = seller.get(f"/customers/?{query}")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert kept in page
    assert "甲公司" in page
    assert "乙公司" not in page
    assert "nonsense" not in page[page.index('id="list-page"') :]
    assert seller.get(f"/customers/?{query}", headers=HTMX).status_code == 422


def test_nothing_can_be_asked_that_the_door_beneath_refuses(world: World) -> None:
    with in_scope(world.seller):
        for query in ("name_key=x", "tenant_id=x", "own=x", "id=x", "version=1", "pk=1"):
            with pytest.raises(Invalid):
                listing.read(world.seller, find("customers"), QueryDict(query))


# On a phone


def places(actor: Any, **query: str) -> dict[str, str]:
    """Where each column of a list stands on a phone."""
    wanted = listing.read(actor, find("customers"), query)
    return {column.key: column.phone for column in tables.heads(wanted, QueryDict()) if column.phone}


def test_a_phone_shows_the_usual_list_as_declared(world: World) -> None:
    with in_scope(world.seller):
        assert places(world.seller) == find("customers").phone


def test_a_phone_shows_the_first_dates_of_a_view_and_one_word(world: World) -> None:
    with in_scope(world.seller):
        assert places(world.seller, columns="name,phone,created_at,grade,owner,updated_at") == {
            "name": "title", "grade": "mark", "created_at": "end", "updated_at": "end2", "phone": "meta",
        }  # fmt: skip
        assert places(world.seller, columns="name,source,owner,updated_at,industry") == {
            "name": "title", "updated_at": "end", "owner": "end2", "industry": "meta",
        }  # fmt: skip
        assert places(world.seller, columns="name,source") == {"name": "title", "source": "end"}


def test_what_is_hidden_has_no_place_on_a_phone(world: World, seller: Client) -> None:
    make(world, industry="C13")
    page = seller.get("/customers/").content.decode()
    assert 'class="gx-meta"' in page
    with in_scope(world.system), operation(world.system, "tests.rule.set"):
        FieldRule(role=world.roles["salesperson"], resource="customers", field="industry", mode="hide").save()
    with in_scope(world.seller):
        assert "industry" not in places(load_actor(world.members["seller"].id))
    assert 'class="gx-meta"' not in seller.get("/customers/").content.decode()


def test_paper_says_which_days_a_stretch_of_time_means(world: World, seller: Client) -> None:
    make(world)
    page = seller.get("/customers/?created_at.last=7").content.decode()
    assert re.search(r'data-gx-exact="[^"]*\d{4}[^"]* – [^"]*\d{4}', page)
    assert "data-gx-exact" not in seller.get("/customers/?created_at.since=2026-01-01").content.decode()
