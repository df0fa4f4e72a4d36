"""SHELL. `spawngate launch`: start an MCP server through the launcher, as a protected entry does, or list the entries.

Must not be here: the launcher itself (`endpoint.launcher`, native/spawngate-launch.c), the list (`launch_list`).
"""

import os
import sys

import click

from spawngate.cli.launches import install
from spawngate.cli.protect import surroundings
from spawngate.endpoint.launcher.place import installed_launcher
from spawngate.launch.launcher import written
from spawngate.model.errors import StateError, UsageError

LIST = "list"


@click.command("launch", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--id", "entry", default="", metavar="ID", help="What the start is called in approvals and records.")
@click.argument("words", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- COMMAND [ARGUMENTS]... | list")
def command(entry: str, words: tuple[str, ...]) -> None:
    """Start COMMAND as an MCP server: decided, on probation where policy wants that, its calls decided one by one.

    For people, and for agents whose files `protect --launches` cannot rewrite. Takes the place of this process.

    `spawngate launch list [--format table|json]` shows the servers that are configured, which of them start through the
    launcher, what they are confined to, and what the walls of this system leave open.
    """
    if not entry:
        if words[0] != LIST:
            raise UsageError("--id says what the start is called; `spawngate launch list` shows the entries")
        from spawngate.cli.launch_list import show

        show(words[1:])
        return
    state = surroundings().state
    launcher = installed_launcher(state) or install(state)
    argv = written(launcher.argv, entry, words[0], words[1:])
    sys.stdout.flush()
    try:
        os.execv(argv[0], argv)  # noqa: S606  # our own launcher by its absolute path
    except OSError as error:
        raise StateError(f"{argv[0]} cannot be started ({error.strerror})") from None
