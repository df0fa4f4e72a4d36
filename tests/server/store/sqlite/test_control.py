"""The embedded control data passes what every adapter passes."""

from pathlib import Path

from spawngate.server.store.port import ControlStore
from spawngate.server.store.sqlite.control import SqliteControl
from tests.server.store.conformance import ControlStoreConformance


class TestConformance(ControlStoreConformance):
    """As it is written."""

    def open_control(self, folder: Path) -> ControlStore:
        return SqliteControl(folder, b"k" * 32)
