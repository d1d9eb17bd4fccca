"""What nobody answered in time becomes a promise with a clock, whoever received it."""

from datetime import datetime
from uuid import UUID

from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.activities.models import Activity, Letter, Participant
from guanxi.activities.queries.answering import SETTING, answered_since, overdue
from guanxi.activities.services.commitments import create_commitment
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.permissions.services import change_settings
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.errors import Invalid, Message
from guanxi.resource.registry import find

MANAGE = "settings.company.manage"
ACT = "settings.company.answering"
_MOST_HOURS = 200
_BATCH = 200


def companies_waiting(now: datetime, owner: str = "owner") -> list[UUID]:
    """Companies in which an e-mail was not answered in time."""
    with connections[owner].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tenant_id FROM activities_letter "
            "WHERE answer_by <= %s AND answered_at IS NULL AND commitment_id IS NULL",
            [now],
        )
        return [row[0] for row in cursor.fetchall()]


def promise_answers(now: datetime) -> int:
    """Make promises of what waits in the open company, in its language. Returns how many. What is a promise already, or
    was answered in the meantime, is none anew: the rows are locked while they are looked at."""
    actor = system_actor(require_scope().tenant_id)
    made = 0
    for letter in overdue(now, _BATCH):
        at = answered_since(letter.message)
        activity = Activity.objects.filter(pk=letter.activity).select_related("customer").first()
        if at is None and activity is not None and (activity.customer or activity.about_id):
            letter.commitment = _promise(actor, letter, activity)
            made += 1
        else:  # answered, deleted, or of people who work nowhere: nothing waits any more
            letter.answered_at = at or now
        letter.save(update_fields=["commitment", "answered_at"])
    return made


def _promise(actor: Actor, letter: Letter, activity: Activity) -> UUID:
    due = timezone.localtime(letter.answer_by)
    people = Participant.objects.filter(activity_id=activity.pk, person__isnull=False)
    subject = letter.message.subject or letter.message.sender_name or letter.message.sender
    made = create_commitment(
        actor,
        data={
            "side": "ours",
            "what": (_("Answer the e-mail “%(subject)s”") % {"subject": subject[:120]})[:200],
            "customer": activity.customer_id,
            "about_id": activity.about_id,
            "person": people.values_list("person_id", flat=True).first(),
            "owner": _who_answers(activity),
            "due": due.date().isoformat(),
            "due_time": due.strftime("%H:%M"),
            "activity": activity.pk,
        },
    )
    return UUID(str(made.pk))


def _who_answers(activity: Activity) -> UUID | None:
    """The owner of what it is about, else the customer's, else whoever received it."""
    about = find(activity.about).model._default_manager.filter(pk=activity.about_id) if activity.about else ()
    owner: UUID | None = next((getattr(one, "owner_id", None) for one in about), None)
    theirs = activity.customer.owner_id if activity.customer else None
    return owner or theirs or activity.owner_id


def change_answering(actor: Actor, hours: int | None) -> None:
    """Set within how many working hours e-mails are to be answered; 0 for no promises. Raises Forbidden, Invalid beside
    `hours`."""
    actor.require(MANAGE)
    if hours is None or not 0 <= hours <= _MOST_HOURS:
        raise Invalid(
            {"hours": [Message("range", _("Between 0 and %(most)s hours."), {"most": _MOST_HOURS})]}
        )
    change_settings(actor, ACT, {SETTING: hours})
