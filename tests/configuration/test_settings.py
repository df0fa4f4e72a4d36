"""Changes of settings, and what each amounts to."""

from typing import Any

import pytest

from tests.configuration.compared import SETTINGS, told


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
