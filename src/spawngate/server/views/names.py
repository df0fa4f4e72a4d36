"""Names that people know things by: agents, kinds, teams.

Must not be here: markup.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache

from sqlalchemy import Connection, select

from spawngate.agents import AGENTS, SURFACES, load_agent
from spawngate.report import view
from spawngate.server.fleet.tables import ORGANISATION, TEAMS

SEVERITIES = ("critical", "high", "medium", "low", "info")
"""Gravest first."""


def agent(agent_id: str, told: str = "") -> str:
    """An agent's name for people: as this release knows it, else as an endpoint told it, else its id."""
    return _known(agent_id) if agent_id in AGENTS else dict(SURFACES).get(agent_id, told or agent_id)


@cache
def _known(agent_id: str) -> str:
    return load_agent(agent_id).name


def kind(word: str) -> str:
    """A kind of artifact, for people, in the singular."""
    return view.title(word)


def kinds(word: str) -> str:
    """A kind of artifact, for people, in the plural."""
    return view.title(word, 2)


def teams(connection: Connection, allowed: frozenset[int] | None) -> Mapping[int, str]:
    """Names of the teams that may be seen (None: all), by id; the organisation's own is empty."""
    statement = select(TEAMS.c.id, TEAMS.c.name)
    if allowed is not None:
        statement = statement.where(TEAMS.c.id.in_(sorted(allowed)))
    rows = connection.execute(statement)
    return {row.id: "" if row.id == ORGANISATION else row.name for row in rows}


def team(names: Mapping[int, str], organisation: str = "no team") -> Callable[[str], str]:
    """From a team's number as text to its name, for facets; total. `organisation`: what its own number is called."""

    def name(value: str) -> str:
        if value == str(ORGANISATION):
            return organisation
        return names.get(int(value), value) if value.isascii() and value.isdigit() else value

    return name


def gravest(counts: Mapping[str, int]) -> str:
    """The gravest severity that was counted; empty for none."""
    return next((word for word in SEVERITIES if counts.get(word)), "")


def short(digest: str, size: int = 12) -> str:
    """The begin of a fingerprint."""
    return digest[:size]


def days_later(day: str, days: int) -> str:
    """A day so many days after another: 2026-11-28."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
