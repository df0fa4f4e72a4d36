"""Endpoints of the fleet: the list with its states, and how many there are of each.

Must not be here: one endpoint (`endpoint`), changes of endpoints (`server.fleet.endpoints`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, RowMapping, case, func, select

from spawngate.server.fleet.tables import ADVISORY_MATCHES, ARTIFACTS, ENDPOINTS, FINDINGS
from spawngate.server.services import Services
from spawngate.server.views import names as names_of
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Dimension, Key, Listing, Related, Source, page
from spawngate.trail.moment import stamp

STALE = timedelta(minutes=15)
OFFLINE = timedelta(minutes=60)
STATES = ("online", "stale", "offline", "retired")
E = ENDPOINTS.c


class EndpointRow(msgspec.Struct, frozen=True):
    """One endpoint in a list."""

    id: str
    label: str
    host: str
    user: str
    team: int
    team_name: str
    group: str
    platform: str
    version: str
    state: str
    """online, stale, offline or retired."""
    mode: str
    seen_at: str
    scanned_at: str
    enrolled_at: str
    agents: tuple[str, ...]
    """Ids of those installed or configured there."""
    servers: int
    unknown_servers: int
    """Of tier unknown."""
    findings: int
    """Open, of every severity."""
    severity: str
    """The gravest open finding's; empty for none."""
    problems: int
    """Of our own parts there."""
    synthetic: bool = False

    @property
    def title(self) -> str:
        """What people call it."""
        return self.label or self.host or self.id


def state_of(now: str) -> ColumnElement[str]:
    """The state of an endpoint as a column: by when it was last heard of."""
    moment = datetime.fromisoformat(now)
    return case(
        (E.retired_at != "", "retired"),
        (E.seen_at < stamp(moment - OFFLINE), "offline"),
        (E.seen_at < stamp(moment - STALE), "stale"),
        else_="online",
    )


def in_teams(column: ColumnElement[Any], teams: frozenset[int] | None) -> list[ColumnElement[bool]]:
    """The condition that rows are of these teams; none for None, and nothing passes where there are no teams."""
    return [] if teams is None else [column.in_(sorted(teams))]


def source(now: str, names: Mapping[int, str]) -> Source:
    """The list of endpoints. `names`: of teams."""
    state = state_of(now).label("state")
    return Source(
        table=ENDPOINTS,
        columns=(
            E.id, E.label, E.host, E.user_name, E.team, E.group, E.platform, E.version, E.mode, E.seen_at,
            E.scanned_at, E.enrolled_at, E.integrity, E.synthetic, state,
        ),
        unique=(E.id,),
        searched=(E.id, E.label, E.host, E.user_name, E.group, E.platform, E.version, E.installation),
        orders={
            "seen": (Key("seen_at", down=True), Key("id")),
            "host": (Key("host"), Key("id")),
            "enrolled": (Key("enrolled_at", down=True), Key("id")),
            "version": (Key("version"), Key("id")),
        },
        dimensions={
            "state": Dimension("State", state_of(now), order=STATES),
            "mode": Dimension("Mode", E.mode),
            "platform": Dimension("Platform", E.platform),
            "team": Dimension("Team", E.team, label=names_of.team(names)),
            "group": Dimension("Group", E.group),
            "agent": Related(
                "Agent", ARTIFACTS.c.agent, ARTIFACTS.c.endpoint, E.id, (ARTIFACTS.c.kind == "agent",), names_of.agent
            ),
            "version": Dimension("Version", E.version),
            "server": Related(
                "Server", ARTIFACTS.c.fingerprint, ARTIFACTS.c.endpoint, E.id, (ARTIFACTS.c.kind == "mcp_server",),
                names_of.short, listed=False,
            ),
            "artifact": Related(
                "Artifact", ARTIFACTS.c.name, ARTIFACTS.c.endpoint, E.id, (ARTIFACTS.c.kind != "mcp_server",),
                listed=False,
            ),
            "secret": Related(
                "Secret",
                ARTIFACTS.c.fingerprint,
                ARTIFACTS.c.endpoint,
                E.id,
                (ARTIFACTS.c.kind == "secret",),
                names_of.short,
                listed=False,
            ),
            "advisory": Related(
                "Advisory", ADVISORY_MATCHES.c.advisory, ADVISORY_MATCHES.c.endpoint, E.id,
                (ADVISORY_MATCHES.c.state.in_(("affected", "no-fix", "uncertain")),), listed=False,
            ),
            "rule": Related(
                "Finding", FINDINGS.c.rule, FINDINGS.c.endpoint, E.id,
                (FINDINGS.c.closed_at == "", FINDINGS.c.state != "resolved"), listed=False,
            ),
        },
    )  # fmt: skip


FACETS = (
    "state",
    "mode",
    "platform",
    "team",
    "group",
    "agent",
    "version",
    "server",
    "artifact",
    "secret",
    "advisory",
    "rule",
)
"""Names of facets, for `Filters.of`."""


def endpoints(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[EndpointRow]:
    """A page of the endpoints. Raises UsageError for a cursor that is none, StoreError."""
    with services.database.read() as connection:
        names = names_of.teams(connection, teams)
        declared = source(services.now(), names)
        found = page(connection, declared, filters, lambda row: row, where=in_teams(E.team, teams), facets=facets)
        rows = _rows(connection, found.rows, names)
    return Listing(rows, found.cursor, found.facets, found.total, found.sort)


def states(services: Services, teams: frozenset[int] | None) -> Mapping[str, int]:
    """How many endpoints are in each state; every state is there."""
    state = state_of(services.now()).label("state")
    statement = select(state, func.count()).where(*in_teams(E.team, teams)).group_by(state)
    with services.database.read() as connection:
        found = {str(name): int(count) for name, count in connection.execute(statement)}
    return {name: found.get(name, 0) for name in STATES}


def _rows(connection: Connection, found: Sequence[RowMapping], names: Mapping[int, str]) -> tuple[EndpointRow, ...]:
    """The rows with what is counted of each: only of those shown."""
    if not found:
        return ()
    shown = [each["id"] for each in found]
    agents: dict[str, set[str]] = {}
    servers: dict[str, int] = {}
    unknown: dict[str, int] = {}
    A, F = ARTIFACTS.c, FINDINGS.c
    of_agents = select(A.endpoint, A.agent).where(A.endpoint.in_(shown), A.kind == "agent")
    for endpoint, agent in connection.execute(of_agents):
        agents.setdefault(endpoint, set()).add(agent)
    of_servers = (
        select(A.endpoint, A.tier, func.count())
        .where(A.endpoint.in_(shown), A.kind == "mcp_server")
        .group_by(A.endpoint, A.tier)
    )
    for endpoint, tier, count in connection.execute(of_servers):
        servers[endpoint] = servers.get(endpoint, 0) + count
        if tier == "unknown":
            unknown[endpoint] = count
    findings: dict[str, dict[str, int]] = {}
    of_findings = (
        select(F.endpoint, F.severity, func.count())
        .where(F.endpoint.in_(shown), F.closed_at == "", F.state != "resolved")
        .group_by(F.endpoint, F.severity)
    )
    for endpoint, severity, count in connection.execute(of_findings):
        findings.setdefault(endpoint, {})[severity] = count
    return tuple(
        EndpointRow(
            id=each["id"],
            label=each["label"],
            host=each["host"],
            user=each["user_name"],
            team=each["team"],
            team_name=names.get(each["team"], ""),
            group=each["group"],
            platform=each["platform"],
            version=each["version"],
            state=each["state"],
            mode=each["mode"],
            seen_at=each["seen_at"],
            scanned_at=each["scanned_at"],
            enrolled_at=each["enrolled_at"],
            agents=tuple(sorted(agents.get(each["id"], ()))),
            servers=servers.get(each["id"], 0),
            unknown_servers=unknown.get(each["id"], 0),
            findings=sum(findings.get(each["id"], {}).values()),
            severity=names_of.gravest(findings.get(each["id"], {})),
            problems=len(each["integrity"]) if isinstance(each["integrity"], list) else 0,
            synthetic=each["synthetic"],
        )
        for each in found
    )
