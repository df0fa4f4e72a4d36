"""SHELL. Which files of a tree are not as they were at a revision, without running anything that the tree names.

Belongs here: reading a repository's objects with `git`, and comparing them with the files that lie there.
Must not be here: what a changed file means for a finding (`codescan.outcome`).

A repository's own configuration can start programs (fsmonitor, textconv, external diffs, filters, hooks, an ssh command
of a partial clone, an include of another file). So `git` never sees it: it runs in a folder of ours with an empty
configuration, a copy of the repository's names for commits, and its objects as the only thing that is shared
(gitrepository-layout(5), `GIT_OBJECT_DIRECTORY` in git(1)). Neither index nor work tree are given to it: the files are
hashed here, byte for byte as they lie there. A file that is stored in another form than it is checked out (line ends,
large files) counts as changed, which shows a finding too many and never one too few.
"""

import hashlib
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from spawngate.model.errors import UsageError

SECONDS = 60.0
"""Of one call of git."""
MAX_NAMES = 200_000
"""Files with names of commits that are copied; a repository has as many as it has branches and tags."""
MAX_REFS = 64 << 20
"""Bytes of the packed names."""
_PLUMBING = ("rev-parse", "merge-base", "ls-tree")
_LONGEST_REVISION = 300


@dataclass(frozen=True, slots=True)
class Changes:
    """What is not as it was."""

    commit: str
    """The commit that was compared with: the last one that the revision and HEAD share, the revision where they share
    none."""
    changed: frozenset[str]
    """Files that are new or other than they were, relative to the tree."""
    gone: frozenset[str]
    """Files that were there."""


@dataclass(frozen=True, slots=True)
class _Repository:
    top: str
    """The folder of its work tree."""
    own: Path
    """Its `.git` folder; of a linked work tree, that tree's own part."""
    common: Path
    """Where objects and names of commits lie."""


def changes_since(root: str, revision: str, files: Mapping[str, bytes], nested: tuple[str, ...] = ()) -> Changes:
    """What changed in the tree at `root` since `revision` and the present HEAD parted.

    root: absolute, without links. files: relative paths and contents of what is compared. nested: folders that are
    repositories of their own (submodules): their files count as changed where the commit that is recorded for them is
    not known to be checked out. Raises UsageError where there is no repository, revision or git.
    """
    repository = _find(root)
    program = _git()
    if (
        not revision
        or revision.startswith("-")
        or len(revision) > _LONGEST_REVISION
        or re.search(r"[\0-\x1f]", revision)
    ):
        raise UsageError("--changed-since: is no revision; name a branch, a tag or a commit")
    with tempfile.TemporaryDirectory(prefix="spawngate-git-") as folder:
        view = _View(program, repository, Path(folder))
        commit = view.commit(revision)
        base = view.shared_with_head(commit)
        inside = os.path.relpath(root, repository.top).replace(os.sep, "/")
        known, links = view.files(base, "" if inside == "." else inside)
        digest = "sha256" if len(base) == 64 else "sha1"
    changed = {
        path
        for path, data in files.items()
        if known.get(path) != _blob(data, digest) or any(_within(path, folder) for folder in (*nested, *links))
    }
    return Changes(base, frozenset(changed), frozenset(known.keys() - files.keys()))


def _blob(data: bytes, digest: str) -> str:
    """The name of a file's content: git's own way of hashing it."""
    made = hashlib.new(digest, b"blob %d\0" % len(data), usedforsecurity=False)
    made.update(data)
    return made.hexdigest()


def _within(path: str, folder: str) -> bool:
    return path.startswith(folder + "/")


def _git() -> str:
    """The program, from an absolute folder of PATH: a program of the tree must not pass for it."""
    folders = os.pathsep.join(part for part in os.environ.get("PATH", "").split(os.pathsep) if os.path.isabs(part))
    found = shutil.which("git", path=folders)
    if found is None:
        raise UsageError("--changed-since needs git, which is not on PATH")
    return found


def _find(root: str) -> _Repository:
    folder = Path(root)
    for top in (folder, *folder.parents):
        place = top / ".git"
        try:
            status = place.lstat()
        except OSError:
            continue
        if stat.S_ISDIR(status.st_mode):
            return _Repository(str(top), place, place)
        if stat.S_ISREG(status.st_mode) and status.st_size < 10_000:
            return _linked(top, place)
    raise UsageError(f"--changed-since: {root} lies in no git repository")


def _linked(top: Path, place: Path) -> _Repository:
    """The repository of a linked work tree or a submodule, whose `.git` is a file that names a folder."""
    match = re.fullmatch(r"gitdir: ([^\0\n]+)\n?", place.read_text("utf-8", "surrogateescape"))
    own = Path(os.path.normpath(top / match[1])) if match else place
    if not own.is_dir():
        raise UsageError(f"--changed-since: {place} names no folder of a repository")
    common = own
    named = own / "commondir"
    if named.is_file() and named.stat().st_size < 10_000:
        common = Path(os.path.normpath(own / named.read_text("utf-8", "surrogateescape").strip()))
    return _Repository(str(top), own, common)


class _View:
    """A repository of ours that shows another one's commits."""

    def __init__(self, program: str, repository: _Repository, folder: Path) -> None:
        self._program, self._folder = program, folder
        objects = repository.common / "objects"
        if not objects.is_dir():
            raise UsageError(f"--changed-since: {repository.common} holds no objects of a repository")
        self._environment = {
            "PATH": os.path.dirname(program),
            "HOME": str(folder),
            "LC_ALL": "C",
            "GIT_DIR": str(folder / "git"),
            "GIT_OBJECT_DIRECTORY": str(objects),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_NO_LAZY_FETCH": "1",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CEILING_DIRECTORIES": str(folder),
        }
        if "SYSTEMROOT" in os.environ:  # programs of Windows do not start without it
            self._environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
        self._make(repository)

    def commit(self, revision: str) -> str:
        """The commit that a name stands for. Raises UsageError."""
        found = self._run("rev-parse", "--quiet", "--verify", "--end-of-options", revision + "^{commit}")
        if found is None:
            raise UsageError("--changed-since: the repository knows no such revision; fetch it, or name another one")
        return found.decode("ascii").strip()

    def shared_with_head(self, commit: str) -> str:
        """The last commit that it shares with HEAD; itself where there is none (a shallow clone)."""
        found = self._run("merge-base", "--end-of-options", commit, "HEAD")
        return found.decode("ascii").split("\n")[0].strip() if found and found.strip() else commit

    def files(self, commit: str, inside: str) -> tuple[dict[str, str], tuple[str, ...]]:
        """Files at a commit below a folder, each with the name of its content, and folders that are repositories."""
        tree = f"{commit}:{inside}" if inside else commit
        listed = self._run("ls-tree", "-r", "-z", "--full-tree", tree)
        if listed is None:
            # The folder was not there at that commit: everything in it is new.
            return {}, ()
        known: dict[str, str] = {}
        links: list[str] = []
        for line in listed.split(b"\0"):
            head, _, name = line.partition(b"\t")
            words = head.split(b" ")
            if len(words) != 3:
                continue
            if words[1] == b"blob":
                known[os.fsdecode(name)] = words[2].decode("ascii")
            elif words[1] == b"commit":
                links.append(os.fsdecode(name))
        return known, tuple(links)

    def _run(self, command: str, *arguments: str) -> bytes | None:
        """What git prints; None where it says that there is none. Raises UsageError where it cannot be asked."""
        assert command in _PLUMBING
        try:
            done = subprocess.run(  # noqa: S603  # git from an absolute path, plumbing only, a configuration of ours
                [self._program, "--no-pager", "--literal-pathspecs", command, *arguments],
                env=self._environment,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except (OSError, ValueError, subprocess.TimeoutExpired):
            raise UsageError("--changed-since: git could not be run to its end") from None
        return done.stdout if done.returncode == 0 else None

    def _make(self, repository: _Repository) -> None:
        """Our own repository, with the other one's names of commits."""
        git = self._folder / "git"
        (git / "refs").mkdir(parents=True)
        (git / "objects").mkdir()
        sha256 = _says(repository.common / "config", r"(?im)^\s*objectformat\s*=\s*sha256\s*$")
        if _says(repository.common / "config", r"(?im)^\s*refstorage\s*=\s*reftable\s*$"):
            raise UsageError("--changed-since: names of commits are kept as a reftable here; give the whole commit id")
        extension = "[extensions]\n\tobjectformat = sha256\n" if sha256 else ""
        (git / "config").write_text(f"[core]\n\trepositoryformatversion = {int(sha256)}\n\tbare = true\n{extension}")
        for name in ("packed-refs", "shallow"):
            _copy(repository.common / name, git / name)
        _copy(repository.own / "HEAD", git / "HEAD")
        if not (git / "HEAD").exists():
            raise UsageError(f"--changed-since: {repository.own} is no repository")
        left = MAX_NAMES
        for place, _, names in os.walk(repository.common / "refs"):  # links to folders are not followed
            target = git / "refs" / os.path.relpath(place, repository.common / "refs")
            target.mkdir(parents=True, exist_ok=True)
            for name in names:
                left -= 1
                if left < 0:
                    return
                _copy(Path(place) / name, target / name, 1_000)


def _copy(source: Path, target: Path, limit: int = MAX_REFS) -> None:
    """A regular file's copy; nothing where it is none, or larger than `limit`."""
    try:
        status = source.lstat()
        if stat.S_ISREG(status.st_mode) and status.st_size <= limit:
            target.write_bytes(source.read_bytes())
    except OSError:
        return


def _says(config: Path, pattern: str) -> bool:
    """Whether a configuration says something: read here as text, never by git."""
    try:
        status = config.lstat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > 1 << 20:
            return False
        return re.search(pattern, config.read_text("utf-8", "replace")) is not None
    except OSError:
        return False
