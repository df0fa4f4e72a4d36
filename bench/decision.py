"""Time of one decision inside the daemon, split into its stages, against the budget of the architecture.

The product runs in a child process, because nothing here imports `spawngate`: the child is handed payloads, decides
each as the daemon does (frame, decode, decide, append durably, encode). Of every other call it notes the processor time
of each stage by itself, what it calls of other stages taken off (other programs on the machine do not count there), and
of the calls between the processor time (`cpu`), the time on the clock that the durable append takes (`disk`), and that
of the whole.
Every one of those is a first time: nothing in the payloads repeats. Real sessions repeat themselves, so that afterwards
the last calls come again under other ids; what they take on the clock is told apart (`again`) and counts for no budget.
Exit code 1 where the median or the p99 of the whole is over budget.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from bench.calls import payloads

MEDIAN_MS, P99_MS = 0.5, 3.0
STAGES = ("frame", "decode", "parse", "facts", "rules", "redact", "policy", "record", "append", "encode", "rest")
UNWATCHED = ("cpu", "disk", "whole")
"""What is measured of calls whose stages are not: noting a stage takes time of its own."""

CHILD = """
import json, sys, time
from pathlib import Path
from spawngate.command import calls as command_calls
from spawngate.endpoint.daemon.assemble import assemble, warm_up
from spawngate.endpoint.daemon.memory import settle
from spawngate.endpoint.daemon.pages import gather
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.daemon import service as service_module
from spawngate.endpoint.state import State
from spawngate.endpoint.trail.store import TrailStore
from spawngate.model import wire
from spawngate.policy import decider as decider_module
from spawngate.redact.memo import RememberingRedactor
from spawngate.rules.engine import RuleSet
from dataclasses import replace

state = State(Path(sys.argv[1]))
where = place(state.folder)
made = assemble(state, where)
for _ in warm_up(made.service):
    pass
spent, stack, clock, watching = {}, [], time.thread_time_ns, False

def staged(name, function):
    def timed(*given, **named):
        if not watching:
            return function(*given, **named)
        begun = clock()
        stack.append(0)
        try:
            return function(*given, **named)
        finally:
            took = clock() - begun
            inside = stack.pop()
            spent[name] = spent.get(name, 0) + took - inside
            if stack:
                stack[-1] += took
    return timed

def stage(name, owner, attribute):
    setattr(owner, attribute, staged(name, getattr(owner, attribute)))

hook = made.service._hook("claude-code")
made.service._hooks["claude-code"] = replace(
    hook, decode=staged("decode", hook.decode), encode=staged("encode", hook.encode))
stage("decode", service_module, "opened")
stage("decode", service_module, "caller")
stage("parse", decider_module, "read")
stage("facts", decider_module, "understand_call")
for name in ("call", "spawn", "launch"):
    stage("rules", RuleSet, name)
for name in ("text", "name", "path", "url", "command_line", "argv"):
    stage("redact", RememberingRedactor, name)
stage("policy", decider_module, "evaluate")
stage("record", service_module, "decision_event")
stage("append", TrailStore, "append")
decode_request, encode_answer = staged("frame", wire.decode_request), staged("frame", wire.encode_answer)
told = [
    [wire.encode_request(wire.Request("claude-code", payload=bytes.fromhex(line))) for line in part.split()]
    for part in sys.stdin.read().split("/")
]
frames = told[0]
found = []
with TrailStore(where.trail, endpoint=made.endpoint) as store:
    settle()
    for _ in gather():
        pass
    for number, frame in enumerate(frames):
        spent, watching = {}, number % 2 == 0
        begun, wall = clock(), time.perf_counter_ns()
        request = decode_request(frame)
        prepared = made.service.prepare(request.agent, request.payload, request.environment, started_ns=wall)
        disk = time.perf_counter_ns()
        store.append(prepared.events)
        disk = time.perf_counter_ns() - disk
        encode_answer(prepared.reply)
        took = clock() - begun
        if watching:
            spent["rest"] = took - sum(spent.values())
        else:
            spent |= {"cpu": took, "disk": disk, "whole": time.perf_counter_ns() - wall}
        spent["verdict"] = prepared.decision.verdict.value
        spent["tool"] = prepared.call.tool if prepared.call else ""
        found.append(spent)
    watching, again = False, []
    for frame in told[1]:
        begun = time.perf_counter_ns()
        request = decode_request(frame)
        prepared = made.service.prepare(request.agent, request.payload, request.environment, started_ns=begun)
        store.append(prepared.events)
        encode_answer(prepared.reply)
        again.append(time.perf_counter_ns() - begun)
json.dump([found, again], sys.stdout)
"""
AGAIN = 200
"""Calls that come again, and how often."""
TIMES = 3


def again(payload: bytes, number: int) -> bytes:
    """The same call under another id."""
    told = json.loads(payload)
    told["tool_use_id"] = f"{told['tool_use_id']}{number}"
    return json.dumps(told).encode()


def main(arguments: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="decision", description=__doc__)
    parser.add_argument("--calls", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    calls = list(islice(payloads(given.seed), given.calls))
    repeated = [again(each, number) for number in range(TIMES) for each in calls[-AGAIN:]]
    lines = "/".join(" ".join(each.hex() for each in part) for part in (calls, repeated))
    with tempfile.TemporaryDirectory(prefix="bench-decision-") as name:
        done = subprocess.run(
            [sys.executable, "-c", CHILD, os.fspath(Path(name) / "state")],
            input=lines,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    found, later = json.loads(done.stdout)
    print(f"{len(found)} calls; microseconds; stages and `cpu` on the processor, `disk` and `whole` on the clock\n")
    print(f"{'':<10}{'mean':>8}{'median':>8}{'p90':>8}{'p99':>8}{'max':>9}")
    for stage in (*STAGES, *UNWATCHED):
        times = sorted(each.get(stage, 0) / 1000 for each in found if ("whole" in each) is (stage in UNWATCHED))
        middle, late = times[len(times) // 2], times[len(times) * 99 // 100]
        print(
            f"{stage:<10}{sum(times) / len(times):>8.0f}{middle:>8.0f}{times[len(times) * 9 // 10]:>8.0f}"
            f"{late:>8.0f}{times[-1]:>9.0f}"
        )
    later.sort()
    print(
        f"{'again':<10}{len(later):>8} calls, median {later[len(later) // 2] / 1000:.0f}, "
        f"p99 {later[len(later) * 99 // 100] / 1000:.0f}"
    )
    for tool in sorted({each["tool"] for each in found}):
        own = sorted(each["whole"] / 1000 for each in found if each["tool"] == tool and "whole" in each)
        if len(own) >= 100:
            print(
                f"{tool:<10}{len(own):>8} calls, median {own[len(own) // 2]:.0f}, p99 {own[len(own) * 99 // 100]:.0f}"
            )
    verdicts = {each["verdict"] for each in found}
    print(", ".join(f"{word} {sum(each['verdict'] == word for each in found)}" for word in sorted(verdicts)))
    good = middle <= MEDIAN_MS * 1000 and late <= P99_MS * 1000
    print(f"budget: median {MEDIAN_MS} ms, p99 {P99_MS} ms: {'kept' if good else 'MISSED'}")
    return 0 if good else 1
