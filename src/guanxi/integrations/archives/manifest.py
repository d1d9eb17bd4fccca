"""What an archive says of itself: the last file of the ZIP, with the sums of all others."""

import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any

MANIFEST = "manifest.json"
FORMAT, EDITION = "guanxi-company-archive", 1
_NAME = re.compile(r"[\w.-]+(?:/[^/\\\x00-\x1f:]+)*")


@dataclass(frozen=True, slots=True)
class Member:
    """A file of the archive: bytes as unpacked, their SHA-256, and of a table how many rows."""

    name: str
    size: int
    sha256: str
    rows: int | None = None


@dataclass(slots=True)
class Manifest:
    """`company` are the company's own details, `ledger_schema` the changes of shape that images of the history refer
    to, `missing` attachments whose bytes were not there when it was made."""

    product: str
    shape: str
    made_at: str
    made_by: str
    company: dict[str, Any]
    ledger_schema: list[list[Any]] = field(default_factory=list)
    files: list[Member] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def as_bytes(self) -> bytes:
        """As it stands in the ZIP."""
        told = {"format": FORMAT, "edition": EDITION, **asdict(self)}
        return json.dumps(told, ensure_ascii=False, indent=1).encode()


def read_manifest(raw: bytes) -> Manifest:
    """Raises ValueError for what is none of ours, or of an edition we do not know."""
    try:
        told = json.loads(raw)
        known = told.pop("format") == FORMAT and told.pop("edition") == EDITION
        found = Manifest(**told)
        found.files = [Member(**one) for one in told["files"]]
        texts = [found.company[name] for name in ("id", "name", "language", "time_zone")]
        texts += [text for one in found.files for text in (one.name, one.sha256)]
        sound = all(isinstance(text, str) for text in texts) and all(
            isinstance(one.size, int) for one in found.files
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError("manifest") from error
    if not (known and sound):
        raise ValueError("manifest")
    return found


def is_plain(name: str) -> bool:
    """Whether a name of a file stays where it is unpacked."""
    return bool(_NAME.fullmatch(name)) and not any(part in ("", ".", "..") for part in name.split("/"))
