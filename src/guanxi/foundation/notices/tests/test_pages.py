from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.notices.services import notify, wording
from guanxi.testing.worlds import World, in_scope

wording("tests.greeting", "%(name)s greets you")


def tell(world: World, person: str, name: str, url: str = "") -> Notice:
    with in_scope(world.system):
        notify([world.members[person].id], "tests.greeting", url=url, name=name)
        return Notice.objects.filter(member_id=world.members[person].id).latest("created_at")


def test_everybody_reads_only_his_own(world: World, client_for: Callable[[Member], Client]) -> None:
    tell(world, "seller", "Ada")
    tell(world, "manager", "Grace")
    client = client_for(world.members["seller"])
    for name in ("notices", "notices_latest"):
        text = client.get(reverse(name)).content.decode()
        assert "Ada greets you" in text
        assert "Grace" not in text


def test_opening_marks_read_and_leads_on(world: World, client_for: Callable[[Member], Client]) -> None:
    notice = tell(world, "seller", "Ada", "/settings/audit/")
    response = client_for(world.members["seller"]).post(reverse("notice_open", args=[notice.id]))
    assert response.headers["Location"] == "/settings/audit/"
    with in_scope(world.system):
        assert Notice.objects.get(id=notice.id).read_at is not None


def test_a_notice_never_leads_to_another_site(world: World, client_for: Callable[[Member], Client]) -> None:
    notice = tell(world, "seller", "Ada", "https://evil.example/")
    response = client_for(world.members["seller"]).post(reverse("notice_open", args=[notice.id]))
    assert response.headers["Location"] == reverse("notices")


def test_somebody_elses_notice_is_not_there(
    world: World, other_world: World, client_for: Callable[[Member], Client]
) -> None:
    notice = tell(world, "seller", "Ada")
    for member in (world.members["admin"], other_world.members["admin"]):
        assert client_for(member).post(reverse("notice_open", args=[notice.id])).status_code == 404
        client_for(member).post(reverse("notices_read"), {"ids": [str(notice.id)]})
    with in_scope(world.system):
        assert Notice.objects.get(id=notice.id).read_at is None


def test_all_of_ones_own_are_marked_read(world: World, client_for: Callable[[Member], Client]) -> None:
    mine, other = [tell(world, "seller", "Ada") for _n in range(3)], tell(world, "manager", "Grace")
    client_for(world.members["seller"]).post(reverse("notices_read"))
    with in_scope(world.system):
        assert not Notice.objects.filter(id__in=[one.id for one in mine], read_at__isnull=True).exists()
        assert Notice.objects.get(id=other.id).read_at is None
