"""What people say of pairs that may be the same: kept, and never asked again."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.choices import Answer
from guanxi.customers.models import Pair
from guanxi.customers.queries.pairs import Asked, find_pair
from guanxi.customers.rules.alike import CUSTOMERS
from guanxi.customers.services.customers import edit_customer
from guanxi.customers.services.scanning import ACT as FIND
from guanxi.foundation.ledger.labels import TableLabels, label_table, label_verbs
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.notices.services import notify, wording
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.text import clean_text
from guanxi.resource.registry import find

ASKED = "customers.pair_asked"
ACT = "customers.pair.answer"
_LONGEST = 300


def answer_pair(
    actor: Actor, pair_id: UUID, *, answer: str, child: UUID | None = None, said: str = ""
) -> Pair:
    """Say what two records are: "same" (to be merged), "different", or "branch", where `child` belongs to the other
    from then on. Raises NotFound for a pair that is not the actor's to decide, Refused for one decided already."""
    asked = find_pair(actor, pair_id, lock=True)
    pair = asked.pair
    if answer not in (Answer.SAME, Answer.DIFFERENT, Answer.BRANCH):
        raise Refused(
            "pair_answer", _("Say whether they are the same, different, or one a part of the other.")
        )
    if pair.answer in (Answer.MERGED, answer):
        raise Refused("pair_decided", _("This has been decided already."))
    with operation(actor, ACT, record_id=asked.sides[0].record.pk, label=_names(asked)):
        if answer == Answer.BRANCH:
            _link(actor, asked, child)
        pair.answer, pair.said = answer, clean_text(said)[:_LONGEST]
        pair.answered_by_id, pair.answered_at = actor.member_id, timezone.now()
        pair.save()
    return pair


def _link(actor: Actor, asked: Asked, child: UUID | None) -> None:
    if asked.pair.resource != CUSTOMERS:
        raise Refused("pair_branch", _("People are no branches of each other."))
    ids = [side.record.pk for side in asked.sides]
    if child is None or child not in ids or not asked.both:
        raise Refused("pair_branch", _("Say which of the two is the branch; you have to see both."))
    parent = ids[1 - ids.index(child)]
    edit_customer(actor, child, data={"parent": str(parent)}, expected_version=None)


def ask_owners(actor: Actor, pair_id: UUID) -> list[str]:
    """Put a pair to those who answer for the two; returns their names. Raises NotFound, Forbidden, and
    Refused for what the actor has asked already."""
    asked = find_pair(actor, pair_id, lock=True)
    if not actor.may(find(asked.pair.resource).permission("edit")):
        raise Forbidden(find(asked.pair.resource).permission("edit"))
    if asked.pair.asked_at is not None and asked.pair.asked_by_id == actor.member_id:
        raise Refused("pair_asked", _("You have asked already."))
    owners = {
        side.record.owner_id: side.record.owner.name
        for side in asked.sides
        if side.record.owner_id and side.record.owner_id != actor.member_id
    }
    with operation(actor, ACT, record_id=asked.sides[0].record.pk, label=_names(asked)):
        asked.pair.asked_at, asked.pair.asked_by_id = timezone.now(), actor.member_id
        asked.pair.save(update_fields=["asked_at", "asked_by", "updated_at"])
    tell_owners(owners, pair_id, actor.name)
    return list(owners.values())


def tell_owners(owners: Iterable[UUID], pair_id: UUID, who: str) -> None:
    """Tell those who answer for one of two that somebody would know whether they are the same."""
    notify(owners, ASKED, url=reverse("pair", args=[pair_id]), who=who)


def _names(asked: Asked) -> str:
    """What the change log calls a pair: only what who decides may know."""
    return " / ".join(str(side.record) for side in asked.sides if side.visible)


def register() -> None:
    """Called once at start-up."""
    wording(ASKED, _("%(who)s asks whether two records are the same. One of them is yours."))
    # Of a pair the log says what was answered: the rest is how it was found, or said by the act itself.
    told = {"answer", "said"}
    columns = frozenset(one.column for one in Pair._meta.local_concrete_fields if one.column)
    label_table(
        Pair._meta.db_table,
        TableLabels(
            row=lambda image: "",
            hidden=columns - told,
            columns={"answer": pgettext_lazy("duplicates", "Decided")},
        ),
    )
    label_verbs({ACT: _("decided about duplicates"), FIND: _("looked for duplicates")})
