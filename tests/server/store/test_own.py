"""The server's own stream goes on where it ended, also behind a restart."""

from pathlib import Path

from spawngate.server.store.own import OwnStream
from spawngate.server.store.sqlite.events import SqliteEvents
from spawngate.trail import chain
from spawngate.trail.event import Event
from tests.server.store.conformance import DAY, stamp


def test_one_chain(tmp_path: Path) -> None:
    for number in range(3):
        store = SqliteEvents(tmp_path)
        own = OwnStream(store, "spawngate-1", lambda: stamp(DAY))
        own.record([Event("administration", stamp(DAY), 1, message=f"{number}-{each}") for each in range(2)])
        store.close()
    store = SqliteEvents(tmp_path)
    entries = store.query(None, newest_first=False).entries
    store.close()
    assert [entry.event.message for entry in entries] == ["0-0", "0-1", "1-0", "1-1", "2-0", "2-1"]
    assert {(entry.endpoint, entry.stream, entry.event.endpoint) for entry in entries} == {
        ("spawngate-1", "server", "spawngate-1")
    }
    verified = chain.verify(lambda: [entry.record for entry in entries])
    assert (verified.records, verified.fault) == (6, None)
