"""The command, without Django's set-up: `python -m guanxi.project.messages --compile`."""

import argparse
import sys
from pathlib import Path

from guanxi.project.messages.catalogue import (
    PACKAGE,
    add_missing,
    compile_all,
    drop,
    missing,
    read_parts,
    unused,
)
from guanxi.project.messages.check import faults


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--check", action="store_true", help="name everything that is wrong; fail if anything is"
    )
    parser.add_argument("--update", action="store_true", help="add empty entries for what is not translated")
    parser.add_argument("--prune", action="store_true", help="take out what is said nowhere any more")
    parser.add_argument(
        "--compile", action="store_true", help="write the compiled catalogues that are out of date"
    )


def run(options: argparse.Namespace, package: Path = PACKAGE) -> int:
    """Do what the options say, in this order; returns the exit code."""
    if options.update:
        parts = read_parts(package)
        lacking = missing(parts)
        for part in parts:
            add_missing(part, lacking[part.name])
            if lacking[part.name]:
                _say(f"{part.file.relative_to(package)}: {len(lacking[part.name])} added")
    if options.prune:
        for part in read_parts(package):
            if keys := unused(part) or part.obsolete:
                drop(part, unused(part))
                _say(f"{part.file.relative_to(package)}: {len(keys)} taken out")
    if options.compile:
        for path in compile_all(package):
            _say(f"{path.relative_to(package)} written")
    if options.check or not (options.update or options.prune or options.compile):
        found = faults(package)
        _say("\n".join(found) if found else "The Chinese is complete.")
        return 1 if found else 0
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="messages", description="Translations: check, complete, compile.")
    add_arguments(parser)
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
