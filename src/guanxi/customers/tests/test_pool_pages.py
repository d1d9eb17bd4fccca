"""The pages of pools: rules tried and kept, members, what a card says, claiming by it."""

# Chinese in code: names of customers, what pages say

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.test import Client
from django.utils import timezone

from guanxi.customers.models import Customer, PoolMember
from guanxi.customers.queries.falling import terms_of
from guanxi.customers.rules.pools import Clock, Term
from guanxi.customers.services.pool_settings import set_terms
from guanxi.customers.services.pools import move
from guanxi.customers.tests.test_pools import customer_of, lying, make_pool, owner_of
from guanxi.integrations.api.tests.calling import program_of
from guanxi.integrations.imports.tests.test_pages import run_jobs, upload
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope, writing


def test_rules_are_tried_before_they_are_kept(world: World, client_for: Any) -> None:
    pool = make_pool(world, world.seller)
    mine = customer_of(world.seller, "很久没联系的客户商行", grade="B")
    with in_scope(world.admin):
        move(world.admin, ids=[mine.pk], into=pool.pk)
    with writing(world.system):
        Customer.objects.filter(pk=mine.pk).update(created_at=timezone.now() - timedelta(days=50))
    admin: Client = client_for(world.members["admin"])
    url = f"/pools/{pool.pk}/settings/"
    rules = {"activity-all": "", "activity-B": "40"}
    page = admin.post(url, {"do": "try", **rules}).content.decode()
    assert "很久没联系的客户商行" in page
    assert "40 天没有有效跟进" in page
    with in_scope(world.system):
        pool.refresh_from_db()
        assert terms_of(pool) == []  # tried is not kept
    assert "很久没联系的客户商行" not in admin.post(url, {"do": "try", "activity-all": "90"}).content.decode()
    wrong = admin.post(url, {"do": "keep", "activity-all": "一个月"})
    assert wrong.status_code == 422
    assert 'value="一个月"' in wrong.content.decode()
    assert (
        admin.post(url, {"do": "keep", **rules, "purchase-all": "365", "purchase-A": "0"}).status_code == 302
    )
    with in_scope(world.system):
        pool.refresh_from_db()
        assert terms_of(pool) == [
            Term(Clock.ACTIVITY, None, {"B": 40}), Term(Clock.PURCHASE, 365, {"A": None}),
        ]  # fmt: skip
    assert 'name="purchase-A" value="0"' in admin.get(url).content.decode()
    assert client_for(world.members["seller"]).get(url).status_code == 403


def test_members_come_and_go(world: World, client_for: Any) -> None:
    pool = make_pool(world)
    admin: Client = client_for(world.members["admin"])
    url = f"/pools/{pool.pk}/settings/"
    seller = world.members["seller"]
    assert (
        admin.post(url, {"do": "join", "who": f"member.{seller.pk}", "administers": "on"}).status_code == 302
    )
    assert admin.post(url, {"do": "join", "who": f"department.{seller.department_id}"}).status_code == 302
    with in_scope(world.system):
        person = PoolMember.objects.get(pool=pool, member=seller)
        assert person.administers
        assert PoolMember.objects.filter(pool=pool).count() == 2
    assert admin.post(url, {"do": "join", "who": "member.nobody"}).status_code == 404
    assert admin.post(url, {"do": f"leave:{person.pk}"}).status_code == 302
    assert seller.name not in admin.get(url).content.decode().partition("</form>")[2].partition("<form")[0]
    with in_scope(world.system):
        assert PoolMember.objects.filter(pool=pool).count() == 1


def test_a_card_says_when_it_falls_where_it_lies_and_whose_it_was(world: World, client_for: Any) -> None:
    pool = make_pool(world, world.seller)
    (one,) = lying(world, pool, 1)
    seller: Client = client_for(world.members["seller"])
    card = f"/customers/{one.pk}/"
    page = seller.get(card).content.decode()
    assert "华东公海" in page
    assert "无人负责" in page
    assert f"{card}act/claim/" in page
    assert seller.post(f"{card}act/claim/").status_code == 302
    assert owner_of(world, one) == world.seller.member_id
    hands = seller.get(f"{card}panel/hands/").content.decode()
    assert world.elsewhere.name in hands
    assert "顾不上" in hands  # why it was released
    with in_scope(world.admin):
        set_terms(world.admin, pool.pk, [Term(Clock.ACTIVITY, 5)])
    page = seller.get(card).content.decode()
    assert "还有 5 天掉入公海“华东公海”" in page
    assert "5 天没有有效跟进" in page
    assert f"{card}act/claim/" not in page


def test_what_is_imported_without_an_owner_goes_to_a_pool(
    world: World, client_for: Any, settings: Any, tmp_path: Path
) -> None:
    settings.FILES_ROOT = tmp_path / "files"
    pool = make_pool(world, world.seller)
    client: Client = client_for(world.members["admin"])
    url = upload(client, "公司,负责人\n外来的商行,\n另一家商行,\n".encode())
    assert 'name="constant-pool"' in client.get(url).content.decode()
    client.post(url, {"do": "check", "constant-pool": str(pool.pk)})
    client.post(url, {"do": "import", "constant-pool": str(pool.pk)})
    (job,) = run_jobs(world)
    assert job.result["created"] == 2
    with in_scope(world.system):
        assert Customer.objects.filter(pool=pool, owner__isnull=True).count() == 2
    manager = program_of(world.seller)
    assert manager.post("/customers", {"name": "不能选的商行", "pool": str(pool.pk)}).status_code == 422


def test_a_pool_in_use_is_not_deleted_and_says_why(world: World, client_for: Any) -> None:
    pool = make_pool(world, world.seller)
    (one,) = lying(world, pool, 1)
    admin: Client = client_for(world.members["admin"])
    assert admin.post(f"/pools/{pool.pk}/settings/", {"do": "nonsense"}).status_code == 404
    admin.post(f"/pools/{pool.pk}/delete/", {"save": "1"})
    assert owner_of(world, one) is None
    assert admin.get(f"/pools/{pool.pk}/").status_code == 200
    empty = make_pool(world, world.seller, name="空公海")
    admin.post(f"/pools/{empty.pk}/delete/", {"save": "1"})
    assert admin.get(f"/pools/{empty.pk}/").status_code == 404


def test_a_press_on_the_card_claims_at_once(world: World, client_for: Any) -> None:
    pool = make_pool(world, world.seller, world.teammate)
    one, other = lying(world, pool, 2)
    htmx = {"HX-Request": "true"}
    card = f"/customers/{one.pk}/"
    seller, teammate = (client_for(world.members[name]) for name in ("seller", "teammate"))
    assert f'hx-post="{card}act/claim/"' in seller.get(card).content.decode()
    answer = seller.post(f"{card}act/claim/", headers=htmx)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, card)
    assert owner_of(world, one) == world.seller.member_id
    page = seller.get(card).content.decode()
    assert "data-gx-undo" in page  # the toast takes it back
    # Who is too late is told by whom, though it went out of sight.
    answer = teammate.post(f"{card}act/claim/", headers=htmx)
    assert answer.headers["HX-Redirect"] == "/customers/"
    assert f"已被 {world.seller.name} 领取" in teammate.get("/customers/").content.decode()
    assert (
        program_of(world.teammate).post(f"/customers/{one.pk}/actions/claim", {"inputs": {}}).status_code
        == 409
    )
    # What the rules do not allow is said on the card.
    with in_scope(world.admin):
        find("pools").edit(world.admin, pool.pk, data={"claims_a_day": "0"}, expected_version=None)
    answer = teammate.post(f"/customers/{other.pk}/act/claim/", headers=htmx)
    assert answer.headers["HX-Redirect"] == f"/customers/{other.pk}/"
    assert "华东公海" in teammate.get(f"/customers/{other.pk}/").content.decode()
    assert owner_of(world, other) is None


def test_several_are_claimed_at_once_from_the_list(world: World, client_for: Any) -> None:
    pool = make_pool(world, world.seller)
    made = lying(world, pool, 3)
    seller: Client = client_for(world.members["seller"])
    answer = seller.post("/customers/bulk/claim/", {"ids": [str(one.pk) for one in made[:2]]})
    assert answer.status_code == 302
    assert [owner_of(world, one) for one in made] == [world.seller.member_id, world.seller.member_id, None]


def test_members_are_looked_for_by_what_is_typed_and_stand_on_the_card(world: World, client_for: Any) -> None:
    pool = make_pool(world, world.seller)
    admin: Client = client_for(world.members["admin"])
    url = f"/pools/{pool.pk}/who/"
    everybody = admin.get(url).content.decode()
    assert "华东组" in everybody
    assert world.seller.name not in everybody  # she belongs to it already
    assert "华北组" in admin.get(f"{url}?q=北").content.decode()
    assert "华北组" in admin.get(f"{url}?q=huabei").content.decode()
    assert world.teammate.name not in admin.get(f"{url}?q=北").content.decode()
    assert world.teammate.name in admin.get(f"{url}?q={world.teammate.name[:2]}").content.decode()
    assert url in admin.get(f"/pools/{pool.pk}/settings/").content.decode()
    admin.post(
        f"/pools/{pool.pk}/settings/",
        {"do": "join", "who": f"department.{world.departments['north'].pk}", "administers": "on"},
    )
    panel = client_for(world.members["seller"]).get(f"/pools/{pool.pk}/panel/members/").content.decode()
    assert "华北组" in panel
    assert world.seller.name in panel
    assert f"/pools/{pool.pk}/settings/" not in panel  # the way there is for whoever may go it


def test_members_and_rules_through_the_api(world: World) -> None:
    pool = make_pool(world)
    admin, seller = program_of(world.admin), program_of(world.seller)
    way = f"/pools/{pool.pk}"
    department = str(world.departments["east"].pk)
    made = admin.post(f"{way}/members", {"department": department, "administers": True})
    assert made.status_code == 201, made.json()
    told = seller.get(f"{way}/members").json()["items"]
    assert [(one["name"], one["department"], one["member"], one["administers"]) for one in told] == [
        ("华东组", department, None, True)
    ]
    assert admin.post(f"{way}/members", {}).status_code == 409
    assert seller.post(f"{way}/members", {"member": str(world.seller.member_id)}).status_code == 403
    assert seller.delete(f"/pools/memberships/{told[0]['id']}").status_code == 403
    assert admin.delete(f"/pools/memberships/{told[0]['id']}").status_code == 204
    assert admin.get(f"{way}/members").json()["items"] == []
    rules = {"rules": [{"clock": "activity", "days": None, "by_grade": [{"grade": "C", "days": 30}]}]}
    answer = admin.post(f"{way}/rules", rules)
    assert answer.json() == {**rules, "tomorrow": 0}, answer.json()
    assert admin.get(f"{way}/rules").json()["rules"] == rules["rules"]
    assert admin.post(f"{way}/rules", {"rules": [{"clock": "moon"}]}).status_code == 422
    assert admin.post(f"{way}/rules", {"rules": [{"clock": "activity", "days": 0}]}).status_code == 422
    assert seller.get(f"{way}/rules").status_code == 403
