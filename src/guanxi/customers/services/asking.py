"""Asking for a record that one met by the duplicate check and does not see: whoever answers for it is told."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext_lazy as _

from guanxi.customers.queries.asking import ASKED_FOR, SALT, asked_lately
from guanxi.customers.queries.marks import MODELS
from guanxi.foundation.notices.services import notify, wording
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import members_who_may
from guanxi.kernel.errors import NotFound, Refused
from guanxi.kernel.text import clean_text
from guanxi.resource import access
from guanxi.resource.registry import find

_VALID = timedelta(days=1)
_LONGEST = 300


def ask_for(actor: Actor, token: str, *, note: str = "") -> list[str]:
    """Tell whoever answers for a record that the actor would have it; where nobody does, those who may assign it to
    anybody. Returns the names of those told, none where they are
    not for the actor to know.

    Raises NotFound for a token that is not the actor's or is older than a day, Refused for what was asked within a
    week or has nobody to ask.
    """
    key, record = _meant(actor, token)
    actor.require(find(key).permission("create"))
    told = [record.owner]
    if record.owner is None or record.owner.left_on is not None:
        told = members_who_may(find(key).permission("assign"))
    told = [one for one in told if one.pk != actor.member_id]
    if not told:
        raise Refused("nobody_to_ask", _("There is nobody to ask."))
    if asked_lately(actor, [record.pk]):
        raise Refused("asked_already", _("You have asked for it already."))
    said = clean_text(note)[:_LONGEST]
    notify(
        [one.pk for one in told],
        ASKED_FOR,
        url=find(key).url("card", id=record.pk),
        who=actor.name,
        name=str(record),
        note=said,
        record=str(record.pk),
        asked_by=str(actor.member_id),
    )
    return [one.name for one in told] if access.is_open(actor, find(key).kind("owner")) else []


def _meant(actor: Actor, token: str) -> tuple[str, Any]:
    try:
        key, record_id, member_id = signing.loads(token, salt=SALT, max_age=_VALID)
    except signing.BadSignature as error:
        raise NotFound("not_found", {"resource": "customers"}) from error
    record = MODELS[key]._default_manager.select_related("owner").filter(pk=UUID(record_id)).first()
    if record is None or member_id != str(actor.member_id):
        raise NotFound("not_found", {"resource": key})
    return key, record


def register() -> None:
    """Called once at start-up."""
    wording(ASKED_FOR, _said)


def _said(params: Any) -> str:
    if params["note"]:
        return str(_("%(who)s asks you for %(name)s: %(note)s") % params)
    return str(_("%(who)s asks you for %(name)s") % params)
