"""MCP servers across the fleet: by what they run (fingerprint), or by name, where one name that runs several things
shows drift between endpoints.

Must not be here: one server (`server`), approvals as work (`approvals`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, func, select

from spawngate.server.fleet.tables import ADVISORY_MATCHES, APPROVALS, ARTIFACTS, ORGANISATION, SERVERS
from spawngate.server.services import Services
from spawngate.server.views import launches
from spawngate.server.views import names as names_of
from spawngate.server.views.endpoints import in_teams
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Dimension, Key, Listing, Source, page, unindexed

A = ARTIFACTS.c
MOST_APPROVALS = 5_000
"""Requests and decisions that are looked through for those about the servers shown, newest first."""
TIERS = ("official", "community", "unknown")
FACETS = ("tier", "agent", "transport", "status", "team")
"""Names of facets, for `Filters.of`."""


class ServerRow(msgspec.Struct, frozen=True):
    """One definition: everything with one fingerprint."""

    fingerprint: str
    name: str
    runs: str
    """Command and arguments, or address: redacted, hostile."""
    package: str
    transport: str
    endpoints: int
    tiers: tuple[str, ...]
    """More than one where endpoints trust differently."""
    agents: tuple[str, ...]
    capabilities: tuple[str, ...]
    approval: str
    """Of the newest decision that still counts: approved, denied, pending; empty for none."""
    variants: int
    """Fingerprints that have the same name in the fleet: more than one is drift."""
    advisories: int
    first_seen: str


class NameRow(msgspec.Struct, frozen=True):
    """One name with everything that runs under it."""

    name: str
    variants: int
    endpoints: int
    tiers: tuple[str, ...]
    first_seen: str


def _dimensions(names: Mapping[int, str]) -> Mapping[str, Dimension]:
    return {
        "tier": Dimension("Tier", A.tier, order=TIERS),
        "agent": Dimension("Agent", A.agent, label=names_of.agent),
        "transport": Dimension("Transport", A.transport),
        "status": Dimension("Status", A.status),
        "team": Dimension("Team", A.team, label=names_of.team(names)),
    }


SEARCHED = (A.name, A.fingerprint, A.package, A.path, A.agent)
"""Columns that words are looked for in."""


def by_fingerprint(names: Mapping[int, str]) -> Source:
    """The list of definitions."""
    return Source(
        table=ARTIFACTS,
        columns=(
            A.fingerprint,
            func.min(A.name).label("name"),
            func.count(A.endpoint.distinct()).label("endpoints"),
            func.min(A.first_seen).label("first_seen"),
        ),
        searched=SEARCHED,
        orders={
            "endpoints": (Key("endpoints", down=True), Key("fingerprint")),
            "new": (Key("first_seen", down=True), Key("fingerprint")),
            "name": (Key("name"), Key("fingerprint")),
        },
        dimensions=_dimensions(names),
        group=A.fingerprint,
    )


def by_name(names: Mapping[int, str]) -> Source:
    """The list of names."""
    return Source(
        table=ARTIFACTS,
        columns=(
            A.name,
            func.count(A.fingerprint.distinct()).label("variants"),
            func.count(A.endpoint.distinct()).label("endpoints"),
            func.min(A.first_seen).label("first_seen"),
        ),
        searched=SEARCHED,
        orders={
            "variants": (Key("variants", down=True), Key("name")),
            "endpoints": (Key("endpoints", down=True), Key("name")),
            "name": (Key("name"),),
        },
        dimensions=_dimensions(names),
        group=unindexed(A.name),
    )


def servers(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[ServerRow]:
    """A page of the definitions. Raises UsageError for a cursor that is none, StoreError."""
    with services.database.read() as connection:
        found = page(
            connection,
            by_fingerprint(names_of.teams(connection, teams)),
            filters,
            lambda row: row,
            where=_where(teams),
            facets=facets,
        )
        rows = rows_of(connection, found.rows, teams)
    return Listing(rows, found.cursor, found.facets, found.total, found.sort)


def server_names(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[NameRow]:
    """A page of the names. Raises UsageError for a cursor that is none, StoreError."""
    with services.database.read() as connection:
        found = page(
            connection,
            by_name(names_of.teams(connection, teams)),
            filters,
            lambda row: row,
            where=_where(teams),
            facets=facets,
        )
        tiers = _texts(connection, A.name, A.tier, [each["name"] for each in found.rows], teams)
    rows = tuple(
        NameRow(
            each["name"], each["variants"], each["endpoints"], _ordered(tiers.get(each["name"], ())), each["first_seen"]
        )
        for each in found.rows
    )
    return Listing(rows, found.cursor, found.facets, found.total, found.sort)


def approval_states(connection: Connection, teams: frozenset[int] | None) -> Mapping[str, str]:
    """`launches.key_of` a launch to the state of the newest request or decision about it in these teams."""
    statement = (
        select(APPROVALS.c.launch, APPROVALS.c.state)
        .where(*in_teams(APPROVALS.c.team, teams and teams | {ORGANISATION}))
        .order_by(APPROVALS.c.id.desc())
        .limit(MOST_APPROVALS)
    )
    found: dict[str, str] = {}
    for launch, state in connection.execute(statement):
        identity = launch.get("identity") if isinstance(launch, Mapping) else None
        key = launches.key_of_identity(identity)
        if key:
            found.setdefault(key, state)
    return found


def _where(teams: frozenset[int] | None) -> list[Any]:
    return [A.kind == "mcp_server", *in_teams(A.team, teams)]


def _texts(
    connection: Connection, key: Any, value: Any, keys: Sequence[str], teams: frozenset[int] | None
) -> Mapping[str, set[str]]:
    """For each key the values that its rows have."""
    found: dict[str, set[str]] = {}
    for each, text in connection.execute(select(key, value).where(key.in_(keys), *_where(teams)).distinct()):
        if text:
            found.setdefault(each, set()).add(text)
    return found


def _ordered(tiers: Sequence[str] | set[str]) -> tuple[str, ...]:
    return tuple(sorted(tiers, key=lambda each: (TIERS.index(each) if each in TIERS else len(TIERS), each)))


def rows_of(
    connection: Connection, found: Sequence[RowMapping] | Sequence[Mapping[str, Any]], teams: frozenset[int] | None
) -> tuple[ServerRow, ...]:
    """Rows of definitions (what `by_fingerprint` has of each) with what is asked of each: only of those shown."""
    if not found:
        return ()
    keys = [each["fingerprint"] for each in found]
    tiers: dict[str, set[str]] = {}
    agents: dict[str, set[str]] = {}
    asked = select(A.fingerprint, A.tier, A.agent).where(A.fingerprint.in_(keys), *_where(teams)).distinct()
    for row in connection.execute(asked):
        tiers.setdefault(row.fingerprint, set()).add(row.tier)
        agents.setdefault(row.fingerprint, set()).add(row.agent)
    records = _samples(connection, keys)
    approvals = approval_states(connection, teams)
    variants = _variants(connection, [each["name"] for each in found], teams)
    advisories = _advisories(connection, keys, teams)
    return tuple(
        ServerRow(
            fingerprint=each["fingerprint"],
            name=each["name"],
            runs=launches.runs(records.get(each["fingerprint"])),
            package=launches.stated(records.get(each["fingerprint"]), "package"),
            transport=launches.stated(records.get(each["fingerprint"]), "transport"),
            endpoints=each["endpoints"],
            tiers=_ordered(tiers.get(each["fingerprint"], set()) - {""}),
            agents=tuple(sorted(agents.get(each["fingerprint"], set()) - {""})),
            capabilities=kinds_of(records.get(each["fingerprint"], {}).get("capabilities")),
            approval=approvals.get(launches.key_of_record(records.get(each["fingerprint"])), ""),
            variants=variants.get(each["name"], 1),
            advisories=advisories.get(each["fingerprint"], 0),
            first_seen=each["first_seen"],
        )
        for each in found
    )


def kinds_of(capabilities: Any) -> tuple[str, ...]:
    """The kinds of capabilities: `filesystem: reads /home` is `filesystem`."""
    words = [each for each in capabilities if isinstance(each, str)] if isinstance(capabilities, list | tuple) else []
    return tuple(dict.fromkeys(each.partition(":")[0] for each in words))


def _samples(connection: Connection, keys: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """One record of each fingerprint: whoever has it runs the same. Only what runs is taken of it."""
    statement = select(SERVERS.c.fingerprint, SERVERS.c.record).where(SERVERS.c.fingerprint.in_(keys))
    rows = connection.execute(statement)
    return {row.fingerprint: row.record for row in rows if isinstance(row.record, Mapping)}


def _variants(connection: Connection, names: Sequence[str], teams: frozenset[int] | None) -> Mapping[str, int]:
    # What differs is found first, in the index that lists have: there are few definitions, and many who have them.
    there = select(A.fingerprint, A.name).where(*_where(teams)).distinct().subquery()
    statement = select(there.c.name, func.count()).group_by(there.c.name)
    wanted = set(names)
    return {row[0]: row[1] for row in connection.execute(statement) if row[0] in wanted}


def _advisories(connection: Connection, keys: Sequence[str], teams: frozenset[int] | None) -> Mapping[str, int]:
    M = ADVISORY_MATCHES.c
    statement = (
        select(A.fingerprint, func.count(M.advisory.distinct()))
        .join(M.advisory.table, (M.endpoint == A.endpoint) & (M.artifact == A.id))
        .where(A.fingerprint.in_(keys), M.state.in_(("affected", "no-fix", "uncertain")), *_where(teams))
        .group_by(A.fingerprint)
    )
    return {row[0]: row[1] for row in connection.execute(statement)}
