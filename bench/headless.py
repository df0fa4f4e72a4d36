"""Real agents, run headless against the loopback model, in a throw-away home and without a network.

Belongs here: what each agent needs to start offline, and the tool calls that the model makes it try.
Must not be here: hooks (the product under test registers them), the model (`bench.mock_model`), and verdicts.
Measured behaviour: docs of the agents and our own runs; versions stand in bench/README.md.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.mock_model import Model, Script, Tool
from bench.process import Run, run
from bench.real_agents import NODE

KEY = "sk-none-0123456789abcdefghij"
PROMPT = "Do the task."
WEB = (
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC",
    "DISABLE_TELEMETRY",
    "DISABLE_AUTOUPDATER",
    "DISABLE_ERROR_REPORTING",
)


@dataclass(slots=True)
class Stage:
    """The throw-away machine of one run."""

    work: Path
    prefix: Path
    """npm prefix that holds the agents."""
    home: Path = field(init=False)
    project: Path = field(init=False)

    def __post_init__(self) -> None:
        self.home, self.project = self.work / "home", self.work / "home/src/project"
        self.project.mkdir(parents=True, exist_ok=True)
        subprocess.run(["git", "init", "-q", str(self.project)], check=True)

    def write(self, place: str, document: object) -> None:
        """Write a file of the home; a text as it is, everything else as JSON."""
        path = self.home / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document if isinstance(document, str) else json.dumps(document, indent=2))

    def program(self, *patterns: str) -> str:
        """The first installed file that matches. FileNotFoundError where there is none."""
        for pattern in patterns:
            for path in sorted((self.prefix / "node_modules").glob(pattern)):
                return str(path)
        raise FileNotFoundError(f"none of {', '.join(patterns)} is installed")

    def node(self) -> str:
        """Node.js of the installation, or the machine's."""
        own = self.prefix / "node_modules/node/bin/node"
        found = str(own) if own.exists() else shutil.which("node")
        if found is None:
            raise FileNotFoundError("node")
        return found


@dataclass(frozen=True, slots=True)
class Headless:
    """One agent."""

    id: str
    """Spawngate's id."""
    package: str
    command: Callable[[Stage], list[str]]
    prepare: Callable[[Stage, int], None]
    """Write what it needs to know of the model on that port."""
    env: Callable[[int], Mapping[str, str]]
    shell: str
    """Its shell tool, as a regular expression over the names that it offers."""
    shell_input: Callable[[str], Mapping[str, Any]]
    fails_closed: bool = False
    """It blocks by itself when a hook is missing or dies, so a failure needs no client of ours."""

    def call(self, command: str) -> Tool:
        """The tool call that runs a shell command."""
        return self.shell, self.shell_input(command)

    def play(
        self, stage: Stage, calls: Sequence[Tool], *, env: Mapping[str, str] | None = None, limit: float = 90
    ) -> "Played":
        """Let the agent run with a model that asks for these calls."""
        script = Script(calls)
        with Model(script) as model:
            self.prepare(stage, model.port)
            node = os.path.dirname(stage.node())
            full = {
                "HOME": str(stage.home),
                "PATH": f"{node}:/usr/sbin:/usr/bin:/sbin:/bin",
                "TERM": "dumb",
                "LANG": "C.UTF-8",
                "NO_COLOR": "1",
                **self.env(model.port),
                **(env or {}),
            }
            result = run(self.command(stage), full, cwd=stage.project, limit=limit)
        return Played(result, script)


@dataclass(frozen=True, slots=True)
class Played:
    """One finished run."""

    run: Run
    script: Script

    @property
    def told(self) -> str:
        """What the model was told of the first call."""
        return self.script.results[0] if self.script.results else ""


def _claude(stage: Stage, port: int) -> None:
    state = {
        "hasCompletedOnboarding": True,
        "customApiKeyResponses": {"approved": [KEY[-20:]], "rejected": []},
        "projects": {str(stage.project): {"hasTrustDialogAccepted": True}},
    }
    if not (stage.home / ".claude.json").exists():
        stage.write(".claude.json", state)


def _codex(stage: Stage, port: int) -> None:
    path = stage.home / ".codex/config.toml"
    held = path.read_text() if path.exists() else ""
    if "[model_providers.mock]" in held:
        path.write_text(re.sub(r'base_url = "[^"]*"', f'base_url = "http://127.0.0.1:{port}/v1"', held))
        return
    stage.write(
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
[projects."{stage.project}"]
trust_level = "trusted"
''',
    )


def _gemini_family(folder: str, auth: str) -> Callable[[Stage, int], None]:
    def prepare(stage: Stage, port: int) -> None:
        if not (stage.home / folder / "settings.json").exists():
            stage.write(
                f"{folder}/settings.json",
                {
                    "security": {"auth": {"selectedType": auth}},
                    "privacy": {"usageStatisticsEnabled": False},
                    "general": {"enableAutoUpdate": False, "enableAutoUpdateNotification": False},
                    "telemetry": {"enabled": False},
                },
            )

    return prepare


def _nothing(stage: Stage, port: int) -> None:
    return


def _opencode(stage: Stage, port: int) -> None:
    path = stage.home / ".config/opencode/opencode.json"
    if path.exists():
        held = path.read_text()
        path.write_text(re.sub(r"http://127\.0\.0\.1:\d+/v1", f"http://127.0.0.1:{port}/v1", held))
        return
    stage.write(
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


AGENTS = (
    Headless(
        "claude-code",
        "@anthropic-ai/claude-code",
        lambda stage: [
            stage.program("@anthropic-ai/claude-code-*/claude"),
            *("-p", PROMPT, "--output-format", "json", "--dangerously-skip-permissions"),
        ],
        _claude,
        lambda port: {
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{port}",
            "IS_SANDBOX": "1",
            "MCP_CONNECTION_NONBLOCKING": "0",
            **dict.fromkeys(WEB, "1"),
        },
        "Bash",
        lambda command: {"command": command, "description": "scripted"},
    ),
    Headless(
        "codex-cli",
        "@openai/codex",
        lambda stage: [
            stage.program("@openai/codex-*/vendor/*/bin/codex", "@openai/codex-*/vendor/*/codex/codex"),
            *("exec", "--json", "--skip-git-repo-check", "--dangerously-bypass-hook-trust"),
            *("--dangerously-bypass-approvals-and-sandbox", PROMPT),
        ],
        _codex,
        lambda port: {"MOCK_API_KEY": KEY},
        "exec_command|shell|shell_command|local_shell",
        lambda command: {"cmd": command, "command": ["bash", "-lc", command]},
    ),
    Headless(
        "gemini-cli",
        "@google/gemini-cli",
        lambda stage: [
            stage.node(),
            stage.program("@google/gemini-cli/bundle/gemini.js"),
            *("-m", "gemini-2.5-flash", "-p", PROMPT, "-o", "json", "--approval-mode", "yolo"),
        ],
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
        "@qwen-code/qwen-code",
        lambda stage: [
            stage.node(),
            stage.program("@qwen-code/qwen-code/cli.js"),
            *("-p", PROMPT, "-o", "json", "--approval-mode", "yolo"),
        ],
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
        "@github/copilot",
        lambda stage: [
            stage.program("@github/copilot-*/copilot"),
            *("-p", PROMPT, "--output-format", "json", "--disable-client-telemetry", "--no-auto-update"),
            *("--trust-folder", "--allow-all"),
        ],
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
        "opencode-ai",
        lambda stage: [stage.program("opencode-*[!e]/bin/opencode"), "run", PROMPT, "--format", "json", "--auto"],
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


def install(prefix: Path, agents: Sequence[Headless] = AGENTS) -> None:
    """Install the newest releases of these agents, and a Node.js that can start them."""
    packages = [f"{agent.package}@latest" for agent in agents]
    npm = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(prefix)]
    subprocess.run([*npm, *packages, NODE], check=True, stdout=subprocess.DEVNULL)


def main(arguments: Sequence[str]) -> int:
    """`python -m bench.headless install PREFIX [ID...]`: install what is not there. Exit codes: 0 good, 2 usage."""
    if len(arguments) < 2 or arguments[0] != "install":
        print("python -m bench.headless install PREFIX [ID...]", file=sys.stderr)
        return 2
    prefix, wanted = Path(arguments[1]), set(arguments[2:])
    missing = [
        agent
        for agent in AGENTS
        if (not wanted or agent.id in wanted) and not (prefix / "node_modules" / agent.package).is_dir()
    ]
    if missing:
        print(f"installing {', '.join(agent.package for agent in missing)}", file=sys.stderr)
        prefix.mkdir(parents=True, exist_ok=True)
        install(prefix, missing)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
