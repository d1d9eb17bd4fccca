"""Every mail of ../shared/data/mail_eml through the reader: nothing fails; replies and signatures are compared with the
truth files there and with the expectations here. The share is printed."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from guanxi.channels.rules.letters import read_letter
from guanxi.channels.rules.plain import plain
from guanxi.channels.rules.quoting import split
from guanxi.channels.rules.signing import sign_off
from guanxi.kernel.tests.shared_data import FOLDER as SHARED

FOLDER = SHARED / "mail_eml"
ZONE = ZoneInfo("Asia/Shanghai")
pytestmark = pytest.mark.shared_data
# What the clients' answers to the test mail say, and how the answers of whole HTML files begin and end.
REPLY = "Hello"
HTML = {
    "gmail.html": ("Hi.", "Alex"),
    "ms_outlook_2010.html": ("Hi.", "Alex"),
    "reply-separated-by-hr.html": ("Hi", "Bob"),
    "thunderbird.html": ("Hi.", "Alex"),
}
# By name: files, invitations, whether a machine wrote it, and what is signed.
FILES = {
    "flanker/broken-ctype.eml": 1,
    "flanker/office365.eml": 1,
    "ruby_mail/attachment_pdf.eml": 1,
    "ruby_mail/japanese_attachment.eml": 1,
    "ruby_mail/raw_email12.eml": 0,
    "ruby_mail/report_530.eml": 0,
}
MACHINES = {
    "flanker/delayed.eml",
    "flanker/gmail-invalid-address.eml",
    "flanker/gmail-no-dns.eml",
    "flanker/mailbox-full.eml",
    "flanker/office365.eml",
    "ruby_mail/raw_email_with_mimepart_without_content_type.eml",
    "ruby_mail/report_530.eml",
}
SUBJECT_LETTERS = {"ruby_mail/japanese_shift_jis.eml": "test", "flanker/bilingual-simple.eml": "Simple text"}


def _said(path: Path) -> str:
    """What somebody wrote, with the signature."""
    letter = read_letter(path.read_bytes(), zone=ZONE)
    return "\n\n".join(part for part in (letter.text, letter.signature) if part)


def test_every_file_is_read_and_keeps_its_sender_and_date() -> None:
    paths = sorted(FOLDER.rglob("*.eml"))
    assert len(paths) > 80
    dated = senders = 0
    for path in paths:
        letter = read_letter(path.read_bytes(), zone=ZONE)
        dated += letter.head.at is not None
        senders += bool(letter.head.sender[1])
    print(f"mails read: {len(paths)} of {len(paths)}; with sender {senders}, with date {dated}")  # noqa: T201
    assert senders >= len(paths) - 2
    assert dated >= len(paths) - 12


def test_answers_are_parted_from_what_they_quote() -> None:
    right, asked = 0, 0
    for folder in ("talon_replies", "talon_standard_replies"):
        for path in sorted((FOLDER / folder).glob("*.eml")):
            truth = path.with_name(f"{path.stem}_reply_text")
            expected = truth.read_text(encoding="utf-8").strip() if truth.exists() else REPLY
            if folder == "talon_replies" and path.stem == "iphone":
                expected = (
                    (FOLDER / "talon_standard_replies/iphone_reply_text").read_text(encoding="utf-8").strip()
                )
            asked += 1
            right += _said(path) == expected
    for name, (begins, ends) in HTML.items():
        said = split(
            plain((FOLDER / "talon_replies" / name).read_text(encoding="utf-8", errors="replace"))
        ).text
        asked += 1
        right += said.startswith(begins) and said.endswith(ends) and len(said) < 60
    print(f"answers parted: {right} of {asked}")  # noqa: T201
    assert right == asked


def test_signatures_are_those_of_the_truth_files() -> None:
    right, asked = 0, 0
    for truth in sorted((FOLDER / "talon_signatures").glob("*_signature")):
        stem = truth.name.removesuffix("_signature")
        body = truth.with_name(f"{stem}_body").read_text(encoding="utf-8")
        sender = truth.with_name(f"{stem}_sender").read_text(encoding="utf-8").strip()
        asked += 1
        right += sign_off(body, name=sender).signature == truth.read_text(encoding="utf-8").strip()
    print(f"signatures recognised: {right} of {asked}")  # noqa: T201
    assert (right, asked) == (3, 3)


def test_files_machines_and_charsets_are_as_expected() -> None:
    read = {
        str(path.relative_to(FOLDER)): read_letter(path.read_bytes(), zone=ZONE)
        for path in FOLDER.rglob("*.eml")
    }
    assert {name: len(read[name].files) for name in FILES} == FILES
    assert {name for name, letter in read.items() if letter.head.automatic and letter.returned} < MACHINES
    assert all(read[name].head.automatic for name in MACHINES)
    assert all(read[name].head.subject.startswith(text) for name, text in SUBJECT_LETTERS.items())
    assert not any("\x00" in letter.text for letter in read.values())
