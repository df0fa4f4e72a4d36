"""SHELL. What a look at the machine found, but for the inventory itself.

A module of its own: who reads it must not load what looks. Must not be here: looking (`looking`).
"""

import msgspec

from spawngate.sync.messages import Enforcement


class Look(msgspec.Struct, frozen=True):
    """One look."""

    enforcement: tuple[Enforcement, ...]
    integrity: tuple[str, ...]
    """What is wrong with our own files and entries."""
    inventory: str
    """Digest; empty where there is none yet."""
    mode: str
    policy: str
    """Revision."""
