"""Suppressions as a list: who judged what to be false or accepted, why, and until when.

Must not be here: making and ending them (`fleet.suppressions`).
"""

import msgspec

from spawngate.server.fleet import suppressions
from spawngate.server.services import Services
from spawngate.server.views import names as names_of
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Listing
from spawngate.server.views.small import narrowed

SUPPRESSION_FACETS = ("state", "kind", "covers", "rule", "by")
_TITLES = {"state": "State", "kind": "Judged", "covers": "Covers", "rule": "Rule", "by": "By"}


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


def suppressions_of(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[SuppressionRow]:
    """Those of these teams and of the organisation, live ones first, the newest first. Raises StoreError."""
    now = services.now()
    with services.database.read() as connection:
        names = names_of.teams(connection, teams)
        held = suppressions.of_teams(connection, teams)
    found = [
        SuppressionRow(
            each.id, "live" if each.live(now) else "ended", each.kind, each.rule, _covers(each), each.name, each.team,
            names.get(each.team, ""), each.reason, each.created_by, each.created_at, each.until, each.ended_at,
        )
        for each in held
    ]  # fmt: skip
    found.sort(key=lambda each: (each.state != "live", -each.id))
    return narrowed(found, filters, _TITLES, facets, lambda each: (each.rule, each.name, each.reason, each.by))


def _covers(one: suppressions.Suppression) -> str:
    if one.finding:
        return "one finding"
    return "one endpoint" if one.endpoint else "a team" if one.team else "every team"
