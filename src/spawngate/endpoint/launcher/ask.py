"""SHELL. One question to the daemon, without waiting: connection, frames of `model.wire`, deadline.

Belongs here: that. Must not be here: what is asked and what an answer means (`session`), and what happens without one.
An own client, as native/core.c is: `model.wire` costs a relay's start 20 ms (dataclasses, enum).
"""

from __future__ import annotations

import _socket
import os

from spawngate.endpoint.launcher.loop import READ, WRITE, Loop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

AGENT = b"+launch"
MAX_PAYLOAD = 16 << 20
"""Bytes of a question that a daemon takes."""
MAX_ANSWER = 1 << 20
_PROC = os.path.exists("/proc/self/fd/0")
RETRY = 0.005
"""Seconds until a daemon whose queue is full is tried again."""


def frame(verb: str, payload: bytes) -> bytes:
    """One whole request."""
    header = b"agent=%s\0event=%s\0pid=%d\0parent=%d\0client=relay\0" % (
        AGENT,
        verb.encode(),
        os.getpid(),
        os.getppid(),
    )
    return b"SGQ1" + len(header).to_bytes(4, "big") + len(payload).to_bytes(4, "big") + header + payload


class Question:
    """`done(answer, "")` with the daemon's stdout, or `done(None, failure)`: a name of `model.hookconf.Failure`.

    Called exactly once, within `seconds`, and never from within the constructor.
    """

    def __init__(
        self,
        loop: Loop,
        socket: str,
        verb: str,
        payload: bytes,
        seconds: float,
        done: Callable[[bytes | None, str], None],
    ) -> None:
        self._loop = loop
        self._done = done
        self._path = socket
        self._left = memoryview(frame(verb, payload))
        self._got = bytearray()
        self._socket: _socket.socket | None = None
        self._finished = False
        self._deadline = loop.after(seconds, lambda: self._finish(None, "slow"))
        self._begin = loop.after(0, self._connect)
        if len(payload) > MAX_PAYLOAD:
            self._begin.cancelled = True
            loop.after(0, lambda: self._finish(None, "oversized"))

    def _connect(self) -> None:
        folder, _, name = self._path.rpartition("/")
        try:
            opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NONBLOCK)
        except PermissionError:
            return self._finish(None, "untrusted")
        except OSError:
            return self._finish(None, "absent")
        try:
            status = os.fstat(opened)
            if status.st_uid != os.geteuid() or status.st_mode & 0o777 != 0o700:
                return self._finish(None, "untrusted")
            self._socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
            self._socket.setblocking(False)
            # By the folder that was looked at: nobody can put another one there in between, and no path is too long.
            self._socket.connect(f"/proc/self/fd/{opened}/{name}" if _PROC else self._path)
        except BlockingIOError:
            self._close()
            self._begin = self._loop.after(RETRY, self._connect)
            return None
        except OSError:
            return self._finish(None, "absent")
        finally:
            os.close(opened)
        if _peer(self._socket) != os.geteuid():
            return self._finish(None, "untrusted")
        self._loop.watch(self._socket.fileno(), READ | WRITE, self._ready)
        return None

    def _ready(self, happened: int) -> None:
        assert self._socket is not None
        if happened & WRITE and self._left:
            try:
                self._left = self._left[self._socket.send(self._left) :]
            except (BlockingIOError, InterruptedError):
                pass
            except OSError:
                self._left = self._left[:0]  # an answer may have come all the same
            if not self._left:
                self._loop.watch(self._socket.fileno(), READ, self._ready)
        if happened & ~WRITE:
            try:
                data = self._socket.recv(1 << 16)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                data = b""
            self._got += data
            answer = read_answer(self._got)
            if answer is None and not data:
                answer = b"", False
            if answer is not None:
                self._finish(answer[0] if answer[1] else None, "" if answer[1] else "broken")

    def _finish(self, answer: bytes | None, failure: str) -> None:
        if not self._finished:
            self._finished = True
            self._deadline.cancelled = self._begin.cancelled = True
            self._close()
            self._done(answer, failure)

    def _close(self) -> None:
        if self._socket is not None:
            self._loop.forget(self._socket.fileno())
            self._socket.close()
            self._socket = None


def read_answer(data: bytes | bytearray) -> tuple[bytes, bool] | None:
    """Standard output of the answer frame that `data` is, and whether it is one; None where bytes are missing."""
    if bytes(data[:4]) != b"SGA1"[: len(data)]:
        return b"", False
    if len(data) < 16:
        return None
    code, out, err = (int.from_bytes(data[at : at + 4], "big") for at in (4, 8, 12))
    if code != 0 or out + err > MAX_ANSWER:
        return b"", False
    whole = 20 + out + err
    if len(data) < whole:
        return None
    return bytes(data[16 : 16 + out]), bytes(data[whole - 4 : whole]) == b"1AGS"


def _peer(connection: _socket.socket) -> int:
    """User id of the process on the other side; -1 where the system does not tell."""
    import sys

    try:
        if hasattr(_socket, "SO_PEERCRED"):  # Linux: struct ucred {pid, uid, gid}
            found = connection.getsockopt(_socket.SOL_SOCKET, _socket.SO_PEERCRED, 12)
            return int.from_bytes(found[4:8], sys.byteorder) if len(found) == 12 else -1
        found = connection.getsockopt(0, 1, 76)  # macOS, FreeBSD: SOL_LOCAL, LOCAL_PEERCRED, struct xucred
        return int.from_bytes(found[4:8], sys.byteorder) if len(found) >= 8 else -1
    except OSError:
        return -1
