"""SHELL. `spawngate audit`: the local trail, read, followed, checked and copied out.

Must not be here: the trail itself (`endpoint.trail`, `trail`), and what a record looks like (`report.trail`).
"""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import click
import msgspec

from spawngate.endpoint.daemon.ask import NoAnswerError, control
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.state import default_folder
from spawngate.endpoint.trail import reader
from spawngate.model.errors import StateError, UsageError
from spawngate.report.terminal import escape
from spawngate.report.trail import render_json, render_line, render_verified
from spawngate.trail.chain import Head, Verified
from spawngate.trail.query import Query, QueryError, parse_time, read
from spawngate.trail.query.fields import FIELDS

FAULT = 1
"""Exit code where the trail is not as it was written."""
_HEAD = re.compile(r"([0-9a-f]{1,64}):(\d{1,18}):([0-9a-f]{64})")

_style = click.option("--format", "style", type=click.Choice(("table", "json")), default="table", show_default=True)
_since = click.option("--since", default="", metavar="TIME", help="2026-11-21, an RFC 3339 time, or 90m, 24h, 7d back.")
_until = click.option("--until", default="", metavar="TIME", help="Up to, not including.")
_words = click.argument("words", nargs=-1, metavar="[QUERY]...")


@click.group("audit", epilog=f"Queries: docs/query.md. Fields: {', '.join(sorted(FIELDS))}.")
def command() -> None:
    """The trail of this machine: every decision and every change of the inventory."""


@command.command("tail")
@_words
@_style
@click.option("--lines", "-n", "count", default=20, show_default=True, type=click.IntRange(0), help="Records to show.")
@click.option("--follow", "-f", is_flag=True, help="Go on with what is written from now on.")
def tail(words: tuple[str, ...], style: str, count: int, follow: bool) -> None:
    """The newest records, oldest of them first."""
    folder, wanted = _folder(), _wanted(words)
    live = reader.follow(folder, wanted) if follow else iter(())
    _print(reversed(list(islice(reader.newest(folder, wanted), count))), style)
    _print(live, style)


@command.command("query")
@_words
@_style
@_since
@_until
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1), help="Records at most.")
def query(words: tuple[str, ...], style: str, since: str, until: str, limit: int) -> None:
    """Records that match, newest first.

    For example: spawngate audit query 'verdict:deny and (agent:claude-code or severity>=high) last 24h curl'
    """
    _print(islice(reader.newest(_folder(), _wanted(words, since, until)), limit), style)


@command.command("verify")
@click.argument("file", required=False, type=click.Path(dir_okay=False))
@click.option("--head", metavar="STREAM:SEQUENCE:HASH", help="An end noted elsewhere that must be reached.")
@click.option("--format", "style", type=click.Choice(("text", "json")), default="text", show_default=True)
def verify(file: str | None, head: str | None, style: str) -> None:
    """Check the hash chain of the trail, or of an export in FILE, and name the first record that is not right."""
    known = None if head is None else _head(head)
    found = reader.verify(_folder(), known) if file is None else reader.verify_file(Path(file), known)
    if style == "json":
        _write(msgspec.json.encode({"schema_version": 1, **_document(found)}) + b"\n")
    else:
        _write(render_verified(found).encode())
    if found.fault is not None:
        sys.exit(FAULT)


@command.command("export")
@_words
@_since
@_until
@click.option("--output", "-o", default="-", metavar="FILE", help="A new file (0600) instead of stdout.")
def export(words: tuple[str, ...], since: str, until: str, output: str) -> None:
    """Records as NDJSON, oldest first, byte for byte as they are kept: a whole export can be verified."""
    lines = (line + b"\n" for _, line in reader.oldest(_folder(), _wanted(words, since, until)))
    if output == "-":
        for line in lines:
            _write(line)
        return
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise UsageError(f"{output}: {error.strerror}; name a file that is not there yet") from None
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(lines)


@command.command("prune")
@click.option("--days", required=True, type=click.IntRange(1, 36_500), help="Days to keep; today always stays.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def prune(days: int, yes: bool) -> None:
    """Delete whole days of the trail that are older, after a record that says which. They cannot be had back."""
    if not yes:
        click.confirm(f"Delete every record older than {days} days?", abort=True, err=True)
    where = place(default_folder(os.environ))
    try:
        reply = control(where.socket, f"prune:{days}", 60.0)
    except NoAnswerError:
        from spawngate.endpoint.trail.store import TrailStore

        with TrailStore(where.trail) as trail:
            gone = len(trail.expire(days))
    else:
        if reply.exit_code:
            raise StateError(reply.stderr.decode("utf-8", "replace"))
        gone = int(reply.stdout)
    click.echo(f"{gone} days deleted", err=True)


def _folder() -> Path:
    return place(default_folder(os.environ)).trail


def _wanted(words: tuple[str, ...], since: str = "", until: str = "") -> Query:
    """The query that the words make together. Raises UsageError that shows where it stops being one."""
    at = datetime.now(UTC)
    limits = ((">=", since), ("<", until))
    times = [f"at{operator}{parse_time(limit, at)}" for operator, limit in limits if limit]
    try:
        wanted = read(" ".join(words), at)
        return wanted.also(*(read(each, at).tree for each in times))
    except QueryError as error:
        click.echo(error.pointer(escape), err=True)
        raise


def _head(text: str) -> Head:
    match = _HEAD.fullmatch(text)
    if match is None:
        raise UsageError(f"--head {text}: must be STREAM:SEQUENCE:HASH as `audit verify` prints them")
    return Head(match[1], int(match[2]), match[3])


def _document(found: Verified) -> dict[str, Any]:
    document: dict[str, Any] = msgspec.to_builtins(found)
    return document


def _print(values: Iterable[Mapping[str, Any]], style: str) -> None:
    color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    for value in values:
        _write(render_json(value) if style == "json" else render_line(value, color=color).encode("utf-8", "replace"))


def _write(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
