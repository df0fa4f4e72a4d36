"""Who and what may come in, as lists: teams, people, API tokens, enrolment secrets and codes. No secret is among them.

Must not be here: changing any (`server.administering`), how they are kept (`server.fleet`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, RowMapping, String, and_, case, cast, func, select

from spawngate.server.access.holding import lower
from spawngate.server.access.roles import Role
from spawngate.server.fleet import users
from spawngate.server.fleet.tables import ENDPOINTS, ENROLMENTS, MEMBERSHIPS, ORGANISATION, TEAMS, TOKENS, USERS
from spawngate.server.services import Services
from spawngate.server.views import names as names_of
from spawngate.server.views.endpoints import in_teams
from spawngate.server.views.filters import Filters
from spawngate.server.views.listing import Dimension, Key, Listing, Related, Source, page

TEAM_FACETS: tuple[str, ...] = ()
PERSON_FACETS = ("state", "signs_in_by", "role", "team")
TOKEN_FACETS = ("state", "role", "team", "made_by")
ENROLMENT_FACETS = ("state", "kind", "team", "group")
_ROLES = tuple(each.value for each in reversed(Role))
_BY_NAME = {"name": (Key("name"), Key("id"))}
_BY_AGE = {"made": (Key("created_at", down=True), Key("id", down=True)), "name": (Key("name"), Key("id"))}


class TeamRow(msgspec.Struct, frozen=True):
    """One team."""

    id: int
    name: str
    """Empty for the organisation itself."""
    created_at: str
    members: int
    endpoints: int
    """That are not retired."""


class PersonRow(msgspec.Struct, frozen=True):
    """One person."""

    id: int
    name: str
    email: str
    state: str
    """active, invited or disabled."""
    signs_in_by: str
    """password, the address of a provider, or nothing."""
    created_at: str
    roles: tuple[str, ...]
    """`analyst in Platform`, `owner of the organisation`."""


class TokenRow(msgspec.Struct, frozen=True):
    """One API token."""

    id: int
    prefix: str
    name: str
    team: int
    team_name: str
    """Empty for the organisation."""
    role: str
    scopes: tuple[str, ...]
    """Nothing but these; empty: all that the role gives."""
    gives: str
    """The role that it has now: the lower one of its own and its maker's; empty for none."""
    state: str
    """active, maker disabled, ended or revoked."""
    made_by: str
    created_at: str
    expires_at: str
    used_at: str


class EnrolmentRow(msgspec.Struct, frozen=True):
    """One enrolment secret or code."""

    id: int
    name: str
    kind: str
    team: int
    team_name: str
    """Empty for no team."""
    group: str
    state: str
    """active, used up, ended or revoked."""
    uses: int
    most: int
    """0: without a limit."""
    made_by: str
    created_at: str
    expires_at: str
    """Empty: without end."""


def teams_of(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[TeamRow]:
    """Teams that may be seen. Raises UsageError for a cursor that is none, StoreError."""
    T, M, E = TEAMS.c, MEMBERSHIPS.c, ENDPOINTS.c
    source = Source(
        table=TEAMS, columns=(T.id, T.name, T.created_at), unique=(T.id,), searched=(T.name,), orders=_BY_NAME,
        dimensions={},
    )  # fmt: skip
    with services.database.read() as connection:
        found = page(connection, source, filters, lambda row: row, where=in_teams(T.id, teams), facets=facets)
        shown = [row["id"] for row in found.rows]
        members = _counts(connection, select(M.team, func.count()).where(M.team.in_(shown)).group_by(M.team))
        held = select(E.team, func.count()).where(E.team.in_(shown), E.retired_at == "").group_by(E.team)
        endpoints = _counts(connection, held)
    rows = tuple(
        TeamRow(row["id"], row["name"] if row["id"] != ORGANISATION else "", row["created_at"],
                members.get(row["id"], 0), endpoints.get(row["id"], 0))
        for row in found.rows
    )  # fmt: skip
    return Listing(rows, found.cursor, found.facets, found.total, found.sort)


def people_of(services: Services, filters: Filters, *, facets: bool = True) -> Listing[PersonRow]:
    """People. Raises as `teams_of`."""
    U, M = USERS.c, MEMBERSHIPS.c
    way = case((U.issuer != "", U.issuer), (U.password != "", "password"), else_="")
    state = case((U.disabled_at != "", "disabled"), (way == "", "invited"), else_="active")
    with services.database.read() as connection:
        names = names_of.teams(connection, None)
        named = names_of.team(names, "the organisation")
        source = Source(
            table=USERS,
            columns=(U.id, U.name, U.email, U.created_at, way.label("way"), state.label("state")),
            unique=(U.id,),
            searched=(U.name, U.email),
            orders=_BY_NAME | {"made": _BY_AGE["made"]},
            dimensions={
                "state": Dimension("State", state, order=("active", "invited", "disabled")),
                "signs_in_by": Dimension("Signs in by", way),
                "role": Related("Role", M.role, M.user, U.id),
                "team": Related("Role in", cast(M.team, String), M.user, U.id, label=named),
            },
        )
        found = page(connection, source, filters, lambda row: row, facets=facets)
        shown = [row["id"] for row in found.rows]
        roles: dict[int, list[tuple[int, str]]] = {}
        for user, team, role in connection.execute(select(M.user, M.team, M.role).where(M.user.in_(shown))):
            roles.setdefault(user, []).append((team, role))
    rows = tuple(
        PersonRow(
            row["id"], row["name"], row["email"], row["state"], row["way"], row["created_at"],
            tuple(_role(role, team, names) for team, role in sorted(roles.get(row["id"], ()))),
        )
        for row in found.rows
    )  # fmt: skip
    return Listing(rows, found.cursor, found.facets, found.total, found.sort)


def tokens_of(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[TokenRow]:
    """API tokens of these teams. Raises as `teams_of`."""
    T = TOKENS.c
    U = USERS.c
    gone = and_(T.maker != 0, func.coalesce(U.disabled_at, "gone") != "")
    state = case(
        (T.revoked_at != "", "revoked"), (T.expires_at <= services.now(), "ended"), (gone, "maker disabled"),
        else_="active",
    )  # fmt: skip
    with services.database.read() as connection:
        names = names_of.teams(connection, teams)
        source = Source(
            table=TOKENS.outerjoin(USERS, U.id == T.maker),
            columns=(
                T.id, T.prefix, T.name, T.team, T.role, T.scopes, T.created_by, T.maker, T.created_at, T.expires_at,
                T.used_at, state.label("state"),
            ),
            unique=(T.id,),
            searched=(T.name, T.prefix, T.created_by),
            orders=_BY_AGE | {"ends": (Key("expires_at"), Key("id")), "used": (Key("used_at", down=True), Key("id"))},
            dimensions={
                "state": Dimension("State", state, order=("active", "maker disabled", "ended", "revoked")),
                "role": Dimension("Role", T.role, order=_ROLES),
                "team": Dimension("Team", T.team, label=names_of.team(names, "the organisation")),
                "made_by": Dimension("Made by", T.created_by),
            },
        )  # fmt: skip
        found = page(connection, source, filters, lambda row: row, where=in_teams(T.team, teams), facets=facets)
        standing = _standing(connection, {row["maker"] for row in found.rows if row["maker"]})
    rows = tuple(
        TokenRow(
            row["id"], row["prefix"], row["name"], row["team"], _name(row, names), row["role"], _texts(row["scopes"]),
            _given(row, standing), row["state"], row["created_by"], row["created_at"], row["expires_at"],
            row["used_at"],
        )
        for row in found.rows
    )  # fmt: skip
    return Listing(rows, found.cursor, found.facets, found.total, found.sort)


def enrolments_of(
    services: Services, teams: frozenset[int] | None, filters: Filters, *, facets: bool = True
) -> Listing[EnrolmentRow]:
    """Enrolment secrets and codes of these teams. Raises as `teams_of`."""
    E = ENROLMENTS.c
    state = case(
        (E.revoked_at != "", "revoked"),
        (and_(E.expires_at != "", E.expires_at <= services.now()), "ended"),
        (and_(E.most != 0, E.uses >= E.most), "used up"),
        else_="active",
    )
    with services.database.read() as connection:
        names = names_of.teams(connection, teams)
        source = Source(
            table=ENROLMENTS,
            columns=(
                E.id, E.kind, E.name, E.team, E.group, E.most, E.uses, E.created_by, E.created_at, E.expires_at,
                state.label("state"),
            ),
            unique=(E.id,),
            searched=(E.name, E.group, E.created_by),
            orders=_BY_AGE | {"uses": (Key("uses", down=True), Key("id"))},
            dimensions={
                "state": Dimension("State", state, order=("active", "used up", "ended", "revoked")),
                "kind": Dimension("Kind", E.kind),
                "team": Dimension("Into", E.team, label=names_of.team(names)),
                "group": Dimension("Group", E.group),
            },
        )  # fmt: skip
        found = page(connection, source, filters, lambda row: row, where=in_teams(E.team, teams), facets=facets)
    rows = tuple(
        EnrolmentRow(
            row["id"], row["name"], row["kind"], row["team"], _name(row, names), row["group"], row["state"],
            row["uses"], row["most"], row["created_by"], row["created_at"], row["expires_at"],
        )
        for row in found.rows
    )  # fmt: skip
    return Listing(rows, found.cursor, found.facets, found.total, found.sort)


def _counts(connection: Connection, statement: Any) -> Mapping[int, int]:
    return {int(team): int(count) for team, count in connection.execute(statement)}


def _standing(connection: Connection, people: set[int]) -> Mapping[int, Mapping[int, Role]]:
    """Roles by team of these people."""
    return {each: users.roles_of(connection, each) for each in people}


def _given(row: RowMapping, standing: Mapping[int, Mapping[int, Role]]) -> str:
    role = lower(Role(row["role"]), standing[row["maker"]], row["team"]) if row["maker"] else Role(row["role"])
    return role.value if role is not None and row["state"] == "active" else ""


def _role(role: str, team: int, names: Mapping[int, str]) -> str:
    return f"{role} of the organisation" if team == ORGANISATION else f"{role} in {names.get(team, team)}"


def _name(row: RowMapping, names: Mapping[int, str]) -> str:
    return names.get(row["team"], "") if row["team"] != ORGANISATION else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else ()
