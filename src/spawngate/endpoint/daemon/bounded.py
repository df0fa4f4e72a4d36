"""SHELL. An end to one evaluation: every other call waits meanwhile.

The processor's time counts and not the clock's, so that a busy machine does not change a verdict. The signal can come
at any moment, also when the evaluation has just ended: it raises only between `armed` and the first time that it
raised, and never in the event loop's own code, which an exception out of nowhere would end.
Must not be here: what follows for the call (`service`).
"""

import contextlib
import signal
from collections.abc import Iterator

LONGEST = 0.5
"""Seconds of the processor that one evaluation may take; then it is a fault of ours."""


class EvaluationTooLongError(Exception):
    """One evaluation took longer than LONGEST."""


class _Alarm:
    armed = False


def bound_evaluations() -> None:
    """Get ready. Once in a process, in its main thread."""
    signal.signal(signal.SIGVTALRM, rang)


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """What is done inside raises EvaluationTooLongError after LONGEST seconds of the processor, at most once."""
    _Alarm.armed = True
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST, LONGEST)
    try:
        yield
    finally:
        _Alarm.armed = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def rang(*_: object) -> None:
    """The time is over. Where it raises in the very line that ends `bounded`, it is disarmed all the same."""
    if _Alarm.armed:
        _Alarm.armed = False
        raise EvaluationTooLongError
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
