"""SHELL. Where the launcher of a state folder lies, for those who look at entries; and that it fails as policy says.

Must not be here: installing it (`endpoint.launcher.place`), and what is behind it (`launch.launcher`).
"""

import os
from pathlib import Path

from spawngate.launch.launcher import NATIVE, PYTHON

FOLDER = "launcher"


def launchers_of(state: Path) -> frozenset[str]:
    """Every path under which the launcher of this state folder is named."""
    folders = {os.path.abspath(state / FOLDER), os.path.realpath(state / FOLDER)}
    return frozenset(f"{folder}/{name}" for folder in folders for name in (NATIVE, PYTHON))
