"""Whether an undo may touch saved views today, and what the change log shows of them."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.ledger.conflicts import Part
from guanxi.foundation.ledger.images import shape_of
from guanxi.foundation.ledger.labels import Image, TableLabels, label_table, label_verbs
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import guard_undo, needed_verb
from guanxi.foundation.permissions import codes
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Refused
from guanxi.resource.registry import find_by_key
from guanxi.tailoring.models import RoleStart, SavedView, ViewChoice, ViewShare
from guanxi.tailoring.queries.views import CREATE, MANAGE, SHARE, known, me

_VIEWS, _SHARES, _STARTS, _CHOICES = (
    model._meta.db_table for model in (SavedView, ViewShare, RoleStart, ViewChoice)
)


def register() -> None:
    """Codes, words of the change log, and the guard of undo; called once at start-up."""
    group = _("Views of lists")
    every = dict.fromkeys(codes.EVERYBODY, "all")
    codes.register(CREATE, _("Save views of one's own"), group=group, reach=False, defaults=every)
    codes.register(
        SHARE,
        _("Share views with others"),
        group=group,
        reach=False,
        defaults={"sales_manager": "all"},
    )
    codes.register(
        MANAGE, _("Change shared views of others and say what a role begins with"), group=group, reach=False
    )
    guard_undo(guard)
    label_table(_VIEWS, TableLabels(visible=_seen, seen_in=_seen_in, values={"resource": _resource}))
    label_table(_SHARES, TableLabels(row=_nameless, visible=_shares_seen))
    label_table(_STARTS, TableLabels(row=_nameless, values={"resource": _resource}))
    label_table(
        _CHOICES,
        TableLabels(row=_nameless, visible=_choices_seen, hidden=frozenset({"order", "start", "resource"})),
    )
    label_verbs(
        {
            CREATE: _("saved a view"),
            "tailoring.view.edit": _("changed a view"),
            SHARE: _("shared a view"),
            "tailoring.view.take_over": _("took over a view"),
            "tailoring.view.delete": _("deleted a view"),
            MANAGE: _("said which view roles begin with"),
            "tailoring.view.choose": _("chose how a list begins"),
        }
    )


def guard(actor: Actor, found: Operation, part: Part) -> Iterator[tuple[str, UUID]]:
    """Rows of views that are not the actor's to change today. Raises Refused where he lost the right for the act."""
    verb = needed_verb(found)
    if verb in (SHARE, MANAGE, CREATE) and not actor.may(verb):
        raise Refused(
            "undo_right_lost", _("You may no longer do what this was, so you cannot undo it either.")
        )
    images = dict(_images(part))
    if actor.may(MANAGE):
        return
    views = {one for (table, row_id), image in images.items() if (one := _view_of(table, row_id, image))}
    owners: dict[UUID | None, Any] = {
        row_id: image.get("owner_id") for (table, row_id), image in images.items() if table == _VIEWS
    }
    owners |= dict(SavedView.objects.filter(pk__in=views).values_list("pk", "owner_id"))
    for (table, row_id), image in images.items():
        owner = image.get("member_id") if table == _CHOICES else owners.get(_view_of(table, row_id, image))
        if table == _STARTS or str(owner) != str(actor.member_id):
            yield table, row_id


def _images(part: Part) -> Iterator[tuple[tuple[str, UUID], Mapping[str, Any]]]:
    changes = part.changes().filter(table_name__in=(_VIEWS, _SHARES, _STARTS, _CHOICES))
    for change in changes.order_by("id"):
        shape = shape_of(change.table_name, change.schema)
        if shape is not None:
            image = dict(shape.read(change.old or change.new))
            if shape.table == _CHOICES and "member_id" not in image:
                image["member_id"] = (
                    ViewChoice.objects.filter(pk=change.row_id).values_list("member_id", flat=True).first()
                )
            yield (shape.table, change.row_id), image


def _view_of(table: str, row_id: UUID, image: Image) -> UUID | None:
    if table == _VIEWS:
        return row_id
    return UUID(str(image["view_id"])) if image.get("view_id") else None


def _seen(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    return set(known(actor).filter(pk__in=list(ids)).values_list("pk", flat=True))


def _seen_in(actor: Actor, image: Image) -> bool:
    own = actor.member_id is not None and str(image.get("owner_id")) == str(actor.member_id)
    return own or bool(image.get("everyone")) or actor.may(MANAGE)


def _shares_seen(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    rows = ViewShare.objects.filter(pk__in=list(ids), view__in=known(actor).values("pk"))
    return set(rows.values_list("pk", flat=True))


def _choices_seen(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    rows = ViewChoice.objects.filter(pk__in=list(ids), member_id=me(actor))
    return set(rows.values_list("pk", flat=True))


def _nameless(image: Image) -> str:
    return ""


def _resource(value: Any) -> str:
    resource = find_by_key(str(value))
    return str(resource.label_plural) if resource else str(value)
