"""Files that a call writes, and what is written to them: text that the call holds, or what it fetches.

Must not be here: whose such files are (`provenance.sources`), what is kept of them (`provenance.tracker`).
Pure and total.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from spawngate.command.calls import Understood
from spawngate.launch.argv import word_set
from spawngate.model.call import ToolCall
from spawngate.provenance.paths import absolute

_DOWNLOADS = word_set("download remote-copy")


@dataclass(frozen=True, slots=True)
class Write:
    """One file or folder that is written."""

    path: str
    """Absolute."""
    text: str = ""
    """What the call writes; empty where it does not hold it."""
    program: str = ""
    """What fetches it; empty where it is not fetched."""
    address: str = ""
    """Where it is fetched from, or the command that fetches it."""
    repository: bool = False
    """A whole repository is fetched."""


def writes_of(call: ToolCall, understood: Understood, home: str) -> list[Write]:
    """Every file that a call writes, as far as its facts tell."""
    found = [
        Write(absolute(path, call.cwd, home), edit.new or "")
        for edit in call.edits
        for path in (edit.path, edit.moved_to)
        if path
    ]
    text = "\n".join(call.commands)
    for spawn in understood.spawns:
        clones = "vcs-clone" in spawn.acts and spawn.program == "git"
        paths = (*spawn.writes, *(_cloned(spawn.words) if clones else ()))
        address = next((word for word in spawn.words if "://" in word), spawn.line)
        fetched = clones or not _DOWNLOADS.isdisjoint(spawn.acts) or "download" in spawn.carries
        for path in paths:
            where = absolute(path, call.cwd, home)
            found.append(Write(where, "", spawn.program, address, clones) if fetched else Write(where, text))
    return found


def _cloned(words: Sequence[str]) -> list[str]:
    """The folder that `git clone` makes: the last word, or the repository's name where that is its address."""
    bare = [word for word in words if not word.startswith("-")]
    if len(bare) < 2:
        return []
    if len(bare) > 2 and "://" not in bare[-1] and not bare[-1].startswith("git@"):
        return [bare[-1]]
    return [bare[-1].rstrip("/").rpartition("/")[2].removesuffix(".git")]
