"""SHELL. Changes of the approvals as records of the trail: whoever made them, and by whatever means.

Must not be here: the file (`approvals`), and what an approval covers (`policy.approvals`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from spawngate.model.json import Json
from spawngate.policy.approvals import Approval
from spawngate.policy.confinement import shown
from spawngate.trail.diff import compare_values
from spawngate.trail.event import (
    SCHEMA_VERSION,
    Actor,
    CallRecord,
    Event,
    EventType,
    SubjectRecord,
    plain,
    subject_of,
)


@dataclass(frozen=True, slots=True)
class Changed:
    """One approval that is not as it was."""

    what: str
    """approved, revoked, bound (parts that were not known are known now), altered, removed."""
    approval: Approval
    before: Approval | None = None
    """As it was; None for one that was not there."""


def changes(before: Sequence[Approval], after: Sequence[Approval]) -> tuple[Changed, ...]:
    """What is another approval, in the order of the list."""
    old = {_key(each): each for each in before}
    found: list[Changed] = []
    for each in after:
        known = old.pop(_key(each), None)
        if known is None:
            found.append(Changed("revoked" if each.revoked else "approved", each))
        elif known != each:
            if each.revoked and not known.revoked:
                what = "revoked"
            else:
                what = "bound" if known.fingerprint != each.fingerprint else "altered"
            found.append(Changed(what, each, known))
    return (*found, *(Changed("removed", each, each) for each in old.values()))


def event(changed: Changed, *, at: str, endpoint: str, user: str, channel: str) -> Event:
    """The record of one change."""
    approval = changed.approval
    identity = approval.identity
    detail: dict[str, Json] = {
        "what": changed.what,
        "fingerprint": approval.fingerprint,
        "entry": approval.entry,
        "by": approval.revoked_by if changed.what == "revoked" else approval.by,
        "reason": approval.revoked_reason if changed.what == "revoked" else approval.reason,
        "expires": approval.expires,
        "release": identity.release,
        "sandbox": None if approval.sandbox is None else shown(approval.sandbox)[:2_000],
        "programs": [{"path": file.path, "sha256": file.digest} for file in (identity.programs or ())[:10]],
    }
    return Event(
        type=EventType.APPROVAL,
        at=at,
        schema_version=SCHEMA_VERSION,
        endpoint=endpoint,
        channel=channel,
        actor=Actor(user=user, agent=approval.agent),
        call=CallRecord(
            kind="launch",
            commands=(str(plain(" ".join((identity.command, *identity.args))[:1_000])),),
            server=str(plain(approval.name)),
        ),
        detail={key: plain(value) for key, value in detail.items() if value not in ("", [], None)},
        subject=_subject(changed),
    )


def _subject(changed: Changed) -> SubjectRecord:
    approval, before = changed.approval, changed.before
    old = {} if before is None else _values(before)
    new = {} if changed.what == "removed" else _values(approval)
    identity = approval.fingerprint or approval.entry
    return subject_of("approval", identity, approval.name, changed.what, compare_values(old, new))


def _values(approval: Approval) -> dict[str, Json]:
    """What an approval says, without what it is about."""
    told: dict[str, Json] = {
        "fingerprint": approval.fingerprint,
        "by": approval.by,
        "reason": approval.reason,
        "expires": approval.expires,
        "revoked_by": approval.revoked_by,
        "revoked_reason": approval.revoked_reason,
        "release": approval.identity.release,
        "sandbox": None if approval.sandbox is None else shown(approval.sandbox)[:2_000],
    }
    return {key: value for key, value in told.items() if value}


def _key(approval: Approval) -> tuple[str, str, str]:
    return approval.at, approval.entry, approval.by + "\0" + approval.name if approval.entry else approval.fingerprint
