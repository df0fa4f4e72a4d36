"""SHELL. `spawngate up`: inventory of this machine, printed, and the console of it on a loopback page.

Must not be here: the pages (`server`).
"""

import os
import signal
import sys
import threading
from collections.abc import Callable

import click

from spawngate.cli.options import judge_for, judging, places, request
from spawngate.cli.scan import note, progress, render, write
from spawngate.endpoint.inventory import Inventory
from spawngate.endpoint.judge import Judge, advisory_matches
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
@click.option("--demo", is_flag=True, help="Show a synthetic fleet of 200 endpoints instead of this machine.")
@click.option("--demo-endpoints", default=200, hidden=True, type=click.IntRange(1, 1000))
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
    demo: bool,
    demo_endpoints: int,
) -> None:
    """Take an inventory of this machine, print it, and show it on a loopback page until interrupted.

    The page follows changes: files are watched, and what changed is read again. With --demo nothing of this machine is
    read: every page shows a made-up fleet, in a temporary folder that is deleted at the end.
    """
    if demo:
        _demo(port, demo_endpoints)
        return
    state = State(default_folder(os.environ))
    judge = judge_for(trust, folders)
    inventory = Inventory(state, request(homes, roots, sysroot, network, no_processes, no_search))
    _machine(state, judge, inventory, port, once)


def _machine(state: State, judge: Judge, inventory: Inventory, port: int, once: bool) -> None:
    with progress() as say:
        first = inventory.take(say)
        matches, _ = advisory_matches(state, inventory.plan, first.snapshot)
        judgement = judge.judge(first.snapshot, matches)
    write("-", render(first, "table", judgement))
    note(state, inventory, first)
    if once:
        return
    from spawngate.endpoint.watch import watch
    from spawngate.server.app import make_app, serve
    from spawngate.server.embedded import embedded
    from spawngate.server.inventory_page import PageState
    from spawngate.server.local import application, local
    from spawngate.server.store.port import StoreError

    # One tuple, replaced whole: a request sees a snapshot with the judgement that belongs to it.
    latest = [PageState(first.snapshot, first.changes, False, judgement)]
    stop = threading.Event()
    attempts = 10 if port == PORT else 1

    def follow(keep: Callable[[PageState], None]) -> threading.Thread:
        def run() -> None:
            for result in watch(inventory, stop=stop):
                changes = (*result.changes, *latest[0].changes)[:MAX_CHANGES]
                latest[0] = PageState(result.snapshot, changes, False, judge.judge(result.snapshot, matches))
                note(state, inventory, result)
                try:
                    keep(latest[0])
                except StoreError as error:
                    _say(f"a change could not be kept for the page: {error}")

        thread = threading.Thread(target=run, name="watch", daemon=True)
        thread.start()
        return thread

    endpoint = state.endpoint()
    try:
        with embedded(default_folder(os.environ), endpoint, os.environ, _say) as store:
            if store is None:
                # Without a store there is no console; the inventory is shown all the same.
                follow(lambda found: None)
                serve(make_app(lambda: latest[0]), port=port, attempts=attempts, announce=_announce)
                return
            with local(store, state.folder, endpoint, first.snapshot) as fleet:
                fleet.hold(latest[0])
                watching = follow(fleet.hold)
                app = application(fleet, store, lambda: latest[0])
                try:
                    serve(app, port=port, attempts=attempts, announce=_announce)
                finally:
                    stop.set()
                    watching.join(10)
    finally:
        stop.set()


def _demo(port: int, size: int) -> None:
    from spawngate.server.app import serve
    from spawngate.server.application import make_application
    from spawngate.server.demo.serve import synthetic
    from spawngate.server.local import user_name
    from spawngate.server.loopback import SYSTEM_OWNER

    # Who ends it while it is being made leaves no folder behind either; `serve` has its own way.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    _say(f"Making a synthetic fleet of {size} endpoints; nothing of this machine is read ...")
    with synthetic(os.environ, _say, size) as services:
        app = make_application(services, owner=SYSTEM_OWNER, local_user=user_name())
        serve(app, port=port, attempts=10 if port == PORT else 1, announce=_announce_demo)


def _say(text: str) -> None:
    click.echo(escape(text), err=True)


def _announce(address: str) -> None:
    click.echo(f"\nConsole of this machine on {address} (Ctrl-C ends it)", err=True)


def _announce_demo(address: str) -> None:
    click.echo(f"\nConsole of a SYNTHETIC fleet on {address} (Ctrl-C ends it and deletes it)", err=True)
