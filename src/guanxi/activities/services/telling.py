"""The notices of this context: who was mentioned, whose record was touched, what is to be remembered."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise

from guanxi.activities.models import Activity
from guanxi.collaboration.choices import Telling
from guanxi.collaboration.queries.following import followers_of, owner_of, settings_of_many
from guanxi.collaboration.queries.people import people_by_name, seeing
from guanxi.collaboration.rules import excerpt, find_mentions, may_mention
from guanxi.foundation.design.languages import later
from guanxi.foundation.notices import services as notices
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource.registry import find

MENTIONED, LOGGED, DUE = "activities.mentioned", "activities.logged", "activities.due"
_REMEMBERED = timedelta(days=400)  # notices older than that are not looked for


def mentions_of(draft: Activity, chosen: Collection[UUID]) -> list[dict[str, Any]]:
    """Whom the text of an activity mentions, and who of them sees it; it need not be saved yet."""
    if not may_mention(draft.text):
        return []
    found = find_mentions(draft.text, people_by_name(), chosen)
    sees = seeing(find("activities"), draft, found)
    return [{"id": str(one), "name": name, "told": one in sees} for one, name in found.items()]


def tell_of(
    actor: Actor, made: Activity, *, beside: Collection[str] = (), mentioned_only: bool = False
) -> None:
    """Tell whoever is mentioned and sees it; of a new one with a customer also the customer's followers who
    want to hear at once. `beside` were mentioned before."""
    resource = find("activities")
    mentioned = [UUID(one["id"]) for one in made.mentions if one["told"] and one["id"] not in beside]
    url = resource.url("card", id=made.pk)
    customer = made.customer
    said = {
        "who": actor.name,
        "record": str(customer or made),
        "text": excerpt(made.text or made.subject),
        "activity": str(made.pk),
    }
    notices.notify([one for one in mentioned if one != actor.member_id], MENTIONED, url=url, **said)
    if mentioned_only or customer is None or made.state != "done":
        return
    customers = find("customers")
    followers = followers_of(customers, {customer.pk: owner_of(customers, customer)}).get(customer.pk, ())
    rest = set(followers) - {*mentioned, actor.member_id}
    wishes = settings_of_many(rest)
    wanted = [one for one in rest if wishes[one].telling == Telling.AT_ONCE]
    notices.notify(seeing(resource, made, wanted), LOGGED, url=url, what=made.kind, **said)


def withdraw(changed: Iterable[Activity]) -> None:
    """What is done, moved or cancelled is not to be remembered any more: take back what was told of it."""
    for one in changed:
        if one.remind_at is not None and one.owner_id is not None:
            notices.withdraw([one.owner_id], since=timezone.now() - _REMEMBERED, due=str(one.pk))


def called(one: Activity) -> str | Promise:
    """What the change log calls an activity: its subject, else its kind in the reader's language."""
    return one.subject or later(lambda: str(one))
