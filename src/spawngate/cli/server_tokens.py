"""SHELL. `spawngate server token` and `enrolment`: secrets for programs and for endpoints, from the server's machine.

A secret is printed on stdout, this once. Must not be here: how they are kept (`server.fleet`).
"""

from pathlib import Path

import click

from spawngate.cli.server_options import desk, me, table, which
from spawngate.model.errors import UsageError
from spawngate.model.json import Json

_style = click.option("--format", "style", type=click.Choice(("table", "json")), default="table", show_default=True)
_ROLES = ("reader", "analyst", "policy-editor", "administrator", "owner")


@click.group("token")
def token() -> None:
    """API tokens of programs."""


@token.command("create")
@which
@click.argument("name")
@click.option("--role", type=click.Choice(_ROLES), default="reader", show_default=True)
@click.option("--team", default="organisation", show_default=True, help="Where the role counts.")
@click.option(
    "--scope", "scopes", multiple=True, metavar="PERMISSION", help="Nothing but this (repeatable): events:read"
)
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 366), help="Until it ends.")
def create_token(
    config: Path | None, folder: str | None, name: str, role: str, team: str, scopes: tuple[str, ...], days: int
) -> None:
    """Make a token, and print it."""
    from spawngate.server.access.roles import Permission, Role
    from spawngate.server.administration import recorded
    from spawngate.server.fleet import teams, tokens

    known = {each.value: each for each in Permission}
    for scope in scopes:
        if scope not in known:
            raise UsageError(f"there is no permission {scope!r}; there are {', '.join(sorted(known))}")
    with desk(config, folder) as opened, opened.database.begin() as connection:
        where = teams.find(connection, team)
        made, secret = tokens.create(
            connection,
            name=name,
            team=where.id,
            role=Role(role),
            scopes=[known[scope] for scope in scopes],
            days=days,
            by=me(),
            now=opened.now(),
        )
        detail: dict[str, Json] = {"team": where.id, "role": role, "scopes": sorted(scopes)}
        recorded(
            opened, me(), kind="token", id=made.id, name=made.name, action="created",
            detail={**detail, "expires_at": made.expires_at},
        )  # fmt: skip
    click.echo(secret)


@token.command("list")
@which
@_style
def list_tokens(config: Path | None, folder: str | None, style: str) -> None:
    """Tokens, the newest first; never their secrets."""
    from spawngate.server.fleet import tokens

    rows: list[list[object]] = []
    with desk(config, folder) as opened, opened.database.read() as connection:
        cursor: str | None = ""
        while cursor is not None:
            found, cursor = tokens.page(connection, None, cursor, 500)
            rows += [
                [
                    each.id, f"{each.prefix}...", each.name, each.team, each.role.value,
                    " ".join(each.scopes) if each.scopes is not None else "all of the role",
                    each.expires_at[:10], each.used_at[:19] or "never",
                    "revoked" if each.revoked_at else "ended" if each.expires_at <= opened.now() else "in force",
                ]
                for each in found
            ]  # fmt: skip
    columns = ("id", "token", "name", "team", "role", "scopes", "expires", "used", "state")
    table(columns, rows, style)


@token.command("revoke")
@which
@click.argument("number", type=int)
def revoke_token(config: Path | None, folder: str | None, number: int) -> None:
    """Take the token with this id out of force, at once."""
    from spawngate.server.administration import recorded
    from spawngate.server.fleet import tokens

    with desk(config, folder) as opened, opened.database.begin() as connection:
        gone = tokens.revoke(connection, number, opened.now())
        for each in gone:
            recorded(opened, me(), kind="token", id=each.id, name=each.name, action="revoked")
    for each in gone:
        click.echo(f"token {each.id} ({each.name}) is revoked")


@click.group("enrolment")
def enrolment() -> None:
    """Secrets and codes with which endpoints enrol."""


@enrolment.command("create")
@which
@click.argument("name")
@click.option("--code", is_flag=True, help="A code for one endpoint, typed by a person within a day.")
@click.option("--team", default="organisation", show_default=True, help="The endpoints' team.")
@click.option("--group", default="", help="The endpoints' group.")
@click.option("--most", default=0, type=click.IntRange(0), help="Endpoints that it enrols; 0: any number.")
@click.option("--days", default=0, type=click.IntRange(0, 3660), help="Until it ends; 0: never, a code after a day.")
def create_enrolment(
    config: Path | None, folder: str | None, name: str, code: bool, team: str, group: str, most: int, days: int
) -> None:
    """Make an enrolment secret or code, and print it."""
    from spawngate.server.administration import recorded
    from spawngate.server.fleet import enrolments, teams

    with desk(config, folder) as opened, opened.database.begin() as connection:
        where = teams.find(connection, team)
        made, text = enrolments.create(
            connection,
            kind="code" if code else "secret",
            name=name,
            team=where.id,
            group=group,
            most=most,
            days=days,
            by=me(),
            now=opened.now(),
        )
        detail = {"form": made.kind, "team": where.id, "group": made.group, "most": made.most}
        recorded(opened, me(), kind="enrolment", id=made.id, name=made.name, action="created", detail=dict(detail))
    click.echo(text)


@enrolment.command("list")
@which
@_style
def list_enrolments(config: Path | None, folder: str | None, style: str) -> None:
    """Secrets and codes, the newest first; never their texts."""
    from spawngate.server.fleet import enrolments

    with desk(config, folder) as opened, opened.database.read() as connection:
        found, _ = enrolments.page(connection, None, limit=10_000)
        now = opened.now()
    rows = [
        [
            each.id, each.kind, each.name, each.team, each.group,
            f"{each.uses} of {each.most}" if each.most else each.uses, each.expires_at[:10] or "never",
            "revoked" if each.revoked_at else "ended" if each.expires_at and each.expires_at <= now else "in force",
        ]
        for each in found
    ]  # fmt: skip
    table(("id", "kind", "name", "team", "group", "uses", "expires", "state"), rows, style)


@enrolment.command("revoke")
@which
@click.argument("number", type=int)
def revoke_enrolment(config: Path | None, folder: str | None, number: int) -> None:
    """Have the secret or code with this id enrol nobody any more; endpoints that it enrolled stay."""
    from spawngate.server.administration import recorded
    from spawngate.server.fleet import enrolments

    with desk(config, folder) as opened, opened.database.begin() as connection:
        there = enrolments.revoke(connection, number, opened.now())
        recorded(opened, me(), kind="enrolment", id=number, name=there.name, action="revoked")
    click.echo(f"enrolment {number} ({there.name}) is revoked")
