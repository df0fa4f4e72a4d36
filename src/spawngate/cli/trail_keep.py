"""SHELL. `spawngate audit hold`, `retention`, and `prune --store`: how long a store keeps its days.

Settings are control data, which any process of this user may change while the server runs; the server records the
change. Must not be here: which days go (`trail.retention`).
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from spawngate.cli.asking import asked
from spawngate.cli.trail_source import Place, is_store
from spawngate.endpoint.state import default_folder
from spawngate.model.errors import StateError, UsageError
from spawngate.report.terminal import escape
from spawngate.server.store.port import FOLDER, ControlStore, Item, StoreBusyError
from spawngate.trail.retention import DAYS, LONGEST, Hold, is_day


@click.command("hold")
@click.argument("name", required=False)
@click.option("--since", default="", metavar="DAY", help="First day that is kept; without it every one up to --until.")
@click.option("--until", default="", metavar="DAY", help="Last day that is kept; without it there is no end.")
@click.option("--reason", default="", help="Why.")
@click.option("--lift", is_flag=True, help="Lift the hold of this name.")
@asked()
def hold(
    name: str | None,
    since: str,
    until: str,
    reason: str,
    lift: bool,
    server: str | None,
    token_file: Path | None,
    ca: Path | None,
) -> None:
    """Keep days of the store, whatever its retention says. Without a name: the holds that there are.

    Of this machine's store, or of a server (--server), where only owners may; there a hold has a reason.
    """
    for day in (since, until):
        if day and not is_day(day):
            raise UsageError(f"{day}: is no day; give 2026-11-21")
    if server is not None:
        from spawngate.cli import trail_served

        with Place(server=server, token_file=token_file, ca=ca).api() as api:
            if name is None:
                for each in trail_served.holds(api):
                    _show(each.name, Hold(each.since, each.until, each.reason))
            elif lift:
                trail_served.lift(api, name)
            else:
                trail_served.hold(api, name, since=since, until=until, reason=reason)
        return
    from spawngate.server.store.embedded import leave_word

    control = _control()
    try:
        if name is None:
            for item in control.items("hold", limit=10_000):
                _show(item.name, _held(item))
            return
        at = datetime.now(UTC)
        if lift:
            if not control.remove("hold", name):
                raise UsageError(f"there is no hold {name!r}")
            leave_word(control, at, f"legal hold {name} lifted", {"what": "hold-lifted", "name": name})
            return
        made = Hold(since, until, reason, os.environ.get("USER", ""), at.isoformat())
        control.put(Item("hold", name, msgspec.json.encode(made)))
        leave_word(
            control, at, f"legal hold {name} set", {"what": "hold-set", **msgspec.to_builtins(made), "name": name}
        )
    finally:
        control.close()


@click.command("retention")
@click.option("--days", type=click.IntRange(1, LONGEST), help="Keep so many days from now on.")
@asked()
def retention(days: int | None, server: str | None, token_file: Path | None, ca: Path | None) -> None:
    """How many days the store, or a server, keeps; older ones go whole, within a minute, unless a hold keeps them."""
    if server is not None:
        from spawngate.cli import trail_served

        with Place(server=server, token_file=token_file, ca=ca).api() as api:
            click.echo(trail_served.kept(api, days))
        return
    from spawngate.server.store.embedded import leave_word

    control = _control()
    try:
        if days is not None:
            control.put(Item("setting", "retention", str(days).encode()))
            leave_word(control, datetime.now(UTC), f"retention set to {days} days", {"what": "retention", "days": days})
        found = control.get("setting", "retention")
        click.echo(DAYS if found is None else found.decode("ascii", "replace"))
    finally:
        control.close()


def prune_store(folder: Path, days: int) -> None:
    """Delete days of a store that nobody writes just now. Raises StateError."""
    from spawngate.server.store.embedded import EmbeddedStore

    if not is_store(folder):
        raise UsageError(f"{folder}: there is no store")
    try:
        with EmbeddedStore(folder) as store:
            gone = store.prune(days)
    except StoreBusyError:
        raise StateError(
            "the server has the store, and deletes old days by itself: set `spawngate audit retention --days`"
        ) from None
    click.echo(f"{len(gone)} days deleted", err=True)


def _control() -> ControlStore:
    from spawngate.server.store import keys
    from spawngate.server.store.sqlite.control import SqliteControl

    folder = default_folder(os.environ) / FOLDER
    if not is_store(folder):
        raise UsageError(f"{folder}: there is no store; `spawngate up` makes one")
    return SqliteControl(folder, keys.control_key(keys.signer_of(folder, make=False)))


def _held(item: Item) -> Hold:
    try:
        return msgspec.json.decode(item.value, type=Hold)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Hold(reason="cannot be read, and keeps everything")


def _show(name: str, found: Hold) -> None:
    span = f"{found.since or '...'} to {found.until or '...'}"
    click.echo(escape(f"{name}  {span}  {found.reason}".rstrip()))
