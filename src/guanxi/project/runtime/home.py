"""The data folder: where everything that Guanxi keeps on this machine lies."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path


class StartError(Exception):
    """Guanxi cannot start. The message says why and what to do, for the person at the terminal."""


@dataclass(frozen=True)
class Home:
    """`GUANXI_HOME` and the places in it. Paths are absolute; nothing is made before `prepare`."""

    root: Path

    @property
    def postgres(self) -> Path:
        """The embedded PostgreSQL's data folder."""
        return self.root / "postgres"

    @property
    def run(self) -> Path:
        """Locks and process numbers; worthless when nothing runs."""
        return self.root / "run"

    @property
    def socket(self) -> Path:
        """Folder of the embedded PostgreSQL's socket, where the path is short enough for one."""
        return self.root / "socket"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def secrets(self) -> Path:
        """Passwords of the database roles and Django's key, readable by the owner alone."""
        return self.root / "secrets"

    def prepare(self) -> None:
        """Make the folders that we write ourselves, closed to others.

        Raises `StartError` where the folder cannot be made or written.
        """
        try:
            for folder in (self.root, self.run, self.logs):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            mode = stat.S_IMODE(self.root.stat().st_mode)
            if mode & 0o007 and self.root.stat().st_uid == os.geteuid():
                # An existing folder may be open to the world; its customers should not be.
                self.root.chmod(mode & ~0o007)
        except OSError as error:
            raise StartError(
                f"The data folder {self.root} cannot be used ({error.strerror}).\n"
                "Name another one with GUANXI_HOME=/some/folder."
            ) from error
        if not os.access(self.run, os.W_OK | os.X_OK):
            raise StartError(
                f"The data folder {self.root} belongs to somebody else.\n"
                "Start Guanxi as that user, or name another folder with GUANXI_HOME=/some/folder."
            )


def home_from_environment() -> Home:
    """`GUANXI_HOME`, else the place the XDG base directory specification names for data."""
    named = os.environ.get("GUANXI_HOME")
    if named:
        return Home(Path(named).expanduser().absolute())
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Home(Path(data).expanduser().absolute() / "guanxi")
