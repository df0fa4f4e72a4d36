"""SHELL. What a granted server is confined to: the profile of its approval or of the policy, and what it needs to run.

Must not be here: what a profile may say (`policy.confinement`), the places that any server is shown
(`endpoint.launcher.jail`), walls (native/jail.c).
"""

import os
from dataclasses import dataclass
from pathlib import Path

from spawngate.endpoint.launching.starts import Looked, reads
from spawngate.launch.upstream_proxy import NAMES as UPSTREAM
from spawngate.model.json import Json
from spawngate.policy.confinement import Confinement, overlap
from spawngate.redact.redactor import Redactor

CONTAINED = frozenset({"docker-run", "podman-run", "nerdctl-run", "docker-compose"})
"""Launchers whose server another daemon runs, outside of whatever we put around the client."""
_BROAD = (".local", ".config", ".cache", ".local/share", ".local/state")
"""Folders below the home that hold much besides what a server runs."""
_SHOWN = 20
"""Paths of each kind that an event names."""


@dataclass(frozen=True, slots=True)
class Confined:
    """How one start is confined."""

    profile: Confinement | None = None
    """Absolute paths, without those that are left out; None where it is not to be confined."""
    needed: tuple[str, ...] = ()
    """Paths that it reads besides, to run at all."""
    left: tuple[str, ...] = ()
    """Paths of the profile that it is not given, because Spawngate's own files are there."""
    problem: str = ""
    """Why it cannot be confined, though it should be."""
    upstream: bool = False
    """Hosts are reached through the machine's own proxy: its variables are not the entry's."""

    @property
    def answer(self) -> dict[str, Json] | None:
        """What the relay is told."""
        profile = self.profile
        if profile is None or self.problem:
            return None
        read = dict.fromkeys((*profile.read, *(path for path in self.needed if path not in profile.write)))
        found: dict[str, Json] = {"network": profile.network, "read": list(read), "write": list(profile.write)}
        return {**found, "hosts": list(profile.hosts), "upstream": self.upstream} if profile.hosts else found

    def told(self, redactor: Redactor) -> dict[str, Json] | None:
        """What the trail is told."""
        profile = self.profile
        if profile is None:
            return None

        def named(paths: tuple[str, ...]) -> list[Json]:
            return [redactor.path(path).text for path in paths[:_SHOWN]]

        found: dict[str, Json] = {
            "network": profile.network,
            "hosts": list(profile.hosts[:_SHOWN]),
            "read": named(profile.read),
            "write": named(profile.write),
            "left_out": named(self.left),
            "problem": self.problem,
        }
        return {key: value for key, value in found.items() if value not in ([], "")}


NOT_CONFINED = Confined()


def confined(looked: Looked, default: Confinement | None, home: str, state: Path) -> Confined:
    """How a start that is granted is confined. `default` is the policy's profile, for where its approval says nothing.

    `home` is absolute. A profile gives nobody the files of Spawngate itself, `state`, also not behind a link.
    """
    profile = looked.standing.sandbox if looked.standing.sandbox is not None else default
    if profile is None or profile.off or looked.asked.url:
        return NOT_CONFINED  # what is connected to is no process of this machine
    profile = profile.at(home)
    if looked.facts.launcher in CONTAINED:
        return Confined(profile, problem="the engine of containers runs it outside of what is put around its client")
    own = own_places(state)
    left = tuple(sorted({path for path in (*profile.read, *profile.write) if reaches(path, own)}))
    # The folder in which the agent happens to be is the person's; one that the entry states is part of what it runs.
    stated = looked.known and bool(looked.entry.cwd)
    wanted = reads(looked, {"HOME": home}, working=stated)
    broad = (home, *(f"{home}/{name}" for name in _BROAD))
    needed = tuple(
        path for path in wanted if not any(f"{each}/".startswith(f"{path.rstrip('/')}/") for each in (*broad, *own))
    )
    return Confined(profile.without(left), needed, left, upstream=own_upstream(looked))


def own_upstream(looked: Looked) -> bool:
    """Whether the variables that name a proxy are the session's own. Those that an entry sets lead where the entry
    wants, so they count only where nothing is limited."""
    return not any(name.lower() in UPSTREAM for name in looked.entry.env_names) and looked.known


def own_places(state: Path) -> tuple[str, ...]:
    """Where Spawngate's own files lie, absolute; by another way too, where a link leads there."""
    return tuple(dict.fromkeys((os.path.abspath(state), os.path.realpath(state))))


def reaches(path: str, places: tuple[str, ...]) -> bool:
    """Whether a path, or what it links to, holds one of the places or lies in one."""
    return any(overlap(form, place) for form in (path, os.path.realpath(path)) for place in places)
