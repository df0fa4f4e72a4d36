"""One thing that changes in an agent's configuration, with what is needed to judge it.

Belongs here: the type that comparison gives and judgement takes. Must not be here: either of them.
Holds raw values: what leaves the process is redacted first.
"""

from dataclasses import dataclass

from spawngate.configuration.change_facts import ChangeFacts
from spawngate.launch.definition import Definition
from spawngate.model.observed import Observed


@dataclass(frozen=True, slots=True, repr=False)
class Difference:
    """One thing that changes, with what is needed to judge it. Raw."""

    facts: ChangeFacts
    definition: Definition | None = None
    """Of a server that is added or changed."""
    observed: Observed | None = None
    commands: tuple[str, ...] = ()
    """Shell commands that the agent would run by itself: of a hook or helper that is added or changed."""
