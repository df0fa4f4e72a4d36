"""Copilot's list is Claude Code's, in another file."""

from spawngate.agents.lists import claude_code, copilot_cli
from tests.agents.lists.servers import ALL


def test_list() -> None:
    made = copilot_cli.LIST.compile(ALL)
    assert made.operations == claude_code.LIST.compile(ALL).operations[:1]
    assert made.places[0].template == "/etc/github-copilot/managed-settings.json"
