"""The action, the hook and their manual page: they name options that exist, and their scripts do what they say."""

import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from spawngate.cli.code import FORMATS as CODE_FORMATS
from spawngate.cli.code import command as code_scan
from spawngate.cli.scan import FORMATS
from spawngate.cli.scan import command as scan
from spawngate.codescan.frontends import FRONTENDS

ROOT = Path(__file__).parents[1]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
HOOK, CODE_HOOK = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
CODE_ACTION: dict[str, Any] = yaml.safe_load((ROOT / "code/action.yml").read_text())
PAGE = (ROOT / "docs/ci.md").read_text()
STUB = """#!/bin/sh
printf '%s\\n' "state=${SPAWNGATE_STATE_DIR:+set}" "$@" > "$STUB_SEEN"
exit "${STUB_EXIT:-0}"
"""


def script(name: str, action: dict[str, Any] = ACTION) -> str:
    """The shell text of one step of the action."""
    (step,) = (step for step in action["runs"]["steps"] if step["name"] == name)
    text: str = step["run"]
    return text


def options(text: str) -> set[str]:
    """The long options behind `spawngate scan` in a text, and those that the action's script collects."""
    commands = re.findall(r"spawngate scan[^\n`]*|options\+?=\([^\n]*", text)
    return {word for command in commands for word in re.findall(r"(?<![\w-])--[a-z-]+", command)}


@pytest.mark.parametrize("text", [script("Scan"), " ".join([HOOK["entry"], *HOOK["args"]]), PAGE])
def test_every_option_exists(text: str) -> None:
    known = {option for parameter in scan.params for option in parameter.opts}
    used = options(text)
    assert "--root" in used
    assert used - known == set()


def test_severities_and_formats_are_those_of_the_command() -> None:
    (fail_on,) = (parameter for parameter in scan.params if "--fail-on" in parameter.opts)
    assert isinstance(fail_on.type, click.Choice)
    assert ACTION["inputs"]["fail-on"]["default"] in fail_on.type.choices
    assert [word for word in fail_on.type.choices if word not in ACTION["inputs"]["fail-on"]["description"]] == []
    assert ACTION["inputs"]["format"]["default"] in FORMATS
    assert [word for word in FORMATS if word not in ACTION["inputs"]["format"]["description"]] == []


@pytest.mark.parametrize(("number", "action"), [(1, ACTION), (2, CODE_ACTION)])
def test_the_page_lists_every_input_of_the_actions(number: int, action: dict[str, Any]) -> None:
    table = PAGE.split("| input |")[number].split("\n\n")[0]
    listed = re.findall(r"^\| `([a-z-]+)` \| (?:`([^`]*)`)? ?\|", table, re.MULTILINE)
    assert listed == [(name, item["default"]) for name, item in action["inputs"].items()]


def test_no_input_stands_in_shell_text() -> None:
    """An expression in a `run` block would be pasted into the script before the shell reads it."""
    steps = [*ACTION["runs"]["steps"], *CODE_ACTION["runs"]["steps"]]
    assert [step["name"] for step in steps if "${{" in step["run"]] == []


def test_options_of_the_code_scan_exist() -> None:
    known = {option for parameter in code_scan.params for option in parameter.opts}
    for text in (script("Scan", CODE_ACTION), " ".join([CODE_HOOK["entry"], *CODE_HOOK["args"]]), PAGE):
        commands = re.findall(r"spawngate code [^\n`]*|options\+?=\([^\n]*", text)
        used = {word for command in commands for word in re.findall(r"(?<![\w-])--[a-z-]+", command)}
        assert "--fail-on" in used
        scan_only = {option for parameter in scan.params for option in parameter.opts} if text is PAGE else set()
        assert used - known - scan_only == set()
    (fail_on,) = (parameter for parameter in code_scan.params if "--fail-on" in parameter.opts)
    assert isinstance(fail_on.type, click.Choice)
    inputs_ = CODE_ACTION["inputs"]
    assert inputs_["fail-on"]["default"] in fail_on.type.choices
    assert inputs_["format"]["default"] in CODE_FORMATS
    assert [word for word in CODE_FORMATS if word not in inputs_["format"]["description"]] == []


def test_both_actions_install_alike() -> None:
    assert script("Install Spawngate", CODE_ACTION).replace(
        '"$GITHUB_ACTION_PATH/.."', '"$GITHUB_ACTION_PATH"'
    ).replace("$GITHUB_ACTION_PATH/../", "$GITHUB_ACTION_PATH/") == script("Install Spawngate")


@pytest.fixture
def stub(tmp_path: Path) -> dict[str, str]:
    """An environment with a `spawngate` that writes down its arguments, where the action installs it and on PATH."""
    folder = tmp_path / "runner" / "spawngate" / "bin"
    folder.mkdir(parents=True)
    (folder / "spawngate").write_text(STUB)
    (folder / "spawngate").chmod(0o755)
    return {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "RUNNER_TEMP": str(tmp_path / "runner"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "STUB_SEEN": str(tmp_path / "seen"),
        "TMPDIR": str(tmp_path),
    }


def inputs(**changed: str) -> dict[str, str]:
    """The variables that GitHub would set for the step of the action."""
    given = {name: item["default"] for name, item in ACTION["inputs"].items()} | changed
    (step,) = (step for step in ACTION["runs"]["steps"] if step["name"] == "Scan")
    return {name: given[text[len("${{ inputs.") : -len(" }}")]] for name, text in step["env"].items()}


@pytest.mark.parametrize("code", [0, 1])
def test_the_action_scans_the_repository_alone(stub: dict[str, str], code: int, tmp_path: Path) -> None:
    environment = stub | inputs() | {"STUB_EXIT": str(code)}
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", script("Scan")], env=environment, check=False)
    empty = f"{stub['RUNNER_TEMP']}/spawngate-empty"
    assert done.returncode == code
    assert (tmp_path / "output").read_text() == "report=spawngate.sarif\n"
    assert (tmp_path / "seen").read_text().split("\n") == [
        "state=set", "scan", "--root", ".", "--home", empty, "--sysroot", empty, "--no-search", "--no-processes",
        "--format", "sarif", "--output", "spawngate.sarif", "--fail-on", "high", "",
    ]  # fmt: skip
    assert list(Path(empty).iterdir()) == []


def test_the_action_passes_odd_inputs_as_they_are(stub: dict[str, str], tmp_path: Path) -> None:
    environment = stub | inputs(root='a b"; exit 9 #$(id)', trust="my trust.toml", **{"fail-on": ""})
    subprocess.run(["bash", "-eo", "pipefail", "-c", script("Scan")], env=environment, check=True)
    seen = (tmp_path / "seen").read_text().split("\n")
    assert seen[3] == 'a b"; exit 9 #$(id)'
    assert seen[-3:] == ["--trust", "my trust.toml", ""]
    assert "--fail-on" not in seen


@pytest.mark.parametrize("code", [0, 1])
def test_the_hook_scans_the_repository_alone_and_leaves_nothing(
    stub: dict[str, str], code: int, tmp_path: Path
) -> None:
    argv = [*shlex.split(HOOK["entry"]), *HOOK["args"]]
    before = sorted(tmp_path.iterdir())
    done = subprocess.run(argv, env=stub | {"STUB_EXIT": str(code)}, check=False)
    assert done.returncode == code
    seen = (tmp_path / "seen").read_text().split("\n")
    home = seen[5]
    assert seen == [
        "state=set", "scan", "--root", ".", "--home", home, "--sysroot", home, "--no-search", "--no-processes",
        "--fail-on", "high", "",
    ]  # fmt: skip
    assert home.startswith(str(tmp_path))
    assert sorted(tmp_path.iterdir()) == sorted([*before, tmp_path / "seen"])


@pytest.mark.parametrize(
    ("path", "runs"),
    [
        (".mcp.json", True),
        ("packages/app/.cursor/mcp.json", True),
        (".claude/settings.json", True),
        (".vscode/mcp.json", True),
        ("AGENTS.md", True),
        ("docs/CLAUDE.local.md", True),
        ("skills/pdf/SKILL.md", True),
        (".cursorrules", True),
        ("opencode.jsonc", True),
        ("uv.lock", True),
        ("web/package-lock.json", True),
        ("src/main.py", False),
        ("README.md", False),
        ("docs/agents.md", False),
    ],
)
def test_the_hook_runs_for_files_that_agents_read(path: str, runs: bool) -> None:
    assert bool(re.search(HOOK["files"], path)) is runs


def code_inputs(**changed: str) -> dict[str, str]:
    """The variables that GitHub would set for the step of the code scan's action."""
    given = {name: item["default"] for name, item in CODE_ACTION["inputs"].items()} | changed
    (step,) = (step for step in CODE_ACTION["runs"]["steps"] if step["name"] == "Scan")
    return {name: given[text[len("${{ inputs.") : -len(" }}")]] for name, text in step["env"].items()}


@pytest.mark.parametrize("code", [0, 1])
def test_the_code_action_scans_the_repository_alone(stub: dict[str, str], code: int, tmp_path: Path) -> None:
    environment = stub | code_inputs() | {"STUB_EXIT": str(code)}
    done = subprocess.run(["bash", "-eo", "pipefail", "-c", script("Scan", CODE_ACTION)], env=environment, check=False)
    assert done.returncode == code
    assert (tmp_path / "output").read_text() == "report=spawngate-code.sarif\n"
    assert (tmp_path / "seen").read_text().split("\n") == [
        "state=set", "code", "--no-record", "--format", "sarif", "--output", "spawngate-code.sarif",
        "--fail-on", "high", ".", "",
    ]  # fmt: skip


def test_the_code_action_passes_odd_inputs_as_they_are(stub: dict[str, str], tmp_path: Path) -> None:
    given = {"fail-on": "", "changed-since": "origin/main", "baseline": "my base.json"}
    environment = stub | code_inputs(root='a b"; exit 9 #$(id)', **given)
    subprocess.run(["bash", "-eo", "pipefail", "-c", script("Scan", CODE_ACTION)], env=environment, check=True)
    assert (tmp_path / "seen").read_text().split("\n")[7:] == [
        "--baseline", "my base.json", "--changed-since", "origin/main", 'a b"; exit 9 #$(id)', "",
    ]  # fmt: skip


def test_the_code_hook_scans_the_repository_and_leaves_nothing(stub: dict[str, str], tmp_path: Path) -> None:
    argv = [*shlex.split(CODE_HOOK["entry"]), *CODE_HOOK["args"]]
    before = sorted(tmp_path.iterdir())
    subprocess.run(argv, env=stub, check=True)
    assert (tmp_path / "seen").read_text().split("\n") == [
        "state=", "code", "--no-record", "--format", "table", "--fail-on", "high", "",
    ]  # fmt: skip
    assert sorted(tmp_path.iterdir()) == sorted([*before, tmp_path / "seen"])


@pytest.mark.parametrize(
    ("path", "runs"),
    [
        *((f"src/a{suffix}", True) for suffix in FRONTENDS),
        ("pyproject.toml", True),
        ("web/package.json", True),
        ("pom.xml", True),
        ("Cargo.toml", True),
        (".spawngate/code.toml", True),
        (".spawngate/models/own.yaml", True),
        ("README.md", False),
        ("a.yaml", False),
        ("src/a.pyc", False),
    ],
)
def test_the_code_hook_runs_for_sources(path: str, runs: bool) -> None:
    assert bool(re.search(CODE_HOOK["files"], path)) is runs
