"""Saved views: kept, shared, taken over, ordered; left out is what is gone; all of it undone."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.services import close_member
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from guanxi.resource import listing
from guanxi.resource.registry import find
from guanxi.tailoring.models import SavedView, ViewShare
from guanxi.tailoring.queries import views as queries
from guanxi.tailoring.services import views as services
from guanxi.tailoring.services.views import Sharing
from guanxi.tailoring.tests.making import add, make
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
QUERY = "grade=A,B&sort=grade,-updated_at&columns=name,grade,owner&widths=name:240&density=compact"


def save(actor: Actor, name: str = "我的重点", query: str = QUERY) -> SavedView:
    return services.create_view(actor, resource="customers", name=name, query=query)


def usable(actor: Actor) -> list[str]:
    return sorted(view.name for view in queries.usable(actor, find("customers")))


def opened(actor: Actor, query: str = "") -> Any:
    return queries.Keeper().opened(actor, find("customers"), QueryDict(query))


def tabs(actor: Actor, query: str = "") -> list[str]:
    return [tab.label for tab in opened(actor, query).tabs]


def test_a_view_holds_filter_order_columns_widths_and_density(world: World) -> None:
    with in_scope(world.seller):
        view = save(world.seller)
        found = opened(world.seller, f"view={view.pk}")
        assert dict(found.query.items()) == {
            "grade": "A,B",
            "sort": "grade,-updated_at",
            "columns": "name,grade,owner",
            "widths": "name:240",
            "density": "compact",
            "from": str(view.pk),
        }
        assert found.context["changed"] is False


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("grade=A&after=x&shown=50&view=all&lang=en&part=1&nonsense=1", "grade=A"),
        (
            "widths=name:5,grade:9000,x:1,,:&columns=name,grade",
            "columns=name,grade&widths=name:48,grade:900",
        ),
        ("density=tight", ""),
        ("q=鑫&sort=relevance", "q=%E9%91%AB&sort=relevance"),
        ('filter={"any":[{"field":"grade","values":["A"]}]}', "grade=A"),
    ],
    ids=range(5),
)
def test_what_is_saved_is_what_a_list_can_be_asked(world: World, query: str, kept: str) -> None:
    with in_scope(world.seller):
        assert save(world.seller, query=query).query == kept


@pytest.mark.parametrize("name", ["", " \u200b ", "x" * 61])
def test_a_view_has_a_name_of_a_length_that_fits_a_tab(world: World, name: str) -> None:
    with in_scope(world.seller):
        with pytest.raises(Invalid):
            save(world.seller, name)
        save(world.seller, "一样")
        with pytest.raises(Invalid):
            save(world.seller, " 一样 ")
        save(world.teammate, "一样")
        assert SavedView.objects.count() == 2


def test_a_view_is_its_owners_until_it_is_shared(world: World) -> None:
    with in_scope(world.manager):
        view = save(world.manager)
        assert usable(world.manager) == ["我的重点"]
        assert usable(world.seller) == usable(world.admin) == []
        with pytest.raises(NotFound):
            opened(world.seller, f"view={view.pk}")
        with pytest.raises(NotFound):
            services.change_view(world.admin, view.pk, name="x")
        services.share_view(world.manager, view.pk, roles=[world.roles["salesperson"].id])
        assert usable(world.seller) == usable(world.teammate) == ["我的重点"]
        assert usable(world.admin) == []
        services.share_view(world.manager, view.pk, members=[world.members["elsewhere"].id])
        assert (usable(world.elsewhere), usable(world.seller)) == (["我的重点"], [])
        services.share_view(world.manager, view.pk, everyone=True)
        assert usable(world.seller) == ["我的重点"]
        assert not ViewShare.objects.exists()
        services.share_view(world.manager, view.pk)
        assert usable(world.seller) == []


def test_whom_it_is_shared_with_may_use_it_and_not_change_it(world: World) -> None:
    with in_scope(world.manager):
        view = save(world.manager)
        services.share_view(world.manager, view.pk, everyone=True)
        for act in (
            lambda: services.change_view(world.seller, view.pk, query="grade=C"),
            lambda: services.delete_view(world.seller, view.pk),
            lambda: services.share_view(world.seller, view.pk, everyone=False),
            lambda: services.take_over(world.seller, view.pk),
            lambda: services.start_roles_with(world.seller, view.pk, roles=[]),
        ):
            with pytest.raises(Forbidden):
                act()
        view.refresh_from_db()
        assert (view.query, view.everyone, view.version) == (save(world.seller, "b").query, True, 2)


def test_sharing_needs_a_right_of_its_own(world: World) -> None:
    with in_scope(world.seller):
        view = save(world.seller)
        with pytest.raises(Forbidden):
            services.share_view(world.seller, view.pk, everyone=True)
        assert usable(world.manager) == []


def test_another_company_has_no_views_of_ours(world: World, other_world: World) -> None:
    with in_scope(world.manager):
        view = save(world.manager)
        services.share_view(world.manager, view.pk, everyone=True)
    with in_scope(other_world.admin):
        assert usable(other_world.admin) == []
        for act in (queries.get, services.delete_view, services.take_over):
            with pytest.raises(NotFound):
                act(other_world.admin, view.pk)
        with pytest.raises(NotFound):
            opened(other_world.admin, f"view={view.pk}")


def test_a_view_of_somebody_who_left_goes_on_and_can_be_taken_over(world: World) -> None:
    with in_scope(world.manager):
        view, private = save(world.manager), save(world.manager, "自己的")
        services.share_view(world.manager, view.pk, roles=[world.roles["salesperson"].id])
    with in_scope(world.admin):
        assert world.manager.member_id is not None
        close_member(world.admin, world.manager.member_id)
        assert usable(world.seller) == ["我的重点"]
        assert opened(world.seller, f"view={view.pk}").query["grade"] == "A,B"
        assert {one.name for one in queries.known(world.admin)} == {"我的重点", "自己的"}
        services.take_over(world.admin, view.pk)
        services.take_over(world.admin, private.pk)
        taken = last_operation_id()
        services.change_view(world.admin, view.pk, name="接过来的")
        assert usable(world.seller) == ["接过来的"]
        assert usable(world.admin) == ["接过来的", "自己的"]
        assert taken is not None
        undo(world.admin, taken)
        assert usable(world.admin) == ["接过来的"]


def test_a_private_view_of_somebody_present_is_nobody_elses_to_take(world: World) -> None:
    with in_scope(world.seller):
        view = save(world.seller)
        with pytest.raises(NotFound):
            services.take_over(world.admin, view.pk)


def test_a_list_begins_with_ones_own_choice_else_with_ones_roles_else_with_everything(world: World) -> None:
    role = world.roles["salesperson"].id
    with in_scope(world.manager):
        first, mine = save(world.manager, "全队"), save(world.seller, "自己的")
        assert opened(world.seller).context["view"] is None
        services.start_roles_with(_managing(world), first.pk, roles=[role])
        assert opened(world.seller).context["view"] == first
        assert opened(world.manager).context["view"] is None
        services.choose(world.seller, resource="customers", start=str(mine.pk))
        assert opened(world.seller).context["view"] == mine
        assert opened(world.seller, "view=all").context["view"] is None
        assert opened(world.seller, "grade=C").context["view"] is None
        services.choose(world.seller, resource="customers", start="all")
        assert opened(world.seller).context["view"] is None
        services.choose(world.seller, resource="customers", start="")
        assert opened(world.seller).context["view"] == first
        with pytest.raises(NotFound):
            services.choose(world.elsewhere, resource="customers", start=str(mine.pk))
        services.delete_view(world.manager, first.pk)
        assert opened(world.seller).context["view"] is None


def _managing(world: World) -> Actor:
    """The manager with the right to manage views."""
    return replace(world.manager, grants={**world.manager.grants, queries.MANAGE: "all"})


def test_tabs_stand_as_somebody_ordered_them_and_new_ones_follow(world: World) -> None:
    with in_scope(world.seller):
        views = {name: save(world.seller, name) for name in ("甲", "乙", "丙")}
        ready = ["全部", "我负责的"]
        services.choose(world.seller, resource="customers", order=[str(views[name].pk) for name in "丙甲乙"])
        assert tabs(world.seller) == [*ready, "丙", "甲", "乙"]
        save(world.seller, "丁")
        assert tabs(world.seller) == [*ready, "丙", "甲", "乙", "丁"]
        services.delete_view(world.seller, views["甲"].pk)
        assert tabs(world.seller) == [*ready, "丙", "乙", "丁"]


# Undo, versions, rights of today


def test_every_act_on_views_is_undone(world: World) -> None:
    manager = _managing(world)
    role = world.roles["salesperson"].id
    with in_scope(world.manager):
        view = save(world.manager)
        made = last_operation_id()
        services.arrange_view(
            manager, view.pk, name="新名字", sharing=Sharing(roles=[role]), start_roles=[role], start=True
        )
        arranged = last_operation_id()
        assert opened(world.seller).context["view"] == view
        services.delete_view(world.manager, view.pk)
        deleted = last_operation_id()
        assert usable(world.seller) == []
        for done, names in ((deleted, ["新名字"]), (arranged, []), (made, [])):
            assert done is not None
            undo(manager, done)
            assert usable(world.seller) == names
        assert usable(world.manager) == []


def test_who_may_not_change_a_view_any_more_does_not_do_so_by_undoing(world: World) -> None:
    with in_scope(world.manager):
        view = save(world.manager)
        services.share_view(world.manager, view.pk, everyone=True)
        shared = last_operation_id()
        services.take_over(world.admin, view.pk)
        assert shared is not None
        with pytest.raises(Refused):
            undo(world.manager, shared)
        view.refresh_from_db()
        assert view.everyone


def test_a_view_that_changed_meanwhile_is_not_overwritten_unseen(world: World) -> None:
    with in_scope(world.seller):
        view = save(world.seller)
        services.change_view(world.seller, view.pk, name="一")
        with pytest.raises(Stale):
            services.change_view(world.seller, view.pk, name="二", expected_version=1)


def test_an_own_number_can_be_sorted_by_and_paged(world: World) -> None:
    with in_scope(world.admin):
        name = add(world.admin, "number", "机台数").name
    with in_scope(world.seller):
        for number in (3, None, 12, 3, None, 0):
            make(world.seller, f"公司{number}", **({} if number is None else {name: number}))
        for sign, expected in (("", [0, 3, 3, 12, None, None]), ("-", [12, 3, 3, 0, None, None])):
            wanted = listing.read(world.seller, find("customers"), QueryDict(f"sort={sign}{name},name"))
            assert not wanted.promised
            seen, after = [], ""
            while True:
                page = wanted.page(after=after, size=2)
                seen += [row.own.get(name) for row in page.rows]
                if page.after is None:
                    break
                after = page.after
            assert seen == expected
        with pytest.raises(Invalid):
            listing.read(world.seller, find("customers"), QueryDict("sort=x_nothing"))
