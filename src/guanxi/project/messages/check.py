"""Everything that is wrong with the translations, as one line each."""

from collections.abc import Iterator
from pathlib import Path

from guanxi.project.messages.catalogue import PACKAGE, Part, missing, read_parts, source_files, unused
from guanxi.project.messages.exceptions import CHINESE_ALLOWED, CHINESE_MARK, SELF_NAMED
from guanxi.project.messages.extract import Key, chinese_in
from guanxi.project.messages.rules import complaints


def faults(package: Path = PACKAGE) -> list[str]:
    """One line per fault, with file and message. An empty list is a complete and sound Chinese."""
    parts = read_parts(package)
    lacking = missing(parts)
    found = []
    for part in parts:
        found += [
            f"{_where(part, key, package)}: {str(key)!r} is not translated" for key in lacking[part.name]
        ]
        found += _of_catalogue(part, package)
    found += _differing(parts)
    found += list(_chinese_in_code(package))
    return found


def _where(part: Part, key: Key, package: Path) -> str:
    places = part.used.get(key)
    if not places:
        return part.file.relative_to(package).as_posix()
    return f"{places[0].path.relative_to(package).as_posix()}:{places[0].line}"


def _of_catalogue(part: Part, package: Path) -> Iterator[str]:
    name = part.file.relative_to(package).as_posix()
    if part.broken:
        yield f"{name} cannot be read: {part.broken}"
    for key in unused(part):
        yield f"{name}: {str(key)!r} is said nowhere any more (messages --prune takes it out)"
    for text in part.obsolete:
        yield f"{name}: {text!r} is marked obsolete (messages --prune takes it out)"
    for text in part.twice:
        yield f"{name}: {text} stands there twice"
    for key in part.fuzzy:
        yield f"{name}: {str(key)!r} is marked fuzzy"
    for key, chinese in part.chinese.items():
        if key.singular not in SELF_NAMED:
            yield from (f"{name}: {str(key)!r} {complaint}" for complaint in complaints(key, chinese))


def _differing(parts: list[Part]) -> Iterator[str]:
    """Django joins the catalogues into one, so that of two translations only one would ever be seen."""
    first: dict[Key, tuple[Part, tuple[str, ...]]] = {}
    for part in parts:
        for key, chinese in part.chinese.items():
            other, said = first.setdefault(key, (part, chinese))
            if said != chinese and all(said) and all(chinese):
                yield (
                    f"{str(key)!r} is {said[0]!r} in {other.name} and {chinese[0]!r} in {part.name}: "
                    "only one is shown; give one of them a context (pgettext)"
                )


def _chinese_in_code(package: Path) -> Iterator[str]:
    for path in source_files(package):
        name = path.relative_to(package).as_posix()
        if any(name == allowed or name.startswith(f"{allowed}/") for allowed in CHINESE_ALLOWED):
            continue
        places = list(chinese_in(path))
        if places and CHINESE_MARK in path.read_text(encoding="utf-8"):
            continue
        for place in places:
            yield f"{name}:{place.line}: Chinese outside the catalogues"
