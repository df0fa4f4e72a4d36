"""A way through the search as hops that a person can follow, from the source to the launch.

Belongs here: states to hops. Not here: printing.
"""

from __future__ import annotations

from collections.abc import Callable

from spawngate.codescan.definitions import TOP, FunctionInfo
from spawngate.codescan.finding import Hop
from spawngate.codescan.sinks import Sink
from spawngate.codescan.slicer import Found, State

MAX_HOPS = 40


def states_of(found: Found) -> list[State]:
    """States from the source to the launch."""
    out: list[State] = []
    here: State | None = found.state
    while here is not None:
        out.append(here)
        here = here.before
    return out


def trace_of(found: Found, sink: Sink, slots: tuple[str, ...], text: Callable[[str, int], str]) -> tuple[Hop, ...]:
    """Hops of a way, at most MAX_HOPS with the middle left out."""

    def hop(function: FunctionInfo, line: int, what: str, step: str) -> Hop:
        path = function.module.path
        name = "" if function.name == TOP else function.qualname
        return Hop(path, line, text(path, line), what, name, step)

    hops = [hop(found.function, found.line, found.what, "source")]
    for state in states_of(found):
        if state.what and state.line:
            after = hop(state.where, state.line, state.what, state.step)
            last = hops[-1]
            if (last.path, last.line) == (after.path, after.line):
                if last.step == "assign":
                    hops[-1] = after
                continue
            hops.append(after)
    last = hops[-1]
    end = hop(sink.function, sink.call.line, f"{', '.join(slots)} of {sink.site.call}", "sink")
    if (last.path, last.line) == (end.path, end.line) and last.step != "source":
        hops.pop()
    hops.append(end)
    if len(hops) > MAX_HOPS:
        hops = hops[: MAX_HOPS // 2] + hops[-MAX_HOPS // 2 :]
    return tuple(hops)
