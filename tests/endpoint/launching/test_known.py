"""What is remembered of entries and starts: bounded, and nothing fails for its sake."""

from pathlib import Path

import pytest

from spawngate.endpoint.launching import known
from spawngate.endpoint.launching.known import Entry, Records, Running, Seen
from spawngate.launch.identity import Identity


def running(launch: str) -> Running:
    return Running(launch, "e", "n", "a", "f", "2026-11-21T00:00:00Z")


def seen(fingerprint: str, entry: str = "e", at: str = "1") -> Seen:
    return Seen(fingerprint, Identity("x"), entry, "n", "a", at, "allow", "approved")


def test_entries(tmp_path: Path) -> None:
    records = Records(tmp_path)
    assert (records.entry("a"), records.entries()) == (None, ())
    one, two = Entry("a", "cursor", "n"), Entry("b", "cursor", "m")
    Records(tmp_path).keep_entries([two, one])
    assert (records.entry("a"), records.entry("c"), records.entries()) == (one, None, (one, two))
    Records(tmp_path).keep_entries([two])
    assert records.entry("a") is None


def test_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "MAX_SEEN", 2)
    records = Records(tmp_path)
    for each in (seen("1"), seen("2"), seen("1", at="2")):
        records.note(each)
    assert records.seen() == (seen("2"), seen("1", at="2"))
    records.note(seen("3"))
    assert [each.fingerprint for each in records.seen()] == ["1", "3"]
    assert seen("0123456789abcdef").short == "0123456789ab"


def test_what_runs_outlives_the_daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "MAX_RUNNING", 2)
    records = Records(tmp_path)
    for launch in "abc":
        records.start(running(launch))
    assert Records(tmp_path).running == {"b": running("b"), "c": running("c")}
    assert (records.end("b"), records.end("b")) == (running("b"), None)
    later = Records(tmp_path)
    assert (list(later.running), [each.launch for each in later.untold]) == (["c"], ["b"])
    for untold in (["b"], []):
        records.settle()
        assert [each.launch for each in Records(tmp_path).untold] == untold
    assert list(Records(tmp_path).running) == ["c"]
    later.start(running("d"))
    assert [each.launch for each in Records(tmp_path).untold] == ["b"]


def test_probation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "MAX_PROVEN", 2)
    records = Records(tmp_path)
    for body in ("a", "b", "a", "c"):
        records.prove(body)
    assert list(Records(tmp_path).proven) == ["a", "c"]


def test_damage_and_no_room(tmp_path: Path) -> None:
    folder = tmp_path / "launching"
    folder.mkdir()
    for name in (known.ENTRIES, known.SEEN, known.RUNNING, known.PROVEN):
        (folder / name).write_bytes(b"{")
    records = Records(tmp_path)
    assert (records.entries(), records.seen(), records.running, records.proven) == ((), (), {}, {})
    blocked = tmp_path / "other"
    blocked.mkdir()
    (blocked / "launching").touch()
    lost = Records(blocked)
    lost.prove("a")
    lost.start(running("a"))
    assert (list(lost.proven), list(lost.running), lost.seen()) == (["a"], ["a"], ())
