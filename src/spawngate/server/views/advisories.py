"""Advisories: which of them hit something in the fleet, and where.

"This is new; here is where you have it." Must not be here: matching (`advisories`, at endpoints), importing records.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, case, func, select, union

from spawngate.report.judgement import package_words
from spawngate.server.fleet.tables import ADVISORY_MATCHES, ARTIFACTS, ENDPOINTS
from spawngate.server.services import Services
from spawngate.server.views import names as names_of
from spawngate.server.views.endpoints import in_teams, state_of
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Beside, Dimension, Key, Listing, Source, page

M, E, A = ADVISORY_MATCHES.c, ENDPOINTS.c, ARTIFACTS.c
ANSWERS = ("affected", "no-fix", "uncertain", "fixed", "not-affected")
OPEN = ("affected", "no-fix", "uncertain")
"""Answers that somebody has to act on."""
FACETS = ("severity", "answer", "team", "endpoint")
SHOWN = 200


class AdvisoryRow(msgspec.Struct, frozen=True):
    """One advisory with everything that it hits."""

    advisory: str
    summary: str
    severity: str
    packages: tuple[str, ...]
    affected: int
    """Endpoints on which it is present."""
    uncertain: int
    """Endpoints on which that could not be settled."""
    fixed_in: tuple[str, ...]
    first_seen: str
    """In this fleet."""


class Hit(msgspec.Struct, frozen=True):
    """One place that an advisory is about."""

    endpoint: str
    title: str
    team_name: str
    state: str
    answer: str
    package: str
    version: str
    fixed_in: tuple[str, ...]
    why: str
    confidence: str
    path: str
    artifact: str
    artifact_kind: str
    artifact_fingerprint: str
    first_seen: str


class AdvisoryPage(msgspec.Struct, frozen=True):
    """Everything that the page of one advisory shows."""

    advisory: str
    summary: str
    severity: str
    references: tuple[str, ...]
    answers: Mapping[str, int]
    """Answer to the number of endpoints."""
    hits: tuple[Hit, ...]
    total: int
    first_seen: str


def source(names: Mapping[int, str]) -> Source:
    """The list of advisories."""
    places = {word: place for place, word in enumerate(names_of.SEVERITIES)}
    return Source(
        # Each has its endpoint: outer, so that what asks nothing of it is not joined.
        table=ADVISORY_MATCHES.outerjoin(ENDPOINTS, E.id == M.endpoint),
        columns=(
            M.advisory,
            func.min(case(places, value=M.severity, else_=9)).label("rank"),
            func.count(case((M.state.in_(("affected", "no-fix")), M.endpoint)).distinct()).label("affected"),
            func.count(case((M.state == "uncertain", M.endpoint)).distinct()).label("uncertain"),
            func.min(M.first_seen).label("first_seen"),
        ),
        searched=(
            M.advisory, M.detail["summary"].as_string(), M.detail["package"].as_string(),
            M.detail["version"].as_string(),
        ),
        beside=Beside(M.endpoint, E.id, (E.host,)),
        orders={
            "severity": (Key("rank"), Key("affected", down=True), Key("advisory")),
            "new": (Key("first_seen", down=True), Key("advisory")),
            "affected": (Key("affected", down=True), Key("advisory")),
        },
        dimensions={
            "severity": Dimension("Severity", M.severity, order=names_of.SEVERITIES),
            "answer": Dimension("Answer", M.state, order=ANSWERS),
            "team": Dimension("Team", E.team, label=names_of.team(names)),
            "endpoint": Dimension("Endpoint", M.endpoint, label=names_of.short, listed=False),
        },
        group=M.advisory,
    )  # fmt: skip


def advisories(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[AdvisoryRow]:
    """A page of the advisories that hit something; open ones where no answer is chosen.

    Raises UsageError for a cursor that is none, StoreError.
    """
    with services.database.read() as connection:
        where = in_teams(E.team, teams)
        found = page(
            connection,
            source(names_of.teams(connection, teams)),
            filters,
            lambda row: row,
            where=where,
            usual={"answer": OPEN},
            facets=facets,
        )
        details = _details(connection, [each["advisory"] for each in found.rows], where)
    rows = tuple(
        AdvisoryRow(
            advisory=each["advisory"],
            summary=str(next((d.get("summary") for d in details[each["advisory"]] if d.get("summary")), "")),
            severity=names_of.SEVERITIES[each["rank"]] if each["rank"] < len(names_of.SEVERITIES) else "",
            packages=tuple(dict.fromkeys(package_words(str(d.get("package", ""))) for d in details[each["advisory"]]))[
                :20
            ],
            affected=each["affected"],
            uncertain=each["uncertain"],
            fixed_in=tuple(dict.fromkeys(v for d in details[each["advisory"]] for v in _texts(d.get("fixed_in"))))[:8],
            first_seen=each["first_seen"],
        )
        for each in found.rows
    )
    return Listing(rows, found.cursor, found.facets, found.total, found.sort)


def advisory(services: Services, teams: frozenset[int] | None, id: str) -> AdvisoryPage | None:
    """One advisory and where it hits; None where it hits nothing that these teams may see. Raises StoreError."""
    where = [M.advisory == id, *in_teams(E.team, teams)]
    table = ADVISORY_MATCHES.join(ENDPOINTS, E.id == M.endpoint)
    state = state_of(services.now()).label("endpoint_state")
    places = {word: place for place, word in enumerate(ANSWERS)}
    with services.database.read() as connection:
        names = names_of.teams(connection, teams)
        counted = select(M.state, func.count(M.endpoint.distinct())).select_from(table).where(*where).group_by(M.state)
        answers = {str(answer): int(number) for answer, number in connection.execute(counted)}
        if not answers:
            return None
        statement = (
            select(ADVISORY_MATCHES, E.host, E.label, E.team, state, A.kind, A.fingerprint)
            .select_from(table.outerjoin(ARTIFACTS, (A.endpoint == M.endpoint) & (A.id == M.artifact)))
            .where(*where)
            .order_by(case(places, value=M.state, else_=9), M.first_seen.desc(), M.endpoint, M.artifact)
            .limit(SHOWN)
        )
        rows = connection.execute(statement).mappings().all()
        total = connection.execute(
            select(func.count(M.endpoint.distinct())).select_from(table).where(*where, M.state.in_(OPEN))
        ).scalar_one()
        first = connection.execute(select(func.min(M.first_seen)).select_from(table).where(*where)).scalar()
    details = [_mapping(row["detail"]) for row in rows]
    first_detail = details[0] if details else {}
    return AdvisoryPage(
        advisory=id,
        summary=str(first_detail.get("summary", "")),
        severity=str(first_detail.get("severity", "")),
        references=tuple(dict.fromkeys(each for d in details for each in _texts(d.get("references"))))[:30],
        answers={word: answers[word] for word in (*ANSWERS, *sorted(set(answers) - set(ANSWERS))) if word in answers},
        hits=tuple(
            Hit(
                endpoint=row["endpoint"],
                title=row["label"] or row["host"] or row["endpoint"],
                team_name=names.get(row["team"], ""),
                state=row["endpoint_state"],
                answer=row["state"],
                package=package_words(str(detail.get("package", ""))),
                version=str(detail.get("version", "")),
                fixed_in=_texts(detail.get("fixed_in")),
                why=str(detail.get("why", "")),
                confidence=str(detail.get("confidence", "")),
                path=str(detail.get("path", "")),
                artifact=row["artifact"],
                artifact_kind=row["kind"] or "",
                artifact_fingerprint=row["fingerprint"] or "",
                first_seen=row["first_seen"],
            )
            for row, detail in zip(rows, details, strict=True)
        ),
        total=int(total),
        first_seen=str(first or ""),
    )


def _details(connection: Connection, ids: list[str], where: list[Any]) -> Mapping[str, list[Mapping[str, Any]]]:
    """Some of the details of each advisory: of the first and the last endpoint with each answer."""
    chosen = [
        select(M.advisory, M.state, edge(M.endpoint).label("endpoint"))
        .select_from(ADVISORY_MATCHES.outerjoin(ENDPOINTS, E.id == M.endpoint))
        .where(M.advisory.in_(ids), *where)
        .group_by(M.advisory, M.state)
        for edge in (func.min, func.max)
    ]
    one = union(*chosen).subquery()
    statement = (
        select(M.advisory, M.detail)
        .join(one, (M.advisory == one.c.advisory) & (M.endpoint == one.c.endpoint) & (M.state == one.c.state))
        .order_by(M.advisory, M.state, M.endpoint)
    )
    found: dict[str, list[Mapping[str, Any]]] = {each: [] for each in ids}
    for row in connection.execute(statement):
        found[row.advisory].append(_mapping(row.detail))
    return found


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list | tuple) else ()
