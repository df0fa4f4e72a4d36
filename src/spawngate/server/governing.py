"""SHELL. What people do with policies, the same from the console and the API: who may, and its record.

Must not be here: HTTP, rows (`fleet.policies`, `fleet.rolling`), what the files mean (`policy.folder`).
"""

import secrets
from collections.abc import Mapping
from datetime import datetime

from spawngate.model.json import Json
from spawngate.policy.folder import Report, report
from spawngate.server.access.guard import Forbidden
from spawngate.server.access.principal import Principal
from spawngate.server.access.roles import Permission
from spawngate.server.administration import changed, recorded
from spawngate.server.fleet import policies, rolling
from spawngate.server.fleet.database import MissingError
from spawngate.server.fleet.policies import Revision
from spawngate.server.fleet.rolling import RollOut
from spawngate.server.fleet.tables import ORGANISATION
from spawngate.server.services import Services


def checked(services: Services, files: Mapping[str, str]) -> Report:
    """What checking and trying some files finds now."""
    return report(files, datetime.fromisoformat(services.now()), secrets.token_bytes(32))


def save(
    services: Services, who: Principal, name: str, files: Mapping[str, str], comment: str
) -> tuple[Revision, bool]:
    """Save a draft, and whether it is new. Raises UsageError, StoreError."""
    found = checked(services, files)
    with services.database.begin() as connection:
        made, fresh = policies.save(connection, name, files, found, comment=comment, by=who.name, now=services.now())
        if fresh:
            detail: dict[str, Json] = {"digest": made.digest, "comment": made.comment, "valid": found.valid}
            recorded(services, who, kind="policy", id=made.id, name=name, action="drafted", detail=detail)
    return made, fresh


def make_ready(services: Services, who: Principal, name: str, number: int) -> Revision:
    """Check and try a draft once more, and let it be rolled out. Raises UsageError, MissingError, ConflictError."""
    with services.database.read() as connection:
        there = policies.get(connection, name, number)
    found = checked(services, there.files)
    with services.database.begin() as connection:
        made = policies.ready(connection, name, number, found)
        if there.state != made.state:
            recorded(
                services, who, kind="policy", id=number, name=name, action="ready",
                differences=[changed("state", there.state, made.state)], detail={"cases": len(found.cases)},
            )  # fmt: skip
    return made


def retire(services: Services, who: Principal, name: str, number: int) -> Revision:
    """Let a revision be rolled out no more. Raises ConflictError where it is in force, MissingError."""
    with services.database.begin() as connection:
        before = policies.get(connection, name, number)
        made = policies.retire(connection, name, number)
        if before.state != made.state:
            recorded(
                services, who, kind="policy", id=number, name=name, action="retired",
                differences=[changed("state", before.state, made.state)],
            )  # fmt: skip
    return made


def start(
    services: Services, who: Principal, name: str, number: int, *, team: int, group: str, mode: str, percent: int
) -> RollOut:
    """Roll a revision out. Raises UsageError, MissingError, ConflictError, Forbidden."""
    _may(who, team)
    with services.database.begin() as connection:
        policies.get(connection, name, number)
        made, replaced = rolling.start(
            connection, number, team=team, group=group, mode=mode, percent=percent, by=who.name, now=services.now()
        )
        told: dict[str, Json] = {"policy": number, "team": team, "group": made.group, "mode": mode, "percent": percent}
        recorded(
            services, who, kind="rollout", id=made.id, name=name, action="started",
            differences=[changed(key, None, value) for key, value in told.items()],
            detail={"replaces": [each.id for each in replaced]},
        )  # fmt: skip
    return made


def change(services: Services, who: Principal, number: int, *, mode: str, percent: int) -> RollOut:
    """Move a roll-out on, or back. Raises as `start`."""
    with services.database.begin() as connection:
        there = _theirs(who, rolling.get(connection, number))
        before, after, replaced = rolling.change(connection, number, mode=mode, percent=percent, now=services.now())
        told = (("mode", before.mode, after.mode), ("percent", before.percent, after.percent))
        recorded(
            services, who, kind="rollout", id=number, name=str(there.policy), action="changed",
            differences=[changed(key, old, new) for key, old, new in told if old != new],
            detail={"replaces": [each.id for each in replaced]},
        )  # fmt: skip
    return after


def end(services: Services, who: Principal, number: int) -> RollOut:
    """End a roll-out. Raises as `start`."""
    with services.database.begin() as connection:
        there = _theirs(who, rolling.get(connection, number))
        made = rolling.end(connection, number, services.now())
        recorded(services, who, kind="rollout", id=number, name=str(there.policy), action="ended")
    return made


def _may(who: Principal, team: int) -> None:
    if who.may(Permission.ROLLOUTS_WRITE, team):
        return
    if team == ORGANISATION:
        raise Forbidden("A roll-out to all teams needs a role in the organisation.")
    raise MissingError(f"there is no team {team}")


def _theirs(who: Principal, there: RollOut) -> RollOut:
    """Raises MissingError for a roll-out of a team in which this may not be done."""
    if not who.may(Permission.ROLLOUTS_WRITE, there.team):
        raise MissingError(f"there is no roll-out {there.id}")
    return there
