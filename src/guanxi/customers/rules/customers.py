"""Pure decisions about one customer."""

# Chinese in code: what people part several names by

import re
from collections.abc import Sequence

_PARTED = re.compile(r"[;；、,，/|\n]+(?!\s*(?:ltd|inc|llc|limited|co\b|corp|gmbh))", re.IGNORECASE)


def former_names(text: str) -> list[str]:
    """The former names that a text holds, the latest first; at least one, which may be ""."""
    return [name.strip() for name in _PARTED.split(text) if name.strip()] or [""]


def joined_names(names: Sequence[str]) -> str:
    """Several names in one field, parted as their script parts them; `former_names` takes them apart again."""
    chinese = any("\u4e00" <= char <= "\u9fff" for name in names for char in name)
    return ("；" if chinese else "; ").join(names)
