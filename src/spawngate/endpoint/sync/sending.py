"""SHELL. The trail on its way to the server: batch by batch from where the server stands, back where it stands further
back, round what it does not take, and within the bound of the spool.

Must not be here: which records go next (`outgoing`), when, and what is said besides (`run`).
"""

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from spawngate.endpoint.sync import kept, outgoing
from spawngate.endpoint.sync.outgoing import Outgoing, Position
from spawngate.endpoint.sync.transport import RefusedError
from spawngate.model.errors import StateError
from spawngate.sync.keep import Weight
from spawngate.sync.messages import EVENTS

REWINDS = 20
"""Times that a server may send us back before we pause: each reads the trail from its begin."""

Send = Callable[[str, bytes], object]
"""Sends a batch to an address; raises AwayError, RefusedError."""
GivenUp = Callable[[Mapping[str, int]], None]
"""Told of records that the spool gave up, by type."""


class Sending:
    """One trail and one server."""

    def __init__(self, state: Path, trail: Path, send: Send, given_up: GivenUp) -> None:
        self._state, self._trail, self._send, self._given_up = state, trail, send, given_up
        self.position = kept.position(state)
        self._refused: set[tuple[str, int]] = set()
        self._cut: Mapping[Weight, outgoing.Place] = {}
        self._rewinds = 0

    def everything(self, bound: int) -> None:
        """Send what is not sent yet, of more than `bound` bytes what matters most. Raises AwayError, RefusedError,
        StateError; what was sent until then stays sent."""
        self._bound(bound)
        self._rewinds = 0
        while True:
            batch = outgoing.next_batch(self._trail, self.position, self._cut, self._refused)
            if batch is None:
                return
            if not self._sent(batch):
                continue
            self._moved(batch)
            if batch.last:
                return

    def backlog(self) -> int:
        """Bytes that are not sent yet. Raises StateError."""
        return outgoing.backlog(self._trail, self.position.place)

    def keep(self, position: Position) -> None:
        """Go on from there. To lose it costs time and nothing else, so a full disk keeps nothing back."""
        self.position = position
        with contextlib.suppress(StateError):
            kept.keep_position(self._state, position)

    def _sent(self, batch: Outgoing) -> bool:
        """Whether the server has a batch now; else it is to be made anew."""
        try:
            self._send(f"{EVENTS}?stream={quote(batch.stream)}", batch.body)
        except RefusedError as error:
            problem = error.problem
            if problem.code == "gap":
                return self._rewind(batch, problem.accepted)
            if problem.code == "line" and 0 < problem.line <= len(batch.sequences):
                sequence = batch.sequences[problem.line - 1]
                if sequence and (batch.stream, sequence) not in self._refused:
                    self._refused.add((batch.stream, sequence))
                    return False
            raise
        return True

    def _rewind(self, batch: Outgoing, accepted: int) -> bool:
        """The server does not have what we thought: go back to where it stands."""
        self._rewinds += 1
        if self._rewinds > REWINDS:
            raise StateError("the server sends us back again and again")
        found = outgoing.rewound(self._trail, batch.stream, accepted)
        if found is None or found == self.position:
            raise StateError("the server does not go on from where this trail does")
        self.keep(found)
        return False

    def _moved(self, batch: Outgoing) -> None:
        if batch.given_up:
            self._given_up(batch.given_up)
        self._refused = {each for each in self._refused if each[0] != batch.stream or each[1] > batch.after.sequence}
        self.keep(batch.after)

    def _bound(self, bound: int) -> None:
        """Where too much waits, decide what is given up. What was decided holds until it is behind us."""
        if all(self.position.place >= each for each in self._cut.values()):
            self._cut = {}
        if not self._cut and self.backlog() > bound:
            self._cut = outgoing.cuts(self._trail, self.position.place, bound)
