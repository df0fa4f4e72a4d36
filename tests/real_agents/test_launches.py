"""The seed attack in every agent that runs without a login: a configured command that is no MCP server.

Without Spawngate it runs, because agents start their servers before they ask anybody; with it, never.
"""

import json
import sys
from pathlib import Path

import pytest
from bench.headless import Played
from bench.headless_servers import ADD, ENVIRONMENT, calls

from bench import tiny_server
from tests.real_agents.conftest import Machine
from tests.real_agents.test_hooks import each

SERVER = [sys.executable, str(Path(tiny_server.__file__))]
NO_TOOL = """
@id("test-no-mark") @verdict("deny") @reason("Nothing is marked here.")
forbid (principal, action == Action::"mcp", resource) when { context.server_tool == "mark" };
"""
TEMPORARY = """
@id("test-here") @excepts("temporary-program look-alike") @reason("Tests and checkout may lie in a temporary folder.")
permit (principal, action == Action::"launch", resource);
"""
WAIT = "import time, subprocess; subprocess.Popen(['sh', '-c', 'sleep 1; echo ran > {marker}'], start_new_session=True)"


def attacks(marker: Path, folder: Path) -> dict[str, list[str]]:
    """Command lines of which none is a server, by what they do."""
    script = folder / "server"
    script.write_text(f"#!/bin/sh\necho ran > {marker}\nsleep 30\n")
    script.chmod(0o755)
    detached = folder / "detached.py"
    detached.write_text(WAIT.replace("{marker}", str(marker)))
    return {
        "inline": ["/bin/sh", "-c", f"echo ran > {marker}"],
        "script": [str(script)],
        "detached": [sys.executable, str(detached)],
    }


def play(machine: Machine, given: Path | None = None) -> Played:
    """A run of the agent in which it calls the server's tool, where `given` says which file it shall write."""
    wanted = calls(machine.agent.id, "tiny", "mark", {"path": str(given)}) if given else []
    return machine.agent.play(machine.stage, wanted, env=ENVIRONMENT.get(machine.agent.id))


def configured(machine: Machine, argv: list[str], name: str = "tiny") -> None:
    machine.agent.prepare(machine.stage, 9)
    ADD[machine.agent.id](machine.stage, name, argv)


def protect(machine: Machine) -> None:
    policy(machine, TEMPORARY, "here")
    machine.spawngate("protect", machine.agent.id, "--launches", "--yes", "--mode", "enforce")


def policy(machine: Machine, text: str, name: str = "test") -> None:
    folder = machine.state / "policy"
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    (folder / f"{name}.cedar").write_text(text)


def trail(machine: Machine, query: str) -> list[dict[str, object]]:
    text = machine.spawngate("audit", "query", query, "--format", "json")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize("kind", ["inline", "script", "detached"])
@each()
def test_without_spawngate_the_command_runs(machine: Machine, kind: str, tmp_path: Path) -> None:
    """The control: otherwise the tests below prove nothing."""
    marker = tmp_path / "marker"
    configured(machine, attacks(marker, tmp_path)[kind])
    play(machine)
    assert appears(marker)


@pytest.mark.parametrize("kind", ["inline", "script", "detached"])
@each()
def test_with_spawngate_it_never_does(machine: Machine, kind: str, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    configured(machine, attacks(marker, tmp_path)[kind])
    protect(machine)
    played = play(machine)
    assert not played.run.late
    assert not appears(marker)
    # An agent that ends before a silent probe does, and kills the launcher, leaves the record of the start alone.
    wanted = "channel:launcher" if kind == "script" else "channel:launcher verdict:deny"
    assert trail(machine, wanted), trail(machine, "")


@each()
def test_an_approved_server_serves(machine: Machine, tmp_path: Path) -> None:
    configured(machine, SERVER)
    protect(machine)
    played = play(machine, tmp_path / "called")
    assert (tmp_path / "called").read_text() == "marked"
    assert "marked called" in json.dumps(played.script.results)
    assert trail(machine, "channel:launcher type:decision tool:mark verdict:allow,log")


@each()
def test_a_tool_that_policy_refuses_is_not_called(machine: Machine, tmp_path: Path) -> None:
    configured(machine, SERVER)
    policy(machine, NO_TOOL)
    protect(machine)
    played = play(machine, tmp_path / "called")
    assert not (tmp_path / "called").exists()
    assert "Nothing is marked here." in json.dumps(played.script.results)


@each()
def test_a_server_that_was_changed_after_its_approval_does_not_start(machine: Machine, tmp_path: Path) -> None:
    server = machine.stage.home / "server.py"
    server.write_bytes(Path(tiny_server.__file__).read_bytes())
    configured(machine, [sys.executable, str(server)])
    protect(machine)
    play(machine, tmp_path / "first")
    assert (tmp_path / "first").exists()
    marker = tmp_path / "marker"
    server.write_text(f"open({str(marker)!r}, 'w').close()\n" + server.read_text())
    play(machine, tmp_path / "second")
    assert (appears(marker), (tmp_path / "second").exists()) == (False, False)


@each()
def test_unprotect_gives_the_file_back(machine: Machine) -> None:
    configured(machine, SERVER)
    files = [path for path in machine.stage.home.rglob("*") if path.is_file() and ".git" not in path.parts]
    before = {path: path.read_bytes() for path in files}
    protect(machine)
    machine.spawngate("unprotect")
    assert {path: path.read_bytes() for path in files if path.exists()} == before


def appears(marker: Path) -> bool:
    """Whether the marker is there within two seconds: a detached child takes one."""
    import time

    until = time.monotonic() + 2
    while time.monotonic() < until and not marker.exists():
        time.sleep(0.05)
    return marker.exists()
