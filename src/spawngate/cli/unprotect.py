"""SHELL. `spawngate unprotect`: take our entries out of the agents' files.

Must not be here: how (`endpoint.protect`).
"""

import click

from spawngate.cli import launches as launching
from spawngate.cli.protect import ProtectError, surroundings
from spawngate.endpoint.protect import withdrawal
from spawngate.endpoint.protect.record import record
from spawngate.report.terminal import escape


@click.command("unprotect")
@click.argument("agents", nargs=-1)
@click.option("--launches", is_flag=True, help="Only what `protect --launches` did.")
@click.option("--dry-run", is_flag=True, help="Show which files would change, and change nothing.")
@click.option("--sysroot", default="", metavar="DIR", help="Machine-wide files lie below DIR.")
def command(agents: tuple[str, ...], launches: bool, dry_run: bool, sysroot: str) -> None:
    """Take back what `protect` did to AGENTS, or to all.

    A file that nobody changed since is as it was before, byte for byte. From any other file only our entries go.
    """
    around = surroundings(sysroot)
    wanted = tuple(dict.fromkeys(agents))
    # What was put into a file last goes first, so that each finds it as it left it.
    done = launching.unprotect(around, wanted, dry_run=dry_run)
    if not launches:
        done += withdrawal.withdraw(around, wanted, dry=dry_run)
    problem = record(around.state, done)
    if problem:
        click.echo(escape(problem), err=True)
    for item in done:
        words = f"{item.agent}: {item.path}: {item.outcome}"
        click.echo(escape(f"{words} ({item.problem})" if item.problem else words), err=True)
    if not done:
        click.echo("nothing of ours is in any agent's file", err=True)
    if any(item.outcome == "failed" for item in done):
        raise ProtectError("some files could not be changed; they are as they were")
