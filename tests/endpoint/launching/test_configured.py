"""Entries as the files have them, and why some stay as they are."""

from pathlib import Path

from spawngate.agents.formats.launch_places import LaunchPlace
from spawngate.endpoint.launching.configured import NOT_A_PROCESS, configured
from spawngate.endpoint.launching.known import Entry
from spawngate.launch.definition import Definition
from tests.endpoint.launching.homes import Home

MCP = """{"mcpServers": {
  "a": {"command": "npx", "args": ["-y", "a"], "env": {"B": "ghp_abcdefghijklmnopqrstuvwxyz0123456789"}, "cwd": "/p",
        "startup_timeout_ms": 5000, "timeout": 7},
  "r": {"url": "https://r.example/mcp"},
  "n": {},
  "l": {"command": "npx -y whole"}
}}"""


def test_entries(tmp_path: Path) -> None:
    home = Home(tmp_path)
    path = home.write(".cursor/mcp.json", MCP)
    a, r, n, l_ = configured(home.around, ("cursor",))
    assert (a.path, a.place, a.through, a.problem) == (
        str(path),
        LaunchPlace(("mcpServers", "a"), "separate", "command", "args"),
        None,
        "",
    )
    assert [each.problem for each in (r, n, l_)] == [
        NOT_A_PROCESS,
        "its file names nothing that it starts",
        "its command holds its arguments; give these apart in args",
    ]
    assert a.entry == Entry(a.id, "cursor", "a", str(path), "user", ("B",), "/p", 5.0)
    assert a.definition("linux") == Definition(
        "npx", ("-y", "a"), {"B": "ghp_abcdefghijklmnopqrstuvwxyz0123456789"}, "/p", agent="cursor"
    )
    assert "ghp_" not in repr(a) + repr(a.artifact)


def test_projects_only_where_they_are_named(tmp_path: Path) -> None:
    home = Home(tmp_path)
    (home.project / ".cursor").mkdir()
    (home.project / ".cursor/mcp.json").write_text('{"mcpServers": {"p": {"command": "p"}}}')
    assert configured(home.around, ("cursor",)) == []
    assert [item.artifact.name for item in configured(home.around, ("cursor",), [str(home.project)])] == ["p"]


def test_ids_are_those_of_the_inventory(tmp_path: Path) -> None:
    from spawngate.endpoint.collect import Collector, Plan
    from spawngate.endpoint.homes import Home as Place
    from spawngate.endpoint.state import State
    from spawngate.model.artifact import Kind
    from spawngate.redact.artifact import Crossing
    from spawngate.redact.redactor import Redactor

    home = Home(tmp_path)
    home.write(".cursor/mcp.json", MCP)
    state = State(home.state)
    collector = Collector(Crossing(Redactor(state.key()), state.endpoint()))
    plan = Plan((Place(str(home.home), "u", "linux"),), system_root=str(tmp_path / "none"))

    def servers() -> dict[str, str]:
        found = collector.collect(plan).artifacts
        wanted = (each for each in found if each.kind is Kind.MCP_SERVER and each.agent == "cursor")
        return {each.id: each.fingerprint for each in wanted}

    before = servers()
    assert {item.id for item in configured(home.around, ("cursor",))} == set(before)
    home.agents = ("cursor",)
    home.protect()
    # The scan sees through the launcher: neither ids nor fingerprints change.
    assert servers() == before


def test_a_file_that_several_agents_read_is_its_owners(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write(".claude.json", '{"mcpServers": {"a": {"command": "a"}}}')
    found = [item for item in configured(home.around) if item.path.endswith(".claude.json")]
    assert [(item.artifact.agent, item.artifact.name) for item in found] == [("claude-code", "a")]
