"""SHELL. Lines at the end of a file, durable before the answer, rotated by size.

Must not be here: what a line holds.
"""

import os
import stat
from pathlib import Path

from spawngate.routing.destination import Done, Failed, FileLines

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


def carry(lines: FileLines, keep_out: Path | None = None) -> Done | Failed:
    """Append them in one write, not below `keep_out`. Raises nothing for what the disk does."""
    path = Path(lines.path)
    if not path.is_absolute():
        return Failed("setting", "the path is not absolute")
    if keep_out is not None and Path(os.path.realpath(path.parent)).is_relative_to(os.path.realpath(keep_out)):
        return Failed("setting", "the path lies in the folder that holds the trail itself")
    data = b"".join(lines.lines)
    try:
        _rotate(path, len(data), lines.rotate_bytes, lines.keep)
        # O_NONBLOCK: a FIFO in the file's place must not hold us up. It is refused below.
        descriptor = os.open(path, _FLAGS, 0o600)
    except OSError as error:
        return Failed("write", f"{error.strerror}")
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return Failed("setting", "the path is no file")
        return _appended(descriptor, data, status.st_size)
    finally:
        os.close(descriptor)


def _appended(descriptor: int, data: bytes, size: int) -> Done | Failed:
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    except OSError as error:
        # A part of a line must not stay: the whole is written again, and a reader would see it torn.
        os.ftruncate(descriptor, size)
        return Failed("write", f"{error.strerror}")
    return Done()


def _rotate(path: Path, added: int, largest: int, keep: int) -> None:
    """Rename a file that would grow too large: `x.ndjson` becomes `x.ndjson.1`, `.1` becomes `.2`."""
    if not largest:
        return
    try:
        size = path.lstat().st_size
    except FileNotFoundError:
        return
    if not size or size + added <= largest:
        return
    number = 1
    while Path(f"{path}.{number}").exists():
        number += 1
    for each in range(number, 1, -1):
        os.replace(f"{path}.{each - 1}", f"{path}.{each}")
    os.replace(path, f"{path}.1")
    if keep:
        for each in range(keep + 1, number + 1):
            Path(f"{path}.{each}").unlink(missing_ok=True)
