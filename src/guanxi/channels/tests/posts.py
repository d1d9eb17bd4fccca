"""A seller with a customer, a person in it, and a mailbox on a real server."""

# Chinese in code: names of a customer and a person in tests

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from guanxi.activities.queries import timeline
from guanxi.activities.queries.timeline import Asked
from guanxi.channels.models import Mailbox
from guanxi.channels.services.mailboxes import connect
from guanxi.channels.services.syncing import sync_mailbox
from guanxi.channels.tests.servers import Imap, imap_server, typed
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.kinds import Show
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

BUYER = "li.na@theirs.test"


@dataclass
class Post:
    """What a test of mail begins with."""

    world: World
    server: Imap
    customer: Any
    person: Any
    mailbox: Mailbox

    def sync(self, **more: Any) -> dict[str, int]:
        """Read the mailbox, as the job does."""
        with in_scope(self.world.seller, door="job"):
            return sync_mailbox(self.world.seller, self.mailbox.pk, **more)

    def stands(self) -> Mailbox:
        """The mailbox as it is stored now."""
        with in_scope(self.world.seller):
            return Mailbox.objects.get(pk=self.mailbox.pk)

    def shown(self, actor: Any = None) -> list[timeline.Entry]:
        """The e-mails on the customer's timeline, as somebody sees them, newest first."""
        actor = actor or self.world.seller
        with in_scope(actor):
            asked = Asked(
                actor=actor,
                resource=find("customers"),
                record=self.customer,
                show=Show(actor=actor, language="en"),
            )
            return [one for one in timeline.entries(asked)[0] if one.kind == "email"]


@contextmanager
def posted(world: World, *, smtp_port: int = 2525) -> Iterator[Post]:
    """One, for the length of a `with`; addresses of this machine have to be allowed."""
    with imap_server() as server:
        seller = world.seller
        with in_scope(seller):
            customer = create_customer(seller, data={"name": "苏州鼎盛食品有限公司", "relations": "customer"})
            person = create_person(seller, data={"name": "李娜", "customer": customer.pk, "email": BUYER})
            mailbox = connect(seller, typed(server.port, smtp_port))
        yield Post(world, server, customer, person, mailbox)
