"""SHELL. The life of the daemon: one instance per state folder, its socket, its signals, its regular work, its end.

Must not be here: serving (`server`), deciding (`service`), and what the command line prints (`cli.daemon`).
Source of socket activation and readiness: sd_listen_fds(3), sd_notify(3) of systemd 252.
"""

import asyncio
import contextlib
import fcntl
import gc
import os
import signal
import socket
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from spawngate import __version__
from spawngate.endpoint import policy as policies
from spawngate.endpoint.daemon.assemble import Assembled, assemble, decider_for, policy_folder, policy_stamp
from spawngate.endpoint.daemon.place import place, private_folder
from spawngate.endpoint.daemon.recording import Recording
from spawngate.endpoint.daemon.server import BACKLOG, Limits, Server
from spawngate.endpoint.state import State
from spawngate.endpoint.trail.store import RETENTION_DAYS, TrailStore, now, stamp
from spawngate.model.call import HookReply
from spawngate.model.errors import StateError, UsageError
from spawngate.model.json import Json
from spawngate.trail.event import SCHEMA_VERSION, Event, EventType

ROUND = 1.0
"""Seconds between two looks at the policy folder and at overdue events."""
RELOAD = 3600.0
"""Seconds after which the policy is read anew although nothing changed: policies can have an end."""
_FIRST_PASSED = 3
"""The first descriptor that systemd passes."""


class RunningError(StateError):
    """A daemon runs already for this state folder."""


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
        self, state: State, options: Options, assembled: Assembled, listener: socket.socket, activated: bool
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
        self.recording = Recording(self._open_store, assembled.endpoint)
        self.server = Server(
            listener,
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
        notify("READY=1")
        day = now().date()
        try:
            while not self._stopped.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._stopped.wait(), ROUND)
                self._look_at_policy()
                self.recording.retry()
                if now().date() != day:
                    day = now().date()
                    self.recording.daily()
        finally:
            notify("STOPPING=1")
            self.server.close()
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
        before = self._made.decider.policies.revision
        try:
            in_force = policies.load_folder(folder)
        except UsageError as error:
            if str(error) != self._policy_problem:
                self._policy_problem = str(error)
                self.recording.later([self._event(EventType.POLICY_REFUSED, {"problem": str(error), "kept": before})])
            return self._policy_problem
        decider = decider_for(in_force, self._made.redactor)
        same = decider.policies.revision == before and in_force.settings == self._made.service.settings
        self._policy_problem = ""
        if not same:
            self._made.service.use(decider, in_force.settings)
            made = self._made
            self._made = replace(made, decider=decider, problem="")
            detail: dict[str, Json] = {"before": before, **self._policy()}
            self.recording.later([self._event(EventType.POLICY_CHANGED, detail)])
        return ""

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
            "connections": self.server.open,
            "counts": dict(sorted(self.server.counts.items())),
            "resident_bytes": _resident(),
        }

    # --------------------------------------------------------------------------------------------------------------

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

    def _look_at_policy(self) -> None:
        changed = policy_stamp(self.place, self._options.policy) != self._policy_stamp
        if changed or time.monotonic() > self._reload_at:
            self.reload()

    def _policy(self) -> dict[str, Json]:
        folder = policy_folder(self.place, self._options.policy)
        settings = self._made.service.settings
        return {
            "revision": self._made.decider.policies.revision,
            "folder": "" if folder is None else os.fspath(folder),
            "base": settings.base,
            "mode": settings.mode.value,
            "modes": {agent: mode.value for agent, mode in sorted(settings.modes.items())},
        }

    def _describe(self) -> dict[str, Json]:
        return {"pid": os.getpid(), "version": __version__, "activated": self._activated, "policy": self._policy()}

    def _event(self, type_: EventType, detail: Mapping[str, Json]) -> Event:
        return Event(
            type=type_,
            at=stamp(now()),
            schema_version=SCHEMA_VERSION,
            endpoint=self._made.endpoint,
            channel="daemon",
            detail=detail,
        )


def run(state: State, options: Options | None = None) -> None:
    """Be the daemon of a state folder until told to stop. Raises RunningError where there is one, StateError."""
    options = options or Options()
    where = place(state.folder)
    os.umask(0o077)
    with instance_lock(where.lock):
        passed = passed_listener()
        listener = passed or bind(where.socket)
        try:
            assembled = assemble(state, where, options.policy)
            # What start-up made lives as long as the process: the collector need not look through it for every call.
            gc.collect()
            gc.freeze()
            asyncio.run(_main(state, options, assembled, listener, passed is not None))
        finally:
            listener.close()
            if passed is None:
                with contextlib.suppress(OSError):
                    where.socket.unlink()


async def _main(state: State, options: Options, assembled: Assembled, listener: socket.socket, activated: bool) -> None:
    await Daemon(state, options, assembled, listener, activated).serve()


@contextlib.contextmanager
def instance_lock(path: Path) -> Iterator[None]:
    """Hold the lock of the one daemon of a state folder; its file tells the pid. Raises RunningError."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise StateError(f"{path} cannot be opened ({error.strerror})") from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            told = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
            raise RunningError(f"a daemon runs already (process {told or 'unknown'})") from None
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def bind(path: Path) -> socket.socket:
    """Listen at a path whose folder is ours alone. A socket that an earlier daemon left is replaced.

    Raises StateError. The instance lock must be held: it says that nobody listens there any more.
    """
    private_folder(path.parent)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        with contextlib.suppress(FileNotFoundError):
            if not stat.S_ISSOCK(path.lstat().st_mode):
                raise StateError(f"{path} is in the way: it is no socket; remove it")
            path.unlink()
        listener.bind(os.fspath(path))
        path.chmod(0o600)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise StateError(f"cannot listen at {path} ({error.strerror})") from None
    except StateError:
        listener.close()
        raise
    return listener


def passed_listener(environment: Mapping[str, str] | None = None) -> socket.socket | None:
    """The listening Unix socket that systemd started us for; None where it did not. Raises StateError for another."""
    given = os.environ if environment is None else environment
    if given.get("LISTEN_PID") != str(os.getpid()) or given.get("LISTEN_FDS", "0") == "0":
        return None
    if given.get("LISTEN_FDS") != "1":
        raise StateError("systemd passed more than one socket; the unit must name one")
    try:
        listener = socket.socket(fileno=os.dup(_FIRST_PASSED))
    except OSError as error:
        raise StateError(f"the descriptor that systemd passed is no socket ({error.strerror})") from None
    if listener.family != socket.AF_UNIX or not listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        listener.close()
        raise StateError("the socket that systemd passed does not listen on a path")
    return listener


def notify(state: str, environment: Mapping[str, str] | None = None) -> None:
    """Tell systemd, where it wants to know."""
    path = (os.environ if environment is None else environment).get("NOTIFY_SOCKET", "")
    if path[:1] not in ("/", "@"):
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.connect("\0" + path[1:] if path[0] == "@" else path)
        out.send(state.encode())


def _resident() -> int:
    """Bytes of memory in use; 0 where the system does not tell this way."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
