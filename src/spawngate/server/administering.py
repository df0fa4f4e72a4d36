"""SHELL. What administrators do, the same from the console and the API: who may, and its record.

Nobody gives more than they have: no role above the own, no token that may more, no link that makes one somebody higher.
Must not be here: HTTP, how people, teams, tokens and secrets are kept (`server.fleet`).
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from sqlalchemy import Connection

from spawngate.model.json import Json
from spawngate.server.access.guard import Forbidden
from spawngate.server.access.invitations import invitation_link
from spawngate.server.access.principal import Principal
from spawngate.server.access.roles import MATRIX, ORGANISATION_WIDE, Permission, Role
from spawngate.server.administration import changed, recorded
from spawngate.server.fleet import enrolments, sessions, teams, tokens, users
from spawngate.server.fleet.database import MissingError
from spawngate.server.fleet.enrolments import Enrolment
from spawngate.server.fleet.tables import ORGANISATION
from spawngate.server.fleet.teams import Team
from spawngate.server.fleet.tokens import Token
from spawngate.server.fleet.users import User
from spawngate.server.services import Services
from spawngate.server.store.port import Item
from spawngate.trail import retention


def create_team(services: Services, who: Principal, name: str) -> Team:
    """Make a team. Raises UsageError, ConflictError."""
    with services.database.begin() as connection:
        team = teams.create(connection, name, services.now())
        recorded(services, who, kind="team", id=team.id, name=team.name, action="created")
    return team


def rename_team(services: Services, who: Principal, team: int, name: str) -> Team:
    """Give a team another name. Raises UsageError, MissingError, ConflictError."""
    with services.database.begin() as connection:
        old, new = teams.rename(connection, team, name)
        differences = [changed("name", old, new)]
        recorded(services, who, kind="team", id=team, name=new, action="changed", differences=differences)
        return teams.get(connection, team)


def remove_team(services: Services, who: Principal, team: int) -> None:
    """Delete a team that holds nothing. Raises MissingError, ConflictError."""
    with services.database.begin() as connection:
        gone = teams.remove(connection, team)
        recorded(services, who, kind="team", id=team, name=gone.name, action="removed")


def create_user(
    services: Services, who: Principal, name: str, *, email: str, roles: Mapping[int, Role], invite: bool, base: str
) -> tuple[int, str]:
    """Make a person; the id, and the link by which they set a password if one is wanted. `base`: where links begin.

    Raises UsageError, MissingError, ConflictError, Forbidden.
    """
    with services.database.begin() as connection:
        for team, role in roles.items():
            teams.get(connection, team)
            if not who.gives(role, team):
                raise Forbidden("A role above your own is not yours to give.")
        user = users.create(connection, name, services.now(), email=email, roles=roles)
        kept = users.get(connection, user).name
        told: dict[str, Json] = {str(team): role.value for team, role in roles.items()}
        recorded(services, who, kind="user", id=user, name=kept, action="created", detail={"roles": told})
        return user, invitation_link(connection, services, user, base, who) if invite else ""


def invite_user(services: Services, who: Principal, user: int, base: str) -> str:
    """A link by which somebody sets their password, once. Raises MissingError, Forbidden."""
    with services.database.begin() as connection:
        there = _below(connection, who, user)
        if not all(who.gives(role, team) for team, role in there.roles.items()):
            raise Forbidden("Somebody who may do more than you is not yours to invite.")
        recorded(services, who, kind="user", id=user, name=there.name, action="invited")
        return invitation_link(connection, services, user, base, who)


def disable_user(services: Services, who: Principal, user: int) -> User:
    """Let somebody in no more, and end their sessions. Raises MissingError, Forbidden, ConflictError."""
    with services.database.begin() as connection:
        name = _below(connection, who, user).name
        if users.disable(connection, user, services.now()):
            recorded(services, who, kind="user", id=user, name=name, action="disabled")
        return users.get(connection, user)


def enable_user(services: Services, who: Principal, user: int) -> User:
    """Let somebody in again. Raises MissingError, Forbidden."""
    with services.database.begin() as connection:
        name = _below(connection, who, user).name
        if users.enable(connection, user):
            recorded(services, who, kind="user", id=user, name=name, action="enabled")
        return users.get(connection, user)


def end_sessions(services: Services, who: Principal, user: int) -> None:
    """End every session of somebody, but for the one with which this is asked. Raises MissingError, Forbidden."""
    with services.database.begin() as connection:
        name = _below(connection, who, user).name
        ended = sessions.end_all(connection, user, but=who.session)
        recorded(services, who, kind="user", id=user, name=name, action="sessions-ended", detail={"sessions": ended})


def set_role(services: Services, who: Principal, user: int, team: int, role: Role | None) -> str:
    """Give somebody a role in a team, or take it (None); their name. Their sessions end, but for the one with which
    this is asked: that one gets another word (`access.account.renewed`). Raises MissingError, Forbidden, ConflictError.
    """
    with services.database.begin() as connection:
        within(who, Permission.MEMBERS_WRITE, team)
        name, there = teams.get(connection, team).name, users.get(connection, user)
        held = there.roles.get(team)
        above = held is not None and held.rank > who.rank(team)
        if above or (role is not None and not who.gives(role, team)):
            raise Forbidden("A role above your own is not yours to give or to take.")
        before = users.give(connection, user, team, role, keep=who.session)
        if before is not role:
            recorded(
                services, who, kind="user", id=user, name=there.name, action="role-changed",
                differences=[changed(f"roles.{name}", before, role)],
            )  # fmt: skip
    return there.name


def create_token(
    services: Services, who: Principal, name: str, *, team: int, role: Role, scopes: Sequence[Permission], days: int
) -> tuple[Token, str]:
    """Make a token; it, and its secret. One that a token makes ends with that at the latest.

    Raises UsageError, MissingError, Forbidden.
    """
    within(who, Permission.TOKENS_WRITE, team)
    wanted = MATRIX[role] & frozenset(scopes) if scopes else MATRIX[role]
    more = [each for each in wanted if not who.may(each, team) and _counts(each, team)]
    if role.rank > who.rank(team) or more:
        raise Forbidden("A token may do no more than who makes it.")
    with services.database.begin() as connection:
        token, secret = tokens.create(
            connection, name=name, team=team, role=role, scopes=scopes, days=days, by=who.name, now=services.now(),
            maker=who.user or 0, parent=who.token or 0,
        )  # fmt: skip
        detail: dict[str, Json] = {"team": team, "role": role.value, "scopes": list(token.scopes or ())}
        recorded(
            services, who, kind="token", id=token.id, name=token.name, action="created",
            detail={**detail, "expires_at": token.expires_at},
        )  # fmt: skip
    return token, secret


def revoke_token(services: Services, who: Principal, token: int) -> None:
    """Take a token out of force, at once, and all that were made with it. Raises MissingError."""
    with services.database.begin() as connection:
        there = tokens.get(connection, token)
        if not who.may(Permission.TOKENS_WRITE, there.team):
            raise MissingError(f"there is no token {token}")
        for each in tokens.revoke(connection, token, services.now()):
            recorded(services, who, kind="token", id=each.id, name=each.name, action="revoked")


def create_enrolment(
    services: Services,
    who: Principal,
    name: str,
    *,
    kind: Literal["secret", "code"],
    team: int,
    group: str,
    most: int,
    days: int,
) -> tuple[Enrolment, str]:
    """Make an enrolment secret or code; it, and its text. Raises UsageError, MissingError."""
    within(who, Permission.ENROLMENTS_WRITE, team)
    with services.database.begin() as connection:
        made, text = enrolments.create(
            connection, kind=kind, name=name, team=team, group=group, most=most, days=days, by=who.name,
            now=services.now(),
        )  # fmt: skip
        detail: dict[str, Json] = {"form": kind, "team": team, "group": made.group, "most": made.most}
        recorded(
            services, who, kind="enrolment", id=made.id, name=made.name, action="created",
            detail={**detail, "expires_at": made.expires_at},
        )  # fmt: skip
    return made, text


def revoke_enrolment(services: Services, who: Principal, enrolment: int) -> None:
    """Take a secret or code out of force. Endpoints that it enrolled stay. Raises MissingError."""
    with services.database.begin() as connection:
        there = enrolments.get(connection, enrolment)
        if not who.may(Permission.ENROLMENTS_WRITE, there.team):
            raise MissingError(f"there is no enrolment secret {enrolment}")
        enrolments.revoke(connection, enrolment, services.now())
        recorded(services, who, kind="enrolment", id=enrolment, name=there.name, action="revoked")


def kept(services: Services) -> int:
    """How many days events are kept."""
    held = (services.control.get("setting", "retention") or b"").decode("ascii", "replace")
    return int(held) if held.isascii() and held.isdigit() and 0 < len(held) <= 5 else retention.DAYS


def keep(services: Services, who: Principal, days: int) -> None:
    """Set how many days events are kept. What is older goes within a minute, but for legal holds."""
    recorded(
        services, who, kind="setting", id="retention", name="retention", action="changed",
        differences=[changed("days", kept(services), days)],
    )  # fmt: skip
    services.control.put(Item("setting", "retention", str(days).encode()))


def within(who: Principal, permission: Permission, team: int) -> None:
    """Raises MissingError for a team in which this may not be done: whether there is one is not told."""
    if not who.may(permission, team):
        raise MissingError(f"there is no team {team}")


def _below(connection: Connection, who: Principal, user: int) -> User:
    """Somebody who is not above the one who asks. Raises MissingError, Forbidden.

    A person who could invite an owner anew would have the owner's password, and be one.
    """
    there = users.get(connection, user)
    if any(role.rank > who.rank(team) for team, role in there.roles.items()):
        raise Forbidden("Somebody with a role above your own is not yours to change.")
    return there


def _counts(permission: Permission, team: int) -> bool:
    """Whether a role in this team gives the permission at all: some need one in the organisation."""
    return team == ORGANISATION or permission not in ORGANISATION_WIDE
