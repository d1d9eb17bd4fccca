"""What tests of sales begin with."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.test import Client

from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tokens import create_token
from guanxi.kernel.ids import new_id
from guanxi.resource.registry import find
from guanxi.sales.models import Opportunity, Stage
from guanxi.sales.services.defaults import make_defaults
from guanxi.sales.services.histories import Stood, entered, tell_histories
from guanxi.sales.services.opportunities import open_opportunities
from guanxi.testing.factories import make
from guanxi.testing.worlds import in_scope


def opened(actor: Actor, **values: Any) -> Opportunity:
    """A sale of this actor, at a customer of his unless `customer` says otherwise."""
    if "customer" not in values:
        values["customer"] = str(make(actor, find("customers")).pk)
    data = {name: value for name, value in values.items() if value is not None}
    made: Opportunity = find("opportunities").create(actor, data={"name": "Line 3 retrofit"} | data)
    return made


def caller(actor: Actor) -> Client:
    """The API with a token of this member's."""
    with in_scope(actor):
        secret = create_token(actor, name="test", may_write=True)[1]
    return Client(headers={"authorization": f"Bearer {secret}"})


def stage(position: int) -> Stage:
    """A stage of the default pipeline: 0 to 4 open, 5 won, 6 lost."""
    return Stage.objects.order_by("pipeline__position", "position")[position]


def led(
    system: Actor, owner: UUID | None, stays: Sequence[tuple[int, float]], now: datetime, **values: Any
) -> UUID:
    """A sale of somebody that stood so many days in each of these stages, one after the other, until now; `ends` is
    the place of the stage that closed it, none where it is open."""
    make_defaults(system)
    ends: int | None = values.pop("ends", None)
    at = now - timedelta(days=sum(days for _place, days in stays))
    steps, pk = [], new_id()
    for place, days in stays:
        steps.append(Stood(at, stage(place).pk, owner=owner))
        at += timedelta(days=days)
    if ends is not None:
        steps.append(Stood(now, stage(ends).pk, owner=owner))
    row = {
        "id": pk,
        "name": "Line 3 retrofit",
        "owner_id": owner,
        "stage_id": steps[-1].stage,
        "stage_since": entered(steps),
        **values,
    }
    with operation(system, "sales.opportunity.import"):
        open_opportunities(system, rows=[row])
        tell_histories(system, histories={pk: steps})
    return pk
