"""SHELL. `spawngate request`: ask the fleet's server for an approval.

Must not be here: what a word means (`endpoint.launching.approving`), asking (`endpoint.sync.enrolling`).
"""

import click

from spawngate.cli.approve import one_of
from spawngate.cli.protect import surroundings
from spawngate.endpoint.launching.approving import candidates
from spawngate.endpoint.state import State
from spawngate.endpoint.sync import applying, enrolling, queue
from spawngate.endpoint.trail.store import now
from spawngate.launch.identity import SHORT
from spawngate.model.errors import UsageError
from spawngate.policy.approvals import expiry
from spawngate.report.terminal import escape
from spawngate.trail.moment import stamp


@click.command("request")
@click.argument("words", nargs=-1, metavar="[FINGERPRINT|ID|NAME]...")
@click.option("--reason", default="", help="Why you need it; whoever decides reads it.")
@click.option("--expires", default="", metavar="30d|DATE", help="For how long; without it, for as long as they say.")
@click.option("--list", "all_", is_flag=True, help="What became of earlier requests of this endpoint.")
def command(words: tuple[str, ...], reason: str, expires: str, all_: bool) -> None:
    """Ask the server that looks after this endpoint to approve launches of MCP servers.

    A FINGERPRINT, or its first digits, stands in the refusal. What is approved counts here with the next sync.
    """
    around = surroundings()
    state = State(around.state)
    if all_ or not words:
        if words:
            raise UsageError("--list takes no words")
        _list(state)
        return
    if not reason.strip():
        raise UsageError("--reason is missing: somebody has to decide, and wants to know why")
    until = expiry(expires, stamp(now()))
    for word in dict.fromkeys(words):
        candidate = one_of(word, candidates(around, word))
        asked = enrolling.ask(state, candidate, reason=reason.strip(), expires=until)
        short = candidate.identity.fingerprint[:SHORT]
        if asked is None:
            told = (
                f"the server cannot take it now; the request waits, and is sent when it can: {candidate.name} ({short})"
            )
            click.echo(escape(told))
            continue
        click.echo(
            escape(f"request {asked.id} {asked.state}: {candidate.agent} {candidate.name} ({short}) {asked.link}")
        )


def _list(state: State) -> None:
    held = enrolling.enrolled(state.folder)
    if held is None:
        raise UsageError("this endpoint is not enrolled")
    last = applying.held(state.folder, held)
    for each in () if last is None else last.bundle.answers:
        note = f": {each.note}" if each.note else ""
        told = f"request {each.id} {each.state} by {each.by}  {each.name} ({each.fingerprint[:SHORT]}){note}"
        click.echo(escape(told))
    for waits in queue.waiting(state.folder):
        click.echo(escape(f"request waits for the server  {waits.name} ({waits.fingerprint[:SHORT]})"))
