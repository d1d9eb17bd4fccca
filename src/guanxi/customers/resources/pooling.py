"""What a pool means for a customer: what it hides of one, and what one does with it."""

from django.utils.translation import gettext_lazy as _

from guanxi.customers.choices import Hides
from guanxi.customers.queries.pooling import UntilClaimed
from guanxi.customers.queries.pools import CUSTOMERS
from guanxi.customers.resources.parts import PARTS
from guanxi.customers.services import pools as services
from guanxi.resource.actions import Action
from guanxi.resource.links import RecordLink

UNTIL_CLAIMED = UntilClaimed(
    "customers",
    CUSTOMERS,
    {Hides.CONTACTS: ("phone",), Hides.ADDRESSES: ("address",), Hides.RECORDS: ("remarks",)},
    PARTS,
)


POOL_ACTIONS = (
    *services.CLAIMS.actions(order=22),
    Action(
        key="move", label=_("Move into a pool"), service=services.move, verb="move", icon="arrows-right-left",
        inputs=(RecordLink(name="into", label=_("Pool"), to="pools", required=True),),
        said=_("%(what)s moved into the pool"), order=26,
    ),
)  # fmt: skip
