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
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec

from spawngate.endpoint.client.settings import replace as write
from spawngate.endpoint.daemon.collector import RecordedState
from spawngate.endpoint.inventory import Request, make_plan
from spawngate.endpoint.judge import Judge, advisory_matches
from spawngate.endpoint.launching.confinements import with_confinement
from spawngate.endpoint.launching.coverage import BEHIND
from spawngate.endpoint.protect.present import Surroundings
from spawngate.endpoint.protect.standing import AgentStanding, Standing, standing
from spawngate.endpoint.sync.looks import Look
from spawngate.model.errors import SpawngateError
from spawngate.report.json import render_json
from spawngate.sync.inventory import digest
from spawngate.sync.messages import Enforcement

NICE = 10
_LONGEST = 300
_MOST = 50


def look(state: RecordedState, home: str) -> tuple[Look, bytes]:
    """How this endpoint stands, and its inventory; an empty one where none was taken yet."""
    stands = standing(Surroundings(home, state.folder))
    document = _document(state)
    found = Look(
        enforcement=tuple(enforcement(each, stands) for each in stands.agents),
        integrity=tuple(each[:4_000] for each in (*stands.tampered, *stands.launches.tampered))[:200],
        inventory=digest(document) if document else "",
        mode=str(stands.policy.get("mode", "")),
        policy=str(stands.policy.get("revision", "")),
    )
    return found, document


def _document(state: RecordedState) -> bytes:
    """The inventory whose changes are in the trail, judged; empty where there is none."""
    plan = make_plan(Request())
    snapshot = state.last(tuple(home.path for home in plan.homes), plan.roots, plan.system_root)
    if snapshot is None:
        return b""
    matches, trouble = advisory_matches(state, plan, snapshot)
    judgement = Judge().judge(snapshot, matches)
    snapshot = replace(
        snapshot,
        diagnostics=(*snapshot.diagnostics, *trouble),
        artifacts=with_confinement(snapshot.artifacts, state.folder),
    )
    return render_json(snapshot, (), judgement)


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
