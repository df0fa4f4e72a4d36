"""SHELL. The processes of this machine, as values.

Belongs here: asking the system. Must not be here: what the processes mean (`launch.running`).
"""

import os
import time
from collections.abc import Callable, Collection, Iterable

import psutil

from spawngate.launch.running import Process, title_words

MAX_WORDS = 512
MAX_WORD = 32_768
"""Words of a process, and characters of each, that are kept; no launch definition comes near them."""
_ATTRIBUTES = ["ppid", "name", "cmdline", "create_time", "username", "cwd", "exe", "status"]


def running(
    seconds: float = 5.0,
    own: Collection[int] | None = None,
    clock: Callable[[], float] = time.monotonic,
    pids: Callable[[], Iterable[int]] = psutil.pids,
) -> list[Process]:
    """All processes that can be seen, by id, without zombies, kernel threads and `own` (this process by default).

    Stops after `seconds` with what it has: on a machine in trouble one process can take long. What the system
    refuses to tell about a process is left empty. Never raises.
    """
    ours = {os.getpid()} if own is None else set(own)
    deadline = clock() + seconds
    found: list[Process] = []
    try:
        known = sorted(pids())
    except (psutil.Error, OSError):
        return []
    for pid in known:
        if clock() > deadline:
            break
        process = None if pid in ours else _process(pid)
        if process is not None:
            found.append(process)
    return found


def _process(pid: int) -> Process | None:
    """One process; None where it has ended, is a zombie or a thread of the kernel."""
    try:
        facts = psutil.Process(pid).as_dict(attrs=_ATTRIBUTES, ad_value=None)
    except (psutil.Error, OSError, ValueError, KeyError):
        # KeyError: a user id without a name on some systems; ValueError: an id that is none any more.
        return None
    if facts["status"] == psutil.STATUS_ZOMBIE:
        return None
    argv = tuple(str(word)[:MAX_WORD] for word in (facts["cmdline"] or ())[:MAX_WORDS])
    name = str(facts["name"] or "")
    exe = facts["exe"] or None
    if not argv and exe is None and (facts["ppid"] in (0, 2) or not name):
        return None
    return Process(
        pid=pid,
        ppid=int(facts["ppid"] or 0),
        name=name,
        argv=title_words(argv),
        create_time=float(facts["create_time"] or 0.0),
        username=str(facts["username"] or ""),
        cwd=facts["cwd"] or None,
        exe=exe,
    )
