"""Pure decisions about own fields; no Django."""

# Chinese in code: the signs that part several choices

import re
import unicodedata
from collections.abc import Collection

from guanxi.kernel.pinyin import readings

PREFIX = "x_"
LONGEST_NAME = 40
MOST_FIELDS = 200  # of one resource
MOST_OPTIONS = 200  # of one field
FILL_AT_ONCE = 2_000  # records whose values are brought into an index while somebody waits
SEPARATORS = frozenset(",，、;；")


def name_for(label_zh: str, label_en: str, taken: Collection[str]) -> str:
    """The name that a field bears in the API for good: from the English label, else the sound of the Chinese one."""
    return _numbered(PREFIX + (slug(label_en) or slug(label_zh) or "field"), taken, LONGEST_NAME)


def name_of(text: str) -> str:
    """The name in the API that somebody chose, with our prefix: "Contract no" → x_contract_no; "" for nothing.

    Raises ValueError for what holds no letter or digit, or too many.
    """
    if not text.strip():
        return ""
    name = PREFIX + slug(text).removeprefix(PREFIX)
    if name == PREFIX or len(name) > LONGEST_NAME:
        raise ValueError(text)
    return name


def code_for(label_zh: str, label_en: str, taken: Collection[str]) -> str:
    """The code that records keep for a choice."""
    return _numbered(slug(label_en) or slug(label_zh) or "option", taken, LONGEST_NAME)


def slug(text: str) -> str:
    """Small Latin letters, digits and single underscores: "Customer level" → customer_level, 客户级别 → kehujibie."""
    plain = unicodedata.normalize("NFKC", text)
    if not plain.isascii():
        sounds = readings(plain, limit=1).full
        plain = sounds[0] if sounds else ""
    return re.sub(r"[^a-z0-9]+", "_", plain.casefold()).strip("_")


def _numbered(name: str, taken: Collection[str], most: int) -> str:
    name = name[:most].rstrip("_")
    if name not in taken:
        return name
    at = 2
    while (numbered := f"{name[: most - 4].rstrip('_')}_{at}") in taken:
        at += 1
    return numbered
