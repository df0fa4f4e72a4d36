"""`spawngate enroll`: what it needs, what it says."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from spawngate.server import commanding
from spawngate.server.fleet import commands
from spawngate.server.fleet.tables import ENDPOINTS
from spawngate.trail.moment import stamp
from tests.cli.machines import Machine, until
from tests.endpoint.sync.serving import Served, serving
from tests.server import fleetdata


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("server")) as found:
        yield found


def test_enrolled_with_a_secret_in_a_file(served: Served, tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    (machine.home / "secret").write_text(f"{served.secret()}\n")
    (machine.home / "secret").chmod(0o600)
    done = machine.run("enroll", "--server", f"{served.address}/", "--secret-file", "secret", "--proxy", "none")
    assert (done.returncode, done.stderr) == (0, b"no daemon runs, and it is what syncs: `spawngate daemon start`\n")
    kept = json.loads((machine.state / "sync" / "enrolment.json").read_text())
    assert done.stdout.decode() == f"enrolled with {served.address} as {kept['endpoint']}, team organisation\n"
    assert (kept["reach"], kept["secret_file"]) == ({"server": served.address}, os.fspath(machine.home / "secret"))
    # The secret itself is not kept.
    assert (machine.home / "secret").read_text().strip() not in (machine.state / "sync" / "enrolment.json").read_text()


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--server", "http://a.example", "--code", "x"], "https://"),
        (["--server", "https://a.example"], "give --secret-file, --code, or the variable"),
        (["--server", "https://a.example", "--code", "x", "--secret-file", "y"], "give one of them"),
        (["--server", "https://a.example", "--secret-file", "/nowhere"], "cannot be read"),
        (["--code", "x"], "Missing option '--server'"),
        (["--server", "https://a.example", "--code", "abcdefgh", "--ca", "/nowhere"], "certificates cannot be used"),
    ],
)
def test_usage(tmp_path: Path, args: list[str], told: str) -> None:
    done = Machine(tmp_path).run("enroll", *args)
    assert (done.returncode, told in done.stderr.decode()) == (2, True), done.stderr


def test_a_server_that_is_away(tmp_path: Path) -> None:
    done = Machine(tmp_path).run("enroll", "--server", "http://127.0.0.1:9", "--code", "abcdefgh")
    assert (done.returncode, b"cannot be reached" in done.stderr) == (3, True)


def test_a_secret_on_stdin_or_in_a_pipe_is_in_nobodys_list_of_processes(served: Served, tmp_path: Path) -> None:
    for number, words in enumerate((["-"], ["/dev/stdin"])):
        machine = Machine(tmp_path / str(number))
        args = ("enroll", "--server", served.address, "--secret-file", *words)
        done = machine.run(*args, give=f"{served.secret(kind='code')}\n".encode())
        assert done.returncode == 0, done.stderr
        kept = json.loads((machine.state / "sync" / "enrolment.json").read_text())
        assert "secret_file" not in kept
        assert machine.run(*args, give=b"").returncode == 2


def test_what_whoever_enrols_may_not_know_is_told(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    secret = machine.home / "secret"
    secret.write_text("abcdefgh")
    secret.chmod(0o644)
    args = ("enroll", "--server", "https://a.example", "--secret-file", "secret")
    done = machine.run(*args, SSL_CERT_FILE="/ca.pem", HTTPS_PROXY="http://u:p@127.0.0.1:9")
    assert (done.returncode, done.stderr.decode().splitlines()) == (
        3,
        [
            "the server is reached by the proxy 127.0.0.1:9, now and later",
            "SSL_CERT_FILE and SSL_CERT_DIR do not count here; --ca names other authorities",
            f"{secret} can be read by others; who has it can enrol machines",
            "spawngate: the server https://a.example cannot be reached: Connection refused",
        ],
    )
    socks = machine.run(*args, ALL_PROXY="socks5://127.0.0.1:9")
    assert (socks.returncode, b"not by socks5://" in socks.stderr) == (2, True)


def test_another_server_is_told(served: Served, tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    with serving(tmp_path / "other") as other:
        first = machine.run("enroll", "--server", served.address, SPAWNGATE_ENROLL_SECRET=served.secret())
        second = machine.run("enroll", "--server", other.address, SPAWNGATE_ENROLL_SECRET=other.secret())
    assert (first.returncode, second.returncode) == (0, 0)
    assert f"another server than {served.address}: what that one gave counts no more" in second.stderr.decode()


def test_a_real_endpoint_scans_enrols_again_and_leaves_as_it_is_told(tmp_path: Path) -> None:
    """With its daemon, its collector and its syncing process."""
    machine = Machine(tmp_path)
    with serving(tmp_path / "server", now=stamp(datetime.now(UTC)), interval=5) as served:
        machine.said("enroll", "--server", served.address, "--code", served.secret(kind="code"))
        machine.said("daemon", "start")
        endpoint = json.loads((machine.state / "sync" / "enrolment.json").read_text())["endpoint"]

        def held() -> Any:
            with served.services.database.read() as connection:
                return connection.execute(select(ENDPOINTS).where(ENDPOINTS.c.id == endpoint)).one()

        def ends(what: str) -> tuple[str, float]:
            made = commanding.order(served.services, fleetdata.OWNER, endpoint, what, "a test")

            def state() -> str:
                with served.services.database.read() as connection:
                    return next(each.state for each in commands.of(connection, endpoint) if each.id == made.id)

            took = until(lambda: state() != "waiting", 60)
            return state(), took

        until(lambda: held().inventory, 60)
        with served.services.database.begin() as connection:
            connection.execute(update(ENDPOINTS).values(scanned_at=""))
        state, took = ends("scan")
        assert (state, bool(held().scanned_at)) == ("done", True)
        assert took < 30
        token = held().token
        assert ends("reenroll")[0] == "done"
        assert held().token != token
        assert ends("unenroll")[0] == "done"
        assert held().retired_at
        until(lambda: not (machine.state / "sync" / "enrolment.json").exists())
        machine.said("daemon", "stop")
    records = [json.loads(line) for line in machine.said("audit", "export").splitlines()]
    told = [
        (each["detail"]["what"], each["detail"].get("command")) for each in records if each["type"] == "administration"
    ]
    assert [each for each in told if each[0] in ("commanded", "unenrolled")] == [
        ("commanded", "scan"),
        ("commanded", "reenroll"),
        ("commanded", "unenroll"),
        ("unenrolled", None),
    ]
