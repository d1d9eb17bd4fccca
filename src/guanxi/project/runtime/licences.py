"""The licences of everything that `requirements*.lock` and `package-lock.json` bring in.

Apache-2.0 lets us use what asks for no more than naming it, or for changes to its own files (MPL) or its own
library (LGPL). GPL and AGPL do not enter the product.
"""

import json
import re
from importlib import metadata
from pathlib import Path

_ALLOWED = re.compile(
    r"MIT(-0)?|BSD|0BSD|Apache|ISC|PSF|Python Software Foundation|CNRI-Python|MPL|Mozilla Public|"
    r"LGPL|GNU Lesser|Unlicense|CC0|Zlib|PostgreSQL|BlueOak",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"(?<![L])A?GPL|Affero|GNU General|Proprietary|Commercial", re.IGNORECASE)

# Each with its reason.
_EXCEPTIONS = {
    "djlint": "GPL-3.0-or-later: a tool run as a separate program by `./run check`, no part of the product",
    "axe-playwright-python": "MIT by its LICENSE file; its metadata name none",
    "qrcode": "BSD by its LICENSE file; the second classifier is for the word QR Code, a trademark",
}


def faults(checkout: Path) -> list[str]:
    """What is brought in under a licence that nobody has allowed."""
    found = []
    for distribution in metadata.distributions():
        name = distribution.metadata["Name"]
        if name.lower() in _EXCEPTIONS or name.lower() in {"pip", "setuptools", "guanxi"}:
            continue
        licence = _licence(distribution)
        if not _fine(licence):
            found.append(f"{name} {distribution.version}: {licence or 'names no licence'}")
    packages = json.loads((checkout / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for place, package in packages.items():
        if place and not _fine(package.get("license", "")):
            found.append(f"{place}: {package.get('license') or 'names no licence'}")
    return sorted(found)


def _fine(licence: str) -> bool:
    """Whether one may choose an allowed licence: every part joined by AND, any part joined by OR."""
    for choice in re.split(r"\bOR\b", licence):
        parts = [part.strip(" ()") for part in re.split(r"\bAND\b|;", choice)]
        if all(part and _ALLOWED.search(part) and not _REFUSED.search(part) for part in parts):
            return True
    return False


def _licence(distribution: metadata.Distribution) -> str:
    told = distribution.metadata
    if "License-Expression" in told:
        return str(told["License-Expression"])
    classifiers = [
        line.split("::")[-1].strip()
        for line in told.get_all("Classifier") or []
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    if classifiers:
        return "; ".join(classifiers)
    # A few put the licence's whole text there; its first line names it.
    return str(told["License"] or "").strip().split("\n")[0][:80]
