"""SHELL. `spawngate enroll`: have this endpoint looked after by a server.

Must not be here: what enrolling is (`endpoint.sync.enrolling`).
"""

import os

import click

from spawngate.endpoint.daemon import control
from spawngate.endpoint.state import State, default_folder
from spawngate.endpoint.sync.enrolling import enrol, secret_of
from spawngate.endpoint.sync.enrolment import Reach, address
from spawngate.endpoint.sync.transport import proxy_for
from spawngate.model.errors import UsageError
from spawngate.report.terminal import escape

SECRET = "SPAWNGATE_ENROLL_SECRET"
"""Variable that may hold the secret."""


@click.command("enroll")
@click.option("--server", required=True, metavar="URL", help="Address of the server: https://HOST[:PORT].")
@click.option("--secret-file", metavar="FILE", help="Holds the team's secret; read again where the server wants it.")
@click.option("--code", metavar="CODE", help="A one-time code.")
@click.option("--ca", metavar="FILE", help="Authorities to trust in the place of the system's.")
@click.option("--cert", metavar="FILE", help="A client certificate.")
@click.option("--key", metavar="FILE", help="Its key, where that is another file.")
@click.option("--proxy", metavar="URL", help="In the place of HTTPS_PROXY; `none` for no proxy.")
def command(
    server: str,
    secret_file: str | None,
    code: str | None,
    ca: str | None,
    cert: str | None,
    key: str | None,
    proxy: str | None,
) -> None:
    """Enrol this endpoint with a server.

    The secret stands in a file, in the variable SPAWNGATE_ENROLL_SECRET, or is a code that somebody gave you. The
    daemon then sends the trail, and keeps to the policy and approvals that the server signs.
    """
    at = address(server)
    if code and secret_file:
        raise UsageError("--secret-file and --code: give one of them")
    named = _absolute(secret_file)
    secret = code or (secret_of(named) if named else os.environ.get(SECRET, ""))
    if not secret:
        raise UsageError(f"give --secret-file, --code, or the variable {SECRET}")
    by = proxy_for(at, os.environ) if proxy is None else "" if proxy == "none" else proxy
    reach = Reach(at, _absolute(ca), _absolute(cert), _absolute(key), by)
    state = State(default_folder(os.environ))
    made = enrol(state, reach, secret, secret_file=named)
    click.echo(escape(f"enrolled with {at} as {made.endpoint}, team {made.team}"))
    if control.status(state.folder) is None:
        click.echo("no daemon runs, and it is what syncs: `spawngate daemon start`", err=True)


def _absolute(path: str | None) -> str:
    """The daemon has another working folder."""
    return os.path.abspath(path) if path else ""
