"""SHELL. The part of `spawngate protect` and `unprotect` that is about launches: what is said, and in which order.

Must not be here: files (`endpoint.launching.protecting`), approvals (`endpoint.launching.approving`).
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from spawngate.agents import AGENTS
from spawngate.endpoint.daemon import control
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.launcher.place import InstalledLauncher, install_launcher, installed_launcher
from spawngate.endpoint.launching import protecting
from spawngate.endpoint.launching.approving import approve_in_use
from spawngate.endpoint.launching.failing import closed
from spawngate.endpoint.launching.in_force import put_in_force, take_back
from spawngate.endpoint.policy import load_folder
from spawngate.endpoint.protect import plan
from spawngate.endpoint.protect.apply import Done
from spawngate.endpoint.protect.present import Surroundings, known_projects
from spawngate.endpoint.protect.setup import Wanted, write_mode
from spawngate.endpoint.state import State
from spawngate.model.artifact import Scope
from spawngate.model.errors import UsageError
from spawngate.redact.redactor import Redactor
from spawngate.report.terminal import escape


def install(state: Path) -> InstalledLauncher:
    """Put the launcher into its place, with what policy says for when there is no daemon. Raises StateError."""
    State(state)
    where = place(state)
    folder = where.policy
    settings = load_folder(folder if folder.is_dir() else None).settings
    return install_launcher(state, closed=closed(settings), socket=str(where.socket), spool=str(where.spool))


def protect(
    around: Surroundings,
    wanted: Wanted,
    *,
    projects: bool = False,
    approve: bool = True,
    dry_run: bool = False,
    yes: bool = False,
    no_daemon: bool = False,
) -> list[Done]:
    """Put the launcher in front of the entries of these agents, or of all. Raises UsageError, StateError."""
    agents = wanted.agents
    for agent in agents:
        if agent not in AGENTS:
            raise UsageError(f"{agent}: is no agent that Spawngate knows; `spawngate status` lists them")
    if wanted.scope is not Scope.USER:
        raise UsageError("--launches changes the user's own files; --scope managed is for hooks")
    known = installed_launcher(around.state)
    argv = known.argv if known is not None else (f"{around.state.absolute()}/launcher/spawngate-launch",)
    folders = known_projects(around) if projects else ()
    outlook = protecting.look_ahead(around, argv, agents, folders)
    _show(around, outlook)
    if dry_run or (agents and not outlook.rewritten):
        return []
    asked = outlook.rewritten and not yes and sys.stdin.isatty()
    if asked and not click.confirm("Put the launcher in front of these?", err=True):
        raise click.exceptions.Abort
    write_mode(around.state, wanted)
    if put_in_force(around.state):
        click.echo("launches need an approval from now on: what is in use has one", err=True)
    launcher = install(around.state)
    if launcher.argv != argv:
        outlook = protecting.look_ahead(around, launcher.argv, agents, folders)
    if not no_daemon:
        click.echo(escape(f"the daemon runs (process {control.start(around.state).get('pid')})"), err=True)
    if approve:
        _approve(around, outlook)
    done = protecting.carry_out(around, outlook, launcher.argv, launcher.program)
    for item in done:
        words = f"{item.agent}: {item.path}: {item.outcome}"
        click.echo(escape(f"{words} ({item.problem})" if item.problem else words), err=True)
    weaker = " (weaker: its environment reaches it before it runs)" if launcher.preloadable else ""
    click.echo(escape(f"launcher: {launcher.kind}, {launcher.program}{weaker}"), err=True)
    if launcher.confine is None:
        click.echo("there is no program to confine a probe with: probation ends as no-sandbox", err=True)
    return done


def _approve(around: Surroundings, outlook: protecting.Outlook) -> None:
    """What is in use goes on, but for what policy refuses."""
    made, refused, problem = approve_in_use(around, outlook.rewritten)
    for item in refused:
        words = f"{item.artifact.agent}: {item.artifact.name}: not approved, policy refuses it ({item.id})"
        click.echo(escape(words), err=True)
    if made:
        click.echo(
            f"{len(made)} launches approved as they are found, what they run is bound at their next start", err=True
        )
    if problem:
        click.echo(escape(problem), err=True)


def _show(around: Surroundings, outlook: protecting.Outlook) -> None:
    redactor = Redactor(State(around.state).key())
    ids = [item.id for item in outlook.rewritten]
    for line, ours in plan.diff_lines(outlook.plans):
        colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
        # Words of an entry are the user's own, also where they stand in a line of ours.
        whole = ours and line.startswith(("@", "...", "---", "+++"))
        shown = line if whole else line[:1] + _without_secrets(line[1:], ids, redactor)
        click.secho(escape(shown), err=True, fg=colour)
    for item, reason in outlook.left_out:
        click.echo(escape(f"{item.artifact.agent}: {item.artifact.name}: left as it is: {reason}"), err=True)
    if not outlook.rewritten:
        click.echo("no entry can be put behind the launcher", err=True)


def _without_secrets(line: str, ids: Sequence[str], redactor: Redactor) -> str:
    """The line redacted, but for an entry's id, which looks like a secret and is none."""
    id_ = next((each for each in ids if each in line), "")
    return id_.join(redactor.text(part).text for part in line.split(id_)) if id_ else redactor.text(line).text


def unprotect(around: Surroundings, agents: Sequence[str], *, dry_run: bool) -> list[Done]:
    """Take the launcher out again. Raises StateError."""
    done = protecting.withdraw(around, agents, dry=dry_run)
    if not agents and not dry_run and not any(item.outcome == "failed" for item in done):
        take_back(around.state)
    return done
