"""Verbs of saved views. Each is one operation that can be undone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import Role
from guanxi.kernel.errors import Forbidden, Invalid, Message, NotFound, Refused, Stale
from guanxi.kernel.text import clean_text
from guanxi.resource.viewing import ALL, canonical
from guanxi.tailoring.models import RoleStart, SavedView, ViewChoice, ViewShare
from guanxi.tailoring.queries.views import CREATE, MANAGE, SHARE, get, may_change, me, resource_of

MOST = 100  # views of one person on one list
_NAME = 60


@dataclass(frozen=True, slots=True)
class Sharing:
    """Whom a view is shared with."""

    everyone: bool = False
    members: Collection[UUID] = ()
    roles: Collection[UUID] = ()


def create_view(actor: Actor, *, resource: str, name: str, query: str) -> SavedView:
    """Save a list's address as a view of one's own. Raises Forbidden, NotFound, Invalid, Refused."""
    actor.require(CREATE)
    declared = resource_of(actor, resource)
    if actor.member_id is None:
        raise Forbidden(CREATE)
    mine = SavedView.objects.filter(resource=resource, owner_id=actor.member_id)
    if mine.count() >= MOST:
        raise Refused(
            "too_many_views", _("You have %(most)s views of this list. Delete one first.") % {"most": MOST}
        )
    view = SavedView(
        resource=resource,
        name=_named(actor.member_id, resource, name),
        owner_id=actor.member_id,
        query=canonical(actor, declared, QueryDict(query), forgiving=True),
    )
    with operation(actor, CREATE, record_id=view.pk, label=view.name):
        view.save(force_insert=True)
    return view


def change_view(
    actor: Actor,
    view_id: UUID,
    *,
    name: str | None = None,
    query: str | None = None,
    expected_version: int | None = None,
) -> SavedView:
    """Rename a view or put another list in it. Raises NotFound, Forbidden, Invalid, Stale."""
    view = _mine(actor, view_id, expected_version)
    fields = []
    if name is not None:
        view.name = _named(view.owner_id, view.resource, name, beside=view.pk)
        fields.append("name")
    if query is not None:
        declared = resource_of(actor, view.resource)
        view.query = canonical(actor, declared, QueryDict(query), forgiving=True)
        fields.append("query")
    if fields:
        with operation(actor, "tailoring.view.edit", record_id=view.pk, label=view.name):
            view.save(update_fields=[*fields, "updated_at"])
        view.refresh_from_db()
    return view


def share_view(
    actor: Actor,
    view_id: UUID,
    *,
    everyone: bool = False,
    members: Collection[UUID] = (),
    roles: Collection[UUID] = (),
) -> SavedView:
    """Share a view with exactly these people and roles, or with everyone; with none it is private again.

    Raises NotFound, Forbidden (needs `tailoring.view.share`), Invalid for people and roles that are not there.
    """
    actor.require(SHARE)
    view = _mine(actor, view_id)
    people = set(Member.objects.filter(pk__in=members, left_on__isnull=True).values_list("pk", flat=True))
    held = set(Role.objects.filter(pk__in=roles).values_list("pk", flat=True))
    standing = list(ViewShare.objects.filter(view=view))
    kept_people = {one.member_id for one in standing} & set(members)  # also those who have left since
    if set(members) - people - kept_people or set(roles) - held:
        raise Invalid({"with": [Message("unknown", _("Somebody of these is not there any more."))]})
    with operation(actor, SHARE, record_id=view.pk, label=view.name):
        if view.everyone != everyone:
            view.everyone = everyone
            view.save(update_fields=["everyone", "updated_at"])
        for one in standing:
            if one.member_id not in people | kept_people and one.role_id not in held:
                one.delete()
        for member_id in people - {one.member_id for one in standing}:
            ViewShare(view=view, member_id=member_id).save(force_insert=True)
        for role_id in held - {one.role_id for one in standing}:
            ViewShare(view=view, role_id=role_id).save(force_insert=True)
    view.refresh_from_db()
    return view


def take_over(actor: Actor, view_id: UUID) -> SavedView:
    """Make a view one's own whose owner has left, or that is shared. Raises NotFound, Forbidden."""
    actor.require(MANAGE)
    view = get(actor, view_id, lock=True)
    if actor.member_id is None:
        raise Forbidden(MANAGE)
    if view.owner_id != actor.member_id:
        with operation(actor, "tailoring.view.take_over", record_id=view.pk, label=view.name):
            view.owner_id = actor.member_id
            view.save(update_fields=["owner", "updated_at"])
        view.refresh_from_db()
    return view


def delete_view(actor: Actor, view_id: UUID) -> None:
    """Delete a view for everybody who has it. Raises NotFound, Forbidden."""
    view = _mine(actor, view_id)
    with operation(actor, "tailoring.view.delete", record_id=view.pk, label=view.name):
        view.delete()


def start_roles_with(actor: Actor, view_id: UUID, *, roles: Collection[UUID]) -> SavedView:
    """Let a list open with this view for exactly these roles, which it is then shared with; a role has one such view.

    Raises NotFound, Forbidden (needs `tailoring.view.manage`).
    """
    actor.require(MANAGE)
    view = get(actor, view_id, lock=True)
    wanted = set(Role.objects.filter(pk__in=roles).values_list("pk", flat=True))
    with operation(actor, MANAGE, record_id=view.pk, label=view.name):
        standing = RoleStart.objects.filter(resource=view.resource)
        for one in standing.filter(view=view).exclude(role_id__in=wanted):
            one.delete()
        for role_id in wanted:
            start = standing.filter(role_id=role_id).first()
            if start is None:
                RoleStart(resource=view.resource, role_id=role_id, view=view).save(force_insert=True)
            elif start.view_id != view.pk:
                start.view = view
                start.save(update_fields=["view", "updated_at"])
        shared = set(
            ViewShare.objects.filter(view=view, role__isnull=False).values_list("role_id", flat=True)
        )
        for role_id in () if view.everyone else wanted - shared:
            ViewShare(view=view, role_id=role_id).save(force_insert=True)
    return view


def choose(
    actor: Actor, *, resource: str, start: str | None = None, order: Sequence[str] | None = None
) -> None:
    """Say what a list opens with for oneself (a view's id, "all", "" for what one's role opens with), and in which
    order its views stand. Raises NotFound, Forbidden."""
    actor.require(CREATE)
    declared = resource_of(actor, resource)
    if actor.member_id is None:
        raise Forbidden(CREATE)
    if start and start != ALL:
        try:
            start = str(get(actor, UUID(start)).pk)
        except ValueError as error:
            raise NotFound("view_not_found") from error
    held = ViewChoice.objects.filter(resource=declared.key, member_id=actor.member_id).first()
    choice = held or ViewChoice(resource=declared.key, member_id=actor.member_id)
    if start is not None:
        choice.start = start
    if order is not None:
        choice.order = [str(one)[:36] for one in order][:MOST]
    with operation(actor, "tailoring.view.choose", record_id=choice.pk):
        if held:
            choice.save(update_fields=["start", "order", "updated_at"])
        else:
            choice.save(force_insert=True)


def arrange_view(
    actor: Actor,
    view_id: UUID,
    *,
    name: str | None = None,
    sharing: Sharing | None = None,
    start_roles: Collection[UUID] | None = None,
    start: bool | None = None,
    expected_version: int | None = None,
) -> SavedView:
    """Several of these at once, as one operation: name, sharing, whose list begins with it, whether one's own does.

    Raises NotFound, Forbidden, Invalid, Stale; then nothing has changed.
    """
    view = get(actor, view_id)
    with operation(actor, "tailoring.view.edit", record_id=view.pk, label=name or view.name):
        if name is not None:
            view = change_view(actor, view_id, name=name, expected_version=expected_version)
        if sharing is not None:
            view = share_view(
                actor, view_id, everyone=sharing.everyone, members=sharing.members, roles=sharing.roles
            )
        if start_roles is not None:
            view = start_roles_with(actor, view_id, roles=start_roles)
        if start is not None:
            choice = ViewChoice.objects.filter(resource=view.resource, member_id=me(actor)).first()
            now = bool(choice and choice.start == str(view.pk))
            if now != start:
                choose(actor, resource=view.resource, start=str(view.pk) if start else "")
    return view


def _mine(actor: Actor, view_id: UUID, expected_version: int | None = None) -> SavedView:
    """A view to be changed, locked. Raises NotFound, Forbidden, Stale."""
    actor.require(CREATE)
    view = get(actor, view_id, lock=True)
    if not may_change(actor, view):
        raise Forbidden(MANAGE)
    if expected_version is not None and view.version != expected_version:
        raise Stale(view.version, expected_version)
    return view


def _named(owner_id: UUID, resource: str, name: str, *, beside: UUID | None = None) -> str:
    """A view's name, cleaned; no two of one person on one list are called the same. Raises Invalid."""
    text = clean_text(name)
    if not text:
        raise Invalid({"name": [Message("required", _("Give the view a name."))]})
    if len(text) > _NAME:
        raise Invalid({"name": [Message("too_long", _("At most %(limit)s characters."), {"limit": _NAME})]})
    taken = SavedView.objects.filter(resource=resource, owner_id=owner_id, name=text).exclude(
        pk=beside or UUID(int=0)
    )
    if taken.exists():
        raise Invalid({"name": [Message("taken", _("You have a view of this name already."))]})
    return text
