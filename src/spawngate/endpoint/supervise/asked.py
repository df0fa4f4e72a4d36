"""SHELL. The decision about one execution: the daemon's, by the verb with which the launcher asks for a start.

Must not be here: the daemon's side (`endpoint.launching`), and waiting processes (`supervisor`).
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

from spawngate.endpoint.daemon.ask import NoAnswerError, ask
from spawngate.endpoint.supervise.memory import Wanted
from spawngate.endpoint.supervise.supervisor import Answer
from spawngate.launch.carried_environment import is_carried
from spawngate.model import wire

AGENT = "+launch"
ENTRY = "library:supervise"
SECONDS = 10.0
"""A start hashes what it would run, which may be a large file."""


def decide_with(socket: Path, *, monitor: bool = False) -> Callable[[Wanted], Answer]:
    """Decisions of the daemon at that socket. Where none answers nothing is executed, but in monitor mode."""

    def decide(what: Wanted) -> Answer:
        try:
            reply = ask(socket, _request(what), SECONDS)
            told = json.loads(reply.stdout)
            allowed, message = told["verdict"] == "allow", str(told.get("message", ""))
        except NoAnswerError as error:
            return Answer(monitor, f"{os.path.basename(what.program)} is not executed: {error}")
        except (ValueError, KeyError, TypeError, AttributeError):
            return Answer(monitor, f"{os.path.basename(what.program)} is not executed: the daemon's answer is none")
        return Answer(allowed or monitor, message)

    return decide


def _request(what: Wanted) -> wire.Request:
    carried = {name: value for name, value in what.environment if is_carried(name)}
    payload = {
        "schema_version": 1,
        "id": ENTRY,
        "command": what.program,
        "args": what.argv[1:],
        "cwd": what.cwd,
        "env": carried,
        "env_names": [name for name, _ in what.environment if name not in carried],
        "parent": os.getpid(),
    }
    return wire.Request(AGENT, "start", os.getpid(), os.getppid(), payload=json.dumps(payload).encode())
