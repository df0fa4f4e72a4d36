"""`spawngate enroll`: what it needs, what it says."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.machines import Machine
from tests.endpoint.sync.serving import Served, serving


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
