"""What switches hooks off: the table is sound, and set switches are found where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents import AGENTS, load_agent
from spawngate.agents.hooks.off_switches import (
    SWITCHES,
    VARIABLES,
    set_in,
    switches_at,
    switches_of,
    variables_set,
)
from spawngate.model.artifact import Scope
from spawngate.model.json import Json


def test_ids_are_unique_and_name_their_agent() -> None:
    assert len({item.id for item in SWITCHES}) == len(SWITCHES)
    assert [item.id for item in SWITCHES if not item.id.startswith(f"{item.agent}-")] == []


def test_every_agent_exists_and_has_a_hook() -> None:
    named = {item.agent for item in SWITCHES} | {item.agent for item in VARIABLES}
    assert named - set(AGENTS) == set()
    assert [agent for agent in sorted(named) if load_agent(agent).hook is None] == []


@pytest.mark.parametrize(
    ("path", "scope", "document", "expected"),
    [
        (
            "/w/.claude/settings.json",
            None,
            {"disableAllHooks": True},
            {"claude-code-disable-all-hooks", "copilot-cli-disable-all-hooks"},
        ),
        (
            "/w/.claude/settings.local.json",
            Scope.LOCAL,
            {"disableAllHooks": True},
            {"claude-code-disable-all-hooks", "copilot-cli-disable-all-hooks"},
        ),
        ("/home/a/.claude/settings.json", Scope.USER, {"disableAllHooks": True}, {"claude-code-disable-all-hooks"}),
        ("/w/.claude/settings.json", None, {"disableAllHooks": False}, set()),
        ("/w/.claude/settings.json", None, {"env": {"CLAUDE_CODE_SIMPLE": "1"}}, {"claude-code-simple"}),
        ("/w/.claude/settings.json", None, {"env": {"CLAUDE_CODE_SIMPLE": "0"}}, set()),
        ("/w/.claude/settings.json", None, {"env": {"PATH": "/w/bin:/usr/bin"}}, {"claude-code-environment"}),
        ("/w/.claude/settings.json", None, {"env": {"DEBUG": "1"}}, set()),
        (
            "/etc/claude-code/managed-settings.d/10-x.json",
            None,
            {"allowManagedHooksOnly": True},
            {"claude-code-managed-hooks-only"},
        ),
        ("C:\\w\\.codex\\config.toml", None, {"features": {"hooks": False}}, {"codex-cli-hooks-feature"}),
        (
            "/w/.codex/config.toml",
            None,
            {"profiles": {"fast": {"features": {"hooks": False}}}},
            {"codex-cli-profile-hooks-feature"},
        ),
        ("/w/.codex/config.toml", None, {"features": {"hooks": True}}, set()),
        ("/w/.gemini/settings.json", None, {"hooksConfig": {"enabled": False}}, {"gemini-cli-hooks-enabled"}),
        (
            "/w/.gemini/settings.json",
            None,
            {"hooksConfig": {"disabled": ["other", "spawngate"]}},
            {"gemini-cli-hooks-disabled"},
        ),
        ("/w/.gemini/settings.json", None, {"hooksConfig": {"disabled": ["other"]}}, set()),
        (
            "/w/.gemini/.env",
            None,
            {"LD_PRELOAD": "/w/x.so"},
            {"gemini-cli-environment", "qwen-code-environment", "cline-environment"},
        ),
        (
            "/w/.env",
            None,
            {"LD_PRELOAD": "/w/x.so"},
            {"gemini-cli-environment", "qwen-code-environment", "cline-environment"},
        ),
        ("/w/.env", None, {"QWEN_CODE_SYSTEM_SETTINGS_PATH": "/nonexistent"}, {"qwen-code-system-settings"}),
        ("/w/.env", None, {"API_URL": "http://x"}, set()),
        ("/w/.qwen/settings.json", None, {"disableAllHooks": True}, {"qwen-code-disable-all-hooks"}),
        ("/w/.github/copilot/settings.json", None, {"disableAllHooks": True}, {"copilot-cli-disable-all-hooks"}),
        ("/h/.config/Code/User/settings.json", None, {"chat.useHooks": False}, {"vscode-use-hooks"}),
        ("/w/.vscode/settings.json", None, {"chat": {"useHooks": False}}, {"vscode-use-hooks"}),
        (
            "/w/.vscode/settings.json",
            None,
            {"chat.hookFilesLocations": {"~/.copilot/hooks": False}},
            {"vscode-hook-locations"},
        ),
        ("/w/.factory/settings.json", None, {"hooksDisabled": True}, {"factory-droid-hooks-disabled"}),
        ("/w/.abacusai/config.json", None, {"disableAllHooks": True}, {"abacus-disable-all-hooks"}),
        ("/h/.config/goose/settings.json", None, {"disabledPlugins": ["spawngate"]}, {"goose-disabled-plugins"}),
        ("/h/.config/goose/settings.json", None, {"disabledPlugins": {"spawngate": True}}, set()),
        ("/w/.vibe/hooks.toml", None, {"hooks": [{"name": "a"}, {"name": "spawngate"}]}, {"mistral-vibe-replaced"}),
        ("/w/.openhands/hooks.json", Scope.PROJECT, {"stop": []}, {"openhands-project-hooks"}),
        ("/w/.openhands/hooks.json", Scope.PROJECT, None, set()),
        (
            "/h/.openclaw/openclaw.json",
            None,
            {"plugins": {"entries": {"spawngate": {"enabled": False}}}},
            {"openclaw-plugin"},
        ),
        ("/w/other/settings.json", None, {"disableAllHooks": True}, set()),
        ("/etc/qwen-code/settings.json", None, {"disableAllHooks": True}, set()),
    ],
)
def test_found_in_a_file(path: str, scope: Scope | None, document: Json, expected: set[str]) -> None:
    assert {found.switch.id for found in set_in(switches_at(path, scope), document)} == expected


def test_place_of_a_found_switch() -> None:
    (found,) = set_in(switches_of("mistral-vibe"), {"hooks": [{"name": "a"}, {"name": "Spawngate"}]})
    assert (found.switch.id, found.pointer) == ("mistral-vibe-replaced", ("hooks", "1", "name"))


def test_variables() -> None:
    environment = {"CLAUDE_CODE_SIMPLE": "1", "OPENCODE_PURE": "false", "HERMES_SAFE_MODE": "true", "HOME": "/h"}
    assert [item.name for item in variables_set(environment)] == ["CLAUDE_CODE_SIMPLE", "HERMES_SAFE_MODE"]
    assert [item.name for item in variables_set(environment, "hermes")] == ["HERMES_SAFE_MODE"]


JSON: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("spawngate"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["hooks", "env", "features", "disableAllHooks", "name", "plugins", "hooksConfig", "chat", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
)


@given(JSON)
def test_any_document_is_looked_through(document: Json) -> None:
    found = set_in(SWITCHES, document)
    assert [item for item in found if "*" in item.pointer] == []


@given(st.text())
def test_any_path_is_looked_up(path: str) -> None:
    assert set(switches_at(path)) <= set(SWITCHES)
