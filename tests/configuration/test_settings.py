"""Changes of settings, and what each amounts to."""

import json
from typing import Any

import pytest

from spawngate.command.context import CallContext
from spawngate.configuration.change import Difference
from spawngate.configuration.difference import Surroundings, difference
from spawngate.configuration.files import Content
from spawngate.configuration.recognise import recognise

CONTEXT = CallContext(home="/home/dev", cwd="/p")
SETTINGS = "/home/dev/.claude/settings.json"


def of(path: str, before: Any, after: Any) -> tuple[Difference, ...]:
    def content(value: Any) -> Content:
        return json.dumps(value).encode() if isinstance(value, dict) else value

    found, reason = difference(
        content(before), content(after), recognise(path, CONTEXT), Surroundings(path, "/home/dev")
    )
    assert reason == ""
    return found


def told(path: str, before: Any, after: Any) -> list[tuple[str, ...]]:
    return [(one.facts.what, one.facts.change, one.facts.name, *one.facts.labels) for one in of(path, before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"theme": "dark"}, {"theme": "light"}, []),
        ({"model": "a"}, {"model": "b", "verbose": True}, []),
        ({}, {"disableAllHooks": True}, [("switch", "added", "disableAllHooks", "hooks-off", "protection-off")]),
        ({"disableAllHooks": True}, {}, [("switch", "removed", "disableAllHooks")]),
        (
            {},
            {"permissions": {"allow": ["Bash(*)", "Read"]}},
            [
                ("permission", "added", "Bash(*)", "any-command", "blanket"),
                ("permission", "added", "Read"),
            ],
        ),
        (
            {"permissions": {"deny": ["Bash(rm:*)"]}},
            {"permissions": {}},
            [("permission", "removed", "Bash(rm:*)", "refusal-removed")],
        ),
        (
            {},
            {"permissions": {"defaultMode": "bypassPermissions"}},
            [
                ("switch", "added", "permissions.defaultMode"),
                ("approval", "added", "bypassPermissions", "unattended"),
            ],
        ),
        ({}, {"env": {"NODE_OPTIONS": "-r x"}}, [("switch", "added", "env.NODE_OPTIONS", "loads-code")]),
        (
            {},
            {"env": {"ANTHROPIC_BASE_URL": "https://e"}},
            [("switch", "added", "env.ANTHROPIC_BASE_URL", "redirects")],
        ),
        ({}, {"apiKeyHelper": "./k"}, [("switch", "added", "apiKeyHelper", "runs-command")]),
        (
            {},
            {"enableAllProjectMcpServers": True},
            [
                ("approval", "added", "project MCP servers", "servers-approved"),
                ("approval", "added", "*", "servers-approved"),
                ("switch", "added", "enableAllProjectMcpServers"),
            ],
        ),
        ({}, {"enabledPlugins": {"a@b": True}}, [("plugin", "added", "a@b")]),
    ],
)
def test_settings(before: Any, after: Any, expected: list[tuple[str, ...]]) -> None:
    assert sorted(told(SETTINGS, before, after)) == sorted(expected)
