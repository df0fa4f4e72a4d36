"""Rows that the agents' own locations become."""

from spawngate.command.agent_places import agent_places
from spawngate.command.places import PLACES


def test_labels_are_classes_of_places() -> None:
    assert set(agent_places()) <= set(PLACES)


def test_what_a_location_holds_decides_its_label() -> None:
    rows = agent_places()
    assert "~/.claude/settings.json" in rows["agent-config"]
    assert ".mcp.json" in rows["agent-config"]
    assert "CLAUDE.md" in rows["agent-instructions"]
    assert "/etc/claude-code/managed-settings.json" in rows["agent-managed"]
    assert ".vscode/settings.json" in rows["editor-settings"]
    assert "~/AppData/Roaming/Cursor/User/settings.json" in rows["editor-settings"]


def test_names_that_other_programs_have_are_left_out() -> None:
    found = {row for rows in agent_places().values() for row in rows}
    assert found.isdisjoint({"config.toml", ".env", "package.json", "settings.json"})
    assert not any("{" in row or "%" in row for row in found)
