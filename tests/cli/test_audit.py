"""`spawngate audit` as a program."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from spawngate.endpoint.daemon.control import start, stop
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.trail.store import TrailStore
from spawngate.trail.event import Actor, CallRecord, DecisionRecord, Event


def run(state: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "spawngate", "audit", *arguments],
        env={**os.environ, "SPAWNGATE_STATE_DIR": os.fspath(state)},
        capture_output=True,
        check=False,
    )


def event(command: str, verdict: str = "allow", mode: str = "enforce") -> Event:
    return Event(
        "decision",
        "2026-11-21T10:00:00.000000Z",
        1,
        actor=Actor("ann", "codex-cli"),
        call=CallRecord(tool="shell", commands=(command,)),
        decision=DecisionRecord(verdict, mode, reasons=() if verdict == "allow" else ("why",)),
    )


@pytest.fixture
def state(tmp_path: Path) -> Path:
    with TrailStore(place(tmp_path / "state").trail) as trail:
        trail.append([event("ls"), event("rm \x1b[2J\u202e x", "deny"), event("git push", "ask", "monitor")])
    return tmp_path / "state"


def test_tail(state: Path) -> None:
    found = run(state, "tail", "-n", "2")
    assert (found.returncode, found.stderr) == (0, b"")
    assert found.stdout.decode() == (
        "2026-11-21 10:00:00  deny   codex-cli shell: rm \\x1b[2J\\u202e x  [why]\n"
        "2026-11-21 10:00:00  ask*   codex-cli shell: git push  [why]\n"
    )


def test_query(state: Path) -> None:
    found = run(state, "query", "verdict:deny,ask", "--format", "json", "--limit", "1", "--since", "2026-11-21")
    (value,) = map(json.loads, found.stdout.splitlines())
    assert value["call"]["commands"] == ["git push"]
    assert len(run(state, "query", "not", "verdict:deny", "--format", "json").stdout.splitlines()) == 2
    assert run(state, "query", "--until", "2026-11-21T10:00:00Z").stdout == b""


def test_bad_words(state: Path) -> None:
    for words, problem in (
        (["query", "verdic:deny"], b"no field 'verdic'"),
        (["query", "--since", "soon"], b"is no time"),
        (["verify", "--head", "x"], b"STREAM:SEQUENCE:HASH"),
        (["export", "-o", "/nowhere/x"], b"No such file"),
    ):
        found = run(state, *words)
        assert (found.returncode, found.stdout) == (2, b"")
        assert problem in found.stderr


def test_verify_and_export(state: Path, tmp_path: Path) -> None:
    found = run(state, "verify")
    assert found.returncode == 0
    assert found.stdout.decode().startswith("3 records are as they were written, from record 1 on\nend: record 3 of")
    document = json.loads(run(state, "verify", "--format", "json").stdout)
    assert (document["schema_version"], document["records"], document["fault"]) == (1, 3, None)
    head = document["head"]
    export = tmp_path / "export.ndjson"
    assert run(state, "export", "-o", os.fspath(export)).returncode == 0
    assert export.stat().st_mode & 0o777 == 0o600
    assert run(state, "export", "-o", os.fspath(export)).returncode == 2
    assert run(state, "export").stdout == export.read_bytes()
    noted = f"{head['stream']}:{head['sequence']}:{head['hash']}"
    assert run(state, "verify", os.fspath(export), "--head", noted).returncode == 0
    export.write_bytes(export.read_bytes().replace(b"git push", b"git pull"))
    broken = run(state, "verify", os.fspath(export))
    assert broken.returncode == 1
    assert b"altered: record 3 was altered" in broken.stdout


def test_nothing_there(tmp_path: Path) -> None:
    assert run(tmp_path, "tail").stdout == b""
    assert run(tmp_path, "verify").stdout == b"there is no record\n"
    assert not (tmp_path / "trail").exists()


def test_follow(state: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "spawngate", "audit", "tail", "-n", "1", "-f", "--format", "json"],
        env={**os.environ, "SPAWNGATE_STATE_DIR": os.fspath(state)},
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["call"]["commands"] == ["git push"]
        time.sleep(0.1)
        with TrailStore(place(state).trail) as trail:
            trail.append([event("later")])
        assert json.loads(process.stdout.readline())["call"]["commands"] == ["later"]
        process.terminate()


@pytest.mark.parametrize("daemon", [False, True])
def test_prune(tmp_path: Path, daemon: bool) -> None:
    state = tmp_path / "state"
    now = datetime.now(UTC)
    for days in (40, 20, 0):
        moment = now - timedelta(days=days)
        with TrailStore(place(state).trail, clock=partial(datetime.fromisoformat, moment.isoformat())) as trail:
            trail.append([event(f"{days}")])
    if daemon:
        start(state, ("--no-inventory",))
    try:
        assert run(state, "prune", "--days", "30").returncode == 130  # nobody there to say yes
        for days, gone in ((30, 1), (10, 1), (10, 0)):
            found = run(state, "prune", "--days", str(days), "--yes")
            assert (found.returncode, found.stderr) == (0, f"{gone} days deleted\n".encode())
    finally:
        stop(state)
    kept = [json.loads(line) for line in run(state, "query", "type:decision", "--format", "json").stdout.splitlines()]
    assert [value["call"]["commands"] for value in kept] == [["0"]]
    assert run(state, "verify").returncode == 0
