"""SHELL. Where the records of sessions lie: one 0600 file for each session, so that a restart clears no taint; and the
thread that fingerprints long contents, so that other sessions do not wait for them.

Must not be here: what records hold (`provenance.record`), and which of them are made (`provenance.tracker`).
"""

import asyncio
import contextlib
import os
import re
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from spawngate.endpoint.daemon.processes import asking
from spawngate.endpoint.launching.approvals import Watched
from spawngate.endpoint.trail.store import now
from spawngate.policy.approvals import Approval
from spawngate.provenance.content import Prints
from spawngate.provenance.sources import Folders
from spawngate.provenance.tracker import FETCHED, Tracker
from spawngate.redact.redactor import Redactor
from spawngate.trail.moment import stamp

FOLDER = "provenance"
MOST_FILES = 500
MOST_BYTES = 256 << 20
"""Of all files together: the sessions that were not used for longest go first."""
LONGEST_FILE = 64 << 20
SWITCH = 0.001
"""Seconds after which a thread gives the interpreter to one that waits for it."""
OLD = 30 * 86_400.0
"""Seconds after which a session that nobody used goes."""
RECENT = 7 * 86_400.0
"""Seconds for which a launch is compared with what an agent's sessions read."""
_EVERY = 500
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,100}")
_FLAGS = os.O_NOFOLLOW | os.O_CLOEXEC
_DAMAGED = b"?"
"""Records that cannot be read: the session then knows that it has forgotten something."""


class FileRecords:
    """The records of sessions below a folder. Nothing raises: what could not be kept is counted in `problems`."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder, self._clock = folder, clock
        self._until_tidy = 0
        self.problems = 0
        """Records that could not be written."""

    def recall(self, name: str) -> bytes:
        """The records of a session; nothing where there are none."""
        try:
            descriptor = os.open(self._path(name), os.O_RDONLY | os.O_NONBLOCK | _FLAGS)
        except FileNotFoundError:
            return b""
        except (OSError, ValueError):
            return _DAMAGED
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > LONGEST_FILE:
                return _DAMAGED
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                return file.read()
        except OSError:
            return _DAMAGED
        finally:
            os.close(descriptor)

    def keep(self, name: str, data: bytes, whole: bool) -> None:  # the form of `tracker.Keep`
        """Add records to a session, or put them in place of all before; none in place of all ends the session."""
        try:
            path = self._path(name)
            if whole:
                self._replace(path, data)
            else:
                descriptor = self._opened(path)
                with os.fdopen(descriptor, "ab") as file:
                    file.write(data)
        except (OSError, ValueError):
            self.problems += 1
        self._until_tidy -= 1
        if self._until_tidy < 0:
            self._until_tidy = _EVERY
            with contextlib.suppress(OSError):
                self._tidy()

    def recent(self, agent: str) -> list[str]:
        """Names of the sessions of an agent that were used in the last days, the latest first; of all agents where it
        is empty."""
        found: list[tuple[float, str]] = []
        with contextlib.suppress(OSError), os.scandir(self._folder) as entries:
            its = [entry for entry in entries if _of_agent(entry.name, agent)]
            found = [(entry.stat(follow_symlinks=False).st_mtime, entry.name) for entry in its]
        since = self._clock() - RECENT
        return [name for changed, name in sorted(found, reverse=True) if changed > since]

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError("no name of a session")
        return self._folder / name

    def _opened(self, path: Path) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | _FLAGS
        try:
            return os.open(path, flags, 0o600)
        except FileNotFoundError:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return os.open(path, flags, 0o600)

    def _replace(self, path: Path, data: bytes) -> None:
        if not data:
            path.unlink(missing_ok=True)
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=self._folder, prefix=".new-")  # mkstemp makes it 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            os.replace(temporary, path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise

    def _tidy(self) -> None:
        found = []
        with os.scandir(self._folder) as entries:
            for entry in entries:
                status = entry.stat(follow_symlinks=False)
                found.append((status.st_mtime, status.st_size, entry.path))
        found.sort(reverse=True)
        kept = length = 0
        for changed, size, path in found:
            kept, length = kept + 1, length + size
            if kept > MOST_FILES or length > MOST_BYTES or self._clock() - changed > OLD:
                Path(path).unlink(missing_ok=True)


def _of_agent(name: str, agent: str) -> bool:
    if agent:
        return name.startswith(f"{agent}.")
    return not name.startswith((".", f"{FETCHED.partition('.')[0]}."))


class ApprovedWords:
    """The words of every launch that is approved now: the same tuple as long as nothing changes."""

    def __init__(self, state: Path, clock: Callable[[], datetime] = now) -> None:
        self._watched, self._clock = Watched(state), clock
        self._live: Sequence[Approval] = ()
        self._words: tuple[str, ...] = ()

    def __call__(self) -> tuple[str, ...]:
        """Commands, arguments and packages."""
        approvals = self._watched.now()
        at = stamp(self._clock()) if approvals else ""
        live = [approval for approval in approvals if approval.live(at)]
        if live != self._live:
            self._live = live
            identities = [approval.identity for approval in live]
            words = [word for each in identities for word in (each.command, *each.args, each.package)]
            self._words = tuple(word for word in words if word)
        return self._words


def tracker_for(state: Path, key: bytes, redactor: Redactor, home: str) -> Tracker:
    """The tracker of a state folder, which goes on with the sessions that it knows from before."""
    records = FileRecords(state / FOLDER)
    beside = Beside()
    tracker = Tracker(
        key,
        lambda name: source_name(name, redactor),
        folders=Folders(home),
        recall=records.recall,
        keep=records.keep,
        recent=records.recent,
        approved=ApprovedWords(state),
        unwritten=lambda: records.problems,
        clock=time.monotonic,
        asker=asking,
        beside=beside,
    )
    beside.then = tracker.settle
    return tracker


class Beside:
    """Makes fingerprints in a thread where an event loop runs, and else at once. `then` is called in the loop."""

    def __init__(self) -> None:
        self._threads: ThreadPoolExecutor | None = None
        self.then: Callable[[], object] = lambda: None

    def __call__(self, make: Callable[[], Prints]) -> Future[Prints]:
        """See `provenance.waiting.Beside`."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            done: Future[Prints] = Future()
            try:
                done.set_result(make())
            except Exception as error:  # noqa: BLE001  # whoever asks for the result gets it
                done.set_exception(error)
            return done
        if self._threads is None:
            # One: more would only take the processor from each other, and from the loop, which has to wait for the
            # interpreter's lock this long each time that it has waited for anything else.
            sys.setswitchinterval(SWITCH)
            self._threads = ThreadPoolExecutor(1, thread_name_prefix="fingerprints")
        future = self._threads.submit(make)

        def tell(_: object) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: `finish` takes what is left
                loop.call_soon_threadsafe(self.then)

        future.add_done_callback(tell)
        return future


def source_name(name: str, redactor: Redactor) -> str:
    """The name of a source without secrets: an address, a path or a command."""
    if "://" in name and " " not in name:
        return redactor.url(name).text
    return redactor.command_line(name).text
