"""SHELL. The document that `spawngate verify --format json` prints, and its schema.

Must not be here: trying anything (`endpoint.protect.trial`, `rehearse`).
"""

from typing import Any

import msgspec

from spawngate.endpoint.protect.trial import Trial
from spawngate.endpoint.rehearsal.rehearse import Rehearsal

SCHEMA_VERSION = 1


class Verification(msgspec.Struct, frozen=True):
    """Everything that `spawngate verify` tells."""

    schema_version: int
    trials: list[Trial]
    not_installed: list[str]
    """Agents that were named and have no hook of ours."""
    rehearsals: list[Rehearsal]
    """Agents that were started; none without `--start-agents`."""


def schema() -> dict[str, Any]:
    """JSON Schema of the document that `spawngate verify --format json` prints."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Verification)}
