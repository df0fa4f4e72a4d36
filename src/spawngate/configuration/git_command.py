"""Commands of git that put files of another version into the working folder, or print them.

Belongs here: which command takes what from which version. Must not be here: reading them (`configuration.versions`).
Sources, read 2026-11: the manuals of git 2.47: checkout, switch, restore, reset, stash, show, cat-file.
What cannot be read leaves what was known before: a change that is not known where the command takes files by name or by
folder, and nothing where it goes to another branch, which the watcher judges.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spawngate.configuration.files import Content, Missing, Unknown
from spawngate.configuration.recognise import recognise
from spawngate.configuration.shell import Run
from spawngate.configuration.versions import NotKnown, Repository, find

_VALUES = frozenset({"-C", "-c", "--git-dir", "--work-tree", "--namespace", "-s", "--source", "-b", "-B", "--conflict"})


_READS = frozenset({"status", "log", "diff", "show", "cat-file", "rev-parse", "ls-files", "ls-tree", "blame", "grep"})
"""Commands after which a repository is as it was."""


@dataclass(frozen=True, slots=True)
class _Words:
    command: str
    options: tuple[tuple[str, str], ...]
    rest: tuple[str, ...]
    paths: tuple[str, ...]
    """After `--`."""

    def value(self, *names: str) -> str:
        return next((value for name, value in self.options if name in names), "")

    def has(self, *names: str) -> bool:
        return any(name in names for name, _ in self.options)


def git(run: Run, at: int) -> Content | None:
    """Does what the command does to agents' files, and gives what it prints; None where that is not known."""
    spawn = run.program.spawns[at]
    words = run.words(at)
    if isinstance(words, Unknown):
        return None
    asked = _read(words)
    if not _is_as_stored(run, at) or (asked.has("-c") and asked.command != "switch"):
        return None
    if asked.has("-C", "--git-dir", "--work-tree", "-p", "--patch") and asked.command != "cat-file":
        return None
    folder = run.files.place(".", spawn.cwd) if spawn.cwd or not run.files.context.cwd else run.files.context.cwd
    repository = find(run.files.before, folder)
    if repository is None:
        return None
    try:
        named = asked.rest[1:] if asked.command == "cat-file" and asked.rest[:1] == ("blob",) else asked.rest
        if asked.command in ("show", "cat-file") and len(named) == 1 and not asked.paths:
            return _shown(repository, named[0], folder)
        changes = dict(_changes(run, repository, asked, folder))
    except NotKnown:
        return None
    if not changes and asked.command not in ("stash", "checkout", "switch", "restore", "reset"):
        return None
    for path, content in changes.items():
        if _converted(repository, path):
            content = Unknown("version-control")
        run.files.write(posixpath.join(repository.root, path), content)
    return b""


def _is_as_stored(run: Run, at: int) -> bool:
    """Whether the repository is, when the command runs, what it is now: no variable leads to another one, and nothing
    in front of it in the command writes to it."""
    spawns = run.program.spawns
    if any(name.startswith("GIT_") for name, _ in spawns[at].assignments):
        return False
    if any(path.endswith("/.git") or "/.git/" in path for path in run.files.written):
        return False
    return all(_read(spawn.words).command in _READS for spawn in spawns[:at] if spawn.program == "git")


_CONVERTS = re.compile(rb"\b(?:filter|working-tree-encoding|ident)\b")
"""Attributes by which a file is not what the repository holds (gitattributes(5))."""


def _converted(repository: Repository, path: str) -> bool:
    folders = [path[:at] for at in range(len(path)) if path[at] == "/"]
    places = [f"{repository.folder}/info/attributes", f"{repository.root}/.gitattributes"]
    places += [f"{repository.root}/{folder}/.gitattributes" for folder in folders]
    return any(
        isinstance(data, Unknown) or (isinstance(data, bytes) and _CONVERTS.search(data) is not None)
        for data in map(repository.read, places)
    )


def _read(words: Sequence[str]) -> _Words:
    options: list[tuple[str, str]] = []
    rest: list[str] = []
    paths: list[str] = []
    left = iter(words)
    for word in left:
        if word == "--":
            paths += list(left)
        elif word.startswith("-") and word != "-":
            name, equals, value = word.partition("=")
            takes = (
                name in _VALUES and not equals and not (name in ("-b", "-B", "-c", "-s") and not rest and name != "-c")
            )
            options.append((name, next(left, "") if takes else value))
        else:
            rest.append(word)
    return _Words(rest[0] if rest else "", tuple(options), tuple(rest[1:]), tuple(paths))


def _shown(repository: Repository, text: str, folder: str) -> Content | None:
    revision, colon, path = text.partition(":")
    if not colon or not revision or not path:
        return None
    if path.startswith("./"):
        path = posixpath.relpath(posixpath.join(folder, path), repository.root)
    return repository.content(repository.entry(repository.tree(repository.commit(revision)), path))


def _changes(run: Run, repository: Repository, asked: _Words, folder: str) -> Iterator[tuple[str, Content]]:
    """Agents' files, by their path in the repository, with what they hold then. Raises NotKnown."""
    command = asked.command
    if command in ("checkout", "restore") and (asked.paths or command == "restore"):
        source = asked.value("-s", "--source") if command == "restore" else "".join(asked.rest[:1])
        paths = asked.paths or asked.rest
        if not source or asked.has("--staged") or not paths:
            raise NotKnown("the index")
        tree = repository.tree(repository.commit(source))
        yield from _taken(run, repository, tree, [_inside(repository, folder, path) for path in paths])
    elif command in ("checkout", "switch"):
        if len(asked.rest) != 1 or asked.has("-b", "-B", "-c", "-C", "--orphan"):
            raise NotKnown("another form")
        before, after = repository.tree(repository.commit("HEAD")), repository.tree(repository.commit(asked.rest[0]))
        yield from _moved(run, repository, before, after)
    elif command == "reset" and asked.has("--hard"):
        tree = repository.tree(repository.commit("".join(asked.rest[:1]) or "HEAD"))
        before = repository.tree(repository.commit("HEAD"))
        for path in _agents(run, repository, before, tree):
            yield path, repository.content(repository.entry(tree, path))
    elif command == "stash" and asked.rest[:1] in (("pop",), ("apply",)) and len(asked.rest) == 1:
        stash = repository.commit("refs/stash")
        parents = repository.parents(stash)
        yield from _moved(run, repository, repository.tree(parents[0]), repository.tree(stash))
        if len(parents) > 2:
            for path, blob in repository.files(repository.tree(parents[2])):  # what was not tracked
                if _is_agents(run, repository, path):
                    yield path, repository.content(blob)
    else:
        raise NotKnown(command)


def _taken(run: Run, repository: Repository, tree: str, paths: Sequence[str]) -> Iterator[tuple[str, Content]]:
    for path, blob in repository.files(tree):
        asked = any(each in ("", ".") or path == each or path.startswith(f"{each}/") for each in paths)
        if asked and _is_agents(run, repository, path):
            yield path, repository.content(blob)
    for path in paths:
        # Deeper than agents look by themselves, and named all the same.
        if path not in ("", ".") and _is_agents(run, repository, path):
            blob = repository.entry(tree, path)
            if blob:
                yield path, repository.content(blob)


def _moved(run: Run, repository: Repository, before: str, after: str) -> Iterator[tuple[str, Content]]:
    """What changes from one tree to another is done to the files; one that is neither is merged, in a way not known."""
    for path in _agents(run, repository, before, after):
        old, new = repository.content(repository.entry(before, path)), repository.content(repository.entry(after, path))
        there = run.files.read(posixpath.join(repository.root, path))
        same = there == old or (isinstance(there, Missing) and isinstance(old, Missing))
        yield path, new if same else Unknown("version-control")


def _agents(run: Run, repository: Repository, before: str, after: str) -> list[str]:
    """Agents' files that two trees do not have alike."""
    if before == after:
        return []
    one, other = dict(repository.files(before)), dict(repository.files(after))
    changed = [path for path in {**one, **other} if one.get(path) != other.get(path)]
    return [path for path in changed if _is_agents(run, repository, path)]


def _is_agents(run: Run, repository: Repository, path: str) -> bool:
    return bool(recognise(posixpath.join(repository.root, path), run.files.context))


def _inside(repository: Repository, folder: str, path: str) -> str:
    if re.search(r"[*?\[]", path):
        raise NotKnown("a pattern")
    if path.startswith(":"):
        if path not in (":/", ":"):
            raise NotKnown("a path with magic")
        return ""
    found = posixpath.relpath(posixpath.join(folder, path), repository.root)
    if found.startswith(".."):
        raise NotKnown("outside")
    return "" if found == "." else found
