"""SHELL. `spawngate protect`: put a decision in front of the tool calls of the agents on this machine.

Must not be here: which files and how (`endpoint.protect`).
"""

import os
import sys

import click

from spawngate.cli import launches as launching
from spawngate.endpoint.client.place import InstalledClient
from spawngate.endpoint.daemon import control
from spawngate.endpoint.protect import login, plan, setup
from spawngate.endpoint.protect.apply import Done
from spawngate.endpoint.protect.present import Surroundings
from spawngate.endpoint.protect.record import record
from spawngate.endpoint.protect.standing import Stand, standing
from spawngate.endpoint.state import State, default_folder
from spawngate.model.artifact import Scope
from spawngate.model.decision import Mode
from spawngate.model.errors import SpawngateError, UsageError
from spawngate.redact.redactor import Redactor
from spawngate.report.terminal import escape


class ProtectError(SpawngateError):
    """Some files could not be changed."""


@click.command("protect")
@click.argument("agents", nargs=-1)
@click.option("--mode", type=click.Choice([mode.value for mode in Mode]), help="Default: as the policy says.")
@click.option("--scope", type=click.Choice(("user", "managed")), default="user", show_default=True)
@click.option(
    "--context/--no-context",
    default=True,
    show_default=True,
    help="Also register the events that only tell what a session has read.",
)
@click.option("--launches", is_flag=True, help="Put the launcher in front of the MCP servers instead of hooks.")
@click.option("--projects", is_flag=True, help="With --launches: entries of this and of known projects too.")
@click.option("--no-approve", is_flag=True, help="With --launches: approve nothing of what is in use.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--no-daemon", is_flag=True, help="Do not start the daemon.")
@click.option("--sysroot", default="", metavar="DIR", help="Machine-wide files lie below DIR.")
def command(
    agents: tuple[str, ...],
    mode: str | None,
    scope: str,
    context: bool,
    launches: bool,
    projects: bool,
    no_approve: bool,
    dry_run: bool,
    yes: bool,
    no_daemon: bool,
    sysroot: str,
) -> None:
    """Have every tool call of AGENTS decided before it runs; of all agents here where none is named.

    With --launches every start of their MCP servers is decided, and every call of these servers' tools.

    Shows the changes of the agents' own files first. `spawngate unprotect` takes them back byte for byte.
    """
    around = surroundings(sysroot)
    wanted = setup.Wanted(tuple(dict.fromkeys(agents)), Mode(mode) if mode else None, Scope(scope), context)
    if launches:
        done = launching.protect(
            around, wanted, projects=projects, approve=not no_approve, dry_run=dry_run, yes=yes, no_daemon=no_daemon
        )
        _end(around, done)
        return
    argv = setup.client_argv(around, wanted)
    outlook = setup.look_ahead(around, wanted, argv)
    _show(outlook)
    if dry_run:
        return
    if not outlook.agents:
        raise UsageError("no agent with a hook is on this machine; name one to protect it all the same")
    if not yes and sys.stdin.isatty() and not click.confirm("Make these changes?", err=True):
        raise click.exceptions.Abort
    setup.write_mode(around.state, wanted)
    client = setup.install_client(outlook)
    outlook = setup.look_ahead(around, wanted, client.argv) if client.argv != argv else outlook
    daemon = "" if no_daemon or wanted.scope is Scope.MANAGED else _daemon(outlook)
    done = setup.carry_out(outlook)
    _tell(outlook, client, done, daemon)
    _warn(outlook)
    _end(around, done)


def _end(around: Surroundings, done: list[Done]) -> None:
    """Note what was done. Raises ProtectError where something was not."""
    problem = record(around.state, done)
    if problem:
        click.echo(escape(problem), err=True)
    if any(item.outcome == "failed" for item in done):
        raise ProtectError("some files could not be changed; they are as they were")


def surroundings(sysroot: str = "") -> Surroundings:
    """This user on this machine. Raises UsageError for a sysroot that is no folder."""
    if sysroot and not os.path.isdir(sysroot):
        raise UsageError(f"--sysroot {sysroot}: no such folder; give an existing one")
    state = State(default_folder(os.environ).absolute())
    home = os.path.abspath(os.path.expanduser("~")).replace(os.sep, "/")
    return Surroundings(home, state.folder, os.path.abspath(sysroot) if sysroot else "")


def _show(outlook: setup.Outlook) -> None:
    redactor = Redactor(State(outlook.around.state).key())
    for line, ours in plan.diff_lines(outlook.plans):
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
        # What is not ours is the user's own, and the output may become a log that others read.
        shown = line if ours else line[:1] + redactor.text(line[1:]).text
        click.secho(escape(shown), err=True, fg=colour)
    for item in outlook.plans:
        if item.problem:
            click.echo(escape(f"{item.agent}: {item.path}: {item.problem}"), err=True)
        elif not item.is_change:
            click.echo(escape(f"{item.agent}: {item.path}: nothing to change"), err=True)
    for agent, reason in outlook.skipped:
        click.echo(escape(f"{agent}: left out: {reason}"), err=True)


def _warn(outlook: setup.Outlook) -> None:
    """What keeps hooks that are in place from running."""
    for item in standing(outlook.around, (os.getcwd(),)).agents:
        if item.agent in outlook.agents and item.state not in (Stand.INSTALLED, Stand.UNPROTECTED):
            for reason in item.why:
                click.echo(escape(f"{item.agent}: {item.state}: {reason}"), err=True)


def _daemon(outlook: setup.Outlook) -> str:
    """Start the daemon. Raises ProtectError where it does not come up and every call would be refused for that."""
    state = outlook.around.state
    try:
        return f"the daemon runs (process {control.start(state).get('pid')})"
    except SpawngateError as error:
        if any(outlook.settings.mode_of(agent) is Mode.ENFORCE for agent in outlook.agents):
            raise ProtectError(
                f"the daemon does not run, so every call would be refused: {error}. No agent's file was changed; "
                "--no-daemon writes them all the same"
            ) from None
        return f"the daemon does not run: {error}"


def _tell(outlook: setup.Outlook, client: InstalledClient, done: list[Done], daemon: str) -> None:
    for item in done:
        words = f"{item.agent}: {item.path}: {item.outcome}"
        click.echo(escape(f"{words} ({item.problem})" if item.problem else words), err=True)
    for request in outlook.requests:
        registration = request.registration
        if registration.consent not in ("none", "hash", "allowlist") and request.scope in registration.consent_scopes:
            click.echo(escape(f"{request.agent.id}: still to do: {registration.consent_how}"), err=True)
    click.echo(escape(f"client: {client.kind}, {client.program}"), err=True)
    if daemon:
        click.echo(escape(daemon), err=True)
        if not login.is_set_up(outlook.around):
            click.echo(escape(login.ADVICE), err=True)
