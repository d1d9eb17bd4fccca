"""Which files are taken, under which name, and how they may be shown."""

import mimetypes
import re
import unicodedata

# What a double click would run, or a browser would execute in our origin.
_RUNS = """
    ade adp apk app bat chm cmd com cpl dll dmg exe hta htm html ins isp jar js jse lnk mde mjs msc msi msp mst
    pif ps1 reg scr sct sh svg swf sys vb vbe vbs vxd wsc wsf wsh xhtml xml xsl
"""
REFUSED = frozenset(_RUNS.split())
INLINE = frozenset(("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"))
_BAD = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]')
_LONGEST = 180


def safe_name(name: str) -> str:
    """A file name without path, control characters and direction marks; never empty, at most 180 characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    clean = _BAD.sub("", last).strip(" .") or "file"
    if len(clean) <= _LONGEST:
        return clean
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending) > 10:
        return clean[:_LONGEST]
    return f"{stem[: _LONGEST - len(ending) - 1]}.{ending}"


def is_refused(name: str) -> bool:
    """Whether any ending of the name is one that runs: contract.pdf.exe is."""
    return any(part.casefold() in REFUSED for part in name.split(".")[1:])


def media_type_of(name: str) -> str:
    """The type by its ending; plain bytes for unknown ones, and for what a browser would run under its own."""
    found = mimetypes.guess_type(name, strict=False)[0] or ""
    runs = "html" in found or "xml" in found.partition("+")[2] or found.endswith(("/xml", "javascript"))
    return found if found and not runs else "application/octet-stream"


def may_inline(media_type: str) -> bool:
    """Whether a browser may show it in its window; everything else is downloaded."""
    return media_type in INLINE
