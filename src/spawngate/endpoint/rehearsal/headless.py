"""SHELL. What real agents need to run headless against the loopback model: words, settings, environment, shell tool.

Only agents that start without a vendor's login stand here. Everything is written below a home that is thrown away.
Must not be here: hooks (the product registers them), the model, and verdicts.
Sources: the agents' own documentation and our runs of them; versions stand in bench/README.md.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spawngate.endpoint.rehearsal.model import Tool

KEY = "sk-none-0123456789abcdefghij"
"""No key of anything. Long enough for agents that look at the length."""
PROMPT = "Do the task."
QUIET = (
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
    "DISABLE_TELEMETRY",
    "DISABLE_AUTOUPDATER",
    "DISABLE_ERROR_REPORTING",
)


@dataclass(frozen=True, slots=True)
class Headless:
    """One agent."""

    id: str
    """Spawngate's id."""
    program: str
    """Its command, as an installation puts it on PATH."""
    words: Sequence[str]
    """What follows the command: one prompt, no questions, no screen."""
    prepare: Callable[[Path, Path, int], None]
    """Write what it needs to know of the model: home, project, port. What stands there already stays."""
    env: Callable[[int], Mapping[str, str]]
    """By the model's port."""
    shell: str
    """Its shell tool, as a regular expression over the names that it offers."""
    shell_input: Callable[[str], Mapping[str, Any]]
    fails_closed: bool = False
    """It blocks by itself when a hook is missing or dies, so a failure needs no client of ours."""

    def call(self, command: str) -> Tool:
        """The tool call that runs a shell command."""
        return self.shell, self.shell_input(command)


def write(home: Path, place: str, document: object) -> None:
    """Write a file of the home; a text as it is, everything else as JSON."""
    path = home / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(document if isinstance(document, str) else json.dumps(document, indent=2))


def _claude(home: Path, project: Path, port: int) -> None:
    state = {
        "hasCompletedOnboarding": True,
        "customApiKeyResponses": {"approved": [KEY[-20:]], "rejected": []},
        "projects": {str(project): {"hasTrustDialogAccepted": True}},
    }
    if not (home / ".claude.json").exists():
        write(home, ".claude.json", state)


def _codex(home: Path, project: Path, port: int) -> None:
    path = home / ".codex/config.toml"
    held = path.read_text() if path.exists() else ""
    if "[model_providers.mock]" in held:
        path.write_text(re.sub(r'base_url = "[^"]*"', f'base_url = "http://127.0.0.1:{port}/v1"', held))
        return
    write(
        home,
        ".codex/config.toml",
        f'''model = "mock-model"
model_provider = "mock"
check_for_update_on_startup = false
[analytics]
enabled = false
[model_providers.mock]
name = "mock"
base_url = "http://127.0.0.1:{port}/v1"
wire_api = "responses"
env_key = "MOCK_API_KEY"
request_max_retries = 0
stream_max_retries = 0
[projects."{project}"]
trust_level = "trusted"
''',
    )


def _gemini_family(folder: str, auth: str) -> Callable[[Path, Path, int], None]:
    def prepare(home: Path, project: Path, port: int) -> None:
        if not (home / folder / "settings.json").exists():
            write(
                home,
                f"{folder}/settings.json",
                {
                    "security": {"auth": {"selectedType": auth}},
                    "privacy": {"usageStatisticsEnabled": False},
                    "general": {"enableAutoUpdate": False, "enableAutoUpdateNotification": False},
                    "telemetry": {"enabled": False},
                },
            )

    return prepare


def _nothing(home: Path, project: Path, port: int) -> None:
    return


def _opencode(home: Path, project: Path, port: int) -> None:
    path = home / ".config/opencode/opencode.json"
    if path.exists():
        held = path.read_text()
        path.write_text(re.sub(r"http://127\.0\.0\.1:\d+/v1", f"http://127.0.0.1:{port}/v1", held))
        return
    write(
        home,
        ".config/opencode/opencode.json",
        {
            "autoupdate": False,
            "share": "disabled",
            "model": "mock/mock-model",
            "small_model": "mock/mock-model",
            "provider": {
                "mock": {
                    "npm": "@ai-sdk/openai-compatible",
                    "options": {"baseURL": f"http://127.0.0.1:{port}/v1", "apiKey": KEY},
                    "models": {"mock-model": {"tool_call": True, "limit": {"context": 100000, "output": 8000}}},
                }
            },
        },
    )


HEADLESS = (
    Headless(
        "claude-code",
        "claude",
        ("-p", PROMPT, "--output-format", "json", "--dangerously-skip-permissions"),
        _claude,
        lambda port: {
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{port}",
            "IS_SANDBOX": "1",
            "MCP_CONNECTION_NONBLOCKING": "0",
            **dict.fromkeys(QUIET, "1"),
        },
        "Bash",
        lambda command: {"command": command, "description": "scripted"},
    ),
    Headless(
        "codex-cli",
        "codex",
        (
            *("exec", "--json", "--skip-git-repo-check"),
            *("--dangerously-bypass-approvals-and-sandbox", PROMPT),
        ),
        _codex,
        lambda port: {"MOCK_API_KEY": KEY},
        "exec_command|shell|shell_command|local_shell",
        lambda command: {"cmd": command, "command": ["bash", "-lc", command]},
    ),
    Headless(
        "gemini-cli",
        "gemini",
        ("-m", "gemini-2.5-flash", "-p", PROMPT, "-o", "json", "--approval-mode", "yolo"),
        _gemini_family(".gemini", "gemini-api-key"),
        lambda port: {
            "GEMINI_API_KEY": KEY,
            "GOOGLE_GEMINI_BASE_URL": f"http://127.0.0.1:{port}",
            "GEMINI_CLI_TRUST_WORKSPACE": "true",
        },
        "run_shell_command",
        lambda command: {"command": command, "description": "scripted"},
    ),
    Headless(
        "qwen-code",
        "qwen",
        ("-p", PROMPT, "-o", "json", "--approval-mode", "yolo"),
        _gemini_family(".qwen", "openai"),
        lambda port: {
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/v1",
            "OPENAI_MODEL": "mock-model",
        },
        "run_shell_command",
        lambda command: {"command": command, "description": "scripted", "is_background": False},
    ),
    Headless(
        "copilot-cli",
        "copilot",
        (
            *("-p", PROMPT, "--output-format", "json", "--disable-client-telemetry", "--no-auto-update"),
            *("--trust-folder", "--allow-all"),
        ),
        _nothing,
        lambda port: {
            "COPILOT_PROVIDER_BASE_URL": f"http://127.0.0.1:{port}/v1",
            "COPILOT_PROVIDER_TYPE": "openai",
            "COPILOT_PROVIDER_API_KEY": KEY,
            "COPILOT_MODEL": "mock-model",
            "COPILOT_OFFLINE": "true",
            "COPILOT_AUTO_UPDATE": "false",
            "USE_TGREP": "false",
        },
        "bash",
        lambda command: {"command": command, "description": "scripted", "mode": "sync"},
        fails_closed=True,
    ),
    Headless(
        "opencode",
        "opencode",
        ("run", PROMPT, "--format", "json", "--auto"),
        _opencode,
        lambda port: {
            "OPENCODE_DISABLE_AUTOUPDATE": "1",
            "OPENCODE_DISABLE_MODELS_FETCH": "1",
            "OPENCODE_DISABLE_LSP_DOWNLOAD": "1",
            "npm_config_fetch_retries": "0",
        },
        "bash|shell",
        lambda command: {"command": command, "description": "scripted"},
    ),
)
"""Those that run without a vendor's login."""
