"""What a hook call costs an agent: whole processes, in one interleaved run, as ratios to `true`.

Every round starts each program once, in a new random order: `true`, `sh -c true`, the native client, the client in
Python, and one peer's hook from npm. Alone, then with several sessions that start the same program at the same moment.
Belongs here: the figures and what holds them. Must not be here: the daemon's own split of time (`bench.decision`).

A call is timed from before the process is made until it has ended and its output is read. The event comes from a file,
the output goes into a pipe. A round only counts if the daemon gave every answer: the clients' spool must stay away.
"""

import argparse
import json
import multiprocessing
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spawngate.endpoint.client.place import install_client, packaged_native
from spawngate.endpoint.client.settings import write_settings
from spawngate.endpoint.protect.client import all_hooks, conf_for
from spawngate.model.call import HookReply
from spawngate.model.errors import StateError
from spawngate.model.hookconf import Fallback
from spawngate.policy.settings import PolicySettings

AGENT = "claude-code"
PEER = "cc-safety-net"
PEER_VERSION = "2.4.5"
CONTEXT = multiprocessing.get_context("spawn")
ALONE = b"decided alone"
MEDIAN_BUDGET = 2.0
P99_BUDGET = 10.0
GONE_BUDGET_MS = 50.0
PEER_ROUNDS = 8
"""With several sessions, the peer takes part in one of so many rounds: it needs fifty times as long as the rest."""

STUB = """
import socket, struct, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen(128)
print("ready", flush=True)
answer = b"SGA1" + struct.pack(">III", 0, 0, 0) + b"1AGS"
while True:
    client, _ = server.accept()
    with client:
        data = b""
        while len(data) < 12 or len(data) < 12 + sum(struct.unpack(">II", data[4:12])):
            data += client.recv(65536)
        client.sendall(answer)
"""


@dataclass(frozen=True, slots=True)
class Program:
    """One thing to be timed."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str]
    peer: bool = False


def event(command: str) -> bytes:
    """A PreToolUse event as Claude Code sends it."""
    return json.dumps(
        {
            "session_id": "b1c7",
            "transcript_path": "/home/dev/.claude/projects/app/b1c7.jsonl",
            "cwd": "/home/dev/app",
            "permission_mode": "default",
            "hook_event_name": "PreToolUse",
            "tool_name": "Bash",
            "tool_input": {"command": command, "description": "look"},
            "tool_use_id": "toolu_01A",
        }
    ).encode()


def once(program: Program, source: str) -> tuple[float, bytes, int]:
    """Seconds, output and exit code of one call."""
    reading, writing = os.pipe()
    begun = time.perf_counter()
    pid = os.posix_spawn(
        program.argv[0],
        program.argv,
        program.environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, source, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, writing, 1),
            (os.POSIX_SPAWN_DUP2, writing, 2),
            (os.POSIX_SPAWN_CLOSE, reading),
        ],
    )
    os.close(writing)
    output = b""
    while block := os.read(reading, 65536):
        output += block
    _, status = os.waitpid(pid, 0)
    seconds = time.perf_counter() - begun
    os.close(reading)
    return seconds, output, os.waitstatus_to_exitcode(status)


def alone(programs: Sequence[Program], source: str, rounds: int) -> dict[str, list[float]]:
    """Seconds of every program in every round, one call at a time."""
    chance = random.Random(1)
    times: dict[str, list[float]] = {program.name: [] for program in programs}
    for _ in range(rounds):
        for program in chance.sample(programs, len(programs)):
            times[program.name].append(once(program, source)[0])
    return times


def _session(
    programs: Sequence[Program], source: str, rounds: int, barrier: Any, results: Any
) -> None:  # Any: multiprocessing's own types are those of a context
    chance = random.Random(2)  # the same order in every session, so that all start the same program at once
    times: dict[str, list[float]] = {program.name: [] for program in programs}
    for number in range(rounds):
        for program in chance.sample(programs, len(programs)):
            if program.peer and number % PEER_ROUNDS:
                continue
            barrier.wait()
            times[program.name].append(once(program, source)[0])
    results.put(times)


def together(programs: Sequence[Program], source: str, rounds: int, sessions: int) -> dict[str, list[float]]:
    """The same from several processes, each of which plays an agent's session."""
    barrier, results = CONTEXT.Barrier(sessions), CONTEXT.Queue()
    workers = [
        CONTEXT.Process(target=_session, args=(programs, source, rounds, barrier, results)) for _ in range(sessions)
    ]
    for worker in workers:
        worker.start()
    times: dict[str, list[float]] = {program.name: [] for program in programs}
    for _ in workers:
        for name, found in results.get().items():
            times[name].extend(found)
    for worker in workers:
        worker.join()
    return times


def p99(times: Sequence[float]) -> float:
    """The time that one call in a hundred exceeds."""
    return sorted(times)[max(0, -(-99 * len(times) // 100) - 1)]


def table(times: Mapping[str, Sequence[float]]) -> str:
    """Milliseconds and ratios, one program a row."""
    middle, worst = statistics.median(times["true"]), p99(times["true"])
    lines = [
        "| | calls | min ms | median ms | p99 ms | median x true | p99 x true's median | p99 x true's p99 |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, found in times.items():
        median, tail = statistics.median(found), p99(found)
        lines.append(
            f"| {name} | {len(found)} | {min(found) * 1e3:.2f} | {median * 1e3:.2f} | {tail * 1e3:.2f} "
            f"| {median / middle:.2f} | {tail / middle:.1f} | {tail / worst:.2f} |"
        )
    return "\n".join(lines)


def configure(state: Path, socket: str) -> Path:
    """hook.conf as `protect` writes it, with an answer that shows that the daemon was not asked. The spool's path."""
    spool = state / "hook" / "spool"
    conf = conf_for(all_hooks(), PolicySettings(), socket, str(spool))
    refusal = Fallback(AGENT, HookReply(stdout=ALONE, exit_code=2), closed=True)
    write_settings(state, replace(conf, fallbacks=(*conf.fallbacks, refusal)))
    return spool


@contextmanager
def real_daemon(state: Path) -> Iterator[str]:
    """The daemon of this checkout, with the shipped policy and no inventory. Its socket."""
    from spawngate.endpoint.daemon.control import start, stop
    from spawngate.endpoint.daemon.place import place

    start(state, ("--no-inventory",))
    try:
        yield str(place(state).socket)
    finally:
        stop(state)


@contextmanager
def stub_daemon(state: Path) -> Iterator[str]:
    """A process that gives one answer to everything. Its socket."""
    folder = state / "run"
    folder.mkdir(mode=0o700, parents=True)
    path = str(folder / "daemon.sock")
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", STUB, path], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield path
        finally:
            process.terminate()


@contextmanager
def daemon(state: Path, *, stub: bool) -> Iterator[str]:
    """The real daemon; where that was not asked for or does not start, the stub. Says which. Its socket."""
    with ExitStack() as running:
        words = "a stub with one fixed answer"
        try:
            socket = running.enter_context(stub_daemon(state) if stub else real_daemon(state))
            words = words if stub else "the real one, shipped policy"
        except (ImportError, StateError) as error:
            socket = running.enter_context(stub_daemon(state))
            words += f", because the real one does not start ({error})"
        print(f"daemon: {words}")
        yield socket


def peer(folder: Path) -> Program | None:
    """One peer's hook, installed into `folder` without running any of its scripts; None where it is not to be had.

    Read before it was listed here: `hook --claude-code` reads the event, judges it by built-in and project rules, and
    prints; it starts and contacts nothing. It gets a home of its own.
    """
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        return None
    words = [npm, "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run([*words, f"{PEER}@{PEER_VERSION}"], capture_output=True, check=False)
    program = folder / "node_modules" / PEER / "dist" / "bin" / f"{PEER}.js"
    if done.returncode != 0 or not program.is_file():
        return None
    home = folder / "home"
    home.mkdir(exist_ok=True)
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin"}
    return Program(f"{PEER} {PEER_VERSION}", (node, str(program), "hook", "--claude-code"), environment, peer=True)


def clients(state: Path) -> list[Program]:
    """Both clients, in one state folder."""
    found = []
    if packaged_native() is not None:
        native = install_client(state, "native")
        kind = "dynamic" if native.preloadable else "static"
        found.append(Program(f"native client ({kind})", (*native.argv, AGENT), {}))
    return [*found, Program("client in Python", (*install_client(state, "python").argv, AGENT), {})]


def gone(ours: Sequence[Program], source: str, rounds: int) -> tuple[list[str], bool]:
    """Figures without a daemon, and whether the verdict of the first client came within the budget."""
    lines, good = [], True
    for program in ours:
        found = [once(program, source) for _ in range(rounds)]
        assert all(output.startswith(ALONE) and code == 2 for _, output, code in found)
        times = [seconds for seconds, _, _ in found]
        # The budget is the first client's; an interpreter's start on a busy machine is the machine's matter.
        good = good and (program is not ours[0] or p99(times) * 1e3 <= GONE_BUDGET_MS)
        lines.append(f"| {program.name} | {statistics.median(times) * 1e3:.2f} | {p99(times) * 1e3:.2f} |")
    return lines, good


def main(arguments: Sequence[str]) -> int:
    """Print the tables. 0 where the budgets are kept, 1 where not, 2 for wrong usage or nothing to measure."""
    parser = argparse.ArgumentParser(prog="bench hook-latency", description=__doc__)
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--sessions", type=int, default=8)
    parser.add_argument("--stub", action="store_true", help="a daemon with one fixed answer instead of the real one")
    parser.add_argument("--no-peer", action="store_true", help="install and time no peer")
    parser.add_argument("--command", default="git status", help="the command that the event holds")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="sg-lat-") as temporary:
        root = Path(temporary)
        (root / "home").mkdir()
        os.environ["HOME"] = str(root / "home")
        state = root / "state"
        source = root / "event.json"
        source.write_bytes(event(options.command))
        programs = [
            Program("true", (shutil.which("true") or "/bin/true",), {}),
            Program("sh -c true", ("/bin/sh", "-c", "true"), {"PATH": "/usr/bin:/bin"}),
            *clients(state),
        ]
        ours = programs[2:]
        other = None if options.no_peer else peer(root / "peer")
        if other is None:
            print("no peer in this run" if options.no_peer else f"no peer in this run: {PEER} could not be installed")
        else:
            programs.append(other)
        with daemon(state, stub=options.stub) as socket:
            spool = configure(state, socket)
            for program in programs:
                _, output, code = once(program, str(source))
                if code != 0 or ALONE in output:
                    print(f"{program.name} does not do its work: exit {code}, {output[:200]!r}", file=sys.stderr)
                    return 2
            single = alone(programs, str(source), options.rounds)
            several = together(programs, str(source), options.rounds, options.sessions)
            if spool.exists():
                print(f"{len(spool.read_bytes().splitlines())} calls were not answered by the daemon", file=sys.stderr)
                return 1
        print(f"\nalone, {options.rounds} rounds\n\n{table(single)}")
        print(f"\n{options.sessions} sessions at once, {options.rounds} rounds\n\n{table(several)}")
        lines, in_time = gone(ours, str(source), options.rounds // 4)
        print("\nwithout a daemon\n\n| | median ms | p99 ms |\n| --- | --- | --- |", *lines, sep="\n")
    client = ours[0].name
    middle = statistics.median(single[client]) / statistics.median(single["true"])
    tail = p99(several[client]) / statistics.median(several["true"])
    kept = middle <= MEDIAN_BUDGET and tail <= P99_BUDGET and in_time
    print(
        f"\n{client}: median {middle:.2f} x true (budget {MEDIAN_BUDGET:.0f}), p99 with {options.sessions} sessions "
        f"{tail:.1f} x true's median (budget {P99_BUDGET:.0f}), without a daemon within {GONE_BUDGET_MS:.0f} ms: "
        f"{'yes' if in_time else 'no'}: {'kept' if kept else 'MISSED'}"
    )
    return 0 if kept else 1
