"""What the launcher costs: start, time per message, throughput and memory, against a direct pipe in the same run.

    python -m bench launcher [--rounds N]

The server is cat(1), so that nothing but the way to it is measured; runs are interleaved. The daemon is a process of
its own that allows everything at once; then the start is split with the real one (`launcher_split`).
Must not be here: what is right (tests/endpoint/launcher).
"""

import argparse
import contextlib
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from spawngate.endpoint.client.place import interpreter
from spawngate.endpoint.launcher.place import install_launcher

CAT = "/bin/cat"
START_BUDGET = 30.0
"""Milliseconds added to a start."""
MESSAGE_BUDGET = 100.0
"""Microseconds added to a message, at the median."""
MEMORY_BUDGET = 20.0
"""Megabytes resident, launcher and relay together."""


def serve(folder: Path, program: str, log: str) -> None:
    """The daemon: allows everything, and writes down what it was asked before it answers. Ends with its parent."""
    os.chdir(folder)
    allow: dict[str, object] = {
        "verdict": "allow",
        "launch": "1",
        "fingerprint": "",
        "message": "",
        "program": program,
        "probe": None,
        "confine": None,
        "drop": [],
        "relay": {"tools": True, "pins": True},
    }
    answer = json.dumps(allow).encode()
    frame = b"SGA1" + b"".join(number.to_bytes(4, "big") for number in (0, len(answer), 0)) + answer + b"1AGS"
    with socket.socket(socket.AF_UNIX) as server, Path(log or os.devnull).open("ab", buffering=0) as file:
        Path("daemon.sock").unlink(missing_ok=True)
        server.bind("daemon.sock")
        server.listen(64)
        print("ready", flush=True)
        while True:
            connection, _ = server.accept()
            with connection:
                data = b""
                while len(data) < 12 or len(data) < 12 + int.from_bytes(data[4:8], "big") + int.from_bytes(
                    data[8:12], "big"
                ):
                    block = connection.recv(1 << 20)
                    if not block:
                        break
                    data += block
                else:
                    file.write(data + b"\n")
                    try:
                        connection.sendall(frame)
                    except OSError:
                        continue


class Daemon:
    """The daemon as a process."""

    def __init__(self, folder: Path, program: str, log: Path | None = None) -> None:
        folder.mkdir(mode=0o700)
        self._words = [sys.executable, __file__, str(folder), program, str(log or "")]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        self._process = subprocess.Popen(self._words, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def kill(self) -> None:
        """At once."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def __enter__(self) -> "Daemon":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def line(size: int) -> bytes:
    """A notification of about `size` bytes."""
    return (
        json.dumps({"jsonrpc": "2.0", "method": "notifications/message", "params": {"x": "y" * size}}).encode() + b"\n"
    )


def call(size: int) -> bytes:
    """A call of a tool: the daemon is asked."""
    params = {"name": "echo", "arguments": {"x": "y" * size}}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}).encode() + b"\n"


class Running:
    """A server, direct or behind the launcher."""

    def __init__(self, words: Sequence[str]) -> None:
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.stdin, self.stdout = self.process.stdin.fileno(), self.process.stdout.fileno()

    def exchange(self, data: bytes) -> float:
        """Seconds until a line is back."""
        begun = time.perf_counter()
        os.write(self.stdin, data)
        left = len(data)
        while left > 0:
            left -= len(os.read(self.stdout, 1 << 16))
        return time.perf_counter() - begun

    def throughput(self, data: bytes) -> float:
        """Megabytes per second of one direction, all of `data` there and back."""
        os.set_blocking(self.stdin, False)
        begun, sent, got = time.perf_counter(), 0, 0
        os.set_blocking(self.stdout, False)
        view = memoryview(data)
        while got < len(data):
            if sent < len(data):
                with contextlib.suppress(BlockingIOError):
                    sent += os.write(self.stdin, view[sent : sent + 65536])
            try:
                got += len(os.read(self.stdout, 1 << 18))
            except BlockingIOError:
                if sent == len(data):
                    time.sleep(0.0002)
        os.set_blocking(self.stdin, True)
        os.set_blocking(self.stdout, True)
        return len(data) / (time.perf_counter() - begun) / 1e6

    def resident(self) -> float:
        """Megabytes of the launcher and the relay, the server not counted."""
        total, processes = 0, [self.process.pid]
        processes += map(int, Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split())
        for process in processes:
            status = Path(f"/proc/{process}/status").read_text()
            total += int(next(one.split()[1] for one in status.splitlines() if one.startswith("VmRSS")))
        return total / 1024

    def close(self) -> None:
        """End of input, and wait."""
        self.process.communicate()


def starts(direct: Sequence[str], launched: Sequence[str], rounds: int) -> tuple[list[float], list[float], list[float]]:
    """Milliseconds from the start of the process to the first line back, for both, and those of a bare Python."""
    found: tuple[list[float], list[float], list[float]] = ([], [], [])
    for _ in range(rounds):
        for words, times in zip((direct, launched), found[:2], strict=True):
            one = Running(words)
            one.exchange(line(100))
            times.append((time.perf_counter() - one.begun) * 1000)
            one.close()
        begun = time.perf_counter()
        subprocess.run([interpreter(), "-I", "-S", "-B", "-c", "pass"], check=True)
        found[2].append((time.perf_counter() - begun) * 1000)
    return found


def main(arguments: Sequence[str]) -> int:
    """0 where every budget is kept, 1 where one is not."""
    parser = argparse.ArgumentParser(prog="bench launcher", description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        launcher = install_launcher(
            state, closed=True, socket=str(state / "run/daemon.sock"), spool=str(state / "spool"), deadline_ms=60_000
        )
        launched = [*launcher.argv, "--id", "bench", "--", "cat"]
        with Daemon(state / "run", CAT):
            code = measure([CAT], launched, options.rounds)
    from bench import launcher_split  # this file is also a program by itself, and then there is no package

    # The baseline refuses what is run in a temporary folder.
    with tempfile.TemporaryDirectory(dir=Path.home(), prefix=".spawngate-bench-") as folder:
        launcher_split.split(Path(folder), options.rounds)
    return code


def processor_time(words: Sequence[str], rounds: int) -> float:
    """Milliseconds of processor time of one start, one line and the end, at the median: what load does not change."""
    found = []
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        one = Running(words)
        one.exchange(line(100))
        one.close()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        found.append((after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000)
    return statistics.median(found)


def measure(direct: Sequence[str], launched: Sequence[str], rounds: int) -> int:
    """Print the figures and hold them against the budgets."""
    before, after, bare = starts(direct, launched, rounds)
    added = statistics.median(after) - statistics.median(before)
    print(f"start        direct {statistics.median(before):.1f} ms, launched {statistics.median(after):.1f} ms, "
          f"added {added:.1f} ms (best {min(after) - min(before):.1f}); budget {START_BUDGET:.0f}; "
          f"a bare Python {statistics.median(bare):.1f} ms (best {min(bare):.1f})")  # fmt: skip
    times_used = [processor_time(words, rounds) for words in (direct, launched)]
    print(
        f"processor    start, one line and end: direct {times_used[0]:.1f} ms, launched {times_used[1]:.1f} ms, "
        f"added {times_used[1] - times_used[0]:.1f}"
    )
    good = added <= START_BUDGET
    one, other = Running(direct), Running(launched)
    for size in (100, 10_000):
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(rounds * 50):
            for running, into in zip((one, other), times, strict=True):
                into.append(running.exchange(line(size)))
        medians = [statistics.median(each) * 1e6 for each in times]
        per = (medians[1] - medians[0]) / 2
        print(f"message      {size} bytes: there and back direct {medians[0]:.0f} us, launched {medians[1]:.0f} us, "
              f"added per message {per:.0f} us; budget {MESSAGE_BUDGET:.0f}")  # fmt: skip
        good = good and per <= MESSAGE_BUDGET
    calls = statistics.median(other.exchange(call(100)) for _ in range(rounds * 10)) * 1e6
    print(f"tools/call   there and back {calls:.0f} us, a daemon's answer among it")
    data = line(1000) * 20_000
    rates = [statistics.median(running.throughput(data) for _ in range(3)) for running in (one, other)]
    print(f"throughput   lines of 1 kB: direct {rates[0]:.0f} MB/s, launched {rates[1]:.0f} MB/s "
          f"({rates[1] * 1e6 / len(line(1000)):.0f} lines/s)")  # fmt: skip
    memory = other.resident()
    print(f"memory       {memory:.1f} MB resident, launcher and relay; budget {MEMORY_BUDGET:.0f}")
    good = good and memory <= MEMORY_BUDGET
    one.close()
    other.close()
    return 0 if good else 1


if __name__ == "__main__":
    serve(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
