"""SHELL. `spawngate supervise -- PROGRAM`: a program of which nothing is executed without a decision.

Must not be here: how (`endpoint.supervise`).
"""

import os
import sys

import click

from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.library.launcher import LaunchRefusedError, launcher
from spawngate.endpoint.state import default_folder
from spawngate.endpoint.supervise.asked import decide_with
from spawngate.endpoint.supervise.run import supervise
from spawngate.report.terminal import escape


@click.command("supervise", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option(
    "--run", multiple=True, metavar="NAME|PATH", help="A program that belongs to it and needs no decision. Repeatable."
)
@click.option("--monitor", is_flag=True, help="Ask and record, and refuse nothing.")
@click.option(
    "--only-proven", is_flag=True, help="Refuse what has not passed the launcher's probation as an MCP server."
)
@click.argument("words", nargs=-1, required=True, metavar="PROGRAM [ARGUMENT...]")
def command(run: tuple[str, ...], monitor: bool, only_proven: bool, words: tuple[str, ...]) -> None:
    """Run PROGRAM so that it, and everything that it starts, executes nothing without the daemon's decision.

    For hosts of MCP servers in any language: whatever SDK starts a server, the start is decided about as the launcher's
    are. The launcher itself may always be started, and a server that was let in may execute what it likes. Needs Linux.
    """
    folder = default_folder(os.environ)
    code = supervise(
        words,
        decide_with(place(folder).socket, monitor=monitor, only_proven=only_proven),
        lambda message: click.echo(f"spawngate: {escape(message)}", err=True),
        launcher=_launcher(os.fspath(folder)),
        run=run,
    )
    sys.exit(code)


def _launcher(folder: str) -> list[str]:
    """Words that start this user's launcher; none where there is none, and then nothing is taken for it."""
    try:
        return launcher(folder)
    except LaunchRefusedError:
        return []
