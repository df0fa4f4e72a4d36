"""The suggested allowlist: servers in use that no approval covers, and what keeps each from being approved from here.

Must not be here: granting (`server.deciding`), lists of servers (`servers`).
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, func, select

from spawngate.launch.identity import Identity
from spawngate.model.errors import UsageError
from spawngate.server.fleet.approvals import Requested
from spawngate.server.fleet.database import ConflictError, MissingError
from spawngate.server.fleet.tables import ADVISORY_MATCHES, APPROVALS, ARTIFACTS, FINDINGS, ORGANISATION
from spawngate.server.services import Services
from spawngate.server.views import launches
from spawngate.server.views import names as names_of
from spawngate.server.views.definitions import disagreement
from spawngate.server.views.endpoints import in_teams
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing
from spawngate.server.views.small import narrowed

MOST = 300
"""Definitions that are looked at, most used first."""
GRAVE = ("critical", "high")
A = ARTIFACTS.c
LEAST = 2
"""Endpoints that use what is suggested, where nothing else is said."""
FACETS = ("stands", "tier", "severity", "least")
STANDS = ("nothing known", "something against it", "not from here")
_TITLES = {"stands": "What speaks against it", "tier": "Tier", "severity": "Gravest finding"}


class Suggestion(msgspec.Struct, frozen=True):
    """One definition that is in use without an approval."""

    fingerprint: str
    name: str
    runs: str
    """Redacted, hostile."""
    tier: str
    endpoints: int
    first_seen: str
    severity: str
    """The gravest open finding's; empty for none."""
    advisories: int
    """That hit it."""
    identity: str
    """Fingerprint of the launch that an approval from here is bound to; empty where there can be none."""
    obstacle: str
    """Why it cannot be approved from here; empty where it can."""
    stands: str = ""
    """One of `STANDS`."""

    @property
    def harmless(self) -> bool:
        """Whether nothing speaks against it: no grave finding, no advisory, nothing hidden."""
        return not self.obstacle and self.severity not in GRAVE and not self.advisories


class Suggested(msgspec.Struct, frozen=True):
    """What an allowlist of what is in use would hold."""

    rows: tuple[Suggestion, ...]
    covered: int
    """Definitions that are in use with an approval."""
    looked_at: int
    more: bool
    """There are more definitions than were looked at."""


class SuggestedList(Listing[Suggestion], frozen=True):
    """The same as a list that was asked something."""

    covered: int = 0
    looked_at: int = 0
    beyond: bool = False
    """There are more definitions than were looked at."""


def suggestions_of(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> SuggestedList:
    """What is suggested of what passes the filters. `least` among them: endpoints that use it. Raises StoreError."""
    found = suggested(services, teams, least_of(filters, services))
    shown = narrowed(
        found.rows,
        filters,
        _TITLES,
        facets,
        lambda each: (each.name, each.runs, each.fingerprint),
        lambda each: (-each.endpoints, each.fingerprint),
    )
    return SuggestedList(
        shown.rows, shown.cursor, shown.facets, shown.total, covered=found.covered, looked_at=found.looked_at,
        beyond=found.more,
    )  # fmt: skip


def least_of(filters: Filters, services: Services) -> int:
    """Endpoints that must use what is suggested. A machine alone is all there are."""
    usual = 1 if services.local and not services.synthetic else LEAST
    given = (filters.chosen.get("least") or ("",))[-1]
    return int(given) if given.isascii() and given.isdigit() and 0 < len(given) < 8 else usual


def suggested(services: Services, teams: frozenset[int] | None, least: int = LEAST) -> Suggested:
    """Definitions that at least so many endpoints of these teams use, most used first. Raises StoreError."""
    used = func.count(A.endpoint.distinct()).label("endpoints")
    mine = [A.kind == "mcp_server", *in_teams(A.team, teams)]
    statement = (
        select(A.fingerprint, func.min(A.name).label("name"), func.min(A.first_seen).label("first_seen"), used)
        .where(*mine)
        .group_by(A.fingerprint)
        .having(used >= least)
        .order_by(used.desc(), A.fingerprint)
        .limit(MOST + 1)
    )
    with services.database.read() as connection:
        found = connection.execute(statement).all()
        shown = found[:MOST]
        covered = _covered(connection, teams, services.now())
        records = _records(connection, [row.fingerprint for row in shown], teams)
        grave = _gravest(connection, teams)
        advisories = _advisories(connection, teams)
    rows = []
    for row in shown:
        record, tier = records.get(row.fingerprint, ({}, ""))
        if launches.key_of_record(record) in covered:
            continue
        identity, obstacle = launches.approvable(record)
        rows.append(
            Suggestion(
                fingerprint=row.fingerprint,
                name=row.name,
                runs=launches.runs(record)[:1_000],
                tier=tier,
                endpoints=row.endpoints,
                first_seen=row.first_seen,
                severity=names_of.gravest(grave.get(row.fingerprint, {})),
                advisories=advisories.get(row.fingerprint, 0),
                identity=identity,
                obstacle=obstacle,
            )
        )
    rows = [msgspec.structs.replace(each, stands=_stands(each)) for each in rows]
    return Suggested(tuple(rows), len(shown) - len(rows), len(shown), len(found) > MOST)


def _stands(each: Suggestion) -> str:
    return STANDS[2] if each.obstacle else STANDS[0] if each.harmless else STANDS[1]


def requested(
    services: Services, teams: frozenset[int] | None, fingerprint: str, identity: str = ""
) -> tuple[Requested, str]:
    """What an approval of a definition would be about, and its name. `identity`: what it was when somebody looked.

    Raises MissingError where these teams have none, UsageError where only an endpoint can say what it runs, or where
    endpoints do not agree on that; ConflictError where they say another thing by now.
    """
    with services.database.read() as connection:
        records = _records(connection, [fingerprint], teams)
        problem = disagreement(connection, fingerprint, teams)
    if fingerprint not in records:
        raise MissingError(f"there is no server {fingerprint}")
    if problem:
        raise UsageError(f"it cannot be approved from here: {problem}")
    record, tier = records[fingerprint]
    about = Requested(identity=_identity(record), command=launches.runs(record)[:1_000], tier=tier)
    same(about.identity, identity)
    return about, str(record.get("name", ""))


def same(identity: Identity, looked_at: str) -> None:
    """Raises ConflictError for a launch that is not the one that somebody looked at (empty: nobody says)."""
    if looked_at and looked_at != identity.fingerprint:
        raise ConflictError("what it runs is told otherwise than when you looked: load the page again")


def _identity(record: Mapping[str, Any]) -> Identity:
    try:
        return launches.identity_from(record)
    except launches.NotFromRecord as why:
        raise UsageError(f"it cannot be approved from here: {why}") from None


def _records(
    connection: Connection, fingerprints: list[str], teams: frozenset[int] | None
) -> dict[str, tuple[Mapping[str, Any], str]]:
    """One record of each definition, and its tier there."""
    first = (
        select(A.fingerprint, func.min(A.endpoint).label("endpoint"))
        .where(A.kind == "mcp_server", A.fingerprint.in_(fingerprints), *in_teams(A.team, teams))
        .group_by(A.fingerprint)
        .subquery()
    )
    statement = select(A.fingerprint, A.record, A.tier).join(
        first, (first.c.fingerprint == A.fingerprint) & (first.c.endpoint == A.endpoint)
    )
    found = connection.execute(statement.where(A.kind == "mcp_server"))
    return {row.fingerprint: (row.record if isinstance(row.record, dict) else {}, row.tier) for row in found}


def _covered(connection: Connection, teams: frozenset[int] | None, now: str) -> set[str]:
    """Keys of launches that an approval covers beyond one endpoint, or that somebody denied or revoked: these are
    decided, and are not suggested again."""
    C = APPROVALS.c
    # An approval for the whole organisation counts in every team.
    seen = None if teams is None else teams | {ORGANISATION}
    statement = select(C.launch, C.state, C.reach, C.expires_at).where(*in_teams(C.team, seen)).order_by(C.id)
    found: set[str] = set()
    for row in connection.execute(statement):
        if row.state == "pending" or (row.state == "approved" and row.expires_at and row.expires_at <= now):
            continue
        if row.reach == "endpoint" and row.state == "approved":
            continue
        found.add(launches.key_of_identity(row.launch.get("identity") if isinstance(row.launch, dict) else None))
    return found - {""}


def _gravest(connection: Connection, teams: frozenset[int] | None) -> dict[str, dict[str, int]]:
    """Open findings of servers by fingerprint and severity."""
    F = FINDINGS.c
    statement = (
        select(A.fingerprint, F.severity, func.count())
        .join(ARTIFACTS, (A.endpoint == F.endpoint) & (A.id == F.artifact))
        .where(A.kind == "mcp_server", F.closed_at == "", F.state != "resolved", *in_teams(F.team, teams))
        .group_by(A.fingerprint, F.severity)
    )
    found: dict[str, dict[str, int]] = {}
    for fingerprint, severity, count in connection.execute(statement).all():
        found.setdefault(fingerprint, {})[severity] = count
    return found


def _advisories(connection: Connection, teams: frozenset[int] | None) -> dict[str, int]:
    """Advisories that hit a server, by its fingerprint."""
    M = ADVISORY_MATCHES.c
    statement = (
        select(A.fingerprint, func.count(M.advisory.distinct()).label("hit"))
        .join(ARTIFACTS, (A.endpoint == M.endpoint) & (A.id == M.artifact))
        .where(A.kind == "mcp_server", M.state.in_(("affected", "no-fix", "uncertain")), *in_teams(A.team, teams))
        .group_by(A.fingerprint)
    )
    return {row.fingerprint: row.hit for row in connection.execute(statement)}
