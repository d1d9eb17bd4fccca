"""What was found says why, and the page of results how much there is."""

# Chinese in code: names

import re
from collections.abc import Callable

import pytest
from django.test import Client

from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.screens.marking import lacking, marked
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


@pytest.fixture
def seller(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["seller"])


@pytest.mark.parametrize(
    ("title", "typed", "said"),
    [
        ("山东鲁味园食品", "鲁味", "山东<mark>鲁味</mark>园食品"),
        ("山东鲁味园食品", "lwy", "山东<mark>鲁味园</mark>食品"),
        ("山东鲁味园食品", "luweiyuan", "山东<mark>鲁味园</mark>食品"),
        ("重庆渝火", "cq", "<mark>重庆</mark>渝火"),
        ("鲁味园（德州）食品", "lwydz", "<mark>鲁味园（德州</mark>）食品"),
        ("Haier <b>", "haier", "<mark>Haier</mark> &lt;b&gt;"),
        ("山东鲁味园食品", "8006", "山东鲁味园食品"),
    ],
    ids=[
        "characters",
        "initials",
        "syllables",
        "several readings",
        "signs between",
        "escaped",
        "by something else",
    ],
)
def test_what_matched_is_set_off(title: str, typed: str, said: str) -> None:
    assert str(marked(title, typed)) == said


@pytest.mark.parametrize(
    ("title", "typed", "said", "missing"),
    [
        ("山东鲁味园食品", "食品 山东", "<mark>山东</mark>鲁味园<mark>食品</mark>", ()),
        ("山东鲁味园食品", "鲁味园 8006", "山东<mark>鲁味园</mark>食品", ("8006",)),
        ("山东鲁味园食品", "山东 鲁味", "<mark>山东鲁味</mark>园食品", ()),
        (
            "Acme (Shanghai) <Ltd>",
            "shanghai acme",
            "<mark>Acme</mark> (<mark>Shanghai</mark>) &lt;Ltd&gt;",
            (),
        ),
        ("Müller & Söhne", "sohne MULLER", "<mark>Müller</mark> &amp; <mark>Söhne</mark>", ()),
        ("Großstraße", "strasse", "Groß<mark>straße</mark>", ()),
        ("Muller", "Müller", "<mark>Muller</mark>", ()),
        ("魯味園食品", "鲁味", "<mark>魯味</mark>園食品", ()),
        ("0539-8006220", "05398006", "<mark>0539-8006</mark>220", ()),
        ("威海王氏食品", "wang shipin", "威海<mark>王</mark>氏<mark>食品</mark>", ()),
        ("Ørsted", "x y", "Ørsted", ("x", "y")),
        ("Ørsted", "-", "Ørsted", ("-",)),
    ],
    ids=[
        "any order",
        "one of two",
        "as it stands",
        "escaped",
        "accents",
        "sharp s",
        "accents typed",
        "traditional",
        "signs of a number",
        "the syllable and not its letter alone",
        "none",
        "nothing to look for",
    ],
)
def test_words_and_letters_with_accents_are_set_off(
    title: str, typed: str, said: str, missing: tuple[str, ...]
) -> None:
    assert str(marked(title, typed)) == said
    assert lacking(title, typed) == missing


def test_every_word_that_the_name_lacks_says_where_it_stands(world: World, seller: Client) -> None:
    with in_scope(world.seller):
        data = {
            "name": "山东鲁味园食品",
            "short_name": "老字号",
            "phone": "0539-8006220",
            "relations": "customer",
        }
        services.create_customer(world.seller, data=data)
    page = palette(seller, "8006 鲁味 老字")
    assert "山东<mark>鲁味</mark>园食品" in page
    (said,) = re.findall(r'<span class="gx-t2 gx-s12">(.*?)</span>', page)
    assert "简称：<mark>老字</mark>号" in said
    assert "电话：0539-<mark>8006</mark>220" in said


def many(world: World, number: int, name: str = "众合") -> None:
    rows = [
        {"name": f"{name}{n:03}厂", "relations": "customer", "owner_id": world.seller.member_id}
        for n in range(number)
    ]
    with in_scope(world.seller):
        services.create_customers(world.seller, rows=rows)


def palette(client: Client, text: str) -> str:
    answer = client.get("/search/", {"q": text}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return str(answer.content.decode())


def full_page(client: Client, text: str) -> str:
    answer = client.get("/search/", {"q": text})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_page_says_how_many_there_are_and_leads_to_all(world: World, seller: Client) -> None:
    many(world, 12)
    page = full_page(seller, "厂 众合")
    assert page.count("<mark>众合</mark>") == 8
    assert '<span class="gx-c">12</span>' in page
    url = re.search(r'<a class="gx-sp" href="([^"]+)"[^>]*>全部 12 个客户</a>', page)
    assert url is not None
    found = seller.get(url[1]).content.decode()
    assert all(f"众合{n:03}厂" in found for n in range(12))
    assert "全部结果" in palette(seller, "厂 众合")  # the palette leads to the page, and counts nothing
    assert "全部 12 个" not in palette(seller, "厂 众合")


def test_where_nothing_is_found_the_page_says_so_above_what_one_may_do(world: World, seller: Client) -> None:
    page = full_page(seller, "厂 众合")
    assert "没有找到" in page
    assert page.index("没有找到") < page.rindex("新建客户")
    many(world, 1)
    assert "没有找到" not in full_page(seller, "众合")


def test_more_than_a_hundred_are_not_counted(world: World, seller: Client) -> None:
    many(world, 101)
    page = full_page(seller, "众合")
    assert '<span class="gx-c">99+</span>' in page
    assert ">查看全部</a>" in page


def test_where_all_are_shown_nothing_leads_on(world: World, seller: Client) -> None:
    many(world, 8)
    page = full_page(seller, "众合")
    assert '<span class="gx-c">8</span>' in page
    assert "/customers/?q=" not in page


def test_what_one_may_not_see_is_not_counted(world: World, client_for: ClientFor) -> None:
    many(world, 12)
    with in_scope(world.elsewhere):
        services.create_customer(world.elsewhere, data={"name": "众合自己的", "relations": "customer"})
    page = full_page(client_for(world.members["elsewhere"]), "众合")
    assert '<span class="gx-c">1</span>' in page
    assert "/customers/?q=" not in page
