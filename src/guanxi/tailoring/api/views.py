"""Saved views through the API. A view's `query` is the query string of the list it stands for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation.permissions.actor import Actor
from guanxi.resource.declaration import Resource
from guanxi.resource.operations import Operation, declare
from guanxi.resource.registry import every
from guanxi.tailoring.models import RoleStart, SavedView, ViewShare
from guanxi.tailoring.queries import views as queries
from guanxi.tailoring.services import views as services


@dataclass(frozen=True, kw_only=True)
class ViewsOf:
    """Whose list: the key of its resource; every list where it is not said."""

    resource: str = ""


@dataclass(frozen=True, kw_only=True)
class NewView:
    """A list's query string under a name: filters, `q`, `sort`, `columns`, `widths`, `density`."""

    resource: str
    name: str
    query: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangedView:
    """What is to be changed."""

    name: str | None = None
    query: str | None = None


@dataclass(frozen=True, kw_only=True)
class SharedView:
    """Whom a view is shared with; with nobody it is private."""

    everyone: bool = False
    members: list[UUID] = field(default_factory=list)
    roles: list[UUID] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class StartingRoles:
    """The roles whose list begins with the view."""

    roles: list[UUID]


@dataclass(frozen=True, kw_only=True)
class ViewOut:
    """A saved view. `members`, `roles` and `starts` are told to whoever may change it."""

    id: UUID
    version: int
    resource: str
    name: str
    query: str
    owner: UUID
    owner_name: str
    owner_left: bool
    everyone: bool
    members: list[UUID]
    roles: list[UUID]
    starts: list[UUID]
    may_change: bool


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What one's own list begins with (a view's id, `all`, or "" for what one's role begins with), and in which order
    its views stand."""

    resource: str
    start: str | None = None
    order: list[UUID] | None = None


@dataclass(frozen=True, kw_only=True)
class ChoiceOut:
    """What one's own list begins with ("" for everything), and in which order its views stand."""

    resource: str
    start: str
    order: list[str]


def register() -> None:
    """Called once at start-up."""
    one = "views/{id}"
    declare(
        Operation(
            area="views", method="GET", path="views", act=_views, query=ViewsOf, answer=ViewOut, many=True,
            summary=gettext_noop("Saved views of a list"),
            words=gettext_noop("One's own and those that others share, in one's own order."),
        ),
        Operation(
            area="views", method="POST", path="views", act=_create, body=NewView, answer=ViewOut, status=201,
            summary=gettext_noop("Save a view"),
        ),
        Operation(area="views", method="GET", path=one, act=_read, answer=ViewOut, summary=gettext_noop("Read a view")),
        Operation(
            area="views", method="PATCH", path=one, act=_change, body=ChangedView, answer=ViewOut, guarded=True,
            summary=gettext_noop("Change a view"),
        ),
        Operation(
            area="views", method="DELETE", path=one, act=_delete, status=204, summary=gettext_noop("Delete a view"),
        ),
        Operation(
            area="views", method="POST", path=f"{one}/share", act=_share, body=SharedView, answer=ViewOut,
            summary=gettext_noop("Share a view"),
        ),
        Operation(
            area="views", method="POST", path=f"{one}/take", act=_take, answer=ViewOut,
            summary=gettext_noop("Take a view over"),
            words=gettext_noop("Of somebody who has left, or one that is shared."),
        ),
        Operation(
            area="views", method="POST", path=f"{one}/start", act=_start, body=StartingRoles, answer=ViewOut,
            summary=gettext_noop("Let roles begin with a view"),
        ),
        Operation(
            area="view_choices", method="GET", path="view_choices", act=_chosen, query=ViewsOf, answer=ChoiceOut,
            many=True, summary=gettext_noop("How one's own list begins"),
        ),
        Operation(
            area="view_choices", method="POST", path="view_choices", act=_choose, body=Choice, answer=ChoiceOut,
            summary=gettext_noop("Choose how one's own list begins"),
        ),
        views=_("Saved views"),
        view_choices=_("Choice of views"),
    )  # fmt: skip


def _lists(actor: Actor, query: ViewsOf) -> list[type[Resource]]:
    if query.resource:
        return [queries.resource_of(actor, query.resource)]
    return [one for one in every() if actor.may(one.permission("view"))]


def _views(actor: Actor, query: ViewsOf) -> tuple[list[ViewOut], str | None]:
    found: list[SavedView] = []
    for resource in _lists(actor, query):
        order = queries.start_of(actor, resource).order
        found += queries.in_order(list(queries.usable(actor, resource).select_related("owner")), order)
    return _told(actor, found), None


def _create(actor: Actor, body: NewView) -> ViewOut:
    return _one(
        actor, services.create_view(actor, resource=body.resource, name=body.name, query=body.query).pk
    )


def _read(actor: Actor, view_id: UUID) -> ViewOut:
    return _one(actor, view_id)


def _change(actor: Actor, view_id: UUID, body: ChangedView, *, expected_version: int | None) -> ViewOut:
    services.change_view(actor, view_id, name=body.name, query=body.query, expected_version=expected_version)
    return _one(actor, view_id)


def _delete(actor: Actor, view_id: UUID) -> None:
    services.delete_view(actor, view_id)


def _share(actor: Actor, view_id: UUID, body: SharedView) -> ViewOut:
    services.share_view(actor, view_id, everyone=body.everyone, members=body.members, roles=body.roles)
    return _one(actor, view_id)


def _take(actor: Actor, view_id: UUID) -> ViewOut:
    services.take_over(actor, view_id)
    return _one(actor, view_id)


def _start(actor: Actor, view_id: UUID, body: StartingRoles) -> ViewOut:
    services.start_roles_with(actor, view_id, roles=body.roles)
    return _one(actor, view_id)


def _chosen(actor: Actor, query: ViewsOf) -> tuple[list[ChoiceOut], str | None]:
    return [_choice(actor, resource) for resource in _lists(actor, query)], None


def _choice(actor: Actor, resource: type[Resource]) -> ChoiceOut:
    found = queries.start_of(actor, resource)
    return ChoiceOut(resource=resource.key, start=found.view, order=list(found.order))


def _choose(actor: Actor, body: Choice) -> ChoiceOut:
    order = None if body.order is None else [str(one) for one in body.order]
    services.choose(actor, resource=body.resource, start=body.start, order=order)
    return _choice(actor, queries.resource_of(actor, body.resource))


def _one(actor: Actor, view_id: UUID) -> ViewOut:
    return _told(actor, [queries.get(actor, view_id)])[0]


def _told(actor: Actor, views: Iterable[SavedView]) -> list[ViewOut]:
    views = list(views)
    mine = {view.pk for view in views if queries.may_change(actor, view)}
    shares = list(ViewShare.objects.filter(view_id__in=mine))
    starts = list(RoleStart.objects.filter(view_id__in=mine))
    return [
        ViewOut(
            id=view.pk,
            version=view.version,
            resource=view.resource,
            name=view.name,
            query=view.query,
            owner=view.owner_id,
            owner_name=view.owner.name,
            owner_left=not view.owner.is_active,
            everyone=view.everyone,
            members=[one.member_id for one in shares if one.view_id == view.pk and one.member_id],
            roles=[one.role_id for one in shares if one.view_id == view.pk and one.role_id],
            starts=[one.role_id for one in starts if one.view_id == view.pk],
            may_change=view.pk in mine,
        )
        for view in views
    ]
