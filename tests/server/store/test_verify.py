"""Tampering: flip, drop, insert and swap in every kind of file of a store; verification names each."""

import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from spawngate.server.store import keys
from spawngate.server.store.coded import packing
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import Delivery, Entry, Item, StoreError
from spawngate.server.store.sqlite import files
from spawngate.server.store.sqlite.control import SqliteControl
from spawngate.server.store.verify import Finding, Report, verify_store
from spawngate.trail import leaf
from spawngate.trail.note import Signer
from spawngate.trail.retention import Hold
from tests.server.store.conformance import DAY, Source, decision, stamp

FIRST, OPEN = "2026-11-18", "2026-11-21"
EACH = 300


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of four days; the first was deleted by retention, the last is open and in its log."""
    folder = tmp_path_factory.mktemp("made") / "store"
    sources = [Source("laptop", "s1"), Source("server", "s2")]
    moment = [DAY]
    with EmbeddedStore(folder, clock=lambda: moment[0]) as store:
        for day in range(-2, 3):
            moment[0] = DAY + timedelta(days=day)
            batch: list[Entry] = []
            for number in range(EACH):
                at = moment[0] + timedelta(seconds=number)
                batch.append(sources[number % 2].entry(at, **decision("allow", f"git show {number}")))
            store.events.append(batch)
            store.upkeep()
        store.control.put(Item("route", "siem", b'{"to":"siem"}'), Item("destination", "siem", b"sealed"))
        store.hold("case-7", Hold("2026-11-19", "2026-11-19", "a case"))
        assert store.prune(3) == ["2026-11-17"]
    return folder


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    """A copy to tamper with."""
    folder = tmp_path / "store"
    shutil.copytree(made, folder)
    for path in (folder / files.EVENTS).iterdir():
        path.chmod(0o600)
    return folder


def change(path: Path, *statements: str, values: tuple[object, ...] = ()) -> None:
    """Alter a database as somebody who knows its tables would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement, values)


def found(folder: Path) -> list[tuple[str, str]]:
    """Files and kinds of what is told."""
    return sorted({(finding.file, finding.kind) for finding in verify_store(folder).findings})


def told(report: Report, text: str) -> Finding:
    """The finding that says this."""
    (finding,) = [each for each in report.findings if text in each.message]
    return finding


def day_file(folder: Path, day: str = "2026-11-19") -> Path:
    return files.day_path(folder, day)


def test_a_store_that_was_left_alone_is_good(made: Path) -> None:
    report = verify_store(made)
    assert report.findings == ()
    assert (report.events, report.days, report.expired) == (4 * EACH + 2, 4, ("2026-11-17",))
    assert report.gaps == ("laptop s1: 1 to 150", "server s2: 1 to 150")
    assert report.uncovered == 0
    assert report.verifier == str(keys.verifier_of(made))


# Day files --------------------------------------------------------------------------------------------------------


def repacked(folder: Path, number: int, alter: Callable[[list[bytes]], list[bytes]], day: str = "2026-11-19") -> None:
    """Write the block of an event anew."""
    path = day_file(folder, day)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        first, count, data = connection.execute(
            "SELECT * FROM blocks WHERE first<=? ORDER BY first DESC LIMIT 1", (number,)
        ).fetchone()
        records = alter(packing.unpack(data, count))
        connection.execute("UPDATE blocks SET data=? WHERE first=?", (packing.pack(records), first))


@pytest.mark.parametrize("day", ["2026-11-19", OPEN])
@pytest.mark.parametrize("number", [1, 70, EACH])
def test_an_altered_record_is_named(store: Path, number: int, day: str) -> None:
    def alter(records: list[bytes]) -> list[bytes]:
        place = (number - 1) % packing.MOST
        records[place] = records[place].replace(b"git", b"ssh")
        return records

    repacked(store, number, alter, day)
    report = verify_store(store)
    sequence = {"2026-11-19": 300, OPEN: 600}[day] + (number + 1) // 2
    stream = "laptop s1" if number % 2 else "server s2"
    finding = report.findings[0]
    assert (finding.file, finding.kind, finding.day, finding.number) == (
        f"events/{day}.sqlite",
        "altered",
        day,
        number,
    )
    assert finding.event == f"{stream} {sequence}"


def test_a_record_that_was_altered_with_its_mark_is_named_by_the_chain(store: Path) -> None:
    """Somebody who knows the format alters the record, its hash, its columns and its mark."""

    def alter(records: list[bytes]) -> list[bytes]:
        import hashlib

        body = records[9][:-75].replace(b"git show", b"ssh show")
        records[9] = b'%b,"hash":"%b"}' % (body, hashlib.sha256(body + b"}").hexdigest().encode())
        return records

    repacked(store, 10, alter)
    path = day_file(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        data, count = connection.execute("SELECT data, count FROM blocks WHERE first=1").fetchone()
        record = packing.unpack(data, count)[9]
        received = stamp(DAY + timedelta(seconds=9))
        mark = leaf.mark(leaf.hashed(received, "server", record))
        (code,) = connection.execute("SELECT max(code)+1 FROM words WHERE field=20").fetchone()
        connection.execute("INSERT INTO words VALUES(20, ?, '[\"ssh show 9\"]')", (code,))
        connection.execute("UPDATE events SET mark=?, command=? WHERE id=10", (mark, code))
    report = verify_store(store)
    assert told(report, "event 12 (server s2 306) does not follow").number == 12


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_a_flipped_byte_of_a_day_is_seen(store: Path, place: float) -> None:
    path = day_file(store)
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 0x10
    path.write_bytes(data)
    assert "events/2026-11-19.sqlite" in {file for file, _ in found(store)}


@pytest.mark.parametrize("column", ["time", "received", "stream", "sequence", "mark", "latency", "verdict", "command"])
def test_an_altered_column_is_named(store: Path, column: str) -> None:
    change(day_file(store), f"UPDATE events SET {column}={column}+4000 WHERE id=17")
    numbers = {finding.number for finding in verify_store(store).findings if finding.file.startswith("events/")}
    assert 17 in numbers


def test_an_altered_word_is_named(store: Path) -> None:
    change(day_file(store), "UPDATE words SET value='[\"ask\"]' WHERE field=7 AND code=1")
    finding = verify_store(store).findings[0]
    assert (finding.kind, finding.number) == ("altered", 1)


@pytest.mark.parametrize("day", ["2026-11-19", OPEN])
@pytest.mark.parametrize("number", [1, 100, EACH])
def test_a_dropped_event_is_named(store: Path, number: int, day: str) -> None:
    change(day_file(store, day), f"DELETE FROM events WHERE id={number}")
    report = verify_store(store)
    dropped = [finding for finding in report.findings if finding.kind == "dropped"]
    assert [(finding.file, finding.day, finding.number) for finding in dropped][:1] == [
        (f"events/{day}.sqlite", day, number)
    ]


def test_an_event_that_was_dropped_with_everything_moved_up_is_named_by_its_chain(store: Path) -> None:
    path = day_file(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        blocks = connection.execute("SELECT data, count FROM blocks ORDER BY first").fetchall()
        records = [record for data, count in blocks for record in packing.unpack(data, count)]
        del records[99]
        connection.execute("DELETE FROM events WHERE id=100")
        connection.execute("DELETE FROM blocks")
        for number in range(101, EACH + 1):
            connection.execute("UPDATE events SET id=id-1 WHERE id=?", (number,))
        for at in range(0, len(records), 64):
            part = records[at : at + 64]
            connection.execute("INSERT INTO blocks VALUES(?,?,?)", (at + 1, len(part), packing.pack(part)))
    report = verify_store(store)
    assert told(report, f"event {EACH} of 2026-11-19 are missing").kind == "dropped"
    assert "server s2: 350 to 350" in report.gaps


def test_an_inserted_event_is_named(store: Path) -> None:
    """At the end of a day that is over, with everything that belongs to it."""
    path = day_file(store)
    source = Source("laptop", "forged")
    entry = source.entry(DAY)
    from spawngate.server.store.coded.prepare import prepare
    from spawngate.server.store.sqlite.writer import Writer

    change(path, "UPDATE meta SET value=0 WHERE name='closed'", "PRAGMA journal_mode=WAL")
    writer = Writer("2026-11-19", path)
    writer.append([prepare(entry)], [])
    writer.close()
    report = verify_store(store)
    assert [(finding.kind, finding.day, finding.number) for finding in report.findings] == [
        ("altered", "2026-11-19", 0),  # the file
        ("inserted", "2026-11-19", EACH + 1),
    ]


def test_a_repeated_event_is_named(store: Path) -> None:
    path = day_file(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP INDEX events_key")
        (data, count) = connection.execute("SELECT data, count FROM blocks WHERE first=1").fetchone()
        record = packing.unpack(data, count)[4]
        names = [row[1] for row in connection.execute("PRAGMA table_info(events)") if row[1] != "id"]
        rest = ",".join(names)
        connection.execute(f"INSERT INTO events(id,{rest}) SELECT 301,{rest} FROM events WHERE id=5")
        connection.execute("INSERT INTO blocks VALUES(301, 1, ?)", (packing.pack([record]),))
    report = verify_store(store)
    assert {(finding.kind, finding.number) for finding in report.findings} == {("inserted", 301), ("altered", 0)}
    assert told(report, "its place in its stream is taken").event == "laptop s1 303"


@pytest.mark.parametrize("pair", [(5, 6), (5, 7), (1, 299)])
def test_swapped_events_are_named(store: Path, pair: tuple[int, int]) -> None:
    """Rows change places, with their marks; the records with them."""
    path = day_file(store)
    one, two = pair
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        blocks = connection.execute("SELECT first, data, count FROM blocks ORDER BY first").fetchall()
        records = [record for _, data, count in blocks for record in packing.unpack(data, count)]
        records[one - 1], records[two - 1] = records[two - 1], records[one - 1]
        for first, _, count in blocks:
            part = records[first - 1 : first - 1 + count]
            connection.execute("UPDATE blocks SET data=? WHERE first=?", (packing.pack(part), first))
    report = verify_store(store)
    assert {finding.number for finding in report.findings if finding.kind == "swapped"} == {one, two}
    change(path, f"UPDATE events SET id=-1 WHERE id={one}", f"UPDATE events SET id={one} WHERE id={two}",
           f"UPDATE events SET id={two} WHERE id=-1")  # fmt: skip
    again = verify_store(store)
    assert again.findings
    assert {finding.day for finding in again.findings} == {"2026-11-19"}


@pytest.mark.parametrize("statement", [
    "UPDATE tiles SET root=x'00' WHERE number=0",
    "DELETE FROM tiles",
    "INSERT INTO tiles VALUES(7, x'00')",
    "DELETE FROM blocks WHERE first=65",
    "UPDATE blocks SET first=400 WHERE first=257",
    "UPDATE streams SET stream='other' WHERE number=1",
    "UPDATE streams SET endpoint='other' WHERE number=1",
    "DELETE FROM streams",
])  # fmt: skip
def test_what_is_beside_the_events_is_held_too(store: Path, statement: str) -> None:
    change(day_file(store), statement)
    assert {file for file, _ in found(store)} == {"events/2026-11-19.sqlite"}


def test_a_missing_day_is_named(store: Path) -> None:
    day_file(store).unlink()
    report = verify_store(store)
    finding = report.findings[0]
    assert (finding.kind, finding.day) == ("dropped", "2026-11-19")
    assert "its 300 events are gone" in finding.message


def test_days_that_changed_places_are_named(store: Path) -> None:
    one, two = day_file(store), day_file(store, "2026-11-20")
    one.rename(store / "aside")
    two.rename(one)
    (store / "aside").rename(two)
    assert {finding.day for finding in verify_store(store).findings} >= {"2026-11-19", "2026-11-20"}


def test_a_day_that_holds_rubbish_is_named(store: Path) -> None:
    day_file(store).write_bytes(b"rubbish" * 1000)
    assert ("events/2026-11-19.sqlite", "unreadable") in found(store)


def test_an_inserted_day_is_named(store: Path) -> None:
    shutil.copy(day_file(store), day_file(store, "2026-11-18.01"))
    report = verify_store(store)
    assert ("events/2026-11-18.01.sqlite", "altered") in found(store)
    assert any("not in the log of days" in finding.message for finding in report.findings)


# The log of an open day -------------------------------------------------------------------------------------------


@pytest.fixture
def live(tmp_path: Path) -> Path:
    """A copy of a store while it is written: its last events are in SQLite's log alone."""
    folder, copy = tmp_path / "live", tmp_path / "copy"
    with EmbeddedStore(folder, clock=lambda: DAY) as store:
        source = Source()
        for _ in range(20):
            store.events.append(source.entries(10))
        shutil.copytree(folder, copy)
    return copy


def test_a_store_that_is_being_written_is_good(live: Path) -> None:
    report = verify_store(live)
    assert (report.findings, report.events, report.uncovered) == ((), 200, 0)


@pytest.mark.parametrize("what", ["flip", "cut", "gone", "swap"])
def test_a_tampered_log_of_an_open_day_loses_events_and_that_is_named(live: Path, what: str) -> None:
    wal = Path(f"{day_file(live)}-wal")
    data = bytearray(wal.read_bytes())
    assert len(data) > 100_000
    Path(f"{day_file(live)}-shm").unlink()
    match what:
        case "flip":
            data[len(data) // 2] ^= 1
        case "cut":
            del data[len(data) // 2 :]
        case "gone":
            data.clear()
        case "swap":
            frame = 24 + 4096
            one, two = 32 + 20 * frame, 32 + 40 * frame
            data[one : one + frame], data[two : two + frame] = data[two : two + frame], data[one : one + frame]
    wal.write_bytes(data)
    report = verify_store(live)
    assert report.findings
    assert {finding.file for finding in report.findings} == {"events/2026-11-19.sqlite"}
    if what in ("flip", "cut", "swap"):
        finding = report.findings[0]
        assert finding.kind == "dropped"
        assert finding.number == report.events + 1
        assert "of 2026-11-19 are missing: the last signed state has 200" in finding.message


def test_an_end_that_vanished_stays_named_after_the_next_start(live: Path) -> None:
    wal = Path(f"{day_file(live)}-wal")
    wal.write_bytes(wal.read_bytes()[: wal.stat().st_size // 2])
    Path(f"{day_file(live)}-shm").unlink()
    with EmbeddedStore(live, clock=lambda: DAY) as store:
        store.upkeep()
        store.events.append(Source(stream="s9").entries(3))
        events = [entry.event for entry in store.events.query(None).entries]
    assert [event.detail["what"] for event in events if event.type == "self-protection"] == ["store-shortened"]
    report = verify_store(live)
    assert [finding.kind for finding in report.findings] == ["lost"]
    assert "200 events of 2026-11-19 were signed for" in report.findings[0].message


# Control data, checkpoints, log, key ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE items SET value=x'7b7d' WHERE kind='route'", "route 'siem' was altered"),
        ("UPDATE items SET kind='breaker' WHERE kind='destination'", "breaker 'siem' was"),
        ("DELETE FROM items WHERE kind='route'", "1 of 11 rows missing"),
        ("DELETE FROM items WHERE kind='hold'", "1 of 11 rows missing"),
        ("INSERT INTO items SELECT 'route', 'evil', value, seal FROM items WHERE kind='route'", "route 'evil' was"),
        ("UPDATE items SET value=x'00', seal=x'00' WHERE kind='hold'", "hold 'case-7' was altered"),
        ("UPDATE items SET value=(SELECT value FROM items WHERE name='log') WHERE name LIKE '%-19'", "is that of"),
        ("DELETE FROM items WHERE name='log'", "checkpoint of the log of days is missing"),
        ("UPDATE items SET value='x' WHERE name='log'", "'log' is not signed"),
        ("UPDATE log SET text=replace(text, 'day', 'dax') WHERE number=0", "line 0 of the log of days is none"),
        ("UPDATE log SET text=replace(text, '300', '299') WHERE number=1", "the log of days is not the one"),
        ("DELETE FROM log WHERE number=2", "were signed"),
        ("INSERT INTO log VALUES(99, 'damaged 2026-11-20', x'00')", "was not signed"),
        ("UPDATE log SET number=-1 WHERE number=2", "line -1 was altered"),
        ("UPDATE seals SET rows=rows+1 WHERE name='items'", "1 of 12 rows missing"),
        ("UPDATE seals SET total=x'00' WHERE name='log'", "rows are other ones"),
        ("UPDATE seals SET total=substr(total, 1, 32) WHERE name='log'", "log: the count of its rows was altered"),
        ("DELETE FROM seals", "log: the count of its rows is missing"),
        ("DROP TABLE log", "damaged"),
    ],
)  # fmt: skip
def test_control_data(store: Path, statement: str, words: str | None) -> None:
    change(store / files.CONTROL, statement)
    report = verify_store(store)
    assert files.CONTROL in {finding.file for finding in report.findings}
    if words is not None:
        assert any(words in finding.message for finding in report.findings), report.findings


def test_control_rows_that_changed_places_are_named(store: Path) -> None:
    change(
        store / files.CONTROL,
        "CREATE TEMP TABLE t AS SELECT kind, value FROM items WHERE name='siem'",
        "UPDATE items SET value=(SELECT value FROM t WHERE kind='route') WHERE kind='destination'",
        "UPDATE items SET value=(SELECT value FROM t WHERE kind='destination') WHERE kind='route'",
    )
    messages = [finding.message for finding in verify_store(store).findings]
    assert sorted(message.split(" was")[0] for message in messages) == [
        "items: destination 'siem'",
        "items: route 'siem'",
    ]


@pytest.mark.parametrize("place", [0.0, 0.3, 0.6])
def test_a_flipped_byte_of_control_data_is_seen_or_means_nothing(store: Path, place: float) -> None:
    path = store / files.CONTROL
    data = bytearray(path.read_bytes())
    data[int(len(data) * place)] ^= 0x20
    path.write_bytes(data)
    with closing(sqlite3.connect(path)) as tampered:
        try:
            rows = tampered.execute("SELECT * FROM items").fetchall()
        except sqlite3.DatabaseError:
            rows = []
    kinds = {file for file, _ in found(store)}
    assert rows or files.CONTROL in kinds


def test_control_data_that_is_gone(store: Path) -> None:
    (store / files.CONTROL).unlink()
    assert (files.CONTROL, "unreadable") in found(store)


@pytest.mark.parametrize(
    ("name", "text"),
    [("key", b"rubbish"), ("key", b""), ("key", None), ("key.pub", b"rubbish"), ("key.pub", None)],
)
def test_keys(store: Path, name: str, text: bytes | None) -> None:
    if text is None:
        (store / name).unlink()
    else:
        (store / name).write_bytes(text)
    assert found(store) == [(name, "altered")]


def test_a_flipped_key_is_no_key(store: Path) -> None:
    data = bytearray((store / "key").read_bytes())
    data[-5] ^= 1
    (store / "key").write_bytes(data)
    assert ("key", "altered") in found(store)


def test_another_key_is_seen(store: Path) -> None:
    other = Signer("spawngate-000000000000", b"\1" * 32)
    noted = keys.verifier_of(store)
    (store / "key").write_text(other.encoded())
    assert ("key.pub", "replaced") in found(store)
    (store / "key.pub").write_text(str(other.verifier))
    assert {("control.sqlite", "altered"), ("head", "altered")} <= set(found(store))
    report = verify_store(store, noted)
    assert ("key", "replaced") in {(finding.file, finding.kind) for finding in report.findings}


def test_head(store: Path) -> None:
    text = (store / "head").read_bytes()
    (store / "head").write_bytes(text.replace(b"302", b"301"))
    assert found(store) == [("head", "altered")]
    (store / "head").unlink()
    assert found(store) == [("head", "dropped")]
    (store / "head").write_bytes(b"\xff" * 10)
    assert found(store) == [("head", "altered")]


def test_everything_put_back_to_an_older_state_shows_against_a_note_from_elsewhere(tmp_path: Path) -> None:
    folder, old = tmp_path / "store", tmp_path / "old"
    source = Source()
    with EmbeddedStore(folder, clock=lambda: DAY) as store:
        store.events.append(source.entries(5))
    shutil.copytree(folder, old)
    with EmbeddedStore(folder, clock=lambda: DAY) as store:
        store.events.append(source.entries(5))
        note = store.evidence.checkpoint()
    assert verify_store(old).findings == ()
    (finding,) = verify_store(old, None, [note]).findings
    assert (finding.kind, finding.number) == ("dropped", 6)
    assert "events 6 to 10 of 2026-11-19 are missing: a checkpoint that was noted elsewhere has 10" in finding.message


def test_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        verify_store(tmp_path)


def test_a_store_is_good_at_every_moment_of_its_life(tmp_path: Path) -> None:
    """Verified while it is written, days pass, and control data changes."""
    moment = [DAY]
    stop = threading.Event()
    with EmbeddedStore(tmp_path, clock=lambda: moment[0]) as store:
        source = Source()
        store.events.append(source.entries(3))

        def write() -> None:
            for rounds in range(1, 41):
                if stop.is_set():
                    return
                moment[0] += timedelta(minutes=97)
                store.events.append([source.entry(moment[0], **decision("deny", f"x {rounds}")) for _ in range(7)])
                store.control.put(Item("breaker", f"b{rounds % 5}", b"x" * rounds))
                store.upkeep()

        writer = threading.Thread(target=write)
        writer.start()
        findings: list[Finding] = []
        try:
            while writer.is_alive():
                findings += verify_store(tmp_path).findings
        finally:
            stop.set()
            writer.join()
    assert findings == []
    report = verify_store(tmp_path)
    assert (report.findings, report.events, report.days) == ((), 3 + 40 * 7, 4)


def dropped(folder: Path, table: str, rows: str) -> None:
    """Take rows away as somebody would who knows how they are counted, and has no key."""
    with closing(sqlite3.connect(folder / files.CONTROL, isolation_level=None)) as connection:
        seals = [seal for (seal,) in connection.execute(f"SELECT seal FROM {table} WHERE {rows}")]
        connection.execute(f"DELETE FROM {table} WHERE {rows}")
        count, total = connection.execute("SELECT rows, total FROM seals WHERE name=?", (table,)).fetchone()
        left = (int.from_bytes(total[:32], "big") - sum(int.from_bytes(seal, "big") for seal in seals)) % (1 << 256)
        changed = (count - len(seals), left.to_bytes(32, "big") + total[32:], table)
        connection.execute("UPDATE seals SET rows=?, total=? WHERE name=?", changed)


@pytest.mark.parametrize(
    ("table", "rows"), [("items", "kind='hold'"), ("items", "kind='checkpoint'"), ("log", "1"), ("deliveries", "1")]
)
def test_rows_that_were_taken_out_of_their_count_too_are_missed(store: Path, table: str, rows: str) -> None:
    control_of(store).delivered(Delivery(at=stamp(DAY), route="r", destination="d", outcome="delivered"))
    dropped(store, table, rows)
    assert f"{table}: the count of its rows was altered: its seal does not match" in messages(store)


def test_a_count_that_was_tampered_with_is_not_put_right_by_what_follows(store: Path) -> None:
    dropped(store, "items", "kind='hold'")
    control_of(store).put(Item("hold", "another", b"{}"))
    with EmbeddedStore(store, clock=lambda: DAY + timedelta(days=2)) as opened:
        opened.upkeep()
    assert any(message.startswith("items: ") for message in messages(store))


def test_days_taken_with_all_that_is_known_of_them_are_missed(store: Path) -> None:
    change(store / files.CONTROL, "DELETE FROM log", "DELETE FROM items", "DELETE FROM seals")
    for day in ("2026-11-18", "2026-11-19"):
        day_file(store, day).unlink()
    assert "log: the count of its rows is missing" in messages(store)


def test_control_data_that_vanished_stays_named_after_the_next_start(store: Path) -> None:
    for path in store.glob("control.sqlite*"):
        path.unlink()
    for day in ("2026-11-18", "2026-11-19"):
        day_file(store, day).unlink()
    clock = DAY + timedelta(days=2)
    with EmbeddedStore(store, clock=lambda: clock) as opened:
        opened.upkeep()
        entries = opened.events.query(None, limit=1000).entries
    what = [entry.event.detail["what"] for entry in entries if entry.type == "self-protection"]
    assert what == ["store-damaged"]
    (finding,) = verify_store(store).findings
    assert (finding.file, finding.kind) == (files.CONTROL, "lost")
    assert "control data began anew on 2026-11-21, with days there" in finding.message


def test_a_store_is_held_against_a_log_of_days_noted_elsewhere(store: Path) -> None:
    with EmbeddedStore(store, clock=lambda: DAY + timedelta(days=2)) as opened:
        noted = opened.evidence.log_checkpoint()
        file_noted = (opened.control.get("checkpoint", "files/2026-11-19") or b"").decode()
        texts = [line.text for line in opened.control.log_lines()]
        other = opened.evidence.sign("log", len(texts), bytes(32))
        longer = opened.evidence.sign("log", len(texts) + 1, bytes(32))
        other_file = opened.evidence.sign("files/2026-11-19", 1, bytes(32))
        stranger = opened.evidence.sign("export", 1, bytes(32))
    assert verify_store(store, None, [noted, file_noted]).findings == ()

    def told_of(text: str) -> list[tuple[str, str]]:
        return [(finding.kind, finding.message) for finding in verify_store(store, None, [text]).findings]

    source = "a checkpoint that was noted elsewhere"
    assert told_of(other) == [("altered", f"the log of days does not begin with the one of {source}")]
    assert told_of(longer) == [
        ("dropped", f"the log of days has {len(texts)} lines, and {source} has {len(texts) + 1}")
    ]
    assert told_of(other_file) == [("altered", "the file of 2026-11-19 was closed as another one than noted")]
    ((kind, message),) = told_of(stranger)
    assert (kind, message.endswith("/export', which no store has")) == ("altered", True)
    day_file(store).unlink()
    assert [kind for kind, _ in told_of(file_noted)] == ["dropped"]


def control_of(folder: Path) -> SqliteControl:
    return SqliteControl(folder, keys.control_key(keys.signer_of(folder, make=False)))


def messages(folder: Path) -> list[str]:
    return [finding.message for finding in verify_store(folder).findings]
