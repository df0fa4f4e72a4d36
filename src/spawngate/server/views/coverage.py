"""Coverage: for every agent on every endpoint, whether its calls are decided, and where the gap is.

What *can* be enforced in an agent is a fact about the agent and comes from its module; what *is* comes from endpoints.
Must not be here: one endpoint (`endpoint`), how an endpoint finds out (`endpoint.protect.standing`).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache, partial
from heapq import nsmallest
from typing import NamedTuple

import msgspec
from sqlalchemy import Text, cast, select
from sqlalchemy.sql.functions import count

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
KEPT, SHORT = 32_768, 4_000
"""What so many endpoints said of their agents is kept read, where it has at most so many characters."""


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


class There(msgspec.Struct, frozen=True, kw_only=True):
    """What one agent comes to wherever it stands so: the same on most endpoints."""

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


class Row(There, frozen=True, kw_only=True):
    """One agent on one endpoint."""

    endpoint: str
    title: str
    team: int
    team_name: str


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


class _Told(There, frozen=True, kw_only=True):
    """The same, as it is put in order."""

    place: str
    """Begins the key of the order: the widest gap first."""


class _Machine(NamedTuple):
    """One endpoint and its agents."""

    id: str
    title: str
    team: int
    team_name: str
    told: tuple[_Told, ...]


_Pair = tuple[_Machine, _Told]


def agents(services: Services, teams: frozenset[int] | None) -> tuple[AgentRow, ...]:
    """Every agent that endpoints of these teams told of, most endpoints first. Raises StoreError."""
    table = ENDPOINTS.c
    said = cast(table.enforcement, Text)
    which = (table.retired_at == "", of_teams(table.team, teams))
    statement = select(said, table.mode, count()).where(*which).group_by(said, table.mode)
    with services.database.read() as connection:
        alike = connection.execute(statement).all()
    grouped: dict[str, list[tuple[_Told, int]]] = {}
    for text, mode, number in alike:
        for told in _read(text, mode):
            grouped.setdefault(told.agent, []).append((told, number))
    found = [_agent(agent, rows) for agent, rows in grouped.items()]
    return tuple(sorted(found, key=lambda each: (-each.endpoints, each.name.casefold(), each.agent)))


def coverage(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[Row]:
    """A page of agents on endpoints, those with the widest gap first. Raises UsageError for a cursor that is none."""
    machines = _machines(services, teams)
    pairs: list[_Pair] = [(machine, told) for machine in machines for told in machine.told]
    if filters.words:
        words = [word.casefold() for word in filters.words]
        pairs = [pair for pair in pairs if _holds(pair, words)]
    passing = [pair for pair in pairs if _passes(_values(*pair), filters)] if filters.chosen else pairs
    total = len(passing)
    if filters.cursor:
        behind = tuple(map(str, opened(filters.cursor, 4)))
        passing = [pair for pair in passing if _key(pair) > behind]
    first = nsmallest(filters.limit + 1, passing, key=_key)
    page, more = first[: filters.limit], len(first) > filters.limit
    cursor = closed(list(_key(page[-1]))) if more else None
    rows = tuple(_row(*pair) for pair in page)
    if not facets:
        return Listing(rows, cursor, (), 0, "gap")
    return Listing(rows, cursor, tuple(_facets(machines, pairs, filters)), total, "gap")


def _machines(services: Services, teams: frozenset[int] | None) -> list[_Machine]:
    table = ENDPOINTS.c
    columns = (table.id, table.label, table.host, table.team, table.mode, cast(table.enforcement, Text))
    statement = select(*columns).where(table.retired_at == "", of_teams(table.team, teams))
    with services.database.read() as connection:
        names = names_of.teams(connection, teams)
        found = connection.execute(statement).all()
    return [
        _Machine(id_, label or host or id_, team, names.get(team, ""), _read(text, mode))
        for id_, label, host, team, mode, text in found
    ]


def _read(text: str, mode: str) -> tuple[_Told, ...]:
    return (_short if len(text) <= SHORT else _told)(text, mode)


def _told(text: str, mode: str) -> tuple[_Told, ...]:
    """What an endpoint said of its agents; nothing where that is not understood."""
    try:
        told = _decode(text)
    except msgspec.MsgspecError:
        return ()
    return tuple(_of(each, mode) for each in told)


_short = lru_cache(KEPT)(_told)
"""Nearly every endpoint says the same every minute, and reading it is most of what a page costs."""


def _of(each: Enforcement, mode: str) -> _Told:
    gap = gap_of(each, mode)
    place = STANDS.index(each.state) if each.state in STANDS else _NEVER
    return _Told(
        agent=each.agent,
        name=names_of.agent(each.agent, each.name),
        version=each.version,
        stands=each.state,
        # A machine in mode `ask` enforces, but asks where policy says deny.
        mode="ask" if (each.mode, mode) == ("enforce", "ask") else each.mode,
        servers=each.servers,
        behind=each.behind_launcher,
        gap=gap,
        why=each.why,
        place=f"{0 if gap else 1}{place}",
    )


def _row(machine: _Machine, told: _Told) -> Row:
    there = {name: getattr(told, name) for name in There.__struct_fields__}
    return Row(endpoint=machine.id, title=machine.title, team=machine.team, team_name=machine.team_name, **there)


def _agent(agent: str, rows: list[tuple[_Told, int]]) -> AgentRow:
    """`rows`: what endpoints said of it, and how many said so."""
    modes: Counter[str] = Counter()
    stands: Counter[str] = Counter()
    for row, number in rows:
        stands[row.stands] += number
        if row.stands == "installed":
            modes[row.mode] += number
    return AgentRow(
        agent=agent,
        name=rows[0][0].name,
        can=can_of(agent),
        endpoints=stands.total(),
        decided=modes["enforce"],
        asked=modes["ask"],
        watched=modes["monitor"],
        stands=stands,
        servers=sum(row.servers * number for row, number in rows),
        behind=sum(row.behind * number for row, number in rows),
    )


def _key(pair: _Pair) -> tuple[str, str, str, str]:
    machine, told = pair
    return told.place, machine.title.casefold(), machine.id, told.agent


_TITLES = {"agent": "Agent", "stands": "Stands", "mode": "Mode", "team": "Team", "gap": "Gap"}
_PLACES = {name: place for place, name in enumerate(_TITLES)}


def _values(machine: _Machine, told: _Told) -> tuple[str, ...]:
    """In the order of `_TITLES`."""
    return told.agent, told.stands, told.mode, str(machine.team), "open" if told.gap else "none"


def _passes(values: tuple[str, ...], filters: Filters) -> bool:
    return all(values[_PLACES[name]] in wanted for name, wanted in filters.chosen.items())


def _holds(pair: _Pair, words: list[str]) -> bool:
    machine, told = pair
    text = f"{machine.title} {told.agent} {told.name} {machine.team_name} {told.gap} {' '.join(told.why)}".casefold()
    return all(word in text for word in words)


def _label(known: Mapping[str, str], value: str) -> str:
    return known.get(value, value)


def _facets(machines: list[_Machine], pairs: list[_Pair], filters: Filters) -> Iterator[Facet]:
    """`pairs`: those that hold the words, whatever else was chosen."""
    cells = Counter(_values(*pair) for pair in pairs)
    names = {told.agent: told.name for machine in machines for told in machine.told}
    teams = {str(machine.team): machine.team_name or "organisation" for machine in machines if machine.told}
    labels = {"agent": names, "team": teams}
    for name, title in _TITLES.items():
        others, place = filters.without(name), _PLACES[name]
        counts: Counter[str] = Counter()
        for values, number in cells.items():
            if _passes(values, others):
                counts[values[place]] += number
        del counts[""]
        known = labels.get(name, {})
        yield facet(name, title, counts, filters, partial(_label, known), STANDS if name == "stands" else ())
