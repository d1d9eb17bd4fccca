"""The embedded PostgreSQL, with real processes."""

import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from guanxi.project.runtime.home import Home
from guanxi.project.runtime.os_account import OsAccount
from guanxi.project.runtime.postgres import Cluster, ClusterError

from .conftest import cluster_in

ProcessesOf = Callable[[Path], list[int]]
AS_ROOT = os.geteuid() == 0


@pytest.fixture
def running(copied_cluster: Cluster) -> Cluster:
    copied_cluster.start()
    return copied_cluster


def rows(cluster: Cluster, password: str = "geheim") -> list[tuple[int]]:
    with cluster.connection(password).connect() as connection:
        return connection.execute("SELECT n FROM kept ORDER BY n").fetchall()


def save(cluster: Cluster, *numbers: int) -> None:
    with cluster.connection("geheim").connect() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        for number in numbers:
            connection.execute("INSERT INTO kept VALUES (%s)", [number])


def kill_9(*pids: int) -> None:
    """PostgreSQL ends some of its processes itself, between the look and the kill and once the first is gone."""
    killed = []
    for pid in pids:
        with suppress(psutil.NoSuchProcess):
            killed.append(psutil.Process(pid))
            killed[-1].kill()
    psutil.wait_procs(killed, timeout=10)


def test_a_path_with_spaces_quotes_commas_and_chinese_characters_serves(running: Cluster) -> None:
    save(running, 1, 2)
    assert rows(running) == [(1,), (2,)]


def test_stopping_leaves_no_process_and_no_socket(running: Cluster, processes_of: ProcessesOf) -> None:
    assert len(processes_of(running.data)) > 3
    running.stop()
    assert processes_of(running.data) == []
    assert list(running.socket.glob(".s.*")) == []
    assert not running.is_ready()


def test_after_kill_9_of_the_server_everything_committed_is_there(
    running: Cluster, processes_of: ProcessesOf
) -> None:
    save(running, 7)
    postmaster = running.postmaster()
    assert postmaster is not None
    kill_9(postmaster.pid)
    running.start()
    assert rows(running) == [(7,)]


def test_after_kill_9_of_every_process_everything_committed_is_there(
    running: Cluster, processes_of: ProcessesOf
) -> None:
    save(running, 7)
    kill_9(*processes_of(running.data))
    running.start()
    assert rows(running) == [(7,)]


def test_a_server_that_still_runs_is_found_again_instead_of_started_twice(
    running: Cluster, home: Home
) -> None:
    save(running, 3)
    again = cluster_in(home)
    assert again.start() == running.postmaster()
    assert rows(again) == [(3,)]


def test_a_pid_file_whose_number_is_now_another_programs_is_no_obstacle(running: Cluster) -> None:
    save(running, 5)
    postmaster = running.postmaster()
    assert postmaster is not None
    kill_9(postmaster.pid)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        pid_file = running.data / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
        assert running.postmaster() is None
        running.start()
        assert rows(running) == [(5,)]
        running.stop()
        assert other.poll() is None, "the other program was left alone"
        other.communicate(b"\n")


def test_a_half_made_folder_of_an_interrupted_start_is_made_anew(cluster: Cluster) -> None:
    half = cluster.data.with_name(cluster.data.name + ".making")
    half.mkdir(parents=True)
    (half / "base").write_text("half")
    cluster.make("geheim")
    cluster.start()
    assert cluster.is_ready()


def test_a_lost_password_is_renewed_from_the_data_folder(running: Cluster) -> None:
    save(running, 9)
    running.stop()
    running.reset_password("neu's")
    running.start()
    assert rows(running, "neu's") == [(9,)]


def test_data_of_another_major_version_are_refused_in_words(copied_cluster: Cluster) -> None:
    cluster = copied_cluster
    (cluster.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(ClusterError, match="PostgreSQL 15"):
        cluster.start()


def test_what_postgresql_says_reaches_the_person(copied_cluster: Cluster) -> None:
    cluster = copied_cluster
    (cluster.data / "local.conf").write_text("work_mem = 'plenty'\n")
    with pytest.raises(ClusterError, match="work_mem"):
        cluster.start()


def test_a_path_too_long_for_a_socket_gets_a_short_closed_folder(home: Home) -> None:
    deep = Home(home.root / ("很长的目录" * 8))
    deep.prepare()
    cluster = cluster_in(deep, durable=False)
    cluster.make("geheim")
    cluster.start()
    try:
        assert cluster.socket != deep.socket
        assert stat.S_IMODE(cluster.socket.stat().st_mode) == 0o700
        with cluster.connection("geheim").connect() as connection:
            connection.execute("SELECT 1")
    finally:
        cluster.stop()
    assert not cluster.socket.exists()


def test_it_listens_on_no_network(running: Cluster) -> None:
    postmaster = running.postmaster()
    assert postmaster is not None
    connections = psutil.Process(postmaster.pid).net_connections(kind="inet")
    assert [c for c in connections if c.status == psutil.CONN_LISTEN] == []
    with socket.socket() as probe:
        assert stat.S_IMODE(running.socket.stat().st_mode) == 0o700
        probe.close()


def test_two_clusters_run_side_by_side(running: Cluster, home: Home) -> None:
    other_home = Home(home.root / "zwei")
    other_home.prepare()
    other = cluster_in(other_home, durable=False)
    other.make("anders")
    other.start()
    try:
        save(running, 1)
        with other.connection("anders").connect() as connection:
            found = connection.execute("SELECT to_regclass('kept')").fetchone()
        assert found == (None,)
    finally:
        other.stop()
    assert running.is_ready()


@pytest.mark.skipif(not AS_ROOT, reason="only root needs another account for PostgreSQL")
def test_as_root_it_runs_under_another_account_that_may_pass_but_not_look(home: Home) -> None:
    closed = home.root / "closed"
    closed.mkdir(mode=0o700)
    secret = closed / "secret"
    secret.write_text("x")
    inner = Home(closed / "inner")
    inner.prepare()
    cluster = cluster_in(inner, durable=False)
    cluster.make("geheim")
    cluster.start()
    try:
        postmaster = cluster.postmaster()
        assert postmaster is not None
        assert psutil.Process(postmaster.pid).uids().real != 0
        looked = as_account(cluster.account, ["ls", str(closed)])
        assert looked.returncode != 0, "the account may not list the folder"
        assert as_nobody(["cat", str(secret)]).returncode != 0, "nobody else gained by it"
        assert as_nobody(["test", "-d", str(inner.root)]).returncode != 0
    finally:
        cluster.stop()


@pytest.mark.skipif(not AS_ROOT, reason="only root can become somebody else")
def test_an_ordinary_user_starts_it_as_himself() -> None:
    # The interpreter of this environment may lie where others may not look.
    system = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    python = next((p for p in (sys.executable, system) if runs_as_nobody(p)), None)
    if python is None:
        pytest.skip("nobody else may run a Python of this version")
    folder = Path(subprocess.check_output(["mktemp", "-d"], user="nobody", text=True).strip())
    script = (
        "from pathlib import Path; import sys\n"
        "from guanxi.project.runtime.home import Home\n"
        "from guanxi.project.runtime.postgres import Cluster\n"
        "home = Home(Path(sys.argv[1]) / 'data'); home.prepare()\n"
        "cluster = Cluster(home.postgres, socket=home.socket, log=home.logs / 'start.log')\n"
        "cluster.make('geheim'); cluster.start()\n"
        "print(cluster.connection('geheim').connect().execute('SELECT 6 * 7').fetchone())\n"
        "cluster.stop()\n"
    )
    try:
        done = as_nobody([python, "-c", script, str(folder)])
        assert "(42,)" in done.stdout, done.stderr
    finally:
        shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.skipif(not AS_ROOT or sys.platform != "linux", reason="a small disk is mounted for this")
def test_a_full_disk_is_named_in_words(home: Home) -> None:
    disk = home.root / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "none", disk], check=False)
    if mounted.returncode:
        pytest.skip("no right to mount")
    try:
        small = Home(disk / "data")
        small.prepare()
        with pytest.raises(ClusterError, match="disk is full"):
            cluster_in(small).make("geheim")
    finally:
        subprocess.run(["umount", disk], check=True)


def as_account(account: OsAccount, command: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )


def runs_as_nobody(python: str) -> bool:
    try:
        return as_nobody([python, "-c", "import psycopg, psutil"]).returncode == 0
    except OSError:
        return False


def as_nobody(command: list[str]) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.run(
        command,
        user="nobody",
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd="/",
    )
