"""Pure decisions about one customer."""

# Chinese in code: what people part several names by

import re

_PARTED = re.compile(r"[;；、,，/|\n]+(?!\s*(?:ltd|inc|llc|limited|co\b|corp|gmbh))", re.IGNORECASE)


def former_names(text: str) -> list[str]:
    """The former names that a text holds, the latest first; at least one, which may be ""."""
    return [name.strip() for name in _PARTED.split(text) if name.strip()] or [""]
