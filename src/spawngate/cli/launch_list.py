"""SHELL. `spawngate launch list`: configured MCP servers, how they start, what they are confined to, what is not held.

Must not be here: how that is found out (`endpoint.launching.coverage`).
"""

import sys
from collections.abc import Sequence

import click
import msgspec
from rich.console import Console
from rich.table import Table

from spawngate.cli.protect import surroundings
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.launching.coverage import LaunchesStanding, coverage
from spawngate.endpoint.policy import load_folder
from spawngate.model.errors import UsageError
from spawngate.report.terminal import escape

WIDTH = 180


def _style(words: Sequence[str]) -> str:
    if not words:
        return "table"
    given = words[0].removeprefix("--format=") if len(words) == 1 else words[1]
    if (len(words) == 1) != words[0].startswith("--format=") or len(words) > 2 or given not in ("table", "json"):
        raise UsageError("launch list takes --format table or --format json")
    if len(words) == 2 and words[0] != "--format":
        raise UsageError("launch list takes --format table or --format json")
    return given


def show(words: Sequence[str]) -> None:
    """Print the list; `words` are what follows `list`. Raises UsageError, StateError."""
    style = _style(words)
    around = surroundings()
    folder = place(around.state).policy
    found = coverage(around, load_folder(folder if folder.is_dir() else None).settings)
    if style == "json":
        document = {"schema_version": 1, **msgspec.to_builtins(found)}
        click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
        return
    _table(found)


def _table(found: LaunchesStanding) -> None:
    table = Table(box=None, pad_edge=False, show_edge=False)
    for title in ("id", "agent", "server", "launcher", "approval", "runs", "confined to", "walls", "not held"):
        table.add_column(title, overflow="fold")
    for each in (*found.entries, *found.remote):
        box = each.confined
        cells = (each.id, each.agent, each.name, each.state, each.approval, str(box.running or ""))
        table.add_row(*map(escape, (*cells, box.sandbox, " ".join(box.layers), "; ".join(box.not_held))))
    Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else WIDTH).print(table)
    walls = " ".join(found.walls) or "none"
    click.echo(escape(f"walls of this system: {walls}" + "".join(f"; not held: {each}" for each in found.not_held)))
