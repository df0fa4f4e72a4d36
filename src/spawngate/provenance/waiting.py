"""Contents that are fingerprinted beside the calls of other sessions: which of them a session waits for.

Belongs here: their order, and how many there may be. Must not be here: threads (`endpoint.daemon.provenance`), what is
noted of a content (`provenance.tracker`).
"""

from collections.abc import Callable
from typing import Protocol

from spawngate.provenance.content import Prints

LONG = 8_192
"""Characters of a content that is fingerprinted beside the calls of other sessions."""
MOST_WAITING = 16
"""Contents of one session that are fingerprinted at the same time."""


class Pending(Protocol):
    """Fingerprints that are being made."""

    def done(self) -> bool:
        """Whether `result` needs no time."""

    def result(self) -> Prints:
        """Waits for them; raises what making them raised."""


Beside = Callable[[Callable[[], Prints]], Pending]
"""Begins to make fingerprints; whoever gives it sees to it that `Waiting.settle` is called when they are there."""
Then = Callable[[Prints | None], None]
"""What is done with them, or with None where making them failed."""


class Waiting:
    """Contents by the name of their session, in order. Without `beside` everything is done at once."""

    def __init__(self, beside: Beside | None = None) -> None:
        self._beside = beside
        self._held: dict[str, list[tuple[Pending, Then]]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._held.values()))

    def begin(self, name: str, make: Callable[[], Prints], length: int, then: Then) -> Pending | None:
        """Fingerprint a content of so many characters, now or beside. Raises what `make` raises, after `then`.

        Gives what is being made; None where it is done. Where too many wait, the first of them is waited for.
        """
        waiting = self._held.get(name, [])
        if self._beside is None or (length <= LONG and not waiting):
            try:
                prints = make()
            except Exception:
                then(None)
                raise
            then(prints)
            return None
        if len(waiting) >= MOST_WAITING:
            self._first(name)
        pending = self._beside(make)
        self._held.setdefault(name, []).append((pending, then))
        return pending

    def settle(self, name: str, *, wait: bool = True) -> None:
        """Take what was fingerprinted for one session; all of it, or what is there."""
        waiting = self._held.get(name)
        while waiting and (wait or waiting[0][0].done()):
            self._first(name)

    def _first(self, name: str) -> None:
        pending, then = self._held[name][0]
        try:
            prints = pending.result()
        except Exception:
            self._taken(name)
            then(None)
            raise
        self._taken(name)
        then(prints)

    def _taken(self, name: str) -> None:
        del self._held[name][0]
        if not self._held[name]:
            del self._held[name]

    def settle_all(self, *, wait: bool = True) -> None:
        """The same for all sessions."""
        for name in list(self._held):
            self.settle(name, wait=wait)
