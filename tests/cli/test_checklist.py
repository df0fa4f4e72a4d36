"""`spawngate checklist` as it is called."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from spawngate.report.checklist import schema


def spawngate(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    home, empty = tmp_path / "home", tmp_path / "empty"
    for folder in (home, empty):
        folder.mkdir(exist_ok=True)
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "SPAWNGATE_STATE_DIR": str(tmp_path / "state")}
    command = [sys.executable, "-m", "spawngate", *words]
    if words[0] == "checklist":
        command += ["--home", str(home), "--sysroot", str(empty), "--no-processes", "--no-search"]
    return subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, check=False)


def test_text_answers_all_six(tmp_path: Path) -> None:
    done = spawngate(tmp_path, "checklist")
    assert (done.returncode, done.stderr) == (0, "")
    heads = [line[:9] for line in done.stdout.splitlines() if line[:1].isdigit() and line[1] == "."]
    assert heads == ["1. YES   ", "2. NO    ", "3. NO    ", "4. YES   ", "5. YES   ", "6. NO    "]


def test_json_is_valid_and_check_says_whether_all_is_answered(tmp_path: Path) -> None:
    output = tmp_path / "answers.json"
    done = spawngate(tmp_path, "checklist", "--format", "json", "--check", "-o", str(output))
    assert (done.returncode, done.stdout) == (1, "")
    document = json.loads(output.read_text())
    assert list(Draft202012Validator(schema()).iter_errors(document)) == []
    assert json.loads(spawngate(tmp_path, "schema", "checklist").stdout) == schema()


@pytest.mark.parametrize("options", [["--format", "xml"], ["--home", "/nowhere/at/all"]])
def test_wrong_use(tmp_path: Path, options: list[str]) -> None:
    assert spawngate(tmp_path, "checklist", *options).returncode == 2


def test_routes_of_the_store_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    text = f'[destination.file]\ntype = "ocsf-file"\npath = "{folder}/events.json"\n'
    text += '[[route]]\nname = "siem"\ndestination = "file"\n'
    (tmp_path / "routes.toml").write_text(text)
    added = spawngate(tmp_path, "server", "route", "add", str(tmp_path / "routes.toml"))
    assert added.returncode == 0, added.stderr
    document = json.loads(spawngate(tmp_path, "checklist", "--format", "json").stdout)
    last = document["questions"][5]
    assert "route siem to file (ocsf-file): on" in last["evidence"]
    assert "route siem has delivered nothing yet" in last["missing"]
    assert not any("no store" in item for item in last["missing"])
