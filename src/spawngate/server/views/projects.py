"""Code scans by project: the list, and one with its launches and the paths from outside to them.

Must not be here: pushing results (`fleet.projects`), scanning (`codescan`).
"""

from collections.abc import Mapping

import msgspec
from sqlalchemy import RowMapping, select

from spawngate.report.code_json import FindingRecord, TreeRecord
from spawngate.server.fleet.projects import GRADES
from spawngate.server.fleet.tables import PROJECTS
from spawngate.server.services import Services
from spawngate.server.views import names as names_of
from spawngate.server.views.endpoints import in_teams
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Dimension, Key, Listing, Source, page

P = PROJECTS.c
FACETS = ("grade", "team")


class ProjectRow(msgspec.Struct, frozen=True):
    """One project in a list."""

    name: str
    team: int
    team_name: str
    revision: str
    scanned_at: str
    grade: str
    high: int
    paths: int
    """From outside to a launch."""
    launches: int
    accepting: int
    """Launches that external input reaches."""
    incomplete: bool


class ProjectPage(msgspec.Struct, frozen=True):
    """Everything that the page of one project shows."""

    row: ProjectRow
    tree: TreeRecord
    findings: tuple[FindingRecord, ...]
    """Those that count, worst first."""
    suppressed: tuple[FindingRecord, ...]


def source(names: Mapping[int, str]) -> Source:
    """The list of projects."""
    return Source(
        table=PROJECTS,
        columns=(
            P.id, P.name, P.team, P.revision, P.scanned_at, P.grade, P.high, P.paths, P.launches, P.accepting,
            P.incomplete,
        ),
        searched=(P.name, P.revision),
        orders={
            "paths": (Key("high", down=True), Key("paths", down=True), Key("name"), Key("id")),
            "name": (Key("name"), Key("id")),
            "scanned": (Key("scanned_at", down=True), Key("id")),
        },
        dimensions={
            "grade": Dimension("Worst path", P.grade, order=GRADES),
            "team": Dimension("Team", P.team, label=names_of.team(names, "the organisation")),
        },
    )  # fmt: skip


def projects(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[ProjectRow]:
    """A page of the projects of these teams. Raises UsageError for a cursor that is none, StoreError."""
    with services.database.read() as connection:
        names = names_of.teams(connection, teams)
        return page(
            connection,
            source(names),
            filters,
            lambda row: _row(row, names),
            where=in_teams(P.team, teams),
            facets=facets,
        )


def project(services: Services, teams: frozenset[int] | None, name: str, team: int | None = None) -> ProjectPage | None:
    """One project; None where these teams have none of that name. Raises StoreError."""
    wanted = [P.name == name, *in_teams(P.team, teams), *([] if team is None else [P.team == team])]
    with services.database.read() as connection:
        names = names_of.teams(connection, teams)
        row = connection.execute(select(PROJECTS).where(*wanted).order_by(P.team).limit(1)).mappings().first()
    if row is None:
        return None
    tree = msgspec.convert(row["result"], TreeRecord)
    order = {grade: place for place, grade in enumerate(GRADES)}
    ordered = sorted(tree.findings, key=lambda each: (order.get(each.grade, 9), each.cost))
    return ProjectPage(
        row=_row(row, names),
        tree=tree,
        findings=tuple(each for each in ordered if not each.suppressed),
        suppressed=tuple(each for each in ordered if each.suppressed),
    )


def _row(row: RowMapping, names: Mapping[int, str]) -> ProjectRow:
    return ProjectRow(
        name=row["name"],
        team=row["team"],
        team_name=names.get(row["team"], ""),
        revision=row["revision"],
        scanned_at=row["scanned_at"],
        grade=row["grade"],
        high=row["high"],
        paths=row["paths"],
        launches=row["launches"],
        accepting=row["accepting"],
        incomplete=row["incomplete"],
    )
