"""Who connects to which database, and how child processes learn it."""

from dataclasses import dataclass, field
from typing import Any

import psycopg


@dataclass(frozen=True)
class ConnParams:
    """One role's way into one database. `host` is a name, an address, or the folder of a Unix socket."""

    name: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    # libpq parameters beyond these five (sslmode, sslrootcert ...), from the query of DATABASE_URL.
    options: tuple[tuple[str, str], ...] = ()

    def connect(self, *, dbname: str | None = None, timeout: int = 10) -> psycopg.Connection[tuple[Any, ...]]:
        """An autocommit connection; raises `psycopg.OperationalError` where there is none."""
        parameters: dict[str, Any] = {"connect_timeout": timeout, "application_name": "guanxi start"}
        return psycopg.connect(
            dbname=dbname or self.name,
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            autocommit=True,
            **{**parameters, **dict(self.options)},
        )


# libpq reads these by itself, in us and in our children, so that no setting has to carry them.
_LIBPQ_ENVIRONMENT = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslnegotiation": "PGSSLNEGOTIATION",
    "channel_binding": "PGCHANNELBINDING",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "gssencmode": "PGGSSENCMODE",
}


@dataclass(frozen=True)
class Databases:
    """The two ways into the one database: as its owner, and as the application, which owns nothing."""

    owner: ConnParams
    app: ConnParams

    def environment(self) -> dict[str, str]:
        """What `guanxi.project.settings` reads. Holds passwords: for our own children only."""
        variables = {
            "GUANXI_DB_NAME": self.app.name,
            "GUANXI_DB_HOST": self.app.host,
            "GUANXI_DB_PORT": str(self.app.port),
            "GUANXI_DB_OWNER": self.owner.user,
            "GUANXI_DB_OWNER_PASSWORD": self.owner.password,
            "GUANXI_DB_APP": self.app.user,
            "GUANXI_DB_APP_PASSWORD": self.app.password,
        }
        for option, value in self.app.options:
            if option in _LIBPQ_ENVIRONMENT:
                variables[_LIBPQ_ENVIRONMENT[option]] = value
        return variables
