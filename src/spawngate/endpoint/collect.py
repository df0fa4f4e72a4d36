"""SHELL. One scan: every place that every agent names, read, redacted and settled into a snapshot.

Belongs here: the order of a scan, and what is kept between two scans so that the second is fast.
Must not be here: where files lie and what they mean (`agents`), redaction (`redact`), output (`report`).
"""

import hashlib
import os
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spawngate.agents import AGENTS, SURFACES, load_agent, load_surface
from spawngate.agents.agent import Agent, Location
from spawngate.agents.clis import AMBIGUOUS
from spawngate.agents.document import Document, Parsed, ParsedValues, Platform, Sibling, parse
from spawngate.agents.formats import Format
from spawngate.agents.places import (
    HomeContext,
    Machine,
    Pattern,
    first_name,
    home_patterns,
    is_project,
    project_pattern,
    system_patterns,
)
from spawngate.agents.presence import Evidence, agent_artifact, describe_settings
from spawngate.agents.settle import settle
from spawngate.endpoint import files
from spawngate.endpoint.clis import find_clis
from spawngate.endpoint.detect import find_evidence, has_traces
from spawngate.endpoint.files import Signature, Unreadable
from spawngate.endpoint.homes import Home
from spawngate.endpoint.tree import HOME_LIMITS, ROOT_LIMITS, Tree, walk
from spawngate.model.artifact import Artifact, Kind
from spawngate.model.observed import Diagnostic, Observed, Topic
from spawngate.model.setting import Setting
from spawngate.redact.artifact import Crossing

MAX_SIBLINGS = 200
MAX_SIBLING_LEVELS = 4
MAX_PROJECTS = 5_000
NO_MARKERS = frozenset({".env"})
"""Names that are read in projects and make no folder one: programs of every kind have them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to scan."""

    homes: tuple[Home, ...]
    roots: tuple[str, ...] = ()
    platform: Platform = "linux"
    system_root: str = ""
    """Prefix of machine-wide paths, for a mounted image or a test."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Environment of the user who runs the scan; applies to `own_home` only."""
    own_home: str = ""
    network: bool = False
    """Read what lies on network mounts."""
    search_homes: bool = True
    """Look for projects in the homes, to a bounded depth."""
    launchers: frozenset[str] = frozenset()
    """Files that are our launcher: what they start is what an entry starts."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What one document gave, redacted, and when it was true."""

    signature: tuple[Signature, ...]
    artifacts: tuple[Artifact, ...]
    settings: tuple[Setting, ...]
    diagnostics: tuple[Diagnostic, ...]
    projects: tuple[str, ...]
    """Raw paths of the projects that the document remembers."""
    linked: tuple[tuple[str, str], ...] = ()
    """Folders of plugins that are loaded in place, with the template that each stands in for."""
    scripts: tuple[tuple[str, Signature | None], ...] = ()
    """Files that launches in the document name, as they were when their digests were taken; None: not there."""


@dataclass(slots=True)
class Found:
    """Everything a scan found, before processes are matched."""

    artifacts: list[Artifact] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    projects: list[str] = field(default_factory=list)
    files: int = 0
    bytes: int = 0
    reused: int = 0
    folders: int = 0


Progress = Callable[[str], None]
"""Called with what the scan is doing."""


class Collector:
    """Scans again and again; unchanged files are not read twice."""

    def __init__(self, crossing: Crossing, agents: Sequence[tuple[Agent, bool]] | None = None) -> None:
        """`agents` replaces the written tables: agents (True) and surfaces (False) to look for."""
        self._crossing = crossing
        self._kept: dict[tuple[str, str, int, str], _Read] = {}
        self.agents = tuple(agents) if agents is not None else known_agents()
        self._projects: tuple[str, ...] = ()
        self._patterns: dict[tuple[str, HomeContext | Machine], tuple[tuple[int, Pattern], ...]] = {}
        self._settled: dict[tuple[str, str], tuple[list[Artifact], list[Setting], list[Artifact]]] = {}
        self._names = frozenset(
            first_name(location) for agent, _ in self.agents for location in agent.locations if is_project(location)
        )
        self._markers = self._names - NO_MARKERS

    def patterns(self, agent: Agent, place: HomeContext | Machine) -> tuple[tuple[int, Pattern], ...]:
        """Patterns of an agent's own locations in one home or on the machine, with the location's index."""
        key = agent.id, place
        if key not in self._patterns:
            self._patterns[key] = tuple(
                (index, pattern)
                for index, location in enumerate(agent.locations)
                if not is_project(location) and not location.shared
                for pattern in (
                    home_patterns(agent, location, place)
                    if isinstance(place, HomeContext)
                    else system_patterns(location, place)
                )
            )
        return self._patterns[key]

    def settle(self, where: str, agent: Agent, artifacts: list[Artifact], settings: list[Setting]) -> list[Artifact]:
        """`agents.settle.settle`, asked again only when an artifact or setting is another than the last time."""
        key = where, agent.id
        known = self._settled.get(key)
        if known is None or known[0] != artifacts or known[1] != settings:
            known = artifacts, settings, settle(agent, artifacts, settings)
            self._settled[key] = known
        return known[2]

    def read_paths(self) -> frozenset[str]:
        """Every file that the last scan read or reused."""
        return frozenset(path for path, _, _, _ in self._kept)

    def read_locations(self, agent: str) -> frozenset[int]:
        """Indices of an agent's locations at which the last scan read or reused a file."""
        return frozenset(index for _, name, index, _ in self._kept if name == agent)

    def projects(self) -> tuple[str, ...]:
        """Projects of the last scan."""
        return self._projects

    @property
    def watched_names(self) -> frozenset[str]:
        """Names below a project that some location begins with."""
        return self._names

    def collect(self, plan: Plan, progress: Progress | None = None) -> Found:
        """One scan of everything in the plan."""
        found = _Scan(self, plan, progress or (lambda _: None)).run()
        self._projects = tuple(found.projects)
        return found


def known_agents() -> tuple[tuple[Agent, bool], ...]:
    """Every agent (True) and surface (False) of the written tables."""
    agents = [(load_agent(name), True) for name in AGENTS]
    return (*agents, *((load_surface(name), False) for name in SURFACES))


@dataclass(slots=True)
class _Mine:
    """What belongs to one agent in one home (or to the machine, for home None)."""

    artifacts: list[Artifact] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)
    configured: list[str] = field(default_factory=list)


class _Scan:
    """One run of the collector."""

    def __init__(self, collector: Collector, plan: Plan, progress: Progress) -> None:
        self._collector = collector
        self._crossing = collector._crossing
        self._kept = collector._kept
        self._plan = plan
        self._progress = progress
        self._tree = Tree(files.network_mounts(allowed=plan.network))
        self._found = Found()
        self._used: set[tuple[str, str, int, str]] = set()
        self._done: set[tuple[str, str]] = set()
        self._projects: dict[str, None] = {}
        self._parsed: ParsedValues = {}
        self._holding: dict[str, list[str]] | None = None

    def run(self) -> Found:
        plan = self._plan
        machine = Machine(plan.platform, plan.system_root)
        self._progress("machine-wide files")
        shared: dict[str, _Mine] = {}
        for agent, _ in self._collector.agents:
            shared[agent.id] = self._read_all(agent, None, machine)
        per_home: list[tuple[Home, dict[str, _Mine]]] = []
        for home in plan.homes:
            self._progress(f"home {home.path}")
            own = plan.environment if home.path == plan.own_home else {}
            context = HomeContext(home.path, home.platform, own)
            mine: dict[str, _Mine] = {}
            for agent, _ in self._collector.agents:
                mine[agent.id] = self._read_all(agent, home, context)
            per_home.append((home, mine))
        self._find_projects()
        by_home = self._read_projects(per_home)
        clis = self._clis(per_home)
        self._progress("agents")
        for home, mine in per_home:
            self._finish(home, mine, shared, by_home, clis[home.path])
        self._machine_artifacts(shared)
        for found_here in clis.values():
            self._found.artifacts.extend(found_here)
        for key in set(self._kept) - self._used:
            del self._kept[key]
        found = self._found
        found.projects = list(self._projects)
        found.folders = self._tree.listed
        found.diagnostics.extend(self._crossing.diagnostic(note) for note in self._tree.diagnostics)
        found.diagnostics = _unique(found.diagnostics)
        found.artifacts = distinct(found.artifacts)
        return found

    # -- reading ----------------------------------------------------------------------------------------------

    def _read_all(self, agent: Agent, home: Home | None, place: HomeContext | Machine) -> _Mine:
        mine = _Mine()
        for index, pattern in self._collector.patterns(agent, place):
            for path in self._tree.match(pattern.path):
                self._take(mine, agent, index, path, home, None, pattern.product)
        return mine

    def _take(
        self,
        mine: _Mine,
        agent: Agent,
        index: int,
        path: str,
        home: Home | None,
        project: str | None,
        product: str = "",
    ) -> None:
        if project is not None and (agent.id, path) in self._done:
            return  # read already as the user's own file, when the home itself is a project
        self._done.add((agent.id, path))
        read = self._read(agent, index, path, home, project, product)
        mine.artifacts.extend(read.artifacts)
        mine.settings.extend(read.settings)
        if project is None:
            mine.configured.append(path)
        self._found.diagnostics.extend(read.diagnostics)
        for remembered in read.projects:
            self._projects.setdefault(remembered, None)
        for root, template in read.linked:
            self._read_linked(mine, agent, root.rstrip("/"), template, home)

    def _read_linked(self, mine: _Mine, agent: Agent, root: str, template: str, home: Home | None) -> None:
        """A plugin where it really lies, by the locations that name it where it would have been copied to."""
        for index, location in enumerate(agent.locations):
            if not location.template.startswith(f"{template}/") or location.shared:
                continue
            for path in self._tree.match(root + location.template[len(template) :]):
                if (agent.id, path) not in self._done:
                    self._take(mine, agent, index, path, home, None)

    def _read(self, agent: Agent, index: int, path: str, home: Home | None, project: str | None, product: str) -> _Read:
        location = agent.locations[index]
        key = (path, agent.id, index, project or "")
        self._used.add(key)
        try:
            status = files.look(path, self._tree.mounts)
        except Unreadable as error:
            return self._failed(agent, path, error)
        siblings = self._sibling_paths(path) if location.siblings else ()
        signature = (files.signature(status), *(sign for _, sign in siblings))
        kept = self._kept.get(key)
        if kept is not None and kept.signature == signature and self._same_scripts(kept.scripts):
            self._found.reused += 1
            return kept
        self._found.files += 1
        document = Document(
            path=path,
            agent=agent.id,
            scope=location.scope,
            format=location.format,
            home=home.path if home else None,
            project=project,
            platform=home.platform if home else self._plan.platform,
            product=product,
            keep=location.keep,
            launchers=self._plan.launchers,
            parsed=self._parsed,
        )
        try:
            self._fill(document, location, status.st_size)
        except Unreadable as error:
            return self._failed(agent, path, error)
        self._found.bytes += len(document.data) + sum(map(len, document.members.values()))
        if siblings:
            document.siblings = _siblings(path, siblings)
        read = self._cross(parse(document, location.read), signature, home)
        self._kept[key] = read
        return read

    def _fill(self, document: Document, location: Location, size: int) -> None:
        if location.format is Format.SQLITE:
            document.members = files.read_rows(document.path, location.members)
        elif location.format is Format.ZIP:
            document.members = files.read_members(document.path, location.members)
        elif location.format is Format.NONE:
            document.digest = files.digest_of(document.path)
        elif location.keep and size > files.MAX_DIGEST:
            document.data = files.read_mapped(document.path)  # type: ignore[assignment]  # a map of the file serves as bytes
        else:
            document.data = files.read(document.path)
            if size <= files.MAX_DIGEST:
                document.digest = hashlib.sha256(document.data).hexdigest()

    def _failed(self, agent: Agent, path: str, error: Unreadable) -> _Read:
        note = Diagnostic(path, error.reason, error.message, agent.id)
        return _Read((), (), (), (self._crossing.diagnostic(note),), ())

    def _cross(self, parsed: Parsed, signature: tuple[Signature, ...], home: Home | None) -> _Read:
        artifacts: list[Artifact] = []
        settings: list[Setting] = []
        projects: list[str] = []
        linked: list[tuple[str, str]] = []
        scripts: dict[str, Signature | None] = {}
        place = home.path if home else None
        for observed in parsed.observed:
            artifacts.extend(self._crossing.artifact(self._with_digest(observed, scripts), place))
        for raw in parsed.settings:
            if raw.topic is Topic.PROJECT:
                projects.append(raw.name)
            elif raw.topic is Topic.PLUGIN_ROOT and isinstance(raw.value, str):
                linked.append((raw.name, raw.value))
            setting, secrets = self._crossing.setting(raw)
            settings.append(setting)
            artifacts.extend(secrets)
        diagnostics = tuple(self._crossing.diagnostic(note) for note in parsed.diagnostics)
        return _Read(
            signature,
            tuple(artifacts),
            tuple(settings),
            diagnostics,
            tuple(projects),
            tuple(linked),
            tuple(scripts.items()),
        )

    def _with_digest(self, observed: Observed, scripts: dict[str, Signature | None]) -> Observed:
        """The observation with the digest of the script that its launch names, where that is a local file.

        Every file that was looked for goes into `scripts`: a change of one makes the document worth reading again.
        """
        launch = observed.launch
        if launch is None or launch.command is None or launch.digest is not None:
            return observed
        base = launch.cwd or observed.project
        for word in (launch.command, *launch.args[:8]):
            path = _local(word, base)
            if path is None:
                continue
            scripts[path] = self._script(path)
            digest = files.digest_of(path) if scripts[path] is not None else ""
            if digest:
                return replace(observed, launch=replace(launch, digest=digest))
        return observed

    def _script(self, path: str) -> Signature | None:
        try:
            return files.signature(files.look(path, self._tree.mounts))
        except Unreadable:
            return None

    def _same_scripts(self, scripts: Iterable[tuple[str, Signature | None]]) -> bool:
        return all(self._script(path) == known for path, known in scripts)

    def _sibling_paths(self, path: str) -> tuple[tuple[str, Signature], ...]:
        """Files beside and below a document, with their signatures; bounded, links to folders not followed."""
        folder = os.path.dirname(path)
        found: list[tuple[str, Signature]] = []
        todo: list[tuple[str, int]] = [(folder, 0)]
        while todo and len(found) < MAX_SIBLINGS:
            at, level = todo.pop()
            names = self._tree.names(at)
            for name in names.files:
                sibling = f"{at}/{name}"
                if sibling == path:
                    continue
                try:
                    found.append((sibling, files.signature(files.look(sibling, self._tree.mounts))))
                except Unreadable as error:
                    self._tree.note(sibling, error.reason, error.message)
                if len(found) >= MAX_SIBLINGS:
                    self._tree.note(folder, "budget", f"holds more than {MAX_SIBLINGS} files; the rest was not hashed")
                    break
            if level < MAX_SIBLING_LEVELS:
                todo.extend((f"{at}/{name}", level + 1) for name in names.folders if name not in names.links)
        return tuple(sorted(found))

    # -- projects ---------------------------------------------------------------------------------------------

    def _find_projects(self) -> None:
        plan, tree = self._plan, self._tree
        for root in plan.roots:
            self._progress(f"projects below {root}")
            if not tree.is_folder(root):
                tree.note(root, "unreadable", "is not a folder that can be entered")
            for folder in walk(tree, root, self._collector._markers, ROOT_LIMITS):
                self._projects.setdefault(folder, None)
        if plan.search_homes:
            for home in plan.homes:
                self._progress(f"projects in {home.path}")
                for folder in walk(tree, home.path, self._collector._markers, HOME_LIMITS, home=True):
                    self._projects.setdefault(folder, None)

    def _read_projects(self, per_home: Sequence[tuple[Home, dict[str, _Mine]]]) -> dict[str, dict[str, _Mine]]:
        """Per home and agent, what the projects hold. A project outside every home belongs to the first one."""
        found: dict[str, dict[str, _Mine]] = {home.path: defaultdict(_Mine) for home, _ in per_home}
        table = [
            (agent, index, first_name(location), location)
            for agent, _ in self._collector.agents
            for index, location in enumerate(agent.locations)
            if is_project(location) and not location.shared
        ]
        seen: set[tuple[int, int]] = set()
        # A project's files may name further projects, which are put behind the ones that are known.
        todo = deque(self._projects)
        known = set(todo)
        count = 0
        while todo:
            project = todo.popleft()
            count += 1
            if count > MAX_PROJECTS:
                self._tree.note(project, "budget", f"more than {MAX_PROJECTS} projects; the rest was not read")
                break
            path = project.rstrip("/") or "/"
            status = self._tree.status(path) if path.startswith("/") or path[1:2] == ":" else None
            if status is None or (status.st_dev, status.st_ino) in seen:
                continue
            seen.add((status.st_dev, status.st_ino))
            owner = _owner(path, [home for home, _ in per_home])
            if owner is None:
                continue
            names = self._tree.names(path)
            present = {*names.folders, *names.files}
            for agent, index, first, location in table:
                if owner.platform in location.on and (first in present or "*" in first):
                    for file in self._tree.match(project_pattern(location, path).path):
                        self._take(found[owner.path][agent.id], agent, index, file, owner, path)
            if len(self._projects) > len(known):
                todo.extend(name for name in self._projects if name not in known)
                known.update(self._projects)
        return found

    def _read_shared(self, agent: Agent, home: Home, mine: _Mine) -> None:
        """Files of other agents that this one, being present, reads too."""
        context = HomeContext(home.path, home.platform, {})
        machine = Machine(self._plan.platform, self._plan.system_root)
        # The person's own files first: where the home itself is a project, they are not the project's.
        for index, location in sorted(enumerate(agent.locations), key=lambda item: is_project(item[1])):
            if not location.shared or home.platform not in location.on:
                continue
            if is_project(location):
                for project in self._holders(first_name(location)):
                    owner = _owner(project, self._plan.homes)
                    if owner is not None and owner.path == home.path:
                        for file in self._tree.match(project_pattern(location, project).path):
                            self._take(mine, agent, index, file, home, project)
            else:
                for pattern in (*home_patterns(agent, location, context), *system_patterns(location, machine)):
                    for file in self._tree.match(pattern.path):
                        self._take(mine, agent, index, file, home, None, pattern.product)

    def _holders(self, first: str) -> Sequence[str]:
        """Projects that hold the name that a location begins with."""
        if self._holding is None:
            self._holding = defaultdict(list)
            for project in self._projects:
                if project.startswith("/") or project[1:2] == ":":
                    names = self._tree.names(project)
                    for name in (*names.folders, *names.files):
                        if name in self._collector.watched_names:
                            self._holding[name].append(project)
        if "*" in first:
            return list(self._projects)
        return self._holding.get(first, ())

    # -- agents -----------------------------------------------------------------------------------------------

    def _clis(self, per_home: Sequence[tuple[Home, dict[str, _Mine]]]) -> dict[str, list[Artifact]]:
        """Command-line tools by home, the machine's own in each."""
        plan = self._plan
        found: dict[str, list[Artifact]] = {}
        for home, mine in per_home:
            self._progress(f"command-line tools of {home.path}")
            own = plan.environment if home.path == plan.own_home else {}
            folders = [folder for folder in own.get("PATH", "").split(os.pathsep) if folder]
            present = {
                agent.id
                for agent, _ in self._collector.agents
                if agent.id in AMBIGUOUS and (mine[agent.id].configured or has_traces(self._tree, agent, home, own))
            }
            here = found.setdefault(home.path, [])
            for observed in find_clis(folders, home=home.path, system_root=plan.system_root, present=present):
                here.extend(self._crossing.artifact(observed, home.path))
            found[home.path] = distinct(here)
        return found

    def _finish(
        self,
        home: Home,
        mine: dict[str, _Mine],
        shared: dict[str, _Mine],
        by_project: dict[str, dict[str, _Mine]],
        clis: Sequence[Artifact],
    ) -> None:
        own = self._plan.environment if home.path == self._plan.own_home else {}
        machine_place = Machine(self._plan.platform, self._plan.system_root)
        extensions = [
            artifact for part in mine.values() for artifact in part.artifacts if artifact.kind is Kind.EXTENSION
        ]
        for agent, is_agent in self._collector.agents:
            part = mine[agent.id]
            in_projects = by_project[home.path][agent.id]
            evidence = Evidence()
            if is_agent:
                evidence = find_evidence(self._tree, agent, home, own, machine_place, clis, extensions)
                if evidence.present or part.artifacts or part.settings:
                    self._read_shared(agent, home, in_projects)
            artifacts = [*part.artifacts, *in_projects.artifacts]
            settings = [*shared[agent.id].settings, *part.settings, *in_projects.settings]
            machine = [artifact for artifact in shared[agent.id].artifacts if artifact.kind is Kind.MCP_SERVER]
            settled = self._collector.settle(home.path, agent, [*artifacts, *machine], settings)
            known = {artifact.id for artifact in machine}
            self._found.artifacts.extend(artifact for artifact in settled if artifact.id not in known)
            if is_agent and (evidence.present or part.configured):
                seen = agent_artifact(agent, home.path, evidence, part.configured)
                artifact = self._crossing.artifact(seen, home.path)[0]
                self._found.artifacts.append(
                    replace(artifact, detail={**artifact.detail, **describe_settings(settings)})
                )

    def _machine_artifacts(self, shared: dict[str, _Mine]) -> None:
        for agent, _ in self._collector.agents:
            part = shared[agent.id]
            self._found.artifacts.extend(self._collector.settle("", agent, part.artifacts, part.settings))


def _local(word: str, base: str | None) -> str | None:
    """The file that a word of a launch names: absolute, below `~`, or relative to where the server starts."""
    if "\0" in word or "://" in word or word.startswith("-") or len(word) > 4096:
        return None
    if word.startswith("/"):
        return word
    if "/" in word and base is not None and base.startswith("/") and not word.startswith(("~", "$", "@")):
        return os.path.normpath(os.path.join(base, word))
    if base is not None and base.startswith("/") and word.endswith((".py", ".js", ".mjs", ".cjs", ".ts", ".sh", ".rb")):
        return os.path.join(base, word)
    return None


def _siblings(path: str, found: Sequence[tuple[str, Signature]]) -> tuple[Sibling, ...]:
    folder = os.path.dirname(path)
    return tuple(
        Sibling(
            path=os.path.relpath(sibling, folder).replace(os.sep, "/"),
            size=sign[2],
            executable=os.access(sibling, os.X_OK),
            digest=files.digest_of(sibling),
        )
        for sibling, sign in found
    )


def _owner(project: str, homes: Sequence[Home]) -> Home | None:
    """The home that a project lies in; the first home for one that lies in none."""
    best: Home | None = None
    for home in homes:
        inside = project == home.path or project.startswith(home.path.rstrip("/") + "/")
        if inside and (best is None or len(home.path) > len(best.path)):
            best = home
    return best or (homes[0] if homes else None)


def _unique(notes: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Each diagnostic once: several agents may stumble over one shared file."""
    found: dict[tuple[str, str, str], Diagnostic] = {}
    for note in notes:
        found.setdefault((note.path, note.reason, note.message), note)
    return sorted(found.values(), key=lambda note: (note.path, note.reason, note.message))


def distinct(artifacts: Iterable[Artifact]) -> list[Artifact]:
    """Artifacts in a fixed order, each identity once. Equal ones collapse; different ones are numbered."""
    groups: dict[str, list[Artifact]] = defaultdict(list)
    for artifact in artifacts:
        group = groups[artifact.id]
        # A secret in a file that several agents read is one secret: the first, its owner's, is kept.
        known = artifact.kind is Kind.SECRET and any(other.fingerprint == artifact.fingerprint for other in group)
        if not known and artifact not in group:
            group.append(artifact)
    found: list[Artifact] = []
    for key, group in groups.items():
        group.sort(key=lambda artifact: (artifact.fingerprint, artifact.status.value))
        found.append(group[0])
        found.extend(
            replace(artifact, id=hashlib.sha256(f"{key}\0{number}".encode()).hexdigest()[:24])
            for number, artifact in enumerate(group[1:], start=2)
        )
    return sorted(found, key=lambda a: (a.kind.value, a.agent, a.path, a.name, a.id))


def now() -> str:
    """The time, RFC 3339 in UTC with seconds."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
