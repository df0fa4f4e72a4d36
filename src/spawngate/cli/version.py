"""SHELL. `spawngate version`.

Must not be here: where the version comes from (`spawngate.__version__`).
"""

import click

from spawngate import __version__


@click.command("version")
def command() -> None:
    """Print the version of Spawngate."""
    click.echo(__version__)
