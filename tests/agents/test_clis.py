"""The table of tools, and what names, paths and metadata say."""

import pytest

from spawngate.agents import AGENTS
from spawngate.agents.clis import (
    AMBIGUOUS,
    BY_BINARY,
    CLIS,
    binary_name,
    distribution,
    homebrew_package,
    identify,
    owns_script,
    python_name,
    shebang,
    shim_target,
    venv_package,
    version_in_path,
)

OF_AGENTS = {
    "claude-code": "claude",
    "cursor": "cursor cursor-agent agent",
    "vscode": "code code-insiders",
    "visual-studio": "devenv",
    "copilot-cli": "copilot",
    "windsurf": "windsurf",
    "devin-cli": "devin",
    "codex-cli": "codex",
    "gemini-cli": "gemini",
    "antigravity": "agy antigravity",
    "cline": "cline",
    "kilo-code": "kilo kilocode",
    "continue": "cn",
    "zed": "zed zeditor",
    "junie": "junie",
    "amp": "amp",
    "opencode": "opencode opencode2",
    "goose": "goose",
    "crush": "crush",
    "qwen-code": "qwen",
    "kiro": "kiro kiro-cli kiro-cli-chat",
    "amazon-q-cli": "q qchat",
    "factory-droid": "droid",
    "augment": "auggie",
    "trae": "trae",
    "qoder": "qoder qodercli",
    "grok-build": "grok",
    "kimi-code": "kimi",
    "mistral-vibe": "vibe",
    "openclaw": "openclaw clawdbot",
    "hermes": "hermes",
    "openhands": "openhands",
    "warp": "warp warp-terminal oz",
    "lm-studio": "lms",
    "jan": "jan",
    "pi": "pi omp",
    "rovo-dev": "acli rovodev",
    "deepagents-cli": "deepagents",
    "reasonix": "reasonix",
    "codebuddy": "codebuddy",
}
"""Binaries that the vendors document, by agent."""


@pytest.mark.parametrize("agent", OF_AGENTS)
def test_every_binary_of_an_agent_is_in_the_table(agent: str) -> None:
    names = OF_AGENTS[agent].split()
    assert [name for name in names if agent not in {cli.agent for cli in BY_BINARY.get(name, ())}] == []


def test_table_is_sound() -> None:
    assert len(CLIS) >= 60
    assert len({cli.id for cli in CLIS}) == len(CLIS)
    assert {cli.agent for cli in CLIS} - {"", *AGENTS} == set()
    assert [name for name in BY_BINARY if name != name.lower() or not name] == []
    managers = {package.partition(":")[0] for cli in CLIS for package in cli.packages}
    assert managers == {"npm", "pypi", "cargo", "homebrew"}
    packages = [package for cli in CLIS for package in cli.packages]
    assert len(packages) == len(set(packages))


def test_names_in_need_of_evidence_can_have_it() -> None:
    unprovable = [
        (cli.id, name)
        for cli in CLIS
        for name in (*cli.binaries, *cli.common)
        if cli.needs(name) == "package" and not cli.packages and not cli.folders
    ]
    assert unprovable == []


def test_two_tools_of_one_name_ask_for_evidence() -> None:
    shared = {name: clis for name, clis in BY_BINARY.items() if len(clis) > 1}
    assert {name: [cli.id for cli in clis] for name, clis in shared.items()} == {"grok": ["grok-build", "grok-cli"]}
    assert [cli.needs("grok") for cli in shared["grok"]] == ["package", "package"]


@pytest.mark.parametrize(
    ("binary", "packages", "target", "expected"),
    [
        ("claude", (), "/x/claude", "claude-code"),
        ("nothing", (), "/x/nothing", None),
        ("q", (), "/usr/bin/q", None),
        ("q", (), "/Applications/Amazon Q.app/Contents/MacOS/q", "amazon-q-cli"),
        ("agent", (), "/home/u/.local/share/cursor-agent/versions/1/cursor-agent", "cursor"),
        ("agent", (), "/opt/datadog/agent", None),
        ("cn", ("npm:@continuedev/cli",), "/x/cn.js", "continue"),
        ("cn", ("npm:other",), "/x/cn.js", None),
        ("grok", ("npm:@vibe-kit/grok-cli",), "/x/index.js", "grok-cli"),
        ("grok", (), "/home/u/.grok/bin/grok", "grok-build"),
        ("grok", (), "/usr/bin/grok", None),
        ("goose", (), "/home/u/.local/bin/goose", "goose"),
        ("goose", (), "/home/u/go/bin/goose", None),
        ("aider", ("pypi:aider-fork",), "/x/aider", "aider"),
        ("hf", (), "/usr/bin/hf", None),
        ("hf", ("pypi:huggingface-hub",), "/x/hf", "huggingface"),
    ],
)
def test_identify(binary: str, packages: tuple[str, ...], target: str, expected: str | None) -> None:
    found = identify(binary, packages, target)
    assert (found.id if found else None) == expected


@pytest.mark.parametrize(
    ("binary", "packages", "target", "present", "expected"),
    [
        ("amp", (), "/home/u/.local/bin/amp", {"amp"}, "amp"),
        ("amp", (), "/home/u/.local/bin/amp", {"zed"}, None),
        ("zed", (), "/home/u/.local/bin/zed", {"zed"}, "zed"),
        ("grok", ("npm:@vibe-kit/grok-cli",), "/x/index.js", {"grok-build"}, "grok-cli"),
        ("claude", (), "/x/claude", {"cursor"}, "claude-code"),
        ("hf", (), "/x/hf", {""}, None),
    ],
)
def test_an_agent_in_use_is_evidence(
    binary: str, packages: tuple[str, ...], target: str, present: set[str], expected: str | None
) -> None:
    found = identify(binary, packages, target, present)
    assert (found.id if found else None) == expected


def test_agents_whose_tools_need_evidence() -> None:
    assert {"amp", "continue", "grok-build", "hermes", "kilo-code", "lm-studio", "mistral-vibe", "zed"} <= AMBIGUOUS
    assert "claude-code" not in AMBIGUOUS


def test_binary_name() -> None:
    assert [binary_name(name, True) for name in ("Claude.EXE", "claude.cmd", "claude.ps1", "claude")] == ["claude"] * 4
    assert binary_name("claude.exe", False) == "claude.exe"


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("/home/u/.local/share/claude/versions/2.1.3", "2.1.3"),
        ("/home/u/.local/share/cursor-agent/versions/2025.11.25-d5b3271/cursor-agent", "2025.11.25-d5b3271"),
        ("/home/u/.asdf/installs/aider/0.50.1/bin/aider", "0.50.1"),
        ("/home/u/x/releases/v1.2.3-rc.1/x", "v1.2.3-rc.1"),
        ("/home/u/.pyenv/versions/3.11.4/bin/llm", None),
        ("/home/u/.nvm/versions/node/v22.1.0/bin/codex", None),
        ("/usr/bin/claude", None),
    ],
)
def test_version_in_path(path: str, version: str | None) -> None:
    assert version_in_path(path) == version


def test_homebrew_package() -> None:
    assert homebrew_package("/opt/homebrew/Cellar/mods/1.8.1/bin/mods") == ("mods", "1.8.1")
    assert homebrew_package("/opt/homebrew/Caskroom/claude-code/2.1.3/claude") == ("claude-code", "2.1.3")
    assert homebrew_package("/opt/homebrew/bin/mods") is None


def test_venv_package() -> None:
    assert venv_package("/home/u/.local/share/pipx/venvs/aider-chat/bin/aider") == ("pipx", "aider-chat")
    assert venv_package("/home/u/.local/pipx/venvs/llm/bin/llm") == ("pipx", "llm")
    assert venv_package("/home/u/.local/share/uv/tools/mistral-vibe/bin/vibe") == ("uv", "mistral-vibe")
    assert venv_package("/home/u/venv/bin/llm") is None


@pytest.mark.parametrize(
    ("text", "target"),
    [
        (
            '@ECHO off\r\n"%_prog%"  "%dp0%\\node_modules\\@openai\\codex\\bin\\codex.js" %*\r\n',
            "node_modules/@openai/codex/bin/codex.js",
        ),
        ('& "$basedir/node$exe"  "$basedir/node_modules/x/cli.js" $args', "node_modules/x/cli.js"),
        (
            'export NODE_PATH="/p/5/node_modules/x/node_modules"\nexec node  "$basedir/global/5/node_modules/x/cli.js"',
            "global/5/node_modules/x/cli.js",
        ),
        (
            'exec "/home/u/.claude/local/node_modules/.bin/claude" "$@"',
            "/home/u/.claude/local/node_modules/.bin/claude",
        ),
        ('exec "$HOME/node_modules/x"', None),
        ("# node_modules", None),
    ],
)
def test_shim_target(text: str, target: str | None) -> None:
    assert shim_target(text) == target


@pytest.mark.parametrize(
    ("head", "program"),
    [
        (b"#!/venv/bin/python3\nimport x", "/venv/bin/python3"),
        (b"#! /usr/bin/env -S python3 -E\n", "python3"),
        (b"#!/usr/bin/env node\n", "node"),
        (b"#!/bin/sh\n'''exec' '/a b/bin/python' \"$0\" \"$@\"\n' '''\n", "/a b/bin/python"),
        (b"#!/bin/sh\necho\n", "/bin/sh"),
        (b"\x7fELF", None),
        (b"", None),
    ],
)
def test_shebang(head: bytes, program: str | None) -> None:
    assert shebang(head) == program


def test_owns_script() -> None:
    entries = "[other]\nllm = x:y\n\n[console_scripts]\naider = aider.main:main\n"
    assert [owns_script(entries, "", name) for name in ("aider", "llm", "aide")] == [True, False, False]
    record = "../../../bin/llm,sha256=x,1\nllm/__init__.py,,\n../../Scripts/sgpt.exe,,\n"
    assert [owns_script("", record, name) for name in ("llm", "sgpt", "lm")] == [True, True, False]


def test_distribution_and_names() -> None:
    assert distribution("Metadata-Version: 2.1\nName: aider-chat\nVersion: 0.86.2\n\nName: no\n") == (
        "aider-chat",
        "0.86.2",
    )
    assert distribution("Name: x\n\nVersion: 1\n") is None
    assert python_name("Foo_.Bar") == "foo-bar"
