"""SHELL. Carries one Outgoing out and returns the Answer; drives a destination's exchange to its outcome.

Must not be here: when and how often (`worker`, `streams`), what answers mean (the destinations).
"""

from dataclasses import replace
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

MOST_STEPS = 20
"""Requests of one exchange. Jira needs six; one that needs more does not end."""


class Carrier:
    """Carries things out for real. Tests have others."""

    def carry(self, outgoing: Outgoing, settings: Settings) -> Answer:
        """One thing, within the time of the settings."""
        match outgoing:
            case HttpRequest():
                return http.carry(outgoing, settings)
            case Mail():
                return smtp.carry(outgoing, settings)
            case TcpLines():
                return tcp.carry(outgoing, settings)
            case FileLines():
                return files.carry(outgoing)


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
