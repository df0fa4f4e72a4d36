"""SHELL. How many files and connections this process may hold open.

Every endpoint keeps its connection between two syncs, so a server of ten thousand holds as many. What a shell or a
service manager allows at first is 1,024 on most systems, and far more to whoever asks: the soft and the hard limit of
getrlimit(2). Behind the last one connections are refused, and files of the store cannot be opened either.
Must not be here: what is held open.
"""

import resource

WANTED = 200_000
"""Connections of a server's share of the largest fleets. Not more: some systems say that there is no limit at all."""


def raise_limit() -> int:
    """Ask for as many as there may be, up to WANTED; how many there are now. Never fewer than before."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(hard, WANTED)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return WANTED if soft == resource.RLIM_INFINITY else soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError):  # a system that names a limit which it does not give
        return soft
    return wanted
