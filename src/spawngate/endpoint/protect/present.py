"""SHELL. Which agents are on this machine for this user, and in which version. Starts nothing.

Must not be here: signs of an agent (`agents`), looking for them (`endpoint.collect`).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from spawngate.agents.places import HomeContext, Machine
from spawngate.endpoint.collect import Collector, Found, Plan
from spawngate.endpoint.homes import Home, flavour, this_platform
from spawngate.endpoint.launching.place import launchers_of
from spawngate.endpoint.protect.targets import Machinery
from spawngate.endpoint.state import State
from spawngate.model.artifact import Artifact, Kind
from spawngate.redact.artifact import Crossing
from spawngate.redact.redactor import Redactor


@dataclass(frozen=True, slots=True)
class Surroundings:
    """One user on one machine."""

    home: str
    state: Path
    system_root: str = ""
    environment: Mapping[str, str] | None = None

    @property
    def machinery(self) -> Machinery:
        """Where templates lead. Variables that move an agent's files count only for the user who runs this."""
        own = os.path.realpath(self.home) == os.path.realpath(os.path.expanduser("~"))
        environment = self.environment if self.environment is not None else (dict(os.environ) if own else {})
        platform = this_platform()
        return Machinery(HomeContext(self.home, platform, environment), Machine(platform, self.system_root))


def present(around: Surroundings) -> dict[str, Artifact]:
    """The agents that leave any sign in this home or on this machine, by id."""
    _, found = _collected(around)
    return {artifact.agent: artifact for artifact in found.artifacts if artifact.kind is Kind.AGENT}


def known_projects(around: Surroundings) -> tuple[str, ...]:
    """Projects that the agents of this home remember, and the folder that we are in."""
    collector, _ = _collected(around)
    return tuple(dict.fromkeys((os.getcwd(), *collector.projects())))


def _collected(around: Surroundings) -> tuple[Collector, Found]:
    state = State(around.state)
    collector = Collector(Crossing(Redactor(state.key()), state.endpoint()))
    plan = Plan(
        homes=(Home(around.home, os.path.basename(around.home), flavour(around.home)),),
        platform=this_platform(),
        system_root=around.system_root,
        environment=around.machinery.home.environment,
        own_home=around.home,
        search_homes=False,
        launchers=launchers_of(around.state),
    )
    return collector, collector.collect(plan)


def version_of(artifact: Artifact | None) -> str:
    """The version that was found; empty where none was."""
    version = artifact.detail.get("version") if artifact is not None else None
    return version if isinstance(version, str) else ""
