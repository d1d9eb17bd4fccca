"""What a pasted text says of a lead."""

from django.utils.translation import gettext_lazy as _

from guanxi.customers.queries.pasted import customer_fields, person_fields, reading_of, with_switchboard
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.reading import ReadPerson
from guanxi.kinds import Show
from guanxi.screens.pasting import Filled, Pasted

_OF_PERSON = ("post", "phone", "email", "wechat")
_SURE = 0.6


def read_lead(actor: Actor, text: str, show: Show) -> Pasted:
    """The firm, the first person the text speaks of, and what is left as what they want."""
    reading = with_switchboard(reading_of(text))
    person = reading.people[0] if reading.people else ReadPerson()
    theirs = {one.field: one for one in person_fields(actor, person, show).fields}
    firm = {one.field: one for one in customer_fields(actor, reading.customer, show).fields}
    found = [one for name in _OF_PERSON if (one := theirs.get(name) or firm.get(name)) is not None]
    named = theirs.get("name")
    called = firm.get("name") or named
    if called is not None:
        found.insert(0, Filled("name", called.value, called.said, called.certainty))
    if named is not None:
        found.insert(1, Filled("person", named.value, named.said, named.certainty))
    if (region := firm.get("region")) is not None:
        found.append(region)
    need = " ".join(one.value.strip() for one in reading.rest if one.value.strip())
    if need:
        found.append(Filled("need", need, need, _SURE))
    others = [(_("Contact"), one.name.value) for one in reading.people[1:] if one.name is not None]
    if "address" in firm:
        others.append((_("Address"), firm["address"].said))
    return Pasted(found, others)
