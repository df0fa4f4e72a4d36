"""SHELL. Calls of tools that pass the relay: which are judged at once, and which are looked at beside.

As with calls that a hook tells (`daemon.judging`): every call is begun at once, one whose look takes long is begun anew
in a process beside, and later calls of the same server wait for it, so that everybody else need not.
Must not be here: how a call is judged (`course`), processes (`daemon.beside`).
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

from spawngate.endpoint.daemon.beside import Beside, NoAnswerError, Turns
from spawngate.endpoint.daemon.bounded import TakesLongError, brief
from spawngate.endpoint.daemon.service import ElsewhereError
from spawngate.endpoint.launching import course
from spawngate.endpoint.launching.desk import Desk, PreparedLaunch
from spawngate.endpoint.launching.requests import Call, understood
from spawngate.model.call import ToolCall
from spawngate.policy.decider import Decider, Looked
from spawngate.trail.event import Event


class Calls:
    """Judges the calls that the relays of one daemon ask about."""

    def __init__(self, desk: Desk, bounded: Callable[[], AbstractContextManager[None]], beside: Beside | None) -> None:
        """`bounded` puts an end to an evaluation that takes too long."""
        self._desk, self._bounded = desk, bounded
        self._beside = beside or Beside()
        self._turns = Turns()

    async def answer(self, payload: bytes, started: int) -> PreparedLaunch:
        """The answer to one request. Raises NotUnderstoodError, and what is a fault of ours."""
        asked = understood(payload, Call)
        key = ("relay", asked.launch)
        tried = not self._turns.taken(key)
        if tried:
            try:
                return self._judged(asked, started, _briefly)
            except TakesLongError:
                pass
        async with self._turns.take(key):
            if not tried:
                try:
                    return self._judged(asked, started, _briefly)
                except TakesLongError:
                    pass
            return await self._judged_beside(asked, started)

    def _judged(self, asked: Call, started: int, look: course.Look) -> PreparedLaunch:
        with self._bounded():
            return course.called(self._desk, asked, started, look)

    async def _judged_beside(self, asked: Call, started: int) -> PreparedLaunch:
        try:
            found = await self._beside.run(lambda: self._told(asked))
        except OSError:
            # No process is to be had: then the others wait.
            return self._judged(asked, started, lambda decider, call: decider.look(call))
        except NoAnswerError as error:
            found = error

        def look(decider: Decider, call: ToolCall) -> Looked | None:
            if isinstance(found, Event):
                raise ElsewhereError(found)
            if isinstance(found, Looked):
                return found
            # It gave no answer, or the server was not known then and is now.
            raise found if isinstance(found, Exception) else NoAnswerError

        return self._judged(asked, started, look)

    def _told(self, asked: Call) -> Looked | Event | None:
        """What a look finds, or the event of a fault in it: for another process, which cannot raise here."""
        try:
            return course.looked(self._desk, asked)
        except Exception as error:  # noqa: BLE001  # told to the one that asked
            return self._desk.fault(error)


def _briefly(decider: Decider, call: ToolCall) -> Looked | None:
    with brief():
        return decider.look(call)
