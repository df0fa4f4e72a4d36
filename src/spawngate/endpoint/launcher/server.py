"""SHELL. A server's process: started in a session of its own by spawngate-confine, with two pipes.

Belongs here: starting, and what the confining program reports. Must not be here: what may be started (`session`), and
which places a jail has (`jail`).
"""

from __future__ import annotations

import _socket
import os

from spawngate.endpoint.launcher import below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CONFINE = "spawngate-confine"
STATUS, EGRESS = 3, 4
"""Descriptors on which it reports, and hands over what listens for the way out."""


class NotStarted(Exception):
    """No process was made. The message says why."""


class NoWalls(NotStarted):
    """It is to be confined, and there is nothing to confine it with."""


class Server:
    """A process and our ends of its pipes. `group` is its process group; 0 once it has been reaped."""

    def __init__(
        self, process: int, stdin: int, stdout: int, status: int, channel: _socket.socket | None = None
    ) -> None:
        self.process = process
        self.group = process
        self.stdin = stdin
        self.stdout = stdout
        self.status = status
        """Descriptor on which the confining program reports."""
        self.channel = channel
        """Where listening sockets come from (`egress`); None where there is no way out, or all of them."""
        self.ended: int | None = None
        """Wait status, once it has ended."""

    def signal(self, number: int) -> None:
        """A signal to the whole group."""
        if self.ended is None:
            below.send(self.group, number)


def start(
    folder: str,
    options: list[str],
    program: str,
    words: list[str],
    environment: dict[bytes, bytes],
    *,
    quiet: bool = False,
) -> Server:
    """Start `program` as `words` through spawngate-confine in `folder`, or without it where there is none.

    `quiet`: what it writes to standard error is thrown away. Raises NotStarted; NoWalls where `options`
    confine and nothing can.
    """
    confine = f"{folder}/{CONFINE}"
    reads, theirs_in = os.pipe()
    theirs_out, writes = os.pipe()
    status, reports = os.pipe()
    # Ours are given away below; theirs must not be among the numbers that are given.
    ours = [reads, writes, reports]
    channel: _socket.socket | None = None
    try:
        if os.access(confine, os.X_OK):
            actions: list[Any] = [
                (os.POSIX_SPAWN_DUP2, reads, 0),
                (os.POSIX_SPAWN_DUP2, writes, 1),
                (os.POSIX_SPAWN_DUP2, reports, STATUS),
            ]
            if "--egress" in options:
                kept, given = _socket.socketpair()
                channel = _socket.socket(fileno=kept.detach())
                ours.append(given.detach())
                actions.append((os.POSIX_SPAWN_DUP2, ours[-1], EGRESS))
            if quiet:
                actions.append((os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0))
            ours = _above(ours, actions)
            full = [CONFINE, "--parent", str(os.getpid()), "--status", str(STATUS), *options, "--", program, *words]
            process = os.posix_spawn(confine, full, environment, file_actions=actions, setsid=True)
        elif options:
            raise NoWalls("there is no confining program")
        else:
            process = _fork(reads, writes, reports, program, words, environment, quiet)
    except (OSError, NotStarted) as error:
        for descriptor in (theirs_in, theirs_out, status):
            os.close(descriptor)
        if channel is not None:
            channel.close()
        if isinstance(error, NotStarted):
            raise
        raise NotStarted(error.strerror or "the system gave no process") from None
    finally:
        for descriptor in ours:
            os.close(descriptor)
    for descriptor in (theirs_in, theirs_out, status):
        os.set_blocking(descriptor, False)
    return Server(process, theirs_in, theirs_out, status, channel)


def _above(descriptors: list[int], actions: list[Any]) -> list[int]:
    """The same descriptors with numbers that no action overwrites, and the actions changed to them."""
    moved: list[int] = []
    for place, descriptor in enumerate(descriptors):
        other = descriptor
        if descriptor <= EGRESS:
            other = _duplicate(descriptor)
            os.close(descriptor)
        moved.append(other)
        kind, _, target = actions[place]
        actions[place] = (kind, other, target)
    return moved


def _duplicate(descriptor: int) -> int:
    import fcntl

    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, EGRESS + 1)


def _fork(
    reads: int, writes: int, reports: int, program: str, words: list[str], environment: dict[bytes, bytes], quiet: bool
) -> int:
    """A child without spawngate-confine: its own session and plain signals, and no tie to this process's life."""
    ready, begun = os.pipe()
    process = os.fork()
    if process:
        os.close(begun)
        os.read(ready, 1)  # a signal to a group that is not there yet would be lost
        os.close(ready)
        return process
    try:
        import _signal  # type: ignore[import-not-found]  # compiled in

        os.setsid()
        os.write(begun, b"x")
        for number in range(1, 32):
            if number not in (9, 19) and _signal.getsignal(number) != _signal.SIG_IGN:
                _signal.signal(number, _signal.SIG_DFL)
        for number in (_signal.SIGPIPE, _signal.SIGXFSZ):
            _signal.signal(number, _signal.SIG_DFL)
        os.dup2(reads, 0)
        os.dup2(writes, 1)
        if quiet:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.closerange(3, reports)
        os.closerange(reports + 1, 4096)
        os.write(reports, b"open\n")
        os.execve(program, words, environment)  # noqa: S606  what was decided on
    except OSError as error:
        os.write(reports, b"failed %d\n" % (error.errno or 0))
    finally:
        os._exit(126)
