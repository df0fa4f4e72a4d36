"""SHELL. `spawngate audit`: the local trail or a store, read, followed, counted, checked and copied out.

Must not be here: the trail itself (`endpoint.trail`, `server.store`, `trail`), where it lies (`trail_source`), and what
a record looks like (`report.trail`).
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

from spawngate.cli.asking import asked
from spawngate.cli.trail_keep import hold, prune_store, retention
from spawngate.cli.trail_source import Place, is_store, source_of
from spawngate.endpoint.daemon.ask import NoAnswerError, control
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.state import default_folder
from spawngate.endpoint.trail import reader
from spawngate.model.errors import StateError, UsageError
from spawngate.report.terminal import escape
from spawngate.report.trail import render_json, render_line, render_verified
from spawngate.server.store.port import FOLDER
from spawngate.trail.chain import Head, Verified
from spawngate.trail.query import Query, QueryError, parse_time, read
from spawngate.trail.query.fields import FIELDS

FAULT = 1
"""Exit code where the trail is not as it was written."""
_HEAD = re.compile(r"([0-9a-f]{1,64}):(\d{1,18}):([0-9a-f]{64})")

_style = click.option("--format", "style", type=click.Choice(("table", "json")), default="table", show_default=True)
_since = click.option("--since", default="", metavar="TIME", help="2026-11-21, an RFC 3339 time, or 90m, 24h, 7d back.")
_until = click.option("--until", default="", metavar="TIME", help="Up to, not including.")
_store = click.option("--store", is_flag=True, help="The store of this machine's server instead of the local trail.")
_place = click.option("--folder", metavar="FOLDER", help="Another trail or store: a copy, for example.")
_words = click.argument("words", nargs=-1, metavar="[QUERY]...")


@click.group("audit", epilog=f"Queries: docs/query.md. Fields: {', '.join(sorted(FIELDS))}.")
def command() -> None:
    """The trail of this machine, of a store, or of a server: every decision and every change of the inventory."""


@command.command("tail")
@_words
@_style
@click.option("--lines", "-n", "count", default=20, show_default=True, type=click.IntRange(0), help="Records to show.")
@click.option("--follow", "-f", is_flag=True, help="Go on with what is written from now on.")
@_store
@_place
@asked()
def tail(words: tuple[str, ...], style: str, count: int, follow: bool, **where: Any) -> None:
    """The newest records, oldest of them first."""
    wanted = _wanted(words)
    with source_of(Place(**where), _told(words)) as source:
        live = source.follow(wanted) if follow else iter(())
        _print(reversed(list(islice(source.newest(wanted), count))), style)
        _print(live, style)


@command.command("query")
@_words
@_style
@_since
@_until
@click.option("--limit", default=100, show_default=True, type=click.IntRange(1), help="Records at most.")
@_store
@_place
@asked()
def query(words: tuple[str, ...], style: str, since: str, until: str, limit: int, **where: Any) -> None:
    """Records that match, newest first.

    For example: spawngate audit query 'verdict:deny and (agent:claude-code or severity>=high) last 24h curl'
    """
    wanted = _wanted(words, since, until)
    with source_of(Place(**where), _told(words, since, until)) as source:
        _print(islice(source.newest(wanted), limit), style)


@command.command("count")
@click.argument("dimension", metavar="FIELD|time:1h")
@_words
@_style
@_since
@_until
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="Values at most.")
@_store
@_place
@asked()
def count_(
    dimension: str, words: tuple[str, ...], style: str, since: str, until: str, limit: int, **where: Any
) -> None:
    """How many records have each value of a field, most first; `time:5m`, `time:1h`, `time:1d`: by time.

    For example: spawngate audit count rule verdict:deny last 7d
    """
    wanted = _wanted(words, since, until)
    with source_of(Place(**where), _told(words, since, until)) as source:
        found = source.count(dimension, wanted, limit)
    for each in found:
        if style == "json":
            _write(msgspec.json.encode({"value": each.value, "count": each.count}) + b"\n")
        else:
            _write(f"{each.count:>10}  {escape(each.value)}\n".encode("utf-8", "replace"))


@command.command("verify")
@click.argument("file", required=False, type=click.Path(dir_okay=False))
@click.option("--manifest", metavar="FILE", help="The signed manifest of the export in FILE.")
@click.option("--key", metavar="KEY", help="Public key of a store, or a file that holds it, noted elsewhere.")
@click.option("--checkpoint", "checkpoints", multiple=True, metavar="FILE", help="Signed checkpoint noted elsewhere.")
@click.option("--address", metavar="ADDRESS", help="A store that servers share: postgresql://...; - takes it from "
              "$SPAWNGATE_SERVER_STORE. Its key: --folder, or $SPAWNGATE_STORE_KEY.")  # fmt: skip
@_store
@_place
@click.option("--head", metavar="STREAM:SEQUENCE:HASH", help="An end noted elsewhere that must be reached.")
@click.option("--format", "style", type=click.Choice(("text", "json")), default="text", show_default=True)
def verify(
    file: str | None,
    head: str | None,
    style: str,
    manifest: str | None,
    key: str | None,
    checkpoints: tuple[str, ...],
    store: bool,
    folder: str | None,
    address: str | None,
) -> None:
    """Check the trail, a store, or an export in FILE, and name what is not as it was written.

    A trail, or an export of a whole one: the hash chain, to its first fault. A store (--store, --folder, --address):
    everything in it.
    An export with its manifest (FILE.manifest, or --manifest): every line.
    """
    if manifest is None and file is not None and Path(f"{file}.manifest").exists():
        manifest = f"{file}.manifest"
    if file is not None and manifest is not None:
        from spawngate.cli.trail_export import verify_export

        sys.exit(verify_export(Path(file), Path(manifest), key, style))
    if address is not None or store or (folder is not None and is_store(Path(folder))):
        from spawngate.cli.trail_export import verify_a_store

        where = default_folder(os.environ) / FOLDER if folder is None else Path(folder)
        if address == "-" and not (address := os.environ.get("SPAWNGATE_SERVER_STORE", "")):
            raise UsageError("SPAWNGATE_SERVER_STORE is not set")
        sys.exit(verify_a_store(where, key, checkpoints, style, address or ""))
    known = None if head is None else _head(head)
    trail = _folder() if folder is None else Path(folder)
    found = reader.verify(trail, known) if file is None else reader.verify_file(Path(file), known)
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
@click.option("--format", "style", type=click.Choice(("ndjson", "csv", "parquet")), default="ndjson", show_default=True)
@_store
@_place
@asked()
def export(words: tuple[str, ...], since: str, until: str, output: str, style: str, **where: Any) -> None:
    """Records, oldest first. NDJSON has them byte for byte as they are kept, so that a whole export can be verified.

    A file with records of a store or a server, as NDJSON, gets a signed manifest beside it: FILE.manifest, which
    `spawngate audit verify FILE --key KEY` checks without either.
    """
    from spawngate.cli.trail_export import write_export

    wanted = _wanted(words, since, until)
    with source_of(Place(**where), _told(words, since, until)) as source:
        write_export(source, wanted, " ".join(words), output, style)


@command.command("prune")
@click.option("--days", required=True, type=click.IntRange(1, 36_500), help="Days to keep; today always stays.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--store", is_flag=True, help="The store of this machine's server instead of the local trail.")
def prune(days: int, yes: bool, store: bool) -> None:
    """Delete whole days of the trail that are older, after a record that says which. They cannot be had back.

    Of a store (--store) too: days that a legal hold keeps stay.
    """
    if not yes:
        click.confirm(f"Delete every record older than {days} days?", abort=True, err=True)
    if store:
        prune_store(default_folder(os.environ) / FOLDER, days)
        return
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


command.add_command(hold)
command.add_command(retention)


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


def _told(words: tuple[str, ...], since: str = "", until: str = "") -> str:
    """The same query as one text, for a server."""
    at = datetime.now(UTC)
    times = [f"at{sign}{parse_time(limit, at)}" for sign, limit in ((">=", since), ("<", until)) if limit]
    typed = " ".join(words).strip()
    return " ".join([f"({typed})" if typed and times else typed, *times]).strip()


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
