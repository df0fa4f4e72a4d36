"""SHELL. `spawngate doctor`: what is wrong with this installation.

Must not be here: the checks (`endpoint.doctor`).
"""

import sys

import click
import msgspec

from spawngate.cli.protect import surroundings
from spawngate.endpoint.doctor import examine
from spawngate.report.terminal import escape

FAULT = 1
"""Exit code where a check found a fault."""
_COLOURS = {"ok": "green", "note": "yellow", "fault": "red"}


@click.command("doctor")
@click.option("--format", "style", type=click.Choice(("text", "json")), default="text", show_default=True)
def command(style: str) -> None:
    """Look at the installation: programs, sandbox, policy, daemon, trail, hooks; say what to do.

    Exit code 1 where something does not work.
    """
    health = examine(surroundings())
    if style == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(health), indent=2).decode())
    else:
        click.echo(escape(f"spawngate {health.version}, Python {health.python}, {health.system}"))
        for check in health.checks:
            click.secho(f"{check.level:<6}", fg=_COLOURS[check.level], nl=False)
            click.echo(escape(f"{check.name}: {check.found}"))
            if check.todo:
                click.echo(escape(f"      -> {check.todo}"))
    if not health.works:
        sys.exit(FAULT)
