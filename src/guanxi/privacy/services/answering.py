"""Answering; each use stands in the change log with its ground."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message, NotFound
from guanxi.privacy.choices import Ground
from guanxi.privacy.queries.answers import Answer, everything_of
from guanxi.privacy.queries.belongings import Step, no_step
from guanxi.resource import access
from guanxi.resource.registry import find

SEE = "customers.person.privacy"  # the right to all that is held of a person
ANSWER, EXPORT = "customers.person.answer", "customers.person.hand_out"


def answer(actor: Actor, person_id: UUID, *, ground: str, language: str = "zh-hans") -> Answer:
    """Everything the company holds of a person. Raises Forbidden, NotFound, Invalid without a ground."""
    may_look(actor, ground)
    person = access.get(actor, find("people"), person_id)
    with operation(actor, ANSWER, record_id=person.pk, label=str(person), summary={"ground": ground}):
        return everything_of(person, language, most=None)


def hand_out(
    actor: Actor, person_id: UUID, *, ground: str, language: str = "zh-hans", step: Step = no_step
) -> Answer:
    """The same, to be packed. An erasure waits until it is done. Raises as `answer`."""
    may_look(actor, ground)
    people = find("people")
    person = access.visible(actor, people).select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None:
        raise NotFound("not_found", {"resource": people.key})
    with operation(actor, EXPORT, record_id=person.pk, label=str(person), summary={"ground": ground}):
        return everything_of(person, language, most=None, step=step)


def may_look(actor: Actor, ground: str) -> None:
    """Raises Forbidden, and Invalid without a ground."""
    actor.require(SEE)
    if ground not in Ground.values:
        raise Invalid({"ground": [Message("value", _("Say on what ground."))]})
