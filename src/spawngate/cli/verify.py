"""SHELL. `spawngate verify`: harmless canaries through every installed hook.

Must not be here: the canaries (`agents.hooks.canary`), running them (`endpoint.protect.trial`), starting agents
(`endpoint.rehearsal`).
"""

import os
import sys
from collections.abc import Sequence

import click
import msgspec

from spawngate.agents import AGENTS
from spawngate.cli.protect import surroundings
from spawngate.endpoint.protect import journal
from spawngate.endpoint.protect.setup import Wanted, settings_for
from spawngate.endpoint.protect.trial import Trial, try_all
from spawngate.endpoint.protect.withdrawal import unnoted
from spawngate.endpoint.rehearsal.rehearse import Rehearsal, candidates, rehearse
from spawngate.endpoint.rehearsal.verification import SCHEMA_VERSION, Verification
from spawngate.model.errors import UsageError
from spawngate.report.terminal import escape

_BECAME = {"stopped": "was stopped", "ran": "was run", "not tried": "was not tried"}
FAILED = 1
"""Exit code where a hook does not do what it should."""


@click.command("verify")
@click.argument("agents", nargs=-1)
@click.option("--format", "style", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("--sysroot", default="", metavar="DIR", help="Machine-wide files lie below DIR.")
@click.option("--start-agents", is_flag=True, help="Also start the agents themselves, in a throw-away home.")
def command(agents: tuple[str, ...], style: str, sysroot: str, start_agents: bool) -> None:
    """Send a call that policy refuses, and one that nothing speaks against, through the hooks of AGENTS, or of all.

    Each hook is run as it stands in the agent's file, the way the agent runs it. Nothing that the calls name exists.
    With --start-agents each of these agents that is on PATH and runs without its vendor's login is also started: in a
    home that is thrown away, with our hook, against a model of ours on loopback that asks for both calls. Exit code 1
    where a hook or an agent does not stop, allow and record as it should.
    """
    for agent in agents:
        if agent not in AGENTS:
            raise UsageError(f"{agent}: is no agent that Spawngate knows; `spawngate status` lists them")
    around = surroundings(sysroot)
    settings = settings_for(around.state, Wanted())
    notes = journal.settled(journal.load(around.state))
    entries = (*journal.of_agents(notes, agents), *unnoted(around, notes, agents))
    trials = try_all(around.state, entries, around.home, settings.modes, settings.mode)
    tried = {trial.agent for trial in trials}
    missing = [agent for agent in agents if agent not in tried]
    rehearsals = _rehearsals(sorted(tried)) if start_agents else []
    if style == "json":
        document = Verification(
            schema_version=SCHEMA_VERSION, trials=trials, not_installed=missing, rehearsals=rehearsals
        )
        click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
    else:
        for trial in trials:
            click.echo(escape(_line(trial)))
        for rehearsal in rehearsals:
            click.echo(escape(_told(rehearsal)))
        for agent in missing:
            click.echo(f"{agent}: no hook of ours is installed; run `spawngate protect {agent}`")
        if not trials and not missing:
            click.echo("no hook of ours is installed; run `spawngate protect`")
    works = all(trial.works for trial in trials) and all(rehearsal.works for rehearsal in rehearsals)
    if missing or not trials or not works:
        sys.exit(FAILED)


def _rehearsals(agents: Sequence[str]) -> list[Rehearsal]:
    """Of those that can be started; the others are named on standard error."""
    able = candidates(agents) if agents else []
    for agent in sorted(set(agents) - {each.id for each in able}):
        click.echo(f"{agent}: is not started; it needs its vendor's login, or a screen", err=True)
    return [rehearse(each, os.environ.get("PATH", os.defpath)) for each in able]


def _told(rehearsal: Rehearsal) -> str:
    seconds = f"{rehearsal.milliseconds / 1000:.1f} s"
    network = "loopback only" if rehearsal.network == "none" else "the machine's network"
    head = f"{rehearsal.agent}: started, {'works' if rehearsal.works else 'DOES NOT WORK'} ({network}, {seconds}): "
    head += f"the refused call {_BECAME[rehearsal.denied]}, the other {_BECAME[rehearsal.allowed]}"
    return f"{head}; {'; '.join(rehearsal.problems)}" if rehearsal.problems else head


def _line(trial: Trial) -> str:
    head = f"{trial.agent}: {'works' if trial.works else 'DOES NOT WORK'} ({trial.form}, {trial.milliseconds} ms)"
    if trial.form == "client":
        head += ", the client of its plugin; the plugin itself was not loaded"
    return f"{head}: {'; '.join(trial.problems)}" if trial.problems else head
