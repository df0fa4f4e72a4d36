"""SHELL. `spawngate unenroll`: leave the fleet.

Must not be here: what that is (`endpoint.sync.enrolling`).
"""

import os

import click

from spawngate.endpoint.state import State, default_folder
from spawngate.endpoint.sync.enrolling import tell_leaving, unenrol
from spawngate.endpoint.sync.enrolment import is_enrolled
from spawngate.report.terminal import escape


@click.command("unenroll")
def command() -> None:
    """Leave the server: its policy and approvals count here no more, and nothing is sent.

    The server is told, and lets this endpoint in no more; it keeps what it has. Where it is away, somebody there
    retires the endpoint.
    """
    state = State(default_folder(os.environ))
    untold = tell_leaving(state) if is_enrolled(state.folder) else ""
    held = unenrol(state)
    known = "" if held is None else f" with {held.reach.server} (it knew this endpoint as {held.endpoint})"
    click.echo(escape(f"no longer enrolled{known}"))
    if untold:
        click.echo(escape(f"the server does not know of it: {untold}"), err=True)
