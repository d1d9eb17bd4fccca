"""E-mails leave through a real SMTP server, each at most once, and stand on the timeline once they have left."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from typing import Any
from uuid import UUID

import pytest

from guanxi.activities.models import Activity
from guanxi.channels.models import Message
from guanxi.channels.services import sending
from guanxi.channels.services.sending import Draft, discard, send_again, write
from guanxi.channels.tests.posts import BUYER, Post, posted
from guanxi.channels.tests.servers import USER, Smtp, mail, smtp_server
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.notices.models import Notice
from guanxi.kernel.errors import Invalid, NotFound, Refused
from guanxi.testing.worlds import World, in_scope


@dataclass
class Desk:
    """A mailbox that sends, and the server it sends through."""

    post: Post
    smtp: Smtp
    world: World

    def write(self, **more: Any) -> Message:
        draft = Draft(
            to=[("Li Na", BUYER)], subject="Offer 7", text="Enclosed.", resource="customers",
            record_id=self.post.customer.pk,
        )  # fmt: skip
        with in_scope(self.world.seller):
            files = more.pop("files", ())
            return write(self.world.seller, replace(draft, **more), files=files)

    def work(self) -> None:
        """Run what waits in the queue, as a worker does."""
        with in_scope(self.world.seller):
            waiting = list(
                Job.objects.filter(kind="channels.send", state="queued").values_list("pk", flat=True)
            )
        for job in waiting:
            run_job(self.world.tenant_id, job)

    def state(self, message: Message) -> str:
        with in_scope(self.world.seller):
            return Message.objects.get(pk=message.pk).state


@pytest.fixture
def desk(world: World, settings: Any) -> Iterator[Desk]:
    settings.MAILBOX_PRIVATE = True
    with smtp_server() as smtp, posted(world, smtp_port=smtp.port) as post:
        yield Desk(post, smtp, world)


def test_an_answer_leaves_in_its_thread_with_its_files_and_a_copy(desk: Desk) -> None:
    desk.post.server.put(mail(BUYER, USER, "Price", "How much?", ref="<ask@theirs.test>"))
    desk.post.sync()
    with in_scope(desk.world.seller):
        asked = Message.objects.get()
    files = [("offer.pdf", [b"%PDF-1.4 y"])]
    message = desk.write(subject="Re: Price", text="500.", answers=asked.pk, files=files)
    assert desk.post.shown()[0].text == "How much?"
    desk.work()
    (envelope,) = desk.smtp.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == (USER, [BUYER])
    sent = message_from_bytes(envelope.content, policy=policy.default)
    assert sent["In-Reply-To"] == sent["References"] == "<ask@theirs.test>"
    assert sent["Message-ID"] == f"<{message.ref}>"
    body = sent.get_body()
    assert body is not None
    assert "> How much?" in body.get_content()
    assert [part.get_filename() for part in sent.iter_attachments()] == ["offer.pdf"]
    assert desk.post.server.count("Sent") == 1
    entry = desk.post.shown()[0]
    assert (entry.text, entry.context["letter"].thread) == ("500.", 2)
    assert [name for name, _url in entry.context["letter"].files] == ["offer.pdf"]
    # Its copy is read back from the folder of what was sent, and stored no second time.
    assert desk.post.sync()["kept"] == 0


def test_a_job_that_runs_twice_sends_once(desk: Desk) -> None:
    message = desk.write()
    desk.work()
    with in_scope(desk.world.seller):
        sending.send_message(desk.world.seller, message.pk)
        assert Activity.objects.count() == 1
    assert len(desk.smtp.taken) == 1


def test_a_worker_killed_while_it_hands_over_sends_nothing_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        pass

    def killed(*_args: object) -> None:
        raise KilledError

    message = desk.write()
    monkeypatch.setattr(sending, "_copied", killed)
    with pytest.raises(KilledError):
        desk.work()
    assert desk.state(message) == "sent"
    monkeypatch.undo()
    with in_scope(desk.world.seller):
        Job.objects.filter(kind="channels.send").update(state="queued")
    desk.work()
    assert len(desk.smtp.taken) == 1
    assert len(desk.post.shown()) == 1


def test_where_the_line_breaks_the_member_decides(desk: Desk) -> None:
    desk.smtp.drops = True
    message = desk.write()
    desk.work()
    assert desk.state(message) == "unclear"
    assert desk.post.shown() == []
    with in_scope(desk.world.seller):
        assert Notice.objects.filter(kind="channels.not_sent").count() == 1
    desk.smtp.drops = False
    with in_scope(desk.world.seller):
        send_again(desk.world.seller, message.pk)
    desk.work()
    assert desk.state(message) == "sent"
    assert len(desk.smtp.taken) == 2
    assert len(desk.post.shown()) == 1


def test_what_was_being_handed_over_and_lies_in_the_sent_folder_has_left(desk: Desk) -> None:
    message = desk.write()
    desk.post.server.put(mail(USER, BUYER, "Offer 7", "Enclosed.", ref=f"<{message.ref}>"), folder="Sent")
    with in_scope(desk.world.seller):
        Message.objects.filter(pk=message.pk).update(state="sending")
    desk.work()
    assert desk.state(message) == "sent"
    assert desk.smtp.taken == []
    assert len(desk.post.shown()) == 1


def test_refused_receivers_are_told_and_can_be_given_up(desk: Desk) -> None:
    desk.smtp.refuses = {BUYER}
    message = desk.write(files=[("offer.pdf", [b"%PDF-1.4 z"])])
    desk.work()
    assert desk.state(message) == "failed"
    with in_scope(desk.world.admin), pytest.raises(NotFound):
        discard(desk.world.admin, message.pk)
    with in_scope(desk.world.seller):
        assert "no such user" in Message.objects.get(pk=message.pk).detail
        discard(desk.world.seller, message.pk)
        assert not Message.objects.exists()
        assert not Attachment.objects.exists()
        with pytest.raises(NotFound):
            send_again(desk.world.seller, UUID(int=1))


def test_what_cannot_be_sent_is_said_beside_its_field(desk: Desk) -> None:
    for wrong, field in (
        ({"to": []}, "to"),
        ({"to": [("", "nobody")]}, "to"),
        ({"to": [("", "a@b.test\r\nBcc: c@d.test")]}, "to"),
        ({"cc": [("", "x")]}, "cc"),
        ({"subject": " "}, "subject"),
        ({"subject": "a\nBcc: c@d.test"}, "subject"),
        ({"text": ""}, "text"),
    ):
        with pytest.raises(Invalid) as caught:
            desk.write(**wrong)
        assert set(caught.value.fields) == {field}
    with pytest.raises(Invalid) as caught:
        desk.write(files=[("run.exe", [b"MZ"])])
    assert set(caught.value.fields) == {"file"}
    with in_scope(desk.world.teammate), pytest.raises(Refused):
        write(desk.world.teammate, Draft(to=[("", BUYER)], subject="x", text="y"))
