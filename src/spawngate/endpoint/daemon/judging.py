"""SHELL. Which calls are judged at once, and which are looked at beside while others are answered.

Every call is begun at once. One whose look takes longer than BRIEF is begun anew in a process beside; those of its
session that come meanwhile wait for it, because what it does is part of what they are judged by. The look changes
nothing, so giving it up is no harm.
Must not be here: how a call is judged (`service`), processes (`beside`), and the socket (`server`).
"""

from collections.abc import Awaitable

from spawngate.endpoint.daemon import memory
from spawngate.endpoint.daemon.beside import Beside, NoAnswerError, Turn, Turns
from spawngate.endpoint.daemon.bounded import TakesLongError, bounded, brief
from spawngate.endpoint.daemon.processes import ASKING
from spawngate.endpoint.daemon.service import Decides, ElsewhereError, Opened, Prepared, Service
from spawngate.model import wire
from spawngate.model.call import ToolCall
from spawngate.policy.decider import Looked
from spawngate.trail.event import Event


class Judging:
    """Judges the calls of one daemon. Made inside its running event loop."""

    def __init__(self, service: Service, beside: Beside | None = None) -> None:
        self._service = service
        self._beside = beside or Beside()
        self._turns = Turns()

    def prepare(self, request: wire.Request, started: int) -> Prepared | Awaitable[Prepared]:
        """A request and when it was complete (`perf_counter_ns`) to a decided call, at once or later. Total."""
        ASKING.set(request.parent)  # a task that is made of this keeps it
        length = len(request.payload)
        with bounded():
            opened = self._service.open(request.agent, request.payload, request.environment, started_ns=started)
            if isinstance(opened, Prepared):
                return _seen(opened, length)
            key = (opened.call.agent, opened.call.session)
            if self._turns.taken(key):
                return self._in_turn(opened, self._turns.take(key), length, tried=False)
            try:
                return _seen(self._service.judge(opened, _briefly), length)
            except TakesLongError:
                return self._in_turn(opened, self._turns.take(key), length, tried=True)

    async def _in_turn(self, opened: Opened, turn: Turn, length: int, *, tried: bool) -> Prepared:
        async with turn:
            if not tried:
                try:
                    with bounded():
                        return _seen(self._service.judge(opened, _briefly), length)
                except TakesLongError:
                    pass
            return _seen(await self._judged_beside(opened), length)

    async def _judged_beside(self, opened: Opened) -> Prepared:
        try:
            found = await self._beside.run(lambda: self._service.told(opened))
        except OSError:
            # No process is to be had: then the others wait.
            with bounded():
                return self._service.judge(opened)
        except NoAnswerError as error:
            found = error

        def look(decider: Decides, call: ToolCall) -> Looked | None:
            if isinstance(found, Event):
                raise ElsewhereError(found)
            if isinstance(found, Exception):
                raise found
            assert found is None or isinstance(found, Looked)
            return found

        with bounded():
            return self._service.judge(opened, look)


def _briefly(decider: Decides, call: ToolCall) -> Looked | None:
    with brief():
        return decider.look(call)


def _seen(prepared: Prepared, length: int) -> Prepared:
    # What a tool gave back is fingerprinted and goes into no cache: it need not empty them.
    told = 0 if prepared.call is None else len(prepared.call.response)
    memory.after(length - told)
    return prepared
