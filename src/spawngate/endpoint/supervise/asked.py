"""SHELL. The decision about one execution: the daemon's, by the verb with which the launcher asks for a start.

Must not be here: the daemon's side (`endpoint.launching`), and waiting processes (`supervisor`).
"""

import os
from collections.abc import Callable
from pathlib import Path

from spawngate.endpoint.daemon.ask import NoAnswerError
from spawngate.endpoint.library import asking
from spawngate.endpoint.supervise.memory import Wanted
from spawngate.endpoint.supervise.supervisor import Answer

ENTRY = "library:supervise"


def decide_with(socket: Path, *, monitor: bool = False) -> Callable[[Wanted], Answer]:
    """Decisions of the daemon at that socket. Where none answers nothing is executed, but in monitor mode."""

    def decide(what: Wanted) -> Answer:
        try:
            told = asking.start(socket, ENTRY, what.program, what.argv[1:], what.cwd, what.environment)
            if told.get("verdict") == "allow":
                # Nobody will tell the daemon when it ends, and what it holds of a running launch must not pile up.
                asking.end(socket, str(told.get("launch", "")), "supervised")
        except NoAnswerError as error:
            return Answer(monitor, f"{os.path.basename(what.program)} is not executed: {error}")
        return Answer(monitor or told.get("verdict") == "allow", str(told.get("message", "")))

    return decide
