"""SHELL. What the server manages here, as it is kept in force: the newest bundle fetched, and put right what somebody
changed in it. What cannot be put in force is told, once, and keeps nothing else back; so is what nobody has vouched for
in days: whoever keeps the server's answers from us, or repeats old ones, keeps no policy in force unnoticed.

Must not be here: what a bundle does (`applying`), when the server is asked (`run`).
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from spawngate.endpoint.sync import applying
from spawngate.endpoint.sync.enrolment import Enrolment
from spawngate.endpoint.sync.transport import Answer, RefusedError, unpacked
from spawngate.endpoint.sync.voice import Voice
from spawngate.endpoint.sync.words import Word
from spawngate.endpoint.trail.store import now
from spawngate.model.errors import StateError
from spawngate.model.json import Json
from spawngate.sync.bundle import BundleError, Settings, days_old
from spawngate.sync.messages import ADVISORIES, BUNDLE, LINES
from spawngate.trail.moment import stamp

MEND = 30.0
"""Seconds between two looks at what the server manages here."""
REFUSED = 1_800.0
"""Seconds until a bundle that was refused is tried again, where it is still the same."""

Ask = Callable[[str, str], Answer]
"""The answer to a request, by method and path. Raises AwayError, RefusedError."""


class Governed:
    """One state folder. For one thread."""

    def __init__(self, state: Path, ask: Ask, voice: Voice, clock: Callable[[], float]) -> None:
        self._state, self._ask, self._voice, self._clock = state, ask, voice, clock
        self._refused = ""
        self._refused_until = self._mend_at = 0.0
        self.settings = Settings()
        """Of the bundle in force."""
        self.line = self.issued = ""
        """SHA-256 of the line in force, hex, and when the newest note under it was made."""

    @property
    def unfit(self) -> str:
        """SHA-256 of a line that was refused here a while ago, hex: the same bytes are no better a minute later."""
        return self._refused if self._clock() < self._refused_until else ""

    def renew(self, enrolment: Enrolment) -> None:
        """Begin with what is in force under an enrolment."""
        held = applying.held(self._state, enrolment)
        self.settings = Settings() if held is None else held.bundle.settings
        self.line, self.issued = ("", "") if held is None else (held.digest, held.issued)

    def take(self, enrolment: Enrolment, text: str, packed: bytes) -> dict[str, object]:
        """Obey a note: the line that it is for is the one in force, came with it, or is fetched. What is to be noted of
        it in the `Status`. Raises AwayError, RefusedError."""
        try:
            digest = applying.wanted(text, enrolment)
            noted = applying.in_force(self._state).digest
            if digest == self.line == noted:
                serial = applying.renew(self._state, enrolment, text).serial
                return self._settled(enrolment, serial)
            if digest == self.unfit:
                return {}
            if digest == self.line:
                line = applying.line(self._state)  # what of it is in force is not known any more
            else:
                line = unpacked(packed, "zstd") if packed else self._ask("GET", f"{LINES}/{digest}").body
            return self._apply(enrolment, line + b"\n" + text.encode())
        except (BundleError, RefusedError, StateError) as error:
            return self._not_taken(error)

    def fetch(self, enrolment: Enrolment) -> dict[str, object]:
        """Fetch the newest bundle and put it in force; what is to be noted of it in the `Status`.

        Raises AwayError, RefusedError.
        """
        try:
            return self._apply(enrolment, self._ask("GET", BUNDLE).body)
        except (BundleError, RefusedError, StateError) as error:
            return self._not_taken(error)

    def _apply(self, enrolment: Enrolment, data: bytes) -> dict[str, object]:
        digest = hashlib.sha256(data.partition(b"\n")[0]).hexdigest()
        if digest == self.unfit:
            return {}
        try:
            applied = applying.apply(self._state, enrolment, data, self._advisories, stamp(now()))
        except BundleError:
            # To find out takes a process of its own and a second.
            self._refused, self._refused_until = digest, self._clock() + REFUSED
            raise
        found = self._settled(enrolment, applied.serial)
        detail: dict[str, Json] = {
            "what": "bundle-applied",
            "serial": applied.serial,
            "policy": applied.policy,
            "mode": applied.mode,
        }
        self._voice.say(Word("administration", detail, f"bundle {applied.serial} of the server is in force"))
        return found

    def _settled(self, enrolment: Enrolment, serial: int) -> dict[str, object]:
        self._refused = ""
        self._voice.settled("bundle")
        self.renew(enrolment)
        return {"refused": "", "bundle": serial, "vouched": self.issued, "stale_days": self.settings.stale_days}

    def _not_taken(self, error: BundleError | RefusedError | StateError) -> dict[str, object]:
        if isinstance(error, RefusedError) and not error.is_of_itself:
            raise error
        self._voice.once("bundle", str(error), "bundle-refused", str(error))
        return {"refused": str(error)}

    def mend(self, enrolment: Enrolment) -> None:
        """Put right what somebody changed in what the server manages. What cannot be put right is told, and what was
        recorded is sent all the same: to damage a file must silence nobody."""
        if self._clock() < self._mend_at:
            return
        self._mend_at = self._clock() + MEND
        try:
            for message in applying.mend(self._state, enrolment, stamp(now())):
                self._voice.say(Word("self-protection", {"what": "managed-changed"}, message))
            self._voice.settled("mend")
        except StateError as error:
            words = f"what the server manages here cannot be put right: {error}"
            self._voice.once("mend", str(error), "managed-unreadable", words)
        self._age(stamp(now()))

    def _age(self, at: str) -> None:
        """Tell where nobody has vouched for what is in force in a while."""
        days = days_old(self.issued, at)
        if days < self.settings.stale_days:
            self._voice.settled("stale")
            return
        words = f"the server has not confirmed for {days} days that what is in force here is its newest policy"
        self._voice.once("stale", self.issued, "bundle-stale", words)

    def _advisories(self, digest: str) -> bytes:
        return self._ask("GET", f"{ADVISORIES}/{digest}").body
