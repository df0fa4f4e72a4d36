"""SHELL. Looks that take long are done in a process beside, so that the calls of other sessions need not wait.

A fork holds everything that a look depends on as it is in force now, shares no memory that it could spoil, uses another
core, and can be ended. It is Python alone that goes on in it: no thread, no loop, no descriptor but the one that its
answer goes to. A thread would hold the interpreter while others wait for it, and nothing could end it.
Must not be here: what a look is (`policy.decider`), what follows from one that failed (`service`).
"""

import asyncio
import contextlib
import gc
import os
import pickle
import signal
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import NoReturn

from spawngate.endpoint.daemon.bounded import TakesLongError, bounded, in_brief
from spawngate.endpoint.shfmt import TIMEOUT, asked

MOST = 2
"""Processes at once; further looks wait for one of them to end."""
SECONDS = 3.0
"""Of the clock, until a look is given up. Its time on the processor is `bounded`."""
HURRIED = 0.025
"""Seconds of the clock for the second parser where others wait; it takes two thousandths."""
LONGEST_ANSWER = 64 << 20
_BLOCK = 256 << 10
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

Key = tuple[str, str]
"""Agent and session."""


class NoAnswerError(Exception):
    """The process ended or was ended before it had answered."""


class Turns:
    """Calls of a session that wait for one before them. Those of other sessions do not."""

    def __init__(self) -> None:
        self._last: dict[Key, asyncio.Future[None]] = {}

    def taken(self, key: Key) -> bool:
        """A call of this session is under way."""
        return key in self._last

    def take(self, key: Key) -> "Turn":
        """The place behind all that are under way: taken at once, waited for by `async with`."""
        before = self._last.get(key)
        mine = self._last[key] = asyncio.get_running_loop().create_future()
        return Turn(self._last, key, before, mine)


class Turn:
    """One place."""

    def __init__(
        self,
        last: "dict[Key, asyncio.Future[None]]",
        key: Key,
        before: "asyncio.Future[None] | None",
        mine: "asyncio.Future[None]",
    ) -> None:
        self._last, self._key, self._before, self._mine = last, key, before, mine

    async def __aenter__(self) -> None:
        if self._before is not None:
            try:
                await asyncio.wait([self._before])
            except asyncio.CancelledError:
                # Whoever waits for this one waits for the one before it all the same.
                self._before.add_done_callback(lambda _: self._end())
                raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def _end(self) -> None:
        self._mine.set_result(None)
        if self._last.get(self._key) is self._mine:
            del self._last[self._key]


class Beside:
    """Does work in processes beside, MOST at once."""

    def __init__(self, most: int = MOST, seconds: float | None = None) -> None:
        self.begun = 0
        """Processes so far. Each tears up large pages that it shares with this one (`pages`)."""
        self._places = asyncio.Semaphore(most)
        self._seconds = SECONDS if seconds is None else seconds

    async def run(self, work: Callable[[], object]) -> object:
        """What `work` returns, which must be a value that can be pickled.

        Raises NoAnswerError where it raises, takes too long or ends its process, OSError where there can be no process.
        """
        async with self._places, _forked(work) as read:
            self.begun += 1
            try:
                data = await asyncio.wait_for(_all(read), self._seconds)
            except TimeoutError:
                raise NoAnswerError from None
        if not data or len(data) > LONGEST_ANSWER:
            raise NoAnswerError
        try:
            return pickle.loads(data)  # noqa: S301  # written by our own process, to a pipe that nobody else has
        except (pickle.UnpicklingError, EOFError):
            raise NoAnswerError from None


@contextlib.asynccontextmanager
async def _forked(work: Callable[[], object]) -> AsyncIterator[int]:
    """The end of a pipe where a process that does the work writes what it finds; it does not outlive the context."""
    read, write = os.pipe()
    try:
        try:
            process = os.fork()
            if process == 0:
                _be_child(work, write)
        finally:
            os.close(write)
        try:
            os.set_blocking(read, False)
            yield read
        finally:
            os.kill(process, signal.SIGKILL)  # it is not waited for yet, so the number is its own
            with contextlib.suppress(ChildProcessError):
                os.waitpid(process, 0)
    finally:
        os.close(read)


def _be_child(work: Callable[[], object], write: int) -> NoReturn:
    """Do the work, write what it gives, and end without anything that ends a Python process."""
    try:
        signal.set_wakeup_fd(-1)  # that of the parent's loop
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        gc.disable()
        # Above all the sockets of clients: those of others must not stay open through this process.
        os.closerange(3, write)
        os.closerange(write + 1, os.sysconf("SC_OPEN_MAX"))
        with bounded():
            data = pickle.dumps(work(), pickle.HIGHEST_PROTOCOL)
        while data:
            data = data[os.write(write, data) :]
    finally:
        os._exit(0)


async def _all(read: int) -> bytes:
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()
    data = bytearray()

    def readable() -> None:
        try:
            block = os.read(read, _BLOCK)
        except BlockingIOError:
            return
        data.extend(block)
        if not block or len(data) > LONGEST_ANSWER:
            loop.remove_reader(read)
            if not ended.done():
                ended.set_result(None)

    loop.add_reader(read, readable)
    try:
        await ended
    finally:
        loop.remove_reader(read)
    return bytes(data)


def second_parser(text: str) -> bytes | None:
    """As `shfmt.syntax_tree`; inside of `brief` raises TakesLongError where no answer comes at once."""
    hurried = in_brief()
    try:
        return asked(text, HURRIED if hurried else TIMEOUT)
    except TimeoutError:
        if hurried:
            raise TakesLongError from None
        return None
