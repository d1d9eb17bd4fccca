"""The bench's own databases, in the cluster of the data folder or on the server of DATABASE_URL.

They are kept, so that the next run with the same parameters measures at once. What one holds stands in its
comment, written last: a database whose building was cut short is made anew.
"""

import contextlib
import json
import os
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from guanxi.project.runtime.connection import ConnParams, Databases
from guanxi.project.runtime.home import Home, StartError
from guanxi.project.runtime.roles import parse_url, prepare_embedded, prepare_server
from guanxi.project.runtime.secret_store import SecretStore
from guanxi.project.runtime.session import cluster_of


def begun(holds: dict[str, Any]) -> dict[str, Any]:
    """What a database says of itself whose building goes on from where it is."""
    return {"begun": holds}


def above_all(home: Home) -> ConnParams:
    """Whoever makes databases: the superuser of the data folder's cluster, or the account of DATABASE_URL. Raises
    `StartError`."""
    if url := os.environ.get("DATABASE_URL"):
        return parse_url(url)
    cluster = cluster_of(home)
    if cluster.postmaster() is None:
        raise StartError("The bench needs its data folder's own PostgreSQL, or DATABASE_URL.")
    return cluster.connection(SecretStore(home.secrets).get("postgres"))


def open_database(home: Home, name: str, holds: dict[str, Any]) -> tuple[Databases, bool]:
    """Make the database `name` unless it is there with these contents, or with a beginning of them; returns also
    whether it was there whole; what it holds beside is left to it.

    From here on every Django connection of this process leads to it. Raises `StartError`.
    """
    url, secrets, above = os.environ.get("DATABASE_URL"), SecretStore(home.secrets), above_all(home)
    there = _holds(above, name)
    found = _among(holds, there)
    if not found and there != begun(holds):
        _make(above, name)
    if url:
        databases = prepare_server(psycopg.conninfo.make_conninfo(url, dbname=name), secrets)
    else:
        databases = prepare_embedded(above, secrets, name=name)
    _lead_to(databases)
    call_command("migrate", database="owner", verbosity=0)
    return databases, found


def holds(owner: ConnParams, wanted: dict[str, Any]) -> bool:
    """Whether the database says that it holds this, whatever it holds beside."""
    return _among(wanted, _holds(owner, owner.name))


def _among(wanted: dict[str, Any], there: dict[str, Any] | None) -> bool:
    return there is not None and wanted.items() <= there.items()


def keep(owner: ConnParams, holds: dict[str, Any]) -> None:
    """Write down what the database holds: it is complete."""
    with owner.connect() as connection:
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(owner.name), sql.Literal(json.dumps(holds, sort_keys=True))
            )
        )


def settle(owner: ConnParams) -> None:
    """Statistics, visibility and hint bits as they are on a database that has run for a while."""
    with owner.connect() as connection:
        connection.execute("VACUUM (ANALYZE)")
        with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute("CHECKPOINT")


def size(owner: ConnParams) -> int:
    """Bytes of the whole database."""
    with owner.connect() as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0


def _holds(above: ConnParams, name: str) -> dict[str, Any] | None:
    with above.connect() as connection:
        row = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
    try:
        return json.loads(row[0]) if row and row[0] else None
    except ValueError:
        return None


def _make(above: ConnParams, name: str) -> None:
    """Drop what is there; on somebody's own server also make it anew, which `prepare_embedded` does on ours."""
    with above.connect() as connection:
        try:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
            if os.environ.get("DATABASE_URL"):
                connection.execute(
                    sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                        sql.Identifier(name)
                    )
                )
        except psycopg.errors.InsufficientPrivilege as error:
            raise StartError(
                f"The account '{above.user}' of DATABASE_URL may not make the database {name}.\n"
                "A database administrator runs this once; then start again:\n\n"
                f'    ALTER ROLE "{above.user}" CREATEDB;'
            ) from error


def _lead_to(databases: Databases) -> None:
    os.environ.update(databases.environment())
    for alias in connections:
        role = databases.owner if alias == "owner" else databases.app
        connections[alias].close()
        for held in (connections.settings[alias], connections[alias].settings_dict):
            held.update(NAME=role.name, USER=role.user, PASSWORD=role.password)
