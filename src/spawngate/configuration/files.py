"""Files as a call would leave them, over the files as they are.

Belongs here: what is known about one file's content, the port by which present files are read, and the record of
every state that a call gives a file.
Must not be here: opening files (`endpoint`), and what changes them (`configuration.edits`, `configuration.shell`).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from spawngate.command.context import CallContext
from spawngate.command.paths import normal

LARGEST = 2 << 20
"""Bytes of a content that is computed with; agents' files that people edit are smaller."""
MOST = 512
"""Files of one call that are kept; with more, nothing of the call is known."""
MOST_STATES = 64
"""Contents of one file during a call."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A content that cannot be told."""

    reason: str
    """Why: one of REASONS."""


class Missing:
    """There is no such file."""

    __slots__ = ()


MISSING: Final = Missing()
Content = bytes | Missing | Unknown

REASONS = {
    "not-read": "the present file is not available where the decision is made",
    "unreadable": "the present file cannot be read",
    "oversized": "the file is too large",
    "not-a-file": "there is something else than a regular file",
    "network": "it comes from another machine",
    "program": "it is written by a program whose output is not computed",
    "code": "it is written by code whose effect is not computed",
    "variable": "it holds a value that only the run knows",
    "text-not-found": "the text that is to be replaced does not stand in the file",
    "text-ambiguous": "the text that is to be replaced stands there more than once",
    "place-not-told": "the call does not tell where the text goes",
    "archive": "it comes out of an archive",
    "version-control": "it comes from version control",
    "link": "the file becomes a link to a file that can change later",
    "expression": "an expression of sed, jq or the like is not understood",
    "malformed": "the result is no file that the agent's readers understand",
    "binary": "the file is a database, an archive or a program",
    "not-there": "a file that it is made of is not there yet",
    "emptied": "hardly anything is left in the file, and what stood there is not known",
    "interactive": "the agent's own command asks a person for the rest",
    "too-many": "the call changes more files than are looked at",
}
"""Reasons why a result is not known, and their meaning."""

Present = Callable[[str], Content]
"""An absolute path to the content of the file there. Total, bounded, never blocks."""

Resolve = Callable[[str], str]
"""An absolute path to where it leads when links are followed. Total, and never blocks."""


def unresolved(path: str) -> str:
    """The port where no links can be followed."""
    return path


def nothing_read(_: str) -> Content:
    """The port where no files are available."""
    return Unknown("not-read")


def place(path: str, context: CallContext, cwd: str = "") -> str:
    """One spelling for each path: absolute, or beginning with `~`, `.` or `?` where the home or folder is not known."""
    form = normal(path, context.home, context.cwd, context.project, cwd=cwd, windows=context.platform == "windows")
    if form.other_home:
        return path
    head, rest = form.parts[:1], form.parts[1:]
    if head == ("~",) and context.home:
        return "/".join((context.home.rstrip("/\\"), *rest))
    if head and head[0] in ("~", ".", "..", "?"):
        return "/".join(form.parts)
    drive = context.home[:2] if form.windows and context.home[1:2] == ":" else ""
    named = path[:2] if form.windows and path[1:2] == ":" else drive
    return f"{named}/" + "/".join(form.parts)


def is_absolute(path: str) -> bool:
    """Whether a path, spelled by `place`, can be read."""
    return path.startswith("/") or path[1:3] == ":/"


@dataclass(slots=True)
class Files:
    """Files during one call. What is written is seen by what reads later."""

    context: CallContext
    present: Present = nothing_read
    written: dict[str, list[Content]] = field(default_factory=dict)
    """By place: every content that the call gives the file, in its order. A later harmless one hides no earlier one:
    whether a step runs at all is not known."""
    folders: set[str] = field(default_factory=set)
    """Places of folders that the call makes."""
    overflowed: bool = False
    """The call writes more than is kept."""
    _read: dict[str, Content] = field(default_factory=dict)

    def place(self, path: str, cwd: str = "") -> str:
        """See `place`."""
        return place(path, self.context, cwd)

    def before(self, at: str) -> Content:
        """The content as it was before the call."""
        if at not in self._read:
            if not is_absolute(at):
                self._read[at] = Unknown("not-read")
            else:
                found = self.present(at)
                too_large = isinstance(found, bytes) and len(found) > LARGEST
                self._read[at] = Unknown("oversized") if too_large else found
        return self._read[at]

    def read(self, at: str) -> Content:
        """The content as the call has left it so far."""
        states = self.written.get(at)
        return states[-1] if states else self.before(at)

    def write(self, at: str, content: Content) -> None:
        """The file has this content from now on."""
        if isinstance(content, bytes) and len(content) > LARGEST:
            content = Unknown("oversized")
        states = self.written.get(at, [])
        if states and states[-1] == content:
            return
        if (not states and len(self.written) >= MOST) or len(states) >= MOST_STATES:
            self.overflowed = True
            return
        states.append(content)
        self.written[at] = states

    def append(self, at: str, content: Content) -> None:
        """The content goes behind what is there."""
        self.write(at, joined(_or_empty(self.read(at)), content))

    def below(self, folder: str) -> Iterator[str]:
        """Places that were written below a folder."""
        prefix = folder.rstrip("/") + "/"
        yield from [at for at in self.written if at.startswith(prefix)]


def _or_empty(content: Content) -> Content:
    return b"" if isinstance(content, Missing) else content


def joined(*parts: Content) -> Content:
    """The contents one behind the other; unknown where one of them is."""
    found = []
    for part in parts:
        if isinstance(part, Unknown):
            return part
        if isinstance(part, bytes):
            found.append(part)
    return b"".join(found)
