"""Kill the launcher, its relay, the server, the daemon or the agent at random, in the start and under traffic.

    python -m bench launcher-kill [--rounds N] [--seed N] [--real]

After each kill nothing of the launch may be left (detached children included), the agent must see the end of its pipe,
and a server that ran must have been asked for. Every process of a round carries a word that is searched for.

With `--real` the daemon is the real one, killed in the middle of its work too. Every start is put on probation first.
Afterwards the trail must verify, hold the start of each server that ran and each call that reached one, and say of each
start that was allowed how it ended.
Must not be here: kills of two guards in the same moment (launcher and relay), which nothing below the kernel survives.
"""

import argparse
import contextlib
import json
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bench import daemon as real
from bench.launcher import Daemon
from spawngate.endpoint.launcher.place import install_launcher

SERVER = """
import json, os, sys, time
tag, ran = sys.argv[1:3]
try:
    file = open(ran, "a")
except OSError:
    file = open(os.devnull, "a")
file.write(tag + "\\n")
file.flush()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(3):
            os.close(number)
        time.sleep(120)
    os._exit(0)
for line in sys.stdin:
    message = json.loads(line)
    result = {"content": []}
    if message["method"] == "tools/call":
        file.write(tag + " called\\n")
        file.flush()
    elif message["method"] == "initialize":
        result = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}}
        result["serverInfo"] = {"name": "k", "version": "1"}
    elif message["method"] == "tools/list":
        result = {"tools": [{"name": "x", "inputSchema": {"type": "object"}}]}
    elif "id" not in message or message["method"] != "ping":
        continue
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}), flush=True)
"""
POLICY = 'base = "baseline"\nmode = "enforce"\n'
OPENING = b"".join(
    json.dumps({"jsonrpc": "2.0", "id": method, "method": method, "params": params}).encode() + b"\n"
    for method, params in (
        (
            "initialize",
            {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "k", "version": "1"}},
        ),
        ("tools/list", {}),
    )
)
TARGETS = ("launcher", "relay", "server", "daemon", "agent", "agent's output")
AFTER_SERVER = 2.0
"""Seconds for which an agent goes on when a process of the server is killed."""
ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
"""The agent's."""
AFTER_DAEMON = 0.2
"""Seconds for which an agent goes on when the daemon is killed."""
PATIENCE = 10.0
"""Seconds within which everything is over: four of them are the server's own when the agent leaves."""


class Killed(Protocol):
    """A daemon that can be killed and started again."""

    def start(self) -> None:
        """Start it and wait until it listens."""

    def kill(self) -> None:
        """At once."""


def tagged(tag: str) -> dict[int, str]:
    """Processes whose words hold the tag, with the words."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                words = Path(f"/proc/{name}/cmdline").read_bytes()
            except OSError:
                continue
            if tag.encode() in words:
                found[int(name)] = words.replace(b"\0", b" ").decode(errors="replace")
    return found


def victim(target: str, launcher: int, tag: str) -> int:
    """The process to kill; 0 where it is not there yet."""
    if target == "launcher":
        return launcher
    for process, words in tagged(tag).items():
        if process == launcher:
            continue
        if (target == "relay") == ("launcher/main.py" in words):
            return process
    return 0


def one_round(
    words: Sequence[str],
    tag: str,
    chance: random.Random,
    daemon: Killed,
    moments: Sequence[float],
    opening: bytes = b"",
) -> str:
    """What went wrong; empty where nothing did. `moments`: seconds around which something is killed."""
    target = chance.choice(TARGETS)
    process = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT
    )
    assert process.stdin is not None
    assert process.stdout is not None
    moment = time.monotonic() + chance.choice(moments) * chance.random() * 2
    call = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":{}}}\n'
    os.set_blocking(process.stdin.fileno(), False)
    if opening:
        os.write(process.stdin.fileno(), opening)
    killed = False
    leaves = float("inf")
    until = moment + PATIENCE
    ended = False
    while time.monotonic() < until and not ended:
        if not killed and time.monotonic() >= moment:
            killed = True
            if target == "agent":
                process.stdin.close()
            elif target == "agent's output":
                process.stdout.close()
                process.stdin.close()
                ended = True
            elif target == "daemon":
                daemon.kill()
                leaves = time.monotonic() + AFTER_DAEMON
            elif number := victim(target, process.pid, tag):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
                if target == "server":
                    # It may have been a child that the server left alone, and then the server goes on.
                    leaves = time.monotonic() + AFTER_SERVER
            else:
                process.stdin.close()
        if time.monotonic() >= leaves:
            process.stdin.close()
        if not process.stdin.closed:
            with contextlib.suppress(BlockingIOError, BrokenPipeError):
                os.write(process.stdin.fileno(), call)
        if not ended and select.select([process.stdout], [], [], 0.005)[0]:
            ended = os.read(process.stdout.fileno(), 1 << 16) == b""
    problem = "" if ended else "the agent saw no end"
    left = tagged(tag)
    while left and time.monotonic() < until:
        time.sleep(0.01)
        process.poll()
        left = tagged(tag)
    if left:
        problem = f"{problem} left: {sorted(left.values())}"
        for number in left:
            os.kill(number, signal.SIGKILL)
    process.kill()
    for pipe in (process.stdin, process.stdout):
        pipe.close()
    process.wait()
    if target == "daemon" and killed:
        daemon.start()
    return f"{target}: {problem}" if problem else ""


class Real:
    """The real daemon, forked from one that has loaded everything, so that it is soon there again."""

    def __init__(self, state: Path) -> None:
        self.daemon = real.Daemon(state)
        self.start = self.daemon.fork
        self.kill = self.daemon.kill_fork


def held_against_trail(state: Path, marks: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Counts of what the trail has, and what it should have and has not. `marks`: what the servers wrote."""
    records = list(real.Daemon(state).records())
    starts: dict[str, str] = {}
    calls: Counter[str] = Counter()
    over = set()
    for record in records:
        detail = record.get("detail", {})
        if record["type"] == "launch" and (
            detail["what"] == "ended" or (detail["what"] == "probed" and record["decision"]["verdict"] == "deny")
        ):
            over.add(detail["launch"])
        if record["type"] != "decision" or record["decision"]["verdict"] == "deny":
            continue
        if record["call"]["kind"] == "launch":
            starts[detail["launch"]] = detail["entry"]
        elif record["channel"] == "launcher":
            calls[record["actor"]["session"]] += 1
    entries = set(starts.values())
    by_entry = Counter({entry: calls[launch] for launch, entry in starts.items()})
    reached = Counter(mark.split()[0] for mark in marks if mark.endswith(" called"))
    ran = {mark for mark in marks if " " not in mark}
    problems = [f"{tag} ran, and its start is not recorded" for tag in sorted(ran - entries)]
    problems += [
        f"{tag} got {number} calls, of which {by_entry[tag]} are recorded"
        for tag, number in reached.items()
        if number > by_entry[tag]
    ]
    problems += [f"{starts[launch]}: nothing says how {launch} ended" for launch in sorted(starts.keys() - over)]
    counts = {
        "allowed starts": len(starts),
        "with an end": len(starts.keys() & over),
        "servers that ran": len(ran),
        "calls that reached one": reached.total(),
        "calls recorded": calls.total(),
    }
    return counts, problems


def main(arguments: Sequence[str]) -> int:
    """0 where nothing was left, nothing hung and nothing is missing in the trail."""
    parser = argparse.ArgumentParser(prog="bench launcher-kill", description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", action="store_true", help="with the real daemon, probations and calls")
    options = parser.parse_args(arguments)
    # What is started must not lie in a temporary folder: the baseline refuses that.
    with tempfile.TemporaryDirectory(dir=Path.home() if options.real else None, prefix=".spawngate-kill-") as folder:
        return (run_real if options.real else run)(Path(folder), options.rounds, random.Random(options.seed))


def told(rounds: int, seconds: float, ran: int, problems: Sequence[str]) -> int:
    """Print the outcome; the exit code."""
    print(f"{rounds} rounds in {seconds:.0f} s, {ran} servers ran, {len(problems)} problems")
    return 1 if problems else 0


def run_real(folder: Path, rounds: int, chance: random.Random) -> int:
    """With the real daemon."""
    state = folder / "state"
    (state / "policy").mkdir(parents=True, mode=0o700)
    state.chmod(0o700)
    (state / "policy/policy.toml").write_text(POLICY)
    script, ran = folder / "server.py", folder / "ran"
    script.write_text(SERVER)
    ran.write_text("")
    launcher = install_launcher(
        state, closed=True, socket=str(state / "daemon.sock"), spool=str(state / "spool"), deadline_ms=5_000
    )
    begun, problems = time.monotonic(), []
    killed = Real(state)
    killed.start()
    for number in range(rounds):
        tag = f"{os.getpid():08x}{number:016x}"
        words = [*launcher.argv, "--id", tag, "--", sys.executable, str(script), tag, str(ran)]
        if problem := one_round(words, tag, chance, killed, (0.0, 0.05, 0.2, 0.4, 0.8), OPENING):
            problems.append(f"round {number}, {problem}")
            print(problems[-1], flush=True)
    time.sleep(3)  # the daemon looks for launchers that are gone once in a second
    os.kill(killed.daemon.pid, signal.SIGTERM)
    while os.path.exists(f"/proc/{killed.daemon.pid}"):
        time.sleep(0.01)
    killed.daemon.close()
    counts, missing = held_against_trail(state, ran.read_text().splitlines())
    code, words_ = killed.daemon.verified()
    problems += missing
    if code:
        problems.append(f"audit verify: {words_}")
    print(*(f"{name}: {number}" for name, number in counts.items()), words_.splitlines()[-1], sep="; ")
    print(*missing[:20], sep="\n")
    return told(rounds, time.monotonic() - begun, counts["servers that ran"], problems)


def run(state: Path, rounds: int, chance: random.Random) -> int:
    """With a daemon that allows everything at once."""
    problems = []
    script, ran, log = state / "server.py", state / "ran", state / "asked"
    script.write_text(SERVER)
    ran.write_text("")
    launcher = install_launcher(
        state, closed=True, socket=str(state / "run/daemon.sock"), spool=str(state / "spool"), deadline_ms=5_000
    )
    begun = time.monotonic()
    with Daemon(state / "run", sys.executable, log) as daemon:
        for number in range(rounds):
            tag = f"launcher-kill-{os.getpid()}-{number}"
            words = [*launcher.argv, "--id", tag, "--", sys.executable, str(script), tag, str(ran)]
            if problem := one_round(words, tag, chance, daemon, (0.0, 0.02, 0.05, 0.1, 0.3)):
                problems.append(f"round {number}, {problem}")
                print(problems[-1], flush=True)
    asked = log.read_text(errors="replace")
    started = {mark for mark in ran.read_text().splitlines() if " " not in mark}
    problems += [f"{tag} ran and was not asked for" for tag in sorted(started) if f'"{tag}"' not in asked]
    return told(rounds, time.monotonic() - begun, len(started), problems)
