"""A throw-away PostgreSQL from Debian's package: one cluster for a test session, a fresh database for each test.

    def test(database: str) -> None: ...    # `tests/server/conftest.py` has the fixtures

Tests skip, and say why, where no PostgreSQL is installed. As root the server runs as the user `postgres`, which is
what it insists on. It listens on a Unix socket in its own folder and on a free port of loopback; everybody needs the
password. `fsync` stays on, so that a cluster that is killed shows what a real one would. Must not be here: tests.
"""

import os
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

USER = "postgres"
START = 60.0
"""Seconds that a start may take, recovery included."""


def binaries() -> Path | None:
    """Folder of the newest PostgreSQL's programs; None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return None if initdb is None else Path(os.path.realpath(initdb)).parent


class Cluster:
    """One running server in one folder."""

    def __init__(self, folder: Path, programs: Path) -> None:
        """Makes what is not there; a folder that holds a cluster already goes on with it."""
        self.folder, self._programs = folder, programs
        self.data = folder / "data"
        password = folder / "password"
        made = password.exists()
        self.password = password.read_text() if made else secrets.token_hex(12)
        self.port = _free_port()
        self._server: subprocess.Popen[bytes] | None = None
        if made:
            return
        if os.geteuid() == 0:
            shutil.chown(folder, USER, USER)
        password.write_text(self.password)
        if os.geteuid() == 0:
            shutil.chown(password, USER)
        self._run("initdb", "-D", str(self.data), "-U", USER, "-A", "scram-sha-256", f"--pwfile={password}",
                  "--locale=C.UTF-8", "-E", "UTF8", "-N")  # fmt: skip

    def url(self, database: str = "postgres") -> str:
        """Where a database is reached."""
        return f"postgresql://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def create(self, name: str) -> str:
        """A new, empty database; its address."""
        self.sql(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Delete a database, whoever is connected."""
        self.sql(f'DROP DATABASE "{name}" WITH (FORCE)')

    def sql(self, statement: str) -> None:
        """Run one statement in the database `postgres`."""
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)

    def start(self, *settings: str) -> None:
        """Start it and wait until it answers; after a kill this recovers first. `settings`: NAME=VALUE."""
        more = [part for each in settings for part in ("-c", each)]
        until = time.monotonic() + START
        while True:
            with open(self.folder / "log", "ab") as log:
                self._server = subprocess.Popen(
                    [self._programs / "postgres", "-D", self.data, "-p", str(self.port), "-k", self.folder,
                     "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=60", "-c", "shared_buffers=128MB",
                     *more],
                    stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
                    user=_user(), group=_user(),
                )  # fmt: skip
            while self._server.poll() is None:
                if self._answers():
                    return
                if time.monotonic() > until:
                    raise AssertionError(f"PostgreSQL does not start: see {self.folder / 'log'}")
                time.sleep(0.05)
            # Processes of the server before may still hold its memory.
            if time.monotonic() > until:
                raise AssertionError(f"PostgreSQL ends by itself: see {self.folder / 'log'}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop it as a restart by hand does: clients are cut off, transactions rolled back."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End its first process with SIGKILL; the others notice and end without writing anything more."""
        self._end(signal.SIGKILL)

    def _end(self, number: int) -> None:
        if self._server is not None:
            self._server.send_signal(number)
            self._server.wait(30)
            self._server = None

    def _answers(self) -> bool:
        done = subprocess.run(
            [self._programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False
        )
        return done.returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        command: list[str | Path] = [self._programs / program, *arguments]
        user = _user()
        if user and not os.stat(os.devnull).st_mode & 0o002:
            # A machine on which only root may write /dev/null: in a namespace of its own, this program gets another.
            null = self.folder / "null"
            os.mknod(null, 0o666 | stat.S_IFCHR, os.stat(os.devnull).st_rdev)
            null.chmod(0o666)
            script = f'mount --bind "$1" {os.devnull} && shift && '
            script += f'exec setpriv --reuid {user} --regid {user} --clear-groups "$@"'
            command, user = ["unshare", "--mount", "sh", "-c", script, "sh", null, *command], None
        done = subprocess.run(command, capture_output=True, cwd=self.folder, check=False, user=user, group=user)
        assert done.returncode == 0, done.stderr.decode()


@contextmanager
def running(folder: Path | None = None) -> Iterator[Cluster]:
    """A cluster while the context lasts. Its caller has seen that `binaries` has some."""
    programs = binaries()
    assert programs is not None, "no PostgreSQL is installed"
    with tempfile.TemporaryDirectory(prefix="spawngate-pg-", dir=folder, ignore_cleanup_errors=True) as name:
        cluster = Cluster(Path(name), programs)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The cluster of this test session."""
    pytest.importorskip("psycopg", reason="the driver psycopg is not installed")
    if binaries() is None:
        pytest.skip("no PostgreSQL is installed; on Debian: apt-get install postgresql")
    with running() as cluster:
        yield cluster


@pytest.fixture
def database(cluster: Cluster) -> Iterator[str]:
    """Address of a fresh database."""
    name = f"t{secrets.token_hex(6)}"
    yield cluster.create(name)
    cluster.drop(name)


@pytest.fixture(scope="module")
def module_database(cluster: Cluster) -> Iterator[str]:
    """Address of one fresh database for the tests of a module, which use schemas of their own."""
    name = f"m{secrets.token_hex(6)}"
    yield cluster.create(name)
    cluster.drop(name)


def _user() -> str | None:
    return USER if os.geteuid() == 0 else None


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
