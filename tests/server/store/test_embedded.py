"""The store as one thing: retention, holds, and what it records of itself."""

import os
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from spawngate.server.store import keys
from spawngate.server.store.embedded import EmbeddedStore, leave_word
from spawngate.server.store.port import Delivery, Item, StoreBusyError, StoreDamagedError
from spawngate.server.store.sqlite import files
from spawngate.server.store.sqlite.control import SqliteControl
from spawngate.server.store.verify import verify_store
from spawngate.trail.moment import stamp
from spawngate.trail.retention import LONGEST, SURE, Hold
from tests.server.store.conformance import DAY, Source


def filled(folder: Path, days: int) -> tuple[EmbeddedStore, Source]:
    moment = [DAY]
    store, source = EmbeddedStore(folder, clock=lambda: moment[0]), Source()
    for number in range(days):
        moment[0] = DAY + timedelta(days=number)
        store.events.append(source.entries(2, moment[0]))
    return store, source


def own(store: EmbeddedStore) -> list[tuple[str, str]]:
    """Type and message of what the server recorded."""
    entries = store.events.query(None, newest_first=False).entries
    return [(entry.type, entry.event.message) for entry in entries if entry.endpoint == store.signer.name]


def test_retention_deletes_whole_days_and_says_which(tmp_path: Path) -> None:
    store, source = filled(tmp_path, 6)
    store.keep_days(2)
    assert store.kept_days == 2
    store.upkeep()
    assert store.events.days() == ["2026-11-22", "2026-11-23", "2026-11-24"]
    (entry,) = [entry for entry in store.events.query(None).entries if entry.type == "expired"]
    assert entry.event.message == "retention of 2 days: 3 days deleted"
    told = entry.event.detail["store_days"]
    assert [(each["day"], each["events"]) for each in told] == [  # type: ignore[index,union-attr,call-overload]  # a list of maps
        ("2026-11-19", 2),
        ("2026-11-20", 2),
        ("2026-11-21", 2),
    ]
    assert store.events.append(source.entries(1)).stored == 1
    store.close()
    report = verify_store(tmp_path)
    assert (report.findings, report.expired) == ((), ("2026-11-19", "2026-11-20", "2026-11-21"))


def test_holds(tmp_path: Path) -> None:
    store, _ = filled(tmp_path, 5)
    store.hold("case", Hold("2026-11-19", "2026-11-20", "why"))
    assert store.prune(1) == ["2026-11-21"]
    assert [each.held for each in store.events.stats().days] == [True, True, False, False]
    assert store.lift("case")
    assert not store.lift("case")
    assert store.prune(1) == ["2026-11-19", "2026-11-20"]
    assert own(store) == [
        ("administration", "legal hold case set"),
        ("expired", "retention of 1 days: 1 days deleted"),
        ("administration", "legal hold case lifted"),
        ("expired", "retention of 1 days: 2 days deleted"),
    ]
    store.close()
    assert verify_store(tmp_path).findings == ()


def test_a_hold_that_another_process_sets_meanwhile_keeps_its_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = filled(tmp_path, 4)
    close_days = store.evidence.close_days

    def meanwhile() -> list[str]:
        other = SqliteControl(tmp_path, keys.control_key(store.signer))
        other.put(Item("hold", "case", msgspec.json.encode(Hold("2026-11-20", "2026-11-20"))))
        other.close()
        return close_days()

    monkeypatch.setattr(store.evidence, "close_days", meanwhile)
    assert store.prune(1) == ["2026-11-19"]
    assert store.events.days() == ["2026-11-20", "2026-11-21", "2026-11-22"]
    monkeypatch.undo()
    store.close()
    assert verify_store(tmp_path).findings == ()


def test_what_another_process_changed_is_recorded(tmp_path: Path) -> None:
    store, _ = filled(tmp_path, 1)
    other = SqliteControl(tmp_path, keys.control_key(store.signer))
    leave_word(other, DAY, "retention set to 7 days", {"what": "retention", "days": 7})
    other.close()
    store.upkeep()
    store.upkeep()
    assert own(store) == [("administration", "retention set to 7 days")]
    store.close()
    assert verify_store(tmp_path).findings == ()


def test_settings_that_are_none_delete_nothing(tmp_path: Path) -> None:
    store, _ = filled(tmp_path, 3)
    assert store.kept_days == 90
    for value in (b"", b"-1", b"0", b"x", b"\xff", b"999999"):
        store.control.put(Item("setting", "retention", value))
        assert store.kept_days == LONGEST
    store.control.put(Item("hold", "odd", b"{"))
    assert store.prune(1) == []
    store.close()


def alter(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / files.CONTROL, isolation_level=None)) as connection:
        connection.execute(statement)


def test_what_was_altered_deletes_nothing_and_is_told(tmp_path: Path) -> None:
    store, _ = filled(tmp_path, 3)
    store.keep_days(1)
    store.hold("case", Hold(since="2026-11-01", until="2026-11-02"))
    leave_word(store.control, DAY, "true", {"what": "x"})
    alter(tmp_path, "UPDATE items SET value=CAST('{\"message\":\"forged\"}' AS BLOB) WHERE name LIKE 'word/%'")
    alter(tmp_path, "UPDATE items SET value=CAST('2' AS BLOB) WHERE name='retention'")
    assert store.kept_days == LONGEST
    alter(tmp_path, "UPDATE items SET seal=zeroblob(32) WHERE name='case'")
    assert store.holds() == {"case": Hold()}
    assert store.prune(1) == []
    store.close()
    store = EmbeddedStore(tmp_path, clock=lambda: DAY)
    store.upkeep()
    told = [message for kind, message in own(store) if kind == "self-protection"]
    said = [text.split(" was altered")[0].removeprefix("the store: control data: items: ") for text in told[:-1]]
    assert sorted(each.split("/")[0] for each in said) == ["hold 'case'", "setting 'retention'", "setting 'word"]
    assert told[-1] == "the store: control data: items: rows are other ones than were written"
    assert not any("forged" in message for _, message in own(store))
    store.close()


def test_one_process_writes_and_files_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    store, _ = filled(folder, 2)
    with pytest.raises(StoreBusyError):
        EmbeddedStore(folder)
    store.upkeep()
    store.close()
    assert {path.stat().st_mode & 0o077 for path in folder.rglob("*")} == {0}
    (folder / "key").unlink()
    with pytest.raises(StoreDamagedError):
        EmbeddedStore(folder)
    assert os.listdir(folder / files.EVENTS)


def test_a_damaged_day_is_recorded_and_the_store_goes_on(tmp_path: Path) -> None:
    store, source = filled(tmp_path, 2)
    store.close()
    files.day_path(tmp_path, "2026-11-20").write_bytes(b"rubbish" * 1000)
    with EmbeddedStore(tmp_path, clock=lambda: DAY + timedelta(days=1)) as store:
        store.events.append(source.entries(2, DAY + timedelta(days=1)))
        store.upkeep()
        assert [kind for kind, _ in own(store)] == ["self-protection", "self-protection"]
        assert "it was put aside in damaged" in " ".join(message for _, message in own(store))
        assert store.events.days() == ["2026-11-19", "2026-11-20.01"]
    findings = verify_store(tmp_path).findings
    assert {finding.day for finding in findings} == {"2026-11-20"}
    assert {finding.kind for finding in findings} == {"lost", "dropped"}


def test_a_crash_before_a_day_was_closed_is_no_fault(tmp_path: Path) -> None:
    store, source = filled(tmp_path, 2)
    store.events.committed = lambda *_: None  # the process ends right behind the commit
    store.events.append(source.entries(1, DAY + timedelta(days=2)))
    store.control.close()
    store.events.close()
    assert verify_store(tmp_path).findings == ()
    with EmbeddedStore(tmp_path, clock=lambda: DAY + timedelta(days=2)) as again:
        again.upkeep()
        assert own(again) == []
    assert verify_store(tmp_path).findings == ()


def test_a_clock_that_jumps_ahead_deletes_nothing_for_days(tmp_path: Path) -> None:
    moment, source = [DAY], Source()
    with EmbeddedStore(tmp_path, clock=lambda: moment[0]) as store:
        for days in (0, 1):
            moment[0] = DAY + timedelta(days=days)
            store.events.append(source.entries(2, moment[0]))
        moment[0] = DAY + timedelta(days=4000)
        store.upkeep()
        store.events.append(source.entries(2, moment[0]))
        moment[0] += timedelta(minutes=2)
        store.upkeep()
        assert store.events.days() == ["2026-11-19", "2026-11-20", "2037-11-01"]
        words = (
            "the clock says 2037-11-01, and the day before in the store is 2026-11-20: days count from that one for now"
        )
        assert own(store) == [("self-protection", words)]
        moment[0] = DAY + timedelta(days=1, minutes=5)
        store.upkeep()
        assert len(store.events.days()) == 3


def test_a_store_that_slept_for_long_deletes_some_days_later(tmp_path: Path) -> None:
    moment, source = [DAY], Source()
    with EmbeddedStore(tmp_path, clock=lambda: moment[0]) as store:
        for days in (0, *range(200, 200 + SURE + 1)):
            moment[0] = DAY + timedelta(days=days)
            store.events.append(source.entries(2, moment[0]))
            store.upkeep()
            assert ("2026-11-19" in store.events.days()) is (days < 200 + SURE)


def test_a_store_that_is_used_once_a_season_deletes_what_was_too_old_before(tmp_path: Path) -> None:
    moment, source = [DAY], Source()
    with EmbeddedStore(tmp_path, clock=lambda: moment[0]) as store:
        for season in range(5):
            moment[0] = DAY + timedelta(days=season * 100)
            store.events.append(source.entries(2, moment[0]))
            store.upkeep()
            assert len(store.events.days()) == min(season + 1, 2)


@pytest.mark.parametrize(("kept", "left"), [(90, ["new", "of a month"]), (7, ["new"])])
def test_attempts_to_deliver_are_not_kept_for_ever(tmp_path: Path, kept: int, left: list[str]) -> None:
    with EmbeddedStore(tmp_path, clock=lambda: DAY) as store:
        store.keep_days(kept)
        for days, route in ((31, "old"), (29, "of a month"), (0, "new")):
            at = stamp(DAY - timedelta(days=days))
            store.control.delivered(Delivery(at=at, route=route, destination="d", outcome="delivered"))
        store.upkeep()
        assert [each.route for each in store.control.deliveries()] == left
    assert verify_store(tmp_path).findings == ()


@pytest.mark.parametrize("kind", ["rubbish", "link", "fifo"])
def test_an_old_day_that_cannot_be_closed_is_told_once(tmp_path: Path, kind: str) -> None:
    store, source = filled(tmp_path, 1)
    path = files.day_path(tmp_path, "2026-11-18")
    if kind == "rubbish":
        path.write_bytes(b"rubbish")
    elif kind == "link":
        path.symlink_to(__file__)
    else:
        os.mkfifo(path)
    with store:
        for _ in range(4):
            store.upkeep()
            store.events.append(source.entries(1))
        told = [type_ for type_, _ in own(store)]
    assert told == ["self-protection"]
