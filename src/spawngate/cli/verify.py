"""SHELL. `spawngate verify`: harmless canaries through every installed hook.

Must not be here: the canaries (`agents.hooks.canary`), running them (`endpoint.protect.trial`).
"""

import sys

import click
import msgspec

from spawngate.agents import AGENTS
from spawngate.cli.protect import surroundings
from spawngate.endpoint.protect import journal
from spawngate.endpoint.protect.setup import Wanted, settings_for
from spawngate.endpoint.protect.trial import SCHEMA_VERSION, Trial, Verification, try_all
from spawngate.endpoint.protect.withdrawal import unnoted
from spawngate.model.errors import UsageError
from spawngate.report.terminal import escape

FAILED = 1
"""Exit code where a hook does not do what it should."""


@click.command("verify")
@click.argument("agents", nargs=-1)
@click.option("--format", "style", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("--sysroot", default="", metavar="DIR", help="Machine-wide files lie below DIR.")
def command(agents: tuple[str, ...], style: str, sysroot: str) -> None:
    """Send a call that policy refuses, and one that nothing speaks against, through the hooks of AGENTS, or of all.

    Each hook is run as it stands in the agent's file, the way the agent runs it. Nothing that the calls name exists,
    and the agents themselves are not started. Exit code 1 where a hook does not stop, allow and record as it should.
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
    if style == "json":
        document = Verification(schema_version=SCHEMA_VERSION, trials=trials, not_installed=missing)
        click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
    else:
        for trial in trials:
            click.echo(escape(_line(trial)))
        for agent in missing:
            click.echo(f"{agent}: no hook of ours is installed; run `spawngate protect {agent}`")
        if not trials and not missing:
            click.echo("no hook of ours is installed; run `spawngate protect`")
    if missing or not trials or not all(trial.works for trial in trials):
        sys.exit(FAILED)


def _line(trial: Trial) -> str:
    head = f"{trial.agent}: {'works' if trial.works else 'DOES NOT WORK'} ({trial.form}, {trial.milliseconds} ms)"
    if trial.form == "client":
        head += ", the client of its plugin; the plugin itself was not loaded"
    return f"{head}: {'; '.join(trial.problems)}" if trial.problems else head
