"""`agents.places`: from templates to paths."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from spawngate.agents import AGENTS, SURFACES, load_agent, load_surface
from spawngate.agents.agent import ANY, Agent, Location, Moved
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.places import (
    FAMILY,
    SERVERS,
    HomeContext,
    Machine,
    Pattern,
    expand,
    first_name,
    home_patterns,
    is_project,
    is_system,
    moved,
    project_pattern,
    system_patterns,
)
from spawngate.model.artifact import Scope


def nothing(document: Document) -> list[Sighting]:
    return []


def at(template: str, on: tuple[Platform, ...] = ANY) -> Location:
    return Location(template, Scope.USER, nothing, on=on)


AGENT = Agent("tool", "Tool", "Acme", ())
LINUX = HomeContext("/home/ana", "linux")
MACOS = HomeContext("/Users/ana", "macos")
WINDOWS = HomeContext("C:/Users/ana", "windows")


@pytest.mark.parametrize(
    ("template", "home", "path"),
    [
        ("~/.tool/x.json", LINUX, "/home/ana/.tool/x.json"),
        ("~/.tool/x.json", WINDOWS, "C:/Users/ana/.tool/x.json"),
        ("~", LINUX, "/home/ana"),
        ("~/a", HomeContext("/home/ana/", "linux"), "/home/ana/a"),
        ("~/a", HomeContext("/", "linux"), "/a"),
        ("~other/a", LINUX, "~other/a"),
        ("{appdata}/Tool/x.json", LINUX, "/home/ana/.config/Tool/x.json"),
        ("{appdata}/Tool/x.json", MACOS, "/Users/ana/Library/Application Support/Tool/x.json"),
        ("{appdata}/Tool/x.json", WINDOWS, "C:/Users/ana/AppData/Roaming/Tool/x.json"),
        ("%APPDATA%/Tool/*.json", WINDOWS, "C:/Users/ana/AppData/Roaming/Tool/*.json"),
        ("%LOCALAPPDATA%/Tool", WINDOWS, "C:/Users/ana/AppData/Local/Tool"),
        ("%USERPROFILE%/.tool", WINDOWS, "C:/Users/ana/.tool"),
    ],
)
def test_expand(template: str, home: HomeContext, path: str) -> None:
    assert list(expand(template, home)) == [Pattern(path)]


@pytest.mark.parametrize(
    ("home", "first", "servers"),
    [
        (LINUX, "/home/ana/.config/Code/User/mcp.json", True),
        (MACOS, "/Users/ana/Library/Application Support/Code/User/mcp.json", False),
        (WINDOWS, "C:/Users/ana/AppData/Roaming/Code/User/mcp.json", False),
    ],
)
def test_every_editor_of_the_family(home: HomeContext, first: str, servers: bool) -> None:
    found = list(expand("{vscode_user}/mcp.json", home))
    assert found[0] == Pattern(first, "vscode")
    assert [pattern.product for pattern in found] == [
        *(product.id for product in FAMILY),
        *(name for name, _ in SERVERS if servers),
    ]
    assert all(pattern.path.endswith("/User/mcp.json") for pattern in found)
    assert len({pattern.path for pattern in found}) == len(found)


def test_remote_halves_of_editors() -> None:
    found = {pattern.product: pattern.path for pattern in expand("{vscode_user}/settings.json", LINUX)}
    assert found["vscode-server"] == "/home/ana/.vscode-server/data/User/settings.json"
    assert found["code-server"] == "/home/ana/.local/share/code-server/User/settings.json"


def test_extension_folders() -> None:
    found = {pattern.product: pattern.path for pattern in expand("{vscode_extensions}/*/package.json", MACOS)}
    assert set(found) == {*(product.id for product in FAMILY), *(name for name, _ in SERVERS)}
    assert found["cursor"] == "/Users/ana/.cursor/extensions/*/package.json"
    assert found["code-server"] == "/Users/ana/.local/share/code-server/extensions/*/package.json"


MOVING = replace(
    AGENT,
    moved=(
        Moved("TOOL_STATE", "~/.tool.json", "{value}/state.json"),
        Moved("TOOL_HOME", "~/.tool"),
        Moved("OTHER_HOME", "~/.config/other"),
    ),
)


@pytest.mark.parametrize(
    ("template", "environment", "path"),
    [
        ("~/.tool/x", {}, "~/.tool/x"),
        ("~/.tool/x", {"TOOL_HOME": "/t"}, "/t/x"),
        ("~/.tool/x", {"TOOL_HOME": "/t/"}, "/t/x"),
        ("~/.tool", {"TOOL_HOME": "/t"}, "/t"),
        ("~/.tools/x", {"TOOL_HOME": "/t"}, "~/.tools/x"),
        ("~/.tool/x", {"TOOL_HOME": ""}, "~/.tool/x"),
        ("~/.tool.json", {"TOOL_STATE": "/s", "TOOL_HOME": "/t"}, "/s/state.json"),
        ("~/.config/a", {"XDG_CONFIG_HOME": "/c"}, "/c/a"),
        ("~/.config/a", {"XDG_CONFIG_HOME": "relative"}, "~/.config/a"),
        ("~/.config/other/a", {"XDG_CONFIG_HOME": "/c", "OTHER_HOME": "/o"}, "/o/a"),
        ("~/.local/share/a", {"XDG_DATA_HOME": "/d/"}, "/d/a"),
        ("~/.local/state/a", {"XDG_DATA_HOME": "/d"}, "~/.local/state/a"),
        ("~/.cache/a", {"XDG_CACHE_HOME": "/k"}, "/k/a"),
    ],
)
def test_moved(template: str, environment: Mapping[str, str], path: str) -> None:
    assert moved(MOVING, template, environment) == path


def test_home_patterns() -> None:
    home = HomeContext("/home/ana", "linux", {"TOOL_HOME": "/t"})
    assert list(home_patterns(MOVING, at("~/.tool/x"), home)) == [Pattern("/t/x")]
    assert list(home_patterns(MOVING, at("~/.tool/x", ("macos", "windows")), home)) == []
    assert list(home_patterns(MOVING, at("{project}/x"), home)) == []
    assert list(home_patterns(MOVING, at("/etc/x"), home)) == []
    assert list(home_patterns(MOVING, at("%PROGRAMDATA%/x"), WINDOWS)) == []


@pytest.mark.parametrize(
    ("template", "on", "machine", "found"),
    [
        ("/etc/tool/x", ANY, Machine("linux"), [Pattern("/etc/tool/x")]),
        ("/etc/tool/x", ANY, Machine("linux", "/mnt/image/"), [Pattern("/mnt/image/etc/tool/x")]),
        ("/etc/tool/x", ("linux",), Machine("windows", "C:"), []),
        ("%PROGRAMDATA%/Tool/x", ("windows",), Machine("windows", "C:"), [Pattern("C:/ProgramData/Tool/x")]),
        ("%PROGRAMFILES%/Tool/x", ("windows",), Machine("windows", "C:"), [Pattern("C:/Program Files/Tool/x")]),
        ("~/x", ANY, Machine("linux"), []),
        ("{project}/x", ANY, Machine("linux"), []),
        ("%APPDATA%/x", ANY, Machine("windows", "C:"), []),
    ],
)
def test_system_patterns(template: str, on: tuple[Platform, ...], machine: Machine, found: list[Pattern]) -> None:
    assert list(system_patterns(at(template, on), machine)) == found


def test_project_locations() -> None:
    location = at("{project}/.tool/mcp.json")
    assert project_pattern(location, "/w/p") == Pattern("/w/p/.tool/mcp.json")
    assert project_pattern(location, "/w/p/") == Pattern("/w/p/.tool/mcp.json")
    assert first_name(location) == ".tool"
    assert first_name(at("{project}/AGENTS.md")) == "AGENTS.md"
    assert first_name(at("{project}/**/*.md")) == "**"


EVERY = [load_agent(name) for name in AGENTS] + [load_surface(name) for name in SURFACES]


@pytest.mark.parametrize("agent", EVERY, ids=lambda agent: agent.id)
def test_every_location_is_of_exactly_one_sort(agent: Agent) -> None:
    for location in agent.locations:
        sorts = [is_project(location), is_system(location)]
        assert sum(sorts) <= 1
        if not any(sorts):
            homes = {"linux": LINUX, "macos": MACOS, "windows": WINDOWS}
            paths = [pattern.path for name in location.on for pattern in home_patterns(agent, location, homes[name])]
            assert paths, location.template
            assert [path for path in paths if "{" in path or "~" in path or "\\" in path] == []
        elif is_system(location):
            for platform in location.on:
                paths = [pattern.path for pattern in system_patterns(location, Machine(platform))]
                assert [path for path in paths if not path.startswith("/") or "%" in path or "{" in path] == []
        else:
            path = project_pattern(location, "/w").path
            assert path.startswith("/w/")
            assert "{" not in path
            assert first_name(location)
