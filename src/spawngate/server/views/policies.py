"""Policies: names with their newest revision, and one revision with its files and report.

Must not be here: replay (`replay`), what is in force where (`rollouts`), changes (`server.governing`), what files mean
(`policy.folder`).
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from sqlalchemy import RowMapping, case, func, select

from spawngate.policy.folder import PolicyLine, Report
from spawngate.server.fleet.policies import report_of
from spawngate.server.fleet.tables import ENDPOINTS, POLICIES, ROLLOUTS
from spawngate.server.services import Services
from spawngate.server.views import rollouts
from spawngate.server.views.endpoints import in_teams
from spawngate.server.views.filters import MOST, Filters
from spawngate.server.views.listing import Dimension, Key, Listing, Source, page
from spawngate.server.views.rollouts import RollOutRow

P = POLICIES.c
R = ROLLOUTS.c
FACETS = ("state", "force", "by")
STATES = ("draft", "ready", "retired")
_LINES = 2_000
"""Of a comparison."""


class PolicyRow(msgspec.Struct, frozen=True):
    """One policy in a list, by its newest revision."""

    name: str
    revision: int
    state: str
    force: str
    """In force somewhere: `in force` or `not in force`, whichever revision."""
    comment: str
    created_by: str
    created_at: str
    obstacle: str
    """Why the newest revision must not come into force; empty where it may."""
    policies: int
    cases: int


class RevisionRow(msgspec.Struct, frozen=True):
    """One revision in the history of a policy."""

    id: int
    state: str
    comment: str
    created_by: str
    created_at: str
    in_force: bool


class PolicyPage(msgspec.Struct, frozen=True):
    """Everything that the page of one revision shows."""

    name: str
    revision: RevisionRow
    files: tuple[tuple[str, str], ...]
    report: Report
    exceptions: tuple[PolicyLine, ...]
    """Policies that take findings out, or that end."""
    revisions: tuple[RevisionRow, ...]
    """Newest first."""
    roll_outs: tuple[RollOutRow, ...]
    """In force, of this policy, whichever revision, in teams that may be seen."""
    compared: int
    """The revision before; 0 for none."""
    difference: str
    """From it, as a unified diff."""
    groups: tuple[str, ...]
    """Of endpoints that may be seen."""


def source() -> Source:
    """The list of policies."""
    latest = select(func.max(P.id).label("id")).group_by(P.name).subquery()
    live = select(POLICIES.c.name).join(ROLLOUTS, R.policy == P.id).where(R.ended_at == "")
    force = case((P.name.in_(live), "in force"), else_="not in force")
    return Source(
        table=POLICIES.join(latest, latest.c.id == P.id),
        columns=(P.id, P.name, P.state, force.label("force"), P.comment, P.created_by, P.created_at, P.report),
        searched=(P.name, P.comment, P.created_by),
        orders={
            "name": (Key("name"),),
            "new": (Key("created_at", down=True), Key("name")),
        },
        dimensions={
            "state": Dimension("Newest revision", P.state, order=STATES),
            "force": Dimension("In force", force),
            "by": Dimension("Changed by", P.created_by),
        },
    )


def policies(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[PolicyRow]:
    """A page of the policies: texts that all teams can be given. Raises UsageError for a cursor that is none."""
    if teams is not None and not teams:
        return Listing((), None, (), 0)
    with services.database.read() as connection:
        return page(connection, source(), filters, _row, facets=facets)


def policy(services: Services, teams: frozenset[int] | None, name: str, number: int | None = None) -> PolicyPage | None:
    """One revision, the newest where none is named; None where there is none. Raises StoreError."""
    if teams is not None and not teams:
        return None
    with services.database.read() as connection:
        live = set(connection.execute(select(R.policy).where(R.ended_at == "")).scalars())
        statement = select(P.id, P.state, P.comment, P.created_by, P.created_at).where(P.name == name)
        history = tuple(
            RevisionRow(**row, in_force=row["id"] in live)
            for row in connection.execute(statement.order_by(P.id.desc()).limit(200)).mappings()
        )
        chosen = next((each for each in history if number in (None, each.id)), None)
        if chosen is None:
            return None
        before = next((each.id for each in history if each.id < chosen.id), 0)
        held = select(P.id, P.files, P.report).where(P.id.in_((chosen.id, before)))
        rows = {row.id: row for row in connection.execute(held)}
        wanted = (ENDPOINTS.c.group != "", ENDPOINTS.c.retired_at == "", *in_teams(ENDPOINTS.c.team, teams))
        groups = select(ENDPOINTS.c.group).where(*wanted).distinct().order_by(ENDPOINTS.c.group).limit(200)
        known = tuple(connection.execute(groups).scalars())
    mine = rollouts.roll_outs(services, teams, Filters(chosen={"policy": (name,)}, limit=MOST), facets=False).rows
    report = report_of(rows[chosen.id].report)
    files = {str(key): str(text) for key, text in rows[chosen.id].files.items()}
    earlier = {str(key): str(text) for key, text in rows[before].files.items()} if before else {}
    return PolicyPage(
        name=name,
        revision=chosen,
        files=tuple(sorted(files.items())),
        report=report,
        exceptions=tuple(each for each in report.policies if each.expires or each.excepts),
        revisions=history,
        roll_outs=mine,
        compared=before,
        difference=_difference(earlier, files) if before else "",
        groups=known,
    )


def _row(row: RowMapping) -> PolicyRow:
    report = report_of(row["report"])
    return PolicyRow(
        name=row["name"],
        revision=row["id"],
        state=row["state"],
        force=row["force"],
        comment=row["comment"],
        created_by=row["created_by"],
        created_at=row["created_at"],
        obstacle=report.obstacle,
        policies=len(report.policies),
        cases=len(report.cases),
    )


def _difference(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    lines: list[str] = []
    for name in sorted({*before, *after}):
        old, new = _split(before.get(name, "")), _split(after.get(name, ""))
        if old != new:
            lines += _cut(difflib.unified_diff(old, new, f"before/{name}", f"now/{name}", lineterm=""))
    return "\n".join(lines[:_LINES])


def _split(text: str) -> Sequence[str]:
    return text.split("\n")[:20_000]


def _cut(lines: Iterable[str]) -> list[str]:
    return [line[:1_000] for line in lines]
