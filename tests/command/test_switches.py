"""What a text would change in an agent's configuration."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.hooks import off_switch_table as known
from spawngate.agents.hooks.off_switch_table import OffSwitch, Test
from spawngate.command.switches import SWITCHES, switches_in

UNSEEN = {"mistral-vibe-replaced"}


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


def _document(switch: OffSwitch) -> str:
    value: object = {
        Test.TRUE: True,
        Test.FALSE: False,
        Test.PRESENT: "1",
        Test.NAMES_US: ["spawngate"],
        Test.LOADS_CODE: {"LD_PRELOAD": "x"},
    }[switch.test]
    for key in reversed(switch.pointer):
        value = [value] if key == "*" else {key: value}
    return json.dumps(value)


@pytest.mark.parametrize(
    "switch",
    [switch for switch in known.SWITCHES if switch.test is not Test.EXISTS and switch.id not in UNSEEN],
    ids=lambda switch: switch.id,
)
def test_every_off_switch_of_every_agent_is_seen_in_a_text(switch: OffSwitch) -> None:
    """The table of the agents' switches is known as such; what is found as something else is at least found."""
    assert switches_in(_document(switch))


def test_what_is_not_seen_in_a_text_is_still_not_seen() -> None:
    """A list of names alone says nothing without the file it stands in; the day it does, the exception goes."""
    unseen = {switch.id for switch in known.SWITCHES if switch.id in UNSEEN and not switches_in(_document(switch))}
    assert unseen == UNSEEN
