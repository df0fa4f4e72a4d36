"""SHELL. Inventories after changes: the folders that matter are watched, and only what changed is read again.

Editors and agents replace files instead of writing into them, so folders are watched and every event means
"look again". A slow full round catches what a watch can miss (network homes, overflow).
Must not be here: what is compared (`trail.diff`).
"""

import os
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import closing

from watchfiles import Change
from watchfiles import watch as watch_files

from spawngate.endpoint.inventory import Inventory, Result

DEBOUNCE_MS = 150
"""Milliseconds to wait for a burst of writes to end."""
ROUND_MS = 30_000
"""Milliseconds after which the process table is looked at even if no file changed."""


def watched_folders(inventory: Inventory, result: Result) -> tuple[str, ...]:
    """Folders that hold what was read, the homes themselves, and projects; only those that exist."""
    found: dict[str, None] = {}
    for path in inventory.collector.read_paths():
        found.setdefault(os.path.dirname(path), None)
    for folder in (*result.snapshot.homes, *result.snapshot.roots, *inventory.collector.projects()):
        found.setdefault(folder, None)
        for name in inventory.collector.watched_names:
            found.setdefault(f"{folder.rstrip('/')}/{name}", None)
    return tuple(folder for folder in found if os.path.isdir(folder))


class _Either:
    """Two events as one: what `watchfiles` looks at between two bursts."""

    def __init__(self, *events: threading.Event) -> None:
        self._events = events

    def is_set(self) -> bool:
        """Whether one of them is."""
        return any(each.is_set() for each in self._events)


def watch(
    inventory: Inventory,
    *,
    stop: threading.Event | None = None,
    wake: threading.Event | None = None,
    notice: Callable[[str], None] | None = None,
) -> Iterator[Result]:
    """A new result after every change, until `stop` is set. The first inventory must have been taken.

    `wake`: set for a new result now; whoever sets `stop` sets this too.
    """
    stop = stop or threading.Event()
    wake = wake or stop
    either = _Either(stop, wake)
    result = inventory.take()
    if result.changes:
        yield result
    while not stop.is_set():
        folders = watched_folders(inventory, result)
        if notice:
            notice(f"watching {len(folders)} folders")
            notice = None
        # Closed here and not when it is forgotten: an interrupt that arrives then would be lost.
        with closing(_events(folders, either)) as bursts:
            for _ in bursts:
                result = inventory.take()
                yield result
                if set(watched_folders(inventory, result)) - set(folders):
                    break  # a new folder wants a watch of its own
        if not folders:
            wake.wait(ROUND_MS / 1000)
        if wake.is_set() and not stop.is_set():
            wake.clear()
            result = inventory.take()
            yield result


def _events(folders: tuple[str, ...], stop: _Either) -> Generator[set[tuple[Change, str]], None, None]:
    """Bursts of changes, and an empty set after each quiet round."""
    if not folders:
        return
    yield from watch_files(
        *folders,
        recursive=False,
        debounce=DEBOUNCE_MS,
        rust_timeout=ROUND_MS,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=True,
        watch_filter=None,
    )
