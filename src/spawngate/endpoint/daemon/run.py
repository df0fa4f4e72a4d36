"""SHELL. The life of the daemon: one instance per state folder, its signals, its rounds, its end.

Must not be here: serving (`server`), deciding (`service`), regular work (`upkeep`, `policy_watch`), and printing.
"""

import asyncio
import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from spawngate import __version__
from spawngate.endpoint.daemon import memory, pages
from spawngate.endpoint.daemon.assemble import Assembled, assemble, warm_up
from spawngate.endpoint.daemon.beside import Beside
from spawngate.endpoint.daemon.bounded import bound_evaluations, bounded
from spawngate.endpoint.daemon.judging import Judging
from spawngate.endpoint.daemon.listener import bind, instance_lock, notify, passed_listener
from spawngate.endpoint.daemon.outside import OutsideEdits
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.daemon.policy_watch import PolicyWatch
from spawngate.endpoint.daemon.recording import Recording
from spawngate.endpoint.daemon.server import SERVED, Limits, Server
from spawngate.endpoint.daemon.service import Prepared
from spawngate.endpoint.daemon.upkeep import Upkeep
from spawngate.endpoint.launching.desk import PreparedLaunch
from spawngate.endpoint.launching.running_views import with_running
from spawngate.endpoint.launching.service import Launches
from spawngate.endpoint.state import State
from spawngate.endpoint.system import this_platform
from spawngate.endpoint.trail.store import TrailError, TrailStore, keep_days, now
from spawngate.model.call import HookReply
from spawngate.model.errors import StateError
from spawngate.model.json import Json
from spawngate.trail.event import EventType, SubjectRecord

ROUND = 1.0
"""Seconds between two rounds of regular work."""
GATHERED_AGAIN = 60.0
"""Seconds until what processes beside have torn up is put into large pages again: it takes ten milliseconds."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the daemon runs."""

    policy: Path | None = None
    """A policy folder; the state's own where it is None."""
    retention: int | None = None
    """Days that the trail keeps from now on; None for what was noted before, else 90."""
    inventory: bool = True
    """Take inventories in the background, record what changes, and let decisions know the servers."""
    sync: bool = True
    """Speak with the fleet's server, where there is an enrolment."""
    limits: Limits = field(default_factory=Limits)


class Daemon:
    """One daemon. Made inside a running event loop; `serve` ends when somebody asks it to."""

    def __init__(
        self, state: State, options: Options, made: Assembled, listeners: Sequence[socket.socket], activated: bool
    ) -> None:
        self.place = place(state.folder)
        self._options = options
        self._service = made.service
        self._endpoint = made.endpoint
        self._provenance = made.provenance
        self._started = time.monotonic()
        self._activated = activated
        self._stopped = asyncio.Event()
        self._reason = ""
        self._last_fault: Mapping[str, Json] = {}
        self.recording = Recording(self._open_store, made.endpoint)
        self.policy = PolicyWatch(self.place, options.policy, made, self._tell)
        beside = self._beside = Beside()
        self._gathered = (0, 0.0)
        """Processes beside until memory was put into large pages, and when."""
        self.launches = Launches(
            state.folder,
            self.policy.current,
            made.redactor,
            state.key(),
            endpoint=made.endpoint,
            user=made.user,
            home=os.path.expanduser("~"),
            platform=this_platform(),
            fault=made.service.fault,
            bounded=bounded,
            relayed=made.provenance.relayed if made.provenance is not None else None,
            beside=beside,
        )
        self.policy.overlay(lambda views: with_running(views, self.launches.records))
        self.server = Server(
            listeners,
            prepare=Judging(made.service, beside).prepare,
            append=self.recording.append,
            recorded=made.service.recorded,
            unrecorded=self._unrecorded,
            control=self._control,
            launch=lambda request, started: self.launches.answer(request.event, request.payload, started, request.pid),
            limits=options.limits,
        )
        self.outside = OutsideEdits(
            state.folder,
            self.policy.current,
            made.redactor,
            made.expected,
            home=os.path.expanduser("~"),
            endpoint=made.endpoint,
            user=made.user,
        )
        self.upkeep = Upkeep(
            self.place,
            self.recording,
            endpoint=made.endpoint,
            user=made.user,
            refused=lambda: {cause: n for cause, n in self.server.counts.items() if cause not in SERVED},
            know=self.policy.know,
        )

    async def serve(self) -> None:
        """Serve until `stop`, with the regular work between."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self.stop, "SIGTERM")
        loop.add_signal_handler(signal.SIGINT, self.stop, "SIGINT")
        loop.add_signal_handler(signal.SIGHUP, self.policy.reload)
        # The default writes the exception's text to a log, and that may quote a call.
        loop.set_exception_handler(lambda _, context: self._tell_fault(context.get("exception")))
        bound_evaluations()
        self._tell(EventType.DAEMON_STARTED, self._describe())
        if self.policy.problem:
            kept = self.policy.describe()["revision"]
            self._tell(EventType.POLICY_REFUSED, {"problem": self.policy.problem, "kept": kept})
        if self._options.inventory:
            self.upkeep.start_inventory()
        if self._options.sync:
            self.upkeep.start_sync()
        notify("READY=1")
        # A thread that ends with the process: nobody waits for digests of large programs.
        threading.Thread(target=self.launches.warm_up, args=(os.environ.get("PATH", os.defpath),), daemon=True).start()
        working = [asyncio.ensure_future(self._warm_up()), asyncio.ensure_future(self._rounds())]
        try:
            await self._stopped.wait()  # and for no round: what looks at files in threads may take seconds
        finally:
            notify("STOPPING=1")
            for each in working:
                each.cancel()
            self.server.close()
            self.launches.close()
            self.upkeep.close()
            if self._provenance is not None:
                with contextlib.suppress(Exception):  # what could not be fingerprinted is noted as such
                    self._provenance.finish()
            counts: dict[str, Json] = dict(sorted(self.server.counts.items()))
            self._tell(EventType.DAEMON_STOPPED, {"reason": self._reason, "counts": counts})
            self.recording.close()

    def stop(self, reason: str = "request") -> None:
        """End after this turn of the loop."""
        self._reason = self._reason or reason
        self._stopped.set()

    def status(self) -> dict[str, Json]:
        """What the daemon can say about itself."""
        head, report = self.recording.head, self.upkeep.report
        return {
            "schema_version": 1,
            "pid": os.getpid(),
            "version": __version__,
            "seconds": round(time.monotonic() - self._started, 1),
            "socket": os.fspath(self.place.socket),
            "activated": self._activated,
            "policy": {**self.policy.describe(), "problem": self.policy.problem},
            "trail": {
                "folder": os.fspath(self.place.trail),
                "stream": head.stream if head else "",
                "sequence": head.sequence if head else 0,
                "hash": head.hash if head else "",
                "problem": self.recording.problem,
                "unwritten": dict(self.recording.unwritten),
            },
            "inventory": {
                "taken_at": report.taken_at if report else "",
                "artifacts": report.artifacts if report else 0,
                "servers": len(report.servers) if report else 0,
            },
            "provenance": {} if self._provenance is None else self._provenance.describe(),
            "connections": self.server.open,
            "counts": dict(sorted(self.server.counts.items())),
            "resident_bytes": memory.resident(),
        }

    # --------------------------------------------------------------------------------------------------------------

    async def _warm_up(self) -> None:
        """Between the first calls, not before them: a daemon that the system starts has a client waiting."""
        try:
            steps = warm_up(self._service)
            going = True
            while going:
                with bounded():
                    going = next(steps, True) is None
                await asyncio.sleep(0)
        except Exception as error:  # noqa: BLE001  # what cannot be warmed up is slower, and its fault will show
            self._tell_fault(error)
        memory.settle()
        await self._gather()

    async def _gather(self) -> None:
        self._gathered = (self._beside.begun, time.monotonic())
        for _ in pages.gather():
            await asyncio.sleep(0)

    async def _rounds(self) -> None:
        day = now().date()
        while True:
            try:
                await self._round()
                if now().date() != day:
                    day = now().date()
                    self.recording.daily()
            except Exception as error:  # noqa: BLE001  # regular work that fails must not end the decisions
                self._tell_fault(error)
            await asyncio.sleep(ROUND)

    async def _round(self) -> None:
        self.policy.look()
        self.recording.make_room()
        happened = self.launches.round()
        if happened:
            self.recording.later(happened)
        await self.upkeep.round()
        if self._options.inventory:
            await self._look_outside()
        begun, at = self._gathered
        if self._beside.begun > begun and at and time.monotonic() - at >= GATHERED_AGAIN:
            await self._gather()

    async def _look_outside(self) -> None:
        """Tell what was changed in agents' files without a call; the reading is off the loop, the judging is not."""
        if not self.outside.due():
            return
        if self.upkeep.report is not None:
            self.outside.watch(change.artifact.path for change in self.upkeep.report.changes)
        changed = await asyncio.to_thread(self.outside.look)
        with bounded():
            events = self.outside.tell(changed)
        if events:
            self.recording.later(events)

    def _unrecorded(self, prepared: Prepared) -> HookReply:
        if isinstance(prepared, PreparedLaunch):
            return self.launches.unrecorded(prepared)
        return self._service.unrecorded(prepared)

    def _control(self, verb: str) -> HookReply:
        if verb == "status":
            return HookReply(stdout=msgspec.json.encode(self.status()))
        if verb == "reload":
            problem = self.policy.reload()
            return HookReply(stderr=problem.encode("utf-8", "replace"), exit_code=1 if problem else 0)
        if verb == "stop":
            asyncio.get_running_loop().call_soon(self.stop)
            return HookReply()
        name, _, value = verb.partition(":")
        if name == "prune" and value.isascii() and value.isdigit() and len(value) <= 5:
            try:
                return HookReply(stdout=str(self.recording.prune(int(value))).encode())
            except StateError as error:
                return HookReply(stderr=str(error).encode("utf-8", "replace"), exit_code=1)
        return HookReply(stderr=b"there is no such request", exit_code=2)

    def _open_store(self) -> TrailStore:
        return TrailStore(self.place.trail, endpoint=self._endpoint, retention=self._options.retention, wait=0.2)

    def _tell(self, type_: EventType, detail: Mapping[str, Json], subject: SubjectRecord | None = None) -> None:
        self.recording.later([self.upkeep.event(type_, detail, subject=subject)])

    def _tell_fault(self, error: BaseException | None) -> None:
        """Once as long as it stays the same: what fails every round must not fill the trail."""
        fault = self._service.fault(error or RuntimeError())
        if fault.detail != self._last_fault:
            self._last_fault = fault.detail
            self.recording.later([fault])

    def _describe(self) -> dict[str, Json]:
        return {
            "pid": os.getpid(),
            "version": __version__,
            "activated": self._activated,
            "policy": self.policy.describe(),
        }


def run(state: State, options: Options | None = None) -> None:
    """Be the daemon of a state folder until told to stop. Raises RunningError where there is one, StateError."""
    options = options or Options()
    where = place(state.folder)
    os.umask(0o077)
    with instance_lock(where.lock):
        if options.retention is not None:
            with contextlib.suppress(TrailError):  # a trail that cannot be written is told when it is opened
                keep_days(where.trail, options.retention)
        passed = passed_listener()
        bound = [] if passed is not None else [where.socket]
        if where.runtime is not None:
            bound.append(where.runtime / where.socket.name)
        listeners = [] if passed is None else [passed]
        try:
            listeners += [bind(path) for path in bound]
            assembled = assemble(state, where, options.policy)
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
