"""SHELL. People: who they are, how they may sign in, which role they have in which team.

Must not be here: passwords in clear (`access.passwords`), sessions, what a role may do.
"""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from spawngate.model.errors import UsageError
from spawngate.server.access.roles import Role
from spawngate.server.fleet import rows
from spawngate.server.fleet.database import ConflictError, MissingError, upsert
from spawngate.server.fleet.tables import MEMBERSHIPS, ORGANISATION, SESSIONS, USERS
from spawngate.server.fleet.teams import named


class User(msgspec.Struct, frozen=True):
    """One person. What they sign in with is never here."""

    id: int
    name: str
    email: str
    issuer: str
    """Of the OIDC provider; empty for one with a password."""
    has_password: bool
    created_at: str
    disabled_at: str
    roles: Mapping[int, Role] = {}
    """By team."""


def create(
    connection: Connection,
    name: str,
    now: str,
    *,
    email: str = "",
    password: str = "",
    issuer: str = "",
    subject: str = "",
    roles: Mapping[int, Role] | None = None,
) -> int:
    """Make a person; the id. `password` is a hash. Raises UsageError; ConflictError for a name that is taken."""
    name = named(name)
    if len(email) > 320 or not email.isprintable():
        raise UsageError("the mail address is none")
    if connection.execute(select(USERS.c.id).where(func.lower(USERS.c.name) == name.lower())).first():
        raise ConflictError(f"there is a user {name!r} already")
    values = {"name": name, "email": email, "password": password, "issuer": issuer, "subject": subject}
    made = connection.execute(insert(USERS).values(**values, created_at=now)).inserted_primary_key
    assert made is not None
    for team, role in (roles or {}).items():
        give(connection, made[0], team, role)
    return int(made[0])


def give(connection: Connection, user: int, team: int, role: Role | None, *, keep: str = "") -> Role | None:
    """Give somebody a role in a team, or take it (None); the one before. Their sessions end where it is another one: no
    word that was a session's before opens what they may do from now on. `keep`: the id of one that stays.

    Raises ConflictError for the last owner.
    """
    where = (MEMBERSHIPS.c.user == user, MEMBERSHIPS.c.team == team)
    held = connection.execute(select(MEMBERSHIPS.c.role).where(*where)).scalar()
    before = _role(held) if held is not None else None
    if role is before:
        return before
    if before is Role.OWNER and team == ORGANISATION:
        _keep_an_owner(connection, user)
    if role is None:
        connection.execute(delete(MEMBERSHIPS).where(*where))
    else:
        fresh = upsert(connection, MEMBERSHIPS).values(user=user, team=team, role=role.value)
        keys = [MEMBERSHIPS.c.user, MEMBERSHIPS.c.team]
        connection.execute(fresh.on_conflict_do_update(index_elements=keys, set_={"role": role.value}))
    connection.execute(delete(SESSIONS).where(SESSIONS.c.user == user, SESSIONS.c.id != keep))
    return before


def disable(connection: Connection, user: int, now: str) -> bool:
    """Let somebody in no more, and end their sessions; whether that is new. Raises ConflictError for the last owner."""
    there = get(connection, user)
    if there.disabled_at:
        return False
    if there.roles.get(ORGANISATION) is Role.OWNER:
        _keep_an_owner(connection, user)
    connection.execute(update(USERS).where(USERS.c.id == user).values(disabled_at=now))
    connection.execute(delete(SESSIONS).where(SESSIONS.c.user == user))
    return True


def enable(connection: Connection, user: int) -> bool:
    """Let somebody in again; whether that is new."""
    there = get(connection, user)
    connection.execute(update(USERS).where(USERS.c.id == user).values(disabled_at=""))
    return bool(there.disabled_at)


def set_password(connection: Connection, user: int, password: str) -> None:
    """Set the hash of somebody's password, and end every session of theirs."""
    connection.execute(update(USERS).where(USERS.c.id == user).values(password=password))
    connection.execute(delete(SESSIONS).where(SESSIONS.c.user == user))


def bind(connection: Connection, user: int, issuer: str, subject: str) -> None:
    """Have somebody sign in by an OIDC provider from now on."""
    connection.execute(update(USERS).where(USERS.c.id == user).values(issuer=issuer, subject=subject))


def get(connection: Connection, user: int) -> User:
    """One person. Raises MissingError where there is none."""
    return _one(connection, USERS.c.id == user, f"there is no user {user}")


def find(connection: Connection, name: str) -> User:
    """The person of a name, whatever its case. Raises UsageError."""
    return _one(connection, func.lower(USERS.c.name) == name.lower(), f"there is no user {name!r}")


def password_of(connection: Connection, name: str) -> tuple[int, str] | None:
    """Id and hash of somebody who may sign in with a password; None otherwise."""
    row = connection.execute(
        select(USERS.c.id, USERS.c.password).where(
            func.lower(USERS.c.name) == name.lower(), USERS.c.disabled_at == "", USERS.c.password != ""
        )
    ).first()
    return None if row is None else (row.id, row.password)


def hash_of(connection: Connection, user: int) -> str:
    """The hash of somebody's password; empty for who has none."""
    return str(connection.execute(select(USERS.c.password).where(USERS.c.id == user)).scalar() or "")


def of_subject(connection: Connection, issuer: str, subject: str) -> User | None:
    """Who is known to a provider by this subject."""
    row = connection.execute(select(USERS.c.id).where(USERS.c.issuer == issuer, USERS.c.subject == subject)).first()
    return None if row is None else get(connection, row.id)


def invited(connection: Connection, email: str) -> User | None:
    """The one person who waits under this mail address for a first login: no password, no provider yet."""
    found = connection.execute(
        select(USERS.c.id).where(
            func.lower(USERS.c.email) == email.lower(),
            USERS.c.email != "",
            USERS.c.password == "",
            USERS.c.issuer == "",
        )
    ).all()
    return get(connection, found[0].id) if len(found) == 1 else None


def has_owner(connection: Connection) -> bool:
    """Whether somebody owns the organisation and may sign in."""
    return _owners(connection, -1) > 0


def roles_of(connection: Connection, user: int) -> dict[int, Role]:
    """Somebody's role in each team. A role of another version gives nothing."""
    found = connection.execute(select(MEMBERSHIPS.c.team, MEMBERSHIPS.c.role).where(MEMBERSHIPS.c.user == user))
    return {row.team: role for row in found if (role := _role(row.role)) is not None}


def of(connection: Connection, ids: Sequence[int]) -> tuple[User, ...]:
    """Those of these people that are there, in this order."""
    known = set(connection.execute(select(USERS.c.id).where(USERS.c.id.in_(ids))).scalars())
    return tuple(get(connection, each) for each in ids if each in known)


def page(
    connection: Connection, team: int | None = None, cursor: str | None = None, limit: int = rows.USUAL
) -> tuple[Sequence[User], str | None]:
    """People by name; with a team, those who have a role in it. Raises CursorError."""
    statement = select(USERS.c.id, USERS.c.name)
    if team is not None:
        statement = statement.join(MEMBERSHIPS, MEMBERSHIPS.c.user == USERS.c.id).where(MEMBERSHIPS.c.team == team)
    found = connection.execute(rows.paged(statement, [USERS.c.name], cursor, limit)).all()
    chosen, following = rows.cut(found, limit, lambda row: [row.name])
    return [get(connection, row.id) for row in chosen], following


def _one(connection: Connection, condition: object, missing: str) -> User:
    row = connection.execute(select(USERS).where(condition)).first()  # type: ignore[arg-type]  # a condition on USERS
    if row is None:
        raise MissingError(missing)
    return User(
        row.id,
        row.name,
        row.email,
        row.issuer,
        bool(row.password),
        row.created_at,
        row.disabled_at,
        roles_of(connection, row.id),
    )


def _role(text: str) -> Role | None:
    try:
        return Role(text)
    except ValueError:
        return None


def _keep_an_owner(connection: Connection, but: int) -> None:
    # Two owners who take each other out at once: the second waits here, and sees what the first did.
    owners = MEMBERSHIPS.c.team == ORGANISATION, MEMBERSHIPS.c.role == Role.OWNER.value
    connection.execute(select(MEMBERSHIPS.c.user).where(*owners).order_by(MEMBERSHIPS.c.user).with_for_update()).all()
    if not _owners(connection, but):
        raise ConflictError("this is the last owner of the organisation: make somebody else one first")


def _owners(connection: Connection, but: int) -> int:
    statement = (
        select(func.count())
        .select_from(MEMBERSHIPS.join(USERS, MEMBERSHIPS.c.user == USERS.c.id))
        .where(
            MEMBERSHIPS.c.team == ORGANISATION,
            MEMBERSHIPS.c.role == Role.OWNER.value,
            USERS.c.disabled_at == "",
            USERS.c.id != but,
        )
    )
    return int(connection.execute(statement).scalar_one())
