"""SHELL. What an enrolled endpoint keeps about its server, and where.

    sync/enrolment.json   server, id, token, the server's key, how it is reached        sync/key        Ed25519 seed
    sync/position.json    how far the trail is sent                                     sync/bundle     last good bundle
    sync/applied.json     which bundle is in force                                      sync/status.json for `status`
    sync/lock             held while any of it changes                                  sync/running    by who syncs
    sync/commands.json    how far the server's commands are obeyed                      sync/requests/  that wait
    sync/policies/        policy folders of bundles; `policy` in the state folder is a link to the one in force

Files are 0600. Must not be here: enrolling (`enrolling`), speaking with the server (`transport`, `run`).
"""

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from spawngate.endpoint.client.settings import replace
from spawngate.endpoint.files import Unreadable, read
from spawngate.endpoint.lock import locked
from spawngate.model.errors import StateError, UsageError

FOLDER = "sync"
ENROLMENT, KEY, POSITION, BUNDLE, APPLIED, STATUS = (
    "enrolment.json",
    "key",
    "position.json",
    "bundle",
    "applied.json",
    "status.json",
)
POLICIES = "policies"
LOCK, RUNNING = "lock", "running"
COMMANDS, QUEUE = "commands.json", "requests"
LOCK_SECONDS = 90.0
"""A policy that is being checked may take a minute."""
PATIENCE = 2.0
MAX_FILE = 1 << 20
SEED_BYTES = 32
_LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))


class Reach(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a server is reached."""

    server: str
    """https://HOST[:PORT][/PREFIX], no slash at the end."""
    ca: str = ""
    """File with the authorities that are trusted in the place of the system's."""
    certificate: str = ""
    """File with a client certificate, ..."""
    key: str = ""
    """... and its key; empty: in the same file."""
    proxy: str = ""
    """http://[USER:PASSWORD@]HOST:PORT; empty: none."""


class Enrolment(msgspec.Struct, frozen=True, omit_defaults=True):
    """An enrolment."""

    reach: Reach
    endpoint: str
    token: str
    server_key: str
    """Whom bundles are signed by: pinned."""
    team: str = ""
    interval: int = 60
    enrolled_at: str = ""
    secret_file: str = ""
    """Where device management keeps the enrolment secret, for an enrolment anew."""


def folder(state: Path) -> Path:
    """`<state>/sync`, 0700 and ours, made where it is missing. Raises StateError."""
    found = state / FOLDER
    try:
        found.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = found.lstat()
        if not stat.S_ISDIR(status.st_mode):
            raise StateError(f"{found} is no folder")
        if hasattr(os, "geteuid"):
            if status.st_uid != os.geteuid():
                raise StateError(f"{found} belongs to another user")
            if stat.S_IMODE(status.st_mode) & 0o077:
                found.chmod(0o700)
    except OSError as error:
        raise StateError(f"{found} cannot be used ({error.strerror})") from None
    return found


@contextlib.contextmanager
def changing(state: Path) -> Iterator[None]:
    """Hold what is kept here, for a moment: the process that syncs, and the command line that enrols and leaves.

    Raises StateError.
    """
    with locked(folder(state) / LOCK, LOCK_SECONDS, "another Spawngate is changing the enrolment; try again"):
        yield


def syncing(state: Path) -> contextlib.AbstractContextManager[None]:
    """Be the one process that speaks with the server. Raises StateError where there is another one."""
    return locked(folder(state) / RUNNING, PATIENCE, "another process speaks with the server")


def is_enrolled(state: Path) -> bool:
    """Whether there is an enrolment."""
    return os.path.lexists(state / FOLDER / ENROLMENT)


def load(state: Path) -> Enrolment | None:
    """The enrolment; None where there is none. Raises StateError for one that is damaged."""
    path = state / FOLDER / ENROLMENT
    try:
        return msgspec.json.decode(read(str(path), MAX_FILE), type=Enrolment)
    except Unreadable as error:
        if not path.exists():
            return None
        raise StateError(f"{path} {error.message}") from None
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise StateError(f"{path} is damaged; `spawngate enroll` makes it anew") from None


def save(state: Path, enrolment: Enrolment) -> None:
    """Keep it. Raises StateError."""
    replace(folder(state) / ENROLMENT, msgspec.json.format(msgspec.json.encode(enrolment), indent=1) + b"\n", 0o600)


def seed(state: Path) -> bytes:
    """The endpoint's private key, made where there is none. Raises StateError."""
    path = folder(state) / KEY
    try:
        found = read(str(path), SEED_BYTES + 1)
    except Unreadable as error:
        if path.exists():
            raise StateError(f"{path} {error.message}") from None
        replace(path, secrets.token_bytes(SEED_BYTES), 0o600)
        found = read(str(path), SEED_BYTES + 1)
    if len(found) != SEED_BYTES:
        raise StateError(f"{path} is damaged; remove it, and enrol again")
    return found


def address(text: str) -> str:
    """The address of a server. Raises UsageError for one that is none, or that would send the token in the clear."""
    parts = urlsplit(text.strip())
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if (
        parts.scheme not in ("https", "http")
        or not host
        or parts.query
        or parts.fragment
        or parts.username
        or port == 0
    ):
        raise UsageError("--server is an address such as https://spawngate.example.org")
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise UsageError("--server begins with https://; http:// is for a server on this machine only")
    return text.strip().rstrip("/")


def proxy_address(text: str) -> str:
    """The address of a proxy. Raises UsageError for one that is none, or of a kind that we do not speak with."""
    given = text.strip()
    parts = urlsplit(given if "://" in given else f"http://{given}")
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or port == 0:
        raise UsageError("a proxy is http://[USER:PASSWORD@]HOST:PORT")
    if parts.scheme != "http":
        raise UsageError(f"a proxy is asked by http://, and not by {parts.scheme}://; --proxy none goes without one")
    return given if "://" in given else f"http://{given}"
