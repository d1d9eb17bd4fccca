"""The catalogues on disk: one per top-level package, Chinese. Read, completed, compiled."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from guanxi.project.messages.exceptions import LIBRARY_MARK
from guanxi.project.messages.extract import Key, Place, messages_in

PACKAGE = Path(__file__).resolve().parent.parent.parent
# From the lowest floor up. A message that a lower package already says need not be repeated above.
PARTS = (
    "foundation", "kinds", "resource", "screens", "integrations", "tailoring", "collaboration", "channels",
    "customers", "activities", "catalog", "marketing", "sales",
    "team", "offline", "reports", "privacy", "demo", "project", "testing/fleet",
)  # fmt: skip
_FILE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
_SKIPPED = {"tests", "migrations", "node_modules", "locale", "static", "assets"}
_HEADER = """\
# Guanxi in Chinese: the package `{part}`.
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""


@dataclass
class Part:
    """A top-level package: what it says, and its catalogue."""

    name: str
    root: Path
    used: dict[Key, list[Place]] = field(default_factory=lambda: defaultdict(list))
    chinese: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    fuzzy: set[Key] = field(default_factory=set)
    library: set[Key] = field(default_factory=set)
    obsolete: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    broken: str = ""

    @property
    def file(self) -> Path:
        return self.root / _FILE


def source_files(root: Path) -> list[Path]:
    """Python files and templates of a package, without tests, migrations and what is generated."""
    return sorted(
        path
        for path in root.rglob("*")
        if path.suffix in {".py", ".html", ".txt"}
        and not _SKIPPED & set(path.relative_to(root).parts)
        and (path.suffix == ".py" or "templates" in path.relative_to(root).parts)
    )


def read_parts(package: Path = PACKAGE) -> list[Part]:
    """Every part that exists, with its messages and its catalogue, from the lowest floor up."""
    return [read_part(name, package / name) for name in PARTS if (package / name).is_dir()]


def read_part(name: str, root: Path) -> Part:
    part = Part(name, root)
    for path in source_files(root):
        for key, place in messages_in(path):
            part.used[key].append(place)
    if part.file.exists():
        _read_catalogue(part)
    return part


def _read_catalogue(part: Part) -> None:
    try:
        catalogue = _load(part.file)
    except (PoFileError, ValueError) as error:
        part.broken = str(error)
        return
    for message in catalogue:
        if not message.id:
            continue
        ids = (message.id, "") if isinstance(message.id, str) else tuple(message.id)
        key = Key(ids[0], ids[1], message.context or "")
        said = message.string or ""
        part.chinese[key] = (said,) if isinstance(said, str) else tuple(said)
        if message.fuzzy:
            part.fuzzy.add(key)
        if any(LIBRARY_MARK in comment for comment in message.user_comments):
            part.library.add(key)
    part.obsolete = [str(key) for key in catalogue.obsolete]
    part.twice = _repeated(part.file.read_text(encoding="utf-8"))


def _load(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)


_ENTRY = re.compile(r'^(?:msgctxt ((?:"[^\n]*"\n)+))?msgid ((?:"[^\n]*"\n)+)', re.MULTILINE)


def _repeated(text: str) -> list[str]:
    """Messages that stand twice: the reader would silently take the last."""
    seen: set[str] = set()
    found = []
    for entry in _ENTRY.finditer(text):
        said = "".join(
            line.strip()[1:-1] for line in f"{entry[1] or ''}\x00{entry[2]}".split("\n") if line.strip()
        )
        if said in seen:
            found.append(entry[2].strip())
        seen.add(said)
    return found


def missing(parts: list[Part]) -> dict[str, list[Key]]:
    """By part: messages that neither its own catalogue nor one beneath translates."""
    below: set[Key] = set()
    found = {}
    for part in parts:
        found[part.name] = [key for key in part.used if key not in part.chinese and key not in below]
        below |= part.chinese.keys() & part.used.keys()
    return found


def unused(part: Part) -> list[Key]:
    """Translations of messages that the part no longer says, save those of libraries in our words."""
    return [key for key in part.chinese if key not in part.used and key not in part.library]


def add_missing(part: Part, keys: list[Key]) -> None:
    """Append empty entries; what stands in the file stays as its authors wrote it."""
    if not keys:
        return
    part.file.parent.mkdir(parents=True, exist_ok=True)
    text = part.file.read_text(encoding="utf-8") if part.file.exists() else _HEADER.format(part=part.name)
    for key in keys:
        places = sorted({place.path.relative_to(part.root).as_posix() for place in part.used[key]})
        text = f"{text.rstrip()}\n\n#: {' '.join(places)}\n"
        if key.context:
            text += f"msgctxt {_quoted(key.context)}\n"
        text += f"msgid {_quoted(key.singular)}\n"
        text += f'msgid_plural {_quoted(key.plural)}\nmsgstr[0] ""\n' if key.plural else 'msgstr ""\n'
    part.file.write_text(text, encoding="utf-8")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\r", "\\r")
    lines = (
        [line.replace("\n", "\\n") for line in escaped.splitlines(keepends=True)]
        if "\n" in escaped
        else [escaped]
    )
    return (
        " ".join(f'"{line}"' for line in lines)
        if len(lines) == 1
        else '""\n' + "\n".join(f'"{x}"' for x in lines)
    )


def drop(part: Part, keys: list[Key]) -> None:
    """Take entries out of the catalogue, and what was marked as obsolete; the rest stays as it is."""
    gone = set(keys)
    blocks = part.file.read_text(encoding="utf-8").split("\n\n")
    kept = [block for block in blocks if not _block_is(block, gone)]
    part.file.write_text("\n\n".join(kept).rstrip() + "\n", encoding="utf-8")


def _block_is(block: str, gone: set[Key]) -> bool:
    lines = [line for line in block.splitlines() if line.strip()]
    if lines and all(line.startswith("#") for line in lines):
        return any(line.startswith("#~") for line in lines)
    from io import BytesIO

    for message in read_po(BytesIO(block.encode()), locale="zh_Hans"):
        if message.id:
            ids = (message.id, "") if isinstance(message.id, str) else tuple(message.id)
            return Key(ids[0], ids[1], message.context or "") in gone
    return False


def compile_all(package: Path = PACKAGE) -> list[Path]:
    """Write the compiled form of every catalogue that changed since; returns those written.

    Raises PoFileError or ValueError where a catalogue cannot be read.
    """
    written = []
    for source in sorted(package.glob("**/" + _FILE.as_posix())):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        beside = target.with_suffix(".mo.new")
        with beside.open("wb") as file:
            write_mo(file, _load(source))
        beside.replace(target)
        written.append(target)
    return written
