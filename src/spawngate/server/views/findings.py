"""Findings across the fleet, as work: one by one, by rule, and one of them.

Must not be here: changing them (`fleet.findings`, `fleet.suppressions`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, RowMapping, and_, case, func, select

from spawngate.server.fleet import suppressions
from spawngate.server.fleet.findings import MOST, Key
from spawngate.server.fleet.suppressions import Suppression
from spawngate.server.fleet.tables import ARTIFACTS, ENDPOINTS, FINDINGS
from spawngate.server.services import Services
from spawngate.server.views import names as names_of
from spawngate.server.views.endpoints import in_teams
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Beside, Dimension, Listing, Source, conditions_of, page
from spawngate.server.views.listing import Key as OrderKey

F, E = FINDINGS.c, ENDPOINTS.c
STATES = ("open", "acknowledged", "in-progress", "resolved", "false-positive", "accepted", "closed")
OPEN = ("open", "acknowledged", "in-progress")
"""States of work that is still to be done."""
DUE = ("overdue", "this week", "later", "no date")
FACETS = ("severity", "state", "due", "owner", "rule", "agent", "team", "endpoint", "name")
_NEVER = "9999-12-31"


class FindingRow(msgspec.Struct, frozen=True):
    """One finding of one endpoint."""

    endpoint: str
    fingerprint: str
    host: str
    team: int
    team_name: str
    rule: str
    title: str
    severity: str
    confidence: str
    message: str
    name: str
    """Of the artifact."""
    agent: str
    state: str
    """As people see it: closed and suppressed ones included."""
    owner: str
    due: str
    overdue: bool
    opened_at: str
    closed_at: str


class RuleRow(msgspec.Struct, frozen=True):
    """One rule with everything that it says."""

    rule: str
    title: str
    severity: str
    findings: int
    endpoints: int
    unowned: int
    newest: str


class FindingPage(msgspec.Struct, frozen=True):
    """Everything that the page of one finding shows."""

    row: FindingRow
    record: Mapping[str, Any]
    """`trail.event.FindingRecord`."""
    artifact: str
    artifact_kind: str
    artifact_fingerprint: str
    suppressions: tuple[Suppression, ...]
    elsewhere: int
    """Other endpoints of which the rule says the same."""


def state_of(connection: Connection, now: str) -> ColumnElement[str]:
    """The state of a finding as people see it, as a column."""
    rules = suppressions.rules(connection, now)
    # Few rules have a suppression: the others' findings are not compared with any.
    covered = [
        (and_(F.rule.in_(sorted(rules[kind])), suppressions.covered(kind, now)), kind)
        for kind in suppressions.KINDS
        if kind in rules
    ]
    return case((F.closed_at != "", "closed"), *covered, else_=F.state)


def _due(now: str) -> ColumnElement[str]:
    today = now[:10]
    week = names_of.days_later(today, 7)
    return case((F.due == "", "no date"), (F.due < today, "overdue"), (F.due <= week, "this week"), else_="later")


def source(connection: Connection, now: str, names: Mapping[int, str]) -> Source:
    """The list of findings."""
    state = state_of(connection, now)
    rank = case({word: place for place, word in enumerate(names_of.SEVERITIES)}, value=F.severity, else_=9)
    return Source(
        # Each has its endpoint: outer, so that what asks nothing of it is not joined.
        table=FINDINGS.outerjoin(ENDPOINTS, E.id == F.endpoint),
        columns=(
            F.endpoint,
            F.fingerprint,
            E.host,
            E.label,
            F.team,
            F.rule,
            F.severity,
            F.confidence,
            F.record,
            F.name,
            F.agent,
            state.label("state"),
            F.owner,
            F.due,
            F.opened_at,
            F.closed_at,
            rank.label("rank"),
            case((F.due == "", _NEVER), else_=F.due).label("due_order"),
        ),
        unique=(F.endpoint, F.fingerprint),
        searched=(F.rule, F.name, F.agent, F.owner, F.record["title"].as_string()),
        beside=Beside(F.endpoint, E.id, (E.host, E.label)),
        orders={
            "severity": (OrderKey("rank"), OrderKey("opened_at", down=True), *_ROW),
            "opened": (OrderKey("opened_at", down=True), *_ROW),
            "due": (OrderKey("due_order"), OrderKey("rank"), *_ROW),
        },
        dimensions=_dimensions(state, now, names),
    )


_ROW = (OrderKey("endpoint"), OrderKey("fingerprint"))


def _dimensions(state: ColumnElement[str], now: str, names: Mapping[int, str]) -> Mapping[str, Dimension]:
    return {
        "severity": Dimension("Severity", F.severity, order=names_of.SEVERITIES),
        "state": Dimension("State", state, order=STATES),
        "due": Dimension("Due", _due(now), order=DUE),
        "owner": Dimension("Owner", F.owner),
        "rule": Dimension("Rule", F.rule),
        "agent": Dimension("Agent", F.agent, label=names_of.agent),
        "team": Dimension("Team", F.team, label=names_of.team(names)),
        "endpoint": Dimension("Endpoint", F.endpoint, label=names_of.short, listed=False),
        "name": Dimension("Artifact", F.name, listed=False),
    }


def _by_rule(connection: Connection, now: str, names: Mapping[int, str]) -> Source:
    base = source(connection, now, names)
    return Source(
        table=base.table,
        columns=(
            F.rule,
            func.min(case({w: p for p, w in enumerate(names_of.SEVERITIES)}, value=F.severity, else_=9)).label("rank"),
            func.count().label("findings"),
            func.count(F.endpoint.distinct()).label("endpoints"),
            func.sum(case((F.owner == "", 1), else_=0)).label("unowned"),
            func.max(F.opened_at).label("newest"),
        ),
        searched=base.searched,
        beside=base.beside,
        orders={
            "severity": (OrderKey("rank"), OrderKey("findings", down=True), OrderKey("rule")),
            "findings": (OrderKey("findings", down=True), OrderKey("rule")),
            "newest": (OrderKey("newest", down=True), OrderKey("rule")),
        },
        dimensions=base.dimensions,
        group=F.rule,
    )


def findings(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[FindingRow]:
    """A page of the findings; of open work where no state is chosen. Raises UsageError for a cursor, StoreError."""
    now = services.now()
    with services.database.read() as connection:
        names = names_of.teams(connection, teams)
        return page(
            connection,
            source(connection, now, names),
            filters,
            lambda row: _row(row, names, now),
            where=in_teams(F.team, teams),
            usual={"state": OPEN},
            facets=facets,
        )


def by_rule(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[RuleRow]:
    """A page of the rules that say something. Raises UsageError for a cursor that is none, StoreError."""
    now = services.now()
    with services.database.read() as connection:
        found = page(
            connection,
            _by_rule(connection, now, names_of.teams(connection, teams)),
            filters,
            lambda row: row,
            where=in_teams(F.team, teams),
            usual={"state": OPEN},
            facets=facets,
        )
        titles = _titles(connection, [row["rule"] for row in found.rows])
    rows = tuple(
        RuleRow(
            rule=row["rule"],
            title=titles.get(row["rule"]) or row["rule"],
            severity=names_of.SEVERITIES[row["rank"]] if row["rank"] < len(names_of.SEVERITIES) else "",
            findings=row["findings"],
            endpoints=row["endpoints"],
            unowned=int(row["unowned"]),
            newest=row["newest"],
        )
        for row in found.rows
    )
    return Listing(rows, found.cursor, found.facets, found.total, found.sort)


def _titles(connection: Connection, rules: Sequence[str]) -> Mapping[str, str]:
    """Rule to its title: the rule's own words, the same in every finding of it."""
    found: dict[str, str] = {}
    for rule in rules:
        record = connection.execute(select(F.record).where(F.rule == rule).limit(1)).scalar()
        found[rule] = str(record.get("title") or "") if isinstance(record, Mapping) else ""
    return found


def keys(services: Services, teams: frozenset[int] | None, filters: Filters) -> tuple[Key, ...]:
    """The findings that pass the filters, at most one more than one act may change. Raises StoreError."""
    now = services.now()
    with services.database.read() as connection:
        declared = source(connection, now, names_of.teams(connection, teams))
        where = [*in_teams(F.team, teams), *conditions_of(declared, filters)]
        if not filters.chosen.get("state"):
            where.append(state_of(connection, now).in_(OPEN))
        statement = select(F.endpoint, F.fingerprint).select_from(declared.table).where(*where).limit(MOST + 1)
        return tuple((row.endpoint, row.fingerprint) for row in connection.execute(statement))


def finding(services: Services, teams: frozenset[int] | None, endpoint: str, fingerprint: str) -> FindingPage | None:
    """One finding; None where there is none that these teams may see. Raises StoreError."""
    now = services.now()
    with services.database.read() as connection:
        names = names_of.teams(connection, teams)
        declared = source(connection, now, names)
        statement = (
            select(*declared.columns, F.artifact)
            .select_from(declared.table)
            .where(F.endpoint == endpoint, F.fingerprint == fingerprint, *in_teams(F.team, teams))
        )
        row = connection.execute(statement).mappings().first()
        if row is None:
            return None
        about = connection.execute(
            select(ARTIFACTS.c.kind, ARTIFACTS.c.fingerprint).where(
                ARTIFACTS.c.endpoint == endpoint, ARTIFACTS.c.id == row["artifact"]
            )
        ).first()
        elsewhere = connection.execute(
            select(func.count(F.endpoint.distinct())).where(
                F.rule == row["rule"], F.name == row["name"], F.endpoint != endpoint, F.closed_at == "",
                *in_teams(F.team, teams),
            )
        ).scalar_one()  # fmt: skip
        found = suppressions.covering(
            connection,
            msgspec.convert({k: row[k] for k in _Covered.__struct_fields__}, _Covered),
            now,
        )
    return FindingPage(
        row=_row(row, names, now),
        record=row["record"] if isinstance(row["record"], Mapping) else {},
        artifact=row["artifact"],
        artifact_kind=about.kind if about is not None else "",
        artifact_fingerprint=about.fingerprint if about is not None else "",
        suppressions=found,
        elsewhere=elsewhere,
    )


class _Covered(msgspec.Struct, frozen=True):
    rule: str
    team: int
    endpoint: str
    fingerprint: str
    name: str


def _row(row: RowMapping, names: Mapping[int, str], now: str) -> FindingRow:
    record = row["record"] if isinstance(row["record"], Mapping) else {}
    return FindingRow(
        endpoint=row["endpoint"],
        fingerprint=row["fingerprint"],
        host=row["label"] or row["host"] or row["endpoint"],
        team=row["team"],
        team_name=names.get(row["team"], ""),
        rule=row["rule"],
        title=str(record.get("title") or row["rule"]),
        severity=row["severity"],
        confidence=row["confidence"],
        message=str(record.get("message") or ""),
        name=row["name"],
        agent=row["agent"],
        state=row["state"],
        owner=row["owner"],
        due=row["due"],
        overdue=bool(row["due"]) and row["due"] < now[:10] and row["state"] in OPEN,
        opened_at=row["opened_at"],
        closed_at=row["closed_at"],
    )
