"""Reads the word lists beside this module: sections in square brackets, `#` begins a remark."""

from importlib.resources import files


def text(name: str) -> str:
    """The file `data/<name>` as it is."""
    return files("guanxi.demo").joinpath("data", name).read_text(encoding="utf-8")


def sections(name: str) -> dict[str, list[str]]:
    """The lines of `data/<name>.txt` under each heading, empty ones and remarks left out."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for raw in text(f"{name}.txt").splitlines():
        line = raw.strip()
        if line.startswith("["):
            lines = found.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            lines.append(line)
    return found


def read(name: str) -> dict[str, list[str]]:
    """Like `sections`, with every line split into its words."""
    return {heading: " ".join(lines).split() for heading, lines in sections(name).items()}
