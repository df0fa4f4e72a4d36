"""Our own commands leave their trace in the trail where no daemon does it for them."""

from pathlib import Path

from spawngate.endpoint.daemon.place import place as daemon_place
from spawngate.endpoint.protect.apply import Done
from spawngate.endpoint.protect.record import record
from spawngate.endpoint.trail import reader
from spawngate.endpoint.trail.store import TrailStore
from spawngate.trail.query import Query
from tests.records import checked

DONE = [
    Done("cursor", "/h/.cursor/hooks.json", "written"),
    Done("cursor", "/h/a", "unchanged"),
    Done("cursor", "/h/b", "failed", "x"),
    Done("cursor", "/h/c", "gone"),
    Done("codex-cli", "/h/d", "deleted"),
]


def test_what_was_done_is_noted(tmp_path: Path) -> None:
    assert record(tmp_path, DONE) == ""
    events = [checked(value) for value, _ in reader.oldest(daemon_place(tmp_path).trail, Query())]
    assert [
        (event["type"], event["channel"], event["actor"]["agent"], event["detail"]["what"]) for event in events
    ] == [
        ("self-protection", "command", "cursor", "installed"),
        ("self-protection", "command", "codex-cli", "withdrawn"),
    ]
    assert events[1]["message"] == ("Spawngate's entry for codex-cli was taken back by `spawngate unprotect` from /h/d")


def test_nothing_done_is_nothing_noted(tmp_path: Path) -> None:
    assert record(tmp_path, DONE[1:4]) == ""
    assert not daemon_place(tmp_path).trail.exists()


def test_trail_that_somebody_writes_is_said(tmp_path: Path) -> None:
    with TrailStore(daemon_place(tmp_path).trail):
        assert record(tmp_path, DONE).startswith("this could not be noted in the trail: ")
