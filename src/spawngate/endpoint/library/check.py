"""SHELL. `spawngate.check_launch`: the daemon's decision about a start that the caller is about to make.

The decision is made and recorded as for the launcher, and the caller starts the server himself: right after, with the
same words, and with `Checked.program` in place of a name that PATH would have to resolve again.
Must not be here: the decision (`endpoint.launching`).
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spawngate.endpoint.daemon.ask import NoAnswerError
from spawngate.endpoint.daemon.place import place
from spawngate.endpoint.library import asking
from spawngate.endpoint.library.launcher import LaunchRefusedError, state_folder

ENTRY = "library:check"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was decided."""

    allowed: bool
    message: str = ""
    """Where it is refused: what, why, and how a person can approve it."""
    fingerprint: str = ""
    """What would run."""
    program: str = ""
    """Absolute path of the program; empty where there is none."""
    drop: tuple[str, ...] = ()
    """Variables that the server should not be given."""

    def require(self) -> None:
        """Raises LaunchRefusedError where the start is refused."""
        if not self.allowed:
            raise LaunchRefusedError(self.message)


def check_launch(
    command: str,
    args: Sequence[str] = (),
    *,
    env: Mapping[str, str] | None = None,
    cwd: str | os.PathLike[str] | None = None,
    entry: str = ENTRY,
) -> Checked:
    """Ask about the start of an MCP server, and raise nothing: where nobody answers, it is refused.

    `env` is the server's whole environment; without it, this process's. `entry` names the place that it comes from, so
    that an approval can be given for it (`registry:weather`).
    """
    socket = place(Path(state_folder())).socket
    variables = os.environ if env is None else env
    try:
        told = asking.start(socket, entry, command, args, os.path.abspath(cwd or "."), variables.items())
        allowed = told.get("verdict") == "allow"
        if allowed:
            # The caller starts it; nobody will tell when it ends.
            asking.end(socket, str(told.get("launch", "")), "checked")
    except NoAnswerError as error:
        return Checked(allowed=False, message=f"Spawngate: the MCP server is not started: {error}.")
    drop = told.get("drop")
    return Checked(
        allowed,
        str(told.get("message", "")),
        str(told.get("fingerprint", "")),
        str(told.get("program", "")),
        tuple(str(name) for name in drop) if isinstance(drop, list) else (),
    )
