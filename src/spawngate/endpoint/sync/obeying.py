"""SHELL. Commands of the server: each obeyed once, in the order of their numbers, and what became of it kept until the
server knows.

A command that does not bear the pinned key's signature for this endpoint, whose number is not above that of the last,
or whose time is over, is not obeyed. One that a crash cut off is told as failed, and never begun again.
Must not be here: what a command is (`sync.command`), when the server is asked (`run`).
"""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from spawngate.endpoint.client.settings import replace
from spawngate.endpoint.files import Unreadable, read
from spawngate.endpoint.state import State
from spawngate.endpoint.sync import enrolling
from spawngate.endpoint.sync.enrolment import COMMANDS, FOLDER, Enrolment, folder
from spawngate.endpoint.sync.glance import Looking
from spawngate.endpoint.sync.words import SCAN, Word
from spawngate.endpoint.trail.store import now
from spawngate.model.errors import SpawngateError, StateError
from spawngate.model.json import Json
from spawngate.sync import command
from spawngate.sync.command import Command, CommandError
from spawngate.sync.messages import Leave, Outcome
from spawngate.trail.moment import stamp
from spawngate.trail.note import NoteError, read_verifier

MAX_FILE = 1 << 16
PATIENCE = 600.0
"""Seconds that an inventory which was asked for may take."""
MOST = 20
_SERVERS = "servers.json"
"""Written with every inventory that the daemon takes over (`endpoint.daemon.inventory`)."""


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept between two runs."""

    server_key: str = ""
    """Whose numbers these are."""
    last: int = 0
    """Number of the last command that was begun."""
    doing: int = 0
    """It has not ended; 0: none."""
    leaving: bool = False
    """It is to leave, and the server may not know yet."""
    outcomes: tuple[Outcome, ...] = ()


class Obeying:
    """One endpoint and its commands. For one thread."""

    def __init__(self, state: State, looking: Looking, say: Callable[[Word], None], clock: Callable[[], float]) -> None:
        self._state, self._looking, self._say, self._clock = state, looking, say, clock
        self._kept = _load(state.folder)
        self._scan_until = 0.0
        self._scan_before: object = None
        self._scan_look: object = None
        if self._kept.doing and not self._kept.leaving:
            self._end("failed", "the process that obeyed it ended")

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What the server is to be told."""
        return self._kept.outcomes

    @property
    def leaving(self) -> Leave | None:
        """What the server is to be told before this endpoint leaves; None where it does not."""
        return Leave(enrolling.user(), self._kept.doing) if self._kept.leaving else None

    def known(self, outcomes: Sequence[Outcome]) -> None:
        """The server was told these."""
        if outcomes:
            left = tuple(each for each in self._kept.outcomes if each not in outcomes)
            self._kept = msgspec.structs.replace(self._kept, outcomes=left)
            with contextlib.suppress(StateError):  # to tell them again does no harm
                self._keep(self._kept)

    def take(self, texts: Sequence[str], enrolment: Enrolment) -> str:
        """Obey what is new of these; why one of them was refused, empty where none was.

        Raises StateError where nothing can be kept: then nothing was obeyed.
        """
        if self._kept.server_key != enrolment.server_key:
            self._keep(Kept(enrolment.server_key))
        found: list[Command] = []
        problem = ""
        for text in texts:
            try:
                found.append(command.opened(text, enrolment.endpoint, read_verifier(enrolment.server_key)))
            except (CommandError, NoteError) as error:
                problem = str(error)
        for each in sorted(found, key=lambda one: one.id):
            if each.id > self._kept.last and not self._kept.doing:
                if late := command.untimely(each, stamp(now())):
                    self._keep(msgspec.structs.replace(self._kept, last=each.id, doing=each.id))
                    self._end("failed", late)
                    problem = f"command {each.id} is not obeyed: {late}"
                else:
                    self._begin(each, enrolment)
        return problem

    def round(self) -> None:
        """See whether an inventory that was asked for is there."""
        if not self._kept.doing or self._kept.leaving:
            return
        if self._scan_look is None and _stamp(self._state.folder) != self._scan_before:
            self._scan_look = self._looking.found or ()
            self._looking.again(at_once=True)
        found = self._looking.found
        if self._scan_look is not None and found is not None and found is not self._scan_look:
            self._end("done", f"inventory {found.inventory[:12]}" if found.inventory else "there is no inventory yet")
        elif self._clock() >= self._scan_until:
            self._end("failed", "no inventory was taken in ten minutes; does the daemon take inventories?")

    # --------------------------------------------------------------------------------------------------------------

    def _begin(self, given: Command, enrolment: Enrolment) -> None:
        # INVARIANT: kept before it is done, so that a crash does nothing twice.
        leaves = given.what == "unenroll"
        self._keep(msgspec.structs.replace(self._kept, last=given.id, doing=given.id, leaving=leaves))
        words = f"the server told this endpoint to {given.what} ({given.by})"
        detail: dict[str, Json] = {"what": "commanded", "command": given.what, "id": given.id, "by": given.by}
        self._say(Word("administration", detail, words))
        if given.what == "scan":
            self._scan_before, self._scan_look = _stamp(self._state.folder), None
            self._scan_until = self._clock() + PATIENCE
            self._say(Word(SCAN, {}, ""))
        elif given.what == "reenroll":
            self._reenroll(given, enrolment)
        elif not leaves:
            self._end("failed", "this version does not know that command")

    def _reenroll(self, given: Command, enrolment: Enrolment) -> None:
        try:
            made = enrolling.enrol(
                self._state,
                enrolment.reach,
                given.code,
                secret_file=enrolment.secret_file,
                pinned=enrolment.server_key,
            )
        except SpawngateError as error:
            self._end("failed", str(error))
            return
        self._end("done", f"enrolled again as {made.endpoint}")

    def _end(self, state: str, message: str) -> None:
        ended = msgspec.convert({"id": self._kept.doing, "state": state, "message": message[:1_000]}, Outcome)
        outcomes = (*self._kept.outcomes, ended)[-MOST:]
        fresh = msgspec.structs.replace(self._kept, doing=0, leaving=False, outcomes=outcomes)
        self._kept = fresh
        with contextlib.suppress(StateError):  # it is told all the same
            self._keep(fresh)

    def _keep(self, kept: Kept) -> None:
        replace(folder(self._state.folder) / COMMANDS, msgspec.json.encode(kept) + b"\n", 0o600)
        self._kept = kept


def _load(state: Path) -> Kept:
    try:
        return msgspec.json.decode(read(str(state / FOLDER / COMMANDS), MAX_FILE), type=Kept)
    except (Unreadable, StateError, msgspec.MsgspecError, ValueError):
        return Kept()


def _stamp(state: Path) -> object:
    try:
        found = (state / _SERVERS).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino
