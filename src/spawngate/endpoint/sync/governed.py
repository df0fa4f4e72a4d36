"""SHELL. What the server manages here, as it is kept in force: the newest bundle fetched, and put right what somebody
changed in it. What cannot be put in force is told, once, and keeps nothing else back.

Must not be here: what a bundle does (`applying`), when the server is asked (`run`).
"""

from collections.abc import Callable
from pathlib import Path

from spawngate.endpoint.sync import applying
from spawngate.endpoint.sync.enrolment import Enrolment
from spawngate.endpoint.sync.transport import Answer, RefusedError
from spawngate.endpoint.sync.voice import Voice
from spawngate.endpoint.sync.words import Word
from spawngate.endpoint.trail.store import now
from spawngate.model.errors import StateError
from spawngate.model.json import Json
from spawngate.sync.bundle import BundleError, Settings
from spawngate.sync.messages import ADVISORIES, BUNDLE
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
        self._refused = b""
        self._refused_until = self._mend_at = 0.0
        self.settings = Settings()
        """Of the bundle in force."""

    def renew(self, enrolment: Enrolment) -> None:
        """Begin with what is in force under an enrolment."""
        held = applying.held(self._state, enrolment)
        self.settings = Settings() if held is None else held.bundle.settings

    def fetch(self, enrolment: Enrolment) -> dict[str, object]:
        """Fetch the newest bundle and put it in force; what is to be noted of it in the `Status`.

        Raises AwayError, RefusedError.
        """
        data = b""
        try:
            data = self._ask("GET", BUNDLE).body
            if data == self._refused and self._clock() < self._refused_until:
                return {}
            applied = applying.apply(self._state, enrolment, data, self._advisories, stamp(now()))
        except (BundleError, RefusedError, StateError) as error:
            if isinstance(error, RefusedError) and not error.is_of_itself:
                raise
            if isinstance(error, BundleError):
                # To find out takes a process of its own and a second; the same bytes are no better a minute later.
                self._refused, self._refused_until = data, self._clock() + REFUSED
            self._voice.once("bundle", str(error), "bundle-refused", str(error))
            return {"refused": str(error)}
        self._refused = b""
        self._voice.settled("bundle")
        self.renew(enrolment)
        detail: dict[str, Json] = {
            "what": "bundle-applied",
            "serial": applied.serial,
            "policy": applied.policy,
            "mode": applied.mode,
        }
        self._voice.say(Word("administration", detail, f"bundle {applied.serial} of the server is in force"))
        return {"refused": "", "bundle": applied.serial}

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

    def _advisories(self, digest: str) -> bytes:
        return self._ask("GET", f"{ADVISORIES}/{digest}").body
