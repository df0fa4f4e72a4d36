"""Settings: the redacted form of what an agent's files say about its artifacts.

Must not be here: the raw form (`model.observed.ObservedSetting`).
"""

from dataclasses import dataclass

from spawngate.model.artifact import Scope
from spawngate.model.json import Json
from spawngate.model.observed import Topic


@dataclass(frozen=True, slots=True)
class Setting:
    """One statement of an agent's file, redacted. The fields mean what they mean in `ObservedSetting`."""

    topic: Topic
    agent: str
    scope: Scope
    path: str
    name: str
    value: Json = None
    project: str | None = None
    pointer: str = ""
