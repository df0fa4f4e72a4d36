"""SHELL. The daemon's socket: many clients at once, each with one request and one answer, in bounded memory.

Everything that arrives in one turn of the event loop is decided and then recorded with one wait for the disk. Sockets
are served by plain callbacks of the loop: a client writes its whole request at once, so accepting, reading and deciding
mostly happen in a single callback, without a task or a transport for each.
Must not be here: what is decided (`service`), the frames (`model.wire`), the life of the process (`run`).
"""

import asyncio
import errno
import os
import socket
import struct
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from spawngate.endpoint.daemon.ask import CONTROL
from spawngate.endpoint.daemon.service import Prepared
from spawngate.endpoint.launching.requests import AGENT as LAUNCH
from spawngate.endpoint.trail.store import TrailError
from spawngate.model import wire
from spawngate.model.call import HookReply
from spawngate.trail.event import Event

SERVED = frozenset(("answered", "unrecorded", "gone", "gone-before-answer"))
"""Counts of what was served, or that the client itself gave up."""
BACKLOG = 128
_READ = 256 << 10
_ACCEPTS = 32


@dataclass(frozen=True, slots=True)
class Limits:
    """What clients may take up."""

    connections: int = 256
    seconds: float = 5.0
    """From the connection to the end of its answer."""
    payload: int = wire.MAX_PAYLOAD
    waiting: int = 64 << 20
    """Bytes of unfinished requests, all together."""
    batch: int = 256
    """Decisions that are recorded with one wait for the disk."""


Prepare = Callable[[wire.Request, int], Prepared | Awaitable[Prepared]]
"""A request and when it was complete (`perf_counter_ns`) to a decided call, or to one that takes its time beside the
loop. Total."""
Append = Callable[[Sequence[Event]], object]
"""Records events durably, or raises TrailError and records none."""
Control = Callable[[str], HookReply]
"""Answers a request to the daemon itself."""
Launch = Callable[[wire.Request, int], Awaitable[Prepared]]
"""Answers the relay of a server, whose process is the request's `pid`; may take its time beside the loop. Total."""


class Server:
    """Serves listening sockets until `close`."""

    def __init__(
        self,
        listeners: Sequence[socket.socket],
        *,
        prepare: Prepare,
        append: Append,
        recorded: Callable[[Prepared], object],
        unrecorded: Callable[[Prepared], HookReply],
        control: Control,
        launch: Launch | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.counts: Counter[str] = Counter()
        """What happened since the start: answered, unrecorded, and what was not served, by cause."""
        self.waiting = 0
        """Bytes of unfinished requests."""
        self._loop = asyncio.get_running_loop()
        self._listeners = tuple(listeners)
        self._prepare, self._append, self._control = prepare, append, control
        self._recorded, self._unrecorded = recorded, unrecorded
        self._launch = launch
        self._beside: set[asyncio.Task[None]] = set()
        self._connections: set[_Connection] = set()
        self._decided: list[tuple[_Connection, Prepared]] = []
        self._flushing = False
        self._closed = False
        for listener in self._listeners:
            listener.setblocking(False)
            self._loop.add_reader(listener, self._accept, listener)
        self._sweep()

    @property
    def open(self) -> int:
        """Connections now."""
        return len(self._connections)

    def close(self) -> None:
        """Take no more clients; record and answer what is decided; end the rest."""
        if self._closed:
            return
        self._closed = True
        for listener in self._listeners:
            self._loop.remove_reader(listener)
        self._sweeper.cancel()
        for task in list(self._beside):
            task.cancel()
        while self._decided:
            self._flush()
        for connection in list(self._connections):
            connection.end()

    # One turn -----------------------------------------------------------------------------------------------------

    def _accept(self, listener: socket.socket) -> None:
        for _ in range(_ACCEPTS):
            try:
                client, _ = listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    self.counts["no-descriptors"] += 1
                    self._loop.remove_reader(listener)
                    self._loop.call_later(0.1, self._resume, listener)
                return
            if not _is_ours(client):
                self.counts["foreign-user"] += 1
                client.close()
            elif len(self._connections) >= self.limits.connections:
                self.counts["too-many-connections"] += 1
                client.close()
            else:
                client.setblocking(False)
                connection = _Connection(self, client)
                self._connections.add(connection)
                connection.read()

    def _resume(self, listener: socket.socket) -> None:
        if not self._closed:
            self._loop.add_reader(listener, self._accept, listener)

    def _sweep(self) -> None:
        late = time.monotonic() - self.limits.seconds
        for connection in [each for each in self._connections if each.since < late]:
            self.refuse(connection, "too-slow")
        self._sweeper = self._loop.call_later(min(1.0, self.limits.seconds / 4), self._sweep)

    def request(self, connection: "_Connection", frame: bytes) -> None:
        """A whole request has arrived."""
        started = time.perf_counter_ns()
        try:
            request = wire.decode_request(frame, self.limits.payload)
        except wire.WireError:
            self.refuse(connection, "not-a-request")
            return
        if request.agent == CONTROL:
            connection.answer(self._control(request.event))
            return
        if request.agent == LAUNCH and self._launch is not None:
            self._wait_for(connection, self._launch(replace(request, pid=connection.peer()), started))
            return
        try:
            prepared = self._prepare(request, started)
        except Exception:  # noqa: BLE001  # total by contract; a fault in it must not leave the client waiting
            self.refuse(connection, "fault")
            return
        if isinstance(prepared, Prepared):
            self._take(connection, prepared)
        else:
            self._wait_for(connection, prepared)

    def _wait_for(self, connection: "_Connection", deciding: Awaitable[Prepared]) -> None:
        task = self._loop.create_task(self._answer_later(connection, deciding))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _answer_later(self, connection: "_Connection", deciding: Awaitable[Prepared]) -> None:
        try:
            prepared = await deciding
        except Exception:  # noqa: BLE001  # total by contract; a fault in it must not leave the client waiting
            self.refuse(connection, "fault")
            return
        self._take(connection, prepared)

    def _take(self, connection: "_Connection", prepared: Prepared) -> None:
        """Record and answer with everything else that this turn decides."""
        self._decided.append((connection, prepared))
        if len(self._decided) >= self.limits.batch:
            self._flush()
        elif not self._flushing:
            self._flushing = True
            self._loop.call_soon(self._flush)

    def refuse(self, connection: "_Connection", cause: str) -> None:
        """End a connection without an answer: its client then decides as it was told to for such a case."""
        self.counts[cause] += 1
        connection.end()

    def _flush(self) -> None:
        self._flushing = False
        batch, self._decided = self._decided, []
        if not batch:
            return
        try:
            self._append([event for _, prepared in batch for event in prepared.events])
        except TrailError:
            for connection, prepared in batch:
                self.counts["unrecorded"] += 1
                connection.answer(self._unrecorded(prepared))
            return
        for connection, prepared in batch:
            self.counts["answered"] += 1
            connection.answer(prepared.reply)
        for _, prepared in batch:
            self._recorded(prepared)

    def forget(self, connection: "_Connection") -> None:
        """A connection has ended."""
        self._connections.discard(connection)


class _Connection:
    """One client."""

    __slots__ = ("_buffer", "_gone", "_loop", "_needed", "_out", "_reading", "_server", "_socket", "_writing", "since")

    def __init__(self, server: Server, client: socket.socket) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._socket = client
        self._buffer = bytearray()
        self._needed: int | None = None
        self._out = b""
        self._reading = self._writing = self._gone = False
        self.since = time.monotonic()

    def read(self) -> None:
        """Take what has arrived."""
        server = self._server
        while True:
            try:
                data = self._socket.recv(_READ)
            except (BlockingIOError, InterruptedError):
                if not self._reading:
                    self._reading = True
                    self._loop.add_reader(self._socket, self.read)
                return
            except OSError:
                server.refuse(self, "gone")
                return
            if not data:
                server.refuse(self, "gone")
                return
            self._buffer += data
            server.waiting += len(data)
            try:
                if self._needed is None:
                    self._needed = wire.request_length(
                        bytes(self._buffer[: wire.REQUEST_PREFIX]), server.limits.payload
                    )
            except wire.WireError:
                server.refuse(self, "not-a-request")
                return
            if self._needed is None or len(self._buffer) < self._needed:
                if server.waiting > server.limits.waiting:
                    server.refuse(self, "too-much-waiting")
                    return
                continue
            self._stop_reading()
            frame = bytes(self._buffer)
            self._empty()
            server.request(self, frame)
            return

    def peer(self) -> int:
        """Process at the other end as the system knows it; 0 where it does not."""
        try:
            if sys.platform == "darwin":
                # SOL_LOCAL is 0, LOCAL_PEERPID is 2
                return max(self._socket.getsockopt(0, 2), 0)
            found, _, _ = struct.unpack("3i", self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        except (OSError, struct.error):
            return 0
        return max(int(found), 0)

    def answer(self, reply: HookReply) -> None:
        """Send the reply and end."""
        if self._gone:
            self._server.counts["gone-before-answer"] += 1
            return
        try:
            self._out = wire.encode_answer(reply)
        except wire.WireError:
            self._server.refuse(self, "answer-too-long")
            return
        self._send()

    def end(self) -> None:
        """Close."""
        if self._gone:
            return
        self._gone = True
        self._stop_reading()
        if self._writing:
            self._loop.remove_writer(self._socket)
        self._empty()
        self._socket.close()
        self._server.forget(self)

    def _send(self) -> None:
        try:
            sent = self._socket.send(self._out)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError:
            self._server.refuse(self, "gone-before-answer")
            return
        self._out = self._out[sent:]
        if not self._out:
            self.end()
        elif not self._writing:
            self._writing = True
            self._loop.add_writer(self._socket, self._send)

    def _stop_reading(self) -> None:
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._socket)

    def _empty(self) -> None:
        self._server.waiting -= len(self._buffer)
        self._buffer = bytearray()


def _is_ours(client: socket.socket) -> bool:
    """Whether the process at the other end belongs to our user."""
    try:
        if sys.platform == "darwin":
            # struct xucred of sys/ucred.h: version and user id first; SOL_LOCAL is 0, LOCAL_PEERCRED is 1
            _, user = struct.unpack_from("=II", client.getsockopt(0, 1, 76))
        else:
            _, user, _ = struct.unpack("3i", client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    except (OSError, struct.error):
        return False
    return bool(user == os.getuid())
