"""SHELL. Where the daemon's files lie: socket, lock, trail, spool, policy folder.

Must not be here: anything that is in them.
"""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from spawngate.endpoint.state import default_folder
from spawngate.model.errors import StateError

LONGEST_SOCKET = 100
"""Bytes of a Unix socket's path: sun_path holds 108 on Linux and 104 on macOS, the end included."""


@dataclass(frozen=True, slots=True)
class Place:
    """The files of one state folder's daemon."""

    state: Path
    socket: Path
    lock: Path
    trail: Path
    spool: Path
    """Where hook clients note what they decided alone."""
    policy: Path
    """The policy folder, where it exists."""
    runtime: Path | None = None
    """Folder of a second socket and spool: those that a hook client names which one machine has for all its users."""


def place(state: Path) -> Place:
    """The places that belong to a state folder. Touches nothing."""
    state = Path(os.path.abspath(state))
    return Place(
        state=state,
        socket=socket_path(state),
        lock=state / "daemon.lock",
        trail=state / "trail",
        spool=state / "hook" / "spool",
        policy=state / "policy",
        runtime=_runtime(state),
    )


def _runtime(state: Path) -> Path | None:
    """`/run/user/<uid>/spawngate`, where the system has such a folder and this is the user's own state folder."""
    if not hasattr(os, "getuid"):
        return None
    folder = Path(f"/run/user/{os.getuid()}")
    usual = default_folder({name: value for name, value in os.environ.items() if name != "SPAWNGATE_STATE_DIR"})
    try:
        ours = folder.lstat().st_uid == os.getuid() and not folder.is_symlink()
    except OSError:
        return None
    return folder / "spawngate" if ours and os.path.abspath(usual) == os.fspath(state) else None


def socket_path(state: Path) -> Path:
    """The socket in the state folder; where that path is too long for a socket, one below /tmp that depends on it."""
    path = state / "daemon.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET:
        return path
    digest = hashlib.sha256(os.fsencode(state)).hexdigest()[:16]
    return Path(f"/tmp/spawngate-{os.getuid()}/{digest}.sock")  # noqa: S108  # its folder must be 0700 and ours, see below


def private_folder(folder: Path) -> None:
    """Make `folder` 0700 and ours. Raises StateError where it is a link, another user's, or no folder."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.lstat()
    except OSError as error:
        raise StateError(f"{folder} cannot be used ({error.strerror})") from None
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        raise StateError(f"{folder} is not a folder of this user's")
    if stat.S_IMODE(status.st_mode) & 0o077:
        folder.chmod(0o700)
