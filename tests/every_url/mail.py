"""One's own mailbox, and e-mails on the timeline."""

from typing import Any

from django.utils import timezone

from every_url.cast import Stage
from every_url.rules import COMPANY, OF_CUSTOMERS, REACHED, SEE_ACTIVITIES, SEE_CUSTOMERS, Rule, get, post
from every_url.targets import TARGETS, Target, name, wrote
from guanxi.activities.services.mailing import record_mail
from guanxi.channels.models import Message
from guanxi.channels.services.mailboxes import CONNECT
from guanxi.channels.services.storing import Arrival
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.ids import new_id
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.testing.factories import make
from guanxi.testing.worlds import in_scope


def _message(stage: Stage, **more: Any) -> Message:
    ref = f"{new_id()}@ours.test"
    message = Message(
        member_id=stage.world.members["seller"].pk,
        ref=ref,
        thread=ref,
        direction="out",
        sender="seller@ours.test",
        recipients=[{"name": "", "mail": "buyer@theirs.test", "as": "to"}],
        subject=name(),
        at=timezone.now(),
        text="x",
        **more,
    )
    message.save(force_insert=True)
    return message


def _unsent(stage: Stage) -> dict[str, Any]:
    with in_scope(stage.world.seller):
        return {"id": _message(stage, state="failed", trouble="timeout").pk}


def _letter(stage: Stage) -> dict[str, Any]:
    seller = stage.world.seller
    with in_scope(seller):
        customer = make(seller, find("customers"), name())
        message = _message(stage)
        record_mail(seller, [Arrival(message, None, {"buyer@theirs.test": [("customers", customer.pk)]})])
        rows = access.visible(seller, find("activities")).filter(customer=customer.pk)
        return {"id": rows.values_list("pk", flat=True)[0]}


def _sees_letter(stage: Stage, actor: Actor) -> bool:
    code = "activities.activity.view"
    return actor.tenant_id == stage.world.tenant_id and actor.covers(code, [stage.world.seller.member_id])


TARGETS["unsent"] = Target(_unsent, wrote)
TARGETS["letter"] = TARGETS["api_letter"] = Target(_letter, _sees_letter)


def _written(stage: Stage, arguments: dict[str, Any]) -> dict[str, Any]:
    """From the card of a customer that nobody has."""
    record = {"resource": "customers", "record": str(new_id())}
    return record | {"to": [{"mail": "buyer@theirs.test"}], "subject": "x", "text": "x"}


MAIL: dict[str, Rule] = {
    "mailbox": Rule(get(CONNECT) | post(CONNECT, answers=REACHED)),
    # Nobody of the cast has connected one.
    "mailbox_keeping": Rule(post(CONNECT, answers=REACHED)),
    "mailbox_read": Rule(post(CONNECT, answers=frozenset({302, 409}))),
    "mailbox_end": Rule(post(CONNECT, answers=frozenset({302, 409}))),
    "mail_again": Rule(post(CONNECT), target="unsent"),
    "mail_discard": Rule(post(CONNECT), target="unsent"),
    "mail_write": Rule(
        get(SEE_CUSTOMERS, CONNECT) | post(SEE_CUSTOMERS, CONNECT, answers=REACHED),
        target="customers",
        arguments=OF_CUSTOMERS,
    ),
    # Only whose mailbox it came through keeps it to himself, not the administrator.
    "mail_hide": Rule(post(may=wrote), target="letter"),
    "api:mail_list": Rule(
        get(SEE_ACTIVITIES, answers=frozenset((422,)))
        | post(CONNECT, data=_written, answers=frozenset((404,)))
    ),
    "api:mail_hide": Rule(post(may=wrote), target="api_letter"),
    "answering_settings": Rule(get(COMPANY) | post(COMPANY, data={"hours": "8"})),
}
