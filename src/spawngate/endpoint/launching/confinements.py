"""SHELL. How servers are confined, as `status`, `launch list` and inventories tell it: to what, by which walls, and
what these leave open.

Must not be here: how a start is confined (`confining`), output.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.launcher.place import installed_launcher
from spawngate.endpoint.launching import approvals
from spawngate.endpoint.launching.kernel_walls import offered
from spawngate.endpoint.launching.known import Records, Running
from spawngate.endpoint.launching.processes import alive
from spawngate.endpoint.policy import load_folder
from spawngate.model.artifact import Artifact, Kind
from spawngate.model.decision import Mode, Verdict
from spawngate.model.errors import StateError, UsageError
from spawngate.model.json import Json
from spawngate.policy.approvals import Approval, sandbox_before
from spawngate.policy.confinement import Confinement, not_held, shown
from spawngate.policy.settings import PolicySettings

NOTHING_HOLDS = "everything: this system has nothing to confine it with, and policy {}"
MONITOR = "monitor mode confines nothing"


class Confined(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one server is confined."""

    sandbox: str = ""
    """To what, in words; empty where it is not to be confined."""
    hosts: tuple[str, ...] = ()
    network: bool = False
    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    running: int = 0
    """How many of it run."""
    layers: tuple[str, ...] = ()
    """The walls around those that run, or that would be around it."""
    not_held: tuple[str, ...] = ()
    """What these leave open."""


def with_confinement(artifacts: tuple[Artifact, ...], state: Path) -> tuple[Artifact, ...]:
    """The same with `confinement` in the details of the servers that are confined, or are to be. Raises nothing."""
    entries = {each.id for each in Records(state).entries()}
    if not entries:
        return artifacts
    try:
        held = approvals.load(state)
        folder = place(state).policy
        settings = load_folder(folder if folder.is_dir() else None).settings
        launcher = installed_launcher(state)
    except (StateError, UsageError):
        return artifacts
    known: Confinements | None = None
    found: list[Artifact] = []
    for each in artifacts:
        if each.kind is Kind.MCP_SERVER and each.id in entries:
            if known is None:
                known = Confinements(state, held, settings, offered(launcher.confine if launcher else None))
            confined = known.of(each.id, each.agent, each.name)
            if confined.sandbox:
                detail: dict[str, Json] = {
                    **each.detail,
                    "confinement": msgspec.json.decode(msgspec.json.encode(confined)),
                }
                found.append(replace(each, detail=detail))
                continue
        found.append(each)
    return tuple(found)


class Confinements:
    """All of one state folder. `walls`: what the system offers (`kernel_walls.offered`)."""

    def __init__(self, state: Path, held: Sequence[Approval], settings: PolicySettings, walls: Sequence[str]) -> None:
        self._held, self._settings, self._walls = held, settings, tuple(walls)
        self._running = [each for each in Records(state).running.values() if not each.parent or alive(each.parent)]

    def of(self, entry: str, agent: str, name: str) -> Confined:
        """How the server of this entry is confined."""
        running = [each for each in self._running if each.entry == entry]
        said = sandbox_before(self._held, entry, agent, name)
        profile = said if said is not None else self._settings.launches.sandbox
        if profile is None or profile.off:
            profile = None
        return self._told(profile, running, monitor=self._settings.mode_of(agent) is Mode.MONITOR)

    def _told(self, profile: Confinement | None, running: Sequence[Running], *, monitor: bool) -> Confined:
        inside = [each for each in running if each.sandbox is not None and not each.probe]
        if profile is None and not inside:
            return Confined(running=len(running))
        profile = profile or inside[-1].sandbox
        assert profile is not None
        layers = inside[-1].layers if inside else () if running else self._walls
        if monitor and not inside:
            open_: tuple[str, ...] = (MONITOR,)
            layers = ()
        elif not layers:
            verdict = self._settings.launches.no_sandbox
            says = "refuses it then" if verdict is Verdict.DENY else "starts it all the same"
            open_ = (NOTHING_HOLDS.format(says),)
        else:
            open_ = not_held(layers, profile)
        return Confined(
            shown(profile),
            profile.hosts,
            profile.network,
            profile.read,
            profile.write,
            len(running),
            layers,
            open_,
        )
