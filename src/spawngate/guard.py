"""SHELL. `import spawngate.guard`: the MCP servers that this program starts go through Spawngate's launcher.

Without a change to the program: `python -m spawngate.guard program.py ...`, or `-m module ...` after it.
Must not be here: how (`endpoint.library`).
"""

import runpy
import sys

from spawngate.endpoint.library.launcher import LaunchRefusedError
from spawngate.endpoint.library.spawns import switch_on

__all__ = ["LaunchRefusedError"]

USAGE = "usage: python -m spawngate.guard PROGRAM.py [ARGUMENT...] | -m MODULE [ARGUMENT...]"


def main(words: list[str]) -> None:
    """Run a program or a module guarded, as `python` itself would. Exits with 2 where none is named."""
    if not words or (words[0] == "-m" and len(words) < 2):
        sys.stderr.write(f"{USAGE}\n")
        raise SystemExit(2)
    if words[0] == "-m":
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = words
        sys.path.insert(0, words[0].rpartition("/")[0] or ".")
        runpy.run_path(words[0], run_name="__main__")


switch_on()
if __name__ == "__main__":
    main(sys.argv[1:])
