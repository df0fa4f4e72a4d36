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
