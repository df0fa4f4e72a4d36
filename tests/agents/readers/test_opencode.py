"""`readers.opencode`: the configuration of OpenCode and Kilo Code."""

from typing import Any

import pytest
from hypothesis import given, settings

from spawngate.agents.agent import Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.readers.opencode import folder_parts, permissions, read_config, read_project
from spawngate.agents.readers.scripts import SCRIPT, TOOL
from spawngate.agents.readers.texts import SKILL
from spawngate.model.artifact import Scope
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


def config(**value: Json) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    return read(read_config, given_value(value))


LOCAL = launch("stdio", "npx", "-y", "x", env={"A": "b"})


def test_servers_of_1x() -> None:
    assert config(
        mcp={
            "l": {"type": "local", "command": ["npx", "-y", "x"], "environment": {"A": "b"}, "enabled": False},
            "r": {"type": "remote", "url": "https://x", "headers": {"A": "b"}, "timeout": 5},
            "on": {"enabled": True},
            "off": {"enabled": False},
            "off too": {"disabled": True},
            "nothing": None,
            "servers": {"type": "local", "command": ["s"]},
        }
    ) == (
        [
            item("mcp_server", "l", pointer="mcp.l", status="disabled", launch=LOCAL),
            item(
                "mcp_server",
                "r",
                pointer="mcp.r",
                launch=launch("http", url="https://x", headers={"A": "b"}),
                detail={"timeout": 5},
            ),
            said("server_status", "on", "enabled", "mcp.on"),
            said("server_status", "off", "disabled", "mcp.off"),
            said("server_status", "off too", "disabled", "mcp.off too"),
            item("mcp_server", "nothing", pointer="mcp.nothing", status="unreadable", launch=launch("unknown")),
            item("mcp_server", "servers", pointer="mcp.servers", launch=launch("stdio", "s")),
        ],
        [("wrong-type", "mcp.nothing is null where a server was meant")],
    )


def test_servers_of_2x() -> None:
    assert config(
        mcp={"servers": {"a": {"command": ["x"]}}, "timeout": 5, "defaults": {}, "b": {"url": "https://x"}}
    ) == (
        [
            item("mcp_server", "a", pointer="mcp.servers.a", launch=launch("stdio", "x")),
            item("mcp_server", "b", pointer="mcp.b", launch=launch("http", url="https://x")),
        ],
        [],
    )


def asked(document: Document) -> list[Sighting]:
    return list(permissions(document, document.value(), "p", "x:"))


@pytest.mark.parametrize(
    ("rules", "found", "left"),
    [
        ("allow", [said("permission", "x:*", "allow", "p"), said("auto_approve", "x:*", True, "p")], []),
        ("ask", [said("permission", "x:*", "ask", "p")], []),
        (
            {"edit": "deny", "bash": {"git *": "allow", "rm *": None, "ls": {}}, "*": "allow", "odd": 7},
            [
                said("permission", "x:edit", "deny", "p.edit"),
                said("permission", "x:bash(git *)", "allow", "p.bash.git *"),
                said("permission", "x:*", "allow", "p.*"),
                said("auto_approve", "x:*", True, "p.*"),
            ],
            [wrong("p.bash.ls", "text"), wrong("p.odd")],
        ),
        (
            [
                {"permission": "bash", "pattern": "git *", "action": "allow"},
                {"tool": "edit", "resource": "*", "effect": "deny"},
                {"action": "read", "effect": "ask"},
                {"tool": "x"},
                None,
                7,
            ],
            [
                said("permission", "x:bash(git *)", "allow", "p[0]"),
                said("permission", "x:edit", "deny", "p[1]"),
                said("permission", "x:read", "ask", "p[2]"),
            ],
            [wrong("p[5]")],
        ),
        (None, [], []),
        (7, [], [wrong("p")]),
    ],
)
def test_permissions(rules: Json, found: list[dict[str, Any]], left: list[tuple[str, str]]) -> None:
    assert read(asked, given_value(rules)) == (found, left)


def test_tools_and_plugins() -> None:
    assert config(
        tools={"bash": True, "web": False, "odd": "x"},
        plugin=["a@1", ["b", {"k": 1}], {"package": "c"}, {}, [], 7],
        plugins=7,
    ) == (
        [
            said("permission", "bash", "allow", "tools.bash"),
            said("permission", "web", "deny", "tools.web"),
            item("plugin", "a@1", pointer="plugin[0]", detail={"type": "package"}),
            item("plugin", "b", pointer="plugin[1]", detail={"type": "package"}),
            item("plugin", "c", pointer="plugin[2]", detail={"type": "package"}),
        ],
        [
            *(("wrong-type", f"plugin[{index}] names no plugin") for index in (3, 4, 5)),
            wrong("plugins", "a list"),
        ],
    )


def test_inline_texts() -> None:
    assert config(
        agent={
            "review": {"prompt": "öh", "description": "d", "model": "m", "permission": {"edit": "deny"}},
            "off": {"disable": True},
            "odd": 7,
            "none": None,
        },
        command={"test": {"template": "Run", "description": 7}},
        instructions=["docs/*.md", {}],
    ) == (
        [
            item(
                "instruction",
                "review",
                pointer="agent.review",
                detail={"type": "subagent", "bytes": 3, "description": "d", "model": "m"},
            ),
            item("instruction", "off", pointer="agent.off", status="disabled", detail={"type": "subagent", "bytes": 0}),
            said("permission", "agent(review):edit", "deny", "agent.review.permission.edit"),
            item("skill", "test", pointer="command.test", detail={"type": "command", "bytes": 3}),
            item("instruction", "docs/*.md", pointer="instructions", detail={"type": "rules"}),
        ],
        [wrong("agent.odd"), wrong("instructions[1]", "text")],
    )


def test_hooks() -> None:
    assert config(
        experimental={
            "hook": {
                "file_edited": {"*.py": [{"command": ["ruff", "x"], "environment": {"A": "b"}}, None, 7], "*.c": 7},
                "session_completed": [{"command": ["say"]}],
            }
        }
    ) == (
        [
            item(
                "hook",
                "file_edited:*.py",
                pointer="experimental.hook.file_edited.*.py[0]",
                detail={
                    "event": "file_edited",
                    "matcher": "*.py",
                    "argv": ["ruff", "x"],
                    "env": {"A": "b"},
                    "type": "command",
                },
            ),
            item(
                "hook",
                "session_completed",
                pointer="experimental.hook.session_completed[0]",
                detail={"event": "session_completed", "argv": ["say"], "type": "command"},
            ),
        ],
        [
            wrong("experimental.hook.file_edited.*.py[2]"),
            wrong("experimental.hook.file_edited.*.c", "a list"),
        ],
    )


def test_switches() -> None:
    assert config(
        share="auto",
        shell=["x"],
        lsp={"py": {"command": ["pylsp", 7]}, "off": {"disabled": True}, "odd": 7},
        formatter=False,
        skills={"paths": ["a"], "urls": "https://x"},
        server={"hostname": "0.0.0.0", "mdns": False, "port": 1},
    ) == (
        [
            said("switch", "share", "auto", "share"),
            said("switch", "lsp.py.command", ["pylsp", "7"], "lsp.py"),
            said("switch", "skills.paths", "a", "skills.paths"),
            said("switch", "skills.urls", "https://x", "skills.urls"),
            said("switch", "server.hostname", "0.0.0.0", "server.hostname"),
            said("switch", "server.mdns", False, "server.mdns"),
        ],
        [],
    )


@pytest.mark.parametrize(
    ("value", "found", "left"),
    [
        ({"worktree": "/w"}, [said("project", "/w", True, "worktree")], []),
        ({"worktree": "/"}, [], []),
        ({"worktree": ""}, [], []),
        ({"worktree": None}, [], []),
        ({"worktree": []}, [], [wrong("worktree", "text")]),
        ({}, [], []),
    ],
)
def test_project(value: Json, found: list[dict[str, Any]], left: list[tuple[str, str]]) -> None:
    assert read(read_project, given_value(value)) == (found, left)


GOOD: dict[str, Json] = {
    "mcp": {"a": {"type": "local", "command": ["x"], "environment": {"A": "b"}}, "servers": {"b": {"url": "u"}}},
    "permission": {"bash": {"a": "allow"}},
    "permissions": [{"tool": "a", "effect": "allow", "pattern": "p"}],
    "tools": {"a": True},
    "plugin": ["a", ["b"], {"package": "c"}],
    "agent": {"a": {"prompt": "p", "permission": {"a": "allow"}}},
    "command": {"a": {"template": "t"}},
    "instructions": ["a"],
    "experimental": {"hook": {"e": {"p": [{"command": ["x"], "environment": {"A": "b"}}]}}},
    "lsp": {"a": {"command": ["x"]}},
    "skills": {"paths": ["a"]},
    "server": {"hostname": "h"},
    "share": "auto",
}


def test_wrong_types_everywhere() -> None:
    survive_all(read_config, wrong_everywhere(GOOD))
    survive_all(read_project, wrong_everywhere({"worktree": "/w"}))


@given(
    anything("mcp", "servers", "command", "permission", "agent", "prompt", "plugin", "hook", "lsp", "allow", "enabled")
)
@settings(deadline=None)
def test_no_value_raises(value: Json) -> None:
    survive(read_config, given_value(value))
    survive(read_project, given_value(value))
    survive(read_config, given_value(dict.fromkeys(GOOD, value)))


def test_parts_of_a_configuration_folder() -> None:
    skill, skills, *scripts = folder_parts("~/.tool", Scope.PROJECT)
    assert (skill, skills) == (
        Location("~/.tool/skill/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.tool/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
    )
    assert scripts == [
        Location(f"~/.tool/{name}", Scope.PROJECT, reader, Format.NONE)
        for name, reader in (
            ("plugin/*.ts", SCRIPT),
            ("plugin/*.js", SCRIPT),
            ("plugins/*.ts", SCRIPT),
            ("plugins/*.js", SCRIPT),
            ("tool/*.ts", TOOL),
            ("tool/*.js", TOOL),
            ("tools/*.ts", TOOL),
            ("tools/*.js", TOOL),
        )
    ]
