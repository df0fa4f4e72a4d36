"""SHELL. What the collector and the daemon tell each other.

A module of its own: the daemon reads reports, and must not load what takes inventories.
Must not be here: making reports (`collector`) and using them (`upkeep`).
"""

import msgspec

from spawngate.model.snapshot import Change, FindingChange

RECORDED, AGAIN = b"\n", b"again\n"
"""What the daemon says to the collector: the changes of the last report are in the trail; take an inventory now."""


class Server(msgspec.Struct, frozen=True, omit_defaults=True):
    """One MCP server, as a decision about a call to it needs it."""

    agent: str
    name: str
    tier: str = "unknown"
    capabilities: tuple[str, ...] = ()
    transport: str = "unknown"
    fingerprint: str = ""
    in_force: bool = False
    launch: str = ""
    words: tuple[str, ...] = ()


class Report(msgspec.Struct, frozen=True, omit_defaults=True):
    """One inventory."""

    taken_at: str
    artifacts: int
    changes: tuple[Change, ...] = ()
    servers: tuple[Server, ...] = ()
    findings: tuple[FindingChange, ...] = ()
