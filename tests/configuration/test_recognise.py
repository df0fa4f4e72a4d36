"""Agents' files are recognised however their path is spelled, and nothing else is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents import AGENTS, load_agent
from spawngate.command.context import CallContext
from spawngate.configuration import recognise as module
from spawngate.configuration.recognise import ORDINARY, lies_beside, meant, recognise

CONTEXT = CallContext(home="/home/dev", cwd="/home/dev/project")


def found(path: str, context: CallContext = CONTEXT, cwd: str = "") -> set[tuple[str, str, str | None]]:
    return {(known.agent, known.location.template, known.project) for known in recognise(path, context, cwd)}


CLAUDE = ("claude-code", "~/.claude/settings.json", None)


@pytest.mark.parametrize(
    "path",
    [
        "~/.claude/settings.json",
        "/home/dev/.claude/settings.json",
        "$HOME/.claude/settings.json",
        "${HOME}/.claude/settings.json",
        "../.claude/settings.json",
        "/home/dev/project/../.claude/./settings.json",
        "//home/dev//.claude/settings.json",
    ],
)
def test_every_spelling_of_a_home_file(path: str) -> None:
    assert CLAUDE in found(path)


def test_relative_to_another_folder() -> None:
    assert CLAUDE in found("settings.json", cwd="~/.claude")
    assert ("claude-code", "{project}/.mcp.json", "~/project/sub") in found(".mcp.json", cwd="sub")


def test_a_project_file_in_any_folder() -> None:
    assert ("cursor", "{project}/.cursor/mcp.json", "~/other") in found("~/other/.cursor/mcp.json")
    assert ("claude-code", "{project}/.claude/commands/**/*.md", "~/project") in found(".claude/commands/a/b/c.md")


def test_the_home_is_no_project_of_an_own_file() -> None:
    assert {project for _, _, project in found("~/.claude/settings.json")} == {None}


def test_owners_come_before_those_that_share() -> None:
    shared = [known.location.shared for known in recognise(".mcp.json", CONTEXT)]
    assert shared == sorted(shared)
    assert recognise("~/.claude.json", CONTEXT)[0].agent == "claude-code"


def test_letter_case_counts_on_linux_alone() -> None:
    assert found("~/.CLAUDE/Settings.json") == set()
    mac = CallContext(home="/Users/dev", cwd="/Users/dev/p", platform="macos")
    assert CLAUDE in found("/Users/dev/.Claude/SETTINGS.json", mac)
    windows = CallContext(home=r"C:\Users\dev", cwd=r"C:\Users\dev\p", platform="windows")
    assert CLAUDE in found(r"C:\users\DEV\.claude\settings.json", windows)
    assert ("claude-desktop", "{appdata}/Claude/claude_desktop_config.json", None) in found(
        r"%APPDATA%\Claude\claude_desktop_config.json", windows
    )


def test_products_of_the_editor_family() -> None:
    (known,) = [one for one in recognise("~/.config/Cursor/User/mcp.json", CONTEXT) if one.agent == "vscode"]
    assert known.product == "cursor"


@pytest.mark.parametrize("path", ["", "-", "README.md", "src/main.py", "settings.json", "package.json", "~", "/", "."])
def test_others_are_none(path: str) -> None:
    assert found(path) == set()


def test_every_location_without_a_pattern_is_found() -> None:
    """For every agent: a template with its folder filled in is that agent's file."""
    missed = []
    for agent_id in AGENTS:
        for location in load_agent(agent_id).locations:
            template = location.template
            if "*" in template or template.removeprefix("{project}/") in ORDINARY:
                continue
            path = template.replace("{project}", "/work/p").replace("{appdata}", "~/.config")
            path = path.replace("{vscode_user}", "~/.config/Code/User").replace(
                "{vscode_extensions}", "~/.vscode/extensions"
            )
            if path.startswith("%"):
                continue
            if not any(known.agent == agent_id for known in recognise(path, CONTEXT)):
                missed.append((agent_id, template))
    assert missed == []


def test_a_lookup_is_quick() -> None:
    recognise("warm", CONTEXT)
    started = time.process_time()
    for number in range(300):
        recognise(f"src/{number}/module.py", CONTEXT)
    assert (time.process_time() - started) / 300 < 0.002


@given(st.text(max_size=200))
def test_any_text_gives_an_answer(path: str) -> None:
    assert recognise(path, CONTEXT) == recognise(path, CONTEXT)


_LASTS = sorted(
    {row.known.location.template.rpartition("/")[2] for rows in module._table().exact.values() for row in rows}
)


@given(
    st.sampled_from(
        ["", "/", "~/.claude/", "/home/dev/.cursor/", "$HOME/.codex/", "src/", "%APPDATA%/Code/User/", "//a/", "../"]
    ),
    st.sampled_from(_LASTS)
    | st.text("aZ_-.$%~{}\\09", max_size=8)
    | st.sampled_from(["a.md", "x.json", "skill.MD", "Mcp.JSON"]),
    st.sampled_from(["linux", "windows", "macos"]),
)
def test_the_first_look_at_the_name_hides_no_file(folder: str, name: str, platform: str) -> None:
    context = CallContext(home="/home/dev", cwd="/home/dev/project", platform=platform)  # type: ignore[arg-type]  # one of the names of platforms
    path = folder + name
    whole = module._recognise(path, context.home, context.cwd, context.project, context.platform, "") if path else ()
    assert recognise(path, context) == (() if path.startswith("-") else whole)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (".mc[p].json", (".mcp.json",)),
        ("./sub/.mcp.js?n", ("./sub/.mcp.json",)),
        ("CLAUDE.m*", ("CLAUDE.md",)),
        ("*.json", ()),
        ("m*", ()),
        (".mcp.json", ()),
        (".mcp*/x", ()),
        ("nothing?", ()),
    ],
)
def test_what_a_pattern_stands_for(pattern: str, expected: tuple[str, ...]) -> None:
    assert meant(pattern) == expected


@given(st.text(alphabet="a.mcp*?[]!-/\\", max_size=30))
def test_any_pattern(text: str) -> None:
    assert len(meant(text)) <= module.MOST_MEANT


def test_a_folder_in_which_an_agent_keeps_a_file_of_its_own() -> None:
    for folder in ("~/.config/zed", "~/.warp", "~/.config/Code/User", "/home/dev/.codex/", "~/.config/Cursor/User"):
        assert lies_beside(folder, CONTEXT), folder
    for folder in ("build", ".vscode", "~/.config", "/tmp/x", "~/.local/share", ""):
        assert not lies_beside(folder, CONTEXT), folder
