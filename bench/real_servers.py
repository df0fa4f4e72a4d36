"""Real MCP servers behind the launcher: what the official SDK's client sees must be what it sees without.

    python -m bench real-servers --folder FOLDER --sdks FOLDER [--rounds N] [SERVER...]

Installs what is missing (outside of the repository), lays out a made-up home whose Claude Code file names the servers,
puts the launcher in front of them with `spawngate protect --launches`, and for each server: a start that nobody has
approved (must be refused), `spawngate approve`, a first start on probation, later starts. Every conversation is
recorded byte for byte (sdk_clients/python) and compared with those of direct runs; what differs between two direct
runs (times, random names) is not compared. All of it runs in a network namespace with loopback only.
Must not be here: the servers (`server_table`).
"""

import argparse
import fcntl
import json
import os
import re
import select
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import real_sdks, server_table
from bench.process import without_network
from bench.server_table import SERVERS, RealServer

SPAWNGATE = [sys.executable, "-m", "spawngate"]
CONVERSATION = str(real_sdks.SOURCES / "python/conversation.py")
INSIDE = "SPAWNGATE_BENCH_INSIDE"
ANSWER = 30.0
"""Seconds for one answer of a server."""
INITIALIZE = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "bench", "version": "0"},
}
APPROVE = re.compile(r"spawngate approve ([0-9a-f]{8,})")


@dataclass(frozen=True, slots=True)
class Machine:
    """The made-up machine: `home` for the packages and the agent's file, `work` for the project, `state` for us."""

    folder: Path
    state: Path
    sdk: str
    """The interpreter that has the official SDK."""

    @property
    def work(self) -> Path:
        """The project that the servers work on."""
        return self.folder / "work"

    @property
    def environment(self) -> dict[str, str]:
        """Of the agent, and so of its servers."""
        return {"HOME": str(self.folder / "home"), "PATH": server_table.path(self.folder), "LANG": "C.UTF-8"}

    def spawngate(self, *words: str) -> str:
        """Standard output. Raises AssertionError."""
        env = {**self.environment, "SPAWNGATE_STATE_DIR": str(self.state)}
        done = subprocess.run([*SPAWNGATE, *words], env=env, cwd=self.work, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def lay(self) -> None:
        """The project as it was before the first run: servers write into it."""
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.rmtree(self.folder / "home/.claude-server-commander", ignore_errors=True)
        (self.work / "docs").mkdir(parents=True)
        (self.work / "notes.txt").write_text("notes\n" * 100)
        (self.work / "docs/one.md").write_text("# one\n")
        (self.work / "a.js").write_text("let a = 1\n")
        (self.work / "eslint.config.mjs").write_text("export default [{ rules: { semi: 'error' } }];\n")
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
        env = {
            **self.environment,
            "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
            "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
        }
        for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "one"]):
            subprocess.run(["git", *who, *words], cwd=self.work, env=env, check=True, stdout=subprocess.DEVNULL)
        (self.work / "notes.txt").write_text("notes\n" * 99 + "others\n")

    def protect(self, servers: Sequence[RealServer]) -> dict[str, list[str]]:
        """The command line of each behind the launcher, as the agent's file has it afterwards."""
        own = {
            server.id: {
                "command": server.launch(self.folder)[0],
                "args": server.launch(self.folder)[1:],
                "env": server.environment(self.folder),
            }
            for server in servers
        }
        file = self.folder / "home/.claude.json"
        file.write_text(json.dumps({"mcpServers": own}))
        policy = self.state / "policy"
        policy.mkdir(parents=True, mode=0o700, exist_ok=True)
        (policy / "policy.toml").write_text('base = "baseline"\napprovals = true\n')
        self.state.chmod(0o700)
        self.spawngate("protect", "--launches", "--no-approve", "--yes", "--mode", "enforce")
        found = json.loads(file.read_text())["mcpServers"]
        return {name: [entry["command"], *entry["args"]] for name, entry in found.items()}

    def converse(self, server: RealServer, era: str, words: Sequence[str]) -> "Transcript":
        """One conversation of the SDK's client. The project is laid anew before."""
        self.lay()
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "log"
            plan = json.dumps(server.plan(self.folder, era))
            done = subprocess.run(
                [self.sdk, CONVERSATION, plan, str(log), "--", *words],
                env=self.environment,
                cwd=self.work,
                capture_output=True,
                text=True,
                check=False,
            )
            lines = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        if done.returncode != 0:
            return Transcript(lines, {"client": done.stderr[-2000:]}, 0)
        found = json.loads(done.stdout)
        return Transcript(lines, found["seen"], found["ms"])


@dataclass(slots=True)
class Transcript:
    """One conversation: its lines in both directions, what the client made of them, milliseconds to the greeting."""

    lines: list[tuple[str, str]]
    seen: dict[str, Any]
    ms: float

    @property
    def messages(self) -> int:
        """Lines of protocol in both directions."""
        return sum(direction in "<>" for direction, _ in self.lines)

    def parts(self) -> dict[str, Any]:
        """What is compared, by name: each message by its direction and its id or method, the exit code, the results."""
        found: dict[str, Any] = {"exit": [text for direction, text in self.lines if direction == "="]}
        count: Counter[str] = Counter()
        order: dict[str, list[str]] = {"<": [], ">": []}
        waiting: set[object] = set()
        beside: set[object] = set()
        for direction, text in self.lines:
            if direction not in order:
                continue
            try:
                message = json.loads(text)
            except ValueError:
                message = {}
            name = f"{direction} {message.get('method', 'answer')} {message.get('id', '')}"
            count[name] += 1
            name += f" #{count[name]}"
            found[name] = text
            # Answers to requests that wait side by side come in whatever order the server has them.
            if direction == ">" and "method" in message and "id" in message:
                beside |= {*waiting, message["id"]} if waiting else set()
                waiting.add(message["id"])
            elif message.get("method") == "notifications/cancelled":
                waiting.discard(message["params"].get("requestId"))
            answered = direction == "<" and "method" not in message
            order[direction].append("one of the answers" if answered and message.get("id") in beside else name)
            if answered:
                waiting.discard(message.get("id"))
        found.update({f"order {direction}": names for direction, names in order.items()})
        errors = (shape(re.sub(r"^(\[[^\]]*\])?\s*", "", text)) for direction, text in self.lines if direction == "!")
        found["stderr"] = sorted(errors)
        found.update({f"seen {name}": json.dumps(each, sort_keys=True) for name, each in self.seen.items()})
        return found


@dataclass(slots=True)
class Learnt:
    """What is the same in all direct runs: exactly, but for its digits, or not at all."""

    parts: dict[str, Any]
    exact: set[str] = field(default_factory=set)
    shapes: set[str] = field(default_factory=set)
    varied: set[str] = field(default_factory=set)

    def differences(self, other: Mapping[str, Any]) -> list[str]:
        """Where another run differs."""
        found = []
        for name in sorted(self.exact | self.shapes | (set(other) - set(self.parts) - self.varied)):
            before, after = self.parts.get(name), other.get(name)
            if before == after or (name in self.shapes and shape(before) == shape(after)):
                continue
            found.append(f"{name}: {_where(before, after)}")
        return found


def learn(runs: Iterable[Mapping[str, Any]]) -> Learnt:
    """What the direct runs have in common."""
    first, *others = runs
    learnt = Learnt(dict(first))
    for name in set(first).union(*others):
        values = [run.get(name) for run in (first, *others)]
        if all(value == values[0] for value in values):
            learnt.exact.add(name)
        elif all(shape(value) == shape(values[0]) for value in values):
            learnt.shapes.add(name)
        else:
            learnt.varied.add(name)
    return learnt


def shape(value: object) -> str:
    """A value without what times, process ids and random names consist of."""
    return re.sub(r"\b[0-9a-f]{8,}\b|[0-9]+", "#", repr(value))


def _where(before: object, after: object) -> str:
    """The first place in which two values differ."""
    one, two = ("nothing" if each is None else str(each) for each in (before, after))
    at = next((place for place, pair in enumerate(zip(one, two, strict=False)) if pair[0] != pair[1]), 0)
    start = max(0, at - 20)
    return f"{one[start : start + 160]!r} -> {two[start : start + 160]!r}"


@dataclass(frozen=True, slots=True)
class Greeting:
    """A start up to the first answer: milliseconds, the answer, megabytes of launcher and relay, standard error."""

    ms: float
    answer: dict[str, Any]
    megabytes: float
    stderr: str


def greet(machine: Machine, server: RealServer, words: Sequence[str], *, launched: bool) -> Greeting:
    """Start it, ask once, end it."""
    line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": INITIALIZE}).encode() + b"\n"
    env = {**machine.environment, **server.environment(machine.folder)}
    with tempfile.TemporaryFile() as errors:
        begun = time.perf_counter()
        process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=env, cwd=machine.work
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(line)
        process.stdin.flush()
        answer: dict[str, Any] = {}
        data = b""
        while time.perf_counter() - begun < ANSWER:
            if not select.select([process.stdout], [], [], 1)[0]:
                continue
            block = os.read(process.stdout.fileno(), 1 << 16)
            data += block
            lines = [json.loads(each) for each in data.split(b"\n")[:-1]]
            answer = next((each for each in lines if each.get("id") == 1 and "method" not in each), {})
            if answer or not block:
                break
        took = (time.perf_counter() - begun) * 1000
        megabytes = resident(process.pid) if launched else 0.0
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait()
        process.stdout.close()
        errors.seek(0)
        return Greeting(took, answer, megabytes, errors.read().decode("utf-8", "replace"))


def resident(launcher: int) -> float:
    """Megabytes of the launcher and its relay, the server not counted; 0 where it has ended."""
    total = 0
    try:
        processes = [launcher, *map(int, Path(f"/proc/{launcher}/task/{launcher}/children").read_text().split())]
        for process in processes:
            status = Path(f"/proc/{process}/status").read_text()
            total += int(next(one.split()[1] for one in status.splitlines() if one.startswith("VmRSS")))
    except (OSError, StopIteration):
        return 0.0
    return total / 1024


@dataclass(slots=True)
class Row:
    """What one server showed."""

    server: RealServer
    refused: bool = False
    outcome: str = ""
    problems: list[str] = field(default_factory=list)
    masked: int = 0
    first_ms: float = 0
    direct_ms: float = 0
    later_ms: float = 0
    messages: int = 0
    megabytes: float = 0


def examine(machine: Machine, server: RealServer, launched: Sequence[str], rounds: int) -> Row:
    """Everything about one server."""
    row, direct = Row(server), server.launch(machine.folder)
    machine.lay()
    before = greet(machine, server, launched, launched=True)
    problem = before.answer.get("error", {}).get("message", "")
    match = APPROVE.search(problem)
    row.refused = match is not None
    if match is None:
        row.problems.append(f"not refused for want of an approval: {problem or before.answer or before.stderr[-300:]}")
        return row
    machine.spawngate("approve", match[1], "--reason", "bench")
    for era in ("legacy", "modern") if server.modern else ("legacy",):
        runs = [machine.converse(server, era, direct) for _ in range(3)]
        learnt = learn([run.parts() for run in runs])
        row.masked += len(learnt.varied)
        for turn in range(2):
            run = machine.converse(server, era, launched)
            if era == "legacy" and turn == 0:
                row.first_ms, row.messages = run.ms, run.messages
            row.problems += [f"{era} {turn + 1}: {each}" for each in learnt.differences(run.parts())]
    row.outcome = _probation(machine)
    times: tuple[list[float], list[float]] = ([], [])
    machine.lay()
    for _ in range(rounds):
        times[0].append(greet(machine, server, direct, launched=False).ms)
        after = greet(machine, server, launched, launched=True)
        times[1].append(after.ms)
        row.megabytes = max(row.megabytes, after.megabytes)
    row.direct_ms = statistics.median(times[0])
    row.later_ms = statistics.median(each - other for each, other in zip(times[1], times[0], strict=True))
    return row


def _probation(machine: Machine) -> str:
    """How the newest probation ended, by the trail."""
    text = machine.spawngate("audit", "query", "type:launch detail.what:probed", "--format", "json")
    newest = json.loads(text.splitlines()[0])["detail"] if text else {}
    return str(newest.get("outcome", "none"))


def report(rows: Sequence[Row]) -> None:
    """The table, and below it where a server is not identical."""
    print("server | version | refused, then identical | probation | direct start ms | first start ms | "
          "later start added ms | messages | MB launcher and relay | parts that vary directly")  # fmt: skip
    for row in rows:
        same = "yes" if row.refused and not row.problems else "NO"
        figures = (
            f"{row.direct_ms:.0f} | {row.first_ms:.0f} | {row.later_ms:.0f} | {row.messages} | {row.megabytes:.1f}"
        )
        print(f"{row.server.id} | {row.server.release} | {same} | {row.outcome} | {figures} | {row.masked}")
    for row in rows:
        for problem in row.problems:
            print(f"{row.server.id}: {problem}")


def main(arguments: Sequence[str]) -> int:
    """0 where every server is refused, approved, and then identical; 1 where one is not."""
    parser = argparse.ArgumentParser(prog="bench real-servers", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the servers are installed; not below /tmp")
    parser.add_argument("--sdks", type=Path, required=True, help="where `bench.real_sdks install` put the SDKs")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("servers", nargs="*")
    options = parser.parse_args(arguments)
    folder = options.folder.resolve()
    if INSIDE not in os.environ:
        server_table.install(folder)
        real_sdks.main(["install", str(options.sdks), "python-v2"])
        words = [*without_network(), sys.executable, "-m", "bench", "real-servers", *arguments]
        os.execve(words[0], words, {**os.environ, INSIDE: "1"})
    chosen = [server for server in SERVERS if not options.servers or server.id in options.servers]
    state = Path(tempfile.mkdtemp(prefix="state-", dir=folder))
    lock = os.open(folder, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)  # the home and the project are one run's at a time
    machine = Machine(folder, state, str(options.sdks.resolve() / "python-v2/bin/python"))
    machine.lay()
    rows = []
    try:
        launched = machine.protect(chosen)
        for server in chosen:
            rows.append(examine(machine, server, launched[server.id], options.rounds))
            print(f"{server.id}: {len(rows[-1].problems)} problems", file=sys.stderr, flush=True)
    finally:
        subprocess.run([*SPAWNGATE, "daemon", "stop"], env={**machine.environment, "SPAWNGATE_STATE_DIR": str(state)},
                       stdout=subprocess.DEVNULL, check=False)  # fmt: skip
        shutil.rmtree(state)
    report(rows)
    return 0 if all(row.refused and not row.problems for row in rows) else 1
