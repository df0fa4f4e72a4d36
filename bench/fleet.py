"""A fleet of simulated endpoints against one real server process: enrolment, syncs, a day's rate of events with peaks.

    python -m bench fleet [--endpoints N] [--seconds S] [--rate EVENTS] [--peak TIMES] [--kill TIMES]

The server is `spawngate server run` with its embedded store, in a process of its own; endpoints speak the real
protocol, each over a connection of its own that it keeps. Events come at RATE a second, and every minute at PEAK times
that for five seconds; what is refused goes at once, the rest with the endpoint's sync, once a minute. Half-way another
policy is rolled out to everybody: processor and waiting are told for the minute after that, and for all the rest.
`--kill` ends the server with SIGKILL so often, at random moments, and starts it again.
Afterwards every record that was made must be in the store, once. Exit code 1 where one is not.
Must not be here: what one endpoint does (`fleet_client`).
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import psutil

import spawngate
from bench.fleet_client import GoneError, Simulated, Wire
from spawngate.launch.identity import Identity
from spawngate.policy.folder import Report
from spawngate.server.fleet import approvals, policies, rolling
from spawngate.server.fleet.approvals import Requested
from spawngate.server.fleet.database import open_fleet
from spawngate.server.store.embedded import EmbeddedStore
from spawngate.server.store.port import FOLDER
from spawngate.sync.inventory import digest
from spawngate.trail.moment import text

VERDICTS = ("allow",) * 93 + ("log",) * 4 + ("deny",) * 3
AT_ONCE = 48
"""Endpoints that enrol at the same time."""
PEAK_SECONDS = 5
ARTIFACTS = 12
FLUSH_SECONDS = 120.0
ROLL_OUT = 75.0
"""Seconds in which everybody syncs once: the longest pause between two syncs, and a little."""
ROLLING = " while rolling out"


_PARTS = (("median", 0.5), ("p99", 0.99))


class Server:
    """The server's process, and what it needs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.cpu = self.peak = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        words = ["server", "run", "--folder", os.fspath(self.folder), "--port", str(self.port)]
        environment = {**os.environ, "SPAWNGATE_SERVER_LOG_LEVEL": "warning"}
        log = open(self.folder.parent / "server.log", "ab")  # noqa: SIM115  # the process keeps it
        self.process = subprocess.Popen(
            [sys.executable, "-m", "spawngate", *words],
            env=environment,
            stdout=log,
            stderr=log,
            preexec_fn=_as_a_shell_gives,
        )
        log.close()
        import urllib.request

        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError((self.folder.parent / "server.log").read_text()[-2_000:])

    def look(self) -> tuple[float, float]:
        """Seconds of CPU of all its lives, and resident MB now."""
        assert self.process is not None
        seen = psutil.Process(self.process.pid)
        times = seen.cpu_times()
        resident = seen.memory_info().rss / 1e6
        self.peak = max(self.peak, resident)
        return self.cpu + times.user + times.system, resident

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it."""
        assert self.process is not None
        self.cpu = self.look()[0]
        self.process.send_signal(how)
        self.process.wait(60)

    def secret(self) -> str:
        """A secret with which any number enrols."""
        words = ["server", "enrolment", "create", "--folder", os.fspath(self.folder), "bench"]
        done = subprocess.run([sys.executable, "-m", "spawngate", *words], capture_output=True, check=True)
        found = re.search(r"sge_[\w-]+", (done.stdout + done.stderr).decode())
        assert found is not None
        return found[0]


class Fleet:
    """The endpoints, and what they measure."""

    def __init__(self, count: int, server: Server) -> None:
        self.server = server
        self.times: dict[str, list[float]] = defaultdict(list)
        """By what was asked: seconds; `while rolling out` behind it for those that began in that minute."""
        self.gone = self.left = 0
        self.reasons: Counter[str] = Counter()
        self.late: list[tuple[float, float]] = []
        """When a call was refused, and seconds until the server had it."""
        self.changed_at = float("inf")
        self.rolled = 0.0
        """Seconds of the server's processor in the minute after the change."""
        self.given = 0
        """Lines of bundles that were given in it."""
        self.endpoints = [
            Simulated(number + 1, Wire("127.0.0.1", server.port), self._measured) for number in range(count)
        ]
        self.busy: set[int] = set()
        self.inventory = _inventory()
        self.digest = digest(self.inventory)

    def _measured(self, what: str, took: float) -> None:
        self.times[what + self._while(time.monotonic() - took)].append(took)

    def _while(self, at: float) -> str:
        return ROLLING if self.changed_at <= at <= self.changed_at + ROLL_OUT else ""

    async def enrol(self, secret: str) -> None:
        """Everybody in, with a first sync and inventory."""
        limit = asyncio.Semaphore(AT_ONCE)

        async def one(endpoint: Simulated) -> None:
            async with limit:
                await self._tried(lambda: endpoint.enrol(secret))
                await self._tried(lambda: endpoint.sync(self.inventory, self.digest, whole=True))

        await asyncio.gather(*(one(each) for each in self.endpoints))

    async def _tried(self, step: Callable[[], Awaitable[None]]) -> None:
        for _ in range(20):
            try:
                await step()
                return
            except GoneError as error:
                self._lost(error)
                await asyncio.sleep(1 + random.random())
        raise RuntimeError("nobody answers")

    def _lost(self, error: GoneError) -> None:
        self.gone += 1
        self.reasons[str(error)] += 1

    async def run(self, seconds: float, rate: float, peak: float, kills: int) -> None:
        """Live for a while."""
        begun = time.monotonic()
        ends = begun + seconds
        tasks = [asyncio.create_task(self._syncs(each, ends)) for each in self.endpoints]
        tasks.append(asyncio.create_task(self._happens(ends, rate, peak)))
        tasks.append(asyncio.create_task(self._changes(begun + seconds / 2, ends)))
        tasks.append(asyncio.create_task(self._watch(ends)))
        if kills:
            tasks.append(asyncio.create_task(self._kills(begun, seconds, kills)))
        await asyncio.gather(*tasks)
        self.left = sum(len(each.waiting) for each in self.endpoints)
        until = time.monotonic() + FLUSH_SECONDS
        limit = asyncio.Semaphore(AT_ONCE)

        async def rest(endpoint: Simulated) -> None:
            async with limit:
                while endpoint.waiting and time.monotonic() < until:
                    await self._sent(endpoint)

        await asyncio.gather(*(rest(each) for each in self.endpoints))

    async def _syncs(self, endpoint: Simulated, ends: float) -> None:
        await _rest(random.random() * 60, ends)
        while time.monotonic() < ends:
            await self._sent(endpoint)
            try:
                await endpoint.sync(self.inventory, self.digest)
            except GoneError as error:
                self._lost(error)
                await asyncio.sleep(1 + random.random() * 2)
                continue
            await _rest(60 * (0.85 + 0.3 * random.random()), ends)

    async def _sent(self, endpoint: Simulated) -> None:
        """Send what waits, one at a time for each endpoint."""
        while endpoint.number in self.busy:
            await asyncio.sleep(0.01)
        self.busy.add(endpoint.number)
        try:
            await endpoint.send()
        except GoneError as error:
            self._lost(error)
            await asyncio.sleep(1)
        finally:
            self.busy.discard(endpoint.number)

    async def _refused(self, endpoint: Simulated) -> None:
        begun = time.monotonic()
        while endpoint.waiting and time.monotonic() - begun < 60:
            await self._sent(endpoint)
        self.late.append((begun, time.monotonic() - begun))

    async def _happens(self, ends: float, rate: float, peak: float) -> None:
        begun, due = time.monotonic(), 0.0
        running: set[asyncio.Task[None]] = set()
        last = begun
        while (now := time.monotonic()) < ends:
            high = (now - begun) % 60 < PEAK_SECONDS
            due += (now - last) * rate * (peak if high else 1.0)
            last = now
            for _ in range(int(due)):
                endpoint = random.choice(self.endpoints)
                verdict = random.choice(VERDICTS)
                endpoint.record(verdict, time.time())
                if verdict == "deny":
                    task = asyncio.create_task(self._refused(endpoint))
                    running.add(task)
                    task.add_done_callback(running.discard)
            due -= int(due)
            await asyncio.sleep(0.02)
        await asyncio.gather(*running)

    async def _changes(self, at: float, ends: float) -> None:
        await asyncio.sleep(max(at - time.monotonic(), 0))

        await asyncio.to_thread(_roll_out, self.server.folder)
        self.changed_at, used = time.monotonic(), self.server.look()[0]
        given = sum(each.bundles for each in self.endpoints)
        await _rest(ROLL_OUT, ends)
        self.rolled = self.server.look()[0] - used
        self.given = sum(each.bundles for each in self.endpoints) - given

    async def _watch(self, ends: float) -> None:
        while time.monotonic() < ends:
            with contextlib.suppress(psutil.Error):
                self.server.look()
            await asyncio.sleep(2)

    async def _kills(self, begun: float, seconds: float, kills: int) -> None:
        for at in sorted(random.uniform(seconds * 0.1, seconds * 0.85) for _ in range(kills)):
            await asyncio.sleep(max(begun + at - time.monotonic(), 0))
            self.server.stop(signal.SIGKILL)
            await asyncio.to_thread(self.server.start)


def _roll_out(folder: Path) -> None:
    """A policy of the shipped one's size and eighty approvals, for everybody."""
    now = text(int(time.time() * 1e6))
    sets = Path(spawngate.__file__).parent / "policy" / "sets"
    files = {"policy.toml": 'mode = "enforce"\n', "strict.cedar": (sets / "strict.cedar").read_text()}
    with open_fleet(folder / FOLDER) as database, database.begin() as connection:
        revision, _ = policies.save(connection, "bench", files, Report(valid=True), comment="", by="bench", now=now)
        policies.ready(connection, "bench", revision.id, Report(valid=True))
        for number in range(80):
            about = Requested(Identity("npx", ("-y", f"@example/server-{number}@1.{number}.0")))
            approvals.grant(connection, about, team=0, reach="organisation", by="bench", now=now)
        rolling.start(connection, revision.id, team=0, group="", mode="enforce", percent=100, by="bench", now=now)


def _as_a_shell_gives() -> None:
    """As few descriptors as most systems allow at first: a server has to ask for those that it needs."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(1_024, hard), hard))


async def _rest(seconds: float, ends: float) -> None:
    await asyncio.sleep(max(min(seconds, ends - time.monotonic()), 0))


def main(arguments: Sequence[str]) -> int:
    """Run it, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m bench fleet")
    parser.add_argument("--endpoints", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--rate", type=float, default=0, help="events a second; 0: 2,000 a day of each endpoint")
    parser.add_argument("--peak", type=float, default=20)
    parser.add_argument("--kill", type=int, default=0)
    given = parser.parse_args(arguments)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, given.endpoints * 2 + 2_000)), hard))
    rate = given.rate or given.endpoints * 2_000 / 86_400
    with tempfile.TemporaryDirectory(prefix="spawngate-fleet-") as name:
        folder = Path(name, "server")
        folder.mkdir(mode=0o700)
        server = Server(folder)
        server.start()
        try:
            fleet = Fleet(given.endpoints, server)
            asyncio.run(_lived(fleet, given, rate))
        finally:
            server.stop()
        return _judged(fleet, folder)


async def _lived(fleet: Fleet, given: argparse.Namespace, rate: float) -> None:
    server = fleet.server
    secret = await asyncio.to_thread(server.secret)
    begun, cpu = time.monotonic(), server.look()[0]
    await fleet.enrol(secret)
    took, used = time.monotonic() - begun, server.look()[0] - cpu
    count = len(fleet.endpoints)
    print(f"enrolled {count:,} with first sync and inventory in {took:.1f} s, {count / took:.0f} a second")
    print(f"CPU of the server: {used:.1f} s")
    _print_times(fleet)
    print(f"memory of the server: {server.look()[1]:.0f} MB")
    fleet.times.clear()
    begun, cpu, own = time.monotonic(), server.look()[0], time.process_time()
    await fleet.run(given.seconds, rate, given.peak, given.kill)
    took, used = time.monotonic() - begun, server.look()[0] - cpu
    made = sum(each.made for each in fleet.endpoints)
    asked = sum(len(times) for times in fleet.times.values())
    print(f"{fleet.left:,} events waited for their sync at the end, and were sent then")
    print(
        f"{made:,} events in {took:.0f} s ({made / given.seconds:.0f} a second), {asked / took:.0f} requests a second"
    )
    share = 100 * used / took
    resident = server.look()[1]
    print(
        f"CPU of the server: {share:.0f} % of a core, {1e3 * used / max(asked, 1):.2f} ms a request; "
        f"memory {resident:.0f} MB, peak {server.peak:.0f} MB"
    )
    print(
        f"CPU of the {count:,} endpoints: {100 * (time.process_time() - own) / took:.0f} % of a core; "
        f"load of the machine {os.getloadavg()[0]:.1f}"
    )
    _print_times(fleet)
    for when in ("", ROLLING):
        late = sorted(seconds for at, seconds in fleet.late if fleet._while(at) == when)
        if late:
            worst = f"median {late[len(late) // 2] * 1e3:.0f} ms, p99 {late[len(late) * 99 // 100] * 1e3:.0f} ms"
            print(f"a refusal{when} is at the server after {worst}, longest {late[-1] * 1e3:.0f} ms")
    if fleet.given:
        print(
            f"roll-out: {fleet.given:,} lines given; the server used {fleet.rolled:.1f} s of processor meanwhile, "
            "all requests included"
        )
    print(f"requests that nobody answered, and that came again: {fleet.gone} {dict(fleet.reasons.most_common(5))}")
    for each in fleet.endpoints:
        each.wire.close()


def _print_times(fleet: Fleet) -> None:
    for what, times in sorted(fleet.times.items()):
        ordered = sorted(times)
        shown = [
            f"{name} {ordered[int(len(ordered) * part)] * 1e3:.1f}" for name, part in (("median", 0.5), ("p99", 0.99))
        ]
        print(f"  {what:<28}{len(ordered):>8}  {', '.join(shown)}, longest {ordered[-1] * 1e3:.0f} ms")


def _judged(fleet: Fleet, folder: Path) -> int:
    """Whether everything that was made is there, once."""
    made = sum(each.made for each in fleet.endpoints)
    lost = doubled = 0
    with EmbeddedStore(folder / FOLDER) as store:
        own = store.events.head(store.own.endpoint, "server")[0]
        stored = store.events.stats().events - own
        for each in fleet.endpoints:
            head = store.events.head(each.id, each.head.stream)
            lost += each.made - head[0] if head[1] != each.head.hash or head[0] != each.made else 0
    doubled = max(stored - made, 0)
    missing = max(made - stored, 0)
    lost = max(lost, missing)
    print(f"in the store: {stored:,} of {made:,}; lost {lost}, doubled {doubled}; of the server itself {own:,}")
    return 1 if lost or doubled else 0


def _inventory() -> bytes:
    artifacts = [
        {
            "kind": "mcp_server" if number % 3 == 0 else "skill",
            "id": f"{number:024x}",
            "fingerprint": f"{number:032x}",
            "agent": "claude-code",
            "scope": "user",
            "name": f"artifact-{number}",
            "path": f"/home/u/.claude/{number}",
            "status": "enabled",
            "detail": {},
            "launch": {
                "transport": "stdio",
                "command": "npx",
                "args": ["-y", f"server-{number}"],
                "package": f"pkg:npm/s{number}",
            },
            "tier": "community",
            "capabilities": ["filesystem"],
        }
        for number in range(ARTIFACTS)
    ]
    return json.dumps({"taken_at": "2026-11-21T10:00:00Z", "platform": "linux", "artifacts": artifacts}).encode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
