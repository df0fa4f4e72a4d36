"""A daemon of its own for a benchmark, clients that speak to it, and the trail that it leaves, read from outside.

Belongs here: starting and ending the process, frames as docs/hook-protocol.md has them, the files of the trail.
Must not be here: imports from `spawngate`, and what a benchmark promises.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

AGENT = "claude-code"

FORGE = """
import os, signal, sys
from pathlib import Path
from spawngate.endpoint.daemon.assemble import assemble, warm_up
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.daemon.run import Options, run
from spawngate.endpoint.state import State
state = State(Path(sys.argv[1]))
for _ in warm_up(assemble(state, place(state.folder)).service):
    pass
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
sys.stdout.write("ready\\n")
sys.stdout.flush()
for line in sys.stdin:
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(0)
        try:
            run(state, Options(inventory=False))
        finally:
            os._exit(0)
    sys.stdout.write(f"{pid}\\n")
    sys.stdout.flush()
"""
"""Imports everything once and forks a daemon for every line that it reads: for benchmarks that start many."""


@dataclass
class Daemon:
    """One daemon with its own state folder."""

    state: Path
    process: "subprocess.Popen[bytes] | None" = None
    forge: "subprocess.Popen[str] | None" = None
    """Where daemons are forked from, for benchmarks that start many."""
    pid: int = 0

    @property
    def socket(self) -> str:
        """Path of its socket."""
        return os.fspath(self.state / "daemon.sock")

    def environment(self) -> dict[str, str]:
        """Variables of its processes."""
        return {**os.environ, "SPAWNGATE_STATE_DIR": os.fspath(self.state)}

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "spawngate", "daemon", "run", "--no-inventory"],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                self.status()
                return
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError("the daemon ended at once") from None
                time.sleep(0.02)
        raise RuntimeError("the daemon does not answer")

    def fork(self) -> None:
        """Start it as a fork of a process that has imported everything, and wait until it answers."""
        if self.forge is None:
            self.forge = subprocess.Popen(
                [sys.executable, "-c", FORGE, os.fspath(self.state)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert self.forge.stdout is not None
            assert self.forge.stdout.readline() == "ready\n"
        assert self.forge.stdin is not None
        assert self.forge.stdout is not None
        self.forge.stdin.write("start\n")
        self.forge.stdin.flush()
        self.pid = int(self.forge.stdout.readline())
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if self.status()["pid"] == self.pid:
                    return
            except OSError:
                pass
            time.sleep(0.005)
        raise RuntimeError("the daemon does not answer")

    def kill_fork(self) -> None:
        """End the fork without warning, and wait until it is gone."""
        os.kill(self.pid, signal.SIGKILL)
        while os.path.exists(f"/proc/{self.pid}"):
            time.sleep(0.001)

    def close(self) -> None:
        """End what forks daemons."""
        if self.forge is not None:
            assert self.forge.stdin is not None
            assert self.forge.stdout is not None
            self.forge.stdin.close()
            self.forge.wait(30)
            self.forge.stdout.close()

    def kill(self) -> None:
        """End it without warning."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it as a system does."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(30)

    def status(self) -> dict[str, Any]:
        """What it says about itself."""
        answer = ask(self.socket, b"agent=.control\0event=status\0", b"")
        found = json.loads(answer[16:-4])
        assert isinstance(found, dict)
        return found

    def verified(self) -> tuple[int, str]:
        """Exit code and text of `spawngate audit verify`."""
        done = subprocess.run(
            [sys.executable, "-m", "spawngate", "audit", "verify"],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout.strip()

    def records(self) -> Iterator[dict[str, Any]]:
        """Records of its trail, oldest first."""
        for path in sorted((self.state / "trail").glob("*.ndjson")):
            with path.open("rb") as file:
                for line in file:
                    if line.strip(b"\0\n"):
                        yield json.loads(line)


def ask(path: str, header: bytes, payload: bytes, seconds: float = 10.0) -> bytes:
    """The whole answer frame to one request. Raises OSError where there is none, ConnectionError for half a one."""
    frame = b"SGQ1" + len(header).to_bytes(4, "big") + len(payload).to_bytes(4, "big") + header + payload
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(seconds)
        client.connect(path)
        client.sendall(frame)
        data = b""
        while block := client.recv(65_536):
            data += block
    if data[:4] != b"SGA1" or data[-4:] != b"1AGS":
        raise ConnectionError("no whole answer")
    return data


@dataclass
class Load:
    """Clients at work at the same time, each asking one thing after the other."""

    socket: str
    calls: Iterator[bytes]
    clients: int = 8
    limit: int = 0
    """Calls in all; 0 for no limit."""
    answered: list[str] = field(default_factory=list)
    """Ids of calls with a whole answer."""
    asked: int = 0
    failures: int = 0
    milliseconds: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: list[threading.Thread] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin."""
        for _ in range(self.clients):
            thread = threading.Thread(target=self._work)
            thread.start()
            self._threads.append(thread)

    def wait(self, each_second: Callable[[], None] | None = None) -> None:
        """Until the limit is reached."""
        while any(thread.is_alive() for thread in self._threads):
            self._threads[0].join(1.0)
            if each_second is not None:
                each_second()
        self.end()

    def end(self) -> None:
        """Ask nothing more, and wait for what is asked."""
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        header = f"agent={AGENT}\0".encode()
        while not self._ended.is_set():
            with self._lock:
                if self.limit and self.asked >= self.limit:
                    return
                self.asked += 1
                payload = next(self.calls)
            begun = time.perf_counter()
            try:
                ask(self.socket, header, payload)
            except OSError:
                self.failures += 1
                if self._ended.is_set():
                    return
                time.sleep(0.005)
                continue
            self.milliseconds.append((time.perf_counter() - begun) * 1000)
            self.answered.append(json.loads(payload)["tool_use_id"])
