"""SHELL. Where the launcher of this user lies, for programs that start MCP servers themselves.

Must not be here: putting it there (`protect --launches`), and anything that other modules of ours would bring along:
a guarded program pays for every import. node/guard.cjs looks in the same place.
"""

import os
import sys

FOLDER, NAME = "launch", "spawngate-launch"


class LaunchRefusedError(PermissionError):
    """An MCP server was not started. The message says why, and how a person can approve it."""


def state_folder() -> str:
    """`endpoint.state.default_folder`, without its imports."""
    named = os.environ.get("SPAWNGATE_STATE_DIR")
    if named:
        return named
    home = os.path.expanduser("~")
    if sys.platform == "darwin":
        return os.path.join(home, "Library/Application Support/Spawngate")
    return os.path.join(os.environ.get("XDG_STATE_HOME") or os.path.join(home, ".local/state"), "spawngate")


def launcher(folder: str) -> str:
    """Absolute path of the launcher in a state folder. Raises LaunchRefusedError where there is none."""
    program = os.path.join(folder, FOLDER, NAME)
    if not os.access(program, os.X_OK):
        raise LaunchRefusedError(
            f"Spawngate: no MCP server is started, because there is no launcher at {program}; "
            "`spawngate protect --launches` puts it there."
        )
    return program
