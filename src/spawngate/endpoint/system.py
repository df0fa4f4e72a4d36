"""SHELL. The system that this runs on.

Must not be here: anything that takes long to import; the daemon and the hook command begin with this.
"""

import sys

from spawngate.agents.document import Platform


def this_platform() -> Platform:
    """The platform this runs on."""
    return "windows" if sys.platform == "win32" else "macos" if sys.platform == "darwin" else "linux"
