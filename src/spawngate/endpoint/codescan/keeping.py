"""SHELL. Results of code scans that stay on this machine: the last one of every tree, and their way into the trail.

    code-scans/ID.json            what is remembered of a tree (`codescan.kept`): no line of source
    code-scans/results/ID.json    its whole result, as `code --format json` writes it, for the console of this machine

Belongs here: files of the state folder. Must not be here: what a result or an event holds (`codescan.kept`,
`trail.code`), and what waits for the daemon (`outbox`).
"""

import contextlib
import getpass
from pathlib import Path

import msgspec

from spawngate.codescan.kept import SCHEMA_VERSION, Kept, keep
from spawngate.codescan.outcome import Outcome
from spawngate.endpoint.codescan.outbox import FOLDER, MAX_FILE, documents, leave, write
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.state import State
from spawngate.endpoint.trail.store import TrailBusyError, TrailError, TrailStore
from spawngate.report.code_json import render_json
from spawngate.trail.code import code_events
from spawngate.trail.event import Event

MOST = 500
"""Trees that are remembered; the ones scanned longest ago make room."""
RESULTS = "results"
LOCK_SECONDS = 0.3


def record(state: State, outcome: Outcome, version: str) -> str:
    """Remember a whole scan and put it into the trail; why that could not be done, or nothing."""
    now = keep(outcome, version)
    folder = state.folder / FOLDER
    before = _read(folder / f"{now.id}.json")
    endpoint = state.endpoint()
    events = code_events(before, now, endpoint=endpoint, user=_user())
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        _tell(state, endpoint, events)
        # First: whoever sees that there is a newer scan finds it whole.
        _leave(folder / RESULTS, now.id, render_json([outcome]))
        write(folder / f"{now.id}.json", msgspec.json.encode(now))
        _forget(folder)
    except TrailError as error:
        return f"this scan could not be noted in the trail: {error}"
    except OSError as error:
        return f"this scan could not be kept in {folder} ({error.strerror})"
    return ""


def kept(state: Path) -> tuple[Kept, ...]:
    """The last scan of every tree, newest first. A file that cannot be read counts as none."""
    found = [item for path in documents(state / FOLDER) if (item := _read(path)) is not None]
    return tuple(sorted(found, key=lambda item: (item.taken_at, item.id), reverse=True))


def result(state: Path, one: Kept) -> bytes | None:
    """The whole result of the last scan of a tree, a document of `report.code_json`; None where it is not there."""
    path = state / FOLDER / RESULTS / f"{one.id}.json"
    try:
        return path.read_bytes() if path.stat().st_size <= MAX_FILE else None
    except OSError:
        return None


def changed(state: Path) -> int:
    """A number that is another one after a scan was kept; 0 where none is."""
    try:
        return (state / FOLDER).stat().st_mtime_ns
    except OSError:
        return 0


def _leave(folder: Path, id_: str, document: bytes) -> None:
    """A result that is too long to be read again is none; that of the scan before goes all the same."""
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{id_}.json"
    if len(document) <= MAX_FILE:
        write(path, document)
    else:
        path.unlink(missing_ok=True)


def _tell(state: State, endpoint: str, events: tuple[Event, ...]) -> None:
    try:
        with TrailStore(place(state.folder).trail, endpoint=endpoint, wait=LOCK_SECONDS) as store:
            store.append(events)
    except TrailBusyError:
        if not leave(state.folder, events):
            raise TrailError("too many scans wait for the daemon") from None


def _read(path: Path) -> Kept | None:
    try:
        if path.stat().st_size > MAX_FILE:
            return None
        found = msgspec.json.decode(path.read_bytes(), type=Kept)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return found if found.schema_version == SCHEMA_VERSION else None


def _forget(folder: Path) -> None:
    """Let the trees go that were scanned longest ago, where there are too many."""
    found = documents(folder)
    if len(found) > MOST:
        found.sort(key=lambda path: path.stat().st_mtime_ns)
        for path in found[: len(found) - MOST]:
            with contextlib.suppress(OSError):
                path.unlink()
                (folder / RESULTS / path.name).unlink(missing_ok=True)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
