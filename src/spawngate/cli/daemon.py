"""SHELL. `spawngate daemon run|start|stop|status|reload|unit`.

Must not be here: the daemon (`endpoint.daemon`).
"""

import json
import os
import sys
from pathlib import Path

import click

from spawngate.endpoint.daemon import control
from spawngate.endpoint.daemon.ask import NoAnswerError
from spawngate.endpoint.daemon.ask import control as ask
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.state import State, default_folder
from spawngate.endpoint.trail.store import RETENTION_DAYS
from spawngate.model.errors import StateError, UsageError
from spawngate.report.terminal import escape

NOT_RUNNING = 1
"""Exit code of `status` and `stop` where no daemon runs."""

_policy = click.option(
    "--policy", metavar="DIR", help="A policy folder; else `policy` in the state folder, or baseline."
)
_retention = click.option(
    "--retention",
    type=click.IntRange(1, 36_500),
    help=f"Days that the trail keeps, from now on. [default: what was said last, else {RETENTION_DAYS}]",
)
_inventory = click.option(
    "--inventory/--no-inventory", default=True, show_default=True, help="Watch the inventory and record its changes."
)


@click.group("daemon")
def command() -> None:
    """The process that decides about the tool calls of every agent of this user."""


@command.command("run")
@_policy
@_retention
@_inventory
def run(policy: str | None, retention: int | None, inventory: bool) -> None:
    """Be the daemon, in the foreground, until SIGTERM. systemd may pass the socket."""
    from spawngate.endpoint.daemon.run import Options
    from spawngate.endpoint.daemon.run import run as serve

    serve(
        State(default_folder(os.environ)),
        Options(policy=None if policy is None else Path(policy).absolute(), retention=retention, inventory=inventory),
    )


@command.command("start")
@_policy
@_retention
@_inventory
def start(policy: str | None, retention: int | None, inventory: bool) -> None:
    """Start the daemon in the background; does nothing where it runs."""
    arguments = ["--inventory" if inventory else "--no-inventory"]
    if retention is not None:
        arguments += ["--retention", str(retention)]
    if policy is not None:
        arguments += ["--policy", os.path.abspath(policy)]
    found = control.start(_state(), tuple(arguments))
    click.echo(f"the daemon runs (process {found.get('pid')})", err=True)


@command.command("stop")
def stop() -> None:
    """End the daemon. Hook clients then decide as they were told to."""
    if not control.stop(_state()):
        click.echo("no daemon runs", err=True)
        sys.exit(NOT_RUNNING)
    click.echo("the daemon has ended", err=True)


@command.command("reload")
def reload() -> None:
    """Read the policy anew; the old one stays in force where the new one cannot be used."""
    try:
        reply = ask(place(_state()).socket, "reload", 10.0)
    except NoAnswerError as error:
        raise StateError(str(error)) from None
    if reply.exit_code:
        raise StateError(reply.stderr.decode("utf-8", "replace"))


@command.command("status")
@click.option("--format", "style", type=click.Choice(("table", "json")), default="table", show_default=True)
def status(style: str) -> None:
    """What the daemon is doing. Exit code 1 where none runs."""
    found = control.status(_state())
    if style == "json":
        click.echo(json.dumps({"schema_version": 1, "running": found is not None, **(found or {})}))
    elif found is None:
        click.echo("no daemon runs; start it with `spawngate daemon start`")
    else:
        for key, value in found.items():
            if key != "schema_version":
                click.echo(escape(f"{key:<16}{value if isinstance(value, str) else json.dumps(value)}"))
    if found is None:
        sys.exit(NOT_RUNNING)


@command.command("unit")
@click.option(
    "--for",
    "system",
    type=click.Choice(("systemd", "systemd-system", "launchd", "windows")),
    default="systemd",
    show_default=True,
    help="systemd-system: for the whole machine, started by root. launchd and windows are untested.",
)
@click.option("--output", "-o", metavar="DIR", help="Write the files there instead of printing them.")
def unit(system: str, output: str | None) -> None:
    """Files by which the system starts the daemon.

    For example: spawngate daemon unit -o ~/.config/systemd/user && systemctl --user daemon-reload &&
    systemctl --user enable --now spawngate-daemon.socket
    """
    from spawngate.endpoint.daemon import units

    if system == "systemd-system":
        files = units.systemd_system_unit()
    elif system == "windows":
        files = units.windows_service(os.fspath(_state()))
    else:
        files = (units.systemd_units if system == "systemd" else units.launchd_agent)(_state())
    if output is None:
        click.echo("\n".join(f"# {name}\n{text}" for name, text in files.items()), nl=False)
        return
    try:
        os.makedirs(output, exist_ok=True)
        for name, text in files.items():
            Path(output, name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{output}: {error.strerror}") from None


def _state() -> Path:
    return default_folder(os.environ)
