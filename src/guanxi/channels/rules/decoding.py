"""Texts of mail out of bytes, whatever they say of themselves: declared charsets that lie, none at all, words cut in
the middle of a character."""

import base64
import binascii
import quopri
import re
from email.message import Message
from email.utils import getaddresses

__all__ = ["Address", "addresses", "clean", "header", "headers", "text_of", "valid"]

Address = tuple[str, str]  # name as it is shown, address in small letters

_LONGEST_HEADER = 20_000
_LONGEST_ADDRESS = 254
_ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "cp950",
    "ks_c_5601-1987": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "iso-8859-1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
}
_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(=\?)")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")
_PLAIN = r"[^\s\x00-\x20\x7f\ud800-\udfff@<>(),;:\"\[\]\\"
_ADDRESS = re.compile(rf"{_PLAIN}]{{1,64}}@(?:{_PLAIN}.]{{1,63}}\.)+{_PLAIN}.]{{2,63}}")


def text_of(data: bytes, declared: str = "") -> str:
    """Bytes as text: by the declared charset where that reads them, else by what reads them without a fault; never
    fails."""
    wanted = declared.strip().strip("\"'").casefold()
    for charset in (_ALIASES.get(wanted, wanted), "utf-8", "gb18030"):
        if not charset:
            continue
        try:
            return clean(data.decode(charset))
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return clean(_mostly_utf8(data) or data.decode("cp1252", "replace"))


def _mostly_utf8(data: bytes) -> str:
    """Bytes that are UTF-8 but for a few; "" where they are something else."""
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    return text if sum(char > "\x7f" for char in text) > 3 * lost else ""


def clean(text: str) -> str:
    """Without control characters and marks that turn the direction; lone surrogates become a question mark."""
    return _CONTROLS.sub(
        "", text.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    )


def header(message: Message, name: str) -> str:
    """A header's first value as text, on one line; "" where there is none."""
    return next(iter(headers(message, name)), "")


def headers(message: Message, name: str) -> list[str]:
    """All of a header's values as texts, each on one line."""
    return [_decoded(raw) for raw in _raw(message, name)]


def addresses(message: Message, name: str) -> list[Address]:
    """Who stands in a header, each address once; what is no address is left out."""
    found: dict[str, str] = {}
    for raw in _raw(message, name):
        # Encoded words are decoded after the commas were read, for a name may hold one.
        for shown, address in getaddresses([_ascii(raw)]):
            mail = address.strip().casefold()
            if not valid(mail):
                inner = _ADDRESS.search(f"{shown} {address}")
                mail = inner.group(0).casefold() if inner else ""
            if mail and mail not in found:
                found[mail] = _decoded(shown).strip(" \"'")[:200]
    return [(shown, mail) for mail, shown in found.items()]


def valid(mail: str) -> bool:
    """Whether it is one address, and nothing beside it."""
    return len(mail) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(mail) is not None


def _raw(message: Message, name: str) -> list[str]:
    wanted = name.casefold()
    return [str(value)[:_LONGEST_HEADER] for key, value in message.raw_items() if key.casefold() == wanted]


def _ascii(raw: str) -> str:
    """Raw bytes that stand in a header become text; line breaks a space."""
    if any(0xDC80 <= ord(char) <= 0xDCFF for char in raw):
        raw = text_of(raw.encode("utf-8", "surrogateescape"))
    return re.sub(r"[\r\n]+[ \t]*", " ", raw)


def _decoded(raw: str) -> str:
    """Encoded words as text. Words that follow each other are put together first: some programs cut characters."""
    text = _BETWEEN.sub(r"\1\2", _ascii(raw))
    out: list[str] = []
    last, held, charset = 0, b"", ""
    for word in _WORD.finditer(text):
        between = text[last : word.start()]
        named = word.group(1).partition("*")[0]
        if held and (between or named.casefold() != charset.casefold()):
            out.append(text_of(held, charset))
            held = b""
        out.append(between)
        held, charset = held + _bytes(word.group(2), word.group(3)), named
        last = word.end()
    if held:
        out.append(text_of(held, charset))
    out.append(text[last:])
    return clean("".join(out)).replace("\n", " ").strip()


def _bytes(encoding: str, text: str) -> bytes:
    if encoding in "qQ":
        return quopri.decodestring(text.replace("_", " ").encode("utf-8", "replace"), header=True)
    padded = re.sub(r"[^A-Za-z0-9+/]", "", text)
    try:
        return base64.b64decode(padded + "=" * (-len(padded) % 4))
    except (binascii.Error, ValueError):
        return base64.b64decode(padded[: len(padded) // 4 * 4])
