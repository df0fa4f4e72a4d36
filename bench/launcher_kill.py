"""Kill the launcher, its relay, the server, the daemon or the agent at random, in the start and under traffic.

    python -m bench launcher-kill [--rounds N] [--seed N]

After each kill nothing of the launch may be left (detached children included), the agent must see the end of its pipe,
and a server that ran must have been asked for. Every process of a round carries a word that is searched for.
Must not be here: kills of two guards in the same moment (launcher and relay), which nothing below the kernel survives.
"""

import argparse
import contextlib
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.launcher import Daemon
from spawngate.endpoint.launcher.place import install_launcher

SERVER = """
import json, os, sys, time
tag, ran = sys.argv[1:3]
with open(ran, "a") as file:
    file.write(tag + "\\n")
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(3):
            os.close(number)
        time.sleep(120)
    os._exit(0)
for line in sys.stdin:
    message = json.loads(line)
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": {"content": []}}), flush=True)
"""
TARGETS = ("launcher", "relay", "server", "daemon", "agent", "agent's output")
PATIENCE = 10.0
"""Seconds within which everything is over: four of them are the server's own when the agent leaves."""


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


def one_round(words: Sequence[str], tag: str, chance: random.Random, daemon: Daemon) -> str:
    """What went wrong; empty where nothing did."""
    target = chance.choice(TARGETS)
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdin is not None
    assert process.stdout is not None
    moment = time.monotonic() + chance.choice((0.0, 0.02, 0.05, 0.1, 0.3)) * chance.random() * 2
    call = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":{}}}\n'
    os.set_blocking(process.stdin.fileno(), False)
    killed = False
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
                process.stdin.close()
            elif number := victim(target, process.pid, tag):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(number, signal.SIGKILL)
            else:
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
    if target == "daemon":
        daemon.start()
    return f"{target}: {problem}" if problem else ""


def main(arguments: Sequence[str]) -> int:
    """0 where nothing was left and nothing hung."""
    parser = argparse.ArgumentParser(prog="bench launcher-kill", description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)
    problems = []
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        script, ran, log = state / "server.py", state / "ran", state / "asked"
        script.write_text(SERVER)
        ran.write_text("")
        launcher = install_launcher(
            state, closed=True, socket=str(state / "run/daemon.sock"), spool=str(state / "spool"), deadline_ms=5_000
        )
        begun = time.monotonic()
        with Daemon(state / "run", sys.executable, log) as daemon:
            for number in range(options.rounds):
                tag = f"launcher-kill-{os.getpid()}-{number}"
                words = [*launcher.argv, "--id", tag, "--", sys.executable, str(script), tag, str(ran)]
                if problem := one_round(words, tag, chance, daemon):
                    problems.append(f"round {number}, {problem}")
                    print(problems[-1])
        asked = log.read_text(errors="replace")
        started = ran.read_text().split()
        problems += [f"{tag} ran and was not asked for" for tag in started if f'"{tag}"' not in asked]
    seconds = time.monotonic() - begun
    print(f"{options.rounds} rounds in {seconds:.0f} s, {len(started)} servers ran, {len(problems)} problems")
    return 1 if problems else 0
