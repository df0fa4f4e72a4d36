"""SHELL. What the sub-commands of `spawngate server` share: which server is meant, and its fleet data.

Must not be here: what the sub-commands do.
"""

import getpass
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from spawngate.report.terminal import escape

if TYPE_CHECKING:
    from spawngate.server.opening import Desk
    from spawngate.server.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


def which(function: Command) -> Command:
    """`--config`, `--folder`: which server."""
    for option in reversed(
        (
            click.option(
                "--config",
                type=click.Path(path_type=Path, dir_okay=False),
                envvar="SPAWNGATE_SERVER_CONFIG",
                help="Settings of the server (TOML).",
            ),
            click.option("--folder", metavar="DIR", help="Where its files lie; usually this user's state folder."),
        )
    ):
        function = option(function)
    return function


def settings_of(config: Path | None, folder: str | None, **over: str | int | None) -> "Settings":
    """The server's settings. Raises UsageError."""
    from spawngate.server.settings import load

    return load(config, os.environ, folder=folder, **over)


@contextmanager
def desk(config: Path | None, folder: str | None) -> "Iterator[Desk]":
    """Fleet data of the server, whether or not it runs. Raises StoreError, UsageError."""
    from spawngate.server.opening import beside

    with beside(settings_of(config, folder), os.environ) as opened:
        yield opened


def me() -> str:
    """Who acts, for the record: this machine's user."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (OSError, KeyError, ImportError):
        return "command line"


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], style: str) -> None:
    """Print a list: columns for people, or JSON for programs."""
    if style == "json":
        made = [dict(zip(columns, row, strict=True)) for row in rows]
        click.echo(json.dumps({"schema_version": 1, "items": made}, ensure_ascii=False, default=str))
        return
    texts = [[escape(str(cell)) for cell in row] for row in rows]
    widths = [max([len(name), *(len(row[at]) for row in texts)]) for at, name in enumerate(columns)]
    for row in ([name.upper() for name in columns], *texts):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def roles_text(roles: Mapping[int, str], names: Mapping[int, str]) -> str:
    """`reader in platform, owner`: roles as people read them."""
    return ", ".join(
        role if team == 0 else f"{role} in {names.get(team, team)}" for team, role in sorted(roles.items())
    )
