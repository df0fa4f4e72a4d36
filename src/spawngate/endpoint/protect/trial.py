"""SHELL. Trying out an installed hook: the command line that stands in the agent's file, run as the agent runs it, with
an event about a command that does nothing.

Two canaries go through each hook: one that policy refuses and one that nothing speaks against. What comes back is read
as the agent reads it, timed, and looked for in the trail. No agent is started.
Must not be here: events and answers (`agents.hooks.canary`), output (`cli`), starting agents (`endpoint.rehearsal`).
"""

import json
import os
import re
import secrets
import shlex
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from spawngate.agents import load_agent
from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import EditError, parse
from spawngate.agents.formats.edit_values import at
from spawngate.agents.hooks.canary import ALLOWED, DENIED, LOGIN_SHELL, Answer, payload, read_answer, text_of
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.registration import is_ours
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.protect.atomic import WriteError, hold
from spawngate.endpoint.protect.journal import Entry
from spawngate.endpoint.trail import reader
from spawngate.model.call import HookReply
from spawngate.model.decision import Mode
from spawngate.model.errors import StateError
from spawngate.model.hookconf import INFORMING
from spawngate.model.json import Json
from spawngate.trail.query import Query
from spawngate.trail.query.syntax import Text

DEADLINE = 20.0
"""Seconds after which a hook counts as hung. Agents wait from 5 to 600."""
RECORD_SECONDS = 2.0
"""Seconds in which a decision has to be in the trail."""
TOKEN_BYTES = 4
"""A longer token would be taken for a secret, and redacted in the trail in which it is looked for."""
_WORDS = {
    "refuses": "is refused",
    "asks": "is asked about",
    "goes on": "goes on",
    "not understood": "gets an answer that the agent does not understand",
}
_COMMANDS = ("command", "bash")
_PLUGIN = re.compile(r"^const ARGV = (\[.*\])$", re.MULTILINE)


class Trial(msgspec.Struct, frozen=True):
    """What became of the canaries of one registered command line."""

    agent: str
    path: str
    """The file that it stands in."""
    command: list[str]
    """What was run."""
    form: str
    """exec, shell, login-shell, script, client (of a plugin: the plugin itself was not loaded)."""
    denied: str
    """What the agent does after the answer to the canary that policy refuses: an `Answer`, or empty where there was
    none."""
    allowed: str
    milliseconds: int
    """The slower of the two."""
    recorded: bool
    """Both decisions stand in the trail."""
    works: bool
    """The refused canary is stopped (enforce) or recorded (monitor), and the other one goes on."""
    problems: list[str]


class Started(msgspec.Struct, frozen=True):
    """A command line as an agent starts it."""

    argv: tuple[str, ...]
    form: str


def command_lines(entry: Entry, agent: str) -> Iterator[Started]:
    """Every distinct command line of ours in a file, as the agent would start it. Raises WriteError, EditError."""
    hook = load_agent(agent).hook
    data = hold(entry.path).data or b""
    if hook is None:
        return
    if entry.form == Format.TEXT.value:
        text = data.decode("utf-8", "replace")
        match = _PLUGIN.search(text)
        if match:
            yield Started(tuple(json.loads(match.group(1))), "client")
        elif is_ours(text) and hook.form == "script":
            yield Started((entry.path,), "script")
        return
    value = parse(data, Format(entry.form))
    seen: set[Started] = set()
    for change in entry.changes:
        found, node = at(value, change.operation.pointer)
        for handler in _handlers(node) if found else ():
            for started in _started(handler, hook, agent):
                if started not in seen and not _informs(started):
                    seen.add(started)
                    yield started


def _informs(started: Started) -> bool:
    """Whether it only tells what a session has read: nothing is refused there, so no canary could show anything."""
    return started.argv[-1] == INFORMING or started.argv[-1].endswith(f" {INFORMING}")


def _handlers(value: Json) -> Iterator[Mapping[str, Json]]:
    """Maps that name a command of ours."""
    if isinstance(value, Mapping):
        if any(isinstance(value.get(key), str) and is_ours(value.get(key)) for key in _COMMANDS):
            yield value
        for item in value.values():
            yield from _handlers(item)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from _handlers(item)


def _started(handler: Mapping[str, Json], hook: Hook, agent: str) -> Iterator[Started]:
    command = next((value for key in _COMMANDS if isinstance(value := handler.get(key), str)), "")
    args = handler.get("args")
    if isinstance(args, Sequence) and not isinstance(args, str):
        yield Started((command, *(str(word) for word in args)), "exec")
    elif hook.form == "script":
        yield Started((command,), "script")
    elif hook.form == "exec" and agent not in LOGIN_SHELL and "args" not in handler and not _wants_shell(hook):
        yield Started(tuple(shlex.split(command)), "exec")
    elif agent in LOGIN_SHELL:
        yield Started((os.environ.get("SHELL") or "/bin/sh", "-lc", command), "login-shell")
    else:
        yield Started(("/bin/sh", "-c", command), "shell")


def _wants_shell(hook: Hook) -> bool:
    """An agent with an exec form runs a command without `args` through a shell; one that splits has no such form."""
    return hook.registration is not None and bool(hook.registration.exec_since)


def attempt(state: Path, entry: Entry, started: Started, home: str, mode: Mode) -> Trial:
    """Send both canaries through one command line. Raises nothing."""
    hook = load_agent(entry.agent).hook
    assert hook is not None
    problems: list[str] = []
    answers: list[str] = []
    slowest = 0.0
    recorded = True
    for text in (DENIED, ALLOWED):
        token = secrets.token_hex(TOKEN_BYTES)
        command, session = f"{text}-{token}", f"spawngate-canary-{token}"
        with tempfile.TemporaryDirectory(prefix="spawngate-canary-") as folder:
            event = payload(entry.agent, command, session, folder)
            begun = time.monotonic()
            reply, problem = run(started.argv, event, home, folder)
            slowest = max(slowest, time.monotonic() - begun)
        if reply is None:
            answers.append("")
            problems.append(problem)
            recorded = False
            continue
        answers.append(read_answer(hook, reply, hook.decode(event, {})).value)
        if "spawngate-unreachable" in text_of(reply):
            problems.append("the daemon did not answer; the client refused by itself")
        seen = is_recorded(state, token)
        if not seen:
            problems.append(
                f"the decision about the {'refused' if text == DENIED else 'other'} canary is not in the trail"
            )
        recorded = recorded and seen
    denied, allowed = answers
    wanted = Answer.GOES_ON if mode is Mode.MONITOR else Answer.REFUSES
    if denied and denied != wanted:
        problems.append(f"the canary that policy refuses {_WORDS[denied]} ({mode.value} mode)")
    if allowed and allowed != Answer.GOES_ON:
        problems.append(f"the canary that nothing speaks against {_WORDS[allowed]}")
    return Trial(
        agent=entry.agent,
        path=entry.path,
        command=list(started.argv),
        form=started.form,
        denied=denied,
        allowed=allowed,
        milliseconds=round(slowest * 1000),
        recorded=recorded,
        works=denied == wanted and allowed == Answer.GOES_ON and recorded,
        problems=list(dict.fromkeys(problems)),
    )


def run(argv: Sequence[str], event: bytes, home: str, folder: str) -> tuple[HookReply | None, str]:
    """Run a hook in a clean environment; its reply, or why there is none."""
    environment = {"HOME": home, "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603  # the command line that the agent runs at every call
            list(argv), input=event, capture_output=True, cwd=folder, env=environment, timeout=DEADLINE, check=False
        )
    except subprocess.TimeoutExpired:
        return None, f"the hook does not end within {DEADLINE:.0f} s"
    except OSError as error:
        return None, f"the hook cannot be started ({error.strerror})"
    return HookReply(stdout=done.stdout, stderr=done.stderr, exit_code=done.returncode), ""


def is_recorded(state: Path, token: str) -> bool:
    """Whether the trail holds a decision about the canary with that token."""
    until = time.monotonic() + RECORD_SECONDS
    while True:
        try:
            if next(iter(reader.newest(place(state).trail, Query(Text(token)))), None) is not None:
                return True
        except StateError:
            return False
        if time.monotonic() > until:
            return False
        time.sleep(0.05)


def try_all(state: Path, entries: Sequence[Entry], home: str, modes: Mapping[str, Mode], mode: Mode) -> list[Trial]:
    """Every command line of ours in the files of these entries, each once for an agent. Raises nothing.

    `modes` holds the modes of single agents, `mode` that of all others.
    """
    trials: list[Trial] = []
    seen: set[tuple[str, Started]] = set()
    for entry in entries:
        try:
            lines = list(command_lines(entry, entry.agent))
        except (WriteError, EditError) as error:
            trials.append(Trial(entry.agent, entry.path, [], "", "", "", 0, False, False, [str(error)]))
            continue
        for started in lines:
            if (entry.agent, started) not in seen:
                seen.add((entry.agent, started))
                trials.append(attempt(state, entry, started, home, modes.get(entry.agent, mode)))
    return trials
