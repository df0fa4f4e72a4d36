"""`spawngate policy`, from outside."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

OWN = '@id("no-npm") @reason("Use the mirror.") @verdict("ask") forbid (principal, action, resource) '
OWN += 'when { context.programs.contains("npx") };\n'
CASES = """
[[case]]
name = "npx needs a person"
launch = { command = "npx", args = ["-y", "x-mcp@1.0.0"] }
verdict = "ask"
reasons = ["no-npm"]
"""


def run(home: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.defpath, "HOME": str(home), "SPAWNGATE_STATE_DIR": str(home / "state")}
    return subprocess.run(
        [sys.executable, "-m", "spawngate", "policy", *arguments],
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "policies"
    place.mkdir()
    (place / "own.cedar").write_text(OWN)
    (place / "own.cases.toml").write_text(CASES)
    return place


def test_check(tmp_path: Path, folder: Path) -> None:
    done = run(tmp_path, "check", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert "ask    no-npm" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("13 policies are valid, revision ")
    listed = json.loads(run(tmp_path, "check", str(folder), "--format", "json").stdout)
    assert [each["id"] for each in listed["policies"] if each["path"].endswith("own.cedar")] == ["no-npm"]


def test_check_refuses_with_place_and_remedy(tmp_path: Path, folder: Path) -> None:
    (folder / "bad.cedar").write_text(
        '@id("x") @reason("r") forbid (principal, action, resource) when { context.nope };'
    )
    done = run(tmp_path, "check", str(folder))
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{folder}/bad.cedar: x: attribute `nope` in context" in done.stderr


def test_cases(tmp_path: Path, folder: Path) -> None:
    done = run(tmp_path, "test", str(folder))
    assert (done.returncode, done.stdout) == (0, "1 of 1 cases hold\n")
    (folder / "own.cases.toml").write_text(CASES.replace('"ask"', '"deny"'))
    done = run(tmp_path, "test", str(folder))
    assert done.returncode == 1
    assert done.stdout == (
        f"failed {folder}/own.cases.toml: npx needs a person: verdict is ask, expected deny\n0 of 1 cases hold\n"
    )
    (folder / "own.cases.toml").unlink()
    done = run(tmp_path, "test", str(folder), "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["cases"]) == (1, [])


@pytest.mark.parametrize("name", ["baseline", "strict", "observe"])
def test_shipped_cases_hold(tmp_path: Path, name: str) -> None:
    done = run(tmp_path, "test", name, "--format", "json")
    assert (done.returncode, [case for case in json.loads(done.stdout)["cases"] if case["problem"]]) == (0, [])


def test_explain(tmp_path: Path, folder: Path) -> None:
    given = json.dumps({"launch": {"command": "npx", "args": ["-y", "x-mcp@1.0.0"]}, "agent": "cursor"})
    done = run(tmp_path, "explain", "--policy", str(folder), given=given)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "Needs a person's approval: Use the mirror.",
        "  agent: cursor",
        "  action: launch",
        "  programs: npx",
        "  packages: pkg:npm/x-mcp@1.0.0",
        "  transport: stdio",
        "  launcher: npx",
        "  package: pkg:npm/x-mcp@1.0.0",
        "  pin: exact",
        "  source: registry",
        f"  policy no-npm in {folder}/own.cedar decides: ask: Use the mirror.",
    ]
    document = json.loads(run(tmp_path, "explain", "--policy", str(folder), "--format", "json", given=given).stdout)
    assert (document["verdict"], [each["id"] for each in document["policies"]]) == ("ask", ["no-npm"])


def test_explain_refuses_what_is_no_object(tmp_path: Path) -> None:
    done = run(tmp_path, "explain", given="[]")
    assert (done.returncode, done.stderr) == (2, "spawngate: -: is no JSON object\n")


def test_replay_of_the_local_trail(tmp_path: Path, folder: Path) -> None:
    payload = {"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": "npx cowsay@1.6.0 hi"}}
    environment = {"PATH": os.defpath, "HOME": str(tmp_path), "SPAWNGATE_STATE_DIR": str(tmp_path / "state")}
    subprocess.run(
        [sys.executable, "-m", "spawngate", "hook", "claude-code"],
        input=json.dumps(payload).encode(),
        capture_output=True,
        timeout=60,
        env=environment,
        check=True,
    )
    document = json.loads(run(tmp_path, "replay", str(folder), "--format", "json").stdout)
    assert (document["total"], document["by_agent"], document["by_policy"]) == (1, {"claude-code": 1}, {"no-npm": 1})
    assert document["examples"][0]["command"] == "npx cowsay@1.6.0 hi"
    text = run(tmp_path, "replay", "observe").stdout
    assert text.startswith("1 decisions since 7d, ")
    refused = run(tmp_path, "replay", str(folder), "--since", "soon")
    assert refused.returncode == 2
