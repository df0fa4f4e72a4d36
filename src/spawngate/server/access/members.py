"""SHELL. Who a person whom a provider let in is to us, and which roles their groups give.

Where groups are configured, they decide all roles with every login: what somebody lost at the provider is lost here.
Must not be here: the provider (`oidc`), sessions.
"""

from sqlalchemy import Connection

from spawngate.model.errors import UsageError
from spawngate.server.access.oidc import Person, Settings
from spawngate.server.access.roles import Role
from spawngate.server.administration import changed, recorded
from spawngate.server.fleet import teams, users
from spawngate.server.fleet.database import ConflictError
from spawngate.server.services import Services


def admitted(services: Services, connection: Connection, settings: Settings, person: Person) -> int | None:
    """Id of the person with the roles they have now; None for one who has none, or may not come in.

    Known by issuer and subject; else one who was invited under the mail address that the provider verified; else, where
    that is wanted, somebody new.
    """
    wanted = granted(connection, settings, person.groups)
    known = users.of_subject(connection, person.issuer, person.subject)
    if known is None and person.email:
        known = users.invited(connection, person.email)
        if known is not None:
            users.bind(connection, known.id, person.issuer, person.subject)
            recorded(services, known.name, kind="user", id=known.id, name=known.name, action="bound-to-provider")
    if known is None:
        if not settings.create or not wanted:
            return None
        return _new(services, connection, person, wanted)
    if known.disabled_at:
        return None
    if settings.groups or not known.roles:
        _follow(services, connection, known, wanted)
    return known.id if users.roles_of(connection, known.id) else None


def granted(connection: Connection, settings: Settings, groups: frozenset[str]) -> dict[int, Role]:
    """Roles by team that groups give; the higher one where two give one. A team that is not there gives nothing."""
    grants = [grant for name in sorted(groups) for grant in settings.groups.get(name, ())]
    if settings.default is not None:
        grants.append(settings.default)
    found: dict[int, Role] = {}
    for grant in grants:
        try:
            team = teams.find(connection, grant.team).id
        except UsageError:
            continue
        if team not in found or found[team].rank < grant.role.rank:
            found[team] = grant.role
    return found


def _new(services: Services, connection: Connection, person: Person, roles: dict[int, Role]) -> int | None:
    name = " ".join("".join(each if each.isprintable() else " " for each in person.name).split())[:180]
    for attempt in (name, f"{name} ({person.subject[:16]})"):
        try:
            user = users.create(
                connection,
                attempt,
                services.now(),
                email=person.email[:320],
                issuer=person.issuer,
                subject=person.subject,
                roles=roles,
            )
        except (ConflictError, UsageError):
            continue
        recorded(services, attempt, kind="user", id=user, name=attempt, action="created-by-provider")
        return user
    return None


def _follow(services: Services, connection: Connection, user: users.User, wanted: dict[int, Role]) -> None:
    differences = []
    for team in sorted({*user.roles, *wanted}):
        try:
            before = users.give(connection, user.id, team, wanted.get(team))
        except ConflictError:
            continue  # the last owner of the organisation stays one
        if before is not wanted.get(team):
            differences.append(changed(f"roles.{team}", before, wanted.get(team)))
    if differences:
        recorded(
            services, user.name, kind="user", id=user.id, name=user.name, action="roles-by-provider",
            differences=differences,
        )  # fmt: skip
