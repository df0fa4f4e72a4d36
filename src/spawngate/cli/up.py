"""SHELL. `spawngate up`: inventory of this machine, printed and served on a loopback page.

Must not be here: the page (`server`).
"""

import os
import threading

import click

from spawngate.cli.options import judge_for, judging, places, request
from spawngate.cli.scan import progress, render, write
from spawngate.endpoint.inventory import Inventory
from spawngate.endpoint.judge import advisory_matches
from spawngate.endpoint.state import State, default_folder
from spawngate.report.terminal import escape

PORT = 7337
MAX_CHANGES = 500
"""Changes since the start that the page keeps, newest first."""


@click.command("up")
@places
@judging
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535), help="Loopback port; 0: any.")
@click.option("--once", is_flag=True, help="Print the inventory and end, without the page.")
def command(
    homes: tuple[str, ...],
    roots: tuple[str, ...],
    sysroot: str,
    network: bool,
    no_processes: bool,
    no_search: bool,
    trust: str | None,
    folders: tuple[str, ...],
    port: int,
    once: bool,
) -> None:
    """Take an inventory of this machine, print it, and show it on a loopback page until interrupted.

    The page follows changes: files are watched, and what changed is read again.
    """
    state = State(default_folder(os.environ))
    judge = judge_for(trust, folders)
    inventory = Inventory(state, request(homes, roots, sysroot, network, no_processes, no_search))
    with progress() as say:
        first = inventory.take(say)
        matches, _ = advisory_matches(state, inventory.plan, first.snapshot)
        judgement = judge.judge(first.snapshot, matches)
    write("-", render(first, "table", judgement))
    if once:
        return
    from spawngate.endpoint.watch import watch
    from spawngate.server.app import make_app, serve
    from spawngate.server.embedded import embedded
    from spawngate.server.inventory_page import PageState

    # One tuple, replaced whole: a request sees a snapshot with the judgement that belongs to it.
    latest = [PageState(first.snapshot, first.changes, False, judgement)]
    stop = threading.Event()

    def follow() -> None:
        for result in watch(inventory, stop=stop):
            changes = (*result.changes, *latest[0].changes)[:MAX_CHANGES]
            latest[0] = PageState(result.snapshot, changes, False, judge.judge(result.snapshot, matches))

    threading.Thread(target=follow, name="watch", daemon=True).start()
    try:
        with embedded(default_folder(os.environ), state.endpoint(), os.environ, _say) as store:
            app = make_app(lambda: latest[0], store=lambda: store)
            serve(app, port=port, attempts=10 if port == PORT else 1, announce=_announce)
    finally:
        stop.set()


def _say(text: str) -> None:
    click.echo(escape(text), err=True)


def _announce(address: str) -> None:
    click.echo(f"\nInventory on {address} (Ctrl-C ends it)", err=True)
