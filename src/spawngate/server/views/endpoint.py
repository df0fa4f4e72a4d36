"""One endpoint: how it stands, what it holds by agent, where its enforcement has gaps, what happened there.

Must not be here: lists of endpoints (`endpoints`), changes of an endpoint.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from spawngate.server.fleet.tables import ADVISORY_MATCHES, ARTIFACTS, ENDPOINTS, FINDINGS
from spawngate.server.services import Services
from spawngate.server.store.port import Entry, StoreError
from spawngate.server.views import launches
from spawngate.server.views import names as names_of
from spawngate.server.views.endpoints import in_teams, state_of
from spawngate.server.views.servers import approval_states, kinds_of
from spawngate.sync.messages import Enforcement
from spawngate.trail.query import Query
from spawngate.trail.query.fields import FIELDS
from spawngate.trail.query.syntax import And, Compare, Node, Value

A, E = ARTIFACTS.c, ENDPOINTS.c
MOST = 300
"""Rows of one kind that a page of one endpoint shows; the list of artifacts has all of them."""
RECENT = 15


class Held(msgspec.Struct, frozen=True):
    """One artifact of an endpoint."""

    id: str
    kind: str
    name: str
    agent: str
    scope: str
    status: str
    tier: str
    runs: str
    fingerprint: str
    capabilities: tuple[str, ...]
    approval: str
    first_seen: str
    path: str


class OfAgent(msgspec.Struct, frozen=True):
    """One agent of an endpoint with what belongs to it."""

    agent: str
    name: str
    version: str
    blanket: tuple[str, ...]
    """Rules that allow everything a tool can do."""
    unattended: tuple[str, ...]
    """Modes in which it never asks."""
    enforcement: Enforcement | None
    """What the endpoint told of it; None: nothing."""
    gap: str
    """What is not enforced here, in a sentence; empty where nothing is open."""
    servers: tuple[Held, ...]
    others: Mapping[str, tuple[Held, ...]]
    """Other kinds to what was found."""


class Brief(msgspec.Struct, frozen=True):
    """One open finding, shortly."""

    fingerprint: str
    rule: str
    severity: str
    title: str
    name: str
    agent: str
    opened_at: str


class EndpointPage(msgspec.Struct, frozen=True):
    """Everything that the page of one endpoint shows."""

    id: str
    installation: str
    title: str
    host: str
    user: str
    team: int
    team_name: str
    group: str
    platform: str
    version: str
    state: str
    mode: str
    enrolled_at: str
    seen_at: str
    scanned_at: str
    retired_at: str
    bundle: int
    skew: int
    dropped: Mapping[str, int]
    integrity: tuple[str, ...]
    synthetic: bool
    agents: tuple[OfAgent, ...]
    unowned: Mapping[str, tuple[Held, ...]]
    """Kind to what no agent owns."""
    findings: tuple[Brief, ...]
    finding_counts: Mapping[str, int]
    """Severity to the number of open ones."""
    advisories: int


GAPS: Mapping[str, str] = {
    "tampered": "An entry of ours was removed or changed: its calls may go undecided.",
    "off": "The hook is installed, and a switch keeps it from running: nothing is decided.",
    "inactive": "The hook is installed, and the agent waits for a person's consent: nothing is decided until then.",
    "partly": "Decided in some places and switched off in others.",
    "unprotected": "It has a hook, and ours is not there: its calls are not decided.",
    "observed": "It has no hook that could decide: its files are read, its calls are not seen.",
}
"""State of an agent's enforcement to what is missing, in a sentence."""


def endpoint(services: Services, teams: frozenset[int] | None, id: str) -> EndpointPage | None:
    """One endpoint; None where there is none that these teams may see. Raises StoreError."""
    with services.database.read() as connection:
        state = state_of(services.now()).label("state")
        found = (
            connection.execute(select(ENDPOINTS, state).where(E.id == id, *in_teams(E.team, teams))).mappings().first()
        )
        if found is None:
            return None
        names = names_of.teams(connection, teams)
        held = _held(connection, id, teams)
        findings, counts = _findings(connection, id)
        advisories = connection.execute(
            select(func.count(ADVISORY_MATCHES.c.advisory.distinct())).where(
                ADVISORY_MATCHES.c.endpoint == id,
                ADVISORY_MATCHES.c.state.in_(("affected", "no-fix", "uncertain")),
            )
        ).scalar_one()
        records = _agents(connection, id)
    enforcement = enforcement_of(found["enforcement"])
    agents = _by_agent(held, records, enforcement, found["mode"])
    owners = {each.agent for each in agents}
    return EndpointPage(
        id=found["id"],
        installation=found["installation"],
        title=found["label"] or found["host"] or found["id"],
        host=found["host"],
        user=found["user_name"],
        team=found["team"],
        team_name=names.get(found["team"], ""),
        group=found["group"],
        platform=found["platform"],
        version=found["version"],
        state=found["state"],
        mode=found["mode"],
        enrolled_at=found["enrolled_at"],
        seen_at=found["seen_at"],
        scanned_at=found["scanned_at"],
        retired_at=found["retired_at"],
        bundle=found["bundle"],
        skew=found["skew"],
        dropped=found["dropped"] if isinstance(found["dropped"], dict) else {},
        integrity=tuple(str(each) for each in found["integrity"]) if isinstance(found["integrity"], list) else (),
        synthetic=found["synthetic"],
        agents=agents,
        unowned=_by_kind([each for each in held if each.kind != "agent" and each.agent not in owners]),
        findings=findings,
        finding_counts=counts,
        advisories=advisories,
    )


def recent(services: Services, installation: str, types: Sequence[str], limit: int = RECENT) -> tuple[Entry, ...]:
    """The newest events of some types that an endpoint sent; nothing where the store cannot answer."""
    try:
        return services.events.query(_of_endpoint(installation, types), limit=limit).entries
    except StoreError:
        return ()


def _of_endpoint(installation: str, types: Sequence[str]) -> Query:
    """The query as a tree: an id that came from an endpoint is never put together with the language."""
    where: list[Node] = [Compare("endpoint", FIELDS["endpoint"], "=", (Value(installation),))]
    where.append(Compare("type", FIELDS["type"], "=", tuple(Value(each) for each in types)))
    return Query(And(tuple(where)))


def enforcement_of(value: Any) -> Mapping[str, Enforcement]:
    """What an endpoint told of its agents, by agent; what is not understood is left out."""
    found: dict[str, Enforcement] = {}
    for each in value if isinstance(value, list) else ():
        try:
            told = msgspec.convert(each, Enforcement)
        except msgspec.ValidationError:
            continue
        found.setdefault(told.agent, told)
    return found


def gap_of(enforcement: Enforcement | None, mode: str) -> str:
    """What is open in an agent's enforcement, in a sentence; empty where nothing is."""
    if enforcement is None:
        return "The endpoint has not told how this agent stands."
    if enforcement.state in GAPS:
        return GAPS[enforcement.state]
    if enforcement.state != "installed":
        return "This state is not known to this release."
    if (enforcement.mode or mode) == "monitor":
        return "Decided and recorded, and every call goes on: it is in monitor mode."
    if enforcement.limits:
        return enforcement.limits[0]
    if enforcement.behind_launcher < enforcement.servers:
        left = enforcement.servers - enforcement.behind_launcher
        return f"{left} of its {enforcement.servers} servers start without the launcher."
    return ""


def _held(connection: Connection, endpoint: str, teams: frozenset[int] | None) -> list[Held]:
    columns = (
        A.id, A.kind, A.name, A.agent, A.scope, A.status, A.tier, A.fingerprint, A.capabilities, A.first_seen, A.path,
        A.record,
    )  # fmt: skip
    statement = select(*columns).where(A.endpoint == endpoint).order_by(A.kind, A.agent, A.name, A.id).limit(5_000)
    rows = connection.execute(statement).mappings().all()
    approvals = approval_states(connection, teams)
    return [
        Held(
            id=row["id"],
            kind=row["kind"],
            name=row["name"],
            agent=row["agent"],
            scope=row["scope"],
            status=row["status"],
            tier=row["tier"],
            runs=launches.runs(row["record"]),
            fingerprint=row["fingerprint"],
            capabilities=kinds_of(row["capabilities"]),
            approval=approvals.get(launches.key_of_record(row["record"]), "") if row["kind"] == "mcp_server" else "",
            first_seen=row["first_seen"],
            path=row["path"],
        )
        for row in rows
    ]


def _agents(connection: Connection, endpoint: str) -> Mapping[str, Mapping[str, Any]]:
    """Agent to the details of its artifact."""
    statement = select(A.agent, A.record).where(A.endpoint == endpoint, A.kind == "agent")
    found: dict[str, Mapping[str, Any]] = {}
    for agent, record in connection.execute(statement):
        detail = record.get("detail") if isinstance(record, Mapping) else None
        found.setdefault(agent, detail if isinstance(detail, Mapping) else {})
    return found


def _by_agent(
    held: Sequence[Held],
    records: Mapping[str, Mapping[str, Any]],
    enforcement: Mapping[str, Enforcement],
    mode: str,
) -> tuple[OfAgent, ...]:
    owners = sorted(
        {*records, *enforcement, *(each.agent for each in held if each.kind == "mcp_server" and each.agent)}
    )
    found: list[OfAgent] = []
    for agent in owners:
        mine = [each for each in held if each.agent == agent and each.kind != "agent"]
        detail = records.get(agent, {})
        told = enforcement.get(agent)
        found.append(
            OfAgent(
                agent=agent,
                name=names_of.agent(agent),
                version=str(detail.get("version") or (told.version if told else "")),
                blanket=_blanket(detail.get("permissions")),
                unattended=_named(detail.get("auto_approvals")),
                enforcement=told,
                gap=gap_of(told, mode),
                servers=tuple(each for each in mine if each.kind == "mcp_server")[:MOST],
                others=_by_kind([each for each in mine if each.kind != "mcp_server"]),
            )
        )
    return tuple(sorted(found, key=lambda each: each.name.casefold()))


def _by_kind(held: Sequence[Held]) -> Mapping[str, tuple[Held, ...]]:
    found: dict[str, list[Held]] = {}
    for each in held:
        found.setdefault(each.kind, []).append(each)
    return {kind: tuple(rows[:MOST]) for kind, rows in found.items()}


def _blanket(permissions: Any) -> tuple[str, ...]:
    rules = [each for each in permissions if isinstance(each, Mapping)] if isinstance(permissions, list) else []
    return tuple(
        str(each.get("rule")) for each in rules if each.get("blanket") is True and each.get("verdict") == "allow"
    )[:20]


def _named(approvals: Any) -> tuple[str, ...]:
    listed = [each for each in approvals if isinstance(each, Mapping)] if isinstance(approvals, list) else []
    return tuple(str(each.get("name")) for each in listed)[:20]


def _findings(connection: Connection, endpoint: str) -> tuple[tuple[Brief, ...], Mapping[str, int]]:
    F = FINDINGS.c
    is_open = (F.endpoint == endpoint, F.closed_at == "", F.state != "resolved")
    counted = select(F.severity, func.count()).where(*is_open).group_by(F.severity)
    counts = {row[0]: int(row[1]) for row in connection.execute(counted)}
    statement = select(F.fingerprint, F.rule, F.severity, F.record, F.name, F.agent, F.opened_at).where(*is_open)
    rows = connection.execute(statement.order_by(F.opened_at.desc(), F.fingerprint).limit(2_000)).all()
    ranks = {word: place for place, word in enumerate(names_of.SEVERITIES)}
    ordered = sorted(rows, key=lambda row: ranks.get(row.severity, len(ranks)))
    found = tuple(
        Brief(row.fingerprint, row.rule, row.severity, _title(row.record), row.name, row.agent, row.opened_at)
        for row in ordered[:12]
    )
    return found, {word: counts[word] for word in names_of.SEVERITIES if counts.get(word)}


def _title(record: Any) -> str:
    return str(record.get("title") or record.get("rule") or "") if isinstance(record, Mapping) else ""
