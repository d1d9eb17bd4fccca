"""What mails belong together where nothing but the subject says it."""

# Chinese in code: what mail programs put before a subject

import re

__all__ = ["answering_subject", "base_subject", "is_answer"]

_MARK = re.compile(
    r"^\s*(?:(?:re|aw|sv|antw|回复|回覆|答复|答覆)(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*[:：]\s*)", re.IGNORECASE
)
_FORWARD = re.compile(r"^\s*(?:fwd?|wg|转发|轉寄|转发的)\s*[:：]\s*", re.IGNORECASE)


def is_answer(subject: str) -> bool:
    """Whether a subject says that it answers one."""
    return _MARK.match(subject) is not None


def base_subject(subject: str) -> str:
    """A subject without the marks of answers and forwarding, folded."""
    before = None
    while subject != before:
        before = subject
        subject = _FORWARD.sub("", _MARK.sub("", subject))
    return " ".join(subject.split()).casefold()


def answering_subject(subject: str) -> str:
    """The subject of an answer to a mail."""
    return subject if is_answer(subject) or not subject else f"Re: {subject}"
