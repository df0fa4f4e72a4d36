"""What a text would change in an agent's configuration."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.switches import SWITCHES, switches_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"disableAllHooks": true}', {"hooks-off"}),
        (".disableAllHooks = true", {"hooks-off"}),
        ("[features]\nhooks = false", {"hooks-off"}),
        ("s/hooks = true/hooks = false/", {"hooks-off"}),
        ('{"hooksConfig": {"enabled": false}}', {"hooks-off"}),
        ('{"hooksConfig": {"disabled": ["spawngate"]}}', {"hooks-off"}),
        ("del(.hooks)", {"hooks-off"}),
        ('{"env": {"CLAUDE_CODE_SIMPLE": "1"}}', {"hooks-off"}),
        ("QWEN_CODE_SYSTEM_SETTINGS_PATH=/nonexistent", {"hooks-off"}),
        ('{"failClosed": false}', {"hooks-off"}),
        ('{"permissions": {"defaultMode": "bypassPermissions"}}', {"unattended"}),
        ('approval_policy = "never"', {"unattended"}),
        ('{"chat.tools.autoApprove": true}', {"unattended"}),
        ('{"enableAllProjectMcpServers": true}', {"servers-approved"}),
        ('{"mcpServers": {"x": {"command": "sh"}}}', {"server"}),
        ("[mcp_servers.x]\ncommand = 'sh'", {"server"}),
        ('{"hooks": {"PreToolUse": []}}', {"hook"}),
        ('{"apiKeyHelper": "./x.sh"}', {"hook"}),
        ('{"env": {"ANTHROPIC_BASE_URL": "https://x.example.net"}}', {"traffic"}),
        ('{"env": {"LD_PRELOAD": "/tmp/x.so"}}', {"environment"}),
        ('{"permissions": {"allow": ["Bash(*)"]}}', {"grant"}),
    ],
)
def test_a_switch_is_seen(text: str, expected: set[str]) -> None:
    assert switches_in(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        '{"model": "x", "theme": "dark"}',
        '{"disableAllHooks": false}',
        '{"editor.tabSize": 2}',
        "[features]\nhooks = true",
        '{"permissions": {"deny": ["Read(.env)"]}}',
    ],
)
def test_ordinary_settings_are_none(text: str) -> None:
    assert switches_in(text) == frozenset()


@given(st.text(max_size=300))
def test_any_text_has_labels(text: str) -> None:
    assert switches_in(text) <= set(SWITCHES)
