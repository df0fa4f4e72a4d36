"""The synthetic fleet goes on."""

from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import select

from spawngate.server.demo.fill import fill
from spawngate.server.demo.live import Live
from spawngate.server.demo.world import machines
from spawngate.server.fleet.database import open_fleet
from spawngate.server.fleet.tables import ENDPOINTS
from spawngate.server.services import Services
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.trail import chain


def test_calls_follow_the_chains_and_machines_stay_online(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with EmbeddedStore(folder) as store, open_fleet(folder) as database:
        fill(store, database, datetime.fromisoformat(store.now()), size=12, days=1)
        parts = Services(
            database=database,
            events=store.events,
            control=store.control,
            record=store.own.record,
            now=store.now,
            signer=store.signer,
        )
        before = store.events.stats().events
        live = Live(parts, machines(12))
        for _ in range(5):
            live.call(3)
        began = store.now()
        live.beat()
        assert store.events.stats().events == before + 15
        newest = store.events.query(None, limit=200, newest_first=False)
        for machine in machines(12):
            lines = [each.record for each in newest.entries if each.endpoint == machine.id]
            assert not lines or chain.verify(partial(list, lines)).fault is None
        with database.read() as connection:
            rows = connection.execute(select(ENDPOINTS.c.id, ENDPOINTS.c.seen_at)).all()
            seen = {row.id: row.seen_at for row in rows}
        there = [each.id for each in machines(12) if not each.silent and not each.retired]
        assert there
        assert all(seen[each] > began[:13] for each in there)


def test_the_thread_ends(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    with EmbeddedStore(folder) as store, open_fleet(folder) as database:
        parts = Services(
            database=database,
            events=store.events,
            control=store.control,
            record=store.own.record,
            now=store.now,
            signer=store.signer,
        )
        live = Live(parts, machines(2))
        live.start()
        live.stop()
        assert not live.is_alive()
