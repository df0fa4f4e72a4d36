"""SHELL. `spawngate completion SHELL`: a script that completes our words in that shell.

Must not be here: what is completed; click derives it from the commands themselves.
"""

import click
from click.shell_completion import get_completion_class

VARIABLE = "_SPAWNGATE_COMPLETE"
"""Variable by which the script asks click for completions: click's own naming for a program `spawngate`."""


@click.command("completion")
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def command(shell: str) -> None:
    """Print the script; the shell reads it from its start-up file.

    For example: spawngate completion zsh > ~/.zfunc/_spawngate
    """
    from spawngate.cli import cli

    found = get_completion_class(shell)
    assert found is not None  # the three that click has
    click.echo(found(cli, {}, "spawngate", VARIABLE).source())
