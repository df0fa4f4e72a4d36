"""Settings of agents: which turn protection off, name a command, redirect traffic or approve everything."""

import pytest

from spawngate.model.json import Json
from spawngate.rules.agent_settings import (
    approves_everything,
    approves_project_servers,
    is_any_command,
    loads_code,
    names_command,
    redirects_traffic,
    switches_hooks_off,
    switches_protection_off,
)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("disableAllHooks", True, True),
        ("disableAllHooks", False, False),
        ("security.workspace.trust.enabled", False, True),
        ("security.workspace.trust.enabled", True, False),
        ("security.folderTrust.enabled", "false", True),
        ("folderTrust", {"enabled": False}, True),
        ("sandbox", {"enabled": True}, False),
        ("sandbox", False, True),
        ("tools.sandbox", "docker", False),
        ("sandbox_mode", "danger-full-access", True),
        ("sandbox_mode", "read-only", False),
        ("task.allowAutomaticTasks", "on", True),
        ("task.allowAutomaticTasks", "auto", False),
        ("preferences.isDxtSignatureRequired", False, True),
        ("enableDroidShield", False, True),
        ("env.CLAUDE_CODE_SIMPLE", "1", True),
        ("env.CLAUDE_CODE_SIMPLE", "0", False),
        ("env.X_DANGEROUSLY_SKIP_PERMISSIONS", "true", True),
        ("telemetry.enabled", False, False),
        ("", None, False),
    ],
)
def test_protection_off(name: str, value: Json, expected: bool) -> None:
    assert switches_protection_off(name, value) is expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("apiKeyHelper", "./key.sh", True),
        ("apiKeyHelper", "", False),
        ("statusLine.command", "./s", True),
        ("providers.corp.key_cmd", "./k", True),
        ("tools.discoveryCommand", "./d", True),
        ("model_providers.x.auth.command", "./a", True),
        ("environment.terminals[0].command", "npm i", True),
        ("model", "x", False),
    ],
)
def test_command(name: str, value: Json, expected: bool) -> None:
    assert names_command(name, value) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("env.ANTHROPIC_BASE_URL", True),
        ("env.https_proxy", True),
        ("env.NODE_TLS_REJECT_UNAUTHORIZED", True),
        ("model.base_url", True),
        ("model_providers.x.base_url", True),
        ("amp.url", True),
        ("telemetry.otlpEndpoint", True),
        ("env.LOG_LEVEL", False),
        ("homepage", False),
    ],
)
def test_redirect(name: str, expected: bool) -> None:
    assert redirects_traffic(name, "x") is expected
    assert redirects_traffic(name, "") is False


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("env.LD_PRELOAD", True),
        ("env.NODE_OPTIONS", True),
        ("env.Path", True),
        ("env.npm_config_registry", True),
        ("env.GIT_SSH_COMMAND", True),
        ("env.BASH_FUNC_ls%%", True),
        ("env.DOCS_PATH", False),
        ("env.ENVIRONMENT", False),
        ("PATH", False),
    ],
)
def test_loads_code(name: str, expected: bool) -> None:
    assert loads_code(name) is expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("bypassPermissions", True, True),
        ("*", True, True),
        ("yoloMode", True, True),
        ("yolo", False, False),
        ("approval_policy never", True, True),
        (":danger-full-access", True, True),
        ("all tools", True, True),
        ("GOOSE_MODE", "auto", False),
        ("acceptEdits", True, False),
        ("auto_edit", True, False),
        ("safe tools", True, False),
        ("read-only commands", True, False),
        ("project MCP servers", True, False),
    ],
)
def test_everything(name: str, value: Json, expected: bool) -> None:
    assert approves_everything(name, value) is expected


def test_project_servers() -> None:
    assert approves_project_servers("project MCP servers", True)
    assert not approves_project_servers("project MCP servers", False)
    assert not approves_project_servers("tools", True)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("Bash", True),
        ("Bash(*)", True),
        ("bash(:*)", True),
        ("*", True),
        ("run_shell_command", True),
        ("terminal(**)", True),
        ("Bash(git status:*)", False),
        ("Write", False),
        ("mcp__x__*", False),
        ("", False),
    ],
)
def test_any_command(rule: str, expected: bool) -> None:
    assert is_any_command(rule) is expected


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("features.hooks", False, True),
        ("features.hooks", True, False),
        ("profiles.work.features.hooks", "false", True),
        ("env.CLAUDE_CODE_SAFE_MODE", "1", True),
        ("env.CLAUDE_CODE_SAFE_MODE", "0", False),
        ("env.QWEN_CODE_SYSTEM_SETTINGS_PATH", "/nonexistent", True),
        ("hooksConfig.disabled", ["other"], False),
        ("hooksConfig.disabled", ["other", "spawngate"], True),
        ("disabledPlugins", ["spawngate"], True),
        ("disabledPlugins", ["noisy", None], False),
        ("chat.hookFilesLocations", {"~/.copilot/hooks": False}, True),
        ("chat.hookFilesLocations", {"~/.copilot/hooks": True, "other": False}, False),
        ("plugins.entries.spawngate.enabled", False, True),
        ("allowManagedHooksOnly", True, False),
        ("env", {"LD_PRELOAD": "x"}, False),
        ("", False, False),
    ],
)
def test_switches_of_hooks(name: str, value: Json, expected: bool) -> None:
    assert switches_hooks_off(name, value) is expected
    if expected:
        assert switches_protection_off(name, value)
