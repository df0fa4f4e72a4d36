"""Decisions: a verdict that explains itself.

Must not be here: how a verdict is reached (`policy`).
"""

from dataclasses import dataclass
from enum import StrEnum

from spawngate.model.finding import Finding, Severity


class Verdict(StrEnum):
    """What happens. Deny beats ask beats log beats allow."""

    ALLOW = "allow"
    LOG = "log"
    ASK = "ask"
    DENY = "deny"

    @property
    def rank(self) -> int:
        """0 for allow to 3 for deny."""
        return _RANKS[self]


_RANKS = {verdict: rank for rank, verdict in enumerate(Verdict)}


class Mode(StrEnum):
    """Whether a verdict takes effect."""

    MONITOR = "monitor"
    """Computed and recorded; the call goes on."""
    ENFORCE = "enforce"


@dataclass(frozen=True, slots=True)
class Decision:
    """One verdict, with all that decided it and all that was found whether or not it decided."""

    verdict: Verdict
    reasons: tuple[str, ...] = ()
    """Ids of every policy that decided, sorted. Empty only when the default applied."""
    findings: tuple[Finding, ...] = ()
    severity: Severity | None = None
    """The highest severity found; None where nothing was."""
    errors: tuple[str, ...] = ()
    """What could not be judged, and why."""
    message: str = ""
    """For a person: what was refused or noticed, and how to go on."""
    mode: Mode = Mode.ENFORCE
    policy: str = ""
    """Revision of the policy set that decided: a short digest of its content. Empty where none was asked."""
    silent: bool = False
    """A policy says that the agent shall not ask its own user either. Otherwise `allow` is answered as no opinion."""
