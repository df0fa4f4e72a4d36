"""SHELL. Keeps the daemon's memory flat, whatever texts come by.

Evaluation remembers what it found out about words, paths and texts in caches of so many entries; an entry may be as
long as an event. So after a long event, and when the process has grown, the caches are emptied: they fill again
within some calls, and no long text (with whatever it holds) stays behind.
Must not be here: the caches themselves.
"""

import functools
import gc
import os
import sys
from typing import TYPE_CHECKING

LONG = 64 << 10
"""Bytes of an event after which caches are emptied."""
GROWN = 256 << 20
"""Bytes of memory in use from which on they are emptied every time that somebody looks."""

if TYPE_CHECKING:
    _Cache = functools._lru_cache_wrapper[object]


YOUNG = 10_000
"""New objects after which the collector looks through them. Python's own 700 are made several times in one call, hardly
any of which is part of a cycle."""


def settle() -> None:
    """What start-up made lives as long as the process: the collector need not look through it for every call."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


def caches() -> "list[_Cache]":
    """Caches of limited size in modules of ours. Those without a limit hold tables that never change."""
    found: dict[int, _Cache] = {}
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] == "spawngate":
            for value in list(vars(module).values()):
                if isinstance(value, functools._lru_cache_wrapper) and value.cache_parameters()["maxsize"] is not None:
                    found[id(value)] = value
    return list(found.values())


def forget() -> None:
    """Empty all caches of limited size."""
    for cache in caches():
        cache.cache_clear()


def after(length: int) -> None:
    """An event of so many bytes was evaluated."""
    if length > LONG:
        forget()


def look() -> bool:
    """Empty the caches where the process has grown; whether that was so."""
    if resident() < GROWN:
        return False
    forget()
    gc.collect()
    return True


def resident() -> int:
    """Bytes of memory in use; 0 where the system does not tell this way."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
