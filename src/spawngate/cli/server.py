"""SHELL. `spawngate server`: the store of this machine as a server. So far its routes.

Must not be here: what a sub-command does (its own module).
"""

import click

from spawngate.cli.route import command as route


@click.group("server")
def command() -> None:
    """The server of this machine: where events go."""


command.add_command(route)
