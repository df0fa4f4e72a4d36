"""`spawngate launch list`: how configured servers start and what they are confined to."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MCP = """{"mcpServers": {
  "files": {"command": "/bin/cat", "args": ["-"]},
  "far": {"url": "https://mcp.example/mcp"}
}}"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "home"
    (path / ".cursor").mkdir(parents=True)
    (path / ".cursor/mcp.json").write_text(MCP)
    return path


def run(home: Path, *args: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "SPAWNGATE_STATE_DIR": str(home.parent / "state")}
    return subprocess.run(
        [sys.executable, "-m", "spawngate", *args],
        capture_output=True,
        text=True,
        env=environment,
        cwd=home,
        timeout=60,
        check=False,
    )


def test_list(home: Path) -> None:
    found = json.loads(run(home, "launch", "list", "--format", "json").stdout)
    assert found["schema_version"] == 1
    assert [(each["name"], each["state"]) for each in found["entries"]] == [("files", "direct")]
    assert [(each["name"], each["state"]) for each in found["remote"]] == [("far", "remote")]
    assert "`spawngate proxy`" in found["remote"][0]["why"]
    assert (found["walls"], found["not_held"]) == ([], [])
    run(home, "protect", "--launches", "--no-daemon")
    (entry,) = json.loads(run(home, "launch", "list", "--format=json").stdout)["entries"]
    assert (entry["state"], entry["confined"]) == ("behind", {})
    done = run(home, "approve", "files", "--sandbox", "--host", "api.example:8443", "--read", "~/notes")
    assert f"  sandbox   reads {home}/notes; reaches api.example:8443" in done.stdout.splitlines(), done
    found = json.loads(run(home, "launch", "list", "--format=json").stdout)
    box = found["entries"][0]["confined"]
    assert (box["hosts"], box["read"], box["sandbox"]) == (
        ["api.example:8443"],
        [f"{home}/notes"],
        f"reads {home}/notes; reaches api.example:8443",
    )
    if found["walls"]:
        assert box["layers"] == found["walls"]
    table = run(home, "launch", "list").stdout
    assert "reaches api.example:8443" in table
    assert "walls of this system: " in table
    status = run(home, "status").stdout
    assert f"  confined: cursor files: reads {home}/notes; reaches api.example:8443" in status
    assert "  remote: cursor far" in status.splitlines()
    scanned = json.loads(run(home, "scan", "--home", str(home), "--no-search", "--format", "json").stdout)
    (server,) = (each for each in scanned["artifacts"] if each["kind"] == "mcp_server" and each["name"] == "files")
    assert server["detail"]["confinement"] == box


@pytest.mark.parametrize(
    "words", [("x",), ("list", "x"), ("list", "--format"), ("list", "--format", "x"), ("list", "a", "b")]
)
def test_usage(home: Path, words: tuple[str, ...]) -> None:
    done = run(home, "launch", *words)
    assert (done.returncode, done.stdout) == (2, "")
