"""What can be done to records beyond creating and editing them, declared once for every door.

::

    actions = (
        Action(
            key="assign", label=_("Assign an owner"), service=services.assign_customers, verb="assign",
            inputs=(MemberLink(name="owner", label=_("Owner"), required=True),), icon="user-check",
        ),
    )

The same declaration is a line on the card and in the palette, a bulk action of the list, and an operation of the
API. Upper contexts contribute theirs (`contributions.contribute`). What an action does is its service: it requires
the right itself, so that it can be called without us.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.design.shapes import Tone
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds.kind import Kind, Words

_CHANGED = _("%(what)s changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A verb with what it asks for.

    `verb` is the last part of the permission, within whose reach the records must lie; with dots it is a whole code.
    A `set` service is called `service(actor, ids=…, **inputs)` and returns how many records it changed; a `row`
    service `service(actor, record_id, **inputs)`. Inputs arrive cleaned, by name. An input that bears the name of a
    field obeys the field's rules. `when` says from the record alone whether a card shows the action.

    `undo` says how it is taken back: "ledger" by undoing its operation, "reversal" by another act that `reversal`
    names, "none" not at all: then `confirm` is asked first. `said` is what was done to `%(what)s`. `page` is the name
    of the resource's page that asks for what a form cannot, with the `ids` chosen. One that `gives` makes a record
    somebody else's or nobody's by its own right, without that to assign: whoever did it takes it back likewise. `late`
    says what whoever is too late is told of a record that went out of his sight meanwhile; "" for nothing. Where it is
    `known`, the form on a card begins with what the record holds in fields of the inputs' names. `then` is the address
    where a card's page goes on afterwards; "" for the card. One that `asks` takes the company's own questions among its
    inputs. `own_page` is the address of the page that stands on a card in place of the form.
    """

    key: str
    label: Words
    service: Callable[..., Any]
    verb: str
    inputs: tuple[Kind, ...] = ()
    form: Literal["row", "set"] = "set"
    icon: str = ""
    tone: Tone = ""
    when: Callable[[Any], bool] | None = None
    undo: Literal["ledger", "reversal", "none"] = "ledger"
    reversal: Words = ""
    confirm: Words = ""
    said: Words = _CHANGED
    order: int = 50
    page: str = ""
    gives: bool = False
    late: Callable[[Actor, UUID], Words] | None = None
    known: bool = False
    then: Callable[[Actor, UUID], str] | None = None
    asks: bool = False
    own_page: Callable[[UUID], str] | None = None
