"""The sessions that are in memory, and their records: read when one is asked for, added to when it changes.

Belongs here: how much of all sessions stays in memory, and when a record is written anew.
Must not be here: which events a session is told (`provenance.tracker`), files (`endpoint.daemon.provenance`).
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator

from spawngate.provenance import record
from spawngate.provenance.fingerprint import Fingerprinter
from spawngate.provenance.session import Session

MOST_BYTES = 48 << 20
"""Memory of all sessions together."""
MOST_RECORDED = 3 << 20
"""Bytes of one session's records, after which they are written anew without what was forgotten."""

Recall = Callable[[str], bytes]
"""The records of a session by its name; nothing where there are none."""
Keep = Callable[[str, bytes, bool], None]
"""Adds records to a session; replaces all of them where the flag is set."""


class Sessions:
    """Sessions by name, the one that was used last at the end. `most`: bytes of memory of all of them."""

    def __init__(self, prints: Fingerprinter, recall: Recall, keep: Keep, most: int) -> None:
        self._prints, self._recall, self._keep, self._most = prints, recall, keep, most
        self._held: OrderedDict[str, Session] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self._recorded: dict[str, int] = {}

    @property
    def size(self) -> int:
        """Bytes of memory of all sessions, about."""
        return sum(self._sizes.values())

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, name: str) -> bool:
        return name in self._held

    def items(self) -> Iterator[tuple[str, Session]]:
        """Those in memory."""
        yield from self._held.items()

    def get(self, name: str) -> Session | None:
        """The session where it is in memory."""
        return self._held.get(name)

    def load(self, name: str, earlier: Session | None = None) -> Session:
        """The session as its records tell; a new one where there are none."""
        session = Session(self._prints)
        data = self._recall(name)
        record.replay(data, session)
        session.earlier = earlier
        self._held[name] = session
        self._recorded[name] = len(data)
        self._sizes[name] = session.size
        return session

    def recorded(self, name: str) -> int:
        """Bytes of a session's records."""
        return self._recorded.get(name, 0)

    def used(self, name: str) -> None:
        """It is the last one that leaves the memory."""
        self._held.move_to_end(name)

    def end(self, name: str) -> None:
        """Forget the session and its records."""
        self._held.pop(name, None)
        for table in (self._sizes, self._recorded):
            table.pop(name, None)
        self._keep(name, b"", True)

    def write(self, name: str, session: Session, data: bytes) -> None:
        """Add to its records."""
        length = self._recorded.get(name, 0) + len(data)
        if length > MOST_RECORDED:
            data = record.snapshot(session)
            self._keep(name, data, True)
            # What is left may be large by itself: then it is written anew after as much again.
            self._recorded[name] = min(len(data), MOST_RECORDED // 2)
        else:
            self._keep(name, data, False)
            self._recorded[name] = length

    def measure(self, name: str) -> None:
        """It has grown; the oldest leave the memory where all are too large together."""
        if name in self._held:
            self._sizes[name] = self._held[name].size
        self.shrink()

    def shrink(self) -> None:
        """The oldest leave the memory while all are too large together."""
        while len(self._held) > 1 and self.size > self._most:
            oldest, _ = self._held.popitem(last=False)
            for table in (self._sizes, self._recorded):
                table.pop(oldest, None)
