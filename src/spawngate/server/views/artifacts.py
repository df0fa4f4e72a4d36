"""Artifacts of one kind across the fleet, by name: agents, extensions, skills, plugins, hooks, CLIs, instructions;
secrets by type and fingerprint.

Must not be here: MCP servers (`servers`), values of secrets: no part of Spawngate has them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, RowMapping, func, select

from spawngate.server.fleet.tables import ARTIFACTS, ENDPOINTS
from spawngate.server.services import Services
from spawngate.server.views import launches
from spawngate.server.views import names as names_of
from spawngate.server.views.endpoints import in_teams, state_of
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Dimension, Key, Listing, Related, Source, page, unindexed

A, E = ARTIFACTS.c, ENDPOINTS.c
KINDS = ("agent", "extension", "skill", "plugin", "hook", "cli", "instruction")
"""Kinds of the page of other artifacts, in its order. MCP servers and secrets have pages of their own."""
FACETS = ("agent", "scope", "status", "team")
SECRET_FACETS = ("type", *FACETS)
SEARCHED = (A.name, A.path, A.agent, A.fingerprint)
"""Columns that words are looked for in."""
SHOWN = 100


class ArtifactRow(msgspec.Struct, frozen=True):
    """Everything of one kind with one name."""

    kind: str
    name: str
    endpoints: int
    variants: int
    """Fingerprints: what it would do, counted."""
    agents: tuple[str, ...]
    versions: tuple[str, ...]
    first_seen: str


class SecretRow(msgspec.Struct, frozen=True):
    """One secret, wherever it stands: by what it is and by the digest of its value."""

    fingerprint: str
    type: str
    endpoints: int
    places: int
    """Files and entries that hold it."""
    example: str
    """Name of one artifact that holds it."""
    first_seen: str


class Instance(msgspec.Struct, frozen=True):
    """One artifact on one endpoint."""

    endpoint: str
    title: str
    team_name: str
    state: str
    agent: str
    name: str
    scope: str
    status: str
    path: str
    fingerprint: str
    first_seen: str
    changed_at: str
    detail: Mapping[str, Any]
    runs: str


def _dimensions(names: Mapping[int, str]) -> Mapping[str, Dimension | Related]:
    return {
        "agent": Dimension("Agent", A.agent, label=names_of.agent),
        "scope": Dimension("Scope", A.scope),
        "status": Dimension("Status", A.status),
        "team": Dimension("Team", A.team, label=names_of.team(names)),
    }


def by_name(names: Mapping[int, str]) -> Source:
    """The list of names of one kind."""
    return Source(
        table=ARTIFACTS,
        columns=(
            A.name,
            func.count(A.endpoint.distinct()).label("endpoints"),
            func.count(A.fingerprint.distinct()).label("variants"),
            func.min(A.first_seen).label("first_seen"),
        ),
        searched=SEARCHED,
        orders={
            "endpoints": (Key("endpoints", down=True), Key("name")),
            "new": (Key("first_seen", down=True), Key("name")),
            "variants": (Key("variants", down=True), Key("name")),
            "name": (Key("name"),),
        },
        dimensions=_dimensions(names),
        group=unindexed(A.name),
    )


def by_secret(names: Mapping[int, str]) -> Source:
    """The list of secrets."""
    return Source(
        table=ARTIFACTS,
        columns=(
            A.fingerprint,
            func.count(A.endpoint.distinct()).label("endpoints"),
            func.count().label("places"),
            func.min(A.name).label("example"),
            func.min(A.first_seen).label("first_seen"),
        ),
        searched=SEARCHED,
        orders={
            "endpoints": (Key("endpoints", down=True), Key("fingerprint")),
            "places": (Key("places", down=True), Key("fingerprint")),
            "new": (Key("first_seen", down=True), Key("fingerprint")),
        },
        dimensions={"type": Dimension("Type", A.record["detail"]["type"].as_string()), **_dimensions(names)},
        group=A.fingerprint,
    )


def artifacts(
    services: Services, teams: frozenset[int] | None, kind: str, filters: Filters, *, facets: bool = True
) -> Listing[ArtifactRow]:
    """A page of the names of one kind. Raises UsageError for a cursor that is none, StoreError."""
    with services.database.read() as connection:
        where = [A.kind == kind, *in_teams(A.team, teams)]
        source = by_name(names_of.teams(connection, teams))
        found = page(connection, source, filters, lambda row: row, where=where, facets=facets)
        rows = rows_of(connection, kind, found.rows, where)
    return Listing(rows, found.cursor, found.facets, found.total, found.sort)


def secrets(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[SecretRow]:
    """A page of the secrets. Raises UsageError for a cursor that is none, StoreError."""
    with services.database.read() as connection:
        where = [A.kind == "secret", *in_teams(A.team, teams)]
        source = by_secret(names_of.teams(connection, teams))
        found = page(connection, source, filters, lambda row: row, where=where, facets=facets)
        rows = secrets_of(connection, found.rows, where)
    return Listing(rows, found.cursor, found.facets, found.total, found.sort)


def secrets_of(
    connection: Connection,
    found: Sequence[RowMapping] | Sequence[Mapping[str, Any]],
    where: Sequence[ColumnElement[bool]],
) -> tuple[SecretRow, ...]:
    """Rows of secrets (what `by_secret` has of each) with their types. `where`: which rows may be looked at."""
    keys = [each["fingerprint"] for each in found]
    asked = select(A.fingerprint, func.min(A.record["detail"]["type"].as_string()))
    asked = asked.where(A.fingerprint.in_(keys), *where).group_by(A.fingerprint)
    types = {row[0]: row[1] for row in connection.execute(asked)} if keys else {}
    return tuple(
        SecretRow(
            fingerprint=each["fingerprint"],
            type=types.get(each["fingerprint"]) or "unknown",
            endpoints=each["endpoints"],
            places=each["places"],
            example=each["example"],
            first_seen=each["first_seen"],
        )
        for each in found
    )


def kind_counts(services: Services, teams: frozenset[int] | None) -> Mapping[str, int]:
    """How many different names each kind has: for the tabs."""
    statement = select(A.kind, func.count(A.name.distinct())).where(*in_teams(A.team, teams)).group_by(A.kind)
    with services.database.read() as connection:
        return {str(kind): int(number) for kind, number in connection.execute(statement)}


def instances(
    services: Services, teams: frozenset[int] | None, kind: str, *, name: str = "", fingerprint: str = ""
) -> tuple[tuple[Instance, ...], int]:
    """Where something is: the newest of its places, and on how many endpoints it is. Raises StoreError."""
    where = [A.kind == kind, *in_teams(A.team, teams)]
    where += [A.name == name] if name else []
    where += [A.fingerprint == fingerprint] if fingerprint else []
    state = state_of(services.now()).label("state")
    with services.database.read() as connection:
        names = names_of.teams(connection, teams)
        number = connection.execute(select(func.count(A.endpoint.distinct())).where(*where)).scalar_one()
        statement = (
            select(ARTIFACTS, E.label, E.host, state)
            .join(ENDPOINTS, E.id == A.endpoint)
            .where(*where)
            .order_by(A.first_seen.desc(), A.endpoint, A.id)
            .limit(SHOWN)
        )
        rows = connection.execute(statement).mappings().all()
    found = tuple(
        Instance(
            endpoint=row["endpoint"],
            title=row["label"] or row["host"] or row["endpoint"],
            team_name=names.get(row["team"], ""),
            state=row["state"],
            agent=row["agent"],
            name=row["name"],
            scope=row["scope"],
            status=row["status"],
            path=row["path"],
            fingerprint=row["fingerprint"],
            first_seen=row["first_seen"],
            changed_at=row["changed_at"],
            detail=detail_of(row["record"]),
            runs=launches.runs(row["record"]),
        )
        for row in rows
    )
    return found, int(number)


def detail_of(record: Any) -> Mapping[str, Any]:
    """The details of a record; empty where it has none."""
    detail = record.get("detail") if isinstance(record, Mapping) else None
    return detail if isinstance(detail, Mapping) else {}


def rows_of(
    connection: Connection,
    kind: str,
    found: Sequence[RowMapping] | Sequence[Mapping[str, Any]],
    where: Sequence[ColumnElement[bool]],
) -> tuple[ArtifactRow, ...]:
    """Rows of names (what `by_name` has of each) with agents and versions. `where`: which rows may be looked at."""
    if not found:
        return ()
    keys = [each["name"] for each in found]
    agents: dict[str, set[str]] = {}
    versions: dict[str, set[str]] = {}
    version = A.record["detail"]["version"].as_string().label("version")
    asked = select(A.name, A.agent, version).where(A.name.in_(keys), *where).distinct().limit(5_000)
    for row in connection.execute(asked):
        if row.agent:
            agents.setdefault(row.name, set()).add(row.agent)
        if row.version:
            versions.setdefault(row.name, set()).add(row.version)
    return tuple(
        ArtifactRow(
            kind=kind,
            name=each["name"],
            endpoints=each["endpoints"],
            variants=each["variants"],
            agents=tuple(sorted(agents.get(each["name"], ()))),
            versions=tuple(sorted(versions.get(each["name"], ())))[:20],
            first_seen=each["first_seen"],
        )
        for each in found
    )
