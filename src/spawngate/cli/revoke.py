"""SHELL. `spawngate revoke`: take approvals of launches back.

Must not be here: which ones a word names (`policy.approvals`), the record (`endpoint.launching.approving`).
"""

import json

import click
import msgspec

from spawngate.cli.protect import surroundings
from spawngate.endpoint.launching.approving import revoke
from spawngate.endpoint.launching.listing import listed
from spawngate.endpoint.trail.store import now
from spawngate.launch.identity import SHORT
from spawngate.model.json import Json
from spawngate.report.terminal import escape
from spawngate.trail.moment import stamp


@click.command("revoke")
@click.argument("words", nargs=-1, required=True, metavar="FINGERPRINT|ID|NAME...")
@click.option("--reason", default="", help="Why; recorded with it.")
@click.option("--format", "style", type=click.Choice(("table", "json")), default="table", show_default=True)
def command(words: tuple[str, ...], reason: str, style: str) -> None:
    """Take back approvals of launches. From now on what they covered is started no more; what runs goes on.

    They stay on the list of `spawngate approve --list`.
    """
    around = surroundings()
    told: list[Json] = []
    for word in dict.fromkeys(words):
        taken, problem = revoke(around, word, reason=reason)
        if problem:
            click.echo(escape(problem), err=True)
        for each in taken:
            told.append(msgspec.to_builtins(listed(each, stamp(now()))))
            if style == "table":
                click.echo(escape(f"revoked {each.fingerprint[:SHORT]}  {each.agent} {each.name}"))
    if style == "json":
        click.echo(json.dumps({"schema_version": 1, "revoked": told}, indent=2))
