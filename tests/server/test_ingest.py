"""The local trail in the store: every record once, and what is wrong with the trail as an event of its own."""

import sqlite3
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from spawngate.endpoint.trail import segment
from spawngate.endpoint.trail.store import TrailStore
from spawngate.model.errors import StateError
from spawngate.server.ingest import CURSOR, Follower, Ingest
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import Entry, OutboxEntry, StoreError
from spawngate.server.store.sqlite import files
from spawngate.server.store.verify import verify_store
from spawngate.trail.event import Event
from spawngate.trail.moment import stamp

DAY = datetime(2026, 11, 19, 10, tzinfo=UTC)


def write(folder: Path, count: int, moment: datetime = DAY, message: str = "m") -> None:
    with TrailStore(folder, clock=lambda: moment, endpoint="laptop", retention=1000) as trail:
        for number in range(count):
            trail.append([Event("decision", stamp(moment), 1, endpoint="laptop", message=f"{message}{number}")])


def opened(tmp_path: Path) -> EmbeddedStore:
    return EmbeddedStore(tmp_path / "store", clock=lambda: DAY + timedelta(days=3))


def told(store: EmbeddedStore) -> list[tuple[str, int, str]]:
    """What the server says of the trail."""
    entries = store.events.query(None, newest_first=False).entries
    return [
        (str(entry.event.detail["what"]), int(str(entry.event.detail["sequence"])), entry.event.message)
        for entry in entries
        if entry.endpoint == store.signer.name
    ]


def taken(store: EmbeddedStore) -> list[int]:
    entries = store.events.query(None, newest_first=False, limit=10_000).entries
    return [entry.sequence for entry in entries if entry.endpoint == "laptop"]


def test_every_record_once(tmp_path: Path) -> None:
    trail = tmp_path / "trail"
    write(trail, 5)
    write(trail, 3, DAY + timedelta(days=1))
    with opened(tmp_path) as store:
        ingest = Ingest(trail, store, "laptop")
        assert (ingest.take(), ingest.take()) == (8, 0)
        write(trail, 2, DAY + timedelta(days=1))
        assert ingest.take() == 2
    with opened(tmp_path) as store:
        write(trail, 1, DAY + timedelta(days=2))
        assert Ingest(trail, store, "laptop").take() == 1
        store.control.remove("cursor", CURSOR)
        assert Ingest(trail, store, "laptop").take() == 0
        assert taken(store) == list(range(1, 12))
        assert told(store) == []
        lines = [line for _, path in segment.segments(trail) for _, line in segment.forward(path)]
        assert [entry.record for entry in store.events.query(None, newest_first=False).entries] == lines
        first = store.events.query(None, newest_first=False).entries[0]
        assert (first.endpoint, first.time, first.received) == ("laptop", stamp(DAY), stamp(DAY + timedelta(days=3)))
    assert verify_store(tmp_path / "store").findings == ()


def test_a_cursor_that_somebody_else_wrote_passes_nothing_over(tmp_path: Path) -> None:
    trail = tmp_path / "trail"
    write(trail, 5)
    with opened(tmp_path) as store:
        assert Ingest(trail, store, "laptop").take() == 5
        write(trail, 5)
        with closing(sqlite3.connect(tmp_path / "store" / "control.sqlite", isolation_level=None)) as connection:
            connection.execute("UPDATE items SET value=CAST(replace(value, '5', '9') AS BLOB) WHERE kind='cursor'")
        assert Ingest(trail, store, "laptop").take() == 5
        assert taken(store) == list(range(1, 11))


def test_batches_and_outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawngate.server.ingest.BATCH", 3)
    write(tmp_path / "trail", 8)

    def outbox(entries: object) -> list[OutboxEntry]:
        assert isinstance(entries, list)
        return [OutboxEntry("r", entry.key, stamp(DAY)) for entry in entries if entry.sequence % 2]

    with opened(tmp_path) as store:
        assert Ingest(tmp_path / "trail", store, "laptop", outbox).take() == 8
        assert [each.entry.sequence for each in store.events.claim("w", stamp(DAY), 60, 9)] == [1, 3, 5, 7]


@pytest.mark.parametrize(
    ("change", "expected", "sequences"),
    [
        ("drop", [("trail-gap", 4, "the trail of laptop: record 3 is missing")], [1, 2, 4, 5, 6]),
        (
            "alter",
            [("trail-altered", 3, "the trail of laptop: record 3 was altered: its content does not match its hash")],
            [1, 2, 3, 4, 5, 6],
        ),
        (
            "rubbish",
            [
                ("trail-unreadable", 3, "the trail of laptop: a line is no record"),
                ("trail-gap", 4, "the trail of laptop: record 3 is missing"),
            ],
            [1, 2, 4, 5, 6],
        ),
        ("begin", [("trail-begins", 3, "")], [3, 4, 5, 6]),
        ("swap", [("trail-gap", 4, "the trail of laptop: record 3 is missing")], [1, 2, 3, 4, 5, 6]),
    ],
)
def test_what_is_wrong_with_a_trail(
    tmp_path: Path, change: str, expected: list[tuple[str, int, str]], sequences: list[int]
) -> None:
    trail = tmp_path / "trail"
    write(trail, 6)
    (_, path), = segment.segments(trail)  # fmt: skip
    lines = path.read_bytes().splitlines()
    match change:
        case "drop":
            del lines[2]
        case "alter":
            lines[2] = lines[2].replace(b'"m2"', b'"m9"')
        case "rubbish":
            lines[2] = b"\xffrubbish"
        case "begin":
            del lines[:2]
        case "swap":
            lines[2], lines[3] = lines[3], lines[2]
    path.write_bytes(b"\n".join(lines) + b"\n")
    with opened(tmp_path) as store:
        ingest = Ingest(trail, store, "laptop")
        ingest.take()
        ingest.take()
        found = told(store)
        assert [each[:2] for each in found] == [each[:2] for each in expected]
        assert all(said.startswith(each) for (_, _, said), (_, _, each) in zip(found, expected, strict=True))
        assert sorted(taken(store)) == sequences


def test_a_record_that_was_made_anew_is_seen(tmp_path: Path) -> None:
    trail = tmp_path / "trail"
    write(trail, 3)
    with opened(tmp_path) as store:
        ingest = Ingest(trail, store, "laptop")
        ingest.take()
        (_, path), = segment.segments(trail)  # fmt: skip
        other = tmp_path / "other"
        write(other, 5, message="other")
        (_, forged), = segment.segments(other)  # fmt: skip
        known = path.read_bytes().splitlines()[0].split(b'"stream":"')[1][:16]
        lines = forged.read_bytes().replace(forged.read_bytes().split(b'"stream":"')[1][:16], known).splitlines()
        path.write_bytes(path.read_bytes().rstrip(b"\0") + b"\n".join(lines[3:]) + b"\n")
        ingest.take()
        assert {what for what, _, _ in told(store)} == {"trail-altered"}


def test_another_stream_begins_at_one(tmp_path: Path) -> None:
    write(tmp_path / "one", 3)
    write(tmp_path / "two", 2, DAY + timedelta(days=1))
    (tmp_path / "two" / "2026-11-20.ndjson").rename(tmp_path / "one" / "2026-11-20.ndjson")
    with opened(tmp_path) as store:
        assert Ingest(tmp_path / "one", store, "laptop").take() == 5
        assert told(store) == []


def test_a_store_that_lost_a_day_takes_it_again(tmp_path: Path) -> None:
    write(tmp_path / "trail", 5)
    with opened(tmp_path) as store:
        Ingest(tmp_path / "trail", store, "laptop").take()
    (_, path), = files.day_files(tmp_path / "store")  # fmt: skip
    path.write_bytes(b"rubbish" * 1000)
    with opened(tmp_path) as store:
        assert Ingest(tmp_path / "trail", store, "laptop").take() == 5
        assert taken(store) == [1, 2, 3, 4, 5]


def test_nothing_there_and_rubbish_there(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        assert Ingest(tmp_path / "none", store, "laptop").take() == 0
        (tmp_path / "file").touch()
        with pytest.raises(StateError):
            Ingest(tmp_path / "file", store, "").take()


def test_a_follower_goes_on_behind_failures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawngate.server.ingest.POLL", 0.01)
    monkeypatch.setattr("spawngate.server.ingest.AGAIN", 0.01)
    trail = tmp_path / "trail"
    write(trail, 2)
    with opened(tmp_path) as store:
        failed = threading.Event()
        append = store.events.append

        def once(batch: list[Entry], outbox: object = ()) -> object:
            if not failed.is_set():
                failed.set()
                raise StoreError("no room")
            return append(batch)

        monkeypatch.setattr(store.events, "append", once)
        follower = Follower(Ingest(trail, store, "laptop"), store)
        follower.start()
        until = time.monotonic() + 10
        while len(taken(store)) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        write(trail, 2)
        while len(taken(store)) < 4 and time.monotonic() < until:
            time.sleep(0.01)
        follower.stop()
        assert (taken(store), follower.problem) == ([1, 2, 3, 4], "")
        assert failed.is_set()
