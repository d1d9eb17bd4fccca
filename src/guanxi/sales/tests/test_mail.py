"""Mail with leads and about sales: a lead is known by its address, a conversion takes its mail along, an answer from a
sale's card makes the thread that sale's."""

# Chinese in code: names and mails in tests

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from guanxi.activities.models import Activity, Commitment, Letter, Participant
from guanxi.activities.queries import timeline
from guanxi.activities.services.answering import promise_answers
from guanxi.channels.models import Message
from guanxi.channels.services.sending import Draft, send_message, write
from guanxi.channels.tests.posts import BUYER, Post, posted
from guanxi.channels.tests.servers import USER, Smtp, mail, smtp_server
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.ledger.undo import undo
from guanxi.kinds import Show
from guanxi.marketing.models import Lead
from guanxi.marketing.services.leads import create_lead, discard_leads
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.services.converting import convert_lead
from guanxi.sales.services.defaults import make_for_opened_company
from guanxi.sales.services.opportunities import open_opportunity
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope

WHO = "zhang@hengda.test"


@pytest.fixture
def smtp() -> Iterator[Smtp]:
    with smtp_server() as found:
        yield found


@pytest.fixture
def post(world: World, settings: Any, smtp: Smtp) -> Iterator[Post]:
    settings.MAILBOX_PRIVATE = True
    with in_scope(world.owner), operation(world.owner, "sales.pipeline.create"):
        make_for_opened_company()
    with posted(world, smtp_port=smtp.port) as found:
        yield found


def _lead(post: Post) -> Lead:
    with in_scope(post.world.seller):
        data = {"name": "苏州恒达食品有限公司", "person": "张经理", "email": WHO, "need": "枕包机"}
        return create_lead(post.world.seller, data=data)


def _sale(post: Post) -> UUID:
    with in_scope(post.world.seller):
        made = open_opportunity(post.world.seller, data={"name": "包装线", "customer": str(post.customer.pk)})
        return UUID(str(made.pk))


def _mails_on(post: Post, key: str, pk: UUID, actor: Any = None) -> list[str]:
    """The subjects of the e-mails on a record's timeline, newest first."""
    actor = actor or post.world.seller
    with in_scope(actor):
        resource = find(key)
        record = access.get(actor, resource, pk)
        asked = timeline.Asked(
            actor=actor, resource=resource, record=record, show=Show(actor=actor, language="en")
        )
        return [one.subject for one in timeline.entries(asked)[0] if one.kind == "email"]


def _write(post: Post, key: str, pk: UUID, to: str, subject: str, answers: UUID | None = None) -> None:
    seller = post.world.seller
    draft = Draft(to=[("", to)], subject=subject, text="您好", answers=answers, resource=key, record_id=pk)
    with in_scope(seller):
        message = write(seller, draft)
    with in_scope(seller, door="job"):
        assert send_message(seller, message.pk) == "sent"


def _ref(subject: str) -> str:
    return f"<{Message.objects.get(subject=subject).ref}>"


def test_a_lead_is_known_by_its_address(post: Post) -> None:
    lead = _lead(post)
    post.server.put(mail(f"张经理 <{WHO}>", USER, "询价", "请报价"))
    assert post.sync()["kept"] == 1
    assert _mails_on(post, "leads", lead.pk) == ["询价"]
    with in_scope(post.world.seller):
        # They wrote; nobody of us has done anything about it yet.
        lead.refresh_from_db()
        assert lead.state == "new"
    _write(post, "leads", lead.pk, WHO, "报价单")
    assert sorted(_mails_on(post, "leads", lead.pk)) == ["报价单", "询价"]
    with in_scope(post.world.seller):
        lead.refresh_from_db()
        assert lead.state == "working"
        assert Activity.objects.filter(customer__isnull=False).count() == 0


def test_mail_of_a_discarded_lead_is_not_kept(post: Post) -> None:
    lead = _lead(post)
    with in_scope(post.world.seller):
        discard_leads(post.world.seller, ids=[lead.pk], why="rubbish")
    post.server.put(mail(WHO, USER, "代开发票", "税点低"))
    assert post.sync()["kept"] == 0
    with in_scope(post.world.seller):
        assert not Message.objects.exists()


def test_a_leads_mail_that_nobody_answers_is_promised_by_the_leads_owner(post: Post) -> None:
    lead = _lead(post)
    post.server.put(mail(WHO, USER, "请回电", "急"))
    post.sync()
    with in_scope(post.world.seller, door="job"):
        Letter.objects.filter(answer_by__isnull=False).update(answer_by=timezone.now() - timedelta(days=1))
        assert promise_answers(timezone.now()) == 1
        promise = Commitment.objects.get()
        assert (promise.about_id, promise.customer_id) == (lead.pk, None)
        assert promise.owner_id == post.world.seller.member_id


def test_a_conversion_takes_the_mail_along_and_its_undo_gives_it_back(post: Post) -> None:
    lead = _lead(post)
    post.server.put(mail(WHO, USER, "询价", "请报价", ref="<q1@hengda.test>"))
    post.sync()
    with in_scope(post.world.seller):
        made = convert_lead(post.world.seller, lead.pk, opportunity={})
        assert made.person is not None
        assert made.opportunity is not None
        assert Participant.objects.filter(person=made.person.pk).count() == 1
    for key, record in (
        ("customers", made.customer), ("people", made.person), ("opportunities", made.opportunity),
    ):  # fmt: skip
        assert _mails_on(post, key, record.pk) == ["询价"]
    with in_scope(post.world.seller):
        undo(post.world.seller, Operation.objects.get(verb="marketing.lead.convert").pk)
    assert _mails_on(post, "leads", lead.pk) == ["询价"]


def test_the_thread_of_a_converted_lead_goes_on_with_its_sale(post: Post) -> None:
    lead = _lead(post)
    post.server.put(mail(WHO, USER, "询价", "请报价", ref="<q2@hengda.test>"))
    post.sync()
    with in_scope(post.world.seller):
        made = convert_lead(post.world.seller, lead.pk, opportunity={})
    assert made.opportunity is not None
    post.server.put(mail("boss@hengda.test", USER, "Re: 询价", "快一点", In_Reply_To="<q2@hengda.test>"))
    post.sync()
    assert sorted(_mails_on(post, "opportunities", made.opportunity.pk)) == ["Re: 询价", "询价"]


def test_answering_from_a_sales_card_makes_the_thread_that_sales(post: Post) -> None:
    sale = _sale(post)
    post.server.put(mail(BUYER, USER, "图纸", "见附件", ref="<d1@theirs.test>"))
    post.sync()
    assert _mails_on(post, "opportunities", sale) == []
    with in_scope(post.world.seller):
        asked = Message.objects.get()
    _write(post, "opportunities", sale, BUYER, "Re: 图纸", answers=asked.pk)
    assert sorted(_mails_on(post, "opportunities", sale)) == ["Re: 图纸", "图纸"]
    with in_scope(post.world.seller):
        answer = _ref("Re: 图纸")
    post.server.put(
        mail(BUYER, USER, "Re: Re: 图纸", "好的", In_Reply_To=answer),
        mail(BUYER, USER, "别的事", "周五来访"),
    )
    post.sync()
    assert sorted(_mails_on(post, "opportunities", sale)) == ["Re: Re: 图纸", "Re: 图纸", "图纸"]
    # The customer's card has all of it, each once.
    shown = _mails_on(post, "customers", post.customer.pk)
    assert sorted(shown) == sorted(["别的事", "Re: Re: 图纸", "Re: 图纸", "图纸"])


def test_a_mail_with_another_customer_says_nothing_about_the_first_ones_sale(post: Post) -> None:
    sale = _sale(post)
    _write(post, "opportunities", sale, "someone@elsewhere.test", "请转发")
    with in_scope(post.world.seller):
        touch = Activity.objects.get(subject="请转发")
        assert (touch.about_id, touch.customer_id) == (sale, post.customer.pk)
    assert _mails_on(post, "opportunities", sale) == ["请转发"]


def test_a_stranger_to_the_sale_sees_none_of_its_mail(post: Post) -> None:
    sale = _sale(post)
    post.server.put(mail(BUYER, USER, "图纸", "见附件"))
    post.sync()
    with in_scope(post.world.seller):
        asked = Message.objects.get()
    _write(post, "opportunities", sale, BUYER, "Re: 图纸", answers=asked.pk)
    with in_scope(post.world.elsewhere):
        seen = access.visible(post.world.elsewhere, find("activities"))
        assert not seen.filter(about_id=sale).exists()


def test_the_page_of_a_sale_offers_to_answer_what_its_customer_wrote(post: Post) -> None:
    sale = _sale(post)
    post.server.put(mail(BUYER, USER, "图纸", "见附件"))
    post.sync()
    client = client_for(post.world.members["seller"])
    page = client.get(reverse("mail_write", args=["opportunities", sale])).content.decode()
    with in_scope(post.world.seller):
        touch = Activity.objects.get(subject="图纸").pk
    assert f"?answer={touch}" in page
