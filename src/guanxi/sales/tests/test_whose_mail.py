"""Whose mail it is after people are merged and that is undone; and what of it is told to whom addresses are closed."""

# Chinese in code: names and mails in tests

from collections.abc import Iterator
from typing import Any

import pytest

from guanxi.activities.models import Activity
from guanxi.channels.models import Mention
from guanxi.channels.tests.posts import BUYER, Post, posted
from guanxi.channels.tests.servers import USER, mail
from guanxi.customers.services.merging import merge_people
from guanxi.customers.services.people import create_person
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.integrations.api.tests.calling import program_of
from guanxi.sales.services.defaults import make_for_opened_company
from guanxi.sales.tests.test_closed import close
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope


@pytest.fixture
def post(world: World, settings: Any) -> Iterator[Post]:
    settings.MAILBOX_PRIVATE = True
    with in_scope(world.owner), operation(world.owner, "sales.pipeline.create"):
        make_for_opened_company()
    with posted(world) as found:
        yield found


def _behind() -> set[Any]:
    return set(Mention.objects.filter(resource="people").values_list("record_id", flat=True))


def test_mentions_go_with_a_merging_and_come_back_with_its_undo(post: Post) -> None:
    owner = post.world.owner
    post.server.put(mail(f"采购 <{BUYER}>", USER, "询价", "请报价"))
    assert post.sync()["kept"] == 1
    with in_scope(owner):
        (was,) = _behind()
        other = create_person(
            owner, data={"name": "另一位", "customer": str(post.customer.pk)}, allow_duplicate=True
        )
        merge_people(owner, ids=[was], keep=other.pk)
        merged = last_operation_id()
        assert _behind() == {other.pk}
    with in_scope(owner):
        undo(owner, merged)  # type: ignore[arg-type]
        undone = last_operation_id()
        assert _behind() == {was}
    with in_scope(owner):
        # And the other way round.
        undo(owner, undone)  # type: ignore[arg-type]
        assert _behind() == {other.pk}


def test_addresses_are_told_to_nobody_to_whom_they_are_closed(post: Post) -> None:
    seller = post.world.seller
    post.server.put(mail(BUYER, USER, "询价", "请报价", ref="<a1@x.test>"))
    assert post.sync()["kept"] == 1
    card = f"/customers/{post.customer.pk}/"
    timeline = f"/timeline/customers/{post.customer.pk}/"
    with in_scope(seller):
        activity = Activity.objects.get(kind="email")
    browser = client_for(post.world.members["seller"])

    def told() -> list[bool]:
        pages = [browser.get(card), browser.get(timeline), browser.get(f"/activities/{activity.pk}/"),
                 browser.get(f"/mail/customers/{post.customer.pk}/?answer={activity.pk}"),
                 program_of(seller).get(f"/mail?resource=customers&record={post.customer.pk}")]  # fmt: skip
        return [BUYER in page.content.decode() for page in pages if page.status_code == 200]

    assert any(told())
    close(post.world, "people", "email")
    assert not any(told())
