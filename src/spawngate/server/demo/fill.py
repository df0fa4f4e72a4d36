"""A folder filled with the synthetic fleet: its store, its fleet data, its inventories.

Must not be here: the world itself, people and their work (`work`), serving it (`server.local`).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert, update

from spawngate.advisories.document import to_model
from spawngate.advisories.match import match
from spawngate.advisories.subjects import of_artifacts
from spawngate.endpoint.advisories import load
from spawngate.endpoint.judge import Judge
from spawngate.model.json import Json
from spawngate.model.snapshot import Snapshot
from spawngate.report.json import render_json
from spawngate.report.judgement import NOTHING, Judgement
from spawngate.server.demo import history
from spawngate.server.demo.catalogue import TEAMS, WITHOUT_HOOK
from spawngate.server.demo.history import Happened
from spawngate.server.demo.world import DAYS, SIZE, Machine, machines, snapshot
from spawngate.server.fleet import inventory
from spawngate.server.fleet.database import Database
from spawngate.server.fleet.tables import ENDPOINTS
from spawngate.server.fleet.tables import TEAMS as TEAM_ROWS
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.sync.inventory import digest
from spawngate.trail.diff import diff, diff_findings
from spawngate.trail.event import artifact_event, finding_event
from spawngate.trail.moment import stamp

NOTHING_FOUND = Snapshot("", "", "linux", "", (), ())


def fill(store: EmbeddedStore, database: Database, now: datetime, *, size: int = SIZE, days: int = DAYS) -> None:
    """Fill an empty store and an empty database. Raises StoreError."""
    fleet = machines(size)
    happened: list[Happened] = []
    with database.begin() as connection:
        _teams(connection, now)
        judge = _Judge(store.folder)
        for machine in fleet:
            _enrol(connection, machine, now)
            happened += _scans(connection, machine, judge, now)
    happened += history.lives(fleet, now, days)
    happened += history.calls(fleet, now, days)
    for batch in history.entries(happened):
        store.events.append(batch)


class _Judge:
    """Rules, tiers and advisories about the snapshots, as an endpoint says it."""

    def __init__(self, folder: Path) -> None:
        self._judge = Judge()
        self._database, _ = load(folder / "none")

    def __call__(self, found: Snapshot) -> Judgement:
        subjects = of_artifacts(found.artifacts, found.platform)
        matches = tuple(to_model(each) for each in match(subjects, self._database) if each.hits)
        return self._judge.judge(found, matches)


def _teams(connection: Connection, now: datetime) -> None:
    at = stamp(now - timedelta(days=DAYS + 1))
    rows = [{"id": number, "name": name, "created_at": at} for number, name in enumerate(TEAMS, start=1)]
    connection.execute(insert(TEAM_ROWS), rows)


def _enrol(connection: Connection, machine: Machine, now: datetime) -> None:
    seen = now - timedelta(minutes=machine.silent, seconds=machine.number % 50)
    connection.execute(
        insert(ENDPOINTS).values(
            id=machine.id,
            installation=machine.installation,
            team=machine.team,
            group=machine.group,
            host=machine.host,
            user_name=machine.user,
            platform=machine.platform,
            version=machine.version,
            key="0" * 64,
            token=f"none of {machine.number}",
            enrolled_at=stamp(now - timedelta(days=machine.enrolled)),
            seen_at=stamp(seen),
            retired_at=stamp(now - timedelta(days=1)) if machine.retired else "",
            enforcement=_enforcement(machine),
            integrity=_integrity(machine),
            mode=machine.mode,
            skew=0 if machine.number % 17 else 7_130,
            dropped={} if machine.number % 41 else {"decision:allow": 214},
            synthetic=True,
        )
    )


def _scans(
    connection: Connection, machine: Machine, judge: Callable[[Snapshot], Judgement], now: datetime
) -> list[Happened]:
    """Every scan of a machine with another result: its rows, and the events of what changed."""
    happened: list[Happened] = []
    before, said = NOTHING_FOUND, NOTHING
    for days_ago in machine.stages:
        at = now - timedelta(days=days_ago)
        found = snapshot(machine, days_ago, stamp(at))
        judgement = judge(found)
        changes = diff(before.artifacts, found.artifacts)
        removed = [each.artifact for each in changes if each.change == "removed"]
        told = diff_findings(said.findings, judgement.findings, found.artifacts, removed)
        events = [artifact_event(each, "") for each in changes] + [finding_event(each, "") for each in told]
        happened += [Happened(at + timedelta(milliseconds=place), machine, each) for place, each in enumerate(events)]
        document = render_json(found, (), judgement)
        inventory.hold(connection, machine.id, machine.team, document, digest=digest(document), now=stamp(at))
        before, said = found, judgement
    scanned = stamp(now - timedelta(minutes=machine.silent + machine.number % 14))
    connection.execute(update(ENDPOINTS).where(ENDPOINTS.c.id == machine.id).values(scanned_at=scanned))
    return happened


def _enforcement(machine: Machine) -> list[dict[str, Json]]:
    """How each agent stands: what `spawngate status` would say there."""
    found: list[dict[str, Json]] = []
    for place, program in enumerate(machine.agents):
        servers = sum(agent == program.agent for _, agent, _, gone in machine.servers if not gone)
        state, why = "installed", ""
        if program.agent in WITHOUT_HOOK:
            state, why = "observed", "it has no hook that could decide"
        elif (machine.number + place) % 11 == 0:
            state, why = "unprotected", "our hook is not in its settings: run `spawngate protect`"
        elif (machine.number + place) % 23 == 0:
            state, why = "off", "a setting of the user's switches hooks off"
        elif (machine.number + place) % 37 == 0:
            state, why = "tampered", "an entry of ours was removed"
        protected = state in ("installed", "off", "tampered")
        found.append(
            {
                "agent": program.agent,
                "state": state,
                "name": program.name,
                "version": program.version,
                "mode": machine.mode if protected else "",
                "scopes": ["user"] if protected else [],
                "why": [why] if why else [],
                "fails_closed": "client" if protected else "",
                "servers": servers,
                "behind_launcher": servers if machine.number % 3 == 0 else servers // 2,
            }
        )
    return found


def _integrity(machine: Machine) -> list[str]:
    if machine.number % 37 == 5:
        return ["the hook client is another file than was installed"]
    return []
