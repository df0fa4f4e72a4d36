"""SHELL. What is known of entries and starts: entries that stand behind the launcher, starts that were seen, what runs.

Must not be here: approvals, and what is written into agents' files (`protecting`).
"""

import contextlib
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import msgspec

from spawngate.endpoint.launching import store
from spawngate.launch.identity import SHORT, Identity
from spawngate.model.errors import StateError
from spawngate.policy.confinement import Confinement

ENTRIES, SEEN, RUNNING, PROVEN = "entries.json", "seen.json", "running.json", "proven.json"
MAX_SEEN = 500
MAX_RUNNING = 1_000
MAX_PROVEN = 5_000
_Kept = TypeVar("_Kept")


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One server entry of an agent's file that starts through the launcher."""

    id: str
    """Of the artifact; what `--id` says."""
    agent: str
    name: str
    path: str = ""
    scope: str = ""
    env_names: tuple[str, ...] = ()
    """Variables that the entry itself sets or passes on."""
    cwd: str = ""
    """Working folder that the entry states."""
    timeout: float = 0
    """Seconds that the entry gives its server to start; 0 where it does not say."""


class Seen(msgspec.Struct, frozen=True, omit_defaults=True):
    """The last start of one identity."""

    fingerprint: str
    identity: Identity
    entry: str
    name: str
    agent: str
    at: str
    verdict: str
    state: str
    """What the approvals said."""
    command: str = ""
    """The command line, redacted."""
    tier: str = ""
    release_from: str = ""
    findings: tuple[str, ...] = ()
    """`rule (severity)`."""
    changes: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """What a person types."""
        return self.fingerprint[:SHORT]


class Running(msgspec.Struct, frozen=True, omit_defaults=True):
    """A server that the launcher was allowed to start."""

    launch: str
    entry: str
    name: str
    agent: str
    fingerprint: str
    at: str
    body: str = ""
    """Fingerprint without the working folder, under which tools are pinned and probation is remembered."""
    cwd: str = ""
    tier: str = "unknown"
    capabilities: tuple[str, ...] = ()
    approved: bool = False
    probe: bool = False
    """It is on probation."""
    hints: dict[str, tuple[str, ...]] = {}
    """By tool: what its annotations say."""
    tools: tuple[str, ...] = ()
    """Names of its tools."""
    withheld: tuple[str, ...] = ()
    """Those of them that the agent was not shown."""
    parent: int = 0
    """Process of the agent; 0 where it is not known."""
    process: str = ""
    """The same by a name that no later process bears."""
    relay: str = ""
    """Its relay, by such a name; empty where the system does not say who asked."""
    over: bool = False
    """It has ended, and its end may not be in the trail yet. None of those that `Records.running` has."""
    sandbox: Confinement | None = None
    """What it is confined to for good; None: it is not."""
    layers: tuple[str, ...] = ()
    """The walls that hold around it, as spawngate-confine names them."""


class Records:
    """The files in `<state>/launching`. What cannot be read counts as empty, what cannot be written is lost: approvals
    and the trail are elsewhere. `note` may be called from any thread, the rest from one."""

    def __init__(self, state: Path) -> None:
        self._folder = state / store.FOLDER
        self._state = state
        self._entries: dict[str, Entry] = {}
        self._stamp: object = ()
        self._noting = threading.Lock()
        self._seen: dict[tuple[str, str], Seen] = {}
        self._seen_stamp: object = ()
        held = self._load(RUNNING, Running)
        self.running: dict[str, Running] = {each.launch: each for each in held if not each.over}
        self.untold: tuple[Running, ...] = tuple(each for each in held if each.over)
        """What had ended when the daemon before this one was killed: perhaps before it could tell."""
        self._ended: dict[str, Running] = {each.launch: each for each in self.untold}
        """Ended, and not forgotten by the file."""
        self._settled: tuple[str, ...] = ()
        """Those of them that go next."""
        self.proven: dict[str, None] = dict.fromkeys(self._load(PROVEN, str))
        """Bodies that have passed probation."""

    def entry(self, id_: str) -> Entry | None:
        """The entry of that id, where one is protected."""
        stamp = store.stamp(self._folder / ENTRIES)
        if stamp != self._stamp:
            entries: tuple[Entry, ...] = self._load(ENTRIES, Entry)
            self._entries = {each.id: each for each in entries}
            self._stamp = stamp
        return self._entries.get(id_)

    def entries(self) -> tuple[Entry, ...]:
        """All entries behind the launcher."""
        return self._load(ENTRIES, Entry)

    def keep_entries(self, entries: Iterable[Entry]) -> None:
        """These are the entries from now on."""
        by_id = {entry.id: entry for entry in entries}
        self._save(ENTRIES, tuple(by_id[each] for each in sorted(by_id)), durable=True)

    def seen(self) -> tuple[Seen, ...]:
        """The last starts, oldest first."""
        return self._load(SEEN, Seen)

    def note(self, *starts: Seen) -> None:
        """Remember starts, each in the place of an earlier one of the same identity and entry."""
        path = self._folder / SEEN
        with self._noting:
            # Read only where somebody else wrote it: hundreds of starts take milliseconds to read.
            if self._seen_stamp != store.stamp(path):
                self._seen = {(each.fingerprint, each.entry): each for each in self.seen()}
            for seen in starts:
                self._seen.pop((seen.fingerprint, seen.entry), None)
                self._seen[seen.fingerprint, seen.entry] = seen
            while len(self._seen) > MAX_SEEN:
                del self._seen[next(iter(self._seen))]
            self._save(SEEN, tuple(self._seen.values()))
            self._seen_stamp = store.stamp(path)

    def start(self, running: Running) -> None:
        """A server was allowed to start."""
        self.running[running.launch] = running
        while len(self.running) > MAX_RUNNING:
            del self.running[next(iter(self.running))]
        self._keep_running()

    def end(self, launch: str) -> Running | None:
        """It has ended. The file forgets it by `settle`: a daemon that is killed before the end is in the trail leaves
        it to the next one to tell."""
        found = self.running.pop(launch, None)
        if found is not None:
            self._ended[launch] = msgspec.structs.replace(found, over=True)
            self._keep_running()
        return found

    def settle(self) -> None:
        """Forget what had ended when this was called before. Between two calls, ends have to come into the trail."""
        if self._settled:
            for launch in self._settled:
                self._ended.pop(launch, None)
            self._keep_running()
        self._settled = tuple(self._ended)

    def _keep_running(self) -> None:
        self._save(RUNNING, (*self._ended.values(), *self.running.values()))

    def prove(self, body: str) -> None:
        """A body has passed probation."""
        self.proven.pop(body, None)
        self.proven[body] = None
        while len(self.proven) > MAX_PROVEN:
            del self.proven[next(iter(self.proven))]
        self._save(PROVEN, tuple(self.proven))

    def _load(self, name: str, type_: type[_Kept]) -> tuple[_Kept, ...]:
        try:
            return store.load(self._folder / name, tuple[type_, ...], ())  # type: ignore[valid-type]  # a type at run time
        except StateError:
            return ()

    def _save(self, name: str, value: tuple[object, ...], *, durable: bool = False) -> None:
        with contextlib.suppress(StateError):
            store.folder_of(self._state)
            store.save(self._folder / name, value, durable=durable)
