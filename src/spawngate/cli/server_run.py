"""SHELL. `spawngate server run`, `migrate`, `first-run`: the process of a server, and its schema.

Must not be here: what a server does (`server.run`), its settings (`server.settings`).
"""

import os
from pathlib import Path

import click

from spawngate.cli.server_options import desk, settings_of, which
from spawngate.report.terminal import escape


@click.command("run")
@which
@click.option("--host", metavar="ADDRESS", help="Listen here; usually loopback only.")
@click.option("--port", type=click.IntRange(0, 65535), help="Listen here; 0: any free port. Usually 7338.")
@click.option("--base", metavar="URL", help="Address under which people and endpoints reach the server.")
def run(config: Path | None, folder: str | None, host: str | None, port: int | None, base: str | None) -> None:
    """Serve a fleet: its endpoints, its console, its API.

    Without settings it listens on loopback and keeps everything in the state folder. The first start prints a link that
    makes the owner. Lines on stderr are JSON. SIGTERM ends it, behind what is under way.
    """
    settings = settings_of(config, folder, host=host, port=port, base=base)
    from spawngate.server.log import Log
    from spawngate.server.run import run as serve

    serve(settings, os.environ, log=Log(level=settings.log.level), announce=_announce)


def _announce(address: str, link: str) -> None:
    click.echo(f"Spawngate serves {escape(address)}/ (Ctrl-C ends it)")
    if link:
        click.echo(
            f"\nNobody owns this server yet. Open this link within 24 hours; it works once:\n\n  {escape(link)}\n"
        )


@click.command("first-run")
@which
def first_run(config: Path | None, folder: str | None) -> None:
    """Print a new link that makes the owner, as long as nobody is one."""
    from spawngate.model.errors import UsageError
    from spawngate.server.access.welcoming import first_run_link

    settings = settings_of(config, folder)
    with desk(config, folder) as opened:
        link = first_run_link(opened.database, opened.now(), settings.base)
    if not link:
        raise UsageError("somebody owns this server already; `spawngate server user invite NAME` lets them in again")
    click.echo(link)


@click.command("migrate")
@which
@click.option("--check", is_flag=True, help="Only say whether the schema is this release's (exit code 3: it is not).")
def migrate(config: Path | None, folder: str | None, check: bool) -> None:
    """Bring the schema of the fleet database to this release's.

    An embedded database is brought up to date by every start. Have servers that share one stopped before.
    """
    from spawngate.server.fleet.database import FILE, Database
    from spawngate.server.opening import store_folder
    from spawngate.server.store.sqlite.files import private_folder

    settings = settings_of(config, folder)
    url = settings.database.url
    if not url:
        place = store_folder(settings, os.environ)
        private_folder(place)
        url = f"sqlite:///{place.absolute() / FILE}"
    with Database(url) as database:
        if check:
            database.check()
            click.echo(f"the schema is at {database.revision()}, as it should be")
            _advise(settings.events.store)
            return
        before, after = database.migrate()
    told = (
        f"the schema is at {after} already"
        if before == after
        else f"the schema went from {before or 'nothing'} to {after}"
    )
    click.echo(told)
    _advise(settings.events.store)


def _advise(store: str) -> None:
    """Say what an administrator of the store's database should do, where events are in PostgreSQL."""
    from spawngate.server.store.open import wanting

    if words := wanting(store):
        click.echo(f"searches for texts will be slow: {words}", err=True)
