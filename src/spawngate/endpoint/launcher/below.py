"""SHELL. Ending what runs below this process, detached children included.

Belongs here: finding children and SIGKILL; native/below.c does the same for the launcher. Must not be here: when.
Reaches detached processes where this one is a subreaper (prctl(2), set before the relay starts) and there is /proc.
"""

from __future__ import annotations

import os
import time

PAUSE = 0.001
KILL = 9
GONE = 8.0
"""Seconds in which what was killed has to be gone; less than the launcher's own."""


def children() -> list[int]:
    """Process ids of this process's children, those that fell to it included; empty where the system does not tell."""
    own = os.getpid()
    try:
        with open(f"/proc/self/task/{own}/children", "rb", buffering=0) as file:
            return [int(word) for word in (file.read(1 << 20) or b"").split()]
    except (OSError, ValueError):
        return [process for process in _processes() if _parent(process) == own]


def end_below(group: int, seconds: float, ended: dict[int, int] | None = None) -> int:
    """SIGKILL to all below until none is left, or `seconds` are over. How many were still there and ended by it.

    `group` is a process group that is killed first, 0 for none. `ended` gets the wait status of every process that was
    reaped here.
    """
    until = time.monotonic() + seconds
    killed: set[int] = set()
    if group > 1:
        send(group, KILL)
    while True:
        for process in children():
            try:
                os.kill(process, KILL)
                killed.add(process)
            except OSError:
                pass
        try:
            while True:
                process, status = os.waitpid(-1, os.WNOHANG)
                if process == 0:
                    break
                if ended is not None:
                    ended[process] = status
                if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == KILL):
                    killed.discard(process)  # it had ended by itself before
        except ChildProcessError:
            return len(killed)
        if time.monotonic() >= until:
            return len(killed)
        time.sleep(PAUSE)


def send(group: int, number: int) -> bool:
    """A signal to a whole process group. Whether there was one."""
    try:
        os.killpg(group, number)
    except OSError:
        return False
    return True


def _processes() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:
        return []


def _parent(process: int) -> int:
    try:
        with open(f"/proc/{process}/stat", "rb", buffering=0) as file:
            text = file.read(4096) or b""
        return int(text[text.rindex(b")") + 4 :].split(b" ", 1)[0])
    except (OSError, ValueError):
        return 0
