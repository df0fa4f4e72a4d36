"""The approvals of an endpoint joined with those of its server.

What the server gave is kept as it was bound here, and ends when the server no longer gives it; what somebody here
approved stays, unless the server has revoked that very fingerprint. Somebody here may revoke what the server gave: that
counts.
Must not be here: the file (`endpoint.launching.approvals`), what an approval covers (`policy.approvals`).
"""

from collections.abc import Sequence

from spawngate.policy.approvals import Approval, revoke
from spawngate.sync.bundle import Granted, Revoked

SERVER = "server"
WITHDRAWN = "the server no longer gives it"


def joined(
    held: Sequence[Approval], granted: Sequence[Granted], revoked: Sequence[Revoked], now: str
) -> tuple[Approval, ...]:
    """The approvals as they are to be. The same where they are that already."""
    wanted = {each.id: each for each in granted}
    gone = {each.fingerprint: each for each in revoked}
    # One that was revoked here stays so; one that the server took back and gives again is given again.
    known = {each.number for each in held if each.source == SERVER and each.revoked_by != SERVER}
    found: list[Approval] = []
    for each in held:
        said = gone.get(each.fingerprint)
        if each.revoked:
            found.append(each)
        elif each.source == SERVER and each.number not in wanted:
            reason = said.reason if said is not None and said.reason else WITHDRAWN
            found.append(revoke(each, at=now, by=SERVER, reason=reason))
        elif each.source != SERVER and said is not None:
            found.append(revoke(each, at=now, by=said.by, reason=said.reason))
        else:
            found.append(each)
    found.extend(_approval(each) for each in wanted.values() if each.id not in known)
    return tuple(found)


def without_server(held: Sequence[Approval], now: str) -> tuple[Approval, ...]:
    """The approvals of an endpoint that leaves its fleet."""
    return joined(held, (), (), now)


def _approval(given: Granted) -> Approval:
    return Approval(
        fingerprint=given.identity.fingerprint,
        identity=given.identity,
        at=given.at,
        by=given.by,
        reason=given.reason,
        entry=given.entry,
        name=given.name,
        agent=given.agent,
        expires=given.expires,
        sandbox=given.sandbox,
        source=SERVER,
        number=given.id,
    )


def fresh(before: Sequence[Approval], after: Sequence[Approval]) -> tuple[Approval, ...]:
    """Those of the server that were not there before."""
    known = {each.number for each in before if each.source == SERVER and not each.revoked}
    return tuple(each for each in after if each.source == SERVER and not each.revoked and each.number not in known)
