"""SHELL. The launcher's questions, asked from Python: one start for which somebody else is responsible.

Must not be here: what a decision leads to (`check`, `endpoint.supervise`), the relay's own client
(`endpoint.launcher.ask`).
"""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from spawngate.endpoint.daemon.ask import NoAnswerError, ask
from spawngate.endpoint.launching.requests import AGENT, SCHEMA_VERSION
from spawngate.launch.carried_environment import is_carried
from spawngate.model import wire

SECONDS = 10.0
"""A start hashes what it would run, which may be a large file."""


def start(
    socket: Path, entry: str, command: str, args: Sequence[str], cwd: str, variables: Iterable[tuple[str, str]]
) -> Mapping[str, Any]:
    """The daemon's answer to a start. Raises NoAnswerError where there is none, or none that can be understood."""
    given = dict(variables)
    carried = {name: value for name, value in given.items() if is_carried(name)}
    return question(
        socket,
        "start",
        {
            "schema_version": SCHEMA_VERSION,
            "id": entry,
            "command": command,
            "args": list(args),
            "cwd": cwd,
            "env": carried,
            "env_names": sorted(given.keys() - carried.keys()),
            "parent": os.getpid(),
        },
    )


def end(socket: Path, launch: str, reason: str) -> None:
    """Tell that nobody watches this launch. Raises NoAnswerError."""
    question(socket, "end", {"launch": launch, "reason": reason})


def question(socket: Path, verb: str, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer to one question. Raises NoAnswerError."""
    request = wire.Request(AGENT, verb, os.getpid(), os.getppid(), payload=json.dumps(payload).encode())
    try:
        answer = json.loads(ask(socket, request, SECONDS).stdout)
    except ValueError:
        answer = None
    if not isinstance(answer, Mapping):
        raise NoAnswerError("the daemon's answer is none")
    return answer
