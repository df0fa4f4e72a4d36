"""SHELL. `spawngate enroll`: have this endpoint looked after by a server.

Must not be here: what enrolling is (`endpoint.sync.enrolling`).
"""

import contextlib
import os
import stat
import sys
from urllib.parse import urlsplit

import click

from spawngate.endpoint.daemon import control
from spawngate.endpoint.state import State, default_folder
from spawngate.endpoint.sync.enrolling import MAX_SECRET, enrol, enrolled, one_word, secret_of
from spawngate.endpoint.sync.enrolment import Reach, address, proxy_address
from spawngate.endpoint.sync.transport import proxy_for
from spawngate.model.errors import UsageError
from spawngate.report.terminal import escape

SECRET = "SPAWNGATE_ENROLL_SECRET"
"""Variable that may hold the secret."""


@click.command("enroll")
@click.option("--server", required=True, metavar="URL", help="Address of the server: https://HOST[:PORT].")
@click.option(
    "--secret-file", metavar="FILE|-", help="Holds the team's secret; read again where the server wants it. -: stdin."
)
@click.option("--code", metavar="CODE", help="A one-time code; other users of this machine may see it while this runs.")
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

    The secret, or a code that somebody gave you, stands in a file, on stdin, in the variable SPAWNGATE_ENROLL_SECRET,
    or is asked for. The daemon then sends the trail, and keeps to the policy and approvals that the server signs.
    """
    at = address(server)
    if code and secret_file:
        raise UsageError("--secret-file and --code: give one of them")
    named = _absolute(secret_file) if secret_file and os.path.isfile(secret_file) else ""
    secret = code or _secret(secret_file, named)
    by = proxy_for(at, os.environ) if proxy is None else "" if proxy == "none" else proxy
    if at.startswith("http://"):
        by = ""  # a server on this machine
    reach = Reach(at, _absolute(ca), _absolute(cert), _absolute(key), proxy_address(by) if by else "")
    state = State(default_folder(os.environ))
    before = enrolled(state.folder)
    _hint(named, reach)
    made = enrol(state, reach, secret, secret_file=named)
    click.echo(escape(f"enrolled with {at} as {made.endpoint}, team {made.team}"))
    if before is not None and before.server_key != made.server_key:
        click.echo(escape(f"another server than {before.reach.server}: what that one gave counts no more"), err=True)
    if control.status(state.folder) is None:
        click.echo("no daemon runs, and it is what syncs: `spawngate daemon start`", err=True)


def _secret(file: str | None, named: str) -> str:
    """The secret. `named`: the file, where that is one that can be read again. Raises UsageError."""
    if file and not named:
        return _read(file)
    found = secret_of(named) if named else os.environ.get(SECRET, "")
    if not found and sys.stdin.isatty():
        found = str(click.prompt("Secret or code", hide_input=True, err=True)).strip()
    if not found:
        raise UsageError(f"give --secret-file, --code, or the variable {SECRET}")
    return found


def _read(file: str) -> str:
    """The secret of stdin, or of a pipe: `--secret-file <(command)`. Raises UsageError."""
    try:
        with contextlib.nullcontext(sys.stdin.buffer) if file == "-" else open(file, "rb") as opened:
            return one_word(opened.read(MAX_SECRET), "stdin" if file == "-" else file)
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror})") from None


def _hint(secret_file: str, reach: Reach) -> None:
    """What whoever enrols may not know, on stderr."""
    if reach.proxy:
        parts = urlsplit(reach.proxy)
        click.echo(
            escape(f"the server is reached by the proxy {parts.hostname}:{parts.port or 80}, now and later"), err=True
        )
    if not reach.ca and (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")):
        click.echo("SSL_CERT_FILE and SSL_CERT_DIR do not count here; --ca names other authorities", err=True)
    if secret_file and os.name == "posix" and stat.S_IMODE(os.stat(secret_file).st_mode) & 0o077:
        click.echo(escape(f"{secret_file} can be read by others; who has it can enrol machines"), err=True)


def _absolute(path: str | None) -> str:
    """The daemon has another working folder."""
    return os.path.abspath(path) if path else ""
