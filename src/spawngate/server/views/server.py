"""One MCP server: what it launches, why it is of its tier, what it can do, who runs it, what was decided about it.

Must not be here: lists of servers (`servers`), approving (`fleet.approvals`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from spawngate.server.fleet.tables import (
    ADVISORY_MATCHES,
    APPROVALS,
    ARTIFACTS,
    ENDPOINTS,
    FINDINGS,
    ORGANISATION,
    SERVERS,
)
from spawngate.server.services import Services
from spawngate.server.store.port import Entry, StoreError
from spawngate.server.views import launches
from spawngate.server.views import names as names_of
from spawngate.server.views.definitions import disagreement
from spawngate.server.views.endpoints import in_teams, state_of
from spawngate.server.views.servers import MOST_APPROVALS, TIERS
from spawngate.trail.query import Query
from spawngate.trail.query.fields import FIELDS
from spawngate.trail.query.syntax import And, Compare, Value

A, E = ARTIFACTS.c, ENDPOINTS.c
SHOWN = 50
"""Endpoints that the page shows; the list of endpoints has all of them."""


class Where(msgspec.Struct, frozen=True):
    """One place in which it is configured."""

    endpoint: str
    title: str
    team_name: str
    state: str
    agent: str
    name: str
    scope: str
    status: str
    tier: str
    path: str
    first_seen: str


class Variant(msgspec.Struct, frozen=True):
    """Another definition of the same name."""

    fingerprint: str
    runs: str
    endpoints: int


class Said(msgspec.Struct, frozen=True):
    """What one rule says of it, counted."""

    rule: str
    severity: str
    title: str
    message: str
    remediation: str
    endpoints: int


class Advised(msgspec.Struct, frozen=True):
    """One advisory that hits it."""

    advisory: str
    answer: str
    summary: str
    severity: str
    why: str
    fixed_in: tuple[str, ...]
    endpoints: int


class Decided(msgspec.Struct, frozen=True):
    """One request or decision about its launch."""

    id: int
    state: str
    reach: str
    asked_by: str
    asked_at: str
    reason: str
    decided_by: str
    decided_at: str
    note: str
    expires_at: str


class ServerPage(msgspec.Struct, frozen=True):
    """Everything that the page of one server shows."""

    fingerprint: str
    name: str
    names: tuple[str, ...]
    runs: str
    launch: Mapping[str, Any]
    """As `scan --format json` prints it; redacted, hostile."""
    tiers: Mapping[str, int]
    """Tier to the number of endpoints that say it."""
    signals: tuple[str, ...]
    capabilities: tuple[str, ...]
    tools: tuple[str, ...]
    """Names of its tools, where a configuration or a launcher told them."""
    first_seen: str
    first_endpoint: str
    first_title: str
    endpoints: int
    teams: Mapping[str, int]
    agents: Mapping[str, int]
    where: tuple[Where, ...]
    variants: tuple[Variant, ...]
    findings: tuple[Said, ...]
    advisories: tuple[Advised, ...]
    approvals: tuple[Decided, ...]
    approval: str
    """State of the newest; empty for none."""
    identity: str
    """Fingerprint of the launch that an approval from here is bound to; empty where there can be none."""
    unapprovable: str
    """Why it cannot be approved from here; empty where it can."""
    record: Mapping[str, Any]


def server(services: Services, teams: frozenset[int] | None, fingerprint: str) -> ServerPage | None:
    """One server; None where none of these teams has it or had it. Raises StoreError."""
    with services.database.read() as connection:
        mine = [A.kind == "mcp_server", A.fingerprint == fingerprint, *in_teams(A.team, teams)]
        sample = connection.execute(select(A.record, A.name).where(*mine).order_by(A.first_seen).limit(1)).first()
        known = connection.execute(select(SERVERS).where(SERVERS.c.fingerprint == fingerprint)).mappings().first()
        if sample is None and (known is None or teams is not None):
            # What no endpoint of a team has now is told to the whole organisation's people only.
            return None
        record = _mapping(sample.record if sample is not None else known["record"] if known is not None else {})
        name = str(sample.name if sample is not None else known["name"] if known is not None else "")
        first = known["first_endpoint"] if known is not None else ""
        first_title = _title_of(connection, first, teams)
        where = _where(connection, mine, teams, services.now())
        approvals = _approvals(connection, record, teams)
        identity, why = launches.approvable(record)
        return ServerPage(
            fingerprint=fingerprint,
            name=name,
            names=tuple(
                connection.execute(select(A.name).where(*mine).distinct().order_by(A.name).limit(20)).scalars()
            ),
            runs=launches.runs(record),
            launch=_mapping(record.get("launch")),
            tiers=_ordered(_counts(connection, A.tier, mine)),
            signals=_texts(record.get("signals")),
            capabilities=_texts(record.get("capabilities")),
            tools=_tools(record),
            first_seen=_first_seen(connection, mine, known, teams),
            first_endpoint=first if first_title else "",
            first_title=first_title,
            endpoints=int(connection.execute(select(func.count(A.endpoint.distinct())).where(*mine)).scalar_one()),
            teams=_teams(connection, mine, teams),
            agents=_counts(connection, A.agent, mine),
            where=where,
            variants=_variants(connection, name, fingerprint, teams),
            findings=_findings(connection, mine),
            advisories=_advisories(connection, mine),
            approvals=approvals,
            approval=approvals[0].state if approvals else "",
            identity=identity,
            unapprovable=why or disagreement(connection, fingerprint, teams),
            record=record,
        )


def recent(
    services: Services, fingerprint: str, installations: Sequence[str] | None, limit: int = 12
) -> tuple[Entry, ...]:
    """The newest events about a fingerprint, of these installations (None: of all); nothing where the store cannot
    answer."""
    tree = [Compare("fingerprint", FIELDS["fingerprint"], "=", (Value(fingerprint),))]
    if installations is not None:
        tree.append(Compare("endpoint", FIELDS["endpoint"], "=", tuple(Value(each) for each in installations)))
    try:
        return services.events.query(Query(And(tuple(tree))), limit=limit).entries
    except StoreError:
        return ()


def _first_seen(connection: Connection, mine: Sequence[Any], known: Any, teams: frozenset[int] | None) -> str:
    """In the fleet; for people of some teams, in these."""
    if teams is None and known is not None:
        return str(known["first_seen"])
    return str(connection.execute(select(func.min(A.first_seen)).where(*mine)).scalar() or "")


def _title_of(connection: Connection, endpoint: str, teams: frozenset[int] | None) -> str:
    row = connection.execute(select(E.label, E.host, E.id).where(E.id == endpoint, *in_teams(E.team, teams))).first()
    return "" if row is None else row.label or row.host or row.id


def _where(connection: Connection, mine: Sequence[Any], teams: frozenset[int] | None, now: str) -> tuple[Where, ...]:
    names = names_of.teams(connection, teams)
    state = state_of(now).label("state")
    statement = (
        select(
            A.endpoint, E.label, E.host, E.team, state, A.agent, A.name, A.scope, A.status, A.tier, A.path, A.first_seen
        )
        .join(ENDPOINTS, E.id == A.endpoint)
        .where(*mine)
        .order_by(A.first_seen.desc(), A.endpoint, A.id)
        .limit(SHOWN)
    )
    return tuple(
        Where(
            endpoint=row.endpoint,
            title=row.label or row.host or row.endpoint,
            team_name=names.get(row.team, ""),
            state=row.state,
            agent=row.agent,
            name=row.name,
            scope=row.scope,
            status=row.status,
            tier=row.tier,
            path=row.path,
            first_seen=row.first_seen,
        )
        for row in connection.execute(statement)
    )


def _counts(connection: Connection, column: Any, mine: Sequence[Any]) -> Mapping[str, int]:
    statement = select(column, func.count(A.endpoint.distinct())).where(*mine).group_by(column)
    rows = connection.execute(statement).all()
    return {str(value): int(number) for value, number in sorted(rows, key=lambda row: (-row[1], str(row[0]))) if value}


def _ordered(tiers: Mapping[str, int]) -> Mapping[str, int]:
    return dict(sorted(tiers.items(), key=lambda pair: TIERS.index(pair[0]) if pair[0] in TIERS else len(TIERS)))


def _teams(connection: Connection, mine: Sequence[Any], teams: frozenset[int] | None) -> Mapping[str, int]:
    names = names_of.teams(connection, teams)
    statement = select(A.team, func.count(A.endpoint.distinct())).where(*mine).group_by(A.team)
    rows = connection.execute(statement).all()
    return {names.get(team, "") or "no team": int(number) for team, number in sorted(rows, key=lambda row: -row[1])}


def _variants(connection: Connection, name: str, fingerprint: str, teams: frozenset[int] | None) -> tuple[Variant, ...]:
    statement = (
        select(A.fingerprint, func.count(A.endpoint.distinct()).label("endpoints"), func.min(A.endpoint).label("one"))
        .where(A.kind == "mcp_server", A.name == name, A.fingerprint != fingerprint, *in_teams(A.team, teams))
        .group_by(A.fingerprint)
        .order_by(func.count(A.endpoint.distinct()).desc(), A.fingerprint)
        .limit(20)
    )
    found: list[Variant] = []
    for row in connection.execute(statement).all():
        asked = select(A.record).where(A.endpoint == row.one, A.fingerprint == row.fingerprint).limit(1)
        found.append(Variant(row.fingerprint, launches.runs(connection.execute(asked).scalar()), row.endpoints))
    return tuple(found)


def _findings(connection: Connection, mine: Sequence[Any]) -> tuple[Said, ...]:
    F = FINDINGS.c
    statement = (
        select(
            F.rule, F.severity, func.min(F.fingerprint).label("one"), func.count(F.endpoint.distinct()).label("number")
        )
        .join(ARTIFACTS, (A.endpoint == F.endpoint) & (A.id == F.artifact))
        .where(*mine, F.closed_at == "")
        .group_by(F.rule, F.severity)
        .limit(100)
    )
    found: list[Said] = []
    for row in connection.execute(statement).all():
        asked = select(F.record).where(F.rule == row.rule, F.fingerprint == row.one).limit(1)
        record = _mapping(connection.execute(asked).scalar())
        found.append(
            Said(
                rule=row.rule,
                severity=row.severity,
                title=str(record.get("title", "")),
                message=str(record.get("message", "")),
                remediation=str(record.get("remediation", "")),
                endpoints=row.number,
            )
        )
    ranks = {word: place for place, word in enumerate(names_of.SEVERITIES)}
    return tuple(sorted(found, key=lambda each: (ranks.get(each.severity, 9), each.rule)))


def _advisories(connection: Connection, mine: Sequence[Any]) -> tuple[Advised, ...]:
    M = ADVISORY_MATCHES.c
    statement = (
        select(
            M.advisory, M.state, func.count(M.endpoint.distinct()).label("number"), func.min(M.endpoint).label("one")
        )
        .join(ARTIFACTS, (A.endpoint == M.endpoint) & (A.id == M.artifact))
        .where(*mine, M.state.in_(("affected", "no-fix", "uncertain")))
        .group_by(M.advisory, M.state)
        .order_by(M.advisory)
        .limit(100)
    )
    found: list[Advised] = []
    for row in connection.execute(statement).all():
        asked = select(M.detail).where(M.advisory == row.advisory, M.endpoint == row.one, M.state == row.state).limit(1)
        detail = _mapping(connection.execute(asked).scalar())
        found.append(
            Advised(
                advisory=row.advisory,
                answer=row.state,
                summary=str(detail.get("summary", "")),
                severity=str(detail.get("severity", "")),
                why=str(detail.get("why", "")),
                fixed_in=_texts(detail.get("fixed_in")),
                endpoints=row.number,
            )
        )
    return tuple(found)


def _approvals(connection: Connection, record: Mapping[str, Any], teams: frozenset[int] | None) -> tuple[Decided, ...]:
    key = launches.key_of_record(record)
    if not key:
        return ()
    P = APPROVALS.c
    statement = (
        select(APPROVALS)
        .where(*in_teams(P.team, teams and teams | {ORGANISATION}))
        .order_by(P.id.desc())
        .limit(MOST_APPROVALS)
    )
    rows = connection.execute(statement).mappings().all()
    mine = [row for row in rows if launches.key_of_identity(_mapping(row["launch"]).get("identity")) == key]
    return tuple(Decided(**{field: row[field] for field in Decided.__struct_fields__}) for row in mine[:20])


def _tools(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of tools that files name: those of a bundle, and those that were approved for good."""
    detail = _mapping(record.get("detail"))
    found: dict[str, None] = {}
    for key in ("tools", "auto_approve", "included_tools"):
        value = detail.get(key)
        for each in value if isinstance(value, list) else ():
            name = each.get("name") if isinstance(each, Mapping) else each
            if isinstance(name, str) and name != "*":
                found[name] = None
    return tuple(found)[:200]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str))[:200] if isinstance(value, list | tuple) else ()
