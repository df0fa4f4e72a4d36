"""`spawngate code` as it is called: output, exit codes, files, the trail."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from spawngate.endpoint.codescan.keeping import kept
from spawngate.report.code_json import schema
from spawngate.report.terminal import is_hidden
from tests.endpoint.codescan.shop import safe, vulnerable
from tests.report.test_sarif import VALIDATOR


def spawngate(state: Path, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(state), "SPAWNGATE_STATE_DIR": str(state)}
    command = [sys.executable, "-m", "spawngate", *words]
    return subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def test_text_tells_the_path(state: Path, tmp_path: Path) -> None:
    done = spawngate(state, "code", str(vulnerable(tmp_path / "shop")))
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == str(tmp_path / "shop")
    assert lines[1] == "1 finding: 1 high."
    assert any(line.startswith("HIGH   tools.py:5  launch by mcp") for line in lines)
    assert any("api.py:" in line and "test_server()" in line for line in lines)


def test_this_folder_is_scanned_where_none_is_named(state: Path, tmp_path: Path) -> None:
    done = spawngate(state, "code", "--format", "table", cwd=vulnerable(tmp_path / "shop"))
    assert done.stdout.splitlines()[1].startswith("HIGH    tools.py:5  ")


@pytest.mark.parametrize(("grade", "code"), [("high", 1), ("info", 1), (None, 0)])
def test_exit_codes(state: Path, tmp_path: Path, grade: str | None, code: int) -> None:
    options = [] if grade is None else ["--fail-on", grade]
    assert spawngate(state, "code", *options, str(vulnerable(tmp_path / "a"))).returncode == code
    assert spawngate(state, "code", *options, str(safe(tmp_path / "b"))).returncode == 0


def test_json_is_valid(state: Path, tmp_path: Path) -> None:
    done = spawngate(state, "code", "--format", "json", str(vulnerable(tmp_path / "a")), str(safe(tmp_path / "b")))
    document = json.loads(done.stdout)
    assert list(Draft202012Validator(schema()).iter_errors(document)) == []
    assert [tree["summary"]["findings"]["high"] for tree in document["trees"]] == [1, 0]
    assert json.loads(spawngate(state, "schema", "code").stdout) == schema()


def test_sarif_and_html_go_into_files(state: Path, tmp_path: Path) -> None:
    shop = str(vulnerable(tmp_path / "shop"))
    sarif, html = tmp_path / "a.sarif", tmp_path / "a.html"
    assert spawngate(state, "code", "--format", "sarif", "-o", str(sarif), "--fail-on", "high", shop).returncode == 1
    assert spawngate(state, "code", "--format", "html", "-o", str(html), shop).stdout == ""
    assert list(VALIDATOR.iter_errors(json.loads(sarif.read_text()))) == []
    assert html.read_text().startswith("<!doctype html>")
    assert stat.S_IMODE(sarif.stat().st_mode) == 0o600


def test_a_baseline_lets_known_findings_pass(state: Path, tmp_path: Path) -> None:
    shop, known = str(vulnerable(tmp_path / "shop")), str(tmp_path / "known.json")
    assert spawngate(state, "code", "--write-baseline", known, "--fail-on", "high", shop).returncode == 1
    done = spawngate(state, "code", "--baseline", known, "--fail-on", "high", shop)
    assert done.returncode == 0
    assert "0" not in done.stdout.splitlines()[1]
    assert done.stdout.splitlines()[1] == "No path from outside to a launch was found, 1 suppressed."


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--baseline", "missing.json"], "--baseline missing.json"),
        (["--models", "missing"], "--models missing"),
        (["--changed-since", "main"], "--changed-since"),
        (["--write-baseline", "x", "--changed-since", "main"], "needs the whole tree"),
        (["--fail-on", "awful"], "Invalid value"),
        (["missing"], "missing: no such file or folder"),
    ],
)
def test_wrong_use(state: Path, tmp_path: Path, options: list[str], said: str) -> None:
    done = spawngate(state, "code", *options, cwd=safe(tmp_path / "shop"))
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_baseline_of_two_trees_is_wrong_use(state: Path, tmp_path: Path) -> None:
    assert spawngate(state, "code", "--write-baseline", "x", str(tmp_path), str(tmp_path)).returncode == 2


def test_a_scan_goes_into_the_trail_and_is_remembered(state: Path, tmp_path: Path) -> None:
    shop = vulnerable(tmp_path / "shop")
    spawngate(state, "code", str(shop))
    safe(shop)
    (shop / "api.py").unlink()
    spawngate(state, "code", str(shop))
    trail = spawngate(state, "audit", "query", "channel:code", "--format", "json").stdout.splitlines()
    assert [json.loads(line)["type"] for line in trail][::-1] == [
        "finding-opened", "code-scanned", "finding-closed", "code-scanned",
    ]  # fmt: skip
    (only,) = kept(state)
    assert (only.root, only.findings) == (str(shop), ())


def test_no_record_and_no_cache_leave_no_trace(state: Path, tmp_path: Path) -> None:
    done = spawngate(state, "code", "--no-record", "--no-cache", str(vulnerable(tmp_path / "shop")))
    assert (done.returncode, done.stderr) == (0, "")
    assert not state.exists()


def test_a_state_that_cannot_be_used_is_said_and_the_result_stands(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.write_text("a file")
    done = spawngate(state, "code", "--fail-on", "high", str(vulnerable(tmp_path / "shop")))
    assert done.returncode == 1
    assert done.stdout.splitlines()[1] == "1 finding: 1 high."
    assert done.stderr.count("cannot be used") == 2


def test_jobs_and_timeout(state: Path, tmp_path: Path) -> None:
    shop = str(vulnerable(tmp_path / "shop"))
    assert spawngate(state, "code", "--jobs", "1", "--no-cache", shop).stdout.splitlines()[1] == "1 finding: 1 high."
    cut = spawngate(state, "code", "--timeout", "0", "--no-cache", shop).stdout
    assert "the time of this scan was over" in cut


@pytest.mark.parametrize("style", ["text", "table", "json", "sarif", "html"])
def test_a_hostile_tree(state: Path, tmp_path: Path, style: str) -> None:
    """Names that act on terminals or are no text, loops, pipes, a huge file, a repository that would run programs."""
    shop = vulnerable(tmp_path / "shop")
    tools = (shop / "tools.py").read_bytes()
    for name in (b"\x1b[2J.py", b"new\nline.py", b"<script>.py", b"\xff\xfe.py", b"a\xe2\x80\xaeb.py"):
        with open(os.fsencode(shop) + b"/" + name, "wb") as file:
            file.write(tools.replace(b"async def connect(", b"async def other("))
    (shop / "loop").symlink_to(shop)
    (shop / "self.py").symlink_to("self.py")
    os.mkfifo(shop / "pipe.py")
    with (shop / "huge.py").open("wb") as huge:
        huge.write(b"x = 1\n" * 100_000)
        huge.truncate(1 << 30)
    ran = tmp_path / "ran"
    (shop / ".git/hooks").mkdir(parents=True)
    (shop / ".git/config").write_text(f"[core]\n\tfsmonitor = touch {ran}\n")
    (shop / "setup.py").write_text(f"open({str(ran)!r}, 'w')\n")
    done = spawngate(state, "code", "--format", style, str(shop))
    assert (done.returncode, done.stderr) == (0, "")
    assert not ran.exists()
    assert [character for character in done.stdout.replace("\n", "") if is_hidden(character)] == []
    assert "tools.py" in done.stdout
    if style != "table":
        assert "pipe.py" in done.stdout
        assert "huge.py" in done.stdout
