"""SHELL. The MCP server entries in the agents' own files, as they are written, and which of them can be rewritten.

Reads what an inventory reads, one agent after the other, and keeps the raw values: nothing of this leaves the process.
Must not be here: changing files (`protecting`), what an entry means (`launch`).
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from spawngate.agents import AGENTS, load_agent
from spawngate.agents.agent import Agent, Location
from spawngate.agents.document import Document, parse
from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import EditError
from spawngate.agents.formats.edit import parse as parse_exactly
from spawngate.agents.formats.edit_values import at
from spawngate.agents.formats.launch_places import LaunchPlace, find
from spawngate.agents.places import Pattern, home_patterns, is_project, project_pattern, system_patterns
from spawngate.endpoint import files
from spawngate.endpoint.launching.known import Entry
from spawngate.endpoint.launching.place import launchers_of
from spawngate.endpoint.protect.present import Surroundings
from spawngate.endpoint.state import State
from spawngate.endpoint.tree import Tree
from spawngate.launch.definition import Definition
from spawngate.launch.launcher import Behind, behind, is_ours
from spawngate.launch.patience import stated_seconds
from spawngate.model.artifact import Artifact, Kind, Scope, Status, Transport
from spawngate.model.json import Json
from spawngate.model.observed import Observed, ObservedLaunch
from spawngate.redact.artifact import Crossing
from spawngate.redact.redactor import Redactor

NOT_A_PROCESS = "it is remote: no process is started for it, and `spawngate proxy` can stand before it"
EDITABLE = (Format.JSON, Format.JSONC, Format.JSON5, Format.TOML, Format.YAML)
_MANAGED = {
    Scope.MANAGED: "an administrator manages it",
    Scope.SYSTEM: "it is configured for the whole machine",
    Scope.PLUGIN: "it comes with a plugin, whose next update would bring it back",
    Scope.EXTENSION: "it comes with an extension, whose next update would bring it back",
    Scope.PROCESS: "it is a process and no entry",
}


@dataclass(frozen=True, slots=True, repr=False)
class Configured:
    """One server entry of one file. Raw: holds what the file holds."""

    artifact: Artifact
    """The same entry, redacted."""
    launch: ObservedLaunch
    """What it starts; the launcher is looked through."""
    path: str
    format: Format
    place: LaunchPlace | None
    """Where its words stand; None where it cannot be rewritten."""
    through: Behind | None
    """The launcher of ours that it stands behind."""
    problem: str = ""
    """Why it cannot be rewritten."""
    patience: float = 0
    """Seconds that it gives its server to start; 0 where it does not say."""

    @property
    def id(self) -> str:
        """Of the entry."""
        return self.artifact.id

    @property
    def entry(self) -> Entry:
        """What is remembered of it behind the launcher."""
        return Entry(
            id=self.id,
            agent=self.artifact.agent,
            name=self.artifact.name,
            path=self.path,
            scope=self.artifact.scope.value,
            env_names=tuple(sorted(self.launch.env)),
            cwd=self.launch.cwd or "",
            timeout=self.patience,
        )

    def definition(self, platform: str) -> Definition:
        """The entry as a launch."""
        return Definition(
            self.launch.command,
            self.launch.args,
            dict(self.launch.env),
            self.launch.cwd,
            platform=platform,
            agent=self.artifact.agent,
            env_file=self.launch.env_file,
        )


def configured(around: Surroundings, agents: Sequence[str] = (), projects: Sequence[str] = ()) -> list[Configured]:
    """Every server entry of these agents, or of all, in this home and in these projects. Raises StateError."""
    state = State(around.state)
    crossing = Crossing(Redactor(state.key()), state.endpoint())
    known = launchers_of(around.state)
    tree = Tree(files.network_mounts())
    found: dict[tuple[str, str], Configured] = {}
    values: dict[str, Json] = {}
    for name in agents or AGENTS:
        agent = load_agent(name)
        for location, pattern, project in _patterns(agent, around, projects):
            for path in tree.match(pattern.path):
                for observed in _read(agent, location, pattern, path, project, around):
                    item = _configured(observed, location, path, crossing, known, values, around.home)
                    found.setdefault((item.id, path), item)
    return _once(found.values())


def _patterns(
    agent: Agent, around: Surroundings, projects: Sequence[str]
) -> Iterator[tuple[Location, Pattern, str | None]]:
    machinery = around.machinery
    for location in agent.locations:
        if location.shared:
            continue  # whose file it is rewrites it
        if is_project(location):
            for project in projects:
                yield location, project_pattern(location, project), project
            continue
        for pattern in home_patterns(agent, location, machinery.home):
            yield location, pattern, None
        for pattern in system_patterns(location, machinery.machine):
            yield location, pattern, None


def _read(
    agent: Agent, location: Location, pattern: Pattern, path: str, project: str | None, around: Surroundings
) -> Iterator[Observed]:
    if location.format in (Format.SQLITE, Format.ZIP, Format.NONE):
        return
    try:
        data = files.read(path)
    except files.Unreadable:
        return
    document = Document(
        path=path,
        agent=agent.id,
        scope=location.scope,
        format=location.format,
        data=data,
        home=around.home,
        project=project,
        platform=around.machinery.home.platform,
        product=pattern.product,
        keep=location.keep,
    )
    for observed in parse(document, location.read, as_written=True).observed:
        if observed.kind is Kind.MCP_SERVER and observed.launch is not None:
            yield observed


def _configured(
    observed: Observed,
    location: Location,
    path: str,
    crossing: Crossing,
    known: frozenset[str],
    values: dict[str, Json],
    home: str,
) -> Configured:
    launch = observed.launch
    assert launch is not None
    through = behind(launch.command, launch.args)
    if through is not None and not is_ours(through.launcher, known):
        through = None
    inner = launch if through is None else replace(launch, command=through.command, args=through.args)
    artifact = crossing.artifact(replace(observed, launch=inner), home)[0]
    problem = _problem(observed, location, inner)
    place, patience = None, 0.0
    if not problem:
        if path not in values:
            values[path] = _value(path, location.format)
        place = find(values[path], observed.pointer, observed.name, launch.command or "", launch.args)
        problem = "" if place is not None else "how its file says it is not understood"
    if place is not None:
        # The launch may lie in a map of its own inside the entry.
        nodes = (at(values[path], place.path[: len(place.path) - up])[1] for up in (0, 1) if len(place.path) > up)
        patience = next((found for node in nodes if isinstance(node, Mapping) and (found := stated_seconds(node))), 0.0)
    return Configured(artifact, inner, path, location.format, place, through, problem, patience)


def _problem(observed: Observed, location: Location, launch: ObservedLaunch) -> str:
    if observed.scope in _MANAGED:
        return _MANAGED[observed.scope]
    if launch.transport in (Transport.HTTP, Transport.SSE, Transport.WEBSOCKET):
        return NOT_A_PROCESS
    if launch.transport is Transport.BUILTIN:
        return "it is built into the agent"
    if observed.status is Status.UNREADABLE or not launch.command:
        return "its file names nothing that it starts"
    if location.format not in EDITABLE:
        return f"files of the form {location.format.value} cannot be edited"
    if not launch.args and any(map(str.isspace, launch.command)) and not os.path.isfile(launch.command):
        return "its command holds its arguments; give these apart in args"
    return ""


def _value(path: str, form: Format) -> Json:
    try:
        return parse_exactly(files.read(path), form)
    except (EditError, files.Unreadable):
        return None


def _once(items: Iterable[Configured]) -> list[Configured]:
    """Of two readings of one place the first one."""
    seen: set[object] = set()
    kept: list[Configured] = []
    for item in items:
        key = (os.path.realpath(item.path), item.place.path) if item.place is not None else (item.id, item.path)
        if key not in seen:
            seen.add(key)
            kept.append(item)
    return kept
