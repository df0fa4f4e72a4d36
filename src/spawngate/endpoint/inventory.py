"""SHELL. An inventory of this machine: scan, match with running processes, compare with the last one, keep.

Belongs here: what the command line, the watcher and the page all do in the same way.
Must not be here: output and argument parsing (`cli`).
"""

import os
import platform as host_platform
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from spawngate.endpoint.collect import Collector, Found, Plan, Progress, distinct, now
from spawngate.endpoint.homes import Home, discover_homes, flavour
from spawngate.endpoint.launching.place import launchers_of
from spawngate.endpoint.processes import running
from spawngate.endpoint.state import State
from spawngate.endpoint.system import this_platform as this_platform  # named here by those who take inventories
from spawngate.launch.running import Process, Running, match_running
from spawngate.model.artifact import Artifact, Kind, Scope, Status, Transport
from spawngate.model.errors import UsageError
from spawngate.model.json import Json
from spawngate.model.observed import Observed, ObservedLaunch
from spawngate.model.snapshot import Change, Snapshot
from spawngate.redact.artifact import Crossing
from spawngate.redact.memo import RememberingRedactor
from spawngate.trail.diff import diff


@dataclass(frozen=True, slots=True)
class Request:
    """What the caller wants scanned."""

    homes: tuple[str, ...] = ()
    """Empty for this user's home, or for every user's when root."""
    roots: tuple[str, ...] = ()
    system_root: str = ""
    network: bool = False
    processes: bool = True
    search_homes: bool = True
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))


@dataclass(frozen=True, slots=True)
class Result:
    """One scan and what changed since the one before it."""

    snapshot: Snapshot
    changes: tuple[Change, ...]
    first: bool
    """There was no earlier snapshot of the same places to compare with."""


def make_plan(request: Request) -> Plan:
    """The plan of a scan. Raises UsageError for a home or root that is not a folder."""
    roots = tuple(_folder(root, "--root") for root in request.roots)
    own = os.path.expanduser("~").replace(os.sep, "/")
    if request.homes:
        paths = [_folder(home, "--home") for home in request.homes]
        homes = tuple(Home(path, os.path.basename(path), flavour(path)) for path in dict.fromkeys(paths))
    else:
        homes = tuple(discover_homes())
    return Plan(
        homes=homes,
        roots=tuple(dict.fromkeys(roots)),
        platform=this_platform(),
        system_root=_folder(request.system_root, "--sysroot") if request.system_root else "",
        environment=request.environment,
        own_home=own,
        network=request.network,
        search_homes=request.search_homes,
    )


def _folder(path: str, option: str) -> str:
    absolute = os.path.abspath(os.path.expanduser(path))
    if not os.path.isdir(absolute):
        raise UsageError(f"{option} {path}: no such folder; give an existing one")
    return absolute.replace(os.sep, "/")


class Inventory:
    """Takes inventories of one plan. Keep it to make the second one fast."""

    def __init__(self, state: State, request: Request) -> None:
        self._state = state
        self.request = request
        self.plan = replace(make_plan(request), launchers=launchers_of(state.folder))
        self._crossing = Crossing(RememberingRedactor(state.key()), state.endpoint())
        self.collector = Collector(self._crossing)
        self._last: Snapshot | None = None
        self._seen: tuple[_Question, Running] | None = None

    def take(self, progress: Progress | None = None) -> Result:
        """One inventory, compared with the last one and kept as the new last one."""
        started = time.perf_counter()
        found = self.collector.collect(self.plan, progress)
        artifacts = found.artifacts
        if self.request.processes:
            if progress:
                progress("running processes")
            artifacts = self._with_processes(artifacts)
        plan = self.plan
        homes = tuple(home.path for home in plan.homes)
        snapshot = Snapshot(
            endpoint=self._state.endpoint(),
            host=socket.gethostname() or host_platform.node(),
            platform=plan.platform,
            taken_at=now(),
            homes=homes,
            roots=plan.roots,
            artifacts=tuple(artifacts),
            diagnostics=tuple(found.diagnostics),
            statistics=_statistics(found, time.perf_counter() - started),
        )
        last = self._last or self._state.last(homes, plan.roots, plan.system_root)
        snapshot = replace(snapshot, artifacts=_remember(snapshot, last))
        changes = diff(last.artifacts, snapshot.artifacts) if last is not None else ()
        if last is None or changes or last.artifacts != snapshot.artifacts:
            self._state.keep(snapshot, homes, plan.roots, plan.system_root)
        self._last = snapshot
        return Result(snapshot, changes, last is None)

    def _with_processes(self, artifacts: Sequence[Artifact]) -> list[Artifact]:
        seen = self._match(running(), artifacts)
        pids = {match.artifact_id: match.pids for match in seen.matches}
        marked = [_marked(artifact, pids.get(artifact.id, ())) for artifact in artifacts]
        for process, agent in seen.unconfigured:
            marked.extend(self._crossing.artifact(_stranger(process, agent)))
        return distinct(marked)

    def _match(self, processes: Sequence[Process], artifacts: Sequence[Artifact]) -> Running:
        """What runs; asked again only when a process or a definition is another than the last time."""
        question: _Question = (
            tuple((process.pid, process.create_time, hash(process.argv)) for process in processes),
            tuple(artifact.fingerprint for artifact in artifacts if artifact.kind is Kind.MCP_SERVER),
        )
        if self._seen is None or self._seen[0] != question:
            names = _agent_names(self.collector)
            self._seen = question, match_running(processes, artifacts, self._crossing.argv, names)
        return self._seen[1]


_Question = tuple[tuple[tuple[int, float, int], ...], tuple[str, ...]]


def _agent_names(collector: Collector) -> dict[str, str]:
    """Names of processes that are an agent, to the agent's id."""
    names: dict[str, str] = {}
    for agent, is_agent in collector.agents:
        if is_agent:
            for name in (*agent.detect.binaries, *agent.process_names):
                names.setdefault(name.lower(), agent.id)
    return names


def _marked(artifact: Artifact, pids: Sequence[int]) -> Artifact:
    launch = artifact.launch
    if artifact.kind is not Kind.MCP_SERVER or launch is None or launch.transport is not Transport.STDIO:
        return artifact
    found: dict[str, Json] = {"state": "running", "pids": list(pids)} if pids else {"state": "not_seen"}
    return replace(artifact, detail={**artifact.detail, "running": found})


def _stranger(process: Process, agent: str) -> Observed:
    """A server that runs and that no definition explains."""
    argv = process.argv or (process.name,)
    return Observed(
        kind=Kind.MCP_SERVER,
        agent=agent,
        scope=Scope.PROCESS,
        name=process.name,
        path=process.exe or argv[0],
        status=Status.UNKNOWN,
        launch=ObservedLaunch(Transport.STDIO, argv[0], tuple(argv[1:]), cwd=process.cwd),
        detail={"running": {"state": "running_unconfigured", "pids": [process.pid]}},
    )


def _remember(snapshot: Snapshot, last: Snapshot | None) -> tuple[Artifact, ...]:
    """Servers with when they were last seen running, carried over from the snapshot before."""
    seen: dict[str, Json] = {}
    for artifact in last.artifacts if last is not None else ():
        old = artifact.detail.get("running")
        if isinstance(old, Mapping) and old.get("last_seen") is not None:
            seen[artifact.id] = old["last_seen"]
    kept: list[Artifact] = []
    for artifact in _with_age(snapshot, last):
        now_running = artifact.detail.get("running")
        if not isinstance(now_running, Mapping):
            kept.append(artifact)
            continue
        moment = snapshot.taken_at if now_running.get("state") != "not_seen" else seen.get(artifact.id)
        if moment is None:
            kept.append(artifact)
            continue
        state: Json = "seen_before" if now_running.get("state") == "not_seen" else now_running.get("state")
        kept.append(
            replace(
                artifact, detail={**artifact.detail, "running": {**now_running, "state": state, "last_seen": moment}}
            )
        )
    return tuple(kept)


def _with_age(snapshot: Snapshot, last: Snapshot | None) -> tuple[Artifact, ...]:
    """Servers with when their present definition was first seen: a change of the fingerprint starts anew."""
    known = {artifact.id: artifact for artifact in last.artifacts} if last is not None else {}
    aged: list[Artifact] = []
    for artifact in snapshot.artifacts:
        if artifact.kind is Kind.MCP_SERVER:
            old = known.get(artifact.id)
            same = old is not None and old.fingerprint == artifact.fingerprint
            since = old.detail.get("since") if same and old is not None else None
            artifact = replace(artifact, detail={**artifact.detail, "since": since or snapshot.taken_at})
        aged.append(artifact)
    return tuple(aged)


def _statistics(found: Found, seconds: float) -> dict[str, Json]:
    return {
        "files_read": found.files,
        "files_unchanged": found.reused,
        "bytes_read": found.bytes,
        "folders_listed": found.folders,
        "projects": len(found.projects),
        "seconds": round(seconds, 4),
    }
