"""SHELL. How this endpoint stands, for its server: the inventory that the trail knows last, and each agent's
enforcement.

Run as a program of its own (`python -m spawngate.endpoint.sync.looking STATE FILE`), because it needs rules, advisories
and readers of every agent for some seconds, and the process that speaks with the server needs none of them. Writes
FILE: one line with a `Look`, then the document of `scan --format json`, where there was an inventory.
Must not be here: taking inventories (`endpoint.daemon.collector`), sending.
"""

import contextlib
import os
import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from spawngate.agents import AGENTS, load_agent
from spawngate.endpoint.client.settings import replace as write
from spawngate.endpoint.inventory import Request, make_plan
from spawngate.endpoint.judge import Judge, advisory_matches
from spawngate.endpoint.launching.confinements import with_confinement
from spawngate.endpoint.launching.coverage import BEHIND
from spawngate.endpoint.protect.present import Surroundings
from spawngate.endpoint.protect.standing import AgentStanding, Stand, Standing, standing
from spawngate.endpoint.recorded import RecordedState
from spawngate.endpoint.sync.looks import Look
from spawngate.model.artifact import Artifact, Kind
from spawngate.model.errors import SpawngateError
from spawngate.model.snapshot import Snapshot
from spawngate.report.json import render_json
from spawngate.sync.inventory import digest
from spawngate.sync.messages import LARGEST_INVENTORY, Enforcement

NICE = 10
LARGEST = LARGEST_INVENTORY - (1 << 20)
"""Bytes of an inventory that is sent: the line in front of it in FILE needs some."""
_LONGEST = 300
_MOST = 50
_MOST_AGENTS = 200
_OF_AGENTS = (Kind.AGENT, Kind.MCP_SERVER)


def look(state: RecordedState, home: str) -> tuple[Look, bytes]:
    """How this endpoint stands, and its inventory; an empty one where none was taken yet."""
    stands = standing(Surroundings(home, state.folder))
    snapshot = _snapshot(state)
    document = b"" if snapshot is None else _document(state, snapshot)
    problems = [*stands.tampered, *stands.launches.tampered]
    if len(document) > LARGEST:
        problems.append(f"the inventory has {len(document)} bytes, and more than {LARGEST} are not sent")
        document = b""
    told = [enforcement(each, stands) for each in stands.agents]
    told += elsewhere(() if snapshot is None else snapshot.artifacts, {each.agent for each in told}, home)
    found = Look(
        enforcement=tuple(told[:_MOST_AGENTS]),
        integrity=tuple(each[:4_000] for each in problems)[:200],
        inventory=digest(document) if document else "",
        mode=str(stands.policy.get("mode", "")),
        policy=str(stands.policy.get("revision", "")),
    )
    return found, document


def _snapshot(state: RecordedState) -> Snapshot | None:
    """The inventory whose changes are in the trail; None where there is none."""
    plan = make_plan(Request())
    return state.last(tuple(home.path for home in plan.homes), plan.roots, plan.system_root)


def _document(state: RecordedState, snapshot: Snapshot) -> bytes:
    """The inventory, judged."""
    matches, trouble = advisory_matches(state, make_plan(Request()), snapshot)
    judgement = Judge().judge(snapshot, matches)
    snapshot = replace(
        snapshot,
        diagnostics=(*snapshot.diagnostics, *trouble),
        artifacts=with_confinement(snapshot.artifacts, state.folder),
    )
    return render_json(snapshot, (), judgement)


def elsewhere(artifacts: Iterable[Artifact], told: Collection[str], home: str) -> list[Enforcement]:
    """Agents of the inventory that no look at this home finds: in the home of another user, or known by the files of a
    project only. Nobody of ours stands in front of them here."""
    places: dict[str, str] = {}
    for each in artifacts:
        if each.kind in _OF_AGENTS and each.agent in AGENTS and each.agent not in told:
            places.setdefault(each.agent, each.path)
    found: list[Enforcement] = []
    for agent, path in sorted(places.items()):
        known = load_agent(agent)
        can = known.hook is not None and known.hook.registration is not None
        own = path.startswith(f"{home.rstrip('/')}/")
        why = (
            "known here by files of it alone"
            if own
            else "found outside of this user's home; that user's own daemon decides"
        )
        state = Stand.UNPROTECTED if can else Stand.OBSERVED
        found.append(Enforcement(agent, state.value, known.name, why=(f"{why}: {path}"[:4_000],)))
    return found


def enforcement(agent: AgentStanding, stands: Standing) -> Enforcement:
    """One agent of `status`, as a server is told of it."""
    entries = [each for each in stands.launches.entries if each.agent == agent.agent]
    return Enforcement(
        agent=agent.agent[:_LONGEST],
        state=agent.state[:_LONGEST],
        name=agent.name[:_LONGEST],
        version=agent.version[:_LONGEST],
        mode=agent.mode[:_LONGEST],
        scopes=tuple(each[:_LONGEST] for each in agent.scopes[:20]),
        why=tuple(each[:4_000] for each in agent.why[:_MOST]),
        limits=tuple(each[:4_000] for each in agent.limits[:_MOST]),
        fails_closed=agent.fails_closed[:_LONGEST],
        servers=len(entries),
        behind_launcher=sum(each.state == BEHIND for each in entries),
    )


def main(arguments: Sequence[str]) -> int:
    """Write the file. `arguments`: the state folder and the file."""
    folder, target = arguments
    try:
        found, document = look(RecordedState(Path(folder)), os.path.expanduser("~"))
        write(Path(target), msgspec.json.encode(found) + b"\n" + document, 0o600)
    except SpawngateError as error:
        sys.stderr.write(f"spawngate: {error}\n")
        return 3
    return 0


if __name__ == "__main__":
    with contextlib.suppress(OSError):
        os.nice(NICE)
    sys.exit(main(sys.argv[1:]))
