"""Signed evidence of a store: checkpoints of days and of the log of days, proofs, and what a restart finds missing.

After every commit the state of the open day is signed into `head`, so that an end that vanishes shows; every minute,
and when a day is over, the same goes into control data, from where routes send it away. Names of checkpoints:
`NAME/days/2026-11-21` for a day's tree, `NAME/log` for the log of days. Generic over the port but for `head`'s file.

Must not be here: the making of trees (adapters), keys' files (`keys`), verification (`verify`).
"""

import contextlib
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from spawngate.model.errors import UsageError
from spawngate.server.store.port import ControlStore, EventStore, Incident, Item, Key, StoreError, Tree
from spawngate.trail import daylog, note, tree
from spawngate.trail.note import Checkpoint, NoteError, Signer, Verifier

HEAD = "head"
ROOM = 1024
"""Bytes of `head`: written in one piece, in place."""
LOG = "log"
"""Name of the log's checkpoint in control data; a day's is `days/2026-11-21`."""
FILES = "files"
"""`files/2026-11-21` is the state of a closed day's file: its size, and its SHA-256 in place of a root."""


@dataclass(frozen=True, slots=True)
class Proof:
    """That an event is in the store: its leaf is in the day's tree, whose checkpoint is signed."""

    day: str
    index: int
    """Place of the leaf, from 0."""
    size: int
    hashes: tuple[bytes, ...]
    """For `trail.tree.check_inclusion`."""
    checkpoint: str
    """Signed note of the day's tree at `size`."""


class Evidence:
    """Of one store. `head` is the file of the open day's last state; None keeps none."""

    def __init__(self, events: EventStore, control: ControlStore, signer: Signer, head: Path | None) -> None:
        self._events, self._control, self._signer, self._head = events, control, signer, head
        self._open = ""
        self._closed = set(daylog.days([line.text for line in control.log_lines()]).closed)

    @property
    def verifier(self) -> Verifier:
        """Who verifies what is signed here."""
        return self._signer.verifier

    def sign(self, name: str, size: int, root: bytes) -> str:
        """A signed checkpoint."""
        return note.sign(Checkpoint(f"{self._signer.name}/{name}", size, root).text(), [self._signer])

    def committed(self, day: str, size: int, root: bytes) -> None:
        """Note the state of the open day. Called after its commit; failing to is no harm to what was stored."""
        if day != self._open:
            with contextlib.suppress(StoreError):
                self.close_days()  # before `head` lets the last state of the day before go
            self._open = day
        if self._head is not None:
            with contextlib.suppress(OSError):
                write_head(self._head, self.sign(f"days/{day}", size, root))

    def compare(self) -> list[Incident]:
        """What was signed and is gone: to be called once, before anything is appended. Notes it in the log of days."""
        if self._head is None:
            return []
        try:
            signed = read_head(self._head, [self.verifier])
        except FileNotFoundError:
            return []
        except (OSError, NoteError) as error:
            return [Incident("shortened", "", f"{self._head}: the last signed state cannot be read ({error})")]
        day = day_of(signed.origin)
        return self._missing(day, signed) if day else []

    def begun_anew(self) -> list[Incident]:
        """To be called once where control data was made just now: with days there, those before it are gone."""
        names = self._events.days()
        if not names:
            return []
        self._log(daylog.Line("begun", names[-1]))
        message = "control data was missing and began anew: the log of days, routes, holds and settings before are gone"
        return [Incident("damaged", names[-1], message)]

    def _missing(self, day: str, signed: Checkpoint) -> list[Incident]:
        names = self._events.days()
        found = 0
        try:
            if day in names:
                found = self._events.tree(day).size
                if found >= signed.size and self._events.subtree(day, 0, signed.size) == signed.root:
                    return []
            elif day in daylog.days([line.text for line in self._control.log_lines()]).expired:
                return []
        except StoreError:
            found = 0
        self._log(daylog.Line("lost", day, signed.size, signed.root, found))
        message = f"{signed.size} events of {day} were signed for, and {found} are there as they were"
        return [Incident("shortened", day, message)]

    def close_days(self) -> list[str]:
        """Put the days that are over into the log; which."""
        over = [day for day in self._events.days()[:-1] if day not in self._closed]
        done: list[str] = []
        for day in over:
            try:
                state = self._events.tree(day)
            except StoreError:
                if day in self._known_damaged():
                    self._closed.add(day)
                    continue
                line = daylog.Line("damaged", day)
            else:
                line = daylog.Line("day", day, state.size, state.root)
                self._control.put(Item("checkpoint", f"days/{day}", self._signed(day, state)))
            self._log(line)
            self._closed.add(day)
            done.append(day)
        return done

    def _known_damaged(self) -> frozenset[str]:
        return daylog.days([line.text for line in self._control.log_lines()]).damaged

    def keep_file(self, day: str, path: Path) -> None:
        """Sign what the file of a day is that nobody writes any more: its size and SHA-256. Raises StoreError."""
        name = f"{FILES}/{day}"
        self._control.put(Item("checkpoint", name, self.sign(name, *file_state(path)).encode()))

    def checkpoint(self) -> str:
        """Sign the open day's state into control data; the note, empty where there is no day."""
        names = self._events.days()
        if not names:
            return ""
        signed = self._signed(names[-1], self._events.tree(names[-1]))
        self._control.put(Item("checkpoint", f"days/{names[-1]}", signed))
        return signed.decode()

    def expired(self, day: str) -> None:
        """Note that a day is about to be deleted."""
        lines = daylog.days([line.text for line in self._control.log_lines()])
        if day in lines.expired:
            return
        known = lines.closed.get(day)
        size, root = (known.size, known.root) if known else (0, bytes(32))
        self._log(daylog.Line("expired", day, size, root))
        self._control.remove("checkpoint", f"{FILES}/{day}", f"days/{day}")

    def log_checkpoint(self) -> str:
        """The signed checkpoint of the log of days; empty where there is none yet."""
        return (self._control.get("checkpoint", LOG) or b"").decode()

    def prove(self, key: Key) -> Proof:
        """That an event is in the store as it is now. Raises UsageError where it is not, StoreError."""
        found = self._events.find(key)
        if found is None:
            raise UsageError("there is no such event in the store")
        day, index = found[1].day, found[1].number - 1
        state = self._events.tree(day)
        hashes = tree.inclusion(index, state.size, lambda start, end: self._events.subtree(day, start, end))
        return Proof(day, index, state.size, tuple(hashes), self._signed(day, state).decode())

    def prove_growth(self, day: str, old: int) -> tuple[Tree, Sequence[bytes], str]:
        """That a day's tree begins with an older state of it: the tree now, the proof, and its checkpoint.

        Raises UsageError, StoreError."""
        state = self._events.tree(day)
        try:
            hashes = tree.consistency(old, state.size, lambda start, end: self._events.subtree(day, start, end))
        except ValueError as error:
            raise UsageError(str(error)) from None
        return state, hashes, self._signed(day, state).decode()

    def _signed(self, day: str, state: Tree) -> bytes:
        return self.sign(f"days/{day}", state.size, state.root).encode()

    def _log(self, line: daylog.Line) -> None:
        """One more line, and the checkpoint that has it, in one commit: the log is signed at every moment."""
        texts = [*(each.text for each in self._control.log_lines()), str(line)]
        note_ = self.sign(LOG, len(texts), daylog.root_of(texts)).encode()
        self._control.log(str(line), items=[Item("checkpoint", LOG, note_)])


def day_of(origin: str) -> str:
    """The day of a checkpoint's name; empty where it is another one's."""
    _, _, rest = origin.partition("/")
    kind, _, day = rest.partition("/")
    return day if kind == "days" else ""


def file_state(path: Path) -> tuple[int, bytes]:
    """Size and SHA-256 of a file. Raises StoreError."""
    try:
        with open(path, "rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
            return os.fstat(file.fileno()).st_size, digest
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from None


def write_head(path: Path, text: str) -> None:
    """Write the last signed state in place, in one piece. Raises OSError."""
    data = text.encode()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        os.pwrite(descriptor, data + b"\n" * (ROOM - len(data)), 0)
    finally:
        os.close(descriptor)


def read_head(path: Path, verifiers: Sequence[Verifier]) -> Checkpoint:
    """The last signed state. Raises OSError, NoteError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(ROOM + 1)
    try:
        text = data.decode().rstrip("\n") + "\n"
    except UnicodeDecodeError:
        raise NoteError("this is no note") from None
    return note.read_checkpoint(note.verify(text, verifiers)[0])
