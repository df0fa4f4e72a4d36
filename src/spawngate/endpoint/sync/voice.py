"""SHELL. What the syncing process has the daemon record, and what of it was said already.

Must not be here: how a word travels (`run`), what the daemon does with it (`endpoint.daemon.upkeep`).
"""

from collections.abc import Callable

from spawngate.endpoint.sync.words import Word


class Voice:
    """Says words, and what goes wrong once for as long as it stays the same."""

    def __init__(self, say: Callable[[Word], None]) -> None:
        self.say = say
        self._said: dict[str, str] = {}

    def once(self, kind: str, same: str, what: str, message: str) -> None:
        """Say that something of a kind goes wrong, unless that was said last. `what`: as the trail has it."""
        if self._said.get(kind) != same:
            self._said[kind] = same
            self.say(Word("self-protection", {"what": what}, message))

    def settled(self, kind: str) -> None:
        """It goes well again: the next trouble is said."""
        self._said.pop(kind, None)
