"""What follows the undo of a handover: successors hear that it was taken back, or that it stands again."""

from uuid import UUID

from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import needed_verb
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.notices.services import notify, withdraw
from guanxi.foundation.permissions.actor import Actor
from guanxi.team.choices import RUN
from guanxi.team.models import Handover
from guanxi.team.services.handover import GIVEN, tell_successors

TAKEN_BACK = "team.handover.taken_back"


def follow(actor: Actor, undoing: Operation) -> None:
    """Called with every undo: takes the notices of a handover that is no more, and tells whoever had them."""
    if needed_verb(undoing) != RUN or (made := _handover_of(undoing)) is None:
        return
    key = {"handover": str(made)}
    if (found := Handover.objects.filter(pk=made).first()) is not None:
        # Where only some of it went back, it stands as before, and nobody was told otherwise.
        told = Notice.objects.filter(kind=TAKEN_BACK, params__contains=key)
        if withdraw(told.values_list("member_id", flat=True), since=found.created_at, **key):
            tell_successors(found)
        return
    told = Notice.objects.filter(kind=GIVEN, params__contains=key)
    had = {one.member_id: one for one in told}
    for member, one in had.items():
        withdraw([member], since=one.created_at, **key)
        notify([member], TAKEN_BACK, who=one.params["who"], **key)


def _handover_of(undoing: Operation) -> UUID | None:
    at: Operation | None = undoing
    while at is not None and at.undoes_id is not None:
        at = Operation.objects.filter(pk=at.undoes_id).first()
    return at.record_id if at is not None else None
