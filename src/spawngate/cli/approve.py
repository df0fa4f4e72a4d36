"""SHELL. `spawngate approve`: let a launch of an MCP server be started, and show which have been.

Must not be here: what a word means and the record (`endpoint.launching.approving`).
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence

import click
import msgspec
from rich.console import Console
from rich.table import Table

from spawngate.cli.protect import surroundings
from spawngate.endpoint.daemon.disabled import bring_back
from spawngate.endpoint.launching import approvals
from spawngate.endpoint.launching.approving import Candidate, approve, candidates, sandbox
from spawngate.endpoint.launching.known import Records, Seen
from spawngate.endpoint.launching.listing import listed, listing
from spawngate.endpoint.trail.store import now
from spawngate.launch.identity import SHORT, Identity
from spawngate.model.errors import UsageError
from spawngate.model.json import Json
from spawngate.policy.approvals import Approval, expiry
from spawngate.policy.confinement import Confinement, shown
from spawngate.report.terminal import escape
from spawngate.trail.moment import stamp

WIDTH = 180


@click.command("approve")
@click.argument("words", nargs=-1, metavar="[FINGERPRINT|ID|NAME]...")
@click.option("--reason", default="", help="Why; recorded with the approval.")
@click.option("--expires", default="", metavar="30d|DATE", help="When it ends; never where it is not given.")
@click.option("--anywhere", is_flag=True, help="Of a fingerprint: in whatever working folder.")
@click.option(
    "--sandbox/--no-sandbox",
    "sandboxed",
    default=None,
    help="Keep the server confined to what the next four options say, or not; as before where neither is given.",
)
@click.option("--read", multiple=True, metavar="PATH", help="A confined server may read this. Repeatable.")
@click.option("--write", multiple=True, metavar="PATH", help="A confined server may read and write this. Repeatable.")
@click.option(
    "--host",
    "hosts",
    multiple=True,
    metavar="HOST[:PORT]",
    help="A confined server may reach this: NAME, *.SUFFIX or an address; without PORT 80 and 443. Repeatable.",
)
@click.option("--network", is_flag=True, help="A confined server may use the whole network.")
@click.option("--list", "all_", is_flag=True, help="Show what is approved, was approved, and waits.")
@click.option("--format", "style", type=click.Choice(("table", "json")), default="table", show_default=True)
def command(
    words: tuple[str, ...],
    reason: str,
    expires: str,
    anywhere: bool,
    sandboxed: bool | None,
    read: tuple[str, ...],
    write: tuple[str, ...],
    hosts: tuple[str, ...],
    network: bool,
    all_: bool,
    style: str,
) -> None:
    """Approve launches of MCP servers.

    A FINGERPRINT, or its first digits, approves exactly what was refused. An ID or NAME approves what that entry
    starts, as it was last seen or as it is configured. What changes afterwards needs another approval, changed tools
    too.
    """
    around = surroundings()
    if not sandboxed and (read or write or hosts or network):
        raise UsageError("--read, --write, --host and --network belong to --sandbox")
    if all_ or not words:
        if words:
            raise UsageError("--list takes no words")
        _list(approvals.load(around.state), Records(around.state).seen(), style)
        return
    until = expiry(expires, stamp(now()))
    for back in (each for word in dict.fromkeys(words) for each in bring_back(around.state, word)):
        outcome = f"not switched on again: {back.problem}" if back.problem else "switched on again"
        click.echo(escape(f"{back.agent} {back.name} in {back.path}: {outcome}"), err=True)
    chosen = [one_of(word, candidates(around, word)) for word in dict.fromkeys(words)]
    profile = None
    if sandboxed is not None:
        profile = sandbox(around, read, write, hosts, network=network) if sandboxed else Confinement(off=True)
        for path in (*profile.read, *profile.write):
            if not os.path.lexists(path):
                click.echo(escape(f"{path} does not exist; what is not there at a start is not given"), err=True)
    made, problem = approve(around, chosen, reason=reason, expires=until, anywhere=anywhere, sandbox=profile)
    if problem:
        click.echo(escape(problem), err=True)
    if style == "json":
        told = [msgspec.to_builtins(listed(each, stamp(now()))) for each in made]
        _print({"schema_version": 1, "approved": told})
        return
    for candidate, approval in zip(chosen, made, strict=True):
        for line in _shown(candidate, approval):
            click.echo(escape(line))


def one_of(word: str, found: Sequence[Candidate]) -> Candidate:
    """The one that is meant. Raises UsageError where several are, with what tells them apart."""
    if len(found) == 1:
        return found[0]
    told = ", ".join(
        f"{each.entry or each.identity.fingerprint[:SHORT]} ({each.agent} {each.name})" for each in found[:8]
    )
    raise UsageError(f"{word}: stands for several launches; name one: {told}")


def _shown(candidate: Candidate, approval: Approval) -> list[str]:
    identity = approval.identity
    where = f"entry {approval.entry}" if approval.entry else "wherever it is configured"
    lines = [
        f"approved {approval.fingerprint[:SHORT]}  {approval.agent} {approval.name}  ({where})",
        f"  command   {' '.join((identity.command, *identity.args))}",
        f"  runs      {_files(identity)}",
    ]
    if identity.package:
        version = identity.release or "not known yet; bound at the first start"
        lines.append(f"  package   {identity.package}, version {version}" + _from(candidate))
    lines.append(f"  folder    {identity.cwd or 'any'}")
    lines.extend(f"  variable  {name}={value}" for name, value in sorted(identity.environment.items()))
    lines.extend(f"  finding   {each}" for each in candidate.findings)
    lines.extend(f"  unknown   {each}" for each in identity.unknown)
    lines.extend(f"  tools     {each}" for each in candidate.tools)
    if approval.sandbox is not None:
        lines.append(f"  sandbox   {shown(approval.sandbox)}")
    if approval.expires:
        lines.append(f"  until     {approval.expires}")
    return lines


def _files(identity: Identity) -> str:
    if identity.programs is None:
        return "not known yet; bound at the first start"
    files = (*identity.programs, *(identity.scripts or ()))
    return " -> ".join(f"{file.shown} ({file.digest[:SHORT] or 'no digest'})" for file in files) or "nothing"


def _from(candidate: Candidate) -> str:
    return f" ({candidate.release_from})" if candidate.release_from else ""


def _list(held: Sequence[Approval], seen: Sequence[Seen], style: str) -> None:
    found = listing(held, seen, stamp(now()))
    if style == "json":
        _print(msgspec.to_builtins(found))
        return
    table = Table(box=None, pad_edge=False, show_edge=False)
    for title in ("fingerprint", "agent", "server", "state", "until", "by", "reason", "sandbox", "command"):
        table.add_column(title, overflow="fold")
    for each in found.approvals:
        cells = (each.short, each.agent, each.name, each.state, each.expires, each.by)
        line = " ".join((each.identity.command, *each.identity.args))
        box = "" if each.sandbox is None else shown(each.sandbox)
        table.add_row(*map(escape, (*cells, each.revoked_reason or each.reason, box, line[:200])))
    for item in found.waiting:
        told = "; ".join(item.changes) or ", ".join(item.findings)
        cells = (item.typed, item.agent, item.name, f"waits ({item.state})", "", "")
        table.add_row(*map(escape, (*cells, told, "", item.command[:200])))
    Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else WIDTH).print(table)


def _print(value: Mapping[str, Json]) -> None:
    click.echo(json.dumps(value, indent=2))
