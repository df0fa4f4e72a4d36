"""The inventory as a CSV table: one row for each artifact, for spreadsheets.

Belongs here: the columns and the quoting. Must not be here: details that fit no column (they are in `report.json`).

Form: RFC 4180, UTF-8 without a byte order mark, lines end with CR LF, every cell is quoted.
- Lists are JSON arrays in one cell, and empty cells where they are empty.
- Characters that act on a display are written visibly (`report.terminal`), so no cell holds a line break.
- A cell that starts with `=`, `+`, `-`, `@`, a tab or a line break, or with the full-width form of one of the four
  signs, gets an apostrophe in front: a spreadsheet would otherwise take it for a formula. Programs that need the
  exact text read the JSON document.
"""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from spawngate.model.artifact import Artifact, Launch
from spawngate.model.snapshot import Snapshot
from spawngate.report.terminal import escape
from spawngate.report.view import running, words

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def _array(values: tuple[str, ...]) -> str:
    return msgspec.json.encode([escape(value) for value in values]).decode() if values else ""


def _of_launch(take: Callable[[Launch], str | None]) -> Callable[[Artifact], str | None]:
    return lambda artifact: take(artifact.launch) if artifact.launch is not None else ""


_COLUMNS: Mapping[str, Callable[[Artifact], str | None]] = {
    "kind": lambda artifact: artifact.kind,
    "agent": lambda artifact: artifact.agent,
    "scope": lambda artifact: artifact.scope,
    "name": lambda artifact: artifact.name,
    "status": lambda artifact: artifact.status,
    "running": running,
    "version": lambda artifact: words(artifact.detail.get("version")),
    "type": lambda artifact: words(artifact.detail.get("type")),
    "transport": _of_launch(lambda launch: launch.transport),
    "command": _of_launch(lambda launch: launch.command),
    "args": _of_launch(lambda launch: _array(launch.args)),
    "package": _of_launch(lambda launch: launch.package),
    "url": _of_launch(lambda launch: launch.url),
    "cwd": _of_launch(lambda launch: launch.cwd),
    "env_names": _of_launch(lambda launch: _array(launch.env_names)),
    "header_names": _of_launch(lambda launch: _array(launch.header_names)),
    "project": lambda artifact: words(artifact.detail.get("project")),
    "path": lambda artifact: artifact.path,
    "id": lambda artifact: artifact.id,
    "fingerprint": lambda artifact: artifact.fingerprint,
}

COLUMNS = ("endpoint", "host", "taken_at", *_COLUMNS)
"""Names and order of the columns. New ones are added at the end."""


def render_csv(snapshot: Snapshot) -> bytes:
    """A header and one row for each artifact, in the order of the snapshot."""
    origin = (snapshot.endpoint, snapshot.host, snapshot.taken_at)
    rows = [COLUMNS, *((*origin, *(take(artifact) for take in _COLUMNS.values())) for artifact in snapshot.artifacts)]
    return "".join(map(line, rows)).encode()


def line(cells: Iterable[str | None]) -> str:
    """One row of a table with these cells, in the form that this module describes."""
    return ",".join(map(_cell, cells)) + "\r\n"


def _cell(text: str | None) -> str:
    shown = escape(text or "")
    if (text or "").startswith(_FORMULA):
        shown = f"'{shown}"
    return '"' + shown.replace('"', '""') + '"'
