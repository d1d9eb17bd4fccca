"""The secrets of one installation: random, made once, kept in one file that only its owner reads."""

import json
import os
import secrets
from pathlib import Path

from .home import StartError

_BYTES = 32  # 256 bits from the system's generator, as NIST SP 800-63B asks of a secret nobody types


class SecretStore:
    """Named secrets in one JSON file (mode 0600), written whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._values: dict[str, str] = {}
        if path.exists():
            try:
                self._values = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError) as error:
                raise StartError(
                    f"The file of secrets {path} cannot be read ({error}).\n"
                    "Put it back from a backup, or move it away: new database passwords are made then."
                ) from error

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def get(self, name: str) -> str:
        """The secret of that name, made at the first call."""
        if name not in self._values:
            self._values[name] = secrets.token_urlsafe(_BYTES)
            self._write()
        return self._values[name]

    def _write(self) -> None:
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(self._values, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)
