"""SHELL. The relay's first milliseconds: its question is on the way before the rest of it is loaded.

The daemon takes about as long for the answer as this process for its imports, and the agent waits for both: so they
happen at the same time. What is imported here is what the question needs, and nothing else.
Must not be here: what follows from the answer (`session`).
"""

from __future__ import annotations

import os
import sys

from spawngate.endpoint.launcher import alone
from spawngate.endpoint.launcher.ask import Question
from spawngate.endpoint.launcher.entry import Entry, Misused, read_environment, working_folder
from spawngate.endpoint.launcher.loop import Loop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn

    from spawngate.model.launchconf import LaunchConf

    Then = Callable[[bytes | None, str], None]

LAUNCHER = 4
"""Descriptor to the launcher: reports go there, and it breaks when the launcher dies."""
REFUSED = 1
MISUSED = 2
USAGE = "usage: spawngate-launch --id ENTRY -- COMMAND [ARGUMENT...]\n"
UNUSABLE = (
    "spawngate: the MCP server was not started, because launch.conf beside the launcher is missing or not usable. "
    "`spawngate status` tells more; `spawngate protect --launches` writes it anew.\n"
)


class Opening:
    """The question `start`, asked. Nobody has to be there for the answer yet: `then` says who gets it."""

    def __init__(self, conf: LaunchConf, entry: Entry) -> None:
        self.loop = Loop()
        self.payload = entry.question()
        self._came: tuple[bytes | None, str] | None = None
        self._then: Then | None = None
        Question(self.loop, conf.socket, "start", self.payload, conf.deadline_ms / 1000, self._answered)
        # Connecting, then writing; where the daemon's queue is full both happen later, in the same loop.
        self.loop.once(0)
        self.loop.once(0)

    def then(self, then: Then) -> None:
        """`then(answer, failure)`, as `ask.Question` has it, from within the loop."""
        self._then = then
        if self._came is not None:
            self.loop.after(0, lambda: self._answered(*self._came))  # type: ignore[misc]  # it is there: a line above

    def _answered(self, data: bytes | None, failure: str) -> None:
        self._came = data, failure
        if self._then is not None:
            self._then(data, failure)


def tell(kind: bytes, number: int) -> None:
    """One report to the launcher: native/spawngate-launch.c says which there are."""
    try:
        os.write(LAUNCHER, b"%s%06d" % (kind, number))
    except OSError:
        return  # it is dead, and this process sees that in its own time


def main(words: list[str]) -> NoReturn:
    """FOLDER CLOSED PARENT and the launcher's own words. Never returns."""
    folder, _closed, parent, *rest = words
    sys.stderr = open(2, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115  for the life of this process
    os.set_inheritable(LAUNCHER, False)
    try:
        entry = Entry(rest, read_environment(), working_folder(), int(parent))
    except Misused:
        _leave(USAGE, MISUSED)
    conf = alone.read_conf(folder)
    if conf is None:
        _leave(UNUSABLE, REFUSED)
    try:
        opening = Opening(conf, entry)
        from spawngate.endpoint.launcher.session import Session

        Session(folder, conf, entry, opening).run()
    except BaseException as error:  # noqa: BLE001  the end of this process, whatever it is
        # A defect of ours: nothing of the server may outlive it, and its words may not hold anybody's values.
        from spawngate.endpoint.launcher import below

        below.end_below(0, below.GONE)
        _leave(f"spawngate: the launcher failed ({type(error).__name__} in line {_line(error)})\n", REFUSED)


def _leave(text: str, code: int) -> NoReturn:
    sys.stderr.write(text)
    tell(b"E", code)
    os._exit(code)


def _line(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_lineno} of {os.path.basename(trace.tb_frame.f_code.co_filename)}" if trace is not None else "0"
