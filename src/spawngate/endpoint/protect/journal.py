"""SHELL. What was done to the agents' files, kept in the state folder so that it can be undone byte for byte.

An entry is written before its file is changed and again after: a crash between leaves an entry that says what was
meant, and the file's digest says whether it happened. The original bytes are kept beside it under their digest.
Must not be here: changing the files (`apply`), judging them (`guard`, `standing`).
"""

import contextlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

import msgspec

from spawngate.agents.formats.edit import Change
from spawngate.endpoint import lock
from spawngate.endpoint.client.settings import replace
from spawngate.endpoint.protect.atomic import digest, hold
from spawngate.model.errors import StateError

FOLDER = "protect"
FILE = "journal.json"
SCHEMA_VERSION = 1
MAX_JOURNAL = 64 << 20
LOCK_SECONDS = 30.0


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One file that we changed."""

    agent: str
    scope: str
    path: str
    """As the agent names it."""
    target: str
    """Where its bytes lie."""
    form: str
    """A `Format`; `text` for a file that is ours as a whole."""
    before: str
    """SHA-256 of the bytes before; empty where there was no file. The bytes are kept under that name."""
    after: str
    """SHA-256 of the bytes that we wrote."""
    at: str
    """RFC 3339."""
    changes: tuple[Change, ...] = ()
    folders: tuple[str, ...] = ()
    """Folders that were made for the file."""
    chained: str = ""
    """Where the file of others lies now that ours calls (Cline)."""
    state: Literal["intended", "done"] = "intended"


class ClientNote(msgspec.Struct, frozen=True):
    """The client as it was installed."""

    program: str
    digest: str
    conf: str
    conf_digest: str


class Journal(msgspec.Struct, frozen=True, omit_defaults=True):
    """All entries, by agent and path."""

    schema_version: int = SCHEMA_VERSION
    entries: tuple[Entry, ...] = ()
    client: ClientNote | None = None

    def of(self, agent: str, path: str) -> Entry | None:
        """The entry of one file of one agent."""
        return next((entry for entry in self.entries if entry.agent == agent and entry.path == path), None)

    def with_entry(self, entry: Entry) -> "Journal":
        """The journal with that entry in place of the one of the same agent and path."""
        others = tuple(item for item in self.entries if (item.agent, item.path) != (entry.agent, entry.path))
        return msgspec.structs.replace(self, entries=(*others, entry))

    def without(self, entry: Entry) -> "Journal":
        """The journal without the entry of that agent and path."""
        kept = tuple(item for item in self.entries if (item.agent, item.path) != (entry.agent, entry.path))
        return msgspec.structs.replace(self, entries=kept)


def folder_of(state: Path) -> Path:
    """`<state>/protect`, 0700, made where it is missing. Raises StateError."""
    folder = state / FOLDER
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StateError(f"{folder} cannot be used ({error.strerror})") from None
    return folder


def load(state: Path) -> Journal:
    """The journal; an empty one where there is none. Raises StateError for one that is damaged."""
    path = state / FOLDER / FILE
    try:
        with path.open("rb") as file:
            data = file.read(MAX_JOURNAL)
        journal = msgspec.json.decode(data, type=Journal)
    except FileNotFoundError:
        return Journal()
    except OSError as error:
        raise StateError(f"{path} cannot be read ({error.strerror})") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise StateError(
            f"{path} is damaged; remove it, and `spawngate unprotect` takes our entries out by what they say"
        ) from None
    if journal.schema_version != SCHEMA_VERSION:
        raise StateError(f"{path} was written by another version of Spawngate ({journal.schema_version})")
    return journal


def save(state: Path, journal: Journal) -> None:
    """Write the journal whole or not at all. Raises StateError."""
    replace(folder_of(state) / FILE, msgspec.json.format(msgspec.json.encode(journal), indent=1), 0o600)


def keep(state: Path, data: bytes) -> str:
    """Keep the original bytes of a file under their digest, durably, and return that. Raises StateError."""
    name = digest(data)
    path = folder_of(state) / name
    try:
        if path.read_bytes() == data:
            return name
    except OSError:
        pass
    replace(path, data, 0o600)
    return name


def kept(state: Path, name: str) -> bytes | None:
    """Bytes kept under a digest; None where they are gone or are no longer those."""
    try:
        data = (state / FOLDER / name).read_bytes()
    except OSError:
        return None
    return data if digest(data) == name else None


def forget(state: Path, journal: Journal) -> None:
    """Delete kept bytes that no entry names. Raises nothing."""
    named = {entry.before for entry in journal.entries}
    with contextlib.suppress(OSError):
        for path in (state / FOLDER).iterdir():
            if len(path.name) == 64 and path.name not in named:
                path.unlink(missing_ok=True)


def settled(journal: Journal) -> Journal:
    """The journal after a crash: an intended change either happened or did not, as the file's digest says.

    A file that is neither what it was nor what it should have become was changed by somebody since; the entry stays,
    because our part may be in it.
    """
    entries: list[Entry] = []
    for entry in journal.entries:
        if entry.state == "intended":
            try:
                if hold(entry.path).digest == entry.before:
                    continue
            except Exception:  # noqa: BLE001, S110  # what cannot be read is judged later, by `guard` and `standing`
                pass
            entry = msgspec.structs.replace(entry, state="done")
        entries.append(entry)
    return msgspec.structs.replace(journal, entries=tuple(entries))


def locked(state: Path, seconds: float = LOCK_SECONDS) -> AbstractContextManager[None]:
    """The lock that keeps two of us from changing agents' files at once. Entering raises StateError after `seconds`."""
    held = "another `spawngate protect` or `unprotect` is at work; try again"
    return lock.locked(folder_of(state) / "lock", seconds, held)


def of_agents(journal: Journal, agents: Sequence[str]) -> tuple[Entry, ...]:
    """Entries of some agents; of all where none is named."""
    return tuple(entry for entry in journal.entries if not agents or entry.agent in agents)
