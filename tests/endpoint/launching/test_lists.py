"""The agents' own lists on a machine: what goes in, writing, being in step, and taking back."""

import json
import tomllib
from pathlib import Path

import pytest

from spawngate.endpoint.launching import lists
from spawngate.endpoint.launching.configured import configured
from spawngate.endpoint.launching.lists import NOT_APPROVED
from spawngate.endpoint.protect.present import Surroundings
from spawngate.model.errors import UsageError
from tests.endpoint.launching.homes import LAUNCHER, Home

NOW = "2026-11-21T12:00:00.000000Z"
SERVERS = {
    "files": {"command": "npx", "args": ["-y", "files@1.0.0", "/w"]},
    "docs": {"type": "http", "url": "https://docs.example/mcp"},
}


class Machine(Home):
    """A home, and a folder that stands for the machine's root."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        (root / "sys").mkdir()
        self.around = Surroundings(str(self.home), self.state, str(root / "sys"), {})
        self.root = root / "sys"

    def held(self, path: str) -> str:
        return (self.root / path).read_text()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    made = Machine(tmp_path)
    made.write(".claude.json", json.dumps({"mcpServers": SERVERS}))
    made.write(".codex/config.toml", '[mcp_servers.files]\ncommand = "npx"\nargs = ["-y", "files@1.0.0", "/w"]\n')
    return made


def test_what_is_not_approved_is_left_out(machine: Machine) -> None:
    (outlook,) = lists.look_ahead(machine.around, ["claude-code"], NOW)
    assert outlook.compiled.operations[0].value == [{"serverUrl": "https://docs.example/mcp"}]
    assert outlook.left_out == (("files", NOT_APPROVED),)
    assert not outlook.in_step


def test_a_look_makes_nothing(machine: Machine) -> None:
    lists.look_ahead(machine.around, [], NOW)
    assert lists.withdraw(machine.around, []) == []
    assert not (machine.state / "launching").exists()
    assert not (machine.state / "protect").exists()


def test_what_stands_behind_the_launcher_goes_in_as_it_stands(machine: Machine) -> None:
    machine.protect()
    (claude, codex) = lists.look_ahead(machine.around, [], NOW)
    (item,) = (each for each in configured(machine.around, ["claude-code"]) if each.artifact.name == "files")
    assert claude.compiled.operations[0].value == [
        {"serverUrl": "https://docs.example/mcp"},
        {"serverCommand": [*LAUNCHER, "--id", item.id, "--", "npx", "-y", "files@1.0.0", "/w"]},
    ]
    assert codex.compiled.operations[0].value == {"files": {"identity": {"command": LAUNCHER[0]}}}


def test_written_in_step_and_taken_back(machine: Machine) -> None:
    (machine.root / "etc/codex").mkdir(parents=True)
    requirements = machine.root / "etc/codex/requirements.toml"
    requirements.write_text("# the administrator's\nallowed_sandbox_modes = ['read-only']\n")
    before = requirements.read_bytes()
    machine.protect()
    done = lists.carry_out(machine.around, lists.look_ahead(machine.around, [], NOW))
    assert [(item.agent, item.outcome) for item in done] == [("claude-code", "written"), ("codex-cli", "written")]
    assert json.loads(machine.held("etc/claude-code/managed-settings.d/50-spawngate-servers.json"))[
        "allowManagedMcpServersOnly"
    ]
    assert set(tomllib.loads(requirements.read_text())) == {"allowed_sandbox_modes", "mcp_servers"}
    assert all(outlook.in_step for outlook in lists.look_ahead(machine.around, [], NOW))
    machine.write(".claude.json", json.dumps({"mcpServers": {}}))
    assert [outlook.in_step for outlook in lists.look_ahead(machine.around, [], NOW)] == [False, True]
    assert {item.outcome for item in lists.withdraw(machine.around, [])} == {"restored", "deleted"}
    assert requirements.read_bytes() == before
    assert not (machine.root / "etc/claude-code").exists()


def test_a_server_that_is_off_is_left_out(machine: Machine) -> None:
    machine.write(".codex/config.toml", '[mcp_servers.files]\ncommand = "npx"\nenabled = false\n')
    (outlook,) = lists.look_ahead(machine.around, ["codex-cli"], NOW)
    assert outlook.left_out == (("files", "it is disabled"),)


def test_an_agent_without_a_list(machine: Machine) -> None:
    with pytest.raises(UsageError, match="zed: enforces no list of its own; those that do: claude-code"):
        lists.look_ahead(machine.around, ["zed"], NOW)


def test_known_agents() -> None:
    assert lists.known_agents()[0] == "claude-code"
