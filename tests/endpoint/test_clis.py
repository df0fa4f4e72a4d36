"""Tools in folders as their installers lay them out; every file is made by the test and none is started."""

import hashlib
import json
import os
import time
from pathlib import Path

import pytest

from spawngate.endpoint.clis import MAX_DIGEST, find_clis
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Observed

TRAP = "#!/bin/sh\ntouch '{mark}'\n"


class Machine:
    """A home and the machine's own folders, below one temporary folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.home = root / "home/ann"
        self.home.mkdir(parents=True)
        self.mark = root / "started"

    def file(self, path: str, text: str | None = None, mode: int = 0o755) -> Path:
        """A file that would leave a mark if anything started it."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(TRAP.format(mark=self.mark) if text is None else text)
        place.chmod(mode)
        return place

    def link(self, path: str, target: str) -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)
        return place

    def find(self, *path: str, home: bool = True) -> list[Observed]:
        found = find_clis(
            [str(self.root / folder) for folder in path],
            home=str(self.home) if home else None,
            system_root=str(self.root),
        )
        assert not self.mark.exists()
        return found

    def one(self, *path: str) -> Observed:
        (found,) = self.find(*path)
        return found

    def below(self, path: str) -> str:
        return str(self.root / path)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def facts(observed: Observed) -> dict[str, Json]:
    return {key: value for key, value in observed.detail.items() if key not in ("vendor", "shadowed", "target")}


def npm(machine: Machine, prefix: str, name: str, version: str, script: str) -> str:
    """An installed npm package; the path of its program."""
    package = f"{prefix}/node_modules/{name}"
    machine.file(f"{package}/package.json", json.dumps({"name": name, "version": version}), 0o644)
    machine.file(f"{package}/{script}", "#!/usr/bin/env node\n")
    return f"{package}/{script}"


def pip(machine: Machine, venv: str, name: str, version: str, *scripts: str, record: bool = False) -> None:
    """An installed distribution with console scripts."""
    info = f"{venv}/lib/python3.12/site-packages/{name.replace('-', '_')}-{version}.dist-info"
    machine.file(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nText\n", 0o644)
    if record:
        machine.file(f"{info}/RECORD", "".join(f"../../../bin/{script},,\n" for script in scripts), 0o644)
    else:
        lines = "".join(f"{script} = x:main\n" for script in scripts)
        machine.file(f"{info}/entry_points.txt", f"[console_scripts]\n{lines}", 0o644)
    for script in scripts:
        machine.file(f"{venv}/bin/{script}", f"#!{machine.below(venv)}/bin/python\nimport x\n")


def test_one_tool_in_full(machine: Machine) -> None:
    target = npm(machine, "usr/lib", "@openai/codex", "0.169.0", "bin/codex.js")
    machine.link("usr/local/bin/codex", machine.below(target))
    found = machine.one("usr/local/bin")
    assert (found.kind, found.agent, found.scope, found.name, found.path, found.status) == (
        Kind.CLI,
        "codex-cli",
        Scope.SYSTEM,
        "codex",
        machine.below("usr/local/bin/codex"),
        Status.INSTALLED,
    )
    assert found.detail == {
        "cli": "codex-cli",
        "vendor": "OpenAI",
        "shadowed": False,
        "version": "0.169.0",
        "package": "@openai/codex",
        "package_manager": "npm",
        "target": machine.below(target),
    }
    assert found.content == hashlib.sha256(b"#!/usr/bin/env node\n").hexdigest()


def test_version_in_the_path_of_a_standalone_tool(machine: Machine) -> None:
    machine.file("home/ann/.local/share/claude/versions/2.1.3")
    machine.link("home/ann/.local/bin/claude", machine.below("home/ann/.local/share/claude/versions/2.1.3"))
    found = machine.one()
    assert (found.scope, facts(found)) == (
        Scope.USER,
        {"cli": "claude-code", "version": "2.1.3", "package_manager": "standalone"},
    )


@pytest.mark.parametrize("record", [False, True])
def test_pip_in_an_environment(machine: Machine, record: bool) -> None:
    pip(machine, "venv", "other-tool", "9", "other")
    pip(machine, "venv", "llm", "0.36", "llm", record=record)
    assert facts(machine.one("venv/bin")) == {
        "cli": "llm",
        "version": "0.36",
        "package": "llm",
        "package_manager": "pip",
    }


@pytest.mark.parametrize(
    ("manager", "venv"), [("pipx", ".local/share/pipx/venvs/aider-chat"), ("uv", ".local/share/uv/tools/aider-chat")]
)
def test_environment_of_one_tool(machine: Machine, manager: str, venv: str) -> None:
    pip(machine, f"home/ann/{venv}", "aider-chat", "0.86.2", "aider")
    machine.link("home/ann/.local/bin/aider", machine.below(f"home/ann/{venv}/bin/aider"))
    assert facts(machine.one()) == {
        "cli": "aider",
        "version": "0.86.2",
        "package": "aider-chat",
        "package_manager": manager,
    }


def test_script_of_another_distribution_is_named_for_what_it_is(machine: Machine) -> None:
    pip(machine, "venv", "aider-fork", "1.0", "aider")
    assert facts(machine.one("venv/bin")) == {
        "cli": "aider",
        "version": "1.0",
        "package": "aider-fork",
        "package_manager": "pip",
    }


def test_common_names_need_evidence(machine: Machine) -> None:
    for name in ("q", "agent", "pi", "cn", "mods", "hf", "llm", "mcp"):
        machine.file(f"usr/bin/{name}")
    pip(machine, "venv", "somebody-elses", "1", "hf", "mcp")
    assert machine.find("usr/bin", "venv/bin") == []


def test_small_start_scripts_of_npm_and_pnpm(machine: Machine) -> None:
    npm(machine, "home/ann/.local/share/pnpm/global/5", "opencode-ai", "1.18.0", "bin/opencode")
    machine.file(
        "home/ann/.local/share/pnpm/opencode",
        '#!/bin/sh\nbasedir=$(dirname "$0")\nexec "$basedir/global/5/node_modules/opencode-ai/bin/opencode" "$@"\n',
    )
    assert facts(machine.one()) == {
        "cli": "opencode",
        "version": "1.18.0",
        "package": "opencode-ai",
        "package_manager": "npm",
    }


def test_local_claude_and_its_wrapper(machine: Machine) -> None:
    local = "home/ann/.claude/local"
    target = npm(machine, local, "@anthropic-ai/claude-code", "2.0.9", "cli.js")
    machine.link(f"{local}/node_modules/.bin/claude", machine.below(target))
    machine.file(f"{local}/claude", f'#!/bin/bash\nexec "{machine.below(local)}/node_modules/.bin/claude" "$@"\n')
    assert facts(machine.one())["version"] == "2.0.9"


def test_homebrew(machine: Machine) -> None:
    machine.file("opt/homebrew/Cellar/mods/1.8.1/bin/mods")
    machine.link("opt/homebrew/bin/mods", "../Cellar/mods/1.8.1/bin/mods")
    inside = npm(machine, "opt/homebrew/Cellar/gemini-cli/0.61.0/libexec/lib", "@google/gemini-cli", "0.61.0", "i.js")
    machine.link("opt/homebrew/bin/gemini", machine.below(inside))
    assert [facts(one) for one in machine.find("opt/homebrew/bin")] == [
        {"cli": "gemini-cli", "version": "0.61.0", "package": "@google/gemini-cli", "package_manager": "homebrew"},
        {"cli": "mods", "version": "1.8.1", "package": "mods", "package_manager": "homebrew"},
    ]


def test_cargo_and_volta(machine: Machine) -> None:
    machine.file("home/ann/.cargo/bin/aichat")
    machine.file(
        "home/ann/.cargo/.crates.toml",
        '[v1]\n"aichat 0.30.0 (registry+https://example.org/index)" = ["aichat"]\n"x 1 (y)" = ["z"]\n',
        0o644,
    )
    machine.file("home/ann/.volta/bin/volta-shim")
    machine.link("home/ann/.volta/bin/gemini", "volta-shim")
    machine.file(
        "home/ann/.volta/tools/user/bins/gemini.json", '{"package": "@google/gemini-cli", "version": "0.9"}', 0o644
    )
    assert [facts(one) for one in machine.find()] == [
        {"cli": "aichat", "version": "0.30.0", "package": "aichat", "package_manager": "cargo"},
        {"cli": "gemini-cli", "version": "0.9", "package": "@google/gemini-cli", "package_manager": "npm"},
    ]


def test_linked_checkout(machine: Machine) -> None:
    machine.file("src/repo/package.json", '{"name": "@continuedev/cli", "version": "1.5", "bin": {"cn": "d/cn.js"}}')
    machine.file("src/repo/d/cn.js")
    machine.link("bin/cn", machine.below("src/repo/d/cn.js"))
    machine.file("src/other/package.json", '{"name": "@continuedev/cli"}')
    machine.file("src/other/cn.js")
    machine.link("bin2/cn", machine.below("src/other/cn.js"))
    (found,) = machine.find("bin", "bin2")
    assert facts(found) == {
        "cli": "continue",
        "version": "1.5",
        "package": "@continuedev/cli",
        "package_manager": "npm",
    }


def test_order_shadows_and_folders_listed_once(machine: Machine) -> None:
    machine.file("a/claude")
    machine.file("b/claude")
    machine.link("same", machine.below("a"))
    machine.file("c/q")
    pip(machine, "d", "llm", "1", "llm")
    machine.file("c/llm")
    found = machine.find("a", "same", "missing", "b", "c", "d/bin")
    assert [(one.path, one.detail["shadowed"]) for one in found] == [
        (machine.below("a/claude"), False),
        (machine.below("b/claude"), True),
        (machine.below("d/bin/llm"), True),
    ]


def test_folders_of_the_home_and_of_the_machine(machine: Machine) -> None:
    for version in ("v20.9.0", "v22.10.0", "v22.9.0"):
        inside = npm(machine, f"home/ann/.nvm/versions/node/{version}/lib", "ccusage", version[1:], "i.js")
        machine.link(f"home/ann/.nvm/versions/node/{version}/bin/ccusage", machine.below(inside))
    machine.file("usr/local/bin/ollama")
    found = machine.find()
    assert [(one.name, one.scope, one.detail.get("version"), one.detail["shadowed"]) for one in found] == [
        ("ccusage", Scope.USER, "22.10.0", False),
        ("ccusage", Scope.USER, "22.9.0", True),
        ("ccusage", Scope.USER, "20.9.0", True),
        ("ollama", Scope.SYSTEM, None, False),
    ]
    assert [one.name for one in machine.find(home=False)] == ["ollama"]


def test_foreign_home_does_not_look_at_this_users_path(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.file("mine/claude")
    monkeypatch.setenv("PATH", machine.below("mine"))
    monkeypatch.setenv("HOME", machine.below("mine"))
    assert machine.find() == []


def test_windows(machine: Machine) -> None:
    (machine.home / "AppData/Roaming").mkdir(parents=True)
    npm(machine, "home/ann/AppData/Roaming/npm", "@openai/codex", "0.169.0", "bin/codex.js")
    for name in ("codex", "codex.ps1"):
        machine.file(f"home/ann/AppData/Roaming/npm/{name}", mode=0o644)
    machine.file(
        "home/ann/AppData/Roaming/npm/codex.cmd",
        '@ECHO off\r\n"%_prog%"  "%dp0%\\node_modules\\@openai\\codex\\bin\\codex.js" %*\r\n',
        0o644,
    )
    machine.file("home/ann/.local/bin/Claude.EXE", mode=0o644)
    machine.file("home/ann/.local/bin/opencode", mode=0o755)
    assert [(one.name, one.path, facts(one)) for one in machine.find()] == [
        (
            "claude",
            machine.below("home/ann/.local/bin/Claude.EXE"),
            {"cli": "claude-code", "package_manager": "standalone"},
        ),
        (
            "codex",
            machine.below("home/ann/AppData/Roaming/npm/codex.cmd"),
            {"cli": "codex-cli", "version": "0.169.0", "package": "@openai/codex", "package_manager": "npm"},
        ),
    ]


def test_odd_entries_neither_hang_nor_raise(machine: Machine) -> None:
    odd = machine.root / "odd"
    odd.mkdir()
    os.mkfifo(odd / "claude")
    (odd / "codex").symlink_to(odd / "codex")
    (odd / "gemini").symlink_to(odd / "nothing")
    (odd / "ollama").mkdir()
    machine.file("odd/aider", mode=0o644)
    machine.file("odd/opencode")
    started = time.monotonic()
    found = machine.find("odd", "odd/opencode", "odd/\0", "no-such-folder")
    relative = find_clis(["", ".", "odd", "//server/share"], system_root=str(machine.root))
    assert time.monotonic() - started < 5
    assert ([one.name for one in found], relative) == (["opencode"], [])


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"name": 1}', '{"name": "", "version": "1"}', "[" * 20_000])
def test_broken_package_json(machine: Machine, text: str) -> None:
    target = npm(machine, "lib", "@openai/codex", "1", "bin/codex.js")
    machine.file("lib/node_modules/@openai/codex/package.json", text)
    machine.link("bin/codex", machine.below(target))
    assert facts(machine.one("bin")) == {"cli": "codex-cli", "package_manager": "standalone"}


@pytest.mark.parametrize("path", ["home/ann/.cargo/.crates.toml", "home/ann/.volta/tools/user/bins/gemini.json"])
@pytest.mark.parametrize("text", ["", "\0", "[v1", '{"package": 1}', "v1 = 3", '[v1]\n"x" = "y"'])
def test_broken_lists_of_installers(machine: Machine, path: str, text: str) -> None:
    machine.file("home/ann/.cargo/bin/aichat")
    machine.file("home/ann/.volta/bin/volta-shim")
    machine.link("home/ann/.volta/bin/gemini", "volta-shim")
    machine.file(path, text)
    assert [facts(one) for one in machine.find()] == [
        {"cli": "aichat", "package_manager": "standalone"},
        {"cli": "gemini-cli", "package_manager": "standalone"},
    ]


def test_large_programs_have_no_digest(machine: Machine) -> None:
    machine.file("bin/claude", "x" * MAX_DIGEST)
    machine.file("bin/ollama", "x" * (MAX_DIGEST + 1))
    found = machine.find("bin")
    assert [one.content for one in found] == [hashlib.sha256(b"x" * MAX_DIGEST).hexdigest(), None]


def test_files_of_the_system(machine: Machine) -> None:
    real = os.path.realpath("/usr/bin/env")
    machine.link("bin/claude", real)
    found = machine.one("bin")
    assert (found.detail["package_manager"], found.detail["target"]) == ("system", real)


def test_common_name_of_an_agent_in_use(machine: Machine) -> None:
    for path in ("home/ann/.local/bin/amp", "home/ann/.local/bin/goose", "usr/local/bin/amp"):
        machine.file(path)
    machine.file("home/ann/lib/other/package.json", json.dumps({"name": "other", "bin": {"pi": "pi.js"}}), 0o644)
    machine.file("home/ann/lib/other/pi.js", "#!/usr/bin/env node\n")
    machine.link("home/ann/.local/bin/pi", machine.below("home/ann/lib/other/pi.js"))
    found = find_clis([], home=str(machine.home), system_root=str(machine.root), present={"amp", "pi"})
    assert [(one.agent, one.path, one.scope) for one in found] == [
        ("amp", machine.below("home/ann/.local/bin/amp"), Scope.USER),
        ("goose", machine.below("home/ann/.local/bin/goose"), Scope.USER),
    ]
    assert [one.agent for one in find_clis([], home=str(machine.home), system_root=str(machine.root))] == ["goose"]
