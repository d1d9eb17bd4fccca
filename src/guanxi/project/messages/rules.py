"""What makes a Chinese translation sound. Pure: text in, complaints out."""

import re
from collections import Counter
from collections.abc import Iterator

from guanxi.project.messages.exceptions import NAMES
from guanxi.project.messages.extract import Key

_PLACE = re.compile(r"%\((\w+)\)[sd]|%([sd])|\{(\w*)\}")
_TAG = re.compile(r"</?([a-zA-Z][\w-]*)[^>]*>")
_ENTITY = re.compile(r"&\w+;")
# What is quoted as it is typed: addresses, e-mail, paths, file names, commands in `…`.
_QUOTED = re.compile(
    r"https?://\S+|[\w.+-]+@[\w.-]+|`[^`]*`|\b[a-z][\w-]*(?:\.[a-z][\w-]+)+\b"
    r"|\.?/[\w./{}-]+|\b\w+\.(?:csv|xlsx|json|conf|py|html)\b"
)
_HAN = "㐀-鿿豈-﫿"
_FULL = "。，；：！？、（）“”‘’《》【】…—"
_HALF = re.compile(
    rf"(?:[{_HAN}{_FULL}\x00]\s*[,;:!?()\"])|(?:[,;:!?()\"]\s*[{_HAN}])|(?:[{_HAN}]\.(?:\s|$|[{_HAN}]))|(?:[{_HAN}]\s*\.\.\.)"
)
_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*[A-Za-z]")
_HAS_HAN = re.compile(f"[{_HAN}]")


def complaints(key: Key, chinese: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with the translation of `key`, in words for its author."""
    if not all(text.strip() for text in chinese) or not chinese:
        yield "has no Chinese"
        return
    if _HAS_HAN.search(key.singular) or _HAS_HAN.search(key.plural):
        yield "is Chinese itself; messages are written in English"
    for text in chinese:
        yield from _of_text(key, text)


def _of_text(key: Key, text: str) -> Iterator[str]:
    source = key.plural or key.singular
    if _places(source) != _places(text):
        yield f"has other placeholders: {_shown(_places(source))} against {_shown(_places(text))}"
    if Counter(_TAG.findall(source)) != Counter(_TAG.findall(text)):
        yield "has other HTML tags"
    for edge, name in ((0, "begins"), (-1, "ends")):
        # Full-width punctuation brings its own space.
        if source[edge].isspace() != text[edge].isspace() and text[edge] not in "，。、；：（）":
            yield f"{name} with white space on one side only"
    plain = _ENTITY.sub("", _TAG.sub("", _QUOTED.sub("", text)))
    half = _HALF.search(_PLACE.sub("\0", plain)) if _HAS_HAN.search(plain) else None
    if half:
        yield f"has half-width punctuation beside Chinese: …{half[0].replace(chr(0), '%s')}…"
    left = [word for word in _WORD.findall(_PLACE.sub(" ", plain)) if word not in NAMES]
    if left:
        yield f"leaves English in the Chinese: {' '.join(left)}"


def _places(text: str) -> Counter[str]:
    return Counter(found[0] for found in _PLACE.finditer(text.replace("%%", "")))


def _shown(places: Counter[str]) -> str:
    return " ".join(sorted(places)) or "none"
