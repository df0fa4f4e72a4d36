"""SHELL. Which paths exist: patterns to files, and folders to projects, without ever waiting or looping.

Belongs here: matching wildcards against folders, and walking below roots for projects.
Must not be here: opening files (`endpoint.files`), and what a file means.
"""

import fnmatch
import os
import stat
import time
from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from spawngate.endpoint.files import Mounts
from spawngate.model.observed import Diagnostic

MAX_NAMES = 5_000
"""Names of one folder that a wildcard is matched against."""
MAX_BELOW = 6
"""Levels that `**` reaches."""
SKIPPED = frozenset(
    [
        "node_modules",
        "__pycache__",
        "site-packages",
        "dist-packages",
        "venv",
        "bower_components",
        "target",
        "dist",
        "build",
        "Caches",
        "Cache",
        "cache",
        "Trash",
        "AppData",
        "Library",
        "snap",
        "proc",
        "sys",
        "dev",
    ]
)
"""Folders that hold no project of a person, or far too much."""
_WILD = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Names:
    """What one folder holds."""

    folders: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Everything that is not a folder, special files and broken links too."""
    links: frozenset[str] = frozenset()
    """Names that are symbolic links."""
    total: int = 0


@dataclass(slots=True)
class Tree:
    """One scan's view of the file system. Every folder is listed once; trouble becomes a diagnostic once."""

    mounts: Mounts = field(default_factory=Mounts)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    listed: int = 0
    _names: dict[str, Names] = field(default_factory=dict)
    _status: dict[str, os.stat_result | None] = field(default_factory=dict)
    _said: set[tuple[str, str]] = field(default_factory=set)

    def note(self, path: str, reason: str, message: str, agent: str = "") -> None:
        """Leave a diagnostic, once for a path and reason."""
        if (path, reason) not in self._said:
            self._said.add((path, reason))
            self.diagnostics.append(Diagnostic(path, reason, message, agent))

    def is_folder(self, path: str) -> bool:
        """Whether `path` is a folder that may be entered. A network mount is not."""
        status = self.status(path)
        return status is not None and stat.S_ISDIR(status.st_mode)

    def status(self, path: str) -> os.stat_result | None:
        """Status of `path`, links followed; None where there is nothing or it must not be touched."""
        if path not in self._status:
            self._status[path] = self._stat(path)
        return self._status[path]

    def _stat(self, path: str) -> os.stat_result | None:
        point = self.mounts.covers(path)
        if point is not None:
            self.note(point, "network-mount", "is a network mount and was not entered; pass --network to read it")
            return None
        try:
            found = os.lstat(path)
            if stat.S_ISLNK(found.st_mode):
                target = os.path.normpath(os.path.join(os.path.dirname(path), os.readlink(path)))
                if self.mounts.covers(target) is not None:
                    self.note(path, "network-mount", "leads to a network mount and was not followed; pass --network")
                    return None
                return os.stat(path)
        except (OSError, ValueError):
            return None
        return found

    def names(self, folder: str) -> Names:
        """What the folder holds; nothing where it cannot be listed, with a diagnostic if it is there."""
        if folder not in self._names:
            self._names[folder] = self._list(folder)
        return self._names[folder]

    def _list(self, folder: str) -> Names:
        if self.mounts.covers(folder) is not None:
            return Names()
        folders: list[str] = []
        files: list[str] = []
        links: set[str] = set()
        total = 0
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    total += 1
                    if total > MAX_NAMES:
                        break
                    if entry.is_symlink():
                        links.add(entry.name)
                        (folders if self.is_folder(entry.path) else files).append(entry.name)
                    else:
                        (folders if entry.is_dir() else files).append(entry.name)
        except NotADirectoryError:
            return Names()
        except OSError as error:
            if os.path.lexists(folder):
                what = "may not be listed by this user" if isinstance(error, PermissionError) else "cannot be listed"
                self.note(folder, "unreadable", what)
            return Names()
        self.listed += 1
        return Names(tuple(sorted(folders)), tuple(sorted(files)), frozenset(links), total)

    def match(self, pattern: str, *, folders: bool = False) -> Iterator[str]:
        """Paths that exist and match; the last part may be anything but a folder, broken links and pipes too.

        With `folders` it may be a folder as well.
        """
        base, parts = _split(pattern)
        yield from self._match(base, parts, frozenset(), folders)

    def _match(
        self, base: str, parts: tuple[str, ...], seen: frozenset[tuple[int, int]], folders: bool
    ) -> Iterator[str]:
        part, rest = parts[0], parts[1:]
        if part == "**":
            yield from self._below(base, rest, MAX_BELOW, seen, folders)
            return
        if not _WILD.intersection(part):
            path = f"{base}/{part}"
            if rest:
                if self.is_folder(path):
                    yield from self._match(path, rest, seen, folders)
            elif self._is_file(path) or (folders and self.is_folder(path)):
                yield path
            return
        names = self.names(base)
        if names.total > MAX_NAMES:
            self.note(base, "budget", f"holds more than {MAX_NAMES} names; only the first were looked at")
        for name in names.folders if rest else (*names.files, *(names.folders if folders else ())):
            if fnmatch.fnmatchcase(name, part):
                path = f"{base}/{name}"
                if rest:
                    yield from self._match(path, rest, seen, folders)
                else:
                    yield path

    def _below(
        self, base: str, rest: tuple[str, ...], levels: int, seen: frozenset[tuple[int, int]], folders: bool
    ) -> Iterator[str]:
        yield from self._match(base, rest, seen, folders)
        names = self.names(base)
        for name in names.folders:
            path = f"{base}/{name}"
            if name in SKIPPED or name == ".git":
                continue
            status = self.status(path)
            if status is None or (status.st_dev, status.st_ino) in seen:
                continue
            if levels == 0:
                self.note(base, "budget", f"is more than {MAX_BELOW} levels deep; what lies below was not read")
                return
            yield from self._below(path, rest, levels - 1, seen | {(status.st_dev, status.st_ino)}, folders)

    def _is_file(self, path: str) -> bool:
        """Anything but a folder. A folder in the place of `mcp.json` is worth a word, so it counts too; one in the
        place of a name without a suffix does not: of `.clinerules` and its like there are both forms."""
        if self.mounts.covers(path) is not None:
            self.status(path)
            return False
        return os.path.lexists(path) and ("." in os.path.basename(path)[1:] or not self.is_folder(path))


@lru_cache(maxsize=20_000)
def _split(pattern: str) -> tuple[str, tuple[str, ...]]:
    """The part of a pattern without wildcards up to its first folder, and the names after it."""
    parts = pattern.split("/")
    for index, part in enumerate(parts):
        if _WILD.intersection(part):
            return "/".join(parts[:index]), tuple(parts[index:])
    return "/".join(parts[:-1]), (parts[-1],)


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a walk below a root goes."""

    depth: int
    folders: int
    seconds: float


ROOT_LIMITS = Limits(depth=16, folders=100_000, seconds=30.0)
HOME_LIMITS = Limits(depth=5, folders=4_000, seconds=0.5)


def walk(tree: Tree, root: str, markers: Collection[str], limits: Limits, *, home: bool = False) -> Iterator[str]:
    """Folders at and below `root` that hold one of the names in `markers`, nearest first.

    A marker may begin or end with `*` (`*.code-workspace`).
    Hidden folders are not entered, nor those that hold dependencies or caches. What a budget cut off is said.
    """
    endings = tuple(marker[1:] for marker in markers if marker.startswith("*"))
    beginnings = tuple(marker[:-1] for marker in markers if marker.endswith("*"))
    todo: deque[tuple[str, int]] = deque([(root, 0)])
    seen: set[tuple[int, int]] = set()
    started, count = time.monotonic(), 0
    while todo:
        folder, depth = todo.popleft()
        status = tree.status(folder)
        if status is None or (status.st_dev, status.st_ino) in seen:
            continue
        seen.add((status.st_dev, status.st_ino))
        count += 1
        if count > limits.folders or time.monotonic() - started > limits.seconds:
            hint = "; name the folder with --root to look further" if home else ""
            tree.note(root, "budget", f"the search for projects stopped after {count - 1} folders{hint}")
            return
        names = tree.names(folder)
        if not markers or any(
            name in markers or name.endswith(endings) or name.startswith(beginnings)
            for name in names.folders + names.files
        ):
            yield folder
        if depth >= limits.depth:
            continue
        for name in names.folders:
            # A linked folder is looked at where it really lies, so that one project is not found twice.
            if not name.startswith(".") and name not in SKIPPED and name not in names.links:
                todo.append((f"{folder}/{name}", depth + 1))
