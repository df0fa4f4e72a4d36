"""SHELL. `audit verify` of a store: offline, reading only, naming what is not as it was stored.

Held against each other: the key and its public half, control data and its seals, the log of days and its signed
checkpoint, every day's file and the root that the log or a checkpoint has for it, the chain of every stream, and what
an auditor noted elsewhere. Must not be here: one file's inside (`sqlite.verify_day`), exports (`server.store.export`).
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from spawngate.server.store import keys
from spawngate.server.store.evidence import FILES, HEAD, LOG, day_of, file_state, read_head
from spawngate.server.store.port import StoreError
from spawngate.server.store.sqlite import files
from spawngate.server.store.sqlite.control import SqliteControl
from spawngate.server.store.sqlite.day import Day
from spawngate.server.store.sqlite.verify_day import Chains, Seen, look
from spawngate.trail import daylog, note
from spawngate.trail.note import Checkpoint, NoteError, Verifier


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


def verify_store(folder: Path, verifier: Verifier | None = None, noted: Sequence[str] = ()) -> Report:
    """Check everything. `verifier` is the key noted elsewhere, `noted` are signed checkpoints that were sent away.

    Raises StoreError where there is no store.
    """
    return _Verification(folder, verifier, noted).run()


def _head_of(path: Path, verifiers: Sequence[Verifier]) -> Checkpoint:
    """The last signed state; asked again where it is just being written."""
    for _ in range(5):
        try:
            return read_head(path, verifiers)
        except NoteError:
            time.sleep(0.01)
    return read_head(path, verifiers)


class _Verification:
    def __init__(self, folder: Path, verifier: Verifier | None, noted: Sequence[str]) -> None:
        self.folder, self.given, self.noted = folder, verifier, noted
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
        if not (self.folder / files.EVENTS).is_dir() and not (self.folder / files.CONTROL).exists():
            raise StoreError(f"{self.folder}: there is no store")
        texts = self._control(self._key())
        log = daylog.days(texts)
        self._noted(texts, log)
        self._head()
        events = uncovered = days = 0
        names = files.day_files(self.folder)
        for place, (name, path) in enumerate(names):
            self.chains.day = name
            seen = self._look(name, path)
            if seen is not None:
                days += 1
                events += seen.size
                uncovered = self._judge(name, seen, newer=len(names) - 1 - place)
        self._missing(log, {name for name, _ in names})
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
            signer = keys.signer_of(self.folder, make=False)
            private = keys.control_key(signer)
            public = signer.verifier
        except StoreError as error:
            self.tell(keys.KEY, "altered", str(error))
        try:
            published = keys.verifier_of(self.folder)
        except StoreError as error:
            self.tell(keys.PUBLIC, "altered", str(error))
        else:
            if public is not None and published != public:
                self.tell(keys.PUBLIC, "replaced", "the public key is not that of the private key: one was replaced")
            public = public or published
        if self.given is not None and public is not None and self.given != public:
            self.tell(keys.KEY, "replaced", "the store's key is not the one that was noted elsewhere")
        elif public is not None and not self.verifiers:
            self.verifiers.append(public)
        return private

    def _control(self, key: bytes | None) -> list[str]:
        """The log's lines; what is wrong with control data is told."""
        try:
            control = SqliteControl(self.folder, key or b"", read_only=True)
        except StoreError as error:
            self.tell(files.CONTROL, "unreadable", str(error))
            return []
        try:
            with control.snapshot():
                if key is not None:
                    for problem in control.faults():
                        self.tell(files.CONTROL, "altered", problem)
                texts = [line.text for line in control.log_lines()]
                for item in control.items("checkpoint", limit=10_000):
                    self._checkpoint(item.name, item.value.decode("utf-8", "replace"), texts)
                if texts and control.get("checkpoint", LOG) is None:
                    self.tell(files.CONTROL, "dropped", "the checkpoint of the log of days is missing")
        except StoreError as error:
            self.tell(files.CONTROL, "unreadable", str(error))
            return []
        finally:
            control.close()
        log = daylog.days(texts)
        for place in log.unreadable:
            self.tell(files.CONTROL, "altered", f"line {place} of the log of days is none")
        for line in log.closed.values():
            self._expect(line.day, line.size, line.root, "the log of days")
            self.known[line.day].final = line.size
        for day in sorted(log.begun):
            what = (
                f"control data began anew on {day}, with days there: what it held before, the log of days too, is gone"
            )
            self.tell(files.CONTROL, "lost", what, day)
        for line in log.lost:
            self.tell(
                files.CONTROL,
                "lost",
                f"{line.size} events of {line.day} were signed for; {line.found} were there at the next start",
                line.day,
            )
        return texts

    def _checkpoint(self, name: str, text: str, texts: Sequence[str]) -> None:
        signed = self._signed(text, f"checkpoint {name!r}", files.CONTROL)
        if signed is None:
            return
        if not signed.origin.endswith(f"/{name}"):
            self.tell(files.CONTROL, "swapped", f"checkpoint {name!r} is that of {signed.origin!r}")
        elif name.startswith(f"{FILES}/"):
            self.whole[name.removeprefix(f"{FILES}/")] = signed.size, signed.root
        elif name == LOG:
            if len(texts) < signed.size:
                what = f"the log of days has {len(texts)} lines, and {signed.size} were signed"
                self.tell(files.CONTROL, "dropped", what)
            elif daylog.root_of(texts[: signed.size]) != signed.root:
                self.tell(files.CONTROL, "altered", "the log of days is not the one that was signed")
            elif len(texts) > signed.size:
                self.tell(files.CONTROL, "inserted", f"line {signed.size} of the log of days was not signed")
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
            signed = self._signed(text, "the checkpoint that was noted elsewhere", keys.KEY)
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
                    self.tell(files.CONTROL, "altered", f"the file of {day} was closed as another one than noted", day)
                self.known.setdefault(day, _Known())
            elif kind != FILES:
                self.tell(keys.KEY, "altered", f"{source} is of {signed.origin!r}, which no store has")

    def _log_was(self, texts: Sequence[str], signed: Checkpoint, source: str) -> None:
        """Hold the log of days against a state that was signed. It only grows."""
        if len(texts) < signed.size:
            what = f"the log of days has {len(texts)} lines, and {source} has {signed.size}"
            self.tell(files.CONTROL, "dropped", what)
        elif daylog.root_of(texts[: signed.size]) != signed.root:
            self.tell(files.CONTROL, "altered", f"the log of days does not begin with the one of {source}")

    def _head(self) -> None:
        if not self.verifiers:
            return
        try:
            signed = _head_of(self.folder / HEAD, self.verifiers)
        except FileNotFoundError:
            if files.day_files(self.folder):
                self.tell(HEAD, "dropped", "the last signed state is missing")
        except (OSError, NoteError) as error:
            self.tell(HEAD, "altered", f"the last signed state is none of this store's key ({error})")
        else:
            self._expect(day_of(signed.origin), signed.size, signed.root, "the last signed state")

    def _expect(self, day: str, size: int, root: bytes, source: str) -> None:
        known = self.known.setdefault(day, _Known())
        other = known.roots.setdefault(size, (root, source))
        if other[0] != root:
            self.tell(
                files.CONTROL, "altered", f"{source} and {other[1]} have two roots for {size} events of {day}", day
            )

    # Days ---------------------------------------------------------------------------------------------------------

    def _look(self, name: str, path: Path) -> Seen | None:
        file = f"{files.EVENTS}/{path.name}"
        try:
            day = Day(name, path)
        except StoreError as error:
            self.tell(file, "unreadable", str(error), name)
            return None
        try:
            seen = look(day, self.chains.link)
        except StoreError as error:
            self.tell(file, "unreadable", str(error), name)
            return None
        finally:
            day.close()
        if name in self.whole and not seen.faults and file_state(path) != self.whole[name]:
            self.tell(file, "altered", f"the file of {name} is not the one that was closed", name)
        for fault in seen.faults:
            self.tell(file, fault.kind, fault.message, name, fault.number, fault.stream)
        return seen

    def _judge(self, name: str, seen: Seen, *, newer: int) -> int:
        """Hold a day's tree against what was signed; how many events at its end nothing covers."""
        file = f"{files.EVENTS}/{name}.sqlite"
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
                aside = (self.folder / files.DAMAGED / f"{day}.sqlite").exists()
                where = f"; what was left of it is in {files.DAMAGED}" if aside else ""
                size = max(self.known[day].roots, default=0) if day in self.known else 0
                message = f"{day} is missing: its {size} events are gone{where}"
                self.tell(f"{files.EVENTS}/{day}.sqlite", "dropped", message, day)
