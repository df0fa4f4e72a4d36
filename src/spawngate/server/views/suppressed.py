"""Suppressions as a list: who judged what to be false or accepted, why, and until when.

Must not be here: making and ending them (`fleet.suppressions`).
"""

from collections.abc import Mapping

import msgspec
from sqlalchemy import RowMapping, and_, case, or_

from spawngate.server.fleet.tables import ORGANISATION, SUPPRESSIONS
from spawngate.server.services import Services
from spawngate.server.views import names as names_of
from spawngate.server.views.endpoints import in_teams
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Dimension, Key, Listing, Source, page

S = SUPPRESSIONS.c
SUPPRESSION_FACETS = ("state", "kind", "covers", "rule", "by")


class SuppressionRow(msgspec.Struct, frozen=True):
    """One suppression."""

    id: int
    state: str
    """live or ended."""
    kind: str
    rule: str
    covers: str
    """one finding, one endpoint, a team, every team."""
    name: str
    """Of the artifact; empty for any."""
    team: int
    team_name: str
    reason: str
    by: str
    created_at: str
    until: str
    """Empty: without an end."""
    ended_at: str


def source(now: str) -> Source:
    """The list of suppressions."""
    live = and_(S.ended_at == "", or_(S.until == "", S.until > now))
    state = case((live, "live"), else_="ended")
    covers = case(
        (S.finding != "", "one finding"), (S.endpoint != "", "one endpoint"), (S.team != ORGANISATION, "a team"),
        else_="every team",
    )  # fmt: skip
    return Source(
        table=SUPPRESSIONS,
        columns=(
            S.id, state.label("state"), S.kind, S.rule, covers.label("covers"), S.name, S.team, S.reason, S.created_by,
            S.created_at, S.until, S.ended_at, case((live, 0), else_=1).label("place"),
        ),
        unique=(S.id,),
        searched=(S.rule, S.name, S.reason, S.created_by),
        orders={"state": (Key("place"), Key("id", down=True))},
        dimensions={
            "state": Dimension("State", state, order=("live", "ended")),
            "kind": Dimension("Judged", S.kind),
            "covers": Dimension("Covers", covers),
            "rule": Dimension("Rule", S.rule),
            "by": Dimension("By", S.created_by),
        },
    )  # fmt: skip


def suppressions_of(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[SuppressionRow]:
    """A page of those of these teams and of the organisation, live ones first, the newest first. Raises UsageError for
    a cursor that is none, StoreError."""
    seen = None if teams is None else teams | {ORGANISATION}
    with services.database.read() as connection:
        names = names_of.teams(connection, teams)
        return page(
            connection,
            source(services.now()),
            filters,
            lambda row: _row(row, names),
            where=in_teams(S.team, seen),
            facets=facets,
        )


def _row(row: RowMapping, names: Mapping[int, str]) -> SuppressionRow:
    return SuppressionRow(
        row["id"], row["state"], row["kind"], row["rule"], row["covers"], row["name"], row["team"],
        names.get(row["team"], ""), row["reason"], row["created_by"], row["created_at"], row["until"], row["ended_at"],
    )  # fmt: skip
