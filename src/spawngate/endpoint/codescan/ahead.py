"""SHELL. Lowering of files in a second process, before anybody asks for them.

Belongs here: the process, the pipe, and what is done when it dies. Must not be here: what lowering is.

A slice asks for one file after the other, so two processes cannot share one slice; but most files of a project that
uses MCP are asked for in the end. The second process lowers them from the end of the list while the first asks from its
beginning. It holds nothing that the first one needs: when it dies or lags, the first lowers by itself.
"""

import contextlib
import multiprocessing
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from types import TracebackType

import msgspec

from spawngate.codescan.frontends import lower
from spawngate.codescan.ir import Module

LEAST = 40
"""Files below which a second process costs more than it saves."""
_WAIT = 2.0
"""Seconds that the process has to end before it is killed."""
_decode = msgspec.msgpack.Decoder(tuple[str, Module]).decode
_encode = msgspec.msgpack.Encoder().encode


class Ahead:
    """Files that a second process lowers. Use as a context."""

    def __init__(self, files: Sequence[tuple[str, bytes]], *, jobs: int = 2) -> None:
        """files: in the order in which they may be asked for; the last is lowered first."""
        self._ready: dict[str, bytes] = {}
        self._process: multiprocessing.process.BaseProcess | None = None
        self._reader: threading.Thread | None = None
        self._files = files
        # A process that shares our memory needs no copy of the files. Elsewhere starting one costs what it would save,
        # and beside other threads it is not safe.
        self._wanted = jobs > 1 and len(files) >= LEAST and sys.platform == "linux" and threading.active_count() == 1

    def __enter__(self) -> "Ahead":
        if self._wanted:
            context = multiprocessing.get_context("fork")
            receiving, sending = context.Pipe(duplex=False)
            self._process = context.Process(target=_work, args=(sending, self._files), daemon=True)
            try:
                self._process.start()
            except OSError:
                self._process = None
                receiving.close()
            else:
                self._reader = threading.Thread(target=self._read, args=(receiving,), daemon=True)
                self._reader.start()
            sending.close()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.join(_WAIT)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
            self._process.close()
        if self._reader is not None:
            self._reader.join(_WAIT)

    def rest(self) -> Iterator[tuple[str, Module]]:
        """What is lowered and was not asked for."""
        for path in list(self._ready):
            module = self.take(path)
            if module is not None:
                yield path, module

    def take(self, path: str) -> Module | None:
        """A file that is lowered already; None where it is not."""
        data = self._ready.pop(path, None)
        if data is None:
            return None
        try:
            return _decode(data)[1]
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return None

    def _read(self, receiving: Connection) -> None:
        with contextlib.closing(receiving):
            while True:
                try:
                    path, data = receiving.recv_bytes().decode("utf-8", "surrogatepass"), receiving.recv_bytes()
                except (EOFError, OSError, UnicodeDecodeError):
                    return
                self._ready[path] = data


def _work(sending: Connection, files: Sequence[tuple[str, bytes]]) -> None:
    """The second process: every file, from the last on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a person's Ctrl-C is answered by the first process
    with contextlib.closing(sending):
        for path, source in reversed(files):
            try:
                data = _encode((path, lower(path, source)))
            except (ValueError, RecursionError, MemoryError, UnicodeEncodeError, msgspec.MsgspecError):
                continue
            try:
                sending.send_bytes(path.encode("utf-8", "surrogatepass"))
                sending.send_bytes(data)
            except OSError:
                return
