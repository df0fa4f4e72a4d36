"""SHELL. Lowering of files in processes of their own, each file within limits of processor time and memory.

Belongs here: the processes, their limits, the pipes, and what is told of a file that a process died of. Must not be
here: what lowering is.

A parser is C code that no exception of ours ends, and whoever wrote the scanned source chooses what it reads. So the
files are read by processes that the kernel ends: after SECONDS of processor time for one file (SIGPROF), or where it
wants more than MEMORY. A file that a process died of is given up and said to be; the next process goes on with the
others. The processes take what is asked for first, and between that what will be asked for next.

The processes outlive a tree: what one scan after the other asks of them goes through the same pipes. Only where a
process can share our memory (Linux), and beside no other threads: elsewhere files are lowered here, with the bounds of
the front-ends alone.
"""

import contextlib
import faulthandler
import gc
import multiprocessing
import os
import select
import signal
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing.context import ForkProcess
from types import TracebackType

import msgspec
from msgspec import structs

from spawngate.codescan.frontends import language_of, lower
from spawngate.codescan.ir import Module, Trouble

SECONDS = 20.0
"""Seconds of processor time for one file. The slowest file of a megabyte that people wrote takes 3."""
MEMORY = 1536 << 20
"""Bytes of address space that a process may want for one file beyond what it has."""
GIVEN_UP = "source that takes too long or too much memory to parse: not read"
MOST_DEATHS = 50
"""Files of one tree that may cost a process its life; after that every further file is given up."""
MOST_BYTES = 1 << 30
"""Of one lowered file; more says that the process no longer knows what it writes."""
WAITING = 6
"""Files that a process has before it, so that it need not wait for us while we are busy."""
_WAIT = 2.0
"""Seconds that a process has to end before it is killed."""
_PIPE = 1 << 20
_JOB = struct.Struct("=III")
"""Number of the job, bytes of the path, bytes of the source."""
_DONE = struct.Struct("=II")
"""Number of the job, bytes of the module."""
_NO_TEXT = b""
"""Instead of a module with a text that cannot be written down, `"\\ud800"`: a process lowered it within its limits, so
it may be lowered here."""
_decode = msgspec.msgpack.Decoder(Module).decode
_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class _Job:
    number: int
    path: str
    source: bytes

    def frame(self) -> bytes:
        path = self.path.encode("utf-8", "surrogatepass")
        return b"".join((_JOB.pack(self.number, len(path), len(self.source)), path, self.source))


@dataclass(eq=False)
class _Worker:
    """One process, its pipes, and what it was given and has not answered, in order."""

    process: ForkProcess
    sending: int
    receiving: int
    given: deque[_Job] = field(default_factory=deque)
    outgoing: bytearray = field(default_factory=bytearray)
    incoming: bytearray = field(default_factory=bytearray)


class Workers:
    """Processes that lower files, for one tree after the other. Use as a context."""

    def __init__(self, *, jobs: int = 2, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._jobs = jobs
        self._seconds = seconds
        self._memory = memory
        self._workers: list[_Worker] = []
        self._queue: deque[_Job] = deque()
        self._asked: dict[str, _Job] = {}
        """Jobs of this tree by path."""
        self._ready: dict[int, bytes] = {}
        self._failed: set[int] = set()
        self._number = 0
        self._oldest = 1
        """The first number of this tree."""
        self._deaths = 0
        self._wanted = sys.platform == "linux" and threading.active_count() == 1

    def __enter__(self) -> "Workers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.process.terminate()
        for worker in list(self._workers):
            self._bury(worker)

    def begin(self) -> None:
        """Another tree: nothing of the one before is wanted any more."""
        self._oldest = self._number + 1
        self._deaths = 0
        self._queue.clear()
        self._asked.clear()
        self._ready.clear()
        self._failed.clear()

    def ahead(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Files that will be asked for, in this order."""
        if self._wanted:
            for path, source in files:
                if path not in self._asked:
                    self._queue.append(self._job(path, source))
            self._feed()

    def lower(self, path: str, source: bytes, until: float) -> Module | None:
        """A file's module, incomplete where it was given up; None where `time.monotonic()` passed `until`."""
        if not self._wanted:
            return lower(path, source) if time.monotonic() < until else None
        job = self._asked.get(path)
        if job is None:
            job = self._job(path, source)
            self._queue.appendleft(job)
        elif job in self._queue:
            self._queue.remove(job)
            self._queue.appendleft(job)
        while True:
            data = self._ready.pop(job.number, None)
            if data == _NO_TEXT:
                return lower(path, source)
            if data is not None:
                return _module(path, data) or _given_up(path)
            if job.number in self._failed or self._deaths > MOST_DEATHS:
                return _given_up(path)
            left = until - time.monotonic()
            if left <= 0:
                return None
            if not self._feed():
                return lower(path, source)
            self._turn(min(left, 0.5))

    def rest(self) -> Iterator[tuple[str, Module]]:
        """What is lowered and was not asked for."""
        ready, self._ready = self._ready, {}
        for job in self._asked.values():
            data = ready.get(job.number)
            module = _module(job.path, data) if data else None
            if module is not None:
                yield job.path, module

    # processes

    def _job(self, path: str, source: bytes) -> _Job:
        self._number += 1
        job = self._asked[path] = _Job(self._number, path, source)
        return job

    def _feed(self) -> bool:
        """Gives the processes what they have room for; False where there is none and none can be made."""
        while self._queue and self._deaths <= MOST_DEATHS:
            free = min(self._workers, key=lambda worker: len(worker.given), default=None)
            if (free is None or free.given) and len(self._workers) < self._jobs and self._fork():
                continue
            if free is None:
                return False
            if len(free.given) >= WAITING:
                break
            job = self._queue.popleft()
            free.given.append(job)
            free.outgoing += job.frame()
            self._send(free)
        return bool(self._workers)

    def _turn(self, timeout: float) -> None:
        """Writes and reads what can be written and read, after waiting for it at most `timeout` seconds."""
        poll = select.poll()
        by: dict[int, _Worker] = {}
        for worker in self._workers:
            poll.register(worker.receiving, select.POLLIN)
            by[worker.receiving] = worker
            if worker.outgoing:
                poll.register(worker.sending, select.POLLOUT)
                by[worker.sending] = worker
        for descriptor, _ in poll.poll(timeout * 1000):
            worker = by[descriptor]
            if worker not in self._workers:  # it was just found to have ended
                continue
            if descriptor == worker.sending:
                self._send(worker)
            elif not self._receive(worker):
                self._bury(worker)

    def _send(self, worker: _Worker) -> None:
        with contextlib.suppress(BlockingIOError, BrokenPipeError):  # that a process is gone is seen where it is read
            while worker.outgoing:
                del worker.outgoing[: os.write(worker.sending, worker.outgoing[:_PIPE])]

    def _receive(self, worker: _Worker) -> bool:
        """Takes what a process wrote; False where it has ended, or writes what no process of ours does."""
        try:
            while data := os.read(worker.receiving, _PIPE):
                worker.incoming += data
                if not self._take(worker):
                    return False
            return False
        except BlockingIOError:
            return True
        except (OSError, MemoryError):
            return False

    def _take(self, worker: _Worker) -> bool:
        incoming = worker.incoming
        while len(incoming) >= _DONE.size:
            number, size = _DONE.unpack_from(incoming)
            if size > MOST_BYTES or not worker.given or worker.given[0].number != number:
                return False
            if len(incoming) < _DONE.size + size:
                return True
            if number >= self._oldest:
                self._ready[number] = bytes(incoming[_DONE.size : _DONE.size + size])
            del incoming[: _DONE.size + size]
            worker.given.popleft()
        return True

    def _bury(self, worker: _Worker) -> None:
        """A process that ended: the file that it had in hand is what it died of, the ones behind it are given anew."""
        self._workers.remove(worker)
        worker.process.join(_WAIT)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
        worker.process.close()
        os.close(worker.sending)
        os.close(worker.receiving)
        if worker.given:
            in_hand = worker.given.popleft()
            if in_hand.number >= self._oldest:
                self._deaths += 1
                self._failed.add(in_hand.number)
        self._queue.extendleft(job for job in reversed(worker.given) if job.number >= self._oldest)

    def _fork(self) -> bool:
        for language in {language_of(job.path) for job in self._queue}:
            import_module(f"spawngate.codescan.frontends.{language}")  # once here instead of once in every process
        reading, sending = _pipe()
        receiving, writing = _pipe()
        others = [each for worker in self._workers for each in (worker.sending, worker.receiving)]
        context = multiprocessing.get_context("fork")
        arguments = (reading, writing, (*others, sending, receiving), self._seconds, self._memory)
        process = context.Process(target=_work, args=arguments, daemon=True)
        try:
            process.start()
        except OSError:
            os.close(sending)
            os.close(receiving)
            return False
        finally:
            os.close(reading)
            os.close(writing)
        os.set_blocking(sending, False)
        os.set_blocking(receiving, False)
        self._workers.append(_Worker(process, sending, receiving))
        return True


def _pipe() -> tuple[int, int]:
    import fcntl

    reading, writing = os.pipe()
    with contextlib.suppress(OSError, AttributeError):
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIPE)
    return reading, writing


def _module(path: str, data: bytes) -> Module | None:
    try:
        module = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return module if module.path == path else structs.replace(module, path=path)


def _given_up(path: str) -> Module:
    language = language_of(path)
    assert language is not None
    return Module(path, language, (), troubles=(Trouble(1, 0, GIVEN_UP),), incomplete=True)


def _work(reading: int, writing: int, others: tuple[int, ...], seconds: float, memory: int) -> None:
    """A process: one file after the other, until there are no more or nobody wants them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a person's Ctrl-C is answered by the first process
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    _be_quiet()
    # The first process collects nothing while it scans; here every file leaves something behind.
    gc.freeze()
    gc.enable()
    _no_core()
    for descriptor in others:
        os.close(descriptor)
    with open(reading, "rb") as jobs, open(writing, "wb", buffering=0) as results:
        while len(head := jobs.read(_JOB.size)) == _JOB.size:
            number, length, size = _JOB.unpack(head)
            path = jobs.read(length).decode("utf-8", "surrogatepass")
            source = jobs.read(size)
            _limit(memory)
            signal.setitimer(signal.ITIMER_PROF, seconds)
            data = _lowered(path, source)
            signal.setitimer(signal.ITIMER_PROF, 0)
            answer = memoryview(_DONE.pack(number, len(data)) + data)
            try:
                while answer:
                    answer = answer[results.write(answer) :]
            except OSError:
                return


def _lowered(path: str, source: bytes) -> bytes:
    try:
        return _encode(structs.replace(lower(path, source), path=""))  # under a name that surely is a text
    except UnicodeEncodeError:
        return _NO_TEXT
    except (ValueError, RecursionError, MemoryError, msgspec.MsgspecError):
        return _encode(structs.replace(_given_up(path), path=""))


def _be_quiet() -> None:
    """Last words of a parser that has no memory left, or of Python, are no message to whoever scans."""
    faulthandler.disable()
    with contextlib.suppress(OSError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 2)
        os.close(nothing)


def _no_core() -> None:
    """No core file of a process that dies."""
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit(memory: int) -> None:
    """No more address space than now and `memory` beyond: what earlier files left behind is not this one's."""
    import resource

    with contextlib.suppress(OSError, ValueError):
        with open("/proc/self/statm", "rb") as status:
            pages = int(status.read().split()[0])
        most = pages * resource.getpagesize() + memory
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
