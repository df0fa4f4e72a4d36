"""Random and mutated hook payloads through every agent's dialect: crashes, the slowest, determinism.

`python -m bench payload-fuzz [--count N] [--seed N] [--limit MS]`. Seeds are payloads as real agents send them; they
are changed as text (bytes put in, taken out, doubled, cut) and as values (types exchanged, fields renamed, lists and
maps nested). What counts: decoding gives a call or HookInputError and nothing else, twice the same; every verdict is
encoded; no payload takes longer than the limit.
Must not be here: what a call means.
"""

import argparse
import copy
import json
import random
import sys
import time
from collections.abc import Sequence
from typing import Any

from spawngate.agents import AGENTS, load_agent
from spawngate.agents.hooks.caller import caller, keys
from spawngate.agents.hooks.dialect import Hook, HookInputError
from spawngate.model.call import ToolCall
from spawngate.model.decision import Decision, Verdict

PATCH = "*** Begin Patch\n*** Update File: a\n@@\n-x\n+y\n*** Add File: b\n+z\n*** End Patch\n"
SEEDS: tuple[dict[str, Any], ...] = (
    {
        "hook_event_name": "PreToolUse",
        "session_id": "s",
        "cwd": "/w",
        "tool_name": "Bash",
        "tool_input": {"command": "ls"},
    },
    {"hook_event_name": "PreToolUse", "tool_name": "apply_patch", "tool_input": {"command": PATCH}},
    {"hook_event_name": "PreToolUse", "tool_name": "mcp__a__b", "tool_input": {"path": "/w/x", "url": "http://a.test"}},
    {
        "hook_event_name": "PreToolUse",
        "tool_name": "MultiEdit",
        "tool_input": {"file_path": "/w/a", "edits": [{"old_string": "a", "new_string": "b"}]},
    },
    {"sessionId": "s", "timestamp": 1, "cwd": "/w", "toolName": "bash", "toolArgs": '{"command":"npm publish"}'},
    {"conversation_id": "c", "generation_id": "g", "hook_event_name": "beforeShellExecution", "command": "git push"},
    {
        "generation_id": "g",
        "hook_event_name": "beforeMCPExecution",
        "tool_name": "x",
        "tool_input": "{}",
        "url": "http://x",
    },
    {"hook_event_name": "BeforeTool", "tool_name": "web_fetch", "tool_input": {"prompt": "see https://a.test/x."}},
    {"hookEventName": "PreToolUse", "toolCall": {"name": "run_command", "args": {"CommandLine": "ls", "Cwd": "/w"}}},
    {"agent_action_name": "pre_run_command", "tool_info": {"command_line": "ls", "cwd": "/w"}},
    {
        "hookName": "tool_call",
        "tool_call": {"id": "1", "name": "run_commands", "input": {"commands": ["a", {"cmd": "b"}]}},
    },
    {"hookName": "PreToolUse", "preToolUse": {"toolName": "replace_in_file", "parameters": {"path": "a", "diff": "x"}}},
    {
        "event": "PostToolUse",
        "tool_name": "Read",
        "tool_input": {"file_path": "a"},
        "tool_response": {"content": ["x"]},
    },
    {"hook_event_name": "preToolUse", "tool_name": "fs_read", "tool_input": {"operations": [{"path": "/w/a"}]}},
)
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e308,
    "",
    "\x00",
    "\ud800",
    "[",
    "{}",
    '["a"]',
    [],
    {},
    [[]],
    "x" * 500,
    "\U0001f600",
)


LONGEST = 65_536
"""Bytes of a payload: the limit of time holds for what an agent sends, not for megabytes."""


def mutated(rng: random.Random, seed: dict[str, Any]) -> bytes:
    """A payload made from a seed."""
    value: Any = json.loads(json.dumps(seed))
    for _ in range(rng.randrange(4)):
        value = _changed(rng, value)
    data = json.dumps(value).encode("utf-8", "surrogatepass")
    for _ in range(rng.randrange(3) if rng.random() < 0.4 else 0):
        place = rng.randrange(len(data) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            data = data[:place] + bytes([rng.randrange(256)]) + data[place:]
        elif kind == 1:
            data = data[:place] + data[place + rng.randrange(1, 9) :]
        elif kind == 2:
            data = data[:place]
        else:
            data = data[:place] + data[place : place + 40] * rng.randrange(2, 5) + data[place:]
    return data[:LONGEST]


def _changed(rng: random.Random, value: Any) -> Any:
    if isinstance(value, dict) and value and rng.random() < 0.85:
        name = rng.choice(list(value))
        choice = rng.random()
        if choice < 0.55:
            value[name] = _changed(rng, value[name])
        elif choice < 0.75:
            value[rng.choice(_NAMES)] = value.pop(name)
        elif choice < 0.85:
            value.pop(name)
        else:
            value[rng.choice(_NAMES)] = copy.deepcopy(rng.choice(ODD))
        return value
    if isinstance(value, list) and value and rng.random() < 0.7:
        place = rng.randrange(len(value))
        value[place] = _changed(rng, value[place])
        return value * rng.choice((1, 1, 2, 50))
    return rng.choice((copy.deepcopy(rng.choice(ODD)), [value], {rng.choice(_NAMES): value}, str(value), value))


def _names(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(_names(item) for item in value.values()))
    return set().union(*(_names(item) for item in value)) if isinstance(value, list) else set()


_NAMES = sorted(
    {name for seed in SEEDS for name in _names(seed)} | {"mcp_context", "extra", "workspace_roots", "event"}
)


def once(agent: str, hook: Hook, payload: bytes) -> tuple[ToolCall | None, tuple[bytes, ...]]:
    """Everything that one payload leads to: the call and the answers to all verdicts."""
    call: ToolCall | None = None
    try:
        call = hook.decode(payload, {})
    except HookInputError:
        pass
    else:
        keys(call)
    caller(agent, payload, {})
    replies = [hook.encode(Decision(verdict), call) for verdict in Verdict]
    return call, tuple(reply.stdout + reply.stderr for reply in replies)


def main(arguments: Sequence[str]) -> int:
    """Run it. Exit codes: 0 good, 1 a payload crashed, took too long or gave two results, 2 usage."""
    parser = argparse.ArgumentParser(prog="python -m bench payload-fuzz")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=50.0, help="milliseconds of processor time for one payload")
    options = parser.parse_args(arguments)
    rng = random.Random(options.seed)
    hooks = {agent: hook for agent in AGENTS if (hook := load_agent(agent).hook) is not None}
    names = sorted(hooks)
    understood = failures = 0
    slowest, slow = 0.0, b""
    for _ in range(options.count):
        agent = rng.choice(names)
        payload = mutated(rng, rng.choice(SEEDS))
        begin = time.process_time()
        try:
            found = once(agent, hooks[agent], payload)
        except Exception as error:  # noqa: BLE001 # any is a failure, and the run goes on to find more
            print(f"crash: {agent}: {type(error).__name__}: {error}: {payload[:300]!r}", file=sys.stderr)
            failures += 1
            continue
        took = (time.process_time() - begin) * 1000
        if took > options.limit:
            # A collection of garbage may fall into any payload; what is slow is slow again.
            begin = time.process_time()
            once(agent, hooks[agent], payload)
            took = min(took, (time.process_time() - begin) * 1000)
        if took > slowest:
            slowest, slow = took, payload
        understood += found[0] is not None
        if found != once(agent, hooks[agent], payload):
            print(f"two results: {agent}: {payload[:300]!r}", file=sys.stderr)
            failures += 1
    print(f"{options.count} payloads for {len(names)} agents, {understood} understood, {failures} failures")
    print(f"slowest {slowest:.1f} ms of processor time, {len(slow)} bytes")
    if slowest > options.limit:
        print(f"over the limit: {slow[:300]!r}", file=sys.stderr)
    return 1 if failures or slowest > options.limit else 0
