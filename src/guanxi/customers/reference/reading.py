"""In which region a written address lies."""

import re

from guanxi.customers.reference import regions

__all__ = ["region_of"]

_POST_CODE = re.compile(r"(?<![^\s,])[A-Z]{0,2}\d{4,6}(?:-\d{3,4})?(?![^\s,])")


def region_of(address: str) -> str:
    """The code of the smallest region of the table that an address surely lies in; "" where none can be told."""
    text = _POST_CODE.sub(" ", address)
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    # Of English from the small to the large the first parts are streets, which the table does not know.
    for first in range(max(len(pieces) - 4, 0), len(pieces)):
        found = regions.find(", ".join(pieces[first:]))
        if len(found) == 1:
            return found[0].code
    found = regions.find(text.replace(" ", "").replace(",", "")) if pieces else []
    return found[0].code if len(found) == 1 else ""
