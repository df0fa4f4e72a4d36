"""SHELL. Which policy, in which mode, an endpoint obeys: the roll-outs that cover it.

The one that says most about an endpoint counts: of its group before its team before the organisation; of those that say
as much, the newest that reaches it. A roll-out to a part of the endpoints reaches the same ones however far it has
come: whoever is among the first ten of a hundred is among the first fifty too.
Must not be here: starting and ending one, which is policy life (`policies`), and what a bundle looks like.
"""

import hashlib
from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, select

from spawngate.server.fleet.tables import ORGANISATION, POLICIES, ROLLOUTS


class Rollout(msgspec.Struct, frozen=True):
    """One roll-out that has not ended."""

    id: int
    team: int
    group: str
    policy: int
    mode: str
    percent: int


def in_force(connection: Connection) -> tuple[Rollout, ...]:
    """Every roll-out that has not ended, oldest first."""
    names = [field.name for field in msgspec.structs.fields(Rollout)]
    asked = select(*(ROLLOUTS.c[name] for name in names)).where(ROLLOUTS.c.ended_at == "").order_by(ROLLOUTS.c.id)
    return tuple(Rollout(**row) for row in connection.execute(asked).mappings())


def chosen(rollouts: Iterable[Rollout], endpoint: str, team: int, group: str) -> Rollout | None:
    """The roll-out that counts for an endpoint; None where none reaches it, and its own policy stays."""
    reaching = [
        each
        for each in rollouts
        if each.team in (ORGANISATION, team) and each.group in ("", group) and (share(endpoint) < each.percent)
    ]
    return max(reaching, key=lambda each: (bool(each.group), each.team != ORGANISATION, each.id), default=None)


def share(endpoint: str) -> int:
    """Where an endpoint stands among a hundred: 0 to 99, by a hash of its id, always the same."""
    return int.from_bytes(hashlib.sha256(endpoint.encode()).digest()[:8], "big") % 100


def files_of(connection: Connection, policy: int) -> tuple[str, dict[str, str]]:
    """Name and files of a policy; an empty name and no files where there is none."""
    row = connection.execute(select(POLICIES.c.name, POLICIES.c.files).where(POLICIES.c.id == policy)).first()
    return ("", {}) if row is None else (str(row[0]), {str(name): str(text) for name, text in dict(row[1]).items()})
