"""`readers.claude_shaped`: settings, state and hook files of the forks of Claude Code."""

import pytest
from hypothesis import given, settings

from spawngate.agents.readers.claude_shaped import ClaudeSettings, ClaudeState, HookDocument
from spawngate.model.json import Json
from tests.agents.readers.seen import (
    anything,
    given_value,
    item,
    launch,
    read,
    said,
    survive,
    survive_all,
    wrong,
    wrong_everywhere,
)

SETTINGS: Json = {
    "permissions": {
        "allow": ["Bash(ls)"],
        "deny": ["Read(.env)"],
        "defaultMode": "yolo",
        "additionalDirectories": ["/d"],
    },
    "enabledMcpjsonServers": ["a"],
    "disabledMcpjsonServers": ["b"],
    "enableAllProjectMcpServers": True,
    "enabledPlugins": {"on@m": True, "off@m": False},
    "disableAllHooks": False,
    "apiKeyHelper": "/bin/helper",
    "own.switch": 3,
    "statusLine": {"type": "command", "command": "line"},
    "env": {"A": "b", "N": 1, "E": None},
    "allowedMcpServers": [{"serverName": "a"}],
    "deniedMcpServers": ["b"],
}
READ_SETTINGS = ClaudeSettings(("own.switch",), ("yolo",))


def test_settings() -> None:
    assert read(READ_SETTINGS, given_value(SETTINGS)) == (
        [
            said("permission", "Bash(ls)", "allow", "permissions.allow"),
            said("permission", "Read(.env)", "deny", "permissions.deny"),
            said("switch", "permissions.defaultMode", "yolo", "permissions.defaultMode"),
            said("permission", "Directory(/d)", "allow", "permissions.additionalDirectories"),
            said("auto_approve", "yolo", True, "permissions.defaultMode"),
            said("server_status", "a", "approved", "enabledMcpjsonServers"),
            said("server_status", "b", "disabled", "disabledMcpjsonServers"),
            said("auto_approve", "project MCP servers", True, "enableAllProjectMcpServers"),
            said("server_status", "*", "approved", "enableAllProjectMcpServers"),
            said("plugin_status", "on@m", True, "enabledPlugins.on@m"),
            said("plugin_status", "off@m", False, "enabledPlugins.off@m"),
            said("switch", "disableAllHooks", False, "disableAllHooks"),
            said("switch", "enableAllProjectMcpServers", True, "enableAllProjectMcpServers"),
            said("switch", "apiKeyHelper", "/bin/helper", "apiKeyHelper"),
            said("switch", "statusLine.command", "line", "statusLine.command"),
            said("switch", "own.switch", 3, "own.switch"),
            said("switch", "env.A", "b", "env.A"),
            said("switch", "env.N", "1", "env.N"),
            said("server_policy", "allow", {"serverName": "a"}, "allowedMcpServers"),
            said("server_policy", "deny", "b", "deniedMcpServers"),
        ],
        [],
    )


def test_mode_that_is_not_blanket() -> None:
    found = read(ClaudeSettings(), given_value({"permissions": {"defaultMode": "yolo"}}))
    assert found == ([said("switch", "permissions.defaultMode", "yolo", "permissions.defaultMode")], [])


def test_wrong_settings() -> None:
    value: Json = {
        "permissions": [],
        "enabledMcpjsonServers": 7,
        "disabledMcpjsonServers": [None, {}, "b"],
        "enableAllProjectMcpServers": "true",
        "enabledPlugins": 7,
        "env": ["A=b"],
        "allowedMcpServers": {"serverName": "a"},
        "deniedMcpServers": None,
    }
    assert read(ClaudeSettings(), given_value(value)) == (
        [
            said("server_status", "b", "disabled", "disabledMcpjsonServers"),
            said("switch", "enableAllProjectMcpServers", "true", "enableAllProjectMcpServers"),
        ],
        [
            wrong("permissions"),
            wrong("enabledMcpjsonServers", "a list"),
            wrong("disabledMcpjsonServers[1]", "text"),
            wrong("enabledPlugins", "a list"),
            wrong("env"),
            wrong("allowedMcpServers", "a list"),
        ],
    )


STATE: Json = {
    "mcpServers": {"u": {"command": "x"}},
    "projects": {
        "/w": {
            "mcpServers": {"l": {"url": "https://x"}},
            "hasTrustDialogAccepted": True,
            "enabledMcpjsonServers": ["a"],
            "disabledMcpServers": ["u"],
            "allowedTools": ["Bash(ls)"],
        },
        "/odd": 7,
        "/empty": {"hasTrustDialogAccepted": "yes"},
    },
}


def test_state() -> None:
    assert read(ClaudeState(), given_value(STATE)) == (
        [
            item("mcp_server", "u", pointer="mcpServers.u", launch=launch("stdio", "x")),
            said("project", "/w", True, "projects./w"),
            said("trust", "/w", True, "projects./w", project="/w"),
            item(
                "mcp_server",
                "l",
                scope="local",
                pointer="projects./w.mcpServers.l",
                launch=launch("http", url="https://x"),
                project="/w",
            ),
            said("server_status", "a", "approved", "projects./w.enabledMcpjsonServers", project="/w"),
            said("server_status", "u", "disabled", "projects./w", project="/w"),
            said("permission", "Bash(ls)", "allow", "projects./w", project="/w"),
            said("project", "/odd", True, "projects./odd"),
            said("project", "/empty", True, "projects./empty"),
        ],
        [wrong("projects./odd")],
    )


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ({"hooks": {"Stop": [{"command": "x"}]}}, "hooks.Stop[0]"),
        ({"Stop": [{"command": "x"}], "version": 1, "$schema": "s", "description": "d"}, "Stop[0]"),
    ],
)
def test_hook_document(value: Json, pointer: str) -> None:
    detail = {"event": "Stop", "command": "x", "type": "command"}
    assert read(HookDocument(), given_value(value)) == ([item("hook", "Stop", pointer=pointer, detail=detail)], [])


def test_hook_document_of_wrong_types() -> None:
    assert read(HookDocument(), given_value({"hooks": 7})) == ([], [wrong("hooks")])
    assert read(HookDocument(), given_value({"hooks": None})) == ([], [])
    assert read(HookDocument(), given_value({"Stop": 7})) == ([], [wrong(".Stop", "a list")])
    assert read(HookDocument(), given_value([])) == ([], [("wrong-type", "the document is not a map")])


def test_wrong_types_everywhere() -> None:
    survive_all(READ_SETTINGS, wrong_everywhere(SETTINGS))
    survive_all(ClaudeState(), wrong_everywhere(STATE))
    survive_all(HookDocument(), wrong_everywhere({"hooks": {"Stop": [{"hooks": [{"command": "x"}]}]}}))


@given(
    anything(
        "permissions", "allow", "defaultMode", "mcpServers", "projects", "env", "enabledPlugins", "hooks", "command"
    )
)
@settings(deadline=None)
def test_no_value_raises(value: Json) -> None:
    for reader in (READ_SETTINGS, ClaudeState(), HookDocument()):
        survive(reader, given_value(value))
    survive(ClaudeState(), given_value({"projects": {"/w": value}}))
