"""SHELL. The decision about one execution: the daemon's, by the verb with which the launcher asks for a start.

Must not be here: the daemon's side (`endpoint.launching`), and waiting processes (`supervisor`).
"""

import os
import shlex
from collections.abc import Callable
from pathlib import Path

from spawngate.endpoint.daemon.ask import NoAnswerError
from spawngate.endpoint.library import asking
from spawngate.endpoint.supervise.memory import Wanted
from spawngate.endpoint.supervise.supervisor import Answer

ENTRY = "library:supervise"
NOT_PROVEN = "supervised, and not executed: it has passed no probation"
UNPROVEN = (
    "{} is not executed: it has not shown yet that it is an MCP server. To put it on probation, in the same folder: "
    "`spawngate launch --id {} -- {} </dev/null`. What is no server belongs to the program by `--run`."
)


def decide_with(socket: Path, *, monitor: bool = False, only_proven: bool = False) -> Callable[[Wanted], Answer]:
    """Decisions of the daemon at that socket. Where none answers nothing is executed, but in monitor mode.

    `only_proven`: what the launcher would put on probation is refused. Nothing can be put into a jail here: the process
    that asks is the one that becomes the server.
    """

    def decide(what: Wanted) -> Answer:
        try:
            told = asking.start(socket, ENTRY, what.program, what.argv[1:], what.cwd, what.environment)
            allowed = told.get("verdict") == "allow"
            refused = allowed and only_proven and told.get("probe") is not None and not monitor
            if allowed:
                # Nobody will tell the daemon when it ends, and what it holds of a running launch must not pile up.
                asking.end(socket, str(told.get("launch", "")), NOT_PROVEN if refused else "supervised")
            if refused:
                words = shlex.join((what.program, *what.argv[1:]))
                return Answer(allowed=False, message=UNPROVEN.format(os.path.basename(what.program), ENTRY, words))
        except NoAnswerError as error:
            return Answer(monitor, f"{os.path.basename(what.program)} is not executed: {error}")
        return Answer(monitor or told.get("verdict") == "allow", str(told.get("message", "")))

    return decide
