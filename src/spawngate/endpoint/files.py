"""SHELL. Opening what may be anything: a file that lies at a place an attacker can write to.

Nothing here blocks: only regular files are opened, after a look and with a second look at what was opened,
never a FIFO, device or socket, and nothing on a network mount unless that was asked for.
Must not be here: what the bytes mean.
"""

import errno
import fnmatch
import hashlib
import mmap
import os
import sqlite3
import stat
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

MAX_FILE = 32 << 20
"""Bytes of a file that is read whole."""
MAX_STREAMED = 1 << 30
"""Bytes of a file of which only the wanted keys are kept."""
MAX_MEMBER = 4 << 20
"""Bytes of one member of an archive or row of a database."""
MAX_MEMBERS = 64
MAX_DIGEST = 8 << 20
"""Bytes of a file whose digest is taken."""

_NETWORK = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "gpfs",
        "beegfs",
        "9p",
        "davfs",
        "fuse.sshfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.gcsfuse",
        "fuse.davfs2",
        "fuse.glusterfs",
        "fuse.curlftpfs",
        "autofs",
    ]
)
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a character device"),
    (stat.S_ISBLK, "a block device"),
)

Signature = tuple[int, int, int, int, int]
"""Device, inode, size, modification and change time in nanoseconds: equal means unchanged."""


class Unreadable(Exception):
    """A file that could not be read, with the reason of a `Diagnostic`."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


@dataclass(frozen=True, slots=True)
class Mounts:
    """Mount points on a network, so that no call is made that could wait for a server."""

    points: tuple[str, ...] = ()
    allowed: bool = False

    def covers(self, path: str) -> str | None:
        """The network mount point that `path` lies on, or None. Looks at the text of the path only."""
        if self.allowed:
            return None
        for point in self.points:
            if path == point or path.startswith(point.rstrip("/") + "/"):
                return point
        return None


def parse_mountinfo(text: str) -> tuple[str, ...]:
    """Network mount points of `/proc/self/mountinfo` (proc(5)), longest first."""
    points: list[str] = []
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        fields, kind = left.split(), right.split()
        # WSL shows the Windows drives as 9p too; they are local, and mounted with aname=drvfs.
        if len(fields) > 4 and kind and kind[0] in _NETWORK and "drvfs" not in right:
            points.append(fields[4].encode().decode("unicode_escape"))
    return tuple(sorted(points, key=len, reverse=True))


def network_mounts(*, allowed: bool = False) -> Mounts:
    """The network mounts of this machine, as far as the system tells (Linux only)."""
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as file:
            return Mounts(parse_mountinfo(file.read()), allowed)
    except OSError:
        return Mounts((), allowed)


def signature(status: os.stat_result) -> Signature:
    """What changes when a file changes."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def look(path: str, mounts: Mounts) -> os.stat_result:
    """Status of the regular file at `path`, links followed. Raises `Unreadable` for anything else."""
    try:
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            target = os.path.join(os.path.dirname(path), os.readlink(path))
            _check_mount(os.path.normpath(target), mounts)
            status = os.stat(path)
    except (OSError, ValueError) as error:
        raise _unreadable(error) from None
    if not stat.S_ISREG(status.st_mode):
        kind = next((name for test, name in _KINDS if test(status.st_mode)), "not a regular file")
        raise Unreadable("not-a-file", f"is {kind}, not a regular file")
    return status


def _check_mount(path: str, mounts: Mounts) -> None:
    point = mounts.covers(path)
    if point is not None:
        raise Unreadable("network-mount", "lies on a network mount; pass --network to read it")


def _unreadable(error: OSError | ValueError) -> Unreadable:
    if isinstance(error, OSError):
        if error.errno == errno.ELOOP:
            return Unreadable("symlink-loop", "is a loop of symbolic links")
        if error.errno == errno.ENOENT:
            return Unreadable("unreadable", "is a symbolic link to nothing")
        if error.errno in (errno.EACCES, errno.EPERM):
            return Unreadable("unreadable", "may not be read by this user")
        return Unreadable("unreadable", f"cannot be read ({errno.errorcode.get(error.errno or 0, 'error')})")
    return Unreadable("unreadable", "has a name that cannot be opened")


def _open(path: str) -> int:
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOCTTY", 0)
    try:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise _unreadable(error) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Unreadable("not-a-file", "was replaced by something that is not a regular file")
    return descriptor


def read(path: str, limit: int = MAX_FILE) -> bytes:
    """The file's bytes. Raises `Unreadable` when it is larger than `limit` or cannot be read."""
    descriptor = _open(path)
    try:
        size = os.fstat(descriptor).st_size
        if size > limit:
            raise Unreadable("oversized", f"has {size} bytes, more than the {limit} that are read")
        with os.fdopen(os.dup(descriptor), "rb", buffering=0) as file:
            data = file.read(limit + 1) or b""
            while len(data) <= limit:
                more = file.read(limit + 1 - len(data))
                if not more:
                    break
                data += more
    except OSError as error:
        raise _unreadable(error) from None
    finally:
        os.close(descriptor)
    if len(data) > limit:
        raise Unreadable("oversized", f"grew beyond the {limit} bytes that are read")
    return data


def read_mapped(path: str) -> mmap.mmap | bytes:
    """A large file's bytes without copying them into memory. Raises `Unreadable`."""
    descriptor = _open(path)
    try:
        size = os.fstat(descriptor).st_size
        if size > MAX_STREAMED:
            raise Unreadable("oversized", f"has {size} bytes, more than the {MAX_STREAMED} that are read")
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) if size else b""
    except (OSError, ValueError) as error:
        raise _unreadable(error) from None
    finally:
        os.close(descriptor)


def digest_of(path: str, limit: int = MAX_DIGEST) -> str:
    """SHA-256 of a regular file; empty where it is too large or cannot be read."""
    try:
        return hashlib.sha256(read(path, limit)).hexdigest()
    except Unreadable:
        return ""


def read_rows(path: str, keys: Iterable[str]) -> dict[str, bytes]:
    """Values of `keys` in the table `ItemTable` of a SQLite file, as the VS Code family keeps its state.

    The file is opened immutable: nothing is locked, created or written beside it, and what its editor has
    not yet checkpointed is not seen. Raises `Unreadable`.
    """
    found: dict[str, bytes] = {}
    address = f"file:{_quote(path)}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(address, uri=True, timeout=0.2)
        try:
            steps = 0

            def too_long() -> int:
                nonlocal steps
                steps += 1
                return int(steps > 2000)

            connection.set_progress_handler(too_long, 10_000)
            for key in keys:
                query = "SELECT key, value FROM ItemTable WHERE key GLOB ? AND length(value) <= ? LIMIT ?"
                for name, value in connection.execute(query, (key, MAX_MEMBER, MAX_MEMBERS)):
                    found[str(name)] = value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise Unreadable("malformed", f"is not a database of the expected form ({type(error).__name__})") from None
    return found


def _quote(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def read_members(path: str, names: Iterable[str]) -> dict[str, bytes]:
    """Members of a ZIP archive whose names match, each bounded in size. Raises `Unreadable`."""
    wanted = tuple(names)
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist()[:100_000]:
                if len(found) >= MAX_MEMBERS or not any(fnmatch.fnmatchcase(member.filename, name) for name in wanted):
                    continue
                with archive.open(member) as file:  # bounded by what is read, not by what the header claims
                    data = file.read(MAX_MEMBER + 1)
                if len(data) > MAX_MEMBER:
                    raise Unreadable("oversized", f"holds a member of more than {MAX_MEMBER} bytes")
                found[member.filename] = data
    except Unreadable:
        raise
    except Exception as error:  # noqa: BLE001 - zipfile raises what its parts raise, on foreign bytes
        raise Unreadable("malformed", f"is not a readable archive ({type(error).__name__})") from None
    return found
