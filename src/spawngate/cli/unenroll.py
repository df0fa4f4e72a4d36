"""SHELL. `spawngate unenroll`: leave the fleet.

Must not be here: what that is (`endpoint.sync.enrolling`).
"""

import os

import click

from spawngate.endpoint.state import State, default_folder
from spawngate.endpoint.sync.enrolling import unenrol
from spawngate.report.terminal import escape


@click.command("unenroll")
def command() -> None:
    """Leave the server: its policy and approvals count here no more, and nothing is sent.

    The server keeps what it has; somebody there retires the endpoint.
    """
    held = unenrol(State(default_folder(os.environ)))
    known = "" if held is None else f" with {held.reach.server} (it knew this endpoint as {held.endpoint})"
    click.echo(escape(f"no longer enrolled{known}"))
