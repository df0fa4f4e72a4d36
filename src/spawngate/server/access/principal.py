"""Who asks: a person with a session, a program with a token, or the one user of a local server. Pure.

Must not be here: how it is found out (`authenticate`), what a role may do (`roles`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from spawngate.server.access.roles import MATRIX, ORGANISATION_WIDE, Permission, Role, may
from spawngate.server.fleet.tables import ORGANISATION


class Kind(StrEnum):
    """How somebody asks."""

    USER = "user"
    """A person, by a session that a browser holds."""
    TOKEN = "token"
    """A program, by an API token."""
    LOCAL = "local"
    """The user who started `spawngate up`, on loopback."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks, and what they may do."""

    name: str
    """Of the person or the token; stands in events as the actor."""
    kind: Kind
    roles: Mapping[int, Role] = field(default_factory=dict)
    """By team; 0 is the organisation."""
    scopes: frozenset[Permission] | None = None
    """Of a token: nothing but these. None: all that the roles give."""
    user: int | None = None
    """Id of the person."""
    token: int | None = None
    """Id of the token."""
    session: str = ""
    """Id of the session (the hash of what the cookie holds)."""
    csrf: str = ""
    """What a form must send back as `csrf`, or a script as `x-csrf-token`. Empty where none is needed."""

    def may(self, permission: Permission, team: int = ORGANISATION) -> bool:
        """Whether this may be done in a team; without one, in the organisation."""
        if self.scopes is not None and permission not in self.scopes:
            return False
        where = {ORGANISATION} if permission in ORGANISATION_WIDE else {ORGANISATION, team}
        return any(may(role, permission) for held, role in self.roles.items() if held in where)

    def teams(self, permission: Permission) -> frozenset[int] | None:
        """The teams in which this may be done; None: in all, those to come included. Every list filters by it."""
        if self.may(permission):
            return None
        return frozenset(team for team in self.roles if self.may(permission, team))

    def may_anywhere(self, permission: Permission) -> bool:
        """Whether this may be done in any team: what lets somebody in at a route's door."""
        return self.teams(permission) != frozenset()

    def rank(self, team: int = ORGANISATION) -> int:
        """Rank of the highest role that counts in a team; -1 for none. Nobody gives a role above the own."""
        return max((role.rank for held, role in self.roles.items() if held in (ORGANISATION, team)), default=-1)

    def gives(self, role: Role, team: int) -> bool:
        """Whether a role in a team is theirs to give: not above the own, and nothing that a token's scopes leave out.
        Else who may only invite people could invite an owner, and be one."""
        counting = (each for each in MATRIX[role] if team == ORGANISATION or each not in ORGANISATION_WIDE)
        return role.rank <= self.rank(team) and all(self.may(each, team) for each in counting)

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything that this principal may do somewhere."""
        return frozenset(each for each in Permission if self.may_anywhere(each))


NOBODY = Principal("", Kind.USER)
"""Somebody who has not signed in."""


def local(name: str, csrf: str) -> Principal:
    """The one user of a local server, who owns it."""
    return Principal(name, Kind.LOCAL, {ORGANISATION: Role.OWNER}, csrf=csrf)
