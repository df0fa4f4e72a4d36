"""What people do with routes is tested through the pages and the API; here: that nothing is done unrecorded."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from spawngate.server import dispatching
from spawngate.server.deliver.refused import dead_letters
from spawngate.server.store.port import StoreError
from spawngate.trail.event import Event
from tests.server.fleetdata import OWNER
from tests.server.views.test_deliveries import delivering


def test_what_cannot_be_recorded_is_not_done(tmp_path: Path) -> None:
    def broken(events: Sequence[Event]) -> None:
        raise StoreError("the disk is full")

    with delivering(tmp_path) as parts:
        silent = replace(parts, record=broken)
        names = list(dead_letters(parts.control))
        held = parts.control.get("route", "quiet")
        with pytest.raises(StoreError):
            dispatching.discard(silent, OWNER, names)
        with pytest.raises(StoreError):
            dispatching.replay(silent, OWNER, names)
        with pytest.raises(StoreError):
            dispatching.switch(silent, OWNER, "quiet", on=True)
        assert [each.replay for each in dead_letters(parts.control).values()] == [False, False]
        assert parts.control.get("route", "quiet") == held
