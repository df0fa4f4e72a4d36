"""SHELL. The embedded store as one thing: events, control data, key and evidence in one folder.

    store/events/2026-11-21.sqlite   the days          store/control.sqlite   control data
    store/key, store/key.pub         the signing key   store/head             the last signed state

Must not be here: what each part does, retention and upkeep (`whole`).
"""

from contextlib import AbstractContextManager
from pathlib import Path

from spawngate.server.store import keys
from spawngate.server.store.evidence import HEAD, Evidence
from spawngate.server.store.own import OwnStream
from spawngate.server.store.port import Incident, StoreError
from spawngate.server.store.sqlite import files
from spawngate.server.store.sqlite.control import SqliteControl
from spawngate.server.store.sqlite.events import SqliteEvents
from spawngate.server.store.whole import Clock, Store, leave_word, system_clock

__all__ = ["EmbeddedStore", "leave_word"]

MOST = 20
"""Altered pieces of control data that are told when a store is opened; `audit verify` names all of them."""


class EmbeddedStore(Store):
    """The store of one folder, open to be written by this process. Use as a context, or call `close`."""

    events: SqliteEvents
    control: SqliteControl

    def __init__(self, folder: Path, *, clock: Clock = system_clock) -> None:
        """Raises StoreError; StoreBusyError where another process writes it."""
        super().__init__(clock)
        self.folder = folder
        self.events = SqliteEvents(folder, held=self.is_held)
        try:
            self.signer = keys.signer_of(folder)
            self.control = SqliteControl(folder, keys.control_key(self.signer))
        except BaseException:
            self.events.close()
            raise
        try:
            self.evidence = Evidence(self.events, self.control, self.signer, folder / HEAD)
            self.own = OwnStream(self.events, self.signer.name, self.now)
            self._told += self.evidence.begun_anew() if self.control.is_new else []
            self._told += self.evidence.compare()
            self._told += [
                Incident("altered", "", f"control data: {each}") for each in self.control.item_faults()[:MOST]
            ]
            self.events.committed = self.evidence.committed
        except BaseException:
            self.close()
            raise

    def delivers(self) -> AbstractContextManager[object]:
        """See `Store`."""
        from spawngate.server.deliver.worker import only  # who only reads a store needs no deliveries

        return only(self.folder)

    def _tidy(self) -> None:
        for day in self.events.tidy():
            self.evidence.keep_file(day, files.day_path(self.folder, day))

    def close(self) -> None:
        """Sign the last state and let everything go."""
        try:
            if hasattr(self, "evidence"):
                self.evidence.close_days()
                self.evidence.checkpoint()
        except StoreError:
            pass  # `head` has the last state
        finally:
            self.control.close()
            self.events.close()
