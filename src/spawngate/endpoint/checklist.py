"""SHELL. The evidence for the checklist, gathered on this machine.

Belongs here: which part is asked for what. Must not be here: what follows from it (`report.checklist_answers`), and
routes, which belong to the server (`cli.checklist`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from spawngate.endpoint.advisories import load
from spawngate.endpoint.codescan.keeping import kept
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.inventory import Inventory, Request
from spawngate.endpoint.judge import advisory_matches
from spawngate.endpoint.protect.present import Surroundings
from spawngate.endpoint.protect.standing import standing
from spawngate.endpoint.state import State
from spawngate.endpoint.trail import reader
from spawngate.endpoint.trail.store import kept_days
from spawngate.model.artifact import Artifact, Kind
from spawngate.model.errors import SpawngateError
from spawngate.model.observed import Diagnostic
from spawngate.report import view
from spawngate.report.checklist import DAYS, AgentLine, Evidence, RouteLine, ServerLine

LONGEST = 400
"""Characters of one command line."""


class _Record(msgspec.Struct):
    type: str = ""
    at: str = ""


def gather(
    state: State, request: Request, around: Surroundings, routes: Sequence[RouteLine], *, store: bool
) -> Evidence:
    """Everything that this machine knows. Raises StateError where the state folder cannot be used."""
    inventory = Inventory(state, request)
    snapshot = inventory.take().snapshot
    matches, trouble = advisory_matches(state, inventory.plan, snapshot)
    database, damaged = load(state.folder)
    stands = standing(around)
    trail = place(state.folder).trail
    counted, since = _counted(trail)
    servers = [item for item in snapshot.artifacts if item.kind is Kind.MCP_SERVER]
    return Evidence(
        taken_at=snapshot.taken_at,
        host=snapshot.host,
        platform=snapshot.platform,
        agents=sum(item.kind is Kind.AGENT for item in snapshot.artifacts),
        servers=tuple(_server(item) for item in servers),
        unread=_told(snapshot.diagnostics),
        code=kept(state.folder),
        folders=tuple(sorted({folder for item in servers if isinstance(folder := item.detail.get("project"), str)})),
        matches=matches,
        advisories=sum(1 for one in database if not one.withdrawn),
        unsurveyed=_told([*damaged, *trouble]),
        hooks=tuple(AgentLine(item.name, item.state, item.mode, tuple(item.why)) for item in stands.agents),
        behind=sum(entry.state == "behind" for entry in stands.launches.entries),
        direct=tuple(f"{entry.name} of {entry.agent}" for entry in stands.launches.entries if entry.state != "behind"),
        tampered=(*stands.tampered, *stands.launches.tampered),
        daemon=stands.daemon.get("running") is True,
        at_login=stands.daemon.get("starts_at_login") is True,
        policy_problem=str(stands.policy.get("problem") or ""),
        trail_from=since,
        trail_records=counted,
        trail_fault=_fault(trail),
        retention=kept_days(trail),
        routes=tuple(routes),
        store=store,
    )


def _server(artifact: Artifact) -> ServerLine:
    launch = artifact.launch
    return ServerLine(
        name=artifact.name,
        agent=artifact.agent,
        scope=artifact.scope.value,
        path=artifact.path,
        status=artifact.status.value,
        transport="" if launch is None else launch.transport.value,
        what="" if launch is None else view.what_runs(launch, LONGEST),
    )


def _told(diagnostics: Sequence[Diagnostic]) -> tuple[tuple[str, str], ...]:
    return tuple((item.path, item.message) for item in diagnostics)


def _counted(trail: Path) -> tuple[Mapping[str, int], str]:
    """Records of the last 90 days by type, and the time of the oldest record of all."""
    since = (datetime.now(UTC) - timedelta(days=DAYS)).strftime("%Y-%m-%dT%H:%M:%S")
    counts: Counter[str] = Counter()
    first = ""
    decode = msgspec.json.Decoder(_Record).decode
    try:
        for line in reader.lines(trail):
            try:
                record = decode(line)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                continue
            first = first or record.at
            if record.at >= since:
                counts[record.type] += 1
    except SpawngateError:
        return dict(counts), first
    return dict(counts), first


def _fault(trail: Path) -> str:
    """Why the trail does not verify; empty where it does, or where there is none."""
    try:
        if not trail.is_dir():
            return ""
        found = reader.verify(trail)
    except (OSError, SpawngateError) as error:
        return str(error)
    return "" if found.fault is None else f"{found.fault.kind}: {found.fault.message}"
