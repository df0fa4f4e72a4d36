"""SHELL. `spawngate status`: how the agents on this machine stand.

Must not be here: how that is found out (`endpoint.protect.standing`).
"""

import os
import sys
from collections.abc import Mapping

import click
import msgspec
from rich.console import Console
from rich.table import Table

from spawngate.cli.protect import surroundings
from spawngate.endpoint.launching.coverage import BEHIND, NOT_REWRITTEN, LaunchesStanding
from spawngate.endpoint.protect.standing import AgentStanding, Stand, Standing, standing
from spawngate.model.json import Json
from spawngate.report.terminal import escape

WIDTH = 180
"""Columns of the table where nobody looks at it."""
_COLOURS = {
    Stand.INSTALLED: "green",
    Stand.PARTLY: "yellow",
    Stand.INACTIVE: "red",
    Stand.OFF: "red",
    Stand.TAMPERED: "bold red",
    Stand.UNPROTECTED: "yellow",
    Stand.OBSERVED: "dim",
}


@click.command("status")
@click.option("--format", "style", type=click.Choice(("table", "json")), default="table", show_default=True)
@click.option("--project", "projects", multiple=True, metavar="DIR", help="Look at this project's files too.")
@click.option("--check", is_flag=True, help="Exit code 1 where an agent that is protected is not in order.")
@click.option("--sysroot", default="", metavar="DIR", help="Machine-wide files lie below DIR.")
def command(style: str, projects: tuple[str, ...], check: bool, sysroot: str) -> None:
    """Tell for each agent here whether its calls are decided, and what keeps them from being.

    The project that the command is called in is always looked at.
    """
    places = tuple(dict.fromkeys(os.path.abspath(path) for path in (os.getcwd(), *projects)))
    found = standing(surroundings(sysroot), places)
    if style == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        _table(found)
    bad = {Stand.TAMPERED, Stand.OFF, Stand.INACTIVE, Stand.PARTLY}
    if check and (found.tampered or found.launches.tampered or any(Stand(item.state) in bad for item in found.agents)):
        sys.exit(1)


def _table(found: Standing) -> None:
    table = Table(box=None, pad_edge=False, show_edge=False)
    for title in ("agent", "version", "state", "mode", "scope", "what is known"):
        table.add_column(title, overflow="fold")
    for item in found.agents:
        table.add_row(*(escape(cell) for cell in _cells(item)), style=_COLOURS[Stand(item.state)])
    console = Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else WIDTH)
    console.print(table)
    console.print()
    for line in _footer(found):
        console.print(escape(line))


def _cells(item: AgentStanding) -> tuple[str, ...]:
    return item.name, item.version, item.state, item.mode, ", ".join(item.scopes), "; ".join(item.why)


def _footer(found: Standing) -> list[str]:
    client, daemon, policy = found.client, found.daemon, found.policy
    lines = [
        f"client  {client.kind or 'none'} {client.path}" + (f" ({client.problem})" if client.problem else ""),
        (f"daemon  process {daemon.get('pid')}" if daemon["running"] else "daemon  does not run")
        + ("" if daemon["starts_at_login"] else ", and the system does not start it at login"),
        f"policy  {policy['revision']} mode {policy['mode']}"
        + (f" ({policy['problem']})" if policy["problem"] else ""),
    ]
    lines += _fleet(found.fleet)
    lines += _launches(found.launches)
    return [*lines, *(f"tampered: {message}" for message in (*found.tampered, *found.launches.tampered))]


def _fleet(fleet: Mapping[str, Json]) -> list[str]:
    """The server that looks after this endpoint."""
    if not fleet:
        return []
    when = f"last contact {fleet['last_contact']}" if fleet["last_contact"] else "no contact yet"
    lines = [f"fleet   {fleet['server']} knows this endpoint as {fleet['endpoint']}, team {fleet['team']}; {when}"]
    lines += [f"  not in force: {fleet['refused']}"] if fleet["refused"] else []
    lines += [f"  the last attempt failed: {fleet['problem']}"] if fleet["problem"] else []
    if fleet["stale"]:
        lines.append(f"  old: the server confirmed what is in force last at {fleet['vouched']}")
    lines += [f"  waiting to be sent: {fleet['backlog']:,} bytes of the trail"] if fleet["backlog"] else []
    dropped = fleet["dropped"]
    if isinstance(dropped, Mapping) and dropped:
        told = ", ".join(f"{count} {name}" for name, count in dropped.items())
        lines.append(f"  given up, because the spool was full: {told}")
    return lines


def _launches(found: LaunchesStanding) -> list[str]:
    """The launcher, and every entry that does not start through it."""
    behind = sum(entry.state == BEHIND for entry in found.entries)
    weaker = ", which an entry's environment reaches before it runs" if found.preloadable else ""
    confined = "" if found.confines or not found.launcher else ", nothing to confine a probe with"
    lines = [
        f"launcher {found.launcher or 'none'} {found.path}{weaker}{confined}".rstrip(),
        f"launches {behind} of {len(found.entries)} MCP servers that are processes start through it; "
        f"approvals {'needed' if found.approvals else 'not needed'}, probation {found.probation}"
        + (f" ({found.problem})" if found.problem else ""),
    ]
    if found.confines:
        lines.append("walls   " + (", ".join(found.walls) if found.walls else "none: nothing can be confined here"))
        lines += [f"  not held here: {each}" for each in found.not_held]
    lines += [f"  not behind it: {each.agent} {each.name}: {each.why}" for each in found.entries if each.why]
    lines += [f"  remote: {each.agent} {each.name}" for each in found.remote]
    if found.remote:
        lines.append(f"  remote servers are left as they are: {NOT_REWRITTEN}")
    for each in found.entries:
        if each.confined.sandbox:
            open_ = f" (not held: {'; '.join(each.confined.not_held)})" if each.confined.not_held else ""
            lines.append(f"  confined: {each.agent} {each.name}: {each.confined.sandbox}{open_}")
    waiting = (each for each in found.entries if found.approvals and each.state == BEHIND)
    lines += [
        f"  {each.approval}: {each.agent} {each.name}: `spawngate approve {each.id}`"
        for each in waiting
        if each.approval != "approved"
    ]
    return lines
