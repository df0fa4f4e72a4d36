"""What is kept on the endpoint."""

import os
import stat
from pathlib import Path

import pytest

from spawngate.endpoint.state import State, default_folder
from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport
from spawngate.model.errors import StateError
from spawngate.model.observed import Diagnostic
from spawngate.model.snapshot import Snapshot

SNAPSHOT = Snapshot(
    endpoint="e",
    host="h",
    platform="linux",
    taken_at="2026-11-21T10:00:00Z",
    homes=("/home/a",),
    roots=(),
    artifacts=(
        Artifact(
            Kind.MCP_SERVER,
            "id",
            "fp",
            "claude-code",
            Scope.USER,
            "s",
            "/home/a/.claude.json",
            Status.ENABLED,
            {"running": {"state": "not_seen"}},
            Launch(Transport.STDIO, "npx", ("-y", "p"), ("K",), env={"K": "${K}"}),
        ),
    ),
    diagnostics=(Diagnostic("/x", "malformed", "line 1"),),
    statistics={"files_read": 1},
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_key_and_endpoint_are_made_once_and_private(tmp_path: Path) -> None:
    first, second = State(tmp_path / "s"), State(tmp_path / "s")
    assert first.key() == second.key()
    assert len(first.key()) == 32
    assert first.endpoint() == second.endpoint()
    assert State(tmp_path / "other").key() != first.key()
    assert mode(tmp_path / "s") == 0o700
    assert {mode(path) for path in (tmp_path / "s").iterdir()} == {0o600}


def test_open_folder_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    folder.mkdir(mode=0o755)
    State(folder)
    assert mode(folder) == 0o700


def test_snapshot_round_trip(tmp_path: Path) -> None:
    state = State(tmp_path)
    assert state.last(("/home/a",), ()) is None
    state.keep(SNAPSHOT, ("/home/a",), ())
    assert state.last(("/home/a",), ()) == SNAPSHOT
    assert state.last(("/home/a",), ("/src",)) is None
    assert state.last(("/home/a",), (), "/image") is None
    assert {mode(path) for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.parametrize("content", [b"", b"{", b'{"schema_version": 1}', b"\xff", b"[]"])
def test_damaged_snapshot_counts_as_none(tmp_path: Path, content: bytes) -> None:
    state = State(tmp_path)
    state.keep(SNAPSHOT, ("/home/a",), ())
    (path,) = tmp_path.iterdir()
    path.write_bytes(content)
    assert state.last(("/home/a",), ()) is None


def test_damaged_key_is_an_error_and_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(StateError, match="damaged"):
        State(tmp_path).key()
    assert (tmp_path / "key").read_bytes() == b"short"


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StateError, match="SPAWNGATE_STATE_DIR"):
        State(tmp_path / "file" / "s")


def test_default_folder() -> None:
    assert default_folder({"SPAWNGATE_STATE_DIR": "/x"}) == Path("/x")
    assert default_folder({"XDG_STATE_HOME": "/y"}) == Path("/y/spawngate")
    usual = Path(os.path.expanduser("~/.local/state/spawngate"))
    assert default_folder({}) == usual
    for wrong in ("", "state", "./state", "../state"):
        assert default_folder({"XDG_STATE_HOME": wrong}) == usual, wrong
