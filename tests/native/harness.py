"""A daemon that does as it is told, and a hook client in its place, for the tests of this folder.

Must not be here: expectations.
"""

import contextlib
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from spawngate.endpoint.client.place import InstalledClient
from spawngate.endpoint.client.settings import write_settings
from spawngate.model.call import HookReply
from spawngate.model.hookconf import Failure, Fallback, HookConf
from spawngate.model.wire import REQUEST_PREFIX, Request, decode_request, encode_answer, request_length

EVENT = b'{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"true"}}'
ALLOWED = HookReply(stdout=b'{"ok":true}\n', stderr=b"a word\n", exit_code=0)
AT_ONCE = 5.0
"""Seconds within which something happens that does not wait for the deadline, on a machine however busy."""
Script = Callable[[socket.socket], None]


def closed_reply(failure: str) -> HookReply:
    """What the tests' hook.conf answers: another text for every failure."""
    return HookReply(
        stdout=b'{"deny":"%s"}\n' % failure.encode(), stderr=b"closed: %s\n" % failure.encode(), exit_code=3
    )


def open_reply(failure: str) -> HookReply:
    """The same for the agent whose calls go on."""
    return HookReply(stdout=b"{} %s\n" % failure.encode(), exit_code=0)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a client ended."""

    reply: HookReply
    seconds: float


@dataclass(slots=True)
class Place:
    """A state folder with a client in it."""

    client: InstalledClient
    state: Path
    conf: HookConf

    @property
    def socket_folder(self) -> Path:
        """Folder of the daemon's socket."""
        return Path(self.conf.socket).parent

    @property
    def spool(self) -> Path:
        """The file for decisions taken alone."""
        return Path(self.conf.spool)

    def configure(self, **changes: object) -> None:
        """Write hook.conf anew with other values."""
        self.conf = replace(self.conf, **changes)  # type: ignore[arg-type]  # names and types are the caller's matter
        write_settings(self.state, self.conf)

    def start(self, *words: str, env: Mapping[str, str] | None = None, **options: object) -> "subprocess.Popen[bytes]":
        """The client as a process with three pipes."""
        settings: dict[str, object] = {
            "stdin": subprocess.PIPE,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "env": dict(env or {}),
            **options,
        }
        return subprocess.Popen([*self.client.argv, *words], **settings)  # type: ignore[call-overload, no-any-return]  # as above

    def run(self, *words: str, event: bytes = EVENT, env: Mapping[str, str] | None = None, **options: object) -> Ended:
        """Hand the client one event and take its answer."""
        begun = time.monotonic()
        with self.start(*(words or ("claude-code",)), env=env, **options) as process:
            out, err = process.communicate(event, timeout=30)
            return Ended(
                HookReply(stdout=out or b"", stderr=err or b"", exit_code=process.returncode),
                time.monotonic() - begun,
            )


def configuration(state: Path, deadline_ms: int = 10_000) -> HookConf:
    """`claude-code` is closed and `gemini-cli` open for every failure; no other agent has a line.

    The deadline is far away, so that a busy machine makes nothing slow that is not meant to be.
    """
    fallbacks = [Fallback("claude-code", closed_reply(name), closed=True, failure=name) for name in Failure]
    fallbacks += [Fallback("gemini-cli", open_reply(name), closed=False, failure=name) for name in Failure]
    return HookConf(
        socket=str(state / "run" / "daemon.sock"),
        spool=str(state / "fallback.ndjson"),
        fallbacks=tuple(fallbacks),
        environment=("CLAUDE_PROJECT_DIR", "CLAUDECODE", "NOT_SET"),
        deadline_ms=deadline_ms,
    )


@contextlib.contextmanager
def listening(folder: Path, script: Script, backlog: int = 64) -> Iterator[list[threading.Thread]]:
    """A daemon at `folder/daemon.sock` that runs `script` for every connection, each in a thread of its own.

    The socket is bound through the folder's descriptor, so that the folder's path may be of any length.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    opened = os.open(folder, os.O_RDONLY)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    workers: list[threading.Thread] = []

    def work(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            script(connection)

    def accept() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            worker = threading.Thread(target=work, args=(connection,))
            worker.start()
            workers.append(worker)

    server.bind(f"/proc/self/fd/{opened}/daemon.sock")
    server.listen(backlog)
    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield workers
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()
        for worker in workers:
            worker.join()
        os.close(opened)
        (folder / "daemon.sock").unlink()


def receive(connection: socket.socket) -> Request:
    """One whole request."""
    data = b""
    length = None
    while length is None or len(data) < length:
        got = connection.recv(1 << 20)
        assert got, "the client ended before its request did"
        data += got
        if length is None and len(data) >= REQUEST_PREFIX:
            length = request_length(data, 64 << 20)
    return decode_request(data, 64 << 20)


def answering(reply: HookReply = ALLOWED) -> Script:
    """Reads the request and gives `reply`."""

    def script(connection: socket.socket) -> None:
        receive(connection)
        connection.sendall(encode_answer(reply))

    return script


def sending(data: bytes, then_wait: bool = False) -> Script:
    """Reads the request, sends `data`, and hangs until the client goes, or closes."""

    def script(connection: socket.socket) -> None:
        receive(connection)
        connection.sendall(data)
        if then_wait:
            connection.recv(1)

    return script
