"""Django's key, which signs sessions and encrypts what is stored encrypted; in a backup when asked for."""

import json
import os
from pathlib import Path

from django.conf import settings


def export() -> bytes:
    """The key alone. Passwords of database roles belong to the machine and are never in a backup."""
    return json.dumps({"secret_key": settings.SECRET_KEY}).encode()


def put_back(data: bytes) -> None:
    """Make the key of a backup this installation's; it holds from the next start on."""
    path = Path(settings.HOME) / "secrets"
    values = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    values["secret_key"] = json.loads(data)["secret_key"]
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(values, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
