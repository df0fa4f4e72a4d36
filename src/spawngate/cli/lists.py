"""SHELL. `spawngate lists`: approvals, compiled into the lists of servers that agents enforce themselves.

Must not be here: what the lists hold (`endpoint.launching.lists`) and their formats (`agents.lists`).
"""

import json
import sys

import click

from spawngate.agents.lists import LISTS
from spawngate.cli.protect import ProtectError, surroundings
from spawngate.endpoint.launching import lists
from spawngate.endpoint.launching.lists import AgentOutlook
from spawngate.endpoint.protect import plan
from spawngate.endpoint.protect.apply import Done
from spawngate.endpoint.state import State
from spawngate.endpoint.trail.store import now
from spawngate.redact.redactor import Redactor
from spawngate.report.terminal import escape
from spawngate.trail.moment import stamp

OUT_OF_STEP = 1
"""Exit code of `--check` where a file does not hold what it should."""


@click.command("lists")
@click.argument("agents", nargs=-1)
@click.option("--write", is_flag=True, help="Write the machine-wide files; takes an administrator.")
@click.option("--remove", is_flag=True, help="Take them back, byte for byte where nobody changed them since.")
@click.option("--check", is_flag=True, help=f"Exit with {OUT_OF_STEP} where a file does not hold what it should.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
@click.option("--sysroot", default="", metavar="DIR", help="Machine-wide files lie below DIR.")
def command(
    agents: tuple[str, ...], write: bool, remove: bool, check: bool, yes: bool, form: str, sysroot: str
) -> None:
    """Show, or write, the lists of allowed servers that AGENTS enforce themselves; of all agents here by default.

    They hold what stands behind the launcher and what is approved. Each agent compares something else, and what it does
    not compare is named: the launcher compares all of it.
    """
    around = surroundings(sysroot)
    chosen = tuple(dict.fromkeys(agents))
    if remove:
        _done(lists.withdraw(around, chosen))
        return
    outlooks = lists.look_ahead(around, chosen, stamp(now()))
    if form == "json":
        click.echo(json.dumps(_document(outlooks), indent=2, ensure_ascii=False))
    else:
        _show(outlooks, Redactor(State(around.state).key()))
    if write:
        if not yes and sys.stdin.isatty() and not click.confirm("Write these files?", err=True):
            raise click.exceptions.Abort
        _done(lists.carry_out(around, outlooks))
    elif check and not all(outlook.in_step for outlook in outlooks):
        sys.exit(OUT_OF_STEP)


def _show(outlooks: list[AgentOutlook], redactor: Redactor) -> None:
    if not outlooks:
        click.echo(f"no agent that enforces a list of its own is here ({', '.join(lists.known_agents())})", err=True)
    for outlook in outlooks:
        held = LISTS[outlook.agent]
        click.echo(f"{outlook.agent}: compares the {held.compares}, and not: {', '.join(held.not_compared)}")
        for item in outlook.plans:
            state = item.problem or ("would change" if item.is_change else "in step")
            click.echo(escape(f"  {item.path}: {state}"))
        if outlook.compiled.text:
            click.echo(f"  {outlook.compiled.delivery}:")
            for line in outlook.compiled.text.splitlines():
                click.echo(escape(f"    {line}"))
        for name, why in outlook.left_out:
            click.echo(escape(f"  left out: {name}: {why}"))
        for line, ours in plan.diff_lines(outlook.plans):
            click.echo(escape(f"  {line if ours else line[:1] + redactor.text(line[1:]).text}"))


def _document(outlooks: list[AgentOutlook]) -> dict[str, object]:
    return {
        "schema_version": 1,
        "lists": [
            {
                "agent": outlook.agent,
                "compares": LISTS[outlook.agent].compares,
                "not_compared": list(LISTS[outlook.agent].not_compared),
                "source": LISTS[outlook.agent].source,
                "in_step": outlook.in_step,
                "files": [
                    {"path": item.path, "problem": item.problem, "changes": item.is_change} for item in outlook.plans
                ],
                "delivery": outlook.compiled.delivery,
                "text": outlook.compiled.text,
                "left_out": [{"name": name, "why": why} for name, why in outlook.left_out],
            }
            for outlook in outlooks
        ],
    }


def _done(done: list[Done]) -> None:
    for item in done:
        words = f"{item.agent}: {item.path}: {item.outcome}"
        click.echo(escape(f"{words} ({item.problem})" if item.problem else words), err=True)
    if any(item.outcome == "failed" for item in done):
        raise ProtectError("some files could not be changed; they are as they were")
