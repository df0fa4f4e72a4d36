"""SHELL. `spawngate server user` and `team`: people, their roles and their teams, from the server's own machine.

Whoever can run this can write the server's files, so it asks for no login; what it does is recorded all the same.
Must not be here: how people are kept (`server.fleet`).
"""

from pathlib import Path

import click

from spawngate.cli.server_options import desk, me, roles_text, settings_of, table, which
from spawngate.model.errors import UsageError

_style = click.option("--format", "style", type=click.Choice(("table", "json")), default="table", show_default=True)
_ROLES = ("reader", "analyst", "policy-editor", "administrator", "owner")


@click.group("user")
def user() -> None:
    """People who sign in at the console."""


@user.command("list")
@which
@_style
def list_users(config: Path | None, folder: str | None, style: str) -> None:
    """Everybody, with roles."""
    from spawngate.server.fleet import teams, users

    rows: list[list[object]] = []
    with desk(config, folder) as opened, opened.database.read() as connection:
        names = {each.id: each.name for each in teams.page(connection, None, limit=10_000)[0]}
        cursor: str | None = ""
        while cursor is not None:
            found, cursor = users.page(connection, None, cursor, 500)
            for each in found:
                how = "provider" if each.issuer else "password" if each.has_password else "invited"
                state = "disabled" if each.disabled_at else how
                roles = {team: role.value for team, role in each.roles.items()}
                rows.append([each.id, each.name, each.email, state, roles_text(roles, names)])
    table(("id", "name", "email", "state", "roles"), rows, style)


@user.command("create")
@which
@click.argument("name")
@click.option("--role", type=click.Choice(_ROLES), default="reader", show_default=True)
@click.option("--team", default="organisation", show_default=True, help="Where the role counts.")
@click.option("--email", default="", help="With which they are known at the OIDC provider.")
def create_user(config: Path | None, folder: str | None, name: str, role: str, team: str, email: str) -> None:
    """Make a person, and print a link by which they set a password (works once, for three days)."""
    from spawngate.server.access.invitations import invitation_link
    from spawngate.server.access.roles import Role
    from spawngate.server.administration import recorded
    from spawngate.server.fleet import teams, users

    settings = settings_of(config, folder)
    with desk(config, folder) as opened, opened.database.begin() as connection:
        there = teams.find(connection, team)
        made = users.create(connection, name, opened.now(), email=email, roles={there.id: Role(role)})
        recorded(
            opened, me(), kind="user", id=made, name=name, action="created", detail={"roles": {str(there.id): role}}
        )
        link = invitation_link(connection, opened, made, settings.base)
    click.echo(link)


@user.command("invite")
@which
@click.argument("name")
def invite(config: Path | None, folder: str | None, name: str) -> None:
    """Print a new link by which somebody sets their password: also the way back in for who forgot it."""
    from spawngate.server.access.invitations import invitation_link
    from spawngate.server.administration import recorded
    from spawngate.server.fleet import users

    settings = settings_of(config, folder)
    with desk(config, folder) as opened, opened.database.begin() as connection:
        there = users.find(connection, name)
        if there.disabled_at:
            raise UsageError(f"{there.name} is disabled: enable them first")
        recorded(opened, me(), kind="user", id=there.id, name=there.name, action="invited")
        link = invitation_link(connection, opened, there.id, settings.base)
    click.echo(link)


@user.command("role")
@which
@click.argument("name")
@click.argument("role", type=click.Choice((*_ROLES, "none")))
@click.option("--team", default="organisation", show_default=True, help="Where the role counts.")
def set_role(config: Path | None, folder: str | None, name: str, role: str, team: str) -> None:
    """Give somebody a role in a team, or take it (none)."""
    from spawngate.server.access.roles import Role
    from spawngate.server.administration import changed, recorded
    from spawngate.server.fleet import teams, users

    with desk(config, folder) as opened, opened.database.begin() as connection:
        there, where = users.find(connection, name), teams.find(connection, team)
        wanted = None if role == "none" else Role(role)
        before = users.give(connection, there.id, where.id, wanted)
        recorded(
            opened, me(), kind="user", id=there.id, name=there.name, action="role-changed",
            differences=[changed(f"roles.{where.name}", before, wanted)],
        )  # fmt: skip
    click.echo(f"{there.name}: {before.value if before else 'none'} -> {role} in {where.name}")


@user.command("disable")
@which
@click.argument("name")
def disable(config: Path | None, folder: str | None, name: str) -> None:
    """Let somebody in no more, and end their sessions at once."""
    from spawngate.server.administration import recorded
    from spawngate.server.fleet import users

    with desk(config, folder) as opened, opened.database.begin() as connection:
        there = users.find(connection, name)
        if users.disable(connection, there.id, opened.now()):
            recorded(opened, me(), kind="user", id=there.id, name=there.name, action="disabled")
    click.echo(f"{there.name} is disabled")


@user.command("enable")
@which
@click.argument("name")
def enable(config: Path | None, folder: str | None, name: str) -> None:
    """Let somebody in again."""
    from spawngate.server.administration import recorded
    from spawngate.server.fleet import users

    with desk(config, folder) as opened, opened.database.begin() as connection:
        there = users.find(connection, name)
        if users.enable(connection, there.id):
            recorded(opened, me(), kind="user", id=there.id, name=there.name, action="enabled")
    click.echo(f"{there.name} is enabled")


@click.group("team")
def team() -> None:
    """Teams: whose endpoints they are, and who sees them."""


@team.command("list")
@which
@_style
def list_teams(config: Path | None, folder: str | None, style: str) -> None:
    """Teams by name."""
    from spawngate.server.fleet import teams

    with desk(config, folder) as opened, opened.database.read() as connection:
        found = teams.page(connection, None, limit=10_000)[0]
    table(("id", "name", "created_at"), [[each.id, each.name, each.created_at] for each in found], style)


@team.command("create")
@which
@click.argument("name")
def create_team(config: Path | None, folder: str | None, name: str) -> None:
    """Make a team."""
    from spawngate.server.administration import recorded
    from spawngate.server.fleet import teams

    with desk(config, folder) as opened, opened.database.begin() as connection:
        made = teams.create(connection, name, opened.now())
        recorded(opened, me(), kind="team", id=made.id, name=made.name, action="created")
    click.echo(f"team {made.id}: {made.name}")
