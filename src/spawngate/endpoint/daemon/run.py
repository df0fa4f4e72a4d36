"""SHELL. The life of the daemon: one instance per state folder, its socket, its signals, its regular work, its end.

Must not be here: serving (`server`), deciding (`service`), and what the command line prints (`cli.daemon`).
"""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from spawngate import __version__
from spawngate.command.inventory import InventoryView
from spawngate.endpoint import policy as policies
from spawngate.endpoint.client.spool import forget, take
from spawngate.endpoint.daemon.assemble import Assembled, assemble, decider_for, policy_folder, policy_stamp, warm_up
from spawngate.endpoint.daemon.collector import Report
from spawngate.endpoint.daemon.inventory import InventoryWatch, views
from spawngate.endpoint.daemon.listener import bind, instance_lock, notify, passed_listener
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.daemon.recording import Recording
from spawngate.endpoint.daemon.server import Limits, Server
from spawngate.endpoint.daemon.spool import fallback_events, recorded_before, spool_path
from spawngate.endpoint.policy import InForce
from spawngate.endpoint.protect.guard import Guard, Tampered
from spawngate.endpoint.state import State
from spawngate.endpoint.trail.store import RETENTION_DAYS, TrailStore, now, stamp
from spawngate.model.call import HookReply
from spawngate.model.errors import StateError, UsageError
from spawngate.model.json import Json
from spawngate.trail.event import SCHEMA_VERSION, Event, EventType, artifact_event

ROUND = 1.0
"""Seconds between two looks at the policy folder and at overdue events."""
GUARD = 10.0
"""Seconds between two looks at our entries in the agents' files."""
RELOAD = 3600.0
"""Seconds after which the policy is read anew although nothing changed: policies can have an end."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the daemon runs."""

    policy: Path | None = None
    """A policy folder; the state's own where it is None."""
    retention: int = RETENTION_DAYS
    inventory: bool = True
    """Take inventories in the background, record what changes, and let decisions know the servers."""
    limits: Limits = field(default_factory=Limits)


class Daemon:
    """One daemon. Made inside a running event loop; `serve` ends when somebody asks it to."""

    def __init__(
        self, state: State, options: Options, assembled: Assembled, listeners: Sequence[socket.socket], activated: bool
    ) -> None:
        self.place = place(state.folder)
        self._state, self._options = state, options
        self._made = assembled
        self._policy_stamp = assembled.stamp
        self._policy_problem = assembled.problem
        self._reload_at = time.monotonic() + RELOAD
        self._started = time.monotonic()
        self._activated = activated
        self._stopped = asyncio.Event()
        self._reason = ""
        self._spools = [spool_path(self.place, os.getuid())]
        if self.place.runtime is not None:
            self._spools.append(self.place.runtime / "spool")
        self._guard = Guard(state.folder)
        self._guard_at = 0.0
        self._last_fault: Mapping[str, Json] = {}
        self._spool_known: Counter[tuple[Json, ...]] | None = None
        self._inventory: InventoryWatch | None = None
        self._report: Report | None = None
        self._unacknowledged = False
        self.recording = Recording(self._open_store, assembled.endpoint)
        self.server = Server(
            listeners,
            prepare=lambda request, started: self._made.service.prepare(
                request.agent, request.payload, request.environment, started_ns=started
            ),
            append=self.recording.append,
            unrecorded=assembled.service.unrecorded,
            control=self._control,
            limits=options.limits,
        )

    async def serve(self) -> None:
        """Serve until `stop`, with the regular work between."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self.stop, "SIGTERM")
        loop.add_signal_handler(signal.SIGINT, self.stop, "SIGINT")
        loop.add_signal_handler(signal.SIGHUP, self.reload)
        self.recording.later([self._event(EventType.DAEMON_STARTED, self._describe())])
        if self._made.problem:
            self.recording.later([self._event(EventType.POLICY_REFUSED, {"problem": self._made.problem})])
        if self._options.inventory:
            self._inventory = InventoryWatch(self.place.state, self._take_report, self._inventory_ended)
            self._inventory.start()
        notify("READY=1")
        day = now().date()
        try:
            while not self._stopped.is_set():
                try:
                    self._round()
                    await self._look_after_ourselves()
                    if now().date() != day:
                        day = now().date()
                        self.recording.daily()
                except Exception as error:  # noqa: BLE001  # regular work that fails must not end the decisions
                    self._tell_fault(error)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopped.wait(), ROUND)
        finally:
            notify("STOPPING=1")
            self.server.close()
            if self._inventory is not None:
                self._inventory.close()
            counts: dict[str, Json] = dict(sorted(self.server.counts.items()))
            self.recording.later([self._event(EventType.DAEMON_STOPPED, {"reason": self._reason, "counts": counts})])
            self.recording.close()

    def stop(self, reason: str = "request") -> None:
        """End after this turn of the loop."""
        self._reason = self._reason or reason
        self._stopped.set()

    def reload(self) -> str:
        """Read the policy anew. The old one stays in force where the new one cannot be used; returns the problem."""
        self._policy_stamp = policy_stamp(self.place, self._options.policy)
        self._reload_at = time.monotonic() + RELOAD
        folder = policy_folder(self.place, self._options.policy)
        before = self._made.in_force.policies.revision
        try:
            in_force = policies.load_folder(folder)
        except UsageError as error:
            if str(error) != self._policy_problem:
                self._policy_problem = str(error)
                self.recording.later([self._event(EventType.POLICY_REFUSED, {"problem": str(error), "kept": before})])
            return self._policy_problem
        self._policy_problem = ""
        if in_force.policies.revision != before or in_force.settings != self._made.in_force.settings:
            self._use(in_force, self._made.views)
            detail: dict[str, Json] = {"before": before, **self._policy()}
            self.recording.later([self._event(EventType.POLICY_CHANGED, detail)])
        return ""

    def _use(self, in_force: InForce, known: Mapping[str, InventoryView]) -> None:
        """Decide by this from the next call on."""
        decider = decider_for(in_force, self._made.redactor, known)
        self._made.service.use(decider, in_force.settings)
        self._made = replace(self._made, in_force=in_force, views=known, problem="")

    def status(self) -> dict[str, Json]:
        """What the daemon can say about itself."""
        head = self.recording.head
        return {
            "schema_version": 1,
            "pid": os.getpid(),
            "version": __version__,
            "seconds": round(time.monotonic() - self._started, 1),
            "socket": os.fspath(self.place.socket),
            "activated": self._activated,
            "policy": {**self._policy(), "problem": self._policy_problem},
            "trail": {
                "folder": os.fspath(self.place.trail),
                "stream": head.stream if head else "",
                "sequence": head.sequence if head else 0,
                "hash": head.hash if head else "",
                "problem": self.recording.problem,
                "unwritten": dict(self.recording.unwritten),
            },
            "inventory": {
                "taken_at": "" if self._report is None else self._report.taken_at,
                "artifacts": 0 if self._report is None else self._report.artifacts,
                "servers": 0 if self._report is None else len(self._report.servers),
            },
            "connections": self.server.open,
            "counts": dict(sorted(self.server.counts.items())),
            "resident_bytes": _resident(),
        }

    # --------------------------------------------------------------------------------------------------------------

    def _round(self) -> None:
        changed = policy_stamp(self.place, self._options.policy) != self._policy_stamp
        if changed or time.monotonic() > self._reload_at:
            self.reload()
        self.recording.retry()
        for spool in self._spools:
            self._take_spool(spool)
        if not self.recording.problem:
            self._spool_known = Counter()
        self._acknowledge()

    async def _look_after_ourselves(self) -> None:
        """Tell what happened to our entries in the agents' files and to the client; off the loop, it reads files."""
        if time.monotonic() < self._guard_at:
            return
        self._guard_at = time.monotonic() + GUARD
        broken, mended = await asyncio.to_thread(self._guard.look)
        events = [self._event(EventType.SELF_PROTECTION, _tampered(item), item.message) for item in broken]
        for item in mended:
            detail = {**_tampered(item), "what": "restored"}
            events.append(self._event(EventType.SELF_PROTECTION, detail, f"as it should be again: {item.path}"))
        if events:
            self.recording.later(events)

    def _tell_fault(self, error: Exception) -> None:
        """Once as long as it stays the same: what fails every round must not fill the trail."""
        fault = self._made.service.fault(error)
        if fault.detail != self._last_fault:
            self._last_fault = fault.detail
            self.recording.later([fault])

    def _take_spool(self, spool: Path) -> None:
        """Take over what clients decided alone. It stays where it is while the trail cannot be written."""
        if self.recording.problem:
            return
        known = self._spool_known
        try:
            taken = take(spool)
            if not taken.files:
                return
            if known is None:
                known = recorded_before(self.place.trail)
            made = self._made
            events = fallback_events(taken, known, at=stamp(now()), endpoint=made.endpoint, user=made.user)
            self.recording.append(events, counted=False)
            forget(taken)
        except (OSError, StateError):
            return

    def _take_report(self, report: Report) -> None:
        """An inventory: what changed goes into the trail, and the servers are known from the next decision on."""
        self._report = report
        events = [artifact_event(change, report.taken_at, self._made.endpoint) for change in report.changes]
        self.recording.later(events)
        self._unacknowledged = True
        self._acknowledge()
        self._use(self._made.in_force, views(report.servers))

    def _acknowledge(self) -> None:
        if self._unacknowledged and not self.recording.overdue and self._inventory is not None:
            self._unacknowledged = False
            self._inventory.recorded()

    def _inventory_ended(self, code: int) -> None:
        detail: dict[str, Json] = {"error": "the inventory ended", "code": code}
        self.recording.later([self._event(EventType.FAULT, detail)])

    def _open_store(self) -> TrailStore:
        return TrailStore(self.place.trail, endpoint=self._made.endpoint, retention=self._options.retention, wait=0.5)

    def _control(self, verb: str) -> HookReply:
        if verb == "status":
            return HookReply(stdout=msgspec.json.encode(self.status()))
        if verb == "reload":
            problem = self.reload()
            return HookReply(stderr=problem.encode("utf-8", "replace"), exit_code=1 if problem else 0)
        if verb == "stop":
            asyncio.get_running_loop().call_soon(self.stop)
            return HookReply()
        return HookReply(stderr=b"there is no such request", exit_code=2)

    def _policy(self) -> dict[str, Json]:
        folder = policy_folder(self.place, self._options.policy)
        settings = self._made.in_force.settings
        return {
            "revision": self._made.in_force.policies.revision,
            "folder": "" if folder is None else os.fspath(folder),
            "base": settings.base,
            "mode": settings.mode.value,
            "modes": {agent: mode.value for agent, mode in sorted(settings.modes.items())},
        }

    def _describe(self) -> dict[str, Json]:
        return {"pid": os.getpid(), "version": __version__, "activated": self._activated, "policy": self._policy()}

    def _event(self, type_: EventType, detail: Mapping[str, Json], message: str = "") -> Event:
        return Event(
            type=type_,
            at=stamp(now()),
            schema_version=SCHEMA_VERSION,
            endpoint=self._made.endpoint,
            channel="daemon",
            detail=detail,
            message=message,
        )


def _tampered(item: Tampered) -> dict[str, Json]:
    return {
        "what": item.what.value,
        "path": item.path,
        "agent": item.agent,
        "pointer": item.pointer,
        "problem": item.detail,
    }


def run(state: State, options: Options | None = None) -> None:
    """Be the daemon of a state folder until told to stop. Raises RunningError where there is one, StateError."""
    options = options or Options()
    where = place(state.folder)
    os.umask(0o077)
    with instance_lock(where.lock):
        passed = passed_listener()
        bound = [] if passed is not None else [where.socket]
        if where.runtime is not None:
            bound.append(where.runtime / where.socket.name)
        listeners = [] if passed is None else [passed]
        try:
            listeners += [bind(path) for path in bound]
            assembled = assemble(state, where, options.policy)
            warm_up(assembled.service)
            # What start-up made lives as long as the process: the collector need not look through it for every call.
            gc.collect()
            gc.freeze()
            asyncio.run(_main(state, options, assembled, listeners, passed is not None))
        finally:
            for listener in listeners:
                listener.close()
            for path in bound:
                with contextlib.suppress(OSError):
                    path.unlink()


async def _main(
    state: State, options: Options, assembled: Assembled, listeners: Sequence[socket.socket], activated: bool
) -> None:
    await Daemon(state, options, assembled, listeners, activated).serve()


def _resident() -> int:
    """Bytes of memory in use; 0 where the system does not tell this way."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
