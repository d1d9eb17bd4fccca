"""A mailbox is read from a real IMAP server: what is the company's is kept, everything else is not."""

# Chinese in code: mails as customers write them

from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from guanxi.activities.models import Activity, Letter
from guanxi.activities.queries.effective import effective
from guanxi.activities.services.hiding import hide_mail
from guanxi.channels.models import Hidden, Mailbox, Mention, Message
from guanxi.channels.queries.mailboxes import states
from guanxi.channels.services import folders, storing, syncing
from guanxi.channels.services.mailboxes import change_company_never, change_keeping, disconnect
from guanxi.channels.tests.gates import imap_gate
from guanxi.channels.tests.posts import BUYER, Post, posted
from guanxi.channels.tests.servers import USER, mail
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.ledger.models import Change
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.errors import Forbidden, Invalid, NotFound
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope


@pytest.fixture
def post(world: World, settings: Any) -> Iterator[Post]:
    settings.MAILBOX_PRIVATE = True
    with posted(world) as found:
        yield found


def test_mail_of_a_known_person_stands_on_the_timeline(post: Post) -> None:
    post.server.put(mail(f"李娜 <{BUYER}>", USER, "关于交期", "王经理：\n请问什么时候发货？\n"))
    assert post.sync() == {"seen": 1, "kept": 1, "more": 0}
    (entry,) = post.shown()
    assert (entry.subject, entry.text) == ("关于交期", "王经理：\n请问什么时候发货？")
    assert (entry.who, list(entry.whom)) == ("李娜", [post.world.members["seller"].name])
    with in_scope(post.world.seller):
        assert effective().filter(customer=post.customer.pk).count() == 1
    assert post.sync() == {"seen": 0, "kept": 0, "more": 0}
    assert post.stands().synced_at is not None


def test_private_mail_leaves_nothing_behind(post: Post) -> None:
    post.server.put(mail("Mum <mum@home.test>", USER, "Dinner on Sunday", "Will you come?"))
    assert post.sync() == {"seen": 1, "kept": 0, "more": 0}
    with in_scope(post.world.seller):
        assert not Message.objects.exists()
        assert not Mention.objects.exists()
        assert not Activity.objects.exists()
        said = Change.objects.filter(new__icontains="Dinner").exists()
    assert not said


def test_what_answers_a_stored_thread_is_kept_also_from_somebody_new(post: Post) -> None:
    post.server.put(mail(BUYER, USER, "Offer", "Please offer.", ref="<one@theirs.test>"))
    post.sync()
    post.server.put(
        mail("boss@theirs.test", USER, "Re: Offer", "And quickly.", In_Reply_To="<one@theirs.test>")
    )
    assert post.sync()["kept"] == 1
    first, second = post.shown()
    assert (first.text, second.text) == ("And quickly.", "Please offer.")
    assert first.context["letter"].thread == 2


def test_colleagues_among_themselves_are_not_kept_even_in_a_stored_thread(post: Post) -> None:
    post.server.put(mail(BUYER, USER, "Offer", "Please offer.", ref="<one@theirs.test>"))
    post.sync()
    colleague = f"teammate@{post.world.tenant.slug}.test"
    post.server.put(mail(colleague, USER, "Re: Offer", "Do not trust them.", References="<one@theirs.test>"))
    assert post.sync()["kept"] == 0


def test_what_the_company_never_wants_kept_is_kept_by_no_mailbox(post: Post) -> None:
    with in_scope(post.world.seller), pytest.raises(Forbidden):
        change_company_never(post.world.seller, "theirs.test")
    with in_scope(post.world.admin):
        with pytest.raises(Invalid) as caught:
            change_company_never(post.world.admin, "not a domain")
        assert set(caught.value.fields) == {"never"}
        change_company_never(post.world.admin, "@Theirs.test\ncourt.example")
    post.server.put(mail(BUYER, USER, "Offer", "Please offer."))
    assert post.sync()["kept"] == 0
    with in_scope(post.world.seller):
        assert not Message.objects.exists()


def test_what_the_member_never_wants_kept_is_not(post: Post) -> None:
    with in_scope(post.world.seller):
        change_keeping(post.world.seller, fact_only=False, never="theirs.test")
    post.server.put(mail(BUYER, USER, "Offer", "Please offer."))
    assert post.sync()["kept"] == 0


def test_of_a_discreet_mailbox_only_the_fact_is_kept(post: Post) -> None:
    with in_scope(post.world.seller):
        change_keeping(post.world.seller, fact_only=True, never="")
    post.server.put(mail(BUYER, USER, "Salary", "Secret."))
    assert post.sync()["kept"] == 1
    (entry,) = post.shown()
    assert (entry.subject, entry.text) == ("", "")
    with in_scope(post.world.seller):
        held = Message.objects.get()
        assert (held.subject, held.text, held.quotation, held.signature) == ("", "", "", "")


def test_a_hidden_mail_is_gone_for_good_and_does_not_come_back(post: Post) -> None:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Message-ID"] = BUYER, USER, "Wedding", "<w@theirs.test>"
    made.set_content("You are invited.")
    made.add_attachment(b"%PDF-1.4 x", maintype="application", subtype="pdf", filename="invitation.pdf")
    post.server.put(made.as_bytes())
    post.sync()
    with in_scope(post.world.admin), pytest.raises(Exception, match="forbidden"):
        hide_mail(post.world.admin, Activity.objects.get().pk)
    with in_scope(post.world.seller):
        row = Activity.objects.get().pk
        assert Attachment.objects.get().name == "invitation.pdf"
        hide_mail(post.world.seller, row)
    with in_scope(post.world.seller):
        for model in (Activity, Message, Letter, Mention, Attachment):
            assert not model.objects.exists()
        assert Hidden.objects.count() == 1
        for name in ("Wedding", "invited", "invitation"):
            assert not Change.objects.filter(new__icontains=name).exists()
            assert not Change.objects.filter(old__icontains=name).exists()
        Mailbox.objects.update(places={})
    assert post.sync()["kept"] == 0


def test_a_forged_colleague_and_a_machine_are_no_reply(post: Post) -> None:
    failed = "mx.ours.test; spf=fail; dkim=none; dmarc=fail"
    post.server.put(
        mail(BUYER, USER, "Pay here", "New account!", Authentication_Results=failed),
        mail(BUYER, USER, "Out of office", "I am away.", Auto_Submitted="auto-replied"),
    )
    assert post.sync()["kept"] == 2
    with in_scope(post.world.seller):
        outcomes = dict(Activity.objects.values_list("subject", "outcome"))
        assert outcomes == {"Pay here": "unverified", "Out of office": "automatic"}
        assert not effective().exists()
        assert not Letter.objects.filter(answer_by__isnull=False).exists()


def test_the_card_says_what_is_to_be_thought_of_it(post: Post) -> None:
    failed = "mx.ours.test; spf=fail; dkim=none; dmarc=fail"
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Message-ID"] = BUYER, USER, "Come", "<come@theirs.test>"
    made.set_content("Please come.")
    event = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Landing\r\n"
    event += b"DTSTART:99990101T000000Z\r\nLOCATION:Olympus Mons\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    made.add_attachment(event, maintype="text", subtype="calendar", filename="invite.ics")
    post.server.put(
        mail(BUYER, USER, "Pay here", "New account!", Authentication_Results=failed), made.as_bytes()
    )
    assert post.sync()["kept"] == 2
    client = client_for(post.world.members["seller"])
    page = client.get(f"/customers/{post.customer.pk}/").content.decode()
    assert "发件人未验证" in page
    assert "时间无法识别" in page
    # Only what was verified waits for an answer.
    assert page.count("应在此前答复") == 1


def test_a_mail_of_40_mb_keeps_header_and_text(post: Post) -> None:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"], made["Message-ID"] = (
        BUYER,
        USER,
        "Drawings",
        "<big@theirs.test>",
    )
    made.set_content("Here they are.")
    made.add_attachment(b"\0" * 30 * 1024 * 1024, maintype="application", subtype="zip", filename="all.zip")
    raw = made.as_bytes()
    assert len(raw) > 40 * 1024 * 1024
    post.server.put(raw, mail(BUYER, USER, "Next", "Go on."))
    assert post.sync()["kept"] == 2
    drawings = next(one for one in post.shown() if one.subject == "Drawings")
    assert drawings.text == "Here they are."
    assert drawings.context["letter"].left_out == "all.zip"


def test_a_line_that_breaks_while_mails_are_fetched_loses_and_doubles_nothing(post: Post) -> None:
    post.server.put(*(mail(BUYER, USER, f"Offer {n}", "Please offer.\n" * 4000) for n in range(6)))
    with imap_gate(post.server, ends_after=100_000) as gate:
        with in_scope(post.world.seller):
            Mailbox.objects.update(imap_port=gate.port)
        assert post.sync()["kept"] == 0
        assert (post.stands().state, post.stands().trouble) == ("trouble", "network")
        gate.ends_after = 0
        assert post.sync()["kept"] == 6
        assert post.sync()["kept"] == 0
    assert post.stands().state == "working"
    with in_scope(post.world.seller):
        assert Message.objects.count() == Activity.objects.count() == 6


def test_a_killed_reading_begins_where_the_last_whole_one_ended(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.server.put(mail(BUYER, USER, "One", "1"))
    post.sync()
    post.server.put(mail(BUYER, USER, "Two", "2"))

    class KilledError(Exception):
        pass

    def killed(*_args: object) -> None:
        raise KilledError

    monkeypatch.setattr(syncing, "tell_stored", killed)
    with pytest.raises(KilledError):
        post.sync()
    monkeypatch.setattr(syncing, "tell_stored", storing.tell_stored)
    assert post.sync()["kept"] == 1
    assert [one.subject for one in post.shown()] == ["Two", "One"]


def test_other_numbers_store_nothing_twice(post: Post) -> None:
    post.server.put(mail(BUYER, USER, "One", "1"))
    post.sync()
    with in_scope(post.world.seller):
        Mailbox.objects.update(places={"INBOX": {"validity": 1, "uid": 99_999}})
    assert post.sync() == {"seen": 1, "kept": 0, "more": 0}


def test_what_is_left_is_read_by_the_next(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "WINDOW", 2)
    post.server.put(*(mail(BUYER, USER, f"No {number}", "x") for number in range(5)))
    seen = 0
    for _ in range(6):
        counts = post.sync(seconds=0.0) if seen < 5 else post.sync()
        seen += counts["seen"]
        if seen == 0:  # no time at all: not even the first folder
            assert counts["more"] == 1
            seen += post.sync()["seen"]
    assert seen == 5
    assert len(post.shown()) == 5


def test_nobody_else_opens_it_and_disconnecting_removes_the_password(post: Post) -> None:
    with in_scope(post.world.admin):
        (state,) = states(post.world.admin)
        assert (state.member, state.working) == (post.world.members["seller"].name, True)
    with in_scope(post.world.seller):
        disconnect(post.world.seller)
    held = post.stands()
    assert (held.secret, held.token, held.state) == ("", "", "off")
    assert post.sync() == {"seen": 0, "kept": 0, "more": 0}


def test_another_company_sees_nothing_of_it(post: Post, other_world: World) -> None:
    post.server.put(mail(BUYER, USER, "One", "1"))
    post.sync()
    with scope(other_world.tenant_id, door="web"):
        assert not Mailbox.objects.exists()
        assert not Message.objects.exists()
    with in_scope(post.world.seller):
        row = Activity.objects.get().pk
    with in_scope(other_world.seller), pytest.raises(NotFound):
        hide_mail(other_world.seller, row)
