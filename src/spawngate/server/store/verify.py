"""SHELL. `audit verify` of a store: reading only, naming what is not as it was stored.

Held against each other: the key and its public half, control data and its seals, the log of days and its signed
checkpoint, every day and the root that the log or a checkpoint has for it, the chain of every stream, and what an
auditor noted elsewhere. `Place` is where all this lies; the embedded store's is its folder. Must not be here: one day's
inside (`coded.look`), exports (`trail.manifest`), other databases (`postgres.verify`).
"""

import time
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from spawngate.server.store import keys
from spawngate.server.store.coded.look import Chains, Link, Seen, look
from spawngate.server.store.evidence import FILES, HEAD, LOG, day_of, file_state, read_head
from spawngate.server.store.port import Item, Kind, LogLine, StoreError
from spawngate.server.store.sqlite import files
from spawngate.server.store.sqlite.control import SqliteControl
from spawngate.server.store.sqlite.day import Day
from spawngate.trail import daylog, note
from spawngate.trail.note import Checkpoint, NoteError, Signer, Verifier


class Finding(msgspec.Struct, frozen=True):
    """One thing that is not as it was written."""

    file: str
    """Within the store's folder."""
    kind: str
    """altered, dropped, inserted, swapped, unreadable, lost, replaced."""
    message: str
    day: str = ""
    number: int = 0
    """The event's number in the day."""
    event: str = ""
    """`endpoint stream sequence`."""


class Report(msgspec.Struct, frozen=True):
    """What verification of a store found."""

    findings: tuple[Finding, ...]
    events: int
    """That were read."""
    days: int
    verifier: str
    """Public key that the checkpoints were held against."""
    uncovered: int = 0
    """Events at the end of the open day that no checkpoint covers yet."""
    gaps: tuple[str, ...] = ()
    """Events that never arrived, by stream: no fault of the store."""
    expired: tuple[str, ...] = ()
    """Days that were deleted, as the log says."""


@dataclass(slots=True)
class _Known:
    """What signed states say of a day: size to root, and where from."""

    roots: dict[int, tuple[bytes, str]] = field(default_factory=dict)
    final: int = -1
    """The size that the day ended with; -1 where it is open."""


class SealedControl(Protocol):
    """Control data, as far as verification reads it. Every method may raise StoreError."""

    def snapshot(self) -> AbstractContextManager[None]:
        """What is read inside is of one moment."""

    def faults(self) -> Iterable[str]:
        """Every row that is not as it was written, by name."""

    def get(self, kind: Kind, name: str) -> bytes | None:
        """See the port."""

    def items(self, kind: Kind, *, after: str = "", limit: int = 1000) -> Sequence[Item]:
        """See the port."""

    def log_lines(self, start: int = 0) -> Sequence[LogLine]:
        """See the port."""

    def close(self) -> None:
        """See the port."""


class Place(Protocol):
    """Where a store lies, and how what is in it is called in findings."""

    key: str
    public: str
    control: str
    head: str

    def check(self) -> None:
        """Raises StoreError where there is no store."""

    def signer(self) -> Signer:
        """The signing key. Raises StoreError."""

    def published(self) -> Verifier:
        """Its public half, as it is published. Raises StoreError."""

    def open_control(self, key: bytes) -> SealedControl:
        """Control data. Raises StoreError."""

    def last_signed(self, verifiers: Sequence[Verifier]) -> Checkpoint | None:
        """The state that was signed with the last commit; None where there is none and none is missed.
        Raises FileNotFoundError, OSError, NoteError."""

    def days(self) -> Sequence[str]:
        """Names of the days that are there, oldest first. Raises StoreError."""

    def called(self, day: str) -> str:
        """What findings call a day's events."""

    def look(self, day: str, link: Link) -> Seen:
        """Hold a day against itself. Raises StoreError."""

    def whole(self, day: str) -> tuple[int, bytes] | None:
        """Size and SHA-256 of a day's file, where it has one. Raises StoreError."""

    def left_of(self, day: str) -> str:
        """Where something is left of a day that is gone; empty: nowhere."""


class Folder:
    """The embedded store of a folder."""

    key, public, control, head = keys.KEY, keys.PUBLIC, files.CONTROL, HEAD

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def check(self) -> None:
        """See `Place`."""
        if not (self._folder / files.EVENTS).is_dir() and not (self._folder / files.CONTROL).exists():
            raise StoreError(f"{self._folder}: there is no store")

    def signer(self) -> Signer:
        """See `Place`."""
        return keys.signer_of(self._folder, make=False)

    def published(self) -> Verifier:
        """See `Place`."""
        return keys.verifier_of(self._folder)

    def open_control(self, key: bytes) -> SealedControl:
        """See `Place`."""
        return SqliteControl(self._folder, key, read_only=True)

    def last_signed(self, verifiers: Sequence[Verifier]) -> Checkpoint | None:
        """See `Place`."""
        try:
            return _head_of(self._folder / HEAD, verifiers)
        except FileNotFoundError:
            if files.day_files(self._folder):
                raise
            return None

    def days(self) -> Sequence[str]:
        """See `Place`."""
        return [name for name, _ in files.day_files(self._folder)]

    def called(self, day: str) -> str:
        """See `Place`."""
        return f"{files.EVENTS}/{day}.sqlite"

    def look(self, day: str, link: Link) -> Seen:
        """See `Place`."""
        with closing(Day(day, files.day_path(self._folder, day))) as opened, opened.at_one_moment():
            return look(opened, link)

    def whole(self, day: str) -> tuple[int, bytes] | None:
        """See `Place`."""
        return file_state(files.day_path(self._folder, day))

    def left_of(self, day: str) -> str:
        """See `Place`."""
        return files.DAMAGED if (self._folder / files.DAMAGED / f"{day}.sqlite").exists() else ""


def verify_store(folder: Path, verifier: Verifier | None = None, noted: Sequence[str] = ()) -> Report:
    """Check everything. `verifier` is the key noted elsewhere, `noted` are signed checkpoints that were sent away.

    Raises StoreError where there is no store.
    """
    return verify_place(Folder(folder), verifier, noted)


def verify_place(place: Place, verifier: Verifier | None = None, noted: Sequence[str] = ()) -> Report:
    """The same of any store. Raises StoreError."""
    return _Verification(place, verifier, noted).run()


def _head_of(path: Path, verifiers: Sequence[Verifier]) -> Checkpoint:
    """The last signed state; asked again where it is just being written."""
    for _ in range(5):
        try:
            return read_head(path, verifiers)
        except NoteError:
            time.sleep(0.01)
    return read_head(path, verifiers)


class _Verification:
    def __init__(self, place: Place, verifier: Verifier | None, noted: Sequence[str]) -> None:
        self.place, self.given, self.noted = place, verifier, noted
        self.findings: list[Finding] = []
        self.known: dict[str, _Known] = {}
        self.whole: dict[str, tuple[int, bytes]] = {}
        """Size and SHA-256 of the files of days that are closed."""
        self.chains = Chains()
        self.verifiers: list[Verifier] = [] if verifier is None else [verifier]

    def tell(self, file: str, kind: str, message: str, day: str = "", number: int = 0, event: str = "") -> None:
        """Note a finding once."""
        finding = Finding(file, kind, message, day, number, event)
        if finding not in self.findings:
            self.findings.append(finding)

    def run(self) -> Report:
        self.place.check()
        texts = self._control(self._key())
        log = daylog.days(texts)
        self._noted(texts, log)
        self._head()
        events = uncovered = days = 0
        names = self.place.days()
        for place, name in enumerate(names):
            self.chains.day = name
            seen = self._look(name)
            if seen is not None:
                days += 1
                events += seen.size
                uncovered = self._judge(name, seen, newer=len(names) - 1 - place)
        self._missing(log, set(names))
        gaps = tuple(self.chains.gaps())
        return Report(
            tuple(self.findings),
            events,
            days,
            str(self.verifiers[0]) if self.verifiers else "",
            uncovered,
            gaps,
            tuple(sorted(log.expired)),
        )

    # Signed states ------------------------------------------------------------------------------------------------

    def _key(self) -> bytes | None:
        """The key of control data's seals; None where the key cannot be had."""
        private: bytes | None = None
        public: Verifier | None = None
        try:
            signer = self.place.signer()
            private = keys.control_key(signer)
            public = signer.verifier
        except StoreError as error:
            self.tell(self.place.key, "altered", str(error))
        try:
            published = self.place.published()
        except StoreError as error:
            self.tell(self.place.public, "altered", str(error))
        else:
            if public is not None and published != public:
                self.tell(
                    self.place.public, "replaced", "the public key is not that of the private key: one was replaced"
                )
            public = public or published
        if self.given is not None and public is not None and self.given != public:
            self.tell(self.place.key, "replaced", "the store's key is not the one that was noted elsewhere")
        elif public is not None and not self.verifiers:
            self.verifiers.append(public)
        return private

    def _control(self, key: bytes | None) -> list[str]:
        """The log's lines; what is wrong with control data is told."""
        try:
            control = self.place.open_control(key or b"")
        except StoreError as error:
            self.tell(self.place.control, "unreadable", str(error))
            return []
        try:
            with control.snapshot():
                if key is not None:
                    for problem in control.faults():
                        self.tell(self.place.control, "altered", problem)
                texts = [line.text for line in control.log_lines()]
                items = control.items("checkpoint", limit=10_000)
                for item in items:
                    self._checkpoint(item.name, item.value.decode("utf-8", "replace"), texts)
                if texts and LOG not in [item.name for item in items]:
                    self.tell(self.place.control, "dropped", "the checkpoint of the log of days is missing")
        except StoreError as error:
            self.tell(self.place.control, "unreadable", str(error))
            return []
        finally:
            control.close()
        log = daylog.days(texts)
        for place in log.unreadable:
            self.tell(self.place.control, "altered", f"line {place} of the log of days is none")
        for line in log.closed.values():
            self._expect(line.day, line.size, line.root, "the log of days")
            self.known[line.day].final = line.size
        for day in sorted(log.begun):
            what = (
                f"control data began anew on {day}, with days there: what it held before, the log of days too, is gone"
            )
            self.tell(self.place.control, "lost", what, day)
        for line in log.lost:
            self.tell(
                self.place.control,
                "lost",
                f"{line.size} events of {line.day} were signed for; {line.found} were there at the next start",
                line.day,
            )
        return texts

    def _checkpoint(self, name: str, text: str, texts: Sequence[str]) -> None:
        signed = self._signed(text, f"checkpoint {name!r}", self.place.control)
        if signed is None:
            return
        if not signed.origin.endswith(f"/{name}"):
            self.tell(self.place.control, "swapped", f"checkpoint {name!r} is that of {signed.origin!r}")
        elif name.startswith(f"{FILES}/"):
            self.whole[name.removeprefix(f"{FILES}/")] = signed.size, signed.root
        elif name == LOG:
            if len(texts) < signed.size:
                what = f"the log of days has {len(texts)} lines, and {signed.size} were signed"
                self.tell(self.place.control, "dropped", what)
            elif daylog.root_of(texts[: signed.size]) != signed.root:
                self.tell(self.place.control, "altered", "the log of days is not the one that was signed")
            elif len(texts) > signed.size:
                self.tell(self.place.control, "inserted", f"line {signed.size} of the log of days was not signed")
        else:
            self._expect(day_of(signed.origin), signed.size, signed.root, "a checkpoint")

    def _signed(self, text: str, what: str, file: str) -> Checkpoint | None:
        if not self.verifiers:
            return None
        try:
            return note.read_checkpoint(note.verify(text, self.verifiers)[0])
        except NoteError as error:
            self.tell(file, "altered", f"{what} is not signed by this store's key: it or the key was altered ({error})")
            return None

    def _noted(self, texts: Sequence[str], log: daylog.Days) -> None:
        """Hold the store against what was noted elsewhere: states of days, of the log of days, and of files."""
        source = "a checkpoint that was noted elsewhere"
        for text in self.noted:
            signed = self._signed(text, "the checkpoint that was noted elsewhere", self.place.key)
            if signed is None:
                continue
            kind, _, day = signed.origin.partition("/")[2].partition("/")
            if day_of(signed.origin):
                self._expect(day, signed.size, signed.root, source)
            elif kind == LOG and not day:
                self._log_was(texts, signed, source)
            elif kind == FILES and day not in log.expired:
                state = signed.size, signed.root
                if self.whole.setdefault(day, state) != state:
                    self.tell(
                        self.place.control, "altered", f"the file of {day} was closed as another one than noted", day
                    )
                self.known.setdefault(day, _Known())
            elif kind != FILES:
                self.tell(self.place.key, "altered", f"{source} is of {signed.origin!r}, which no store has")

    def _log_was(self, texts: Sequence[str], signed: Checkpoint, source: str) -> None:
        """Hold the log of days against a state that was signed. It only grows."""
        if len(texts) < signed.size:
            what = f"the log of days has {len(texts)} lines, and {source} has {signed.size}"
            self.tell(self.place.control, "dropped", what)
        elif daylog.root_of(texts[: signed.size]) != signed.root:
            self.tell(self.place.control, "altered", f"the log of days does not begin with the one of {source}")

    def _head(self) -> None:
        if not self.verifiers:
            return
        try:
            signed = self.place.last_signed(self.verifiers)
        except FileNotFoundError:
            self.tell(self.place.head, "dropped", "the last signed state is missing")
        except (OSError, NoteError) as error:
            self.tell(self.place.head, "altered", f"the last signed state is none of this store's key ({error})")
        else:
            if signed is not None:
                self._expect(day_of(signed.origin), signed.size, signed.root, "the last signed state")

    def _expect(self, day: str, size: int, root: bytes, source: str) -> None:
        known = self.known.setdefault(day, _Known())
        other = known.roots.setdefault(size, (root, source))
        if other[0] != root:
            self.tell(
                self.place.control, "altered", f"{source} and {other[1]} have two roots for {size} events of {day}", day
            )

    # Days ---------------------------------------------------------------------------------------------------------

    def _look(self, name: str) -> Seen | None:
        file = self.place.called(name)
        try:
            seen = self.place.look(name, self.chains.link)
        except StoreError as error:
            self.tell(file, "unreadable", str(error), name)
            return None
        if name in self.whole and not seen.faults and self.place.whole(name) != self.whole[name]:
            self.tell(file, "altered", f"the file of {name} is not the one that was closed", name)
        for fault in seen.faults:
            self.tell(file, fault.kind, fault.message, name, fault.number, fault.stream)
        return seen

    def _judge(self, name: str, seen: Seen, *, newer: int) -> int:
        """Hold a day's tree against what was signed; how many events at its end nothing covers."""
        file = self.place.called(name)
        known = self.known.get(name, _Known())
        told = len([each for each in self.findings if each.day == name and each.file == file])
        wrong = False
        covered = 0
        for size, (root, source) in sorted(known.roots.items()):
            if size > seen.size:
                wrong = True
                what = f"events {seen.size + 1} to {size}" if size > seen.size + 1 else f"event {size}"
                self.tell(file, "dropped", f"{what} of {name} are missing: {source} has {size}", name, seen.size + 1)
            elif seen.root(size) != root:
                wrong = True
            else:
                covered = max(covered, size)
        if 0 <= known.final < seen.size:
            self.tell(
                file,
                "inserted",
                f"event {known.final + 1} of {name} was inserted: the day ended with {known.final}",
                name,
                known.final + 1,
            )
        elif known.final < 0 and newer > 1:  # the day before today may just not be closed yet
            self.tell(file, "altered", f"{name} is over and not in the log of days", name)
        self._chained(name, file)
        after = len([each for each in self.findings if each.day == name and each.file == file])
        if wrong and after == told:
            first = seen.bad_tiles[0] if seen.bad_tiles else (seen.size // 256 * 256 + 1, seen.size)
            message = f"{name}: one of the events {first[0]} to {first[1]}, or their order, is not as it was stored"
            self.tell(file, "altered", message, name, first[0])
        elif seen.bad_tiles and after == 0:
            first = seen.bad_tiles[0]
            message = f"{name}: the tile of the events {first[0]} to {first[1]} is not theirs"
            self.tell(file, "altered", message, name, first[0])
        return seen.size - covered if not newer and not wrong else 0

    def _chained(self, name: str, file: str) -> None:
        """What the chains say of this day."""
        for place, message in self.chains.faults:
            day, number = place.split(" ")
            if day == name:
                self.tell(file, "altered", message, name, int(number))
        for place, event in self.chains.repeated():
            day, number = place.split(" ")
            if day == name:
                message = f"event {number} ({event}): its place in its stream is taken"
                self.tell(file, "inserted", message, name, int(number), event)

    def _missing(self, log: daylog.Days, there: set[str]) -> None:
        for day in sorted(set(self.known) | log.damaged):
            if day and day not in there and day not in log.expired:
                aside = self.place.left_of(day)
                where = f"; what was left of it is in {aside}" if aside else ""
                size = max(self.known[day].roots, default=0) if day in self.known else 0
                message = f"{day} is missing: its {size} events are gone{where}"
                self.tell(self.place.called(day), "dropped", message, day)
