"""SHELL. Who descends from whom, as /proc tells.

Must not be here: what follows from it (`supervisor`).
"""

from typing import NamedTuple

MAX_STEPS = 512


class Process(NamedTuple):
    """One process for as long as it lives: a pid alone is used again."""

    pid: int
    started: int
    """Clock ticks after the system's start."""


def of(pid: int) -> tuple[Process, int] | None:
    """The process that has this pid now, and its parent's pid; None where it is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            # The name in parentheses may hold anything, parentheses too.
            fields = file.read(4_096).rpartition(b")")[2].split()
        return Process(pid, int(fields[19])), int(fields[1])
    except (OSError, ValueError, IndexError):
        return None


def line(pid: int) -> list[Process]:
    """The process and its ancestors, itself first."""
    found: list[Process] = []
    while pid > 0 and len(found) < MAX_STEPS:
        one = of(pid)
        if one is None:
            break
        found.append(one[0])
        pid = one[1]
    return found
