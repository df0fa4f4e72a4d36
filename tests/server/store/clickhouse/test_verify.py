"""`audit verify` where events are in ClickHouse, against its engine."""

from datetime import timedelta
from pathlib import Path

import pytest

from spawngate.server.store.postgres.verify import verify_server
from tests.server.store.conformance import DAY, Source, decision

pytest.importorskip("chdb", reason="the engine of ClickHouse is not installed: make test-engines")
from spawngate.server.store.clickhouse import tables  # behind the skip
from spawngate.server.store.clickhouse.events import ClickHouseEvents
from spawngate.server.store.clickhouse.settings import Settings
from spawngate.server.store.clickhouse.verify import look_with
from spawngate.server.store.postgres.store import ServerStore


def test_what_was_tampered_with_is_named(database: str, tmp_path: Path) -> None:
    settings = Settings(path=str(tmp_path / "engine"), table="t")
    events = ClickHouseEvents(database, settings, moves=False)
    source = Source()
    with ServerStore(database, tmp_path, {}, clock=lambda: DAY + timedelta(minutes=1), events=events) as store:
        store.events.append(source.entries(300, **decision("deny", "Git Status", "curl x", rules=("one",))))
        events.move()
        store.events.append(source.entries(20, DAY + timedelta(minutes=10)))
        store.upkeep()
        look = look_with(settings)
        report = verify_server(database, tmp_path, {}, look_at=look)
        assert (report.findings, report.events, report.uncovered) == ((), 320, 0)
        name = tables.table(settings)
        first = 20776 << 40
        for change, told in (
            (f"ALTER TABLE {name} UPDATE c_rule=['two'] WHERE id={first + 70} SETTINGS mutations_sync=2",
             "altered: event 70 (laptop s1 70): its columns are not those of its record"),
            (f"ALTER TABLE {name} DELETE WHERE id={first + 71} SETTINGS mutations_sync=2",
             "dropped: event 71 is missing"),
        ):  # fmt: skip
            events.client.command(change)
            findings = verify_server(database, tmp_path, {}, look_at=look).findings
            assert told in [f"{each.kind}: {each.message}" for each in findings]
