"""Artifacts of all kinds that hold a text, looked through in one go: what a search over everything shows of them.

A list of each kind would read the same rows in ten orders; here they are read once, as they lie, and the first of each
kind are taken. Must not be here: pages and facets of one kind (`servers`, `artifacts`).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, or_, select

from spawngate.server.fleet.tables import ARTIFACTS
from spawngate.server.services import Services
from spawngate.server.views import artifacts, servers
from spawngate.server.views.endpoints import in_teams
from spawngate.server.views.listing import occurs, unindexed

A = ARTIFACTS.c
_BY_FINGERPRINT = ("mcp_server", "secret")
"""Kinds whose lists have a row for each fingerprint; the others have one for each name."""


class First(NamedTuple):
    """The first rows of the list of one kind."""

    rows: tuple[Any, ...]
    more: bool
    """There are more than these."""


def first_of_each(
    services: Services, teams: frozenset[int] | None, words: Sequence[str], kinds: Collection[str], most: int
) -> Mapping[str, First]:
    """Up to `most` rows of the lists of these kinds that hold all words, most endpoints first. Raises StoreError."""
    held = (
        select(
            unindexed(A.kind).label("kind"),
            case((A.kind.in_(_BY_FINGERPRINT), A.fingerprint), else_=A.name).label("key"),
            A.name,
            A.endpoint,
            A.fingerprint,
            A.first_seen,
        )
        .where(unindexed(A.kind).in_(sorted(kinds)), *in_teams(A.team, teams), *(_holds(word) for word in words))
        .subquery()
    )
    H = held.c
    grouped = (
        select(
            H.kind,
            H.key,
            func.min(H.name).label("name"),
            func.count(H.endpoint.distinct()).label("endpoints"),
            func.count(H.fingerprint.distinct()).label("variants"),
            func.count().label("places"),
            func.min(H.first_seen).label("first_seen"),
        )
        .group_by(H.kind, H.key)
        .subquery()
    )
    C = grouped.c
    place = func.row_number().over(partition_by=C.kind, order_by=(C.endpoints.desc(), C.key)).label("place")
    ranked = select(grouped, place).subquery()
    asked = select(ranked).where(ranked.c.place <= most + 1).order_by(ranked.c.kind, ranked.c.place)
    found: dict[str, list[dict[str, Any]]] = {}
    with services.database.read() as connection:
        for row in connection.execute(asked).mappings():
            found.setdefault(row["kind"], []).append({**row, "fingerprint": row["key"], "example": row["name"]})
        answer: dict[str, First] = {}
        for kind, rows in found.items():
            where = [A.kind == kind, *in_teams(A.team, teams)]
            shown = rows[:most]
            if kind == "mcp_server":
                made: tuple[Any, ...] = servers.rows_of(connection, shown, teams)
            elif kind == "secret":
                made = artifacts.secrets_of(connection, shown, where)
            else:
                named = [{**each, "name": each["key"]} for each in shown]
                made = artifacts.rows_of(connection, kind, named, where)
            answer[kind] = First(made, len(rows) > most)
    return answer


def _holds(word: str) -> Any:
    """That a row holds a word in a column that the list of its kind is searched in."""
    more = [each for each in servers.SEARCHED if each not in artifacts.SEARCHED]
    return or_(occurs(artifacts.SEARCHED, word), and_(A.kind == "mcp_server", occurs(more, word)))
