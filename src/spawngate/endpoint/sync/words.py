"""SHELL. What the syncing process tells the daemon, and what `spawngate status` reads of it.

A module of its own: the daemon must not load what speaks with the server. Must not be here: telling (`run`).
"""

from collections.abc import Mapping

import msgspec

from spawngate.model.json import Json

SCAN = "scan"
"""The type of a word that asks the daemon for an inventory now; every other is for the trail."""


class Word(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something for the trail: an event's type, detail, message and counts."""

    type: str
    detail: Mapping[str, Json]
    message: str
    counts: Mapping[str, int] = {}


class Status(msgspec.Struct, frozen=True, omit_defaults=True):
    """How it goes."""

    server: str = ""
    endpoint: str = ""
    last_contact: str = ""
    """RFC 3339; empty: never."""
    problem: str = ""
    """Why the last attempt failed."""
    refused: str = ""
    """Why the newest bundle is not in force."""
    bundle: int = 0
    vouched: str = ""
    """When the server last said that the bundle in force is its newest, RFC 3339; empty: it never did."""
    stale_days: int = 0
    """Days after which that is too long ago; 0: not known."""
    backlog: int = 0
    """Bytes of the trail that wait."""
    dropped: Mapping[str, int] = {}
    """Records that were given up since the enrolment, by type."""
    inventory: str = ""
    """Digest of the one that the server has."""
