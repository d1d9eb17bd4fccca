"""Roles and grants on a real server, by socket as embedded and over TCP as DATABASE_URL names it."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from guanxi.project.runtime.connection import ConnParams
from guanxi.project.runtime.home import Home
from guanxi.project.runtime.postgres import Cluster
from guanxi.project.runtime.roles import LEAKPROOF, RolesError, parse_url, prepare_embedded, prepare_server
from guanxi.project.runtime.secret_store import SecretStore

from .conftest import cluster_in

SERVER_15 = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture
def secrets(home: Home) -> SecretStore:
    return SecretStore(home.secrets)


@pytest.fixture
def superuser(home: Home, copied_cluster: Cluster) -> ConnParams:
    cluster = cluster_in(home, durable=False)
    cluster.start()
    return cluster.connection("geheim")


@pytest.fixture
def server(home: Home, superuser: ConnParams) -> Iterator[str]:
    """The same server over TCP; the address without user, password and database."""
    cluster = cluster_in(home, durable=False)
    cluster.stop()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (cluster.data / "local.conf").write_text(f"listen_addresses = '127.0.0.1'\nport = {port}\n")
    cluster.start()
    yield f"127.0.0.1:{port}"
    cluster.stop()


def ask(params: ConnParams, query: str) -> object:
    with params.connect() as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else None


def test_the_application_owns_nothing_and_cannot_step_round_row_security(
    superuser: ConnParams, secrets: SecretStore
) -> None:
    databases = prepare_embedded(superuser, secrets)
    with databases.app.connect() as connection:
        role = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,"
            " pg_has_role(current_user, 'guanxi_owner', 'MEMBER') FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert role == (False,) * 6
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine (n int)")
        connection.execute("CREATE TEMPORARY TABLE an_import_needs_this (n int)")


def test_the_owner_owns_the_database_and_is_no_superuser(superuser: ConnParams, secrets: SecretStore) -> None:
    databases = prepare_embedded(superuser, secrets)
    with databases.owner.connect() as connection:
        connection.execute("CREATE TABLE ours (n int)")
        role = connection.execute(
            "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert role == (False, False)


def test_every_start_repairs_what_was_changed_by_hand(superuser: ConnParams, secrets: SecretStore) -> None:
    databases = prepare_embedded(superuser, secrets)
    with superuser.connect() as connection:
        connection.execute("ALTER ROLE guanxi_app SUPERUSER BYPASSRLS PASSWORD 'other'")
    prepare_embedded(superuser, secrets)
    assert (
        ask(databases.app, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        is False
    )


def test_every_function_on_the_reviewed_list_is_marked(superuser: ConnParams, secrets: SecretStore) -> None:
    databases = prepare_embedded(superuser, secrets)
    for function in LEAKPROOF:
        query = f"SELECT proleakproof FROM pg_proc WHERE oid = 'pg_catalog.{function}'::regprocedure"
        assert ask(databases.app, query) is True, function


def test_two_character_chinese_and_capitals_are_letters(superuser: ConnParams, secrets: SecretStore) -> None:
    databases = prepare_embedded(superuser, secrets)
    assert ask(databases.app, "SELECT cardinality(show_trgm('鑫北斗')) > 0") is True
    assert ask(databases.app, "SELECT lower('ÄÉ')") == "äé"


def test_a_server_of_ones_own_gets_its_application_role(
    server: str, superuser: ConnParams, secrets: SecretStore
) -> None:
    over_tcp = parse_url(f"postgresql://postgres:geheim@{server}/postgres")
    with over_tcp.connect() as connection:
        connection.execute("CREATE ROLE keeper LOGIN CREATEROLE PASSWORD 'p@ss'")
        connection.execute("CREATE DATABASE crm OWNER keeper")
    url = f"postgresql://keeper:p%40ss@{server}/crm?sslmode=disable"
    databases = prepare_server(url, secrets)
    assert databases.app.user == "crm_app"
    assert ask(databases.app, "SELECT current_user::text") == "crm_app"
    assert databases.environment()["PGSSLMODE"] == "disable"
    assert prepare_server(url, secrets) == databases, "a second start changes nothing"


def test_where_it_may_not_the_lines_for_the_administrator_are_enough(
    server: str, superuser: ConnParams, secrets: SecretStore
) -> None:
    over_tcp = parse_url(f"postgresql://postgres:geheim@{server}/postgres")
    with over_tcp.connect() as connection:
        connection.execute("CREATE ROLE plain LOGIN PASSWORD 'plain'")
        connection.execute("CREATE DATABASE crm")
        connection.execute("REVOKE ALL ON DATABASE crm FROM PUBLIC")
        connection.execute("GRANT CONNECT ON DATABASE crm TO plain")
    url = f"postgresql://plain:plain@{server}/crm"
    with pytest.raises(RolesError, match="CREATE ROLE") as refused:
        prepare_server(url, secrets)
    lines = [line.strip() for line in str(refused.value).splitlines() if line.strip().endswith(";")]
    with over_tcp.connect(dbname="crm") as connection:
        for line in lines:
            connection.execute(line)
    databases = prepare_server(url, secrets)
    assert ask(databases.app, "SELECT current_user::text") == "crm_app"
    with databases.owner.connect() as connection:
        connection.execute("CREATE TABLE ours (n int)")


def test_an_application_role_with_too_many_rights_is_refused(
    server: str, superuser: ConnParams, secrets: SecretStore
) -> None:
    over_tcp = parse_url(f"postgresql://postgres:geheim@{server}/postgres")
    with over_tcp.connect() as connection:
        connection.execute("CREATE ROLE plain LOGIN PASSWORD 'plain'")
        connection.execute("CREATE DATABASE crm OWNER plain")
        connection.execute("CREATE ROLE crm_app LOGIN BYPASSRLS")
    with pytest.raises(RolesError, match="NOBYPASSRLS"):
        prepare_server(f"postgresql://plain:plain@{server}/crm", secrets)


@pytest.mark.parametrize(
    ("url", "lacking"),
    [
        ("postgresql://u:p@host", "dbname"),
        ("postgresql:///crm", "host"),
        ("mysql://u:p@host/crm", "cannot be read"),
        ("postgresql://u:p@a,b/crm", "one host"),
    ],
)
def test_a_url_that_lacks_a_part_is_refused_in_words(url: str, lacking: str) -> None:
    with pytest.raises(RolesError, match=lacking):
        parse_url(url)


def test_a_server_that_does_not_answer_is_said(secrets: SecretStore) -> None:
    with pytest.raises(RolesError, match="does not answer"):
        prepare_server("postgresql://u:p@127.0.0.1:1/crm", secrets)


def test_passwords_are_kept_closed_and_stay_the_same(home: Home) -> None:
    first = SecretStore(home.secrets).get("guanxi_app")
    assert SecretStore(home.secrets).get("guanxi_app") == first
    assert home.secrets.stat().st_mode & 0o077 == 0
    assert first not in repr(ConnParams("n", "h", 1, "u", first))


@pytest.mark.slow
@pytest.mark.skipif(not (SERVER_15 / "initdb").exists(), reason="there is no PostgreSQL 15 here")
def test_postgresql_15_is_refused_in_words(home: Home, cluster: Cluster, secrets: SecretStore) -> None:
    data = home.root / "old"
    data.mkdir()
    cluster.account.own(data)
    cluster.account.may_pass_to(data)
    uid, gid = cluster.account.uid, cluster.account.gid
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(program: str, *words: str) -> None:
        subprocess.run(
            [str(SERVER_15 / program), "-D", str(data), *words],
            user=uid,
            group=gid,
            extra_groups=[],
            cwd="/",
            check=True,
            capture_output=True,
        )

    run("initdb", "-U", "old", "--auth=trust", "--encoding=UTF8", "--locale=C")
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories="
    run("pg_ctl", "-w", "-l", str(data / "log"), "-o", options, "start")
    try:
        with pytest.raises(RolesError, match="PostgreSQL 15"):
            prepare_server(f"postgresql://old@127.0.0.1:{port}/postgres", secrets)
    finally:
        run("pg_ctl", "-m", "immediate", "-w", "stop")
        shutil.rmtree(data)
