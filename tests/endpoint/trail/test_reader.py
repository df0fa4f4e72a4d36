"""Reading the trail: newest first, in order, as it grows."""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from spawngate.endpoint.trail import reader
from spawngate.endpoint.trail.store import TrailStore
from spawngate.model.errors import StateError
from spawngate.trail.chain import Head
from spawngate.trail.event import Event
from spawngate.trail.moment import stamp
from spawngate.trail.query import Query
from spawngate.trail.query import read as query

NOW = datetime(2026, 11, 23, tzinfo=UTC)

DAY = datetime(2026, 11, 21, 10, tzinfo=UTC)


def filled(folder: Path, days: int = 3, each: int = 2) -> list[str]:
    """A trail of some days; messages oldest first."""
    messages = []
    for number in range(days):
        moment = DAY + timedelta(days=number)
        with TrailStore(folder, clock=lambda moment=moment: moment, retention=1000) as trail:  # type: ignore[misc]  # mypy cannot type a lambda with a default
            for at in range(each):
                messages.append(f"{number}-{at}")
                trail.append([Event("decision", stamp(moment), 1, message=messages[-1])])
    return messages


def messages(values: object) -> list[str]:
    return [value["message"] for value in values]  # type: ignore[attr-defined]  # an iterator of records


def test_both_orders(tmp_path: Path) -> None:
    made = filled(tmp_path)
    assert messages(reader.newest(tmp_path, Query())) == made[::-1]
    assert [value["message"] for value, _ in reader.oldest(tmp_path, Query())] == made
    assert messages(reader.newest(tmp_path, query("message:1-*", NOW))) == ["1-1", "1-0"]
    assert [line for _, line in reader.oldest(tmp_path, Query())] == list(reader.lines(tmp_path))


def test_days_before_are_not_read(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / "2026-11-21.ndjson").unlink()
    (tmp_path / "2026-11-21.ndjson").mkdir()  # reading it would fail
    since = query("at>=2026-11-22", NOW)
    assert messages(reader.newest(tmp_path, since)) == ["2-1", "2-0", "1-1", "1-0"]
    with pytest.raises(StateError, match="cannot be read"):
        list(reader.newest(tmp_path, Query()))
    with pytest.raises(StateError, match="cannot be read"):
        list(reader.lines(tmp_path))


def test_nothing_there(tmp_path: Path) -> None:
    folder = tmp_path / "none"
    assert list(reader.newest(folder, Query())) == []
    assert list(reader.lines(folder)) == []
    assert reader.verify(folder).records == 0
    assert reader.noted_head(folder) is None
    (tmp_path / "file").touch()
    with pytest.raises(StateError, match="cannot be read"):
        list(reader.lines(tmp_path / "file"))


def test_foreign_lines_are_passed_over_and_found_by_verify(tmp_path: Path) -> None:
    made = filled(tmp_path, 1)
    with (tmp_path / "2026-11-21.ndjson").open("ab") as file:
        file.write(b"rubbish\n[]\n\xff\n")
    assert messages(reader.newest(tmp_path, Query())) == made[::-1]
    fault = reader.verify(tmp_path).fault
    assert fault is not None
    assert (fault.kind, fault.line) == ("unreadable", 3)


def test_half_a_record_counts_but_for_the_last_segment(tmp_path: Path) -> None:
    made = filled(tmp_path, 2)
    with (tmp_path / "2026-11-22.ndjson").open("ab") as file:
        file.write(b'{"at":"20')
    assert reader.verify(tmp_path).fault is None
    assert messages(reader.newest(tmp_path, Query())) == made[::-1]
    with (tmp_path / "2026-11-21.ndjson").open("ab") as file:
        file.write(b'{"at":"20')
    fault = reader.verify(tmp_path).fault
    assert fault is not None
    assert (fault.kind, fault.line) == ("unreadable", 3)


def test_export_is_verified_like_the_trail(tmp_path: Path) -> None:
    filled(tmp_path / "trail")
    lines = list(reader.lines(tmp_path / "trail"))
    export = tmp_path / "export"
    export.write_bytes(b"\n".join(lines))
    assert reader.verify_file(export) == reader.verify(tmp_path / "trail")
    export.write_bytes(b"\n".join(lines[:2] + lines[3:]))
    fault = reader.verify_file(export).fault
    assert fault is not None
    assert (fault.kind, fault.sequence) == ("dropped", 3)
    assert reader.verify_file(export, Head("s", 99, "0" * 64)).fault is not None
    with pytest.raises(StateError, match="cannot be read"):
        reader.verify_file(tmp_path / "none")


def test_follow_over_midnight(tmp_path: Path) -> None:
    moments = [DAY]
    seen: list[Mapping[str, Any]] = []
    wanted = query("message:x*", NOW)
    with TrailStore(tmp_path, clock=lambda: moments[0]) as trail:
        trail.append([Event("decision", "t", 1, message="x before")])
        stop = threading.Event()
        ready = threading.Event()

        def read() -> None:
            for value in reader.follow(tmp_path, wanted, lambda: ready.set() or stop.is_set()):  # type: ignore[func-returns-value]  # set gives None
                seen.append(value)

        thread = threading.Thread(target=read)
        thread.start()
        ready.wait(5)
        trail.append([Event("decision", "t", 1, message="x1"), Event("decision", "t", 1, message="other")])
        moments[0] += timedelta(days=1)
        trail.append([Event("decision", "t", 1, message="x2")])
        for _ in range(100):
            if len(seen) == 2:
                break
            stop.wait(0.05)
        stop.set()
        thread.join()
    assert messages(seen) == ["x1", "x2"]


def test_follow_what_is_not_there_yet(tmp_path: Path) -> None:
    folder = tmp_path / "trail"
    seen: list[Mapping[str, Any]] = []
    rounds = iter(range(1000))

    def stop() -> bool:
        if next(rounds) == 1:
            with TrailStore(folder) as trail:
                trail.append([Event("decision", "t", 1, message="first")])
        return bool(seen)

    for value in reader.follow(folder, Query(), stop):
        seen.append(value)
    assert messages(seen) == ["first"]
