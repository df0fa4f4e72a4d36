"""The document of approvals: every state, what waits, and a schema that it follows."""

import msgspec

from spawngate.endpoint.launching.known import Seen
from spawngate.endpoint.launching.listing import Listing, listing, schema
from spawngate.launch.identity import Identity
from spawngate.policy.approvals import Approval, revoke

NOW = "2026-11-21T12:00:00Z"
ONE, TWO = Identity("one"), Identity("two")


def approval(identity: Identity, expires: str = "") -> Approval:
    return Approval(identity.fingerprint, identity, "2026-11-20T00:00:00Z", "ann", expires=expires)


def seen(identity: Identity) -> Seen:
    return Seen(identity.fingerprint, identity, "e", "n", "cursor", NOW, "deny", "unapproved")


def test_listing() -> None:
    held = [approval(ONE), approval(TWO, "2026-11-21T00:00:00Z"), revoke(approval(TWO), at=NOW, by="ben")]
    found = listing(held, [seen(ONE), seen(TWO)], NOW)
    assert [each.state for each in found.approvals] == ["live", "expired", "revoked"]
    assert [each.short for each in found.approvals[:1]] == [ONE.fingerprint[:12]]
    assert [(each.identity, each.typed) for each in found.waiting] == [(TWO, TWO.fingerprint[:12])]
    assert msgspec.json.decode(msgspec.json.encode(found), type=Listing) == found


def test_schema() -> None:
    told = schema()
    assert told["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert set(told["$defs"]["Listing"]["properties"]) == {"schema_version", "approvals", "waiting"}
