"""SHELL. Roll-outs started, moved on and ended: monitor, then ask, then enforce, to ever more of the endpoints.

A roll-out to all endpoints of a team or group takes the place of those before it there; one to a part of them leaves
the rest to these. Must not be here: which one counts for an endpoint (`rollouts`), telling the trail
(`server.governing`).
"""

from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from spawngate.model.errors import UsageError
from spawngate.server.fleet import rows, teams
from spawngate.server.fleet.bundles import raise_serial
from spawngate.server.fleet.database import ConflictError, MissingError
from spawngate.server.fleet.endpoints import clean
from spawngate.server.fleet.tables import POLICIES, ROLLOUTS

MODES = ("monitor", "ask", "enforce")
LONGEST_GROUP = 200
R = ROLLOUTS.c


class RollOut(msgspec.Struct, frozen=True):
    """One roll-out."""

    id: int
    team: int
    group: str
    policy: int
    mode: str
    percent: int
    created_by: str
    created_at: str
    ended_at: str = ""


def start(
    connection: Connection, policy: int, *, team: int, group: str, mode: str, percent: int, by: str, now: str
) -> tuple[RollOut, tuple[RollOut, ...]]:
    """Put a revision that is ready in force; the roll-out, and those whose place it takes.

    Raises UsageError, MissingError, ConflictError.
    """
    _checked(mode, percent)
    group = str(clean(" ".join(group.split())))
    if len(group) > LONGEST_GROUP:
        raise UsageError(f"a group has at most {LONGEST_GROUP} characters")
    teams.get(connection, team)
    state = connection.execute(select(POLICIES.c.state).where(POLICIES.c.id == policy)).scalar()
    if state is None:
        raise MissingError(f"there is no revision {policy}")
    if state != "ready":
        raise ConflictError(f"revision {policy} is {state}: only what was checked and tested can be rolled out")
    values = {
        "team": team, "group": group, "policy": policy, "mode": mode, "percent": percent, "created_by": by,
        "created_at": now,
    }  # fmt: skip
    number = connection.execute(insert(ROLLOUTS).values(values).returning(R.id)).scalar_one()
    made = get(connection, number)
    replaced = _replaced(connection, made, now)
    raise_serial(connection, now)
    return made, replaced


def change(
    connection: Connection, number: int, *, mode: str, percent: int, now: str
) -> tuple[RollOut, RollOut, tuple[RollOut, ...]]:
    """Move a roll-out on: as it was, as it is, and those whose place it takes. Raises UsageError, MissingError."""
    _checked(mode, percent)
    before = _live(connection, number)
    connection.execute(update(ROLLOUTS).where(R.id == number).values(mode=mode, percent=percent))
    after = get(connection, number)
    replaced = _replaced(connection, after, now)
    raise_serial(connection, now)
    return before, after, replaced


def end(connection: Connection, number: int, now: str) -> RollOut:
    """End a roll-out: what covered its endpoints before covers them again, or their own policy. Raises MissingError."""
    _live(connection, number)
    connection.execute(update(ROLLOUTS).where(R.id == number).values(ended_at=now))
    raise_serial(connection, now)
    return get(connection, number)


def get(connection: Connection, number: int) -> RollOut:
    """One roll-out. Raises MissingError where there is none."""
    row = connection.execute(select(ROLLOUTS).where(R.id == number)).first()
    if row is None:
        raise MissingError(f"there is no roll-out {number}")
    return _roll_out(row)


def _live(connection: Connection, number: int) -> RollOut:
    there = get(connection, number)
    if there.ended_at:
        raise ConflictError(f"roll-out {number} has ended")
    return there


def _replaced(connection: Connection, made: RollOut, now: str) -> tuple[RollOut, ...]:
    """End those that a roll-out to all endpoints of a team or group leaves nothing to."""
    if made.percent < 100:
        return ()
    shadowed = (R.team == made.team) & (R.group == made.group) & (R.ended_at == "") & (R.id < made.id)
    found = tuple(_roll_out(row) for row in connection.execute(select(ROLLOUTS).where(shadowed)))
    if found:
        connection.execute(update(ROLLOUTS).where(shadowed).values(ended_at=now))
    return found


def _checked(mode: str, percent: int) -> None:
    if mode not in MODES:
        raise UsageError(f"mode is one of {', '.join(MODES)}")
    if not 1 <= percent <= 100:
        raise UsageError("percent is 1 to 100")


def _roll_out(row: Row[Any]) -> RollOut:
    return RollOut(**rows.plain(row))
