"""SHELL. `spawngate scan`: one inventory, or one after every change.

Must not be here: how an inventory is taken (`endpoint.inventory`) or shown (`report`).
"""

import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click

from spawngate.cli.options import judge_for, judging, places, request
from spawngate.cli.writing import write as write  # named here by those who scan
from spawngate.endpoint.collect import Progress
from spawngate.endpoint.inventory import Inventory, Result
from spawngate.endpoint.judge import advisory_matches
from spawngate.endpoint.launching.confinements import with_confinement
from spawngate.endpoint.recorded import is_whole, record
from spawngate.endpoint.state import State, default_folder
from spawngate.model.finding import Severity
from spawngate.report.judgement import Judgement
from spawngate.report.terminal import escape

FORMATS = ("table", "json", "csv", "sarif", "cyclonedx", "html")

FINDINGS = 1
"""Exit code where something reaches `--fail-on`."""


@click.command("scan")
@places
@click.option("--format", "style", type=click.Choice(FORMATS), default="table", show_default=True, help="Output.")
@click.option("--watch", is_flag=True, help="Go on, and report every change as it happens.")
@click.option("--fail-on", type=click.Choice([word.value for word in Severity]), help="Exit 1 from this severity on.")
@judging
@click.option("--output", "-o", default="-", metavar="FILE", help="Write there instead of to stdout.")
def command(
    homes: tuple[str, ...],
    roots: tuple[str, ...],
    sysroot: str,
    network: bool,
    no_processes: bool,
    no_search: bool,
    style: str,
    watch: bool,
    fail_on: str | None,
    trust: str | None,
    folders: tuple[str, ...],
    output: str,
) -> None:
    """Inventory of AI agents, MCP servers, extensions, skills, plugins, secrets, hooks and command-line tools.

    Nothing that is found is started, contacted or changed. Secrets are replaced by fingerprints before
    anything is printed. Differences to the last scan of the same places are part of the output.
    """
    state = State(default_folder(os.environ))
    judge = judge_for(trust, folders)
    inventory = Inventory(state, request(homes, roots, sysroot, network, no_processes, no_search))
    with progress() as say:
        result = inventory.take(say)
        if say:
            say("judging")
        matches, trouble = advisory_matches(state, inventory.plan, result.snapshot)
        judgement = judge.judge(result.snapshot, matches)
    snapshot = replace(
        result.snapshot,
        diagnostics=(*result.snapshot.diagnostics, *trouble),
        artifacts=with_confinement(result.snapshot.artifacts, state.folder),
    )
    note(state, inventory, result)
    result = replace(result, snapshot=snapshot)
    write(output, render(result, style, judgement, one_line=watch))
    if watch:
        from spawngate.endpoint.watch import watch as follow

        with interrupted() as stop:
            for later in follow(inventory, stop=stop, notice=lambda text: click.echo(escape(text), err=True)):
                if later.changes:
                    note(state, inventory, later)
                    write(output, render_changes(later, style), append=True)
    elif fail_on is not None and judgement.reaching(Severity(fail_on)):
        raise click.exceptions.Exit(FINDINGS)


class Interrupt(threading.Event):
    """Whether an interrupt came. It raises KeyboardInterrupt too, which is lost where it falls into a callback or a
    destructor. No lock: whoever is interrupted may hold it."""

    came = False

    def __call__(self, *_: object) -> None:
        """The handler of the signal."""
        self.came = True
        raise KeyboardInterrupt

    def is_set(self) -> bool:
        """Whether it came."""
        return self.came


@contextmanager
def interrupted() -> Iterator[Interrupt]:
    """What tells of an interrupt. Raises KeyboardInterrupt in the end where one came."""
    stop = Interrupt()
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
    if stop.came:
        raise KeyboardInterrupt


def note(state: State, inventory: Inventory, result: Result) -> None:
    """Bring the trail up to an inventory of this machine, where no daemon does. What stands in the way is said."""
    if not is_whole(inventory.request):
        return
    problem = record(state, result.snapshot)
    if problem:
        click.echo(escape(f"spawngate: {problem}"), err=True)


def render(result: Result, style: str, judgement: Judgement, *, one_line: bool = False) -> bytes:
    """The whole result in the wanted style. `one_line` makes a JSON document one line, for a stream of them."""
    if style == "json":
        from spawngate.report.json import render_json

        document = render_json(result.snapshot, result.changes, judgement)
        return b" ".join(line.strip() for line in document.splitlines()) + b"\n" if one_line else document
    if style == "csv":
        from spawngate.report.csv import render_csv

        return render_csv(result.snapshot)
    if style == "sarif":
        from spawngate.report.sarif import render_sarif

        return render_sarif(result.snapshot, judgement)
    if style == "cyclonedx":
        from spawngate.report.cyclonedx import render_cyclonedx

        return render_cyclonedx(result.snapshot, judgement)
    if style == "html":
        from spawngate.report.html import render_html

        return render_html(result.snapshot, judgement, result.changes)
    from spawngate.report.table import render_table

    terminal = sys.stdout.isatty()
    columns = shutil.get_terminal_size((100, 24)).columns if terminal else 100
    color = terminal and "NO_COLOR" not in os.environ
    text = render_table(result.snapshot, result.changes, max(columns, 60), color, judgement)
    return text.encode("utf-8", "replace")


def render_changes(result: Result, style: str) -> bytes:
    """Only the changes: one JSON object a line, or lines for people."""
    from spawngate.report.changes import render_change_json, render_change_text

    if style == "json":
        return b"".join(render_change_json(change, result.snapshot.taken_at) for change in result.changes)
    return "".join(render_change_text(change, result.snapshot.taken_at) for change in result.changes).encode()


@contextmanager
def progress() -> Iterator[Progress | None]:
    """A line on stderr that says what the scan is doing; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status(Text("scanning")) as status:
        yield lambda text: status.update(Text(f"scanning {escape(text)}"))
