"""Exports of a store and their verification, as a program."""

import csv
import io
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spawngate.server.store.embedded import EmbeddedStore
from tests.server.store.conformance import varied


def run(state: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "spawngate", "audit", *arguments],
        env={**os.environ, "SPAWNGATE_STATE_DIR": os.fspath(state)},
        capture_output=True,
        check=False,
    )


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("state")
    with EmbeddedStore(folder / "store", clock=lambda: datetime(2026, 11, 22, tzinfo=UTC)) as store:
        store.events.append(varied())
        (folder / "checkpoint").write_text(store.evidence.checkpoint())
    return folder


def test_a_store_is_asked_counted_and_verified(state: Path) -> None:
    found = run(state, "query", "--store", "verdict:deny", "--format", "json", "--limit", "2")
    assert [json.loads(line)["decision"]["verdict"] for line in found.stdout.splitlines()] == ["deny", "deny"]
    counted = run(state, "count", "rule", "--store", "not", "verdict:log").stdout.decode()
    assert counted == "         5  delete-outside\n         5  spawn-shell\n"
    assert len(run(state, "tail", "--store", "-n", "3").stdout.splitlines()) == 3
    key = str(state / "store" / "key.pub")
    good = run(state, "verify", "--store", "--key", key, "--checkpoint", str(state / "checkpoint"))
    assert (good.returncode, good.stderr) == (0, b"")
    assert good.stdout.decode().splitlines()[0] == "30 events of 1 days were read"
    assert good.stdout.decode().endswith("everything is as it was written\n")
    said = run(state, "verify", "--folder", str(state / "store"), "--format", "json").stdout
    document = json.loads(said)
    assert (document["findings"], document["events"], document["schema_version"]) == ([], 30, 1)


def test_an_export_is_held_against_its_manifest(state: Path, tmp_path: Path) -> None:
    file, key = tmp_path / "export.ndjson", str(state / "store" / "key.pub")
    assert run(state, "export", "--store", "verdict:deny", "or", "curl", "-o", str(file)).returncode == 0
    lines = file.read_bytes().splitlines(keepends=True)
    assert len(lines) == 10
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert run(state, "verify", str(file), "--key", key).stdout == b"everything is as it was written\n"
    file.write_bytes(b"".join(lines[:4] + lines[5:]))
    bad = run(state, "verify", str(file), "--key", key)
    assert bad.returncode == 1
    assert bad.stdout.decode().startswith("dropped: export.ndjson: record ")
    assert run(state, "verify", str(file)).returncode == 2
    assert run(state, "verify", str(file), "--key", "x+y+z").returncode == 2
    again = run(state, "export", "--store", "-o", str(file))
    assert (again.returncode, b"name a file that is not there yet" in again.stderr) == (2, True)


def test_tables(state: Path, tmp_path: Path) -> None:
    text = run(state, "export", "--store", "--format", "csv").stdout.decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == 30
    assert rows[0]["command"] == "rm -rf /tmp/0"
    assert json.loads(rows[1]["command"]) == ["git status", "npm test"]
    file = tmp_path / "x.parquet"
    assert run(state, "export", "--store", "--format", "parquet", "-o", str(file)).returncode == 0
    data = file.read_bytes()
    assert data[:4] == data[-4:] == b"PAR1"
    assert [path.name for path in tmp_path.iterdir()] == ["x.parquet"]


def test_a_tampered_store(state: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(state / "store", copy)
    (copy / "head").write_bytes(b"x")
    bad = run(state, "verify", "--folder", str(copy))
    assert bad.returncode == 1
    assert b"altered: head: the last signed state is none of this store's key" in bad.stdout
    assert run(state, "verify", "--folder", str(copy), "--checkpoint", str(tmp_path / "none")).returncode == 2


def test_checkpoints_are_taken_as_a_receiver_has_them(state: Path, tmp_path: Path) -> None:
    import shutil

    copy, received = tmp_path / "copy", tmp_path / "from-siem.ndjson"
    shutil.copytree(state / "store", copy)
    key = str(copy / "key.pub")
    with EmbeddedStore(copy, clock=lambda: datetime(2026, 11, 22, tzinfo=UTC)) as store:
        good = store.evidence.checkpoint()
        day = store.events.days()[-1]
        other = store.evidence.sign(f"days/{day}", 31, bytes(32))
    event = {"type": "checkpoint", "at": "2026-11-22T00:00:00.000000Z", "schema_version": 1}
    lines = [{**event, "detail": {"note": good}}, {"type": "fault", "at": "", "schema_version": 1}]
    received.write_text("".join(json.dumps(line) + "\n" for line in lines))
    arguments = ("verify", "--folder", str(copy), "--key", key, "--checkpoint", str(received))
    assert run(state, *arguments).returncode == 0
    received.write_text("".join(json.dumps(line) + "\n" for line in [*lines, {**event, "detail": {"note": other}}]))
    bad = run(state, *arguments)
    assert bad.returncode == 1
    assert f"event 31 of {day} are missing" in bad.stdout.decode()
    assert bad.stdout.decode().splitlines()[-1].endswith("a checkpoint that was noted elsewhere has 31"), bad.stdout
    for rubbish in ('{"type": ', '{"type":"fault","at":"","schema_version":1}', '{"a":\n'):
        received.write_text(rubbish)
        assert run(state, *arguments).returncode == 2
