"""Clients of the official SDKs under Spawngate: an approved server serves, and nothing else runs.

`make test-sdks` installs the clients and runs this. Python and Node.js clients are guarded without a change to them,
Java and Rust ones are supervised; each is also tried with the launcher in its command line, as a configuration has it.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bench.real_sdks import CLIENTS, SdkClient

import spawngate
import spawngate.endpoint.library
from bench import tiny_server

FOLDER = Path(os.environ.get("SPAWNGATE_SDKS", "/nonexistent"))
"""Where the clients are installed; `make test-sdks` sets it."""
REGISTER = Path(spawngate.endpoint.library.__file__).parent / "node/register.mjs"
SERVER = Path(tiny_server.__file__)
POLICY = """
@id("test-here") @excepts("temporary-program") @reason("The tests' own folder lies below a temporary one.")
permit (principal, action == Action::"launch", resource);
"""
INSTALLED = tuple(client for client in CLIENTS if (FOLDER / f".{client.id}").exists())
DETACHED = "import subprocess; subprocess.Popen(['sh', '-c', 'sleep 1; echo ran > {marker}'], start_new_session=True)"


@dataclass(frozen=True, slots=True)
class Machine:
    """One throw-away machine with a daemon and a launcher."""

    client: SdkClient
    work: Path

    @property
    def state(self) -> Path:
        return self.work / "state"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "HOME": str(self.work),
            "PATH": os.environ["PATH"],
            "SPAWNGATE_STATE_DIR": str(self.state),
        }

    def spawngate(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "spawngate", *words],
            env=self.environment,
            cwd=self.work,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def bare(self, *server: str) -> subprocess.CompletedProcess[str]:
        """The client as its author runs it."""
        return self._run([*self.client.command(FOLDER), *server])

    def guarded(self, *server: str) -> subprocess.CompletedProcess[str]:
        """The client with what Spawngate has for its language, and no change to it."""
        command = self.client.command(FOLDER)
        if self.client.guard == "python":
            # Ours is not installed where the SDK is; a server whose environment says so too would be refused.
            path = repr(str(Path(spawngate.__file__).parents[1]))
            run = "runpy.run_module('spawngate.guard', run_name='__main__')"
            code = f"import runpy, sys; sys.path.append({path}); {run}"
            command = [command[0], "-c", code, *command[1:]]
        elif self.client.guard == "node":
            command = [command[0], "--import", str(REGISTER), *command[1:]]
        else:
            command = [sys.executable, "-m", "spawngate", "supervise", "--", *command]
        return self._run([*command, *server])

    def launched(self, *server: str) -> subprocess.CompletedProcess[str]:
        """The client, with the launcher in its command line."""
        launcher = str(self.state / "launcher/spawngate-launch")
        return self._run([*self.client.command(FOLDER), launcher, "--id", "test:entry", "--", *server])

    def _run(self, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, env=self.environment, cwd=self.work, capture_output=True, text=True, timeout=120, check=False
        )

    def approve(self, refused: subprocess.CompletedProcess[str]) -> None:
        """What a person does who reads the refusal; the Java SDK shows no error of the server, but the trail has it."""
        match = re.search(r"spawngate approve (\S+?)[`.\s]", refused.stderr)
        word = match[1] if match else str(self.refusals()[0]["detail"]["fingerprint"])
        self.spawngate("approve", word, "--reason", "it is ours")

    def refusals(self) -> list[dict[str, Any]]:
        """Newest first."""
        text = self.spawngate("audit", "query", "channel:launcher verdict:deny", "--format", "json")
        return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(params=INSTALLED, ids=lambda client: client.id)
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    made = Machine(request.param, tmp_path)
    policy = made.state / "policy"
    policy.mkdir(parents=True, mode=0o700)
    (policy / "policy.toml").write_text('base = "baseline"\napprovals = true\n')
    (policy / "test.cedar").write_text(POLICY)
    made.state.chmod(0o700)
    made.spawngate("protect", "--launches", "--yes", "--mode", "enforce")
    yield made
    made.spawngate("daemon", "stop")


def ways(machine: Machine) -> dict[str, object]:
    return {"guarded": machine.guarded, "launched": machine.launched}


def attacks(machine: Machine) -> dict[str, list[str]]:
    """Command lines of which none is a server, and which all leave a mark."""
    marker = machine.work / "marker"
    script = machine.work / "server"
    script.write_text(f"#!/bin/sh\necho ran > {marker}\nsleep 30\n")
    script.chmod(0o755)
    detached = machine.work / "detached.py"
    detached.write_text(DETACHED.replace("{marker}", str(marker)))
    banner = machine.work / "banner.py"
    banner.write_text(f"print('ready')\nopen({str(marker)!r}, 'w').close()\n")
    return {
        "inline": ["/bin/sh", "-c", f"echo ran > {marker}"],
        "script": [str(script)],
        "detached": ["/usr/bin/python3", str(detached)],
        "banner": ["/usr/bin/python3", str(banner)],
    }


def appears(marker: Path) -> bool:
    until = time.monotonic() + 2
    while time.monotonic() < until and not marker.exists():
        time.sleep(0.05)
    return marker.exists()


def test_something_is_installed() -> None:
    """Otherwise this file proves nothing."""
    assert INSTALLED, "set SPAWNGATE_SDKS to a folder that `python -m bench.real_sdks install` filled"


def test_without_spawngate_every_command_runs(machine: Machine) -> None:
    for kind, words in attacks(machine).items():
        machine.bare(*words)
        assert appears(machine.work / "marker"), kind
        (machine.work / "marker").unlink()


@pytest.mark.parametrize("way", ["guarded", "launched"])
def test_an_unapproved_command_never_runs(machine: Machine, way: str) -> None:
    for kind, words in attacks(machine).items():
        done = getattr(machine, way)(*words)
        assert done.returncode != 0, kind
        assert not appears(machine.work / "marker"), kind
    assert len(machine.refusals()) >= len(attacks(machine))


@pytest.mark.parametrize("way", ["guarded", "launched"])
def test_an_approved_server_serves(machine: Machine, way: str) -> None:
    run = getattr(machine, way)
    refused = run("/usr/bin/python3", str(SERVER))
    assert (refused.returncode != 0, refused.stdout) == (True, "")
    machine.approve(refused)
    done = run("/usr/bin/python3", str(SERVER))
    assert (done.stdout, done.returncode) == ("mark\n", 0), done.stderr


def test_an_approved_command_that_is_no_server_never_runs(machine: Machine) -> None:
    """Approved by mistake: probation sees that it is none."""
    for kind, words in attacks(machine).items():
        if kind == "inline":
            continue  # policy refuses it whatever is approved
        machine.approve(machine.launched(*words))
        done = machine.launched(*words)
        assert done.returncode != 0, kind
        assert not appears(machine.work / "marker"), kind
    told = machine.spawngate("audit", "query", "type:launch detail.what:probed", "--format", "json")
    assert len(told.splitlines()) == len(attacks(machine)) - 1
