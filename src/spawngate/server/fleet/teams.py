"""SHELL. Teams. Team 0 is the organisation, which holds all others and cannot be deleted.

Must not be here: who belongs to them (`users`), endpoints.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from spawngate.model.errors import UsageError
from spawngate.server.fleet import rows
from spawngate.server.fleet.database import ConflictError, MissingError
from spawngate.server.fleet.tables import (
    APPROVALS,
    ENDPOINTS,
    ORGANISATION,
    PROJECTS,
    ROLLOUTS,
    SUPPRESSIONS,
    TEAMS,
)

LONGEST_NAME = 200


class Team(msgspec.Struct, frozen=True):
    """One team."""

    id: int
    name: str
    created_at: str


def named(name: str) -> str:
    """A name that a person gave to something, as it is kept. Raises UsageError."""
    clean = " ".join(name.split())
    if not 0 < len(clean) <= LONGEST_NAME or not clean.isprintable():
        raise UsageError(f"a name has 1 to {LONGEST_NAME} printable characters")
    return clean


def create(connection: Connection, name: str, now: str) -> Team:
    """Make a team. Raises UsageError; ConflictError for a name that is taken."""
    name = named(name)
    if connection.execute(select(TEAMS.c.id).where(TEAMS.c.name == name)).first():
        raise ConflictError(f"there is a team {name!r} already")
    made = connection.execute(insert(TEAMS).values(name=name, created_at=now)).inserted_primary_key
    assert made is not None
    return Team(made[0], name, now)


def rename(connection: Connection, team: int, name: str) -> tuple[str, str]:
    """Give a team another name; the old and the new one. Raises UsageError, ConflictError."""
    old, name = get(connection, team).name, named(name)
    taken = connection.execute(select(TEAMS.c.id).where(TEAMS.c.name == name, TEAMS.c.id != team)).first()
    if taken:
        raise ConflictError(f"there is a team {name!r} already")
    connection.execute(update(TEAMS).where(TEAMS.c.id == team).values(name=name))
    return old, name


def remove(connection: Connection, team: int) -> Team:
    """Delete a team with its memberships, tokens and enrolment secrets. Raises UsageError; ConflictError where
    endpoints, approvals, suppressions, rollouts or projects are of it."""
    there = get(connection, team)
    if team == ORGANISATION:
        raise ConflictError("the organisation cannot be deleted")
    for table in (ENDPOINTS, APPROVALS, SUPPRESSIONS, ROLLOUTS, PROJECTS):
        held = connection.execute(select(func.count()).select_from(table).where(table.c.team == team)).scalar_one()
        if held:
            raise ConflictError(f"the team still has {held} {table.name}: move or delete them first")
    connection.execute(delete(TEAMS).where(TEAMS.c.id == team))
    return there


def get(connection: Connection, team: int) -> Team:
    """One team. Raises MissingError where there is none."""
    row = connection.execute(select(TEAMS).where(TEAMS.c.id == team)).first()
    if row is None:
        raise MissingError(f"there is no team {team}")
    return Team(*row)


def find(connection: Connection, name: str) -> Team:
    """The team of a name, or of a number as text. Raises UsageError."""
    row = connection.execute(select(TEAMS).where(TEAMS.c.name == name)).first()
    if row is not None:
        return Team(*row)
    if name.isascii() and name.isdigit() and len(name) < 10:
        return get(connection, int(name))
    raise MissingError(f"there is no team {name!r}")


def of(connection: Connection, ids: Sequence[int]) -> tuple[Team, ...]:
    """Those of these teams that are there, in this order."""
    found = {row.id: Team(*row) for row in connection.execute(select(TEAMS).where(TEAMS.c.id.in_(ids)))}
    return tuple(found[each] for each in ids if each in found)


def page(
    connection: Connection, teams: frozenset[int] | None, cursor: str | None = None, limit: int = rows.USUAL
) -> tuple[Sequence[Team], str | None]:
    """Teams by name, those of `teams` only. Raises CursorError."""
    statement = select(TEAMS).where(rows.of_teams(TEAMS.c.id, teams))
    found = [Team(*row) for row in connection.execute(rows.paged(statement, [TEAMS.c.name], cursor, limit))]
    return rows.cut(found, limit, lambda team: [team.name])
