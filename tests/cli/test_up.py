"""`spawngate up`: the inventory printed, then served until interrupted."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path


def start(tmp_path: Path, *args: str) -> "subprocess.Popen[str]":
    home = tmp_path / "home"
    (home / ".cursor").mkdir(parents=True)
    (home / ".cursor/mcp.json").write_text(
        '{"mcpServers": {"first": {"command": "npx", "args": ["x"]}}}', encoding="utf-8"
    )
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "SPAWNGATE_STATE_DIR": str(tmp_path / "state")}
    command = [
        sys.executable,
        "-m",
        "spawngate",
        "up",
        "--home",
        str(home),
        "--sysroot",
        str(home),
        "--no-processes",
        *args,
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        text: str = answer.read().decode()
    return text


def test_once(tmp_path: Path) -> None:
    process = start(tmp_path, "--once")
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, "")
    assert "npx x" in output


def test_this_machine_s_inventory_is_in_the_trail(tmp_path: Path) -> None:
    (tmp_path / ".cursor").mkdir()
    (tmp_path / ".cursor/mcp.json").write_text('{"mcpServers": {"first": {"command": "npx", "args": ["x"]}}}', "utf-8")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SPAWNGATE_STATE_DIR": str(tmp_path / "state")}
    for arguments in (["up", "--once"], ["audit", "query", "type:artifact-added kind:mcp_server"]):
        command = [sys.executable, "-m", "spawngate", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=True)
    assert (done.stderr, "first" in done.stdout) == ("", True)


def test_page_is_served_follows_changes_and_ends_on_interrupt(tmp_path: Path) -> None:
    process = start(tmp_path, "--port", "0")
    try:
        assert process.stderr is not None
        url = None
        for line in process.stderr:
            found = re.search(r"http://127\.0\.0\.1:\d+/", line)
            if found:
                url = found.group()
                break
        assert url is not None
        assert "Spawngate" in fetch(url)
        assert "first" in fetch(f"{url}servers")
        assert '"first"' in fetch(f"{url}inventory.json")
        path = tmp_path / "home/.cursor/mcp.json"
        path.write_text('{"mcpServers": {"second": {"command": "uvx", "args": ["y"]}}}', encoding="utf-8")
        for _ in range(200):
            if '"second"' in fetch(f"{url}inventory.json"):
                break
            signal.sigtimedwait([], 0.1)
        else:
            raise AssertionError("the change never reached the page")
    finally:
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
    assert process.returncode in (0, 130)
    assert "npx x" in output


def test_demo_shows_a_fleet_that_is_made_up_and_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(tmp_path / "tmp")}
    (tmp_path / "tmp").mkdir()
    command = [sys.executable, "-m", "spawngate", "up", "--demo", "--demo-endpoints", "12", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stderr is not None
        told = ""
        url = None
        while url is None:
            line = process.stderr.readline()
            assert line, told
            told += line
            found = re.search(r"http://127\.0\.0\.1:\d+/", line)
            url = found.group() if found else None
        assert "SYNTHETIC" in told
        page = fetch(f"{url}endpoints")
        assert "Synthetic fleet." in page
        assert "12 endpoints" in page
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert list((tmp_path / "tmp").iterdir()) == []
    assert [each.name for each in tmp_path.iterdir()] == ["tmp"]


def test_demo_that_is_ended_early_leaves_nothing_behind(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "spawngate", "up", "--demo", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stderr is not None
    assert "Making a synthetic fleet" in process.stderr.readline()
    while not any(tmp_path.glob("spawngate-demo-*/store/*")):
        signal.sigtimedwait([], 0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
