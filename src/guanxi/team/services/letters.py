"""Setting the letter to a customer's people."""

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.services import change_settings
from guanxi.kernel.errors import Invalid, Message
from guanxi.team.choices import LETTER, RUN

ACT = "team.handover.letter"
MOST = 2_000


def change_letter(actor: Actor, text: str) -> None:
    """Set the text, "" for ours. Raises Forbidden, Invalid. Noted, not undoable."""
    actor.require(RUN)
    if len(text) > MOST:
        raise Invalid({"letter": [Message("long", _("At most %(most)s characters."), {"most": MOST})]})
    change_settings(actor, ACT, {LETTER: text.strip()})
