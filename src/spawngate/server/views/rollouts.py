"""Roll-outs as a list: which revision of which policy is, or was, in force where, in which mode, and how far.

Must not be here: starting, moving and ending them (`server.governing`), which one counts for an endpoint
(`fleet.rollouts`).
"""

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, RowMapping, case, func, select

from spawngate.server.fleet.rolling import MODES
from spawngate.server.fleet.tables import ENDPOINTS, ORGANISATION, POLICIES, ROLLOUTS
from spawngate.server.services import Services
from spawngate.server.views import names as names_of
from spawngate.server.views.endpoints import in_teams
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Dimension, Key, Listing, Source, page

P = POLICIES.c
R = ROLLOUTS.c
FACETS = ("state", "policy", "mode", "team", "group", "by")
USUAL = {"state": ("in force",)}
"""What is shown where no state is chosen."""


class RollOutRow(msgspec.Struct, frozen=True):
    """One roll-out."""

    id: int
    team: int
    team_name: str
    group: str
    policy: int
    name: str
    mode: str
    percent: int
    created_by: str
    created_at: str
    state: str
    """`in force` or `ended`."""
    ended_at: str
    """Empty: it has not."""
    endpoints: int
    """Within its reach, were it at a hundred percent."""


def source(names: Mapping[int, str]) -> Source:
    """The list of roll-outs. `names`: of teams."""
    state = case((R.ended_at == "", "in force"), else_="ended")
    # A mode that no release knows is obeyed as the strictest one.
    mode = case((R.mode.in_(MODES), R.mode), else_="enforce")
    return Source(
        table=ROLLOUTS.join(POLICIES, P.id == R.policy),
        columns=(
            R.id, R.team, R.group, R.policy, P.name, mode.label("mode"), R.percent, R.created_by, R.created_at,
            state.label("state"), R.ended_at,
        ),
        searched=(P.name, R.group, R.created_by),
        orders={
            "where": (Key("team"), Key("group"), Key("id", down=True)),
            "new": (Key("created_at", down=True), Key("id", down=True)),
            "policy": (Key("name"), Key("id", down=True)),
        },
        dimensions={
            "state": Dimension("State", state, order=("in force", "ended")),
            "policy": Dimension("Policy", P.name),
            "mode": Dimension("Mode", mode, order=MODES),
            "team": Dimension("Team", R.team, label=names_of.team(names, "the organisation")),
            "group": Dimension("Group", R.group),
            "by": Dimension("Started by", R.created_by),
        },
    )  # fmt: skip


def roll_outs(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[RollOutRow]:
    """A page of the roll-outs of these teams and of the organisation, which count in them; of those in force where no
    state is chosen. Raises UsageError for a cursor that is none, StoreError."""
    seen = None if teams is None else teams | {ORGANISATION}
    if teams is not None and not teams:
        return Listing((), None, (), 0)
    with services.database.read() as connection:
        names = names_of.teams(connection, teams)
        counts = _counts(connection, teams)
        return page(
            connection,
            source(names),
            filters,
            lambda row: _row(row, names, counts),
            where=in_teams(R.team, seen),
            usual=USUAL,
            facets=facets,
        )


def _row(row: RowMapping, names: Mapping[int, str], counts: Mapping[tuple[int, str], int]) -> RollOutRow:
    return RollOutRow(
        id=row["id"],
        team=row["team"],
        team_name=names.get(row["team"], ""),
        group=row["group"],
        policy=row["policy"],
        name=row["name"],
        mode=row["mode"],
        percent=row["percent"],
        created_by=row["created_by"],
        created_at=row["created_at"],
        state=row["state"],
        ended_at=row["ended_at"],
        endpoints=_within(counts, row["team"], row["group"]),
    )


def _counts(connection: Connection, teams: frozenset[int] | None) -> Mapping[tuple[int, str], int]:
    """Endpoints that are not retired, by team and group."""
    E = ENDPOINTS.c
    statement = (
        select(E.team, E.group, func.count().label("n"))
        .where(E.retired_at == "", *in_teams(E.team, teams))
        .group_by(E.team, E.group)
    )
    return {(row.team, row.group): row.n for row in connection.execute(statement)}


def _within(counts: Mapping[tuple[int, str], int], team: int, group: str) -> int:
    return sum(number for (of, named), number in counts.items() if team in (ORGANISATION, of) and group in ("", named))
