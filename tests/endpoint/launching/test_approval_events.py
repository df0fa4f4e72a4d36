"""Changes of approvals as records: whoever made them, none is missed and none is told twice."""

from typing import Any

import msgspec

from spawngate.endpoint.launching.approval_events import Changed, changes, event
from spawngate.launch.identity import File, Identity
from spawngate.policy.approvals import Approval, bound, revoke
from spawngate.trail.event import DifferenceRecord, SubjectRecord

IDENTITY = Identity("npx", ("-y", "y"), programs=(File("/bin/npx", "a" * 64),))


def approval(at: str = "1", **more: Any) -> Approval:
    return Approval(**{"fingerprint": IDENTITY.fingerprint, "identity": IDENTITY, "at": at, "by": "ann", **more})


def test_changes() -> None:
    one, two, three = approval(), approval("2", entry="e"), approval("3", entry="f")
    gone = revoke(two, at="9", by="ben", reason="bad")
    known = bound(three, Identity("npx", ("-y", "y"), release="1.0.0"))
    assert changes([], [one]) == (Changed("approved", one),)
    assert changes([one], [one]) == ()
    assert changes([one, two, three], [one, gone, known]) == (
        Changed("revoked", gone, two),
        Changed("bound", known, three),
    )
    assert changes([one], []) == (Changed("removed", one, one),)
    altered = msgspec.structs.replace(one, expires="2030-01-01T00:00:00Z")
    assert changes([one], [altered]) == (Changed("altered", altered, one),)
    assert changes([], [gone]) == (Changed("revoked", gone),)


def test_event() -> None:
    one = approval(entry="e", name="files", agent="cursor", reason="looked at")
    told = event(Changed("approved", one), at="t", endpoint="ep", user="ann", channel="command")
    assert (told.type, told.channel, told.actor.agent, told.actor.user) == ("approval", "command", "cursor", "ann")
    assert told.call is not None
    assert (told.call.commands, told.call.server) == (("npx -y y",), "files")
    assert told.detail == {
        "what": "approved",
        "fingerprint": IDENTITY.fingerprint,
        "entry": "e",
        "by": "ann",
        "reason": "looked at",
        "programs": [{"path": "/bin/npx", "sha256": "a" * 64}],
    }
    taken = event(
        Changed("revoked", revoke(one, at="9", by="ben", reason="bad")), at="t", endpoint="", user="", channel=""
    )
    assert (taken.detail["by"], taken.detail["reason"]) == ("ben", "bad")


def test_old_and_new_values() -> None:
    one = approval(entry="e", name="files", reason="looked at")
    gone = revoke(one, at="9", by="ben", reason="bad")
    (changed,) = changes([one], [gone])
    revoked = event(changed, at="t", endpoint="", user="", channel="").subject
    assert revoked == SubjectRecord(
        "approval",
        IDENTITY.fingerprint,
        "files",
        "revoked",
        (DifferenceRecord("revoked_by", None, "ben"), DifferenceRecord("revoked_reason", None, "bad")),
    )
    new = event(Changed("approved", one), at="t", endpoint="", user="", channel="").subject
    assert new is not None
    assert new.differences == (
        DifferenceRecord("by", None, "ann"),
        DifferenceRecord("fingerprint", None, IDENTITY.fingerprint),
        DifferenceRecord("reason", None, "looked at"),
    )
    removed = event(Changed("removed", one, one), at="t", endpoint="", user="", channel="").subject
    assert removed is not None
    assert [(item.old, item.new) for item in removed.differences] == [(item.new, None) for item in new.differences]
