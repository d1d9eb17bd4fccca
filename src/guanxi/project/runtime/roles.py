"""The database roles: one owns everything, one works and owns nothing.

The application connects as a role that cannot step round row-level security. PostgreSQL's own account
(embedded) or the account of DATABASE_URL installs both.
"""

import contextlib
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from .connection import ConnParams, Databases
from .home import StartError
from .secret_store import SecretStore

DATABASE, OWNER, APP = "guanxi", "guanxi_owner", "guanxi_app"
OLDEST = 16  # the major version of PostgreSQL that we are tested with at least

# Wanted, never needed: what uses them looks first.
_EXTENSIONS = ("btree_gin", "pg_trgm", "ltree")

# Under row-level security PostgreSQL uses an index only for functions that are marked LEAKPROOF, which means
# that neither an error nor a side effect tells anything about a value. Reviewed for PostgreSQL 16 to 18; each
# is marked anew at every start, since an upgrade of PostgreSQL brings its own catalogue.
LEAKPROOF: tuple[LiteralString, ...] = (
    # Comparison of two numerics looks at sign, weight and digits; NaN and infinity have their place; no
    # error is raised (src/backend/utils/adt/numeric.c, cmp_numerics). Serves sums, quantities, rates.
    "numeric_eq(numeric, numeric)",
    "numeric_ne(numeric, numeric)",
    "numeric_lt(numeric, numeric)",
    "numeric_le(numeric, numeric)",
    "numeric_gt(numeric, numeric)",
    "numeric_ge(numeric, numeric)",
    "numeric_cmp(numeric, numeric)",
    "hash_numeric(numeric)",
    # LIKE raises for a pattern that ends with the escape character, never for the text that is searched.
    # Patterns come from the person who searches, columns are only ever the text (like_match.c).
    "textlike(text, text)",
    "textnlike(text, text)",
    "texticlike(text, text)",
    "texticnlike(text, text)",
    "starts_with(text, text)",
    # Folding maps valid characters to valid characters; text is valid since it was stored (formatting.c).
    "lower(text)",
    "upper(text)",
    # Left out on purpose: regular expressions (their errors and their time depend on the text), jsonb and
    # arrays (they call functions of their elements), casts and arithmetic (overflow raises with the value),
    # full-text search and trigrams (never reviewed; search goes through owner's functions instead).
)


class RolesError(StartError):
    """The roles could not be made. The message says what a database administrator has to run."""


def prepare_embedded(
    superuser: ConnParams, secrets: SecretStore, *, for_tests: bool = False, name: str = DATABASE
) -> Databases:
    """Make or repair roles, database and grants on our own cluster; safe to repeat at every start.

    `for_tests` lets the owner create databases, and prepares what new databases are copied from. `name` is
    another database than the installation's own: the bench's.
    """
    owner, app = (
        ConnParams(name, superuser.host, superuser.port, user, secrets.get(user)) for user in (OWNER, APP)
    )
    with superuser.connect(dbname="postgres") as connection:
        _ensure_role(connection, OWNER, owner.password, "CREATEDB" if for_tests else "NOCREATEDB")
        _ensure_role(connection, APP, app.password, "NOCREATEDB")
        if not _one(connection, "SELECT 1 FROM pg_database WHERE datname = %(name)s", name=name):
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(name), sql.Identifier(OWNER)
                )
            )
        connection.execute(
            sql.SQL(
                "REVOKE ALL ON DATABASE {0} FROM PUBLIC; GRANT CONNECT, TEMPORARY ON DATABASE {0} TO {1}"
            ).format(sql.Identifier(name), sql.Identifier(APP))
        )
    for each in (name, "template1") if for_tests else (name,):
        with superuser.connect(dbname=each) as connection:
            _furnish(connection)
    return Databases(owner, app)


def prepare_server(url: str, secrets: SecretStore, *, app_prefix: str = "") -> Databases:
    """The same on a server of one's own, named by a URL whose user becomes the owner.

    Makes the role `<database>_app` where it may. Raises `RolesError` with the lines that a database
    administrator must run where it may not, and where the server is too old or does not answer.
    """
    owner = parse_url(url)
    app_name = f"{app_prefix}{owner.name}_app"
    password = secrets.get(f"{app_name}@{owner.host}:{owner.port}")
    app = ConnParams(owner.name, owner.host, owner.port, app_name, password, owner.options)
    try:
        connection = owner.connect()
    except psycopg.OperationalError as error:
        raise RolesError(f"The database of DATABASE_URL does not answer:\n{error}") from error
    with connection:
        version = connection.info.server_version
        if version < OLDEST * 10000:
            raise RolesError(
                f"DATABASE_URL leads to PostgreSQL {version // 10000}; Guanxi needs {OLDEST} or newer."
            )
        if _one(connection, "SHOW server_encoding") != "UTF8":
            raise RolesError(f"The database {owner.name} does not keep UTF-8; make one that does.")
        may_make = _one(
            connection, "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        )
        if not _answers(app) and may_make:
            # A role of that name which somebody else made is the administrator's to change.
            with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
                _ensure_role(connection, app_name, password, "NOCREATEDB")
        lines = _missing(connection, owner, app)
        if lines:
            raise RolesError(
                f"The account '{owner.user}' of DATABASE_URL may not prepare the database by itself.\n"
                "A database administrator runs these lines once; then start again:\n\n"
                + "\n".join(f"    {line}" for line in lines)
            )
        _furnish(connection)
    return Databases(owner, app)


def parse_url(url: str) -> ConnParams:
    """DATABASE_URL as libpq reads it; raises `RolesError` where a part is missing."""
    try:
        parts = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise RolesError(f"DATABASE_URL cannot be read: {error}") from error
    missing = [part for part in ("dbname", "host", "user") if not parts.get(part)]
    if missing or "," in str(parts.get("host", "")):
        raise RolesError(
            "DATABASE_URL has the form postgresql://user:password@host:5432/database"
            + (f"; it lacks {', '.join(missing)}." if missing else " with one host.")
        )
    known = {"dbname", "host", "port", "user", "password"}
    return ConnParams(
        name=str(parts["dbname"]),
        host=str(parts["host"]),
        port=int(parts.get("port") or 5432),
        user=str(parts["user"]),
        password=str(parts.get("password") or ""),
        options=tuple((name, str(value)) for name, value in parts.items() if name not in known),
    )


def _one(connection: psycopg.Connection[Any], query: LiteralString, **values: object) -> Any:
    row = connection.execute(query, values).fetchone()
    return row[0] if row else None


def _ensure_role(
    connection: psycopg.Connection[Any], name: str, password: str, create: LiteralString
) -> None:
    # The server gets the verifier, so that no log of its ever holds the password.
    verifier = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    exists = _one(connection, "SELECT 1 FROM pg_roles WHERE rolname = %(name)s", name=name)
    # Only a superuser may name these two, even to deny them; everybody else's roles lack them anyway.
    superuser = _one(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    denied = sql.SQL("NOSUPERUSER NOBYPASSRLS NOREPLICATION " if superuser else "")
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN {}NOCREATEROLE {} PASSWORD {}").format(
            sql.SQL("ALTER" if exists else "CREATE"),
            sql.Identifier(name),
            denied,
            sql.SQL(create),
            sql.Literal(verifier),
        )
    )


def _answers(params: ConnParams) -> bool:
    try:
        params.connect().close()
    except psycopg.OperationalError:
        return False
    return True


def _missing(connection: psycopg.Connection[Any], owner: ConnParams, app: ConnParams) -> list[str]:
    """The lines that are left for a database administrator."""

    def line(text: LiteralString, **names: str) -> str:
        parts = {key: sql.Identifier(value) for key, value in names.items() if key != "password"}
        literals = {key: sql.Literal(value) for key, value in names.items() if key == "password"}
        return sql.SQL(text).format(**parts, **literals).as_string(connection)

    lines = []
    role = connection.execute(
        "SELECT rolsuper OR rolbypassrls, rolcanlogin, pg_has_role(rolname, current_user, 'MEMBER')"
        " FROM pg_roles WHERE rolname = %s",
        [app.user],
    ).fetchone()
    if role is None:
        lines.append(
            line("CREATE ROLE {app} LOGIN PASSWORD {password};", app=app.user, password=app.password)
        )
    else:
        if role[0]:
            lines.append(line("ALTER ROLE {app} NOSUPERUSER NOBYPASSRLS;", app=app.user))
        elif role[2]:
            lines.append(line("REVOKE {owner} FROM {app};", owner=owner.user, app=app.user))
        if not _answers(app):
            lines.append(
                line("ALTER ROLE {app} LOGIN PASSWORD {password};", app=app.user, password=app.password)
            )
    if role is not None:
        with contextlib.suppress(psycopg.Error):  # ours to grant only where the database is ours
            connection.execute(
                sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
                    sql.Identifier(owner.name), sql.Identifier(app.user)
                )
            )
    held = role is not None and _one(
        connection,
        "SELECT has_database_privilege(%(app)s, current_database(), 'CONNECT')"
        " AND has_database_privilege(%(app)s, current_database(), 'TEMPORARY')",
        app=app.user,
    )
    if not held:
        lines.append(
            line("GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {app};", name=owner.name, app=app.user)
        )
    if not _one(connection, "SELECT has_schema_privilege('public', 'CREATE')"):
        lines.append(line("GRANT CREATE, USAGE ON SCHEMA public TO {owner};", owner=owner.user))
    return lines


def _furnish(connection: psycopg.Connection[Any]) -> None:
    """Extensions and reviewed marks, as far as this account may."""
    for name in _EXTENSIONS:
        with contextlib.suppress(psycopg.Error):
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))
    if not _one(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        return
    for function in LEAKPROOF:
        marked = _one(
            connection,
            "SELECT proleakproof FROM pg_proc WHERE oid = %(f)s::regprocedure",
            f=f"pg_catalog.{function}",
        )
        if not marked:
            connection.execute(sql.SQL("ALTER FUNCTION pg_catalog.{} LEAKPROOF").format(sql.SQL(function)))
