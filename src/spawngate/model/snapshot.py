"""A snapshot: everything one scan found, and the difference between two.

Must not be here: how a snapshot is collected (`endpoint.collect`) or compared (`trail.diff`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from spawngate.model.artifact import Artifact
from spawngate.model.finding import Finding
from spawngate.model.json import Json
from spawngate.model.observed import Diagnostic

SCHEMA_VERSION = 1
"""Version of the JSON document of a scan. Raised when a field changes its meaning or goes."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One changed field: a dotted path into the artifact, and its redacted values."""

    path: str
    old: Json = None
    new: Json = None


@dataclass(frozen=True, slots=True)
class Change:
    """One artifact added, changed or removed between two snapshots."""

    change: Literal["added", "changed", "removed"]
    artifact: Artifact
    """The artifact as it is now; for `removed`, as it was."""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingChange:
    """One finding that a scan has and the one before did not have, or the other way round."""

    change: Literal["opened", "closed"]
    finding: Finding
    artifact: Artifact | None = None
    """What it is about, as it is now; for an artifact that is gone, as it was."""
    reason: Literal["", "gone", "removed"] = ""
    """Of a closing: the rule no longer says it, or the artifact was removed."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one scan found. Artifacts are sorted by kind, agent, path, name and id."""

    endpoint: str
    """Random id of this installation."""
    host: str
    platform: Literal["linux", "macos", "windows"]
    taken_at: str
    """RFC 3339, UTC."""
    homes: tuple[str, ...]
    roots: tuple[str, ...]
    artifacts: tuple[Artifact, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    statistics: Mapping[str, Json] = field(default_factory=dict)
    """Counts and durations of the scan itself: files read, bytes, seconds."""
    schema_version: int = SCHEMA_VERSION
