"""Names that people know things by."""

from spawngate.agents import AGENTS
from spawngate.server.views import names


def test_agents_kinds_and_teams() -> None:
    assert names.agent("claude-code") == "Claude Code"
    assert names.agent("vscode-extensions") == "Editor extensions"
    assert names.agent("<unknown>") == "<unknown>"
    assert names.agent("<unknown>", "An agent") == "An agent"
    assert names.agent("claude-code", "<b>") == "Claude Code"
    assert all(names.agent(each) for each in AGENTS)
    assert (names.kind("mcp_server"), names.kinds("skill"), names.kind("new")) == ("MCP server", "Skills", "new")
    team = names.team({0: "", 7: "Core"})
    assert [team(each) for each in ("7", "0", "9", "x", "١")] == ["Core", "no team", "9", "x", "١"]
    assert names.team({0: ""}, "the organisation")("0") == "the organisation"


def test_short_forms() -> None:
    assert names.gravest({"low": 3, "high": 1, "critical": 0}) == "high"
    assert names.gravest({}) == ""
    assert names.short("0123456789abcdef") == "0123456789ab"
    assert names.days_later("2026-02-27", 2) == "2026-03-01"
