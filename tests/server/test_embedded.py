"""The store of a state folder, following its trail."""

import time
from datetime import UTC, datetime
from pathlib import Path

from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.trail.store import TrailStore
from spawngate.server.embedded import embedded
from spawngate.server.store.port import FOLDER
from spawngate.server.store.verify import verify_store
from spawngate.trail.event import Event
from spawngate.trail.moment import stamp


def test_it_follows_and_says_why_it_does_not(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    said: list[str] = []
    with embedded(tmp_path, "laptop", {}, said.append) as store:
        assert store is not None
        with TrailStore(place(tmp_path).trail) as trail:
            trail.append([Event("decision", stamp(now), 1)])
        until = time.monotonic() + 10
        while not store.events.query(None).entries and time.monotonic() < until:
            time.sleep(0.02)
        assert len(store.events.query(None).entries) == 1
        assert said == []
        with embedded(tmp_path, "laptop", {}, said.append) as other:
            assert other is None
    assert verify_store(tmp_path / FOLDER).findings == ()
    (tmp_path / FOLDER / "key").write_bytes(b"rubbish")
    with embedded(tmp_path, "laptop", {}, said.append) as broken:
        assert broken is None
    assert [text.split(":")[0] for text in said] == [
        "another process follows the trail into the store; this one does not",
        "the trail is not followed into the store",
    ]
