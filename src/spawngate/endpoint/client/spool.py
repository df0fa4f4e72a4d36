"""SHELL. Taking over what hook clients noted while there was no daemon.

Must not be here: what a line says (`model.alone`), and where it goes (`endpoint.daemon`).
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from spawngate.endpoint.client.settings import replace
from spawngate.model.alone import DecidedAlone, parse_spool

MAX_SPOOL = 64 << 20
"""Bytes of a spool that are read; clients are told a far smaller limit."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken over."""

    decisions: tuple[DecidedAlone, ...] = ()
    dropped: int = 0
    """Decisions for which the spool had no room."""
    damaged: int = 0
    """Lines that were none of a client's."""
    files: tuple[tuple[Path, int], ...] = ()
    """Set-aside files that hold them, and how many bytes of each were read. `forget` once all is recorded."""


def take(spool: Path) -> Taken:
    """Set the spool aside and read it, together with what an earlier `take` that was not finished had set aside.

    Clients go on with a new spool at once. Raises OSError where a file is there and cannot be had.
    """
    decisions: list[DecidedAlone] = []
    dropped = damaged = 0
    files: list[tuple[Path, int]] = []
    for path in (spool, spool.with_name(f"{spool.name}.dropped")):
        if _is_ours(path):
            os.replace(path, path.with_name(f"{path.name}.taken-{path.stat().st_mtime_ns}"))
    for path in sorted(spool.parent.glob(f"{spool.name}.*taken-*")):
        if not _is_ours(path):
            continue
        with path.open("rb") as file:
            data = file.read(MAX_SPOOL)
        files.append((path, len(data)))
        if path.name.startswith(f"{spool.name}.dropped."):
            dropped += len(data)
            continue
        found, bad = parse_spool(data)
        decisions.extend(found)
        damaged += bad
    return Taken(tuple(decisions), dropped, damaged, tuple(files))


def forget(taken: Taken) -> None:
    """Remove the files whose decisions are recorded by now.

    A client that had opened the spool just before it was set aside may have written its line after it was read: such
    a file stays, without what was read.
    """
    for path, size in taken.files:
        with path.open("rb") as file:
            file.seek(size)
            late = file.read(MAX_SPOOL)
        if late:
            replace(path, late, 0o600)
        else:
            path.unlink()


def _is_ours(path: Path) -> bool:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(status.st_mode) and (not hasattr(os, "getuid") or status.st_uid == os.getuid())
