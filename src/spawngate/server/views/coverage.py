"""Coverage: for every agent on every endpoint, whether its calls are decided, and where the gap is.

What *can* be enforced in an agent is a fact about the agent and comes from its module; what *is* comes from endpoints.
Must not be here: one endpoint (`endpoint`), how an endpoint finds out (`endpoint.protect.standing`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, partial

import msgspec
from sqlalchemy import Text, cast, select

from spawngate.agents import load_agent
from spawngate.agents.lists import LISTS
from spawngate.server.fleet.rows import closed, of_teams, opened
from spawngate.server.fleet.tables import ENDPOINTS
from spawngate.server.services import Services
from spawngate.server.views import names as names_of
from spawngate.server.views.endpoint import gap_of
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Facet, Listing, facet
from spawngate.sync.messages import Enforcement

STANDS = ("tampered", "off", "unprotected", "inactive", "partly", "observed", "installed")
"""Worst first."""
FACETS = ("agent", "stands", "mode", "team", "gap")
_decode = msgspec.json.Decoder(tuple[Enforcement, ...]).decode
_NEVER = len(STANDS)


class Can(msgspec.Struct, frozen=True):
    """What can be enforced in an agent."""

    hook: bool
    """A hook of it can refuse a tool call before it runs."""
    asks: str
    """yes, terminal, no: whether a question to the person is truly enforced."""
    fails_closed: bool
    """It has a switch of its own that blocks where the hook fails, and our registration sets it."""
    list: bool
    """It enforces a list of servers itself, into which approvals are compiled."""
    known: bool = True
    """It is an agent of our table."""


class AgentRow(msgspec.Struct, frozen=True):
    """One agent over the fleet."""

    agent: str
    name: str
    can: Can
    endpoints: int
    decided: int
    """Endpoints on which a deny stops its calls."""
    asked: int
    """... on which a deny is asked about instead."""
    watched: int
    """... on which its calls are decided and recorded, and go on."""
    stands: Mapping[str, int]
    servers: int
    behind: int
    """Servers that start through the launcher."""


class Row(msgspec.Struct, frozen=True):
    """One agent on one endpoint."""

    endpoint: str
    title: str
    team: int
    team_name: str
    agent: str
    name: str
    version: str
    stands: str
    mode: str
    servers: int
    behind: int
    gap: str
    """What is not enforced there, in a sentence; empty where nothing is open."""
    why: tuple[str, ...]


@cache
def can_of(agent: str) -> Can:
    """What can be enforced in an agent of our table; nothing in another one."""
    try:
        hook = load_agent(agent).hook
    except KeyError:
        return Can(False, "no", False, False, known=False)
    if hook is None:
        return Can(False, "no", False, agent in LISTS)
    return Can(True, hook.asks, hook.fails_closed, agent in LISTS)


def agents(services: Services, teams: frozenset[int] | None) -> tuple[AgentRow, ...]:
    """Every agent that endpoints of these teams told of, most endpoints first. Raises StoreError."""
    grouped: dict[str, list[Row]] = {}
    for row in _rows(services, teams):
        grouped.setdefault(row.agent, []).append(row)
    found = [_agent(agent, rows) for agent, rows in grouped.items()]
    return tuple(sorted(found, key=lambda each: (-each.endpoints, each.name.casefold(), each.agent)))


def coverage(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[Row]:
    """A page of agents on endpoints, those with the widest gap first. Raises UsageError for a cursor that is none."""
    everything = list(_rows(services, teams))
    passing = sorted((row for row in everything if _passes(row, filters)), key=_key)
    if filters.cursor:
        values = opened(filters.cursor, 4)
        behind = tuple(map(str, values))
        passing = [row for row in passing if tuple(map(str, _key(row))) > behind]
    total = len(passing)
    page, more = passing[: filters.limit], total > filters.limit
    cursor = closed(list(_key(page[-1]))) if more else None
    if not facets:
        return Listing(tuple(page), cursor, (), 0, "gap")
    if filters.cursor:
        total = sum(_passes(row, filters) for row in everything)
    return Listing(tuple(page), cursor, tuple(_facets(everything, filters)), total, "gap")


def _rows(services: Services, teams: frozenset[int] | None) -> Iterator[Row]:
    table = ENDPOINTS.c
    columns = (table.id, table.label, table.host, table.team, table.mode, cast(table.enforcement, Text))
    statement = select(*columns).where(table.retired_at == "", of_teams(table.team, teams))
    with services.database.read() as connection:
        names = names_of.teams(connection, teams)
        found = connection.execute(statement).all()
    for id_, label, host, team, mode, text in found:
        try:
            told = _decode(text)
        except msgspec.MsgspecError:
            continue
        for each in told:
            yield Row(
                endpoint=id_,
                title=label or host or id_,
                team=team,
                team_name=names.get(team, ""),
                agent=each.agent,
                name=each.name or each.agent,
                version=each.version,
                stands=each.state,
                # A machine in mode `ask` enforces, but asks where policy says deny.
                mode="ask" if (each.mode, mode) == ("enforce", "ask") else each.mode,
                servers=each.servers,
                behind=each.behind_launcher,
                gap=gap_of(each, mode),
                why=each.why,
            )


def _agent(agent: str, rows: list[Row]) -> AgentRow:
    def standing(mode: str) -> int:
        return sum(row.stands == "installed" and row.mode == mode for row in rows)

    return AgentRow(
        agent=agent,
        name=rows[0].name,
        can=can_of(agent),
        endpoints=len(rows),
        decided=standing("enforce"),
        asked=standing("ask"),
        watched=standing("monitor"),
        stands=Counter(row.stands for row in rows),
        servers=sum(row.servers for row in rows),
        behind=sum(row.behind for row in rows),
    )


def _key(row: Row) -> tuple[str, str, str, str]:
    place = STANDS.index(row.stands) if row.stands in STANDS else _NEVER
    return f"{0 if row.gap else 1}{place}", row.title.casefold(), row.endpoint, row.agent


def _values(row: Row) -> dict[str, str]:
    return {
        "agent": row.agent,
        "stands": row.stands,
        "mode": row.mode,
        "team": str(row.team),
        "gap": "open" if row.gap else "none",
    }


def _passes(row: Row, filters: Filters) -> bool:
    values = _values(row)
    if any(values[name] not in wanted for name, wanted in filters.chosen.items()):
        return False
    text = f"{row.title} {row.agent} {row.name} {row.team_name} {row.gap} {' '.join(row.why)}".casefold()
    return all(word.casefold() in text for word in filters.words)


def _label(known: Mapping[str, str], value: str) -> str:
    return known.get(value, value)


def _facets(rows: list[Row], filters: Filters) -> Iterator[Facet]:
    titles = {"agent": "Agent", "stands": "Stands", "mode": "Mode", "team": "Team", "gap": "Gap"}
    names = {row.agent: row.name for row in rows}
    teams = {str(row.team): row.team_name or "organisation" for row in rows}
    labels = {"agent": names, "team": teams}
    for name, title in titles.items():
        others = filters.without(name)
        counts = Counter(_values(row)[name] for row in rows if _passes(row, others))
        del counts[""]
        known = labels.get(name, {})
        yield facet(
            name,
            title,
            counts,
            filters,
            partial(_label, known),
            STANDS if name == "stands" else (),
        )
