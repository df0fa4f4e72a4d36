"""What people do with policies is tested through the API and the pages; here: that nothing is done unrecorded."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from spawngate.server import governing
from spawngate.server.console.policies import START
from spawngate.server.fleet import policies
from spawngate.server.store.port import StoreError
from spawngate.trail.event import Event
from tests.server.fleetdata import OWNER, services


def test_what_cannot_be_recorded_is_not_done(tmp_path: Path) -> None:
    def broken(events: Sequence[Event]) -> None:
        raise StoreError("the disk is full")

    with services(tmp_path) as parts:
        silent = replace(parts, record=broken)
        with pytest.raises(StoreError):
            governing.save(silent, OWNER, "own", START, "")
        with parts.database.read() as connection:
            assert policies.newest(connection, "own") is None
        made, _ = governing.save(parts, OWNER, "own", START, "")
        with pytest.raises(StoreError):
            governing.make_ready(silent, OWNER, "own", made.id)
        governing.make_ready(parts, OWNER, "own", made.id)
        with pytest.raises(StoreError):
            governing.start(silent, OWNER, "own", made.id, team=0, group="", mode="enforce", percent=100)
        with parts.database.read() as connection:
            assert policies.get(connection, "own", made.id).state == "ready"
        governing.retire(parts, OWNER, "own", made.id)
