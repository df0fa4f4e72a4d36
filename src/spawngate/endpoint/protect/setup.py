"""SHELL. Protecting agents and taking the protection away: plans for all of them, and carrying plans out.

Belongs here: which agents, in which mode, with which client; the order of the steps; trust that an agent wants.
Must not be here: one file (`plan`, `apply`), output and questions (`cli`).
"""

import hashlib
import hmac
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from spawngate.agents import AGENTS, load_agent
from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import edit
from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.hooks.registration import Registration
from spawngate.endpoint.client.place import (
    NATIVE_NAME,
    PYTHON_NAME,
    InstalledClient,
    installed_client,
    interpreter,
    packaged_native,
)
from spawngate.endpoint.client.settings import HOOK_FOLDER
from spawngate.endpoint.client.settings import replace as write_file
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.policy import load_folder
from spawngate.endpoint.protect import apply, client, journal
from spawngate.endpoint.protect.apply import Done
from spawngate.endpoint.protect.atomic import hold, sweep
from spawngate.endpoint.protect.guard import note_client
from spawngate.endpoint.protect.plan import Planned, plan
from spawngate.endpoint.protect.present import Surroundings, present, version_of
from spawngate.endpoint.protect.targets import Request, Target, targets
from spawngate.endpoint.protect.trust import trust_targets
from spawngate.endpoint.state import State, default_folder
from spawngate.model.artifact import Scope
from spawngate.model.decision import Mode
from spawngate.model.errors import UsageError
from spawngate.policy.settings import FILE, PolicySettings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `protect` was asked for."""

    agents: tuple[str, ...] = ()
    """Empty: every agent that is present and has a hook."""
    mode: Mode | None = None
    """None: as the policy says."""
    scope: Scope = Scope.USER
    context: bool = False
    """Register events that only inform too."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything that would be done."""

    around: Surroundings
    wanted: Wanted
    settings: PolicySettings
    """As they will be."""
    agents: tuple[str, ...]
    plans: tuple[Planned, ...]
    skipped: tuple[tuple[str, str], ...] = ()
    """Agents for which nothing is done, and why."""
    requests: tuple[Request, ...] = field(default=(), repr=False)


def hooked(agent: str) -> Registration | None:
    """How an agent's hook is registered; None where it has none that could be."""
    hook = load_agent(agent).hook
    return None if hook is None else hook.registration


def look_ahead(around: Surroundings, wanted: Wanted, argv: Sequence[str]) -> Outlook:
    """What would be done for these agents with the client that `argv` starts. Changes nothing.

    Raises UsageError for an agent that does not exist or has no hook.
    """
    settings = settings_for(around.state, wanted)
    found = present(around)
    skipped: list[tuple[str, str]] = []
    for agent in wanted.agents:
        if agent not in AGENTS:
            raise UsageError(f"{agent}: is no agent that Spawngate knows; `spawngate status` lists them")
        if hooked(agent) is None:
            raise UsageError(f"{agent}: has no hook that could decide; `spawngate status` says what remains for it")
    agents = wanted.agents or tuple(agent for agent in AGENTS if agent in found and hooked(agent) is not None)
    notes = journal.load(around.state)
    token = token_of(around.state)
    requests: list[Request] = []
    plans: list[Planned] = []
    for agent in agents:
        request = request_for(agent, wanted, settings, argv, version_of(found.get(agent)), token)
        these = targets(request, around.machinery)
        if not these:
            skipped.append((agent, f"it has no place for a hook of scope {wanted.scope.value} on this system"))
            continue
        requests.append(request)
        its = plans_for(around.state, these, notes)
        planned = {item.path: item.after for item in its if item.after is not None}
        plans.extend(its)
        plans.extend(plans_for(around.state, trust_targets(request, around.machinery, planned), notes))
    return Outlook(around, wanted, settings, tuple(agents), tuple(plans), tuple(skipped), tuple(requests))


def plans_for(state: Path, these: Sequence[Target], notes: journal.Journal) -> list[Planned]:
    """Plans of several files. Of two names of one file the second is left out."""
    chains = state / journal.FOLDER / apply.CHAINS
    found: dict[str, Planned] = {}
    for target in these:
        item = plan(target, notes, chains)
        found.setdefault(item.path if item.held is None else item.held.target, item)
    return list(found.values())


def request_for(
    agent: str,
    wanted: Wanted,
    settings: PolicySettings,
    argv: Sequence[str],
    version: str = "",
    token: str = "",
) -> Request:
    """The registration of one agent. Raises UsageError where it has none."""
    known = load_agent(agent)
    if known.hook is None or known.hook.registration is None:
        raise UsageError(f"{agent}: has no hook that could decide")
    return Request(
        agent=known,
        hook=known.hook,
        registration=known.hook.registration,
        argv=(*argv, agent),
        scope=wanted.scope,
        mode=settings.mode_of(agent),
        version=version,
        context=wanted.context,
        token=token,
    )


def token_of(state: Path) -> str:
    """What ends the names of this installation's hooks: always the same, and known only to who can read its key."""
    return hmac.new(State(state).key(), b"names of hooks", hashlib.sha256).hexdigest()[:8]


def settings_for(state: Path, wanted: Wanted) -> PolicySettings:
    """The settings of the policy in force, with the mode that is wanted."""
    folder = place(state).policy
    settings = load_folder(folder if folder.is_dir() else None).settings
    if wanted.mode is None:
        return settings
    if not wanted.agents:
        return replace(settings, mode=wanted.mode, modes={})
    return replace(settings, modes={**settings.modes, **dict.fromkeys(wanted.agents, wanted.mode)})


def write_mode(state: Path, wanted: Wanted) -> None:
    """Write the wanted mode into the policy folder's settings, and change nothing else there."""
    if wanted.mode is None:
        return
    path = place(state).policy / FILE
    held = hold(str(path))
    pointers: list[tuple[str, ...]] = [("modes", agent) for agent in wanted.agents] or [("mode",)]
    operations = [Operation(pointer, wanted.mode.value, "set", overwrite=True) for pointer in pointers]
    data = held.data or b""
    if not wanted.agents:
        data = _without_modes(data)
    done = edit(data, Format.TOML, operations, lambda entry: False)
    if done.data != held.data:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_file(path, done.data, 0o600)


def _without_modes(data: bytes) -> bytes:
    """A mode for all agents replaces what was said for single ones."""
    import tomllib

    from spawngate.agents.formats.edit import apply as change
    from spawngate.agents.formats.edit_toml import delete

    text = data.decode("utf-8")
    if tomllib.loads(text).get("modes"):
        text = change(text, delete(text, ("modes",), Format.TOML))
    return text.encode("utf-8")


def client_folder(around: Surroundings, scope: Scope) -> Path:
    """Where the client of a scope lies."""
    if scope is Scope.USER:
        return around.state
    return Path(around.system_root.rstrip("/") + client.MACHINE_FOLDERS[around.machinery.home.platform])


def client_argv(around: Surroundings, wanted: Wanted) -> tuple[str, ...]:
    """What would be registered: the client that is in place, or the one that would come there."""
    folder = client_folder(around, wanted.scope)
    known = installed_client(folder)
    if known is not None:
        return known.argv
    base = os.path.join(os.path.abspath(folder), HOOK_FOLDER)
    if packaged_native() is not None:
        return (os.path.join(base, NATIVE_NAME),)
    return (interpreter(), "-I", "-S", os.path.join(base, PYTHON_NAME))


def install_client(outlook: Outlook) -> InstalledClient:
    """Put the client and its configuration in place. Raises StateError."""
    state = outlook.around.state
    if outlook.wanted.scope is Scope.MANAGED:
        folder, socket, spool = machine_places(outlook.around)
        return client.install_for_machine(folder, outlook.settings, socket, spool)
    return client.install(state, outlook.settings)


def machine_places(around: Surroundings) -> tuple[Path, str, str]:
    """Folder, socket and spool of a client that is installed for the machine.

    Every user's own daemon listens below `/run/user`. With a state folder that somebody named there is one daemon, of
    the user to whom that belongs. Raises UsageError on a system that has no such folder.
    """
    folder = client_folder(around, Scope.MANAGED)
    usual = default_folder({name: value for name, value in os.environ.items() if name != "SPAWNGATE_STATE_DIR"})
    if os.path.abspath(around.state) != os.path.abspath(usual):
        where = place(around.state)
        return folder, str(where.socket), str(where.spool)
    if not os.path.isdir(client.RUNTIME):
        raise UsageError(
            f"this system has no {client.RUNTIME}, where the daemon of each user can be found; set SPAWNGATE_STATE_DIR "
            "to use the daemon of one user for all"
        )
    return folder, client.MACHINE_SOCKET, client.MACHINE_SPOOL


def carry_out(outlook: Outlook) -> list[Done]:
    """Write everything, files first and then what the agents want to be trusted by. The client is in place already.

    Raises StateError where the journal cannot be written; nothing of what came before is lost then.
    """
    state = outlook.around.state
    done: list[Done] = []
    with journal.locked(state):
        notes = journal.settled(journal.load(state))
        sweep({os.path.dirname(item.held.target) for item in outlook.plans if item.held is not None})
        notes = msgspec.structs.replace(notes, client=note_client(client_folder(outlook.around, outlook.wanted.scope)))
        journal.save(state, notes)
        for item in outlook.plans:
            # Planned before the lock was ours: what others did since is seen again here.
            again = item if item.target is None else plan(item.target, notes, state / journal.FOLDER / apply.CHAINS)
            notes, outcome = apply.write(state, notes, again)
            done.append(outcome)
        for request in outlook.requests:
            # What was inserted before our entry since changes its place, and with it the record of trust.
            for target in trust_targets(request, outlook.around.machinery, {}):
                if any(item.path == target.path and item.target != target for item in outlook.plans):
                    again = plan(target, notes, state / journal.FOLDER / apply.CHAINS)
                    notes, outcome = apply.write(state, notes, again)
                    done.append(outcome)
        journal.forget(state, notes)
    return done
