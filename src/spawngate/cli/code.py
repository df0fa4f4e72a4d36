"""SHELL. `spawngate code`: paths by which data from outside reaches an MCP launch, in the source of projects.

Must not be here: the scan (`codescan`, `endpoint.codescan`), and how a result is shown (`report.code_*`).
"""

import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from spawngate import __version__
from spawngate.cli.writing import write
from spawngate.codescan.finding import Grade
from spawngate.codescan.outcome import GRADES, Outcome
from spawngate.model.errors import SpawngateError, UsageError
from spawngate.report.terminal import escape

if TYPE_CHECKING:
    from spawngate.endpoint.codescan.index import Index

FORMATS = ("text", "table", "json", "sarif", "html")
FINDINGS = 1
"""Exit code where something reaches `--fail-on`."""
MAX_BASELINE = 64 << 20


@click.command("code")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", show_default=True, help="Output.")
@click.option("--output", "-o", default="-", metavar="FILE", help="Write there instead of to stdout.")
@click.option(
    "--fail-on", type=click.Choice([grade.value for grade in reversed(GRADES)]), help="Exit 1 from this grade on."
)
@click.option("--baseline", metavar="FILE", help="Findings of this file do not count.")
@click.option("--write-baseline", metavar="FILE", help="Write the findings there as a baseline.")
@click.option("--changed-since", default="", metavar="REV", help="Only paths that meet a file changed since REV.")
@click.option("--together", is_flag=True, help="All PATHs are parts of one program.")
@click.option("--models", "folders", multiple=True, metavar="DIR", help="A folder of further models (repeatable).")
@click.option("--untrusted", is_flag=True, help="Suppressions and models of the scanned tree do not count.")
@click.option(
    "--jobs", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes that read files; at most 8."
)
@click.option("--timeout", default=300.0, show_default=True, type=click.FloatRange(0.0), help="Seconds for a tree.")
@click.option("--no-cache", is_flag=True, help="Neither read nor keep what earlier scans understood.")
@click.option("--no-record", is_flag=True, help="Leave the trail and what is remembered of this tree alone.")
@click.option("--network", is_flag=True, help="Read files on network mounts too.")
def command(
    paths: tuple[str, ...],
    style: str,
    output: str,
    fail_on: str | None,
    baseline: str | None,
    write_baseline: str | None,
    changed_since: str,
    together: bool,
    folders: tuple[str, ...],
    untrusted: bool,
    jobs: int,
    timeout: float,
    no_cache: bool,
    no_record: bool,
    network: bool,
) -> None:
    """Find every path by which data from outside reaches the launch of an MCP server.

    PATH is a folder or a file; this folder by default. Python, TypeScript, JavaScript, Java and Rust are read. Nothing
    of the project is imported, built or run, and nothing is sent anywhere.
    """
    from spawngate.codescan import baseline as baselines
    from spawngate.endpoint.codescan.run import Request, models_in, processes, run

    if (baseline or write_baseline) and len(paths) > 1 and not together:
        raise UsageError("a baseline belongs to one tree: name one PATH")
    if write_baseline and changed_since:
        raise UsageError("--write-baseline needs the whole tree: leave --changed-since out")
    known = baselines.read(_read(baseline), baseline) if baseline else None
    models = tuple(model for folder in folders for model in models_in(folder))
    wanted = Request(
        ".",
        models=models,
        baseline=known,
        baseline_path=baseline or "",
        since=changed_since,
        untrusted=untrusted,
        network=network,
        jobs=jobs,
        seconds=timeout,
    )
    with _index(no_cache) as index, processes(jobs) as workers:
        if together and len(paths) > 1:
            outcomes = [run(replace(wanted, path=paths[0], more=paths[1:], last=True), index, workers)]
        else:
            alone = len(paths) < 2
            outcomes = [run(replace(wanted, path=path, last=alone), index, workers) for path in paths or (".",)]
    # Recorded first: whoever reads the output may stop reading.
    if not no_record and not changed_since:
        _record(outcomes)
    if write_baseline:
        created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        write(write_baseline, baselines.write(outcomes[0].result.findings, created))
    write(output, render(outcomes, style))
    if fail_on is not None and any(outcome.reaching(Grade(fail_on)) for outcome in outcomes):
        raise click.exceptions.Exit(FINDINGS)


def render(outcomes: Sequence[Outcome], style: str) -> bytes:
    """All trees in the wanted style."""
    if style == "json":
        from spawngate.report.code_json import render_json

        return render_json(outcomes)
    if style == "sarif":
        from spawngate.report.code_sarif import render_sarif

        return render_sarif(outcomes)
    if style == "html":
        from spawngate.report.code_html import render_html

        return render_html(outcomes)
    from spawngate.report.code_text import render_table, render_text

    terminal = sys.stdout.isatty()
    columns = shutil.get_terminal_size((120, 24)).columns if terminal else 120
    color = terminal and "NO_COLOR" not in os.environ
    text = (render_table if style == "table" else render_text)(outcomes, columns, color=color)
    return text.encode("utf-8", "replace")


def _read(path: str) -> bytes:
    from spawngate.endpoint import files

    try:
        return files.read(path, MAX_BASELINE)
    except files.Unreadable as error:
        raise UsageError(f"--baseline {path}: {error.message}") from None


@contextmanager
def _index(no_cache: bool) -> Iterator["Index"]:
    """What earlier scans understood; nothing where the state folder cannot be used: it only saves time."""
    from spawngate.endpoint.codescan.index import NoIndex, StoredIndex
    from spawngate.endpoint.state import State, default_folder

    index: Index = NoIndex()
    if not no_cache:
        try:
            index = StoredIndex(State(default_folder(os.environ)).folder, int(time.time()) // 86_400)
        except SpawngateError as error:
            click.echo(f"spawngate: nothing is kept of this scan: {escape(str(error))}", err=True)
    try:
        yield index
    finally:
        index.close()


def _record(outcomes: Sequence[Outcome]) -> None:
    """Into the trail; what keeps it out is said, and the result stands."""
    from spawngate.endpoint.codescan.keeping import record
    from spawngate.endpoint.state import State, default_folder

    try:
        state = State(default_folder(os.environ))
        problems = [record(state, outcome, __version__) for outcome in outcomes]
    except SpawngateError as error:
        problems = [str(error)]
    for problem in dict.fromkeys(problems):
        if problem:
            click.echo(f"spawngate: {escape(problem)}", err=True)
