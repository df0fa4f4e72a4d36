"""Files as a repository of git has them in another version: read from its loose objects, by the port for present files.

Belongs here: where the repository is, names of versions, commits, trees and files in them.
Must not be here: what a command of git does with them (`configuration.git_command`), opening files.
Nothing of git is run. What lies in a pack, or is not read within bounds, is not known here.
Sources, read 2026-11: gitrepository-layout(5), gitrevisions(7), git-scm.com/book "Git Internals - Git Objects",
Documentation/gitformat-loose.adoc.
"""

import posixpath
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from spawngate.configuration.files import LARGEST, MISSING, Content, Missing, Unknown

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REVISION = re.compile(r"(?P<base>[^~^:\s]+?)(?P<steps>(?:~\d*|\^\d*)*)")
_STEP = re.compile(r"([~^])(\d*)")
DEEPEST = 6
"""Folders of a tree that are gone into, one in the other."""
MOST_READ = 400
"""Objects that are read for one command."""
_FOLDER, _LINK, _MODULE = "40000", "120000", "160000"


class NotKnown(Exception):
    """It cannot be read here."""


@dataclass(slots=True)
class Repository:
    """One repository. `read` is the port for present files; `folder` is its `.git`, `root` its working folder."""

    read: Callable[[str], Content]
    folder: str
    root: str
    _left: int = MOST_READ
    _objects: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def commit(self, revision: str) -> str:
        """The id of the commit that a revision names. Raises NotKnown."""
        match = _REVISION.fullmatch(revision)
        if match is None:
            raise NotKnown(revision)
        base = match["base"]
        found = self._peeled(base if _SHA.fullmatch(base) else self._ref(base))
        for kind, number in _STEP.findall(match["steps"]):
            count = int(number) if number else 1
            for turn in range(count if kind == "~" else min(count, 1)):
                parents = self.parents(found)
                at = count - 1 if kind == "^" else 0
                if at >= len(parents) or turn > 200:
                    raise NotKnown(revision)
                found = parents[at]
        return found

    def parents(self, commit: str) -> list[str]:
        """The parents of a commit. Raises NotKnown."""
        head = self._object(commit, "commit").partition(b"\n\n")[0].decode("utf-8", "replace")
        return re.findall(r"^parent ([0-9a-f]+)$", head, re.MULTILINE)

    def tree(self, commit: str) -> str:
        """The id of a commit's tree. Raises NotKnown."""
        match = re.match(rb"tree ([0-9a-f]+)\n", self._object(commit, "commit"))
        if match is None:
            raise NotKnown(commit)
        return match[1].decode()

    def entry(self, tree: str, path: str) -> str:
        """The id of a file in a tree, by its path from the root; empty where it has none. Raises NotKnown."""
        *folders, name = path.split("/")
        for folder in folders:
            mode, tree = self._entries(tree).get(folder, ("", ""))
            if mode != _FOLDER:
                return ""
        mode, found = self._entries(tree).get(name, ("", ""))
        if mode in (_FOLDER, _LINK, _MODULE):
            raise NotKnown(path)
        return found

    def content(self, blob: str) -> Content:
        """The content of a file by its id; MISSING for none. Total."""
        if not blob:
            return MISSING
        try:
            return self._object(blob, "blob")
        except NotKnown:
            return Unknown("version-control")

    def files(self, tree: str, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
        """Paths and ids of files in the root of a tree and in its hidden folders, where agents look. Raises NotKnown.

        A link has an id of which `content` says that it is not known.
        """
        for name, (mode, entry) in self._entries(tree).items():
            if mode != _FOLDER:
                yield prefix + name, f"{mode} {entry}" if mode in (_LINK, _MODULE) else entry
            elif depth < DEEPEST and (prefix or name.startswith(".")):
                yield from self.files(entry, f"{prefix}{name}/", depth + 1)

    def _entries(self, tree: str) -> dict[str, tuple[str, str]]:
        data = self._object(tree, "tree")
        found: dict[str, tuple[str, str]] = {}
        length = len(tree) // 2
        while data:
            head, mark, rest = data.partition(b"\0")
            mode, _, name = head.partition(b" ")
            if not mark or len(rest) < length:
                raise NotKnown(tree)
            found[name.decode("utf-8", "replace")] = (mode.decode("ascii", "replace"), rest[:length].hex())
            data = rest[length:]
        return found

    def _peeled(self, found: str) -> str:
        for _ in range(4):
            kind, body = self._loose(found)
            if kind == "commit":
                return found
            match = re.match(rb"object ([0-9a-f]+)\n", body)
            if kind != "tag" or match is None:
                break
            found = match[1].decode()
        raise NotKnown(found)

    def _object(self, name: str, kind: str) -> bytes:
        found, body = self._loose(name)
        if found != kind:
            raise NotKnown(name)
        return body

    def _loose(self, name: str) -> tuple[str, bytes]:
        if name in self._objects:
            return self._objects[name]
        self._left -= 1
        data = self.read(f"{self._common()}/objects/{name[:2]}/{name[2:]}") if _SHA.fullmatch(name) else MISSING
        if self._left < 0 or not isinstance(data, bytes):
            raise NotKnown(name)
        inflating = zlib.decompressobj()
        try:
            whole = inflating.decompress(data, LARGEST)
        except zlib.error:
            raise NotKnown(name) from None
        head, mark, body = whole.partition(b"\0")
        kind, _, size = head.decode("ascii", "replace").partition(" ")
        if not mark or not size.isdecimal() or int(size) != len(body):
            raise NotKnown(name)
        self._objects[name] = kind, body
        return kind, body

    def _ref(self, name: str) -> str:
        name = {"@": "HEAD", "stash": "refs/stash", "stash@{0}": "refs/stash"}.get(name, name)
        if ".." in name or name.startswith("/"):
            raise NotKnown(name)
        packed = self.read(f"{self._common()}/packed-refs")
        by_name = (
            dict(re.findall(rb"^([0-9a-f]{40,64}) (\S+)$", packed, re.MULTILINE)) if isinstance(packed, bytes) else {}
        )
        ids = {where.decode("utf-8", "replace"): found.decode() for found, where in by_name.items()}
        for where in (name, f"refs/{name}", f"refs/tags/{name}", f"refs/heads/{name}", f"refs/remotes/{name}"):
            found = self._said(where) or ids.get(where, "")
            for _ in range(5):
                if not found.startswith("ref: "):
                    break
                there = found[5:].strip()
                found = self._said(there) or ids.get(there, "")
            if _SHA.fullmatch(found):
                return found
        raise NotKnown(name)

    def _said(self, where: str) -> str:
        for folder in dict.fromkeys((self.folder, self._common())):
            data = self.read(f"{folder}/{where}")
            if isinstance(data, bytes) and len(data) < 1_000:
                return data.decode("utf-8", "replace").strip()
        return ""

    def _common(self) -> str:
        """Where the objects are: a linked working folder says so."""
        data = self.read(f"{self.folder}/commondir")
        if isinstance(data, bytes) and len(data) < 4_096:
            return posixpath.normpath(posixpath.join(self.folder, data.decode("utf-8", "replace").strip()))
        return self.folder


def find(read: Callable[[str], Content], folder: str) -> Repository | None:
    """The repository that a working folder is in; None where there is none, or it cannot be told."""
    for _ in range(24):
        if not folder.startswith("/"):
            return None
        place = posixpath.join(folder, ".git")
        data = read(place)
        if isinstance(data, bytes):
            match = re.fullmatch(rb"gitdir: ([^\n]+)\n?", data)
            if match is None:
                return None
            return Repository(
                read, posixpath.normpath(posixpath.join(folder, match[1].decode("utf-8", "replace"))), folder
            )
        if not isinstance(data, Missing):
            return Repository(read, place, folder) if isinstance(read(f"{place}/HEAD"), bytes) else None
        if folder == "/":
            return None
        folder = posixpath.dirname(folder)
    return None
