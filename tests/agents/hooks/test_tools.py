"""Tools by name: one table over all agents, and an agent's own before it."""

import pytest

from spawngate.agents.hooks.tools import COMMON, EDIT, PATCH, SHELL, tool_of
from spawngate.model.call import ToolKind

MEASURED = {
    ToolKind.SHELL: "Bash run_shell_command monitor bash run_commands exec_command RunCommand Execute terminal shell",
    ToolKind.WRITE: "Write apply_patch write_file create write editor Edit replace MultiEdit NotebookEdit ApplyPatch",
    ToolKind.FETCH: "WebFetch web_fetch webfetch fetch_web_content FetchUrl read_url_content fetch_webpage",
    ToolKind.SUBAGENT: "Agent Task spawn_agent collaborationspawn_agent invoke_agent agent task",
    ToolKind.READ: "Read read_file view read_files fs_read view_file read_many_files",
    ToolKind.SEARCH: "Glob Grep LS WebSearch google_web_search list_dir",
    ToolKind.MCP: "use_mcp_tool access_mcp_resource mcp_call_tool",
}
"""Names that real clients sent or vendors document."""


@pytest.mark.parametrize(("kind", "names"), MEASURED.items())
def test_kinds(kind: ToolKind, names: str) -> None:
    found = {name: tool_of(name, {}) for name in names.split()}
    assert {name: tool.kind if tool else None for name, tool in found.items()} == dict.fromkeys(names.split(), kind)


def test_own_table_goes_first() -> None:
    assert tool_of("Write", {"write": PATCH}) is PATCH
    assert tool_of("Edit", {"write": PATCH}) is EDIT


def test_namespace_is_left_off() -> None:
    assert tool_of("file_system.bash", {}) is SHELL
    assert tool_of("functions.exec_command", {}) is SHELL
    assert tool_of("functions.nothing", {}) is None


def test_a_tool_of_a_server_is_no_tool_of_ours() -> None:
    assert tool_of("evil__x.bash", {}) is None
    assert tool_of("", {}) is None


def test_names_are_lower_case() -> None:
    assert [name for name in COMMON if name != name.lower()] == []
