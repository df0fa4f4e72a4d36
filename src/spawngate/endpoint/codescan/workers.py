"""SHELL. Lowering of files in processes of their own, each file within limits of processor time and memory.

Belongs here: the processes, their limits, the pipes, and what is told of a file that a process died of. Must not be
here: what lowering is.

A parser is C code that no exception of ours ends, and whoever wrote the scanned source chooses what it reads. So the
files are read by processes that the kernel ends: after SECONDS of processor time for one file (SIGPROF), or where it
wants more than MEMORY. A file that a process died of is given up and said to be; the next process goes on with the
others. The processes take what is asked for first, and between that the files that may be asked for later.

Only where a process can share our memory (Linux), and beside no other threads: elsewhere files are lowered here, with
the bounds of the front-ends alone.
"""

import contextlib
import faulthandler
import gc
import mmap
import multiprocessing
import os
import select
import signal
import struct
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from types import TracebackType

import msgspec
from msgspec import structs

from spawngate.codescan.frontends import language_of, lower
from spawngate.codescan.ir import Module, Trouble

LEAST = 40
"""Files below which none is lowered before it is asked for."""
SECONDS = 20.0
"""Seconds of processor time for one file. The slowest file of a megabyte that people wrote takes 3."""
MEMORY = 1536 << 20
"""Bytes of address space that a process may want beyond what it starts with."""
GIVEN_UP = "source that takes too long or too much memory to parse: not read"
MOST_DEATHS = 50
"""Files that may cost a process its life; after that every further file is given up."""
MOST_BYTES = 1 << 30
"""Of one lowered file; more says that the process no longer knows what it writes."""
_WAIT = 2.0
"""Seconds that a process has to end before it is killed."""
_PIPE = 1 << 20
_JOB = struct.Struct("=I")
_NO_TEXT = b""
"""Instead of a module with a text that cannot be written down, `"\\ud800"`: a process lowered it within its limits, so
it may be lowered here."""
_decode = msgspec.msgpack.Decoder(Module).decode
_encode = msgspec.msgpack.Encoder().encode


@dataclass(eq=False)
class _Worker:
    """One process, and the thread that takes its results."""

    process: ForkProcess
    place: int
    """Where it writes down what it works on: the number of the file and one, 0 for none."""
    receiving: Connection
    reader: threading.Thread | None = None
    alive: bool = True


@dataclass
class _Told:
    """What came back, by the number of the file."""

    ready: dict[int, bytes] = field(default_factory=dict)
    failed: set[int] = field(default_factory=set)
    changed: threading.Condition = field(default_factory=threading.Condition)


class Workers:
    """Processes that lower the files of one tree. Use as a context."""

    def __init__(
        self,
        sources: Mapping[str, bytes],
        ahead: Sequence[str] = (),
        *,
        jobs: int = 2,
        seconds: float = SECONDS,
        memory: int = MEMORY,
    ) -> None:
        """ahead: paths that may be asked for, lowered as long as nothing else is to do."""
        self._paths = [path for path in sources if language_of(path) is not None]
        self._sources = sources
        self._numbers = {path: number for number, path in enumerate(self._paths)}
        self._ahead = [self._numbers[path] for path in ahead if path in self._numbers] if len(ahead) >= LEAST else []
        self._jobs = jobs
        self._seconds = seconds
        self._memory = memory
        self._told = _Told()
        self._workers: list[_Worker] = []
        self._deaths = 0
        self._files: list[int] = []
        self._shared: mmap.mmap | None = None
        self._wanted = sys.platform == "linux" and threading.active_count() == 1

    def __enter__(self) -> "Workers":
        if self._wanted and self._ahead:
            self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(_WAIT)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            if worker.reader is not None:
                worker.reader.join(_WAIT)
            worker.process.close()
        for descriptor in self._files:
            os.close(descriptor)
        if self._shared is not None:
            self._shared.close()

    def lower(self, path: str, until: float) -> Module | None:
        """A file's module, incomplete where it was given up; None where `time.monotonic()` passed `until`."""
        if not self._wanted:
            return lower(path, self._sources[path]) if time.monotonic() < until else None
        number = self._numbers[path]
        asked = False
        while True:
            with self._told.changed:
                data = self._told.ready.pop(number, None)
                failed = number in self._told.failed
            if data == _NO_TEXT:
                return lower(path, self._sources[path])
            if data is not None:
                return _module(path, data) or _given_up(path)
            if failed or self._deaths > MOST_DEATHS:
                return _given_up(path)
            left = until - time.monotonic()
            if left <= 0:
                return None
            if not self._start():
                return lower(path, self._sources[path])
            if not asked:
                asked = True
                self._ask(number)
            with self._told.changed:
                if number not in self._told.ready and number not in self._told.failed:
                    self._told.changed.wait(min(left, 0.5))

    def rest(self) -> Iterator[tuple[str, Module]]:
        """What is lowered and was not asked for."""
        with self._told.changed:
            ready, self._told.ready = self._told.ready, {}
        for number, data in ready.items():
            module = _module(self._paths[number], data)
            if module is not None:
                yield self._paths[number], module

    # processes

    def _ask(self, number: int) -> None:
        """Tells the processes that a file is wanted now, unless one of them has it in hand."""
        assert self._shared is not None
        if not self._shared[_taken(number, self._jobs)]:
            with contextlib.suppress(BlockingIOError):
                os.write(self._files[1], _JOB.pack(number))

    def _start(self) -> bool:
        """Processes for those that are missing; False where none could be started."""
        if self._shared is None:
            self._shared = mmap.mmap(-1, _taken(len(self._paths), self._jobs) + 1)
            self._files = [*_pipe(), *_pipe()]
            for number in self._ahead:
                try:
                    os.write(self._files[3], _JOB.pack(number))
                except BlockingIOError:
                    break  # what does not fit is lowered when it is asked for
        for worker in [each for each in self._workers if not each.alive]:
            self._bury(worker)
        while len(self._workers) < self._jobs and self._deaths <= MOST_DEATHS:
            places = {worker.place for worker in self._workers}
            if not self._fork(next(each for each in range(self._jobs) if each not in places)):
                break
        for worker in self._workers:  # when all are there: a process is not to be made beside a thread that was not
            if worker.reader is None:
                worker.reader = threading.Thread(target=self._read, args=(worker,), daemon=True)
                worker.reader.start()
        return bool(self._workers)

    def _bury(self, worker: _Worker) -> None:
        """A process that died: the file that it had in hand is given up."""
        self._workers.remove(worker)
        self._deaths += 1
        if worker.reader is not None:
            worker.reader.join(_WAIT)
        worker.process.join(_WAIT)
        worker.process.close()

    def _fork(self, place: int) -> bool:
        assert self._shared is not None
        context = multiprocessing.get_context("fork")
        receiving, sending = context.Pipe(duplex=False)
        arguments = (sending, self._files, self._shared, place, self._jobs, self._paths, self._sources)
        process = context.Process(target=_work, args=(*arguments, self._seconds, self._memory), daemon=True)
        _hold(self._shared, place, 0)
        try:
            process.start()
        except OSError:
            receiving.close()
            return False
        finally:
            sending.close()
        self._workers.append(_Worker(process, place, receiving))
        return True

    def _read(self, worker: _Worker) -> None:
        """Takes what a process lowered until it ends; what it had in hand then is what it died of."""
        told = self._told
        try:
            self._take(worker)
        finally:  # whatever ended it: who waits must learn of it
            with told.changed:
                number = _held(self._shared, worker.place) if self._shared is not None else 0
                if number and number - 1 not in told.ready:
                    told.failed.add(number - 1)
                worker.alive = False
                told.changed.notify_all()

    def _take(self, worker: _Worker) -> None:
        told = self._told
        with contextlib.closing(worker.receiving):
            while True:
                try:
                    (number,) = _JOB.unpack(worker.receiving.recv_bytes(_JOB.size))
                    data = worker.receiving.recv_bytes(MOST_BYTES)
                except (EOFError, OSError, struct.error, MemoryError):
                    return
                with told.changed:
                    told.ready[number] = data
                    told.changed.notify_all()


def _pipe() -> tuple[int, int]:
    import fcntl

    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    with contextlib.suppress(OSError, AttributeError):
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, _PIPE)
    return reading, writing


def _taken(number: int, jobs: int) -> int:
    """Where in the shared memory it is marked that a process took a file; before that, what each works on."""
    return jobs * _JOB.size + number


def _hold(shared: mmap.mmap, place: int, number: int) -> None:
    shared[place * _JOB.size : (place + 1) * _JOB.size] = _JOB.pack(number)


def _held(shared: mmap.mmap, place: int) -> int:
    (number,) = _JOB.unpack(shared[place * _JOB.size : (place + 1) * _JOB.size])
    return int(number)


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


def _work(
    sending: Connection,
    files: list[int],
    shared: mmap.mmap,
    place: int,
    jobs: int,
    paths: list[str],
    sources: Mapping[str, bytes],
    seconds: float,
    memory: int,
) -> None:
    """A process: files that are asked for, and those that may be."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a person's Ctrl-C is answered by the first process
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    _be_quiet()
    # The first process collects nothing while it scans; here every file leaves something behind.
    gc.freeze()
    gc.enable()
    _limit(memory)
    asked, ahead = files[0], files[2]
    os.close(files[1])
    os.close(files[3])
    with contextlib.closing(sending):
        while True:
            number = _next(asked, ahead)
            if number is None:
                return
            if shared[_taken(number, jobs)]:
                continue
            shared[_taken(number, jobs)] = 1
            _hold(shared, place, number + 1)
            signal.setitimer(signal.ITIMER_PROF, seconds)
            path = paths[number]
            try:
                # Under a name that surely is a text.
                data = _encode(structs.replace(lower(path, sources[path]), path=""))
            except UnicodeEncodeError:
                data = _NO_TEXT
            except (ValueError, RecursionError, MemoryError, msgspec.MsgspecError):
                data = _encode(structs.replace(_given_up(path), path=""))
            signal.setitimer(signal.ITIMER_PROF, 0)
            try:
                sending.send_bytes(_JOB.pack(number))
                sending.send_bytes(data)
            except OSError:
                return
            _hold(shared, place, 0)


def _next(asked: int, ahead: int) -> int | None:
    """The number of the next file, those that are asked for before the others; None when the first process is gone."""
    waiting = [asked, ahead]
    while True:
        readable, _, _ = select.select(waiting, [], [])
        for descriptor in (asked, ahead):
            if descriptor not in readable:
                continue
            try:
                data = os.read(descriptor, _JOB.size)
            except BlockingIOError:  # another process was faster
                continue
            if not data:
                return None
            (number,) = _JOB.unpack(data)
            return int(number)


def _be_quiet() -> None:
    """Last words of a parser that has no memory left, or of Python, are no message to whoever scans."""
    faulthandler.disable()
    with contextlib.suppress(OSError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 2)
        os.close(nothing)


def _limit(memory: int) -> None:
    """No more address space than now and `memory` beyond; no core file of what dies of it."""
    import resource

    with contextlib.suppress(OSError, ValueError):
        with open("/proc/self/statm", "rb") as status:
            pages = int(status.read().split()[0])
        most = pages * resource.getpagesize() + memory
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
