"""SHELL. Where the launcher of this user lies, for programs that start MCP servers themselves.

Must not be here: putting it there (`protect --launches`), and anything that other modules of ours would bring along:
a guarded program pays for every import. node/guard.cjs looks in the same place.
"""

import os
import sys
from urllib.parse import unquote

FOLDER, NATIVE, PYTHON, CONF = "launcher", "spawngate-launch", "spawngate_launch.py", "launch.conf"
MAX_CONF = 256 << 10


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
    named = os.environ.get("XDG_STATE_HOME", "")
    return os.path.join(named if named.startswith("/") else os.path.join(home, ".local/state"), "spawngate")


def launcher(folder: str) -> list[str]:
    """Words that start the launcher of a state folder. Raises LaunchRefusedError where there is none."""
    native, python = os.path.join(folder, FOLDER, NATIVE), os.path.join(folder, FOLDER, PYTHON)
    if os.access(native, os.X_OK):
        return [native]
    interpreter = _interpreter(os.path.join(folder, FOLDER, CONF)) if os.path.isfile(python) else ""
    if interpreter:
        return [interpreter, "-I", "-S", "-B", python]
    raise LaunchRefusedError(
        f"Spawngate: no MCP server is started, because there is no launcher at {native}; "
        "`spawngate protect --launches` puts it there."
    )


def _interpreter(path: str) -> str:
    """The interpreter that launch.conf names (`model.launchconf`); empty where it names none."""
    try:
        with open(path, encoding="ascii") as file:
            lines = file.read(MAX_CONF).splitlines()
    except (OSError, ValueError):
        return ""
    word = next((line.partition(" ")[2] for line in lines if line.startswith("interpreter ")), "")
    return unquote(word, errors="surrogateescape") if word.startswith("/") else ""
