"""`audit verify` of PostgreSQL: what was tampered with is named."""

from datetime import timedelta
from pathlib import Path

import pytest

from spawngate.server.store.port import StoreError
from spawngate.server.store.postgres.connection import Pool
from spawngate.server.store.postgres.verify import verify_server
from tests.server.store.conformance import DAY, Source
from tests.server.store.postgres.test_store import opened

FIRST = "events_20261119"
LOW = 20776 << 40
"""Id before the first of 2026-11-19."""


def filled(address: str, folder: Path) -> None:
    """Two days, the first one over and closed."""
    day = [0.0]
    source = Source()
    with opened(address, folder, lambda: day[0]) as store:
        for number in range(4):
            store.events.append(source.entries(150, DAY + timedelta(minutes=number)))
        day[0] = 1.0
        store.events.append(source.entries(10, DAY + timedelta(days=1)))
        store.upkeep()


def test_a_store_as_it_was_written(database: str, tmp_path: Path) -> None:
    filled(database, tmp_path)
    report = verify_server(database, tmp_path, {})
    assert (report.findings, report.events, report.days, report.uncovered, report.gaps) == ((), 610, 2, 0, ())


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (f"UPDATE {FIRST} SET mark=mark+1 WHERE id={LOW + 70}",
         "altered: events/2026-11-19: event 70 (laptop s1 70): its record is not the one that was stored"),
        (f"UPDATE {FIRST} SET time=time+1 WHERE id={LOW + 70}",
         "altered: events/2026-11-19: event 70 (laptop s1 70): its columns are not those of its record"),
        (f'UPDATE {FIRST} SET "type"=NULL WHERE id={LOW + 70}',
         "altered: events/2026-11-19: event 70 (laptop s1 70): its columns are not those of its record"),
        (f"DELETE FROM {FIRST} WHERE id={LOW + 70}", "dropped: events/2026-11-19: event 70 is missing"),
        (f"DELETE FROM {FIRST} WHERE id>{LOW + 550}",
         "dropped: events/2026-11-19: events 551 to 600 of 2026-11-19 are missing: a checkpoint has 600"),
        ("UPDATE tiles_20261119 SET root=sha256('x')",
         "altered: events/2026-11-19: 2026-11-19: the tile of the events 1 to 256 is not theirs"),
        ("UPDATE days SET parts=decode(repeat('00', 32*4), 'hex') WHERE size=600",
         "altered: events/2026-11-19: the tree that is kept of 2026-11-19 is one of 600 events, "
         "and not that of the 600 there"),
        ("UPDATE days SET note='' WHERE size=10", "dropped: head: the last signed state is missing"),
        ("DELETE FROM events_20261120 WHERE id=(SELECT max(id) FROM events_20261120)",
         "dropped: events/2026-11-20: event 10 of 2026-11-20 are missing: a checkpoint has 10"),
        ("DELETE FROM days WHERE size=600",
         "dropped: events/2026-11-19: 2026-11-19 is missing: its 600 events are gone"),
        ("UPDATE log SET text=replace(text, '600', '601')",
         "altered: control: log: line 0 was altered or inserted: its seal does not match"),
        ("DELETE FROM items WHERE kind='checkpoint' AND name='log'", "altered: control: items: 1 of 3 rows missing"),
    ],
)  # fmt: skip
def test_what_was_tampered_with_is_named(database: str, tmp_path: Path, statement: str, told: str) -> None:
    filled(database, tmp_path)
    pool = Pool(database)
    pool.all(statement)
    pool.close()
    report = verify_server(database, tmp_path, {})
    assert told in [f"{each.kind}: {each.file}: {each.message}" for each in report.findings]


def test_a_state_that_was_noted_elsewhere(database: str, tmp_path: Path) -> None:
    source = Source()
    with opened(database, tmp_path) as store:
        store.events.append(source.entries(30))
        store.upkeep()
        noted = store.evidence.checkpoint()
        verifier = store.signer.verifier
    assert verify_server(database, tmp_path, {}, verifier, [noted]).findings == ()
    pool = Pool(database)
    for table in (FIRST, "blocks_20261119", "runs_20261119", "tiles_20261119"):
        pool.all(f"DELETE FROM {table}")
    pool.all("UPDATE days SET size=0, parts='', note='', first=NULL, last=NULL")
    pool.close()
    found = verify_server(database, tmp_path, {}, verifier, [noted]).findings
    assert "events 1 to 30 of 2026-11-19 are missing: a checkpoint has 30" in [each.message for each in found]


def test_no_store(database: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        verify_server(database, tmp_path, {})
