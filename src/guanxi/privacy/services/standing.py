"""A name that is only a lead's, as the person it is: told of, handed out and erased as everybody's."""

from uuid import UUID

from guanxi.customers.models import Person
from guanxi.customers.services.people import create_person
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.marketing.models import Lead
from guanxi.privacy.services.answering import SEE
from guanxi.resource import access, writing
from guanxi.resource.registry import find

_KNOWN = ("phone", "email", "wechat", "post")


def person_of_lead(actor: Actor, lead_id: UUID) -> Person:
    """The person a lead became; of one that is nobody's yet a person is made, with what the lead says of them, and the
    lead is theirs. Raises Forbidden, NotFound."""
    actor.require(SEE)
    leads = find("leads")
    lead: Lead = access.get(actor, leads, lead_id, lock=True)
    if lead.contact is not None:
        found: Person = access.get(actor, find("people"), lead.contact.pk)
        return found
    access.require(actor, leads, lead, "edit")
    with operation(actor, leads.act("edit"), record_id=lead.pk, label=str(lead)):
        data = {name: value for name in _KNOWN if (value := getattr(lead, name))}
        made = create_person(actor, data={"name": lead.person or lead.name, **data}, allow_duplicate=True)
        writing.update(leads, lead, {"contact_id": made.pk}, expected_version=None)
    return made
