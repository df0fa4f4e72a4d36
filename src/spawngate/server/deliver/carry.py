"""SHELL. Carries one Outgoing out and returns the Answer; drives a destination's exchange to its outcome.

Must not be here: when and how often (`worker`, `streams`), what answers mean (the destinations).
"""

import contextlib
import socket
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from spawngate.routing.destination import (
    Answer,
    Context,
    Destination,
    FileLines,
    HttpRequest,
    Mail,
    Outcome,
    Outgoing,
    TcpLines,
)
from spawngate.routing.settings import Settings, concealed, secrets_of
from spawngate.server.deliver import files, http, smtp, tcp
from spawngate.server.deliver.network import Deadline, connect

MOST_STEPS = 20
"""Requests of one exchange. Jira needs six; one that needs more does not end."""


class Carrier:
    """Carries things out for real. Tests have others."""

    ended = False
    """Nothing more is begun."""

    def __init__(self, keep_out: Path | None = None) -> None:
        """`keep_out`: a folder below which no destination writes: the state's own."""
        self._keep_out = keep_out
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()

    def carry(self, outgoing: Outgoing, settings: Settings) -> Answer:
        """One thing, within the time of the settings."""
        kept: list[socket.socket] = []

        def opened(connection: socket.socket) -> None:
            # A second handle of the same connection: TLS takes the first one over.
            kept.append(connection.dup())
            with self._lock:
                self._open.add(kept[-1])
            if self.ended:
                _ended(kept[-1])

        def connected(host: str, port: int, settings: Settings, deadline: Deadline) -> socket.socket:
            deadline.ended, deadline.opened = lambda: self.ended, opened
            return connect(host, port, settings, deadline)

        try:
            match outgoing:
                case HttpRequest():
                    return http.carry(outgoing, settings, connected)
                case Mail():
                    return smtp.carry(outgoing, settings, connected)
                case TcpLines():
                    return tcp.carry(outgoing, settings, connected)
                case FileLines():
                    return files.carry(outgoing, self._keep_out)
        finally:
            with self._lock:
                self._open.difference_update(kept)
            for each in kept:
                each.close()

    def end(self) -> None:
        """Cut off what is on its way: whoever waits for a server that says nothing must not hold up our end.

        What was cut off counts as not delivered, and is sent again after the next start.
        """
        self.ended = True
        with self._lock:
            for each in self._open:
                _ended(each)


def _ended(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def exchange(carrier: Carrier, destination: Destination, settings: Settings, load: Any, context: Context) -> Outcome:
    """Drive an exchange to its end. A fault of ours is an outcome too: it must not stop the other deliveries.

    What the outcome says is stored, shown and delivered: it never holds a secret of the settings, whoever repeated it.
    """
    outcome = _driven(carrier, destination, settings, load, context)
    secrets = secrets_of(settings)
    items = tuple(replace(item, reason=concealed(item.reason, secrets)) for item in outcome.items)
    return replace(outcome, reason=concealed(outcome.reason, secrets), items=items)


def _driven(carrier: Carrier, destination: Destination, settings: Settings, load: Any, context: Context) -> Outcome:
    try:
        steps = destination.exchange(settings, load, context)
        outgoing = next(steps)
        for _ in range(MOST_STEPS):
            if carrier.ended:
                steps.close()
                return Outcome("retry", "this process is ending", 0.0)
            outgoing = steps.send(carrier.carry(outgoing, settings))
        steps.close()
        return Outcome("retry", f"more than {MOST_STEPS} requests for one delivery", blame="destination")
    except StopIteration as end:
        outcome: Outcome = end.value
        return outcome
    except Exception as error:  # noqa: BLE001  # architecture section 9: a bug in us, caught once, without values
        return Outcome("refused", f"internal error: {place(error)}; please report it", blame="content")


def place(error: BaseException) -> str:
    """Type and place of a fault, without its text: that may hold what was delivered."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return type(error).__name__ + ("" if trace is None else f" in {trace.tb_frame.f_code.co_name}:{trace.tb_lineno}")
