"""`./run check`: everything that can be said about the code without running its tests."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .licences import faults as licence_faults
from .testing import databases_for_tests

_CHECKOUT = Path(__file__).resolve().parents[4]
_MODULE = [sys.executable, "-P", "-m"]

Step = Callable[[dict[str, str]], tuple[int, str]]


def _command(*words: str) -> Step:
    def run(environment: dict[str, str]) -> tuple[int, str]:
        done = subprocess.run(
            words,
            cwd=_CHECKOUT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        return done.returncode, done.stdout

    return run


def _tool(name: str, *words: str) -> Step:
    return _command(str(Path(sys.executable).parent / name), *words)


def _licences(_environment: dict[str, str]) -> tuple[int, str]:
    found = licence_faults(_CHECKOUT)
    return (1 if found else 0), "\n".join(found)


_STEPS: dict[str, Step] = {
    "types": _command(*_MODULE, "mypy"),
    "lint": _tool("ruff", "check"),
    "format": _tool("ruff", "format", "--check"),
    "imports": _tool("lint-imports"),
    "templates": _tool("djlint", "--lint", "--quiet", "src"),
    "migrations": _command(*_MODULE, "guanxi", "makemigrations", "--check", "--dry-run"),
    "translations": _command(*_MODULE, "guanxi.project.messages", "--check"),
    "licences": _licences,
    "packages": _command(*_MODULE, "pip", "check", "--disable-pip-version-check"),
}


def main(names: list[str]) -> int:
    """Run the named steps, or all; returns how many failed. All run even if one fails."""
    unknown = [name for name in names if name not in _STEPS]
    if unknown:
        print(f"There is no step {', '.join(unknown)}. There are: {', '.join(_STEPS)}.", file=sys.stderr)
        return 2
    chosen = names or list(_STEPS)
    with databases_for_tests() as database, ThreadPoolExecutor(max_workers=2) as pool:
        environment = {**os.environ, **database}
        for number in ("FORCE_COLOR", "CLICOLOR_FORCE"):
            environment.pop(number, None)

        def timed(name: str) -> tuple[str, int, str, float]:
            begun = time.monotonic()
            code, output = _STEPS[name](environment)
            return name, code, output, time.monotonic() - begun

        failed = []
        for name, code, output, seconds in pool.map(timed, chosen):
            print(f"{'ok    ' if code == 0 else 'FAILED'} {name:<13}{seconds:6.1f} s", flush=True)
            if code:
                failed.append(name)
                print(output.strip() + "\n", flush=True)
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
