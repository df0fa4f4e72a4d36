"""SHELL. The agents' own lists of allowed servers: what they should hold, whether they do, writing and taking back.

A list holds every server that stands behind the launcher (which decides at each start), every other one that is
approved, and the remote ones that are configured. The files are the machine's: writing them takes an administrator.
Must not be here: formats (`agents.lists`), output (`cli.lists`).
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from spawngate.agents import AGENTS, load_agent
from spawngate.agents.formats.edit import EditError, parse
from spawngate.agents.formats.launch_places import all_places
from spawngate.agents.hooks.registration import HookFile
from spawngate.agents.lists import LISTS
from spawngate.agents.lists.allowed import AllowedServer, CompiledList
from spawngate.endpoint import files
from spawngate.endpoint.launching import approvals, store
from spawngate.endpoint.launching.configured import Configured, configured
from spawngate.endpoint.protect import apply, journal
from spawngate.endpoint.protect.apply import Done
from spawngate.endpoint.protect.plan import Planned, plan
from spawngate.endpoint.protect.present import Surroundings, present
from spawngate.endpoint.protect.targets import Target, expanded
from spawngate.endpoint.state import State
from spawngate.model.artifact import Scope, Status
from spawngate.model.errors import UsageError
from spawngate.redact.redactor import Redactor

NOT_APPROVED = "it is not approved; `spawngate protect --launches` or `spawngate approve` does that"
_OFF = (Status.DISABLED, Status.BLOCKED, Status.SHADOWED, Status.UNREADABLE)


@dataclass(frozen=True, slots=True)
class AgentOutlook:
    """One agent's list, and what would have to be written for it."""

    agent: str
    compiled: CompiledList
    plans: tuple[Planned, ...]
    left_out: tuple[tuple[str, str], ...]
    """Names of servers that are not in the list, and why."""

    @property
    def in_step(self) -> bool:
        """Whether the files hold what they should."""
        return not any(item.is_change or item.problem for item in self.plans)


def look_ahead(around: Surroundings, agents: Sequence[str], now: str) -> list[AgentOutlook]:
    """What the lists of these agents, or of all that are here, should hold. Changes nothing.

    Raises UsageError for an agent that has no list of its own, and StateError.
    """
    for agent in agents:
        if agent not in LISTS:
            raise UsageError(f"{agent}: enforces no list of its own; those that do: {', '.join(LISTS)}")
    chosen = agents or [agent for agent in present(around) if agent in LISTS]
    notes = journal.load(_folder(around.state))
    return [_outlook(around, agent, notes, now) for agent in chosen]


def carry_out(around: Surroundings, outlooks: Sequence[AgentOutlook]) -> list[Done]:
    """Write the lists. Raises StateError."""
    done: list[Done] = []
    folder = _folder(around.state)
    store.folder_of(around.state)
    with journal.locked(around.state):
        notes = journal.settled(journal.load(folder))
        for item in (item for outlook in outlooks for item in outlook.plans):
            again = item if item.target is None else plan(item.target, notes, folder)
            notes, outcome = apply.write(folder, notes, again)
            done.append(outcome)
        journal.forget(folder, notes)
    return done


def withdraw(around: Surroundings, agents: Sequence[str]) -> list[Done]:
    """Take the lists of these agents, or of all, out of the files again. Raises StateError."""
    folder = _folder(around.state)
    done: list[Done] = []
    if not (folder / journal.FOLDER).exists():
        return done
    with journal.locked(around.state):
        notes = journal.settled(journal.load(folder))
        for entry in reversed(journal.of_agents(notes, agents)):
            notes, outcome = apply.withdraw(folder, notes, entry)
            done.append(outcome)
        journal.forget(folder, notes)
    return done


def _folder(state: Path) -> Path:
    """Where the journal lies, or would lie: nothing is made for a look."""
    return state / store.FOLDER / "lists"


def _outlook(around: Surroundings, agent: str, notes: journal.Journal, now: str) -> AgentOutlook:
    servers: list[AllowedServer] = []
    left_out: list[tuple[str, str]] = []
    redactor = Redactor(State(around.state).key())
    approved = {each.entry for each in approvals.load(around.state) if each.live(now)}
    for item in configured(around, (agent,)):
        name = item.artifact.name
        if item.artifact.status in _OFF:
            left_out.append((name, f"it is {item.artifact.status.value}"))
        elif item.launch.command and item.through is None and item.id not in approved:
            left_out.append((name, NOT_APPROVED))
        else:
            servers.append(_server(item, redactor))
    compiled = LISTS[agent].compile(servers)
    plans = [plan(target, notes, _folder(around.state)) for target in _targets(around, agent, compiled)]
    return AgentOutlook(agent, compiled, tuple(plans), (*left_out, *compiled.left_out))


def _server(item: Configured, redactor: Redactor) -> AllowedServer:
    launch = item.launch
    words = _words(item)
    # Not of the words in the file: the launcher's own are no secret.
    told = " ".join([launch.command or "", *launch.args, launch.url or ""])
    return AllowedServer(
        name=item.artifact.name,
        command=words[0] if words else "",
        args=tuple(words[1:]),
        url="" if words else launch.url or "",
        secret=bool(redactor.command_line(told).secrets),
        env=bool(launch.env),
        cwd=bool(launch.cwd),
    )


def _words(item: Configured) -> Sequence[str]:
    """The words as they stand in the file: what the agent compares is not what stands behind the launcher."""
    launch = item.launch
    if item.through is None or item.place is None:
        return [launch.command, *launch.args] if launch.command else []
    try:
        value = parse(files.read(item.path), item.format)
    except (EditError, files.Unreadable):
        return []
    return next((words for place, words in all_places(value) if place.path == item.place.path), [])


def _targets(around: Surroundings, agent: str, compiled: CompiledList) -> list[Target]:
    platform = around.machinery.home.platform
    return [
        Target(
            agent,
            os.fspath(path),
            HookFile(place.template, Scope.MANAGED, compiled.format),
            compiled.operations,
        )
        for place in compiled.places
        if platform in place.on
        for path in expanded(load_agent(agent), place.template, around.machinery)
    ]


def known_agents() -> tuple[str, ...]:
    """Agents that enforce a list, in the order of the table of agents."""
    return tuple(agent for agent in AGENTS if agent in LISTS)
