"""Mails out of their bytes: headers, charsets, what is quoted, signatures, invitations, broken ones."""

# Chinese in code: mails as programs in China write them

import base64
from datetime import UTC, datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.channels.queries.providers import preset_of
from guanxi.channels.rules.letters import Letter, read_head, read_letter
from guanxi.channels.rules.meeting import read_meeting
from guanxi.channels.rules.plain import plain
from guanxi.channels.rules.quoting import split
from guanxi.channels.rules.signing import sign_off
from guanxi.channels.rules.threads import answering_subject, base_subject

ZONE = ZoneInfo("Asia/Shanghai")
OWN = "王经理：\n\n价格可以接受，请尽快发货。"


@pytest.mark.parametrize(
    "intro",
    [
        "在 2026年11月20日，王伟 <wang@ours.test> 写道：",
        '在 2026-11-20 10:22:31，"王伟" <wang@ours.test> 写道：',
        "王伟 <wang@ours.test> 于2026年11月20日周五 10:22写道：",
        "2026年11月20日 上午10:22，王伟 <wang@ours.test> 写道：",
        '------------------ 原始邮件 ------------------\n发件人: "王伟" <wang@ours.test>;\n发送时间: 2026年11月20日',
        "-----原始邮件-----\n发件人: 王伟\n发送时间: 2026年11月20日\n收件人: 李娜\n主题: 报价",
        "发件人: 王伟 <wang@ours.test>\n发送时间: 2026年11月20日 10:22\n收件人: 李娜\n主题: 报价",
        "发件人：wang@ours.test\n日期：2026-11-20 10:22\n收件人：li@theirs.test\n主题：报价",
        "________________________________\nFrom: Wang <wang@ours.test>\nSent: 20 November 2026\nTo: Li\nSubject: Offer",
        "-----Original Message-----\nFrom: Wang",
        "On Fri, Nov 20, 2026 at 10:22 AM Wang Wei <wang@ours.test> wrote:",
        "On Fri, Nov 20, 2026 at 10:22 AM Wang Wei with a very long name\n<wang@ours.test> wrote:",
        "Am 20.11.2026 um 10:22 schrieb Wang Wei:",
        "Le ven. 20 nov. 2026 à 10:22, Wang <wang@ours.test> a écrit :",
        '20.11.2026 10:22 пользователь "Wang" <wang@ours.test> написал:',
        "---------- Forwarded message ---------",
        "-------- 转发邮件信息 --------",
    ],
)
def test_what_is_answered_is_parted_from_the_answer(intro: str) -> None:
    found = split(
        f"{OWN}\n\n{intro}\n\n> 报价单见附件。\n> 王伟"
        if "写道" in intro
        else f"{OWN}\n\n{intro}\n\n报价单见附件。"
    )
    assert found.text == OWN
    assert intro.replace("_" * 32 + "\n", "") in found.quotation
    assert "报价单见附件。" in found.quotation


def test_an_answer_below_or_between_the_lines_stays() -> None:
    below = "On 20 Nov 2026, Li wrote:\n> When?\n\nTomorrow.\n> How many?\n\nTen."
    assert split(below).text == "Tomorrow.\n\nTen."
    assert split("> When?\n> How?\n\nTomorrow.").text == "Tomorrow."
    assert split("Tomorrow.\n\n> When?").quotation == "> When?"


@pytest.mark.parametrize(
    "text",
    [
        "他在信里写道：",
        "As I wrote:\n1. first\n2. second",
        "From: here to there it is far.\nBye",
        "在下周一之前给你答复",
        "> ",
    ],
)
def test_a_sentence_of_his_own_is_no_quotation(text: str) -> None:
    assert split(text).quotation in ("", "> ")
    assert split(text).text == text or text == "> "


@pytest.mark.parametrize(
    ("text", "name", "signature"),
    [
        (f"{OWN}\n\n此致\n敬礼\n李娜\n", "李娜", "此致\n敬礼\n李娜"),
        (f"{OWN}\n\n李娜\n采购经理\n苏州鼎盛食品有限公司\n手机：138 0013 8000", "李娜",
         "李娜\n采购经理\n苏州鼎盛食品有限公司\n手机：138 0013 8000"),
        (f"{OWN}\n\n发自我的iPhone", "李娜", "发自我的iPhone"),
        (f"{OWN}\n--\n李娜", "", "--\n李娜"),
        ("See you.\n\nBest regards,\nLi Na\nwww.theirs.test", "Li Na", "Best regards,\nLi Na\nwww.theirs.test"),
        ("The price is 5.\n\nIt holds until May.", "Li Na", ""),
        ("Thanks for the offer; we take it.", "Li Na", ""),
        ("谢谢你的报价，我们再看看。", "李娜", ""),
    ],
)  # fmt: skip
def test_signatures_are_recognised(text: str, name: str, signature: str) -> None:
    found = sign_off(text, name=name)
    assert found.signature == signature
    assert found.text == (OWN if OWN in text else text.split("\n\nBest")[0])


def _letter(raw: bytes) -> Letter:
    return read_letter(raw, zone=ZONE)


def test_headers_of_every_charset_are_read() -> None:
    word = base64.b64encode("关于报价".encode("gb2312")).decode()
    cut = "关于报价单".encode()
    halves = [base64.b64encode(part).decode() for part in (cut[:7], cut[7:])]
    for line, expected in (
        (f"=?gb2312?B?{word}?=".encode(), "关于报价"),
        (f"=?utf-8?B?{halves[0]}?=\r\n =?utf-8?B?{halves[1]}?=".encode(), "关于报价单"),
        ("关于报价".encode("gbk"), "关于报价"),
        ("关于报价".encode(), "关于报价"),
        (b"=?x-nobody-knows?B?QUJD?=", "ABC"),
        (b"=?utf-8?Q?caf=C3=A9_?= bar", "café  bar"),
    ):
        assert read_head(b"Subject: " + line + b"\r\n\r\n").subject == expected


def test_bodies_that_lie_about_their_charset_are_read() -> None:
    for charset, text in (
        ("us-ascii", "发货时间"),
        ("gb2312", "朱镕基"),
        ("utf-8", "发货"),
        ("", "发货时间"),
    ):
        kind = f"Content-Type: text/plain; charset={charset}\r\n" if charset else ""
        head = f"From: a@b.test\r\n{kind}Content-Transfer-Encoding: 8bit\r\n\r\n".encode()
        assert _letter(head + text.encode("gb18030")).text == text


def test_addresses_are_read_and_nothing_else_is_one() -> None:
    raw = b'From: "Li, Na" <LI@Theirs.test>\r\nTo: undisclosed-recipients:;, a@b.test, <c@d.test\r\n\r\n'
    head = read_head(raw)
    assert head.sender == ("Li, Na", "li@theirs.test")
    assert [mail for _name, mail in head.to] == ["a@b.test", "c@d.test"]


def test_html_becomes_text_and_nothing_of_it_runs() -> None:
    html = (
        "<html><head><title>x</title><style>p{}</style></head><body><p>Hello&nbsp;<b>you</b></p><script>steal()</script>"
        "<img src='http://spy.test/1.gif'><ul><li>one<li>two</ul><blockquote>old<blockquote>older</blockquote>"
        "</blockquote>1 &lt; 2</body></html>"
    )
    assert plain(html) == "Hello you\n\n- one\n- two\n> old\n> > older\n1 < 2"


def test_a_file_keeps_its_name_and_a_logo_is_none() -> None:
    made = EmailMessage()
    made.set_content("Here.")
    made.add_attachment(b"x", maintype="application", subtype="pdf", filename="报价单.pdf")
    made.add_attachment(b"logo", maintype="image", subtype="png", cid="<a@b>", disposition="inline")
    assert [(part.name, part.content) for part in _letter(made.as_bytes()).files] == [("报价单.pdf", b"x")]


def _calendar(begins: str, ends: str = "", method: str = "REQUEST", more: str = "") -> bytes:
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:验收会\r\n"
        f"LOCATION:苏州\r\n{begins}\r\n{ends}{more}END:VEVENT\r\nEND:VCALENDAR\r\n"
    ).encode()


def test_an_invitation_is_a_proposal_with_its_time() -> None:
    meeting = read_meeting(_calendar("DTSTART:20261201T020000Z", "DTEND:20261201T030000Z\r\n"), zone=ZONE)
    assert meeting is not None
    assert (meeting.subject, meeting.place, meeting.cancelled) == ("验收会", "苏州", False)
    assert (meeting.at, meeting.until) == (
        datetime(2026, 12, 1, 2, tzinfo=UTC),
        datetime(2026, 12, 1, 3, tzinfo=UTC),
    )
    local = read_meeting(_calendar("DTSTART:20261201T100000"), zone=ZONE)
    assert local is not None
    assert local.at == meeting.at


@pytest.mark.parametrize(
    "begins",
    [
        "DTSTART:99991231T235959Z",
        "DTSTART:00010101T000000",
        "DTSTART:19000101T000000Z",
        "DTSTART:not a time",
        "DTSTART;TZID=Mars/Olympus_Mons:20261301T250000",
        "X-NO-START:1",
    ],
)
def test_an_invitation_from_another_planet_does_no_harm(begins: str) -> None:
    meeting = read_meeting(
        _calendar(begins, "DTEND:20200101T000000Z\r\n", more="RRULE:FREQ=SECONDLY\r\n"), zone=ZONE
    )
    assert meeting is None or (meeting.at, meeting.until) == (None, None)
    assert read_meeting(b"BEGIN:VCALENDAR\r\n" * 50, zone=ZONE) is None


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(raw: bytes) -> None:
    for given_bytes in (raw, b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + raw):
        found = _letter(given_bytes)
        assert "\x00" not in found.text + found.head.subject + found.head.ref


def test_a_mail_nested_without_end_is_read() -> None:
    raw = b"".join(
        f"Content-Type: multipart/mixed; boundary=b{depth}\r\n\r\n--b{depth}\r\n".encode()
        for depth in range(2000)
    )
    assert isinstance(_letter(b"From: a@b.test\r\n" + raw + b"\r\nend").text, str)


def test_subjects_and_providers() -> None:
    assert base_subject("Re: 回复：[x] 报价") == base_subject("转发: [x] 报价")
    assert answering_subject("Re: Offer") == "Re: Offer"
    assert answering_subject("报价") == "Re: 报价"
    for address, imap in (
        ("a@163.com", "imap.163.com"),
        ("a@qq.com", "imap.qq.com"),
        ("a@gmail.com", "imap.gmail.com"),
    ):
        preset = preset_of(address)
        assert preset is not None
        assert preset.imap == imap
    assert preset_of("a@ours.test") is None
