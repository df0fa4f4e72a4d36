"""SHELL. The document of `spawngate approve --list --format json`: approvals with their state, and what waits for one.

Must not be here: the file of approvals (`approvals`), the table (`cli.approve`).
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from spawngate.endpoint.launching.known import Seen
from spawngate.launch.identity import SHORT
from spawngate.policy.approvals import Approval, State, standing

SCHEMA_VERSION = 1


class Listed(Approval, frozen=True, omit_defaults=True):
    """One approval."""

    short: str = ""
    """The fingerprint as a person types it."""
    state: str = ""
    """live, revoked, expired."""


class Waiting(Seen, frozen=True, omit_defaults=True):
    """A start that no approval covers."""

    typed: str = ""
    """The fingerprint as a person types it."""


class Listing(msgspec.Struct, frozen=True):
    """The document."""

    schema_version: int
    approvals: list[Listed]
    waiting: list[Waiting]


def schema() -> dict[str, Any]:
    """JSON Schema of the document."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Listing)}


def listed(approval: Approval, now: str) -> Listed:
    """One approval with its state at `now` (RFC 3339, UTC)."""
    state = "revoked" if approval.revoked else "expired" if approval.expired(now) else "live"
    fields = {name: getattr(approval, name) for name in Approval.__struct_fields__}
    return Listed(**fields, short=approval.fingerprint[:SHORT], state=state)


def listing(held: Sequence[Approval], seen: Sequence[Seen], now: str) -> Listing:
    """All approvals, and the last starts that none of them covers."""
    waiting = []
    for each in seen:
        if standing(held, each.entry, each.identity, now).state is not State.APPROVED:
            fields = {name: getattr(each, name) for name in Seen.__struct_fields__}
            waiting.append(Waiting(**fields, typed=each.short))
    return Listing(SCHEMA_VERSION, [listed(each, now) for each in held], waiting)
