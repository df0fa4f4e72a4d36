"""SHELL. How the launches of this machine stand: which entries start through the launcher, which do not, and why.

Must not be here: output (`cli.status`), hooks (`protect.standing`).
"""

from collections.abc import Sequence

import msgspec

from spawngate.endpoint.launcher.place import installed_launcher
from spawngate.endpoint.launching import approvals
from spawngate.endpoint.launching.configured import Configured, configured
from spawngate.endpoint.launching.confinements import Confined, Confinements
from spawngate.endpoint.launching.kernel_walls import offered
from spawngate.endpoint.launching.known import Records, Seen
from spawngate.endpoint.launching.store import notes_of
from spawngate.endpoint.protect import guard
from spawngate.endpoint.protect.present import Surroundings
from spawngate.endpoint.trail.store import now
from spawngate.model.artifact import Transport
from spawngate.model.errors import StateError
from spawngate.policy.approvals import Approval, standing
from spawngate.policy.confinement import Confinement, not_held
from spawngate.policy.settings import PolicySettings
from spawngate.trail.moment import stamp

BEHIND, DIRECT, CANNOT, REMOTE = "behind", "direct", "cannot", "remote"
NOT_REWRITTEN = (
    "what it is connected to is no process of this machine, and another address in its place would break its sign-in, "
    "which is bound to the address; where it has none, `spawngate proxy` gives the address to put there"
)
"""Why a remote entry is left as it is (docs/relay.md)."""
_REMOTE = (Transport.HTTP, Transport.SSE, Transport.WEBSOCKET)
_ONE_HOST = Confinement(hosts=("host.example",))


class EntryStanding(msgspec.Struct, frozen=True):
    """One entry that starts a process."""

    id: str
    agent: str
    name: str
    path: str
    state: str
    """`behind` the launcher; `direct`: it could be and is not; `cannot`; `remote`."""
    why: str
    """Why it cannot be, or what to do."""
    approval: str
    """What approvals say to its last start, or to the entry where it never started: approved, changed, expired,
    revoked, unapproved."""
    confined: Confined = Confined()
    """What the server is kept from for good."""


class LaunchesStanding(msgspec.Struct, frozen=True):
    """All launches."""

    launcher: str
    """`native`, `python`; empty where none is installed."""
    path: str
    preloadable: bool
    """A variable of an entry such as LD_PRELOAD reaches the launcher before it runs."""
    confines: bool
    """There is a program that confines servers."""
    approvals: bool
    """Launches need an approval."""
    probation: str
    entries: list[EntryStanding]
    tampered: list[str]
    problem: str
    """Why this could not be found out, or why nothing is approved."""
    walls: tuple[str, ...] = ()
    """What this system offers that program to confine with; empty: nothing."""
    not_held: tuple[str, ...] = ()
    """What these walls leave open of a confinement to paths and hosts."""
    remote: tuple[EntryStanding, ...] = ()
    """Entries that are connected to."""

    @property
    def direct(self) -> list[EntryStanding]:
        """Entries that start without a decision."""
        return [entry for entry in self.entries if entry.state == DIRECT]


def coverage(around: Surroundings, settings: PolicySettings, projects: Sequence[str] = ()) -> LaunchesStanding:
    """How launches stand. Raises StateError only where the state folder cannot be used at all."""
    problem = ""
    try:
        held = approvals.load(around.state)
    except StateError as error:
        held, problem = (), str(error)
    try:
        launcher = installed_launcher(around.state)
    except StateError as error:
        launcher, problem = None, problem or str(error)
    seen = {each.entry: each for each in Records(around.state).seen()}
    at = stamp(now())
    walls = offered(launcher.confine) if launcher is not None else ()
    confinements = Confinements(around.state, held, settings, walls)
    items = configured(around, projects=projects)
    return LaunchesStanding(
        launcher=launcher.kind if launcher is not None else "",
        path=str(launcher.program) if launcher is not None else "",
        preloadable=launcher is not None and launcher.preloadable,
        confines=launcher is not None and launcher.confine is not None,
        approvals=settings.approvals,
        probation=settings.launches.probation_under(settings.base),
        entries=[
            _entry(item, held, seen.get(item.id), at, confinements)
            for item in items
            if item.launch.transport is Transport.STDIO and item.launch.command
        ],
        tampered=[item.message for item in guard.check(notes_of(around.state))],
        problem=problem,
        walls=walls,
        not_held=not_held(walls, _ONE_HOST),
        remote=tuple(
            _entry(item, held, seen.get(item.id), at, confinements)
            for item in items
            if item.launch.transport in _REMOTE and item.launch.url
        ),
    )


def _entry(
    item: Configured, held: Sequence[Approval], seen: Seen | None, at: str, confinements: Confinements
) -> EntryStanding:
    confined = Confined()
    if item.launch.transport in _REMOTE:
        state, why = REMOTE, NOT_REWRITTEN
    elif item.through is not None:
        state, why = BEHIND, ""
    elif item.problem:
        state, why = CANNOT, item.problem
    else:
        state, why = DIRECT, "run `spawngate protect --launches`"
    if seen is not None:
        approval = standing(held, item.id, seen.identity, at).state.value
    else:
        own = [each for each in held if each.entry == item.id]
        live = any(each.live(at) for each in own)
        approval = "approved" if live else ("revoked" if own and own[-1].revoked else "unapproved")
    artifact = item.artifact
    if state == BEHIND:
        confined = confinements.of(item.id, artifact.agent, artifact.name)
    return EntryStanding(item.id, artifact.agent, artifact.name, item.path, state, why, approval, confined)
