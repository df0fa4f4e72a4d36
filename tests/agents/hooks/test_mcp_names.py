"""Names of MCP tools in all eight forms, against the inventory."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.hooks.dialect import McpForm
from spawngate.agents.hooks.mcp_names import Resolved, is_mcp_name, resolve, sanitised, settle
from spawngate.model.call import ToolCall, ToolKind

FORMS: tuple[McpForm, ...] = ("double", "cursor", "prefixed", "at", "bare-double", "single", "dash", "fields")
SERVERS = ("git", "git_hub", "my server", "a.b", "tools", "x__y", "Probe")


@pytest.mark.parametrize(
    ("form", "name", "expected"),
    [
        ("double", "mcp__git__log", Resolved("git", "log", known=True)),
        ("double", "mcp__other__log", Resolved("other", "log")),
        ("double", "mcp__git_hub__get", Resolved("git_hub", "get", known=True)),
        ("double", "mcp__my_server__get", Resolved("my server", "get", known=True)),
        ("double", "mcp__a_b__get", Resolved("a.b", "get", known=True)),
        ("double", "mcp__x__y__z", Resolved("x__y", "z", known=True)),
        ("double", "mcp__probe__t", Resolved("Probe", "t", known=True)),
        ("double", "mcp__plugin_dev_git__log", Resolved("git", "log", known=True)),
        ("double", "mcp__plugin_dev_git_hub__log", Resolved("git_hub", "log", known=True)),
        ("double", "mcp__plugin_dev_none__log", Resolved("plugin_dev_none", "log")),
        ("double", "mcp__git__", Resolved(tool="git__")),
        ("double", "mcp__", Resolved()),
        ("double", "Bash", Resolved()),
        ("cursor", "MCP:get", Resolved(tool="get")),
        ("cursor", "Shell", Resolved()),
        ("prefixed", "mcp_git_log", Resolved("git", "log", known=True)),
        ("prefixed", "mcp_git_hub_get", Resolved("git_hub", "get", ("git",), known=True)),
        ("prefixed", "mcp_other_get", Resolved(tool="other_get")),
        ("prefixed", "mcp_my_server_get_it", Resolved("my server", "get_it", known=True)),
        ("at", "@git/log", Resolved("git", "log", known=True)),
        ("at", "@other/log/x", Resolved("other", "log/x")),
        ("at", "git/log", Resolved()),
        ("bare-double", "git__log", Resolved("git", "log", known=True)),
        ("bare-double", "x__y__z", Resolved("x__y", "z", known=True)),
        ("bare-double", "other__log", Resolved("other", "log")),
        ("single", "git_log", Resolved("git", "log", known=True)),
        ("single", "git_hub_get", Resolved("git_hub", "get", ("git",), known=True)),
        ("single", "web_search", Resolved(tool="web_search")),
        ("dash", "git-log", Resolved("git", "log", known=True)),
        ("dash", "my_server-get", Resolved("my server", "get", known=True)),
        ("dash", "ask_user", Resolved()),
        ("fields", "get", Resolved(tool="get")),
    ],
)
def test_resolve(form: McpForm, name: str, expected: Resolved) -> None:
    assert resolve(form, name, SERVERS) == expected


def test_servers_that_are_written_alike_are_ambiguous() -> None:
    assert resolve("double", "mcp__a_b__t", ("a.b", "a b")) == Resolved("a b", "t", ("a.b",), known=True)


def test_the_name_as_it_is_goes_before_a_replaced_one() -> None:
    assert resolve("double", "mcp__a_b__t", ("a.b", "a_b")) == Resolved("a_b", "t", ("a.b",), known=True)


def test_name_that_was_cut_in_its_middle() -> None:
    server, tool = "documentation-and-search", "search_everything_in_the_whole_knowledge_base"
    whole = f"mcp_{server}_{tool}"
    cut = f"{whole[:30]}___{whole[-30:]}"
    assert resolve("prefixed", cut, ("docs", server)).server == server


@pytest.mark.parametrize(
    ("form", "name", "expected"),
    [
        ("double", "mcp__a__b", True),
        ("single", "mcp__a__b", True),
        ("double", "mcp_a_b", False),
        ("prefixed", "mcp_a_b", True),
        ("cursor", "MCP:b", True),
        ("at", "@a/b", True),
        ("at", "@a", False),
        ("bare-double", "a__b", True),
        ("bare-double", "__init", False),
        ("single", "a_b", False),
        ("dash", "a-b", False),
    ],
)
def test_names_that_say_so(form: McpForm, name: str, expected: bool) -> None:
    assert is_mcp_name(form, name) is expected


CALL = ToolCall("opencode", "git_hub_get", ToolKind.OTHER)


def test_unknown_tool_becomes_a_call_of_a_configured_server() -> None:
    assert settle(CALL, "single", ("git_hub",)) == replace(CALL, kind=ToolKind.MCP, server="git_hub", server_tool="get")
    assert settle(CALL, "single", ("git_hub", "git")) == replace(
        CALL,
        kind=ToolKind.MCP,
        server="git_hub",
        server_tool="get",
        problems=("tool_name: more than one MCP server fits",),
    )


def test_unknown_tool_of_no_server_stays() -> None:
    assert settle(CALL, "single", ("probe",)) == CALL


def test_server_in_a_field_stays() -> None:
    call = ToolCall("gemini-cli", "mcp_a_b_c", ToolKind.MCP, server="a", server_tool="b_c")
    assert settle(call, "prefixed", ("a_b",)) == call


def test_guess_is_settled() -> None:
    call = ToolCall("claude-code", "mcp__x__y__z", ToolKind.MCP, server="x", server_tool="y__z")
    assert settle(call, "double", ("x__y",)) == replace(call, server="x__y", server_tool="z")


def test_shell_stays_a_shell() -> None:
    call = ToolCall("opencode", "run_command", ToolKind.SHELL)
    assert settle(call, "single", ("run",)) == call


@given(st.sampled_from(FORMS), st.text(max_size=80), st.lists(st.text(max_size=12), max_size=4))
def test_any_name(form: McpForm, name: str, servers: list[str]) -> None:
    found = resolve(form, name, servers)
    assert found.known is (found.server in servers and found.known)
    assert found.server not in found.others
    assert set(found.others) <= set(servers)


NAMES = st.text(st.sampled_from("abcXY09_-. "), min_size=1, max_size=10).filter(lambda name: name.strip("_ .-") == name)


@given(st.sampled_from(("double", "prefixed", "at", "bare-double", "single", "dash")), NAMES, NAMES)
def test_a_lone_server_is_found_under_every_form_of_its_name(form: McpForm, server: str, tool: str) -> None:
    shapes = {
        "double": "mcp__{}__{}",
        "prefixed": "mcp_{}_{}",
        "at": "@{}/{}",
        "bare-double": "{}__{}",
        "single": "{}_{}",
        "dash": "{}-{}",
    }
    for written in sanitised(server):
        assert resolve(form, shapes[form].format(written, tool), [server]) == Resolved(server, tool, known=True)
