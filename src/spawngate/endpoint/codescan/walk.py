"""SHELL. The source files of a tree that may be hostile: which there are, and their bytes.

Belongs here: what is walked, what is left out and why, and the limits. Must not be here: what a file means.

Nothing is followed out of the tree: a symbolic link is never opened (what it leads to within the tree is met where it
really lies), nor is anything but a regular file, and no file of a network mount is waited for. What is left out is
counted by reason; what could not be read, or lies beyond a limit, is a diagnostic. Nothing of the tree is ever run.
"""

import os
import stat
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spawngate.codescan.frontends import language_of
from spawngate.codescan.sdk import is_manifest
from spawngate.codescan.suppress import FILE as SUPPRESSIONS
from spawngate.codescan.written import is_minified, with_line_feeds
from spawngate.endpoint.files import Mounts, network_mounts
from spawngate.model.errors import UsageError
from spawngate.model.observed import Diagnostic

MODELS = ".spawngate/models/"
"""Where a project's own models lie, `*.yaml`."""
SKIPPED = frozenset(
    [
        ".git",
        ".hg",
        ".svn",
        ".jj",
        "node_modules",
        "bower_components",
        "jspm_packages",
        "__pycache__",
        "site-packages",
        "dist-packages",
        ".venv",
        ".tox",
        ".nox",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".eggs",
        ".gradle",
        ".next",
        ".nuxt",
        ".svelte-kit",
        ".turbo",
        ".parcel-cache",
        ".terraform",
        ".yarn",
        ".pnpm-store",
        ".cargo",
        ".rustup",
    ]
)
"""Folders of version control, of installed dependencies and of tools' caches."""
BUILT = frozenset(["dist", "build", "out", "target"])
"""Folders that a build writes. They are read where they hold most of the source, as in a published package."""
VENDOR_MARKS = frozenset(["modules.txt", "autoload.php", ".cargo-checksum.json"])
"""Files by which package managers mark the folders that they fill. A copy that somebody made by hand has none of them,
and is source like any other."""
CONFIGURATION = frozenset(["tsconfig.json", "jsconfig.json", "tsconfig.base.json"])
"""Files that say how names of modules resolve."""
_PROBE = 256 << 10
"""Bytes of a file that is too large by which it is seen whether a program wrote it."""
_SOURCES_OF_BUILD = 3
"""A built folder is left out where there is at least a third as much source beside it."""
_UNREADABLE = {
    stat.S_IFIFO: "is a named pipe, not a regular file",
    stat.S_IFSOCK: "is a socket, not a regular file",
    stat.S_IFCHR: "is a character device, not a regular file",
    stat.S_IFBLK: "is a block device, not a regular file",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a tree is looked at."""

    depth: int = 64
    """Levels of folders."""
    entries: int = 1_000_000
    """Names in all folders together."""
    files: int = 100_000
    """Source files."""
    source: int = 1 << 20
    """Bytes of one source file."""
    manifest: int = 16 << 20
    """Bytes of one manifest or lock."""
    total: int = 768 << 20
    """Bytes of everything that is read."""
    seconds: float = 120.0


@dataclass(slots=True)
class Tree:
    """What a tree holds. Paths are relative to it, with `/`; bytes of a name that are no UTF-8 are lone surrogates."""

    root: str
    """Absolute, without symbolic links."""
    sources: dict[str, bytes] = field(default_factory=dict)
    others: dict[str, bytes] = field(default_factory=dict)
    """Manifests, locks, configuration of resolution, suppressions."""
    models: dict[str, bytes] = field(default_factory=dict)
    """The project's own models."""
    lines: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    """Left out, by reason: dependencies, links, built, minified, declarations."""
    nested: list[str] = field(default_factory=list)
    """Folders that are repositories of their own."""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    cut: bool = False
    """A limit was reached: not every source file was read."""

    @property
    def files(self) -> Mapping[str, bytes]:
        """Sources and what resolves their names, by path."""
        return {**self.sources, **self.others}

    def note(self, path: str, reason: str, message: str, *, cut: bool = False) -> None:
        """Leave a diagnostic."""
        self.diagnostics.append(Diagnostic(path, reason, message))
        self.cut |= cut


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    size: int
    built: str
    """The outermost built folder that it lies in; empty for none."""


def read_tree(path: str, limits: Limits | None = None, *, network: bool = False) -> Tree:
    """The tree below a folder, or the tree that a single file is. Raises UsageError where there is nothing to read."""
    try:
        root = os.path.realpath(path)
        status = os.stat(root)
    except (OSError, ValueError):
        raise UsageError(f"{path}: no such file or folder") from None
    bounds = limits or Limits()
    if stat.S_ISDIR(status.st_mode):
        tree = Tree(root)
        _read(tree, _chosen(_entries(tree, bounds, network_mounts(allowed=network))), bounds)
        return tree
    if not stat.S_ISREG(status.st_mode):
        raise UsageError(f"{path}: is no folder and no regular file")
    folder, name = os.path.split(root)
    tree = Tree(folder)
    _read(tree, [_Entry(name, status.st_size, "")], bounds)
    return tree


def joined(trees: Sequence[Tree]) -> Tree:
    """Several trees as one, below the folder that they share: for a program whose parts lie apart.

    Raises UsageError where one lies within another, or they share no folder.
    """
    roots = [tree.root for tree in trees]
    try:
        top = os.path.commonpath(roots)
    except ValueError:
        raise UsageError("--together: the trees lie on different drives") from None
    if len(set(roots)) < len(roots) or top in roots:
        raise UsageError("--together: one tree lies within another; name the outer one")
    whole = Tree(top)
    for tree in trees:
        prefix = os.path.relpath(tree.root, top).replace(os.sep, "/")
        for name in ("sources", "others", "models"):
            getattr(whole, name).update({f"{prefix}/{path}": data for path, data in getattr(tree, name).items()})
        whole.lines += tree.lines
        whole.skipped += tree.skipped
        whole.nested += [f"{prefix}/{path}" for path in tree.nested]
        whole.diagnostics += [replace(item, path=f"{prefix}/{item.path}") for item in tree.diagnostics]
        whole.cut |= tree.cut
    return whole


def _entries(tree: Tree, limits: Limits, mounts: Mounts) -> list[_Entry]:
    """Every file that may be wanted. Folders are listed in the order of their names, so that a limit cuts the same."""
    found: list[_Entry] = []
    todo: list[tuple[str, int, str]] = [("", 0, "")]
    started, seen, sources = time.monotonic(), 0, 0
    while todo:
        folder, depth, built = todo.pop()
        absolute = os.path.join(tree.root, folder) if folder else tree.root
        if mounts.covers(absolute) is not None and folder:
            tree.note(folder, "network-mount", "is a network mount and was not entered; pass --network to read it")
            continue
        names = list(_listed(tree, absolute, folder))
        if folder and any(_is_filled(entry.name, folder) for entry in names):
            tree.skipped["dependencies"] += 1
            continue
        below: list[tuple[str, int, str]] = []
        for entry in names:
            seen += 1
            path = f"{folder}/{entry.name}" if folder else entry.name
            kind = _kind(entry)
            if kind is None:
                continue
            if stat.S_ISLNK(kind.st_mode):
                tree.skipped["links"] += 1
            elif stat.S_ISDIR(kind.st_mode):
                if entry.name == ".git" and folder:
                    tree.nested.append(folder)
                if entry.name in SKIPPED:
                    tree.skipped["dependencies"] += entry.name not in (".git", "__pycache__")
                elif depth >= limits.depth:
                    tree.note(path, "budget", f"is more than {limits.depth} levels deep and was not read", cut=True)
                else:
                    below.append((path, depth + 1, built or (path if entry.name in BUILT else "")))
            elif _is_wanted(path, entry.name):
                if not stat.S_ISREG(kind.st_mode):
                    tree.note(path, "not-a-file", _UNREADABLE.get(stat.S_IFMT(kind.st_mode), "is no regular file"))
                    continue
                sources += language_of(entry.name) is not None
                found.append(_Entry(path, kind.st_size, built))
            elif entry.name == ".git" and folder:
                tree.nested.append(folder)
        if seen > limits.entries or sources > limits.files or time.monotonic() - started > limits.seconds:
            tree.note(folder, "budget", f"the walk ended here, after {seen} names; name a smaller folder", cut=True)
            break
        todo += reversed(below)
    return found


def _listed(tree: Tree, absolute: str, folder: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(absolute) as entries:
            yield from sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        what = "may not be listed by this user" if isinstance(error, PermissionError) else "cannot be listed"
        tree.note(folder, "unreadable", what, cut=True)


def _kind(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        return entry.stat(follow_symlinks=False)
    except OSError:
        return None  # it has gone since it was listed


def _is_filled(name: str, folder: str) -> bool:
    """Whether a file of this name says that a package manager fills the folder."""
    return name == "pyvenv.cfg" or (name in VENDOR_MARKS and "vendor" in folder.split("/"))


def _is_wanted(path: str, name: str) -> bool:
    return (
        language_of(name) is not None
        or is_manifest(name)
        or name in CONFIGURATION
        or path == SUPPRESSIONS
        or (path.startswith(MODELS) and name.endswith((".yaml", ".yml")))
    )


def _chosen(entries: list[_Entry]) -> list[_Entry]:
    """Without what a build wrote, where its source lies beside it."""
    inside: Counter[str] = Counter()
    beside: Counter[str] = Counter()
    for entry in entries:
        if language_of(entry.path) is None:
            continue
        if entry.built:
            inside[entry.built] += 1
            continue
        folder = entry.path
        while folder:
            folder = folder.rpartition("/")[0]
            beside[folder] += 1
    left_out = {
        built for built, number in inside.items() if beside[built.rpartition("/")[0]] * _SOURCES_OF_BUILD >= number
    }
    return [
        _Entry("", 0, entry.built) if entry.built in left_out and language_of(entry.path) is not None else entry
        for entry in entries
    ]


def _read(tree: Tree, entries: list[_Entry], limits: Limits) -> None:
    total = 0
    for entry in entries:
        if not entry.path:
            tree.skipped["built"] += 1
            continue
        name = entry.path.rpartition("/")[2]
        is_source = language_of(name) is not None
        if name.endswith((".d.ts", ".d.mts", ".d.cts")):
            tree.skipped["declarations"] += 1
            continue
        if ".min." in name and is_source:
            tree.skipped["minified"] += 1
            continue
        limit = limits.source if is_source else limits.manifest
        total += min(entry.size, limit)
        if total > limits.total:
            tree.note(entry.path, "budget", f"reading ended here, after {limits.total >> 20} MiB", cut=True)
            return
        data = _bytes(tree, entry.path, limit, is_source)
        if data is None:
            continue
        if not is_source:
            (tree.models if entry.path.startswith(MODELS) else tree.others)[entry.path] = data
            continue
        data = with_line_feeds(data)
        lines = data.count(b"\n") + (not data.endswith(b"\n") and bool(data))
        if is_minified(data):
            tree.skipped["minified"] += 1
            continue
        tree.lines += lines
        tree.sources[entry.path] = data


def _bytes(tree: Tree, path: str, limit: int, is_source: bool) -> bytes | None:
    """The bytes of a regular file; None, and a diagnostic, for anything else."""
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"):
        flags |= getattr(os, name, 0)
    try:
        descriptor = os.open(os.path.join(tree.root, path), flags)
    except (OSError, ValueError) as error:
        what = "may not be read by this user" if isinstance(error, PermissionError) else "cannot be read"
        tree.note(path, "unreadable", what, cut=is_source)
        return None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            tree.note(path, "not-a-file", "was replaced by something that is no regular file")
            return None
        if status.st_size > limit:
            if is_source and is_minified(os.read(descriptor, _PROBE)):
                tree.skipped["minified"] += 1
                return None
            tree.note(
                path, "oversized", f"has {status.st_size} bytes, more than the {limit} that are read", cut=is_source
            )
            return None
        parts: list[bytes] = []
        left = limit + 1
        # Not more than there is: what a buffer leaves unused keeps a mapping, and a process has 65,530 of them.
        most = max(status.st_size + 1, 4096)
        while left and (part := os.read(descriptor, min(left, most, 1 << 20))):
            parts.append(part)
            left -= len(part)
        data = b"".join(parts)
        if len(data) > limit:
            tree.note(path, "oversized", f"grew beyond the {limit} bytes that are read", cut=is_source)
            return None
        return data
    except OSError:
        tree.note(path, "unreadable", "cannot be read", cut=is_source)
        return None
    finally:
        os.close(descriptor)
