"""Installations for tests: an own database in the test cluster and a data folder, driven by processes."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql

from guanxi.project.runtime.secret_store import SecretStore

SRC = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Installation:
    """`env` is what its processes get; `folder` its GUANXI_HOME."""

    folder: Path
    env: dict[str, str]

    def run(
        self, *command: str, settings: str = "guanxi.project.settings", **more: str
    ) -> "subprocess.CompletedProcess[str]":
        environment = {
            **os.environ,
            **self.env,
            "DJANGO_SETTINGS_MODULE": settings,
            "PYTHONPATH": str(SRC),
            **more,
        }
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-m", *command],
            env=environment, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    def manage(self, *command: str, version: str = "after", **more: str) -> str:
        """A command that must succeed; returns what it said."""
        done = self.run("django", *command, settings=f"guanxi.project.tests.settings_{version}", **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refuses(self, *command: str, version: str = "after", **more: str) -> str:
        """A command that must fail in words; returns them."""
        done = self.run("django", *command, settings=f"guanxi.project.tests.settings_{version}", **more)
        assert done.returncode != 0, done.stdout
        assert "Traceback" not in done.stderr, done.stderr
        return done.stderr

    def play(self, act: str, version: str = "after", **arguments: Any) -> dict[str, Any]:
        """An act of `scene`."""
        done = self.run(
            "guanxi.project.tests.scene", act, json.dumps(arguments),
            settings=f"guanxi.project.tests.settings_{version}",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        result: dict[str, Any] = json.loads(done.stdout)
        return result

    def connect(self, role: str = "OWNER") -> "psycopg.Connection[tuple[Any, ...]]":
        """As "OWNER" or "APP" into its database."""
        return _connect(self.env["GUANXI_DB_NAME"], self.env, role)

    def drop(self) -> None:
        with _superuser() or _connect(os.environ["GUANXI_DB_NAME"], dict(os.environ)) as connection:
            name = sql.Identifier(self.env["GUANXI_DB_NAME"])
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


def make_installation(folder: Path, *, roles: tuple[str, str] | None = None) -> Installation | None:
    """An empty database in the cluster of this run; `roles` names another owner and application.

    None where roles are asked for and nobody here may make them.
    """
    word = f"test_{uuid4().hex[:10]}"
    env = {
        "GUANXI_HOME": str(folder),
        "GUANXI_DB_NAME": word,
        **{
            name: os.environ[name]
            for name in os.environ
            if name.startswith("GUANXI_DB_") and name != "GUANXI_DB_NAME"
        },
    }
    with _connect(os.environ["GUANXI_DB_NAME"], dict(os.environ)) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(word)))
    made = Installation(folder, env)
    if roles is None:
        return made
    superuser = _superuser()
    if superuser is None:
        made.drop()
        return None
    with superuser as connection:
        for role in roles:
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {0}").format(sql.Identifier(role)))
            connection.execute(
                sql.SQL("CREATE ROLE {0} LOGIN PASSWORD 'geheim'").format(sql.Identifier(role))
            )
        connection.execute(
            sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(word), sql.Identifier(roles[0]))
        )
    env |= {
        "GUANXI_DB_OWNER": roles[0], "GUANXI_DB_OWNER_PASSWORD": "geheim",
        "GUANXI_DB_APP": roles[1], "GUANXI_DB_APP_PASSWORD": "geheim",
    }  # fmt: skip
    return made


def drop_roles(*roles: str) -> None:
    superuser = _superuser()
    if superuser is not None:
        with superuser as connection:
            for role in roles:
                connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def _superuser() -> "psycopg.Connection[tuple[Any, ...]] | None":
    """The embedded cluster's superuser, or a server's account that may make roles."""
    secrets = SecretStore(Path(os.environ["GUANXI_HOME"]) / "secrets")
    password = secrets.get("postgres") if "postgres" in secrets else "x"
    try:
        connection = psycopg.connect(
            dbname="postgres", host=os.environ["GUANXI_DB_HOST"], port=os.environ["GUANXI_DB_PORT"],
            user="postgres", password=password, autocommit=True,
        )  # fmt: skip
    except psycopg.OperationalError:
        connection = _connect("postgres", dict(os.environ))
    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if row and row[0]:
        return connection
    connection.close()
    return None


def _connect(name: str, env: dict[str, str], role: str = "OWNER") -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(
        dbname=name, host=env["GUANXI_DB_HOST"], port=env["GUANXI_DB_PORT"],
        user=env[f"GUANXI_DB_{role}"], password=env[f"GUANXI_DB_{role}_PASSWORD"], autocommit=True,
    )  # fmt: skip
