"""Approvals of launches: what was approved, by whom, until when, and whether one covers a start.

Belongs here: the record, the rules that decide which record covers what, revoking and expiry.
Must not be here: the file that holds them (`endpoint.launching.approvals`), the clock (`now` is an argument),
policies.

An approval is of one identity. One with an `entry` covers that entry of an agent's file only; one without covers the
same launch wherever it is configured. Nothing is ever taken off the list: a revoked or expired approval stays and
covers nothing.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from spawngate.launch import identity as identities
from spawngate.launch.identity import Difference, Identity, compare
from spawngate.model.errors import UsageError
from spawngate.policy.confinement import Confinement

IN_USE = "in use when launches were protected"
"""Reason of what `protect --launches` finds and nobody looked at."""
SHORTEST = 8
"""Digits of a fingerprint that name an approval."""
_DAYS = re.compile(r"(\d{1,5})\s*([dwhm])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class Approval(msgspec.Struct, frozen=True, omit_defaults=True):
    """One approval."""

    fingerprint: str
    """Of `identity`."""
    identity: Identity
    at: str
    """RFC 3339, UTC."""
    by: str
    reason: str = ""
    entry: str = ""
    """Id of the entry that it is for; empty: the launch wherever it is configured."""
    name: str = ""
    agent: str = ""
    expires: str = ""
    """RFC 3339, UTC; empty: never."""
    revoked_at: str = ""
    revoked_by: str = ""
    revoked_reason: str = ""
    sandbox: Confinement | None = None
    """What the server is confined to; None: nothing was said."""
    source: str = ""
    """`server`: the fleet's server gave it; empty: somebody on this machine."""
    number: int = 0
    """Of the approval at the fleet's server."""

    @property
    def revoked(self) -> bool:
        """Whether it was taken back."""
        return bool(self.revoked_at)

    def expired(self, now: str) -> bool:
        """Whether it has ended at `now` (RFC 3339, UTC)."""
        return bool(self.expires) and _time(self.expires) <= _time(now)

    def live(self, now: str) -> bool:
        """Whether it covers anything at `now`."""
        return not self.revoked and not self.expired(now)


class State(StrEnum):
    """How a start stands."""

    APPROVED = "approved"
    CHANGED = "changed"
    """Something was approved for this entry, and it is not this."""
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNAPPROVED = "unapproved"


class Standing(msgspec.Struct, frozen=True):
    """What the approvals say to one start."""

    state: State
    approval: Approval | None = None
    """The one that covers it; else the one that it comes nearest to."""
    difference: Difference = Difference()
    sandbox: Confinement | None = None
    """What the server is confined to; None: nothing was said. What changes, or ends, lifts no confinement."""

    @property
    def approved(self) -> bool:
        """Whether an approval covers it."""
        return self.state is State.APPROVED

    @property
    def by_person(self) -> bool:
        """Whether somebody looked at what covers it."""
        return self.approved and self.approval is not None and self.approval.reason != IN_USE


def standing(approvals: Sequence[Approval], entry: str, identity: Identity, now: str) -> Standing:
    """What the approvals say to a start of this identity by this entry at `now`. Total."""
    live: list[tuple[Approval, Difference]] = []
    ended: list[tuple[Approval, Difference]] = []
    for approval in approvals:
        if approval.entry and approval.entry != entry:
            continue
        difference = compare(approval.identity, identity)
        if not difference.changed:
            if approval.live(now):
                live.append((approval, difference))
            else:
                ended.append((approval, difference))
    kept = sandbox_before(approvals, entry, "", "")
    if live:
        # One that needs nothing filled in says more than one that leaves parts open.
        approval, difference = min(live, key=lambda pair: (len(pair[1].filled), pair[0].reason == IN_USE))
        return Standing(State.APPROVED, approval, difference, _said([each for each, _ in live]) or kept)
    if ended:
        approval, difference = ended[-1]
        sandbox = _said([each for each, _ in ended if not each.revoked]) or kept
        return Standing(State.REVOKED if approval.revoked else State.EXPIRED, approval, difference, sandbox)
    own = [each for each in approvals if each.live(now) and entry and each.entry == entry]
    if not own:
        # An approval of the launch by itself: the nearest one of the same command tells what changed.
        own = [each for each in approvals if each.live(now) and not each.entry and _alike(each.identity, identity)]
    if own:
        nearest = min(own, key=lambda each: len(compare(each.identity, identity).changed))
        return Standing(State.CHANGED, nearest, compare(nearest.identity, identity), _said(own) or kept)
    return Standing(State.UNAPPROVED, sandbox=kept)


def sandbox_before(approvals: Sequence[Approval], entry: str, agent: str, name: str) -> Confinement | None:
    """What was said last about the confinement of this entry, or of this agent's server of this name: who approves
    what changed, or ended, does not lift it in passing."""
    for each in reversed(approvals):
        same = (bool(entry) and each.entry == entry) or (bool(name) and (each.agent, each.name) == (agent, name))
        if same and each.sandbox is not None and not each.revoked:
            return each.sandbox
    return None


def bound(approval: Approval, identity: Identity) -> Approval:
    """The approval with what is known now in the place of what was not: later starts are held against that."""
    known = identities.bound(approval.identity, identity)
    return msgspec.structs.replace(approval, identity=known, fingerprint=known.fingerprint)


def all_bound(approvals: Sequence[Approval], entry: str, identity: Identity, now: str) -> tuple[Approval, ...]:
    """All approvals, with each that covers a start of this identity bound to it. One that was left open would go on to
    cover whatever takes its place."""
    found: list[Approval] = []
    for each in approvals:
        if each.live(now) and each.entry in ("", entry):
            difference = compare(each.identity, identity)
            if not difference.changed and (difference.filled or difference.updated):
                found.append(bound(each, identity))
                continue
        found.append(each)
    return tuple(found)


def revoke(approval: Approval, *, at: str, by: str, reason: str = "") -> Approval:
    """The approval, taken back. One that was taken back before stays as it is."""
    if approval.revoked:
        return approval
    return msgspec.structs.replace(approval, revoked_at=at, revoked_by=by, revoked_reason=reason)


def named(approvals: Sequence[Approval], word: str) -> tuple[Approval, ...]:
    """Approvals that a word names: a fingerprint or its beginning, an entry's id, or a server's name."""
    exact = tuple(each for each in approvals if word and word in (each.fingerprint, each.entry))
    if exact:
        return exact
    by_name = tuple(each for each in approvals if word and each.name == word)
    if by_name:
        return by_name
    if len(word) < SHORTEST or not re.fullmatch(r"[0-9a-f]+", word):
        return ()
    return tuple(each for each in approvals if each.fingerprint.startswith(word) or each.entry.startswith(word))


def expiry(text: str, now: str) -> str:
    """When something ends that is given as `30d`, `12h`, a date or a time. Empty for an empty text.

    Raises UsageError for anything else and for what has passed.
    """
    if not text:
        return ""
    span = _DAYS.fullmatch(text.strip().lower())
    try:
        if span:
            until = _time(now) + int(span[1]) * _UNITS[span[2]]
        else:
            until = datetime.fromisoformat(text.strip())
            until = until.replace(tzinfo=UTC) if until.tzinfo is None else until.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"--expires {text}: is no time; give 30d, 12h, 2w, or a date such as 2027-01-31") from None
    if until <= _time(now):
        raise UsageError(f"--expires {text}: has passed")
    return until.strftime("%Y-%m-%dT%H:%M:%SZ")


def _said(approvals: Sequence[Approval]) -> Confinement | None:
    """Several may speak of one start, and only the last word about its confinement counts."""
    return next((each.sandbox for each in reversed(approvals) if each.sandbox is not None), None)


def _alike(known: Identity, now: Identity) -> bool:
    """Whether two launches are meant to be the same: the same program, given the same package or first word."""
    same_package = bool(known.package) and known.package.rpartition("@")[0] == now.package.rpartition("@")[0]
    return known.command == now.command and (known.args[:1] == now.args[:1] or same_package)


def _time(text: str) -> datetime:
    """A time of our own records. One that nobody can read has passed."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
