"""SHELL. `spawngate server route`: routes and destinations, deliveries, dead letters, and a marked test.

Works on the control data beside a server that runs: what is changed is seen there within seconds. Which server is
meant is said as `server run` is told it: `SPAWNGATE_SERVER_CONFIG` and the other variables of docs/server.md.
Must not be here: what routes mean (`routing`), delivering (`server.deliver`).
"""

import json
import os
import secrets
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table as Grid

from spawngate.model.errors import UsageError
from spawngate.report.terminal import escape
from spawngate.routing.settings import shown
from spawngate.server.deliver import replays, routes, trial
from spawngate.server.deliver.secrets import Sealer, sealer
from spawngate.server.deliver.standing import standing
from spawngate.server.opening import control_of
from spawngate.server.settings import load
from spawngate.server.store.port import ControlStore
from spawngate.trail.moment import text as moment

REFUSED = 1
"""Exit code where a test was not delivered, or a route cannot be used."""
WIDTH = 180

_style = click.option("--format", "style", type=click.Choice(("table", "json")), default="table", show_default=True)
_route = click.option("--route", "name", default="", metavar="NAME", help="Of this route alone.")


@click.group("route", epilog="Destinations, settings and examples: docs/routing.md.")
def command() -> None:
    """Which events go where: Slack, email, Jira, PagerDuty, Teams, webhooks and SIEMs."""


@contextmanager
def _opened() -> Iterator[tuple[ControlStore, Sealer]]:
    config = os.environ.get("SPAWNGATE_SERVER_CONFIG")
    settings = load(Path(config) if config else None, os.environ)
    with control_of(settings, os.environ) as (control, folder):
        yield control, sealer(folder, os.environ)


@command.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Only say whether the file is right.")
def add(file: Path, check: bool) -> None:
    """Add the destinations and routes of a TOML FILE, over those with the same names.

    `{ env = "NAME" }` and `{ file = "/path" }` stand for secrets; they are read now and kept sealed.
    """
    text = routes.read_file(file)
    with _opened() as (control, seals):
        table = (routes.checked if check else routes.add)(control, seals, text, os.environ)
    told = "right" if check else "added"
    for name, one in table.destinations.items():
        click.echo(f"destination {name} ({one.destination.title or one.destination.name}): {told}")
    for name, route in table.routes.items():
        click.echo(f"route {name} -> {route.text.destination}: {told}")


@command.command("remove")
@click.argument("name")
@click.option("--destination", is_flag=True, help="A destination, which no route may name any more.")
def remove(name: str, destination: bool) -> None:
    """Take a route away; what waits for it is let go."""
    with _opened() as (control, _):
        routes.remove(control, name, destination=destination)
    click.echo(f"{'destination' if destination else 'route'} {name} removed")


@command.command("list")
@_style
def list_(style: str) -> None:
    """Routes and destinations, how they stand, and what cannot be used. Secrets are never shown."""
    with _opened() as (control, seals):
        loaded = routes.load(control, seals)
        listing = _listing(control, loaded)
    if style == "json":
        _print(listing)
    else:
        _grid(
            ("route", "kind", "destination", "type", "state", "match", "limit", "waits", "dead", "last"),
            [
                (
                    each["name"],
                    each["kind"],
                    each["destination"],
                    each["type"],
                    each["state"],
                    each["match"] or "(every event)",
                    each["limit"],
                    str(each["waiting"]),
                    str(each["dead"]),
                    each["last"],
                )
                for each in listing["routes"]
            ],
        )
        unused = sorted(set(loaded.table.destinations) - {route["destination"] for route in listing["routes"]})
        for name in unused:
            click.echo(f"destination {name} has no route")
    for where, problem in loaded.problems.items():
        click.echo(escape(f"{where}: {problem}"), err=True)
    if loaded.problems:
        sys.exit(REFUSED)


def standing_of_routes() -> Sequence[Mapping[str, Any]]:
    """The routes of this machine as `route list` tells of them. Raises UsageError, StoreError."""
    with _opened() as (control, seals):
        found: Sequence[Mapping[str, Any]] = _listing(control, routes.load(control, seals))["routes"]
    return found


def _listing(control: ControlStore, loaded: routes.Loaded) -> dict[str, Any]:
    found = []
    for each in standing(control, loaded):
        told = msgspec.to_builtins(each)
        del told["enabled"]
        found.append({**msgspec.to_builtins(loaded.table.routes[each.name].text), **told})
    destinations = [
        {"name": name, "type": one.destination.name, "settings": msgspec.to_builtins(shown(one.settings))}
        for name, one in loaded.table.destinations.items()
    ]
    return {"schema_version": 1, "routes": found, "destinations": destinations, "problems": dict(loaded.problems)}


@command.command("test")
@click.argument("name")
def test(name: str) -> None:
    """Send an event that is marked as a test to the destination of route NAME, now."""
    with _opened() as (control, seals):
        outcome = trial.trial(control, routes.load(control, seals), name, time.time(), secrets.token_hex(8))
    click.echo(escape(f"{name}: {outcome.state}{f' ({outcome.reason})' if outcome.reason else ''}"))
    if outcome.state != "delivered":
        sys.exit(REFUSED)


@command.command("deliveries")
@_route
@click.option("--outcome", default="", help="delivered, retry, refused, dead, replayed, test.")
@click.option("--limit", "-n", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--before", default=0, type=click.IntRange(0), help="Older than this number: the next page.")
@_style
def deliveries(name: str, outcome: str, limit: int, before: int, style: str) -> None:
    """Attempts to deliver, newest first."""
    with _opened() as (control, _):
        found = control.deliveries(route=name, outcome=outcome, before=before, limit=limit)
    if style == "json":
        _print({"schema_version": 1, "deliveries": msgspec.to_builtins(found)})
        return
    _grid(
        ("number", "at", "route", "destination", "outcome", "attempt", "events", "ms", "id", "said"),
        [
            (
                str(each.number),
                each.at[:19] + "Z",
                each.route,
                each.destination,
                each.outcome,
                str(each.attempt),
                str(each.events),
                str(each.milliseconds),
                each.dedup_key,
                each.detail,
            )
            for each in found
        ],
    )


@command.command("dead")
@_route
@_style
def dead(name: str, style: str) -> None:
    """Dead letters: what was refused, or not taken for a day."""
    with _opened() as (control, _):
        found = [each for each in replays.dead(control) if name in ("", each.route)]
    if style == "json":
        _print({"schema_version": 1, "dead_letters": [_letter(each) for each in found]})
        return
    _grid(
        ("id", "died", "route", "destination", "what", "reason"),
        [
            (each.id, moment(int(each.died * 1e6))[:19] + "Z", each.route, each.destination, each.what, each.reason)
            for each in found
        ],
    )


@command.command("replay")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all", "every", is_flag=True, help="Every dead letter, of the route where one is named.")
@_route
def replay(ids: tuple[str, ...], every: bool, name: str) -> None:
    """Send dead letters once more, under the same ids. They are on their way when this returns."""
    if every == bool(ids):
        raise UsageError("name ids (`server route dead` has them), or --all")
    with _opened() as (control, _):
        chosen = _chosen(replays.dead(control), ids, name)
        replays.replay(control, chosen, time.time())
    click.echo(f"{len(chosen)} on their way again")


@command.command("discard")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
def discard(ids: tuple[str, ...]) -> None:
    """Delete dead letters for good."""
    with _opened() as (control, _):
        chosen = _chosen(replays.dead(control), ids, "")
        replays.discard(control, chosen)
    click.echo(f"{len(chosen)} deleted")


def _chosen(found: Sequence[replays.Letter], ids: Sequence[str], route: str) -> list[replays.Letter]:
    of_route = [each for each in found if route in ("", each.route)]
    if not ids:
        return of_route
    chosen = [each for each in of_route if each.id in ids]
    missing = sorted(set(ids) - {each.id for each in chosen})
    if missing:
        raise UsageError(f"there is no dead letter {', '.join(missing)}")
    return chosen


def _letter(letter: replays.Letter) -> Mapping[str, Any]:
    return {
        "id": letter.id,
        "route": letter.route,
        "destination": letter.destination,
        "what": letter.what,
        "reason": letter.reason,
        "died": moment(int(letter.died * 1e6)),
    }


def _grid(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    grid = Grid(box=None, pad_edge=False, show_edge=False)
    for title in titles:
        grid.add_column(title, overflow="fold")
    for row in rows:
        grid.add_row(*map(escape, row))
    Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else WIDTH).print(grid)


def _print(value: Mapping[str, Any]) -> None:
    click.echo(json.dumps(value, indent=2))
