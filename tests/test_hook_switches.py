"""Every switch that takes an agent's hooks away, wherever it can stand, is a finding of a scan."""

import tempfile
from pathlib import Path

import pytest

from spawngate.agents import load_agent
from spawngate.agents.agent import Agent
from spawngate.agents.hooks.off_switches import SWITCHES, OffSwitch, Test
from spawngate.endpoint.inventory import Inventory, Request
from spawngate.endpoint.judge import Judge
from spawngate.endpoint.state import State
from spawngate.model.artifact import Scope
from tests.endpoint.protect.test_switches import written

NOT_FOUND = {
    "claude-code-managed-hooks-only": "an administrator's choice that makes hooks stronger",
    "codex-cli-managed-hooks-only": "an administrator's choice that makes hooks stronger",
    "codex-cli-managed-hooks-only-table": "an administrator's choice that makes hooks stronger",
    "grok-build-managed-hooks-only": "an administrator's choice that makes hooks stronger",
}
"""Switches that are shown by `spawngate status` and are no finding, and why."""
CASES = [
    pytest.param(switch, template, scope, id=f"{switch.id} {template}")
    for switch in SWITCHES
    for template, scope in switch.files
    if not template.startswith(("%", "/Library", "{vscode_user}"))
    # What loads code from a person's own file is that person's; forks' further files are not read.
    and not (switch.test is Test.LOADS_CODE and scope is not Scope.PROJECT)
    and template != "{project}/.abacusai/settings.local.json"
]
RULES = {"protection-off", "project-protection-off", "project-environment-loads-code", "project-hook"}


def traces(agent: Agent, home: Path) -> None:
    """Something that shows that the agent is used here."""
    for template in agent.detect.paths:
        if template.startswith("~") and "*" not in template:
            path = home / template.removeprefix("~/")
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch() if "." in path.name[1:] else path.mkdir()
            return


@pytest.mark.parametrize(("switch", "template", "scope"), CASES)
def test_switch_is_a_finding(switch: OffSwitch, template: str, scope: Scope) -> None:
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        home, root, project = base / "home", base / "root", base / "home/project"
        (project / ".claude").mkdir(parents=True)
        root.mkdir()
        traces(load_agent(switch.agent), home)
        name = template.replace("*", "x").replace("{project}", str(project)).replace("~", str(home))
        path = Path(f"{root}{name}" if scope is Scope.MANAGED else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(switch))
        request = Request((str(home),), (str(project),), str(root), processes=False, environment={})
        snapshot = Inventory(State(base / "state"), request).take().snapshot
        found = {finding.rule for finding in Judge().judge(snapshot).findings}
        assert bool(found & RULES) is (switch.id not in NOT_FOUND), found


def test_exceptions_are_switches() -> None:
    assert NOT_FOUND.keys() <= {switch.id for switch in SWITCHES}
