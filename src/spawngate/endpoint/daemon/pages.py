"""SHELL. Puts the memory that start-up has filled into large pages, where the system has them.

A decision passes once through some hundred kilobytes of code and tables in tens of megabytes, mostly after a sleep in
which other programs had the caches. With pages of 4 KiB it then waits for several hundred translations of addresses,
which large pages save. Linux puts memory that is told so into them by itself, but later, or not at all; since 6.1 it
can be asked to do so at once (madvise(2), MADV_HUGEPAGE and MADV_COLLAPSE;
https://docs.kernel.org/admin-guide/mm/transhuge.html).
Must not be here: how much memory is used (`memory`).
"""

import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path

LARGE = 2 << 20
"""Bytes of a large page. Where it is larger (64 KiB pages on ARM: 512 MiB) there is nothing for us."""
SLOW = 0.02
"""Seconds after which a page was not to be had without moving others' memory together: the rest stays as it is."""
_SETTINGS = Path("/sys/kernel/mm/transparent_hugepage")
_MAPS = Path("/proc/self/maps")
_WISHED, _NOW = 14, 25
"""MADV_HUGEPAGE and MADV_COLLAPSE of <asm-generic/mman-common.h>."""
_MAP = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p [0-9a-f]+ 00:00 0\s*(?:\[heap\]|\[anon:.*\])?")


def gather() -> Iterator[bool]:
    """Put one large page after another in order; whether that could be done. Some hundred microseconds each, so that
    whoever serves others meanwhile can do so between two. No more behind one that was SLOW. Nothing where the system
    has none or shall use none. Raises nothing."""
    if sys.platform != "linux" or not allowed(_SETTINGS):
        return
    import ctypes  # milliseconds that a daemon with a waiting client has not

    try:
        advise = ctypes.CDLL(None, use_errno=True).madvise
        maps = _MAPS.read_text()
    except (OSError, AttributeError):
        return
    advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for first, behind in ranges(maps):
        if advise(first, behind - first, _WISHED):
            return
        for at in range(first, behind, LARGE):
            began = time.monotonic()
            done = advise(at, LARGE, _NOW) == 0
            slow = time.monotonic() - began > SLOW
            yield done
            if slow:
                return


def allowed(settings: Path) -> bool:
    """Whether large pages of the common size may be used by who asks for them, by the system's settings."""
    try:
        size = int((settings / "hpage_pmd_size").read_text())
        enabled = (settings / "enabled").read_text()
    except (OSError, ValueError):
        return False
    return size == LARGE and "[never]" not in enabled


def ranges(maps: str) -> list[tuple[int, int]]:
    """From the text of `/proc/self/maps` the parts of private memory that large pages could hold: first address, and
    the one behind."""
    found = []
    for line in maps.splitlines():
        match = _MAP.fullmatch(line)
        if match:
            first, behind = -(-int(match[1], 16) // LARGE) * LARGE, int(match[2], 16) // LARGE * LARGE
            if first < behind:
                found.append((first, behind))
    return found
