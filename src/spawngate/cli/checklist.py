"""SHELL. `spawngate checklist`: the six questions, answered from data of this machine.

Must not be here: the answers (`report.checklist_answers`), and what they are made of (`endpoint.checklist`).
"""

import os
import sys

import click

from spawngate.cli.options import places, request
from spawngate.cli.protect import surroundings
from spawngate.cli.writing import write
from spawngate.endpoint.checklist import gather
from spawngate.endpoint.state import State, default_folder
from spawngate.report.checklist import RouteLine, render_json, render_text
from spawngate.report.checklist_answers import checklist

FORMATS = ("text", "json")
UNANSWERED = 1
"""Exit code of `--check` where an answer is not yes."""


@click.command("checklist")
@places
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", show_default=True, help="Output.")
@click.option("--check", is_flag=True, help="Exit 1 where an answer is not yes.")
@click.option("--output", "-o", default="-", metavar="FILE", help="Write there instead of to stdout.")
def command(
    homes: tuple[str, ...],
    roots: tuple[str, ...],
    sysroot: str,
    network: bool,
    no_processes: bool,
    no_search: bool,
    style: str,
    check: bool,
    output: str,
) -> None:
    """Answer the six questions about MCP launches: yes, no or partly, with the evidence and what is missing.

    Answered from an inventory that is taken now, the last code scans (`spawngate code`), the advisories, the hooks and
    launches as `status` tells of them, the trail, and the routes of the store on this machine.
    """
    state = State(default_folder(os.environ))
    wanted = request(homes, roots, sysroot, network, no_processes, no_search)
    lines, store = _routes(state)
    found = checklist(gather(state, wanted, surroundings(sysroot), lines, store=store))
    if style == "json":
        write(output, render_json(found))
    else:
        color = output == "-" and sys.stdout.isatty() and "NO_COLOR" not in os.environ
        write(output, render_text(found, color=color).encode("utf-8", "replace"))
    if check and any(item.answer != "yes" for item in found.questions):
        raise click.exceptions.Exit(UNANSWERED)


def _routes(state: State) -> tuple[tuple[RouteLine, ...], bool]:
    """The routes of the store here, and whether there is a store. Nothing is made where there is none."""
    from spawngate.server.store.port import FOLDER

    if not (state.folder / FOLDER / "control.sqlite").is_file():
        return (), False
    from spawngate.cli.route import standing_of_routes

    return (
        tuple(
            RouteLine(
                name=each["name"],
                destination=each["destination"],
                type=each["type"],
                stream=each["kind"] == "stream",
                matches=each["match"],
                state=each["state"],
                last=each["last"],
            )
            for each in standing_of_routes()
        ),
        True,
    )
