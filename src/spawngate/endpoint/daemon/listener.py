"""SHELL. What makes the daemon the one that listens: its lock, its socket or the one that systemd passes, and the word
to systemd that it is ready.

Must not be here: serving (`server`).
Source of socket activation and readiness: sd_listen_fds(3), sd_notify(3) of systemd 252.
"""

import contextlib
import fcntl
import os
import socket
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from spawngate.endpoint.daemon.place import private_folder
from spawngate.endpoint.daemon.server import BACKLOG
from spawngate.model.errors import StateError

_FIRST_PASSED = 3
"""The first descriptor that systemd passes."""


class RunningError(StateError):
    """A daemon runs already for this state folder."""


@contextlib.contextmanager
def instance_lock(path: Path) -> Iterator[None]:
    """Hold the lock of the one daemon of a state folder; its file tells the pid. Raises RunningError."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise StateError(f"{path} cannot be opened ({error.strerror})") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            told = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            raise RunningError(f"a daemon runs already (process {told or 'unknown'})") from None
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def bind(path: Path) -> socket.socket:
    """Listen at a path whose folder is ours alone. A socket that an earlier daemon left is replaced.

    Raises StateError. The instance lock must be held: it says that nobody listens there any more.
    """
    private_folder(path.parent)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        with contextlib.suppress(FileNotFoundError):
            if not stat.S_ISSOCK(path.lstat().st_mode):
                raise StateError(f"{path} is in the way: it is no socket; remove it")
            path.unlink()
        listener.bind(os.fspath(path))
        path.chmod(0o600)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise StateError(f"cannot listen at {path} ({error.strerror})") from None
    except StateError:
        listener.close()
        raise
    return listener


def passed_listener(environment: Mapping[str, str] | None = None) -> socket.socket | None:
    """The listening Unix socket that systemd started us for; None where it did not. Raises StateError for another."""
    given = os.environ if environment is None else environment
    if given.get("LISTEN_PID") != str(os.getpid()) or given.get("LISTEN_FDS", "0") == "0":
        return None
    if given.get("LISTEN_FDS") != "1":
        raise StateError("systemd passed more than one socket; the unit must name one")
    try:
        listener = socket.socket(fileno=os.dup(_FIRST_PASSED))
    except OSError as error:
        raise StateError(f"the descriptor that systemd passed is no socket ({error.strerror})") from None
    if listener.family != socket.AF_UNIX or not listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        listener.close()
        raise StateError("the socket that systemd passed does not listen on a path")
    return listener


def notify(state: str, environment: Mapping[str, str] | None = None) -> None:
    """Tell systemd, where it wants to know."""
    path = (os.environ if environment is None else environment).get("NOTIFY_SOCKET", "")
    if path[:1] not in ("/", "@"):
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.connect("\0" + path[1:] if path[0] == "@" else path)
        out.send(state.encode())
