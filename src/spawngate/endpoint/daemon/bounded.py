"""SHELL. An end to one evaluation: every other call waits meanwhile.

The processor's time counts and not the clock's, so that a busy machine does not change a verdict. The signal can come
at any moment, also when the evaluation has just ended: it raises only between `armed` and the first time that it
raised, and never in the event loop's own code, which an exception out of nowhere would end. It rings twice: after
BRIEF, when it ends only what is done inside of `brief`, and LONGEST later.
Must not be here: what follows for the call (`service`, `beside`).
"""

import signal

BRIEF = 0.01
"""Seconds of the processor that a look may take while all others wait: about what it costs them to have it done beside
(a fork, its answer, its end), and several times what almost every look takes."""
LONGEST = 0.5
"""Seconds of the processor that one evaluation may take; then it is a fault of ours."""


class EvaluationTooLongError(Exception):
    """One evaluation took longer than LONGEST."""


class TakesLongError(BaseException):
    """What is done inside of `brief` takes longer than BRIEF. No `Exception`: what handles faults must not take it."""


class _Alarm:
    armed = False
    rung = False
    """BRIEF is over."""
    brief = False


def bound_evaluations() -> None:
    """Get ready. Once in a process, in its main thread."""
    signal.signal(signal.SIGVTALRM, rang)


class bounded:
    """What is done inside raises EvaluationTooLongError after BRIEF + LONGEST seconds of the processor, once."""

    # A class and no generator: every call passes here twice.
    def __enter__(self) -> None:
        _Alarm.rung = _Alarm.brief = False
        _Alarm.armed = True
        signal.setitimer(signal.ITIMER_VIRTUAL, BRIEF, LONGEST)

    def __exit__(self, *_: object) -> None:
        _Alarm.armed = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


class brief:
    """Inside of `bounded`: what is done inside raises TakesLongError where it is not ready when BRIEF is over.

    Always: what is raised in the middle of foreign code may come out of it as another exception, or not at all.
    """

    def __enter__(self) -> None:
        if _Alarm.rung:
            raise TakesLongError
        _Alarm.brief = True

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        _Alarm.brief = False
        if _Alarm.rung and (kind is None or issubclass(kind, Exception)):
            raise TakesLongError from None


def in_brief() -> bool:
    """Whether what is done now must not take long."""
    return _Alarm.brief


def rang(*_: object) -> None:
    """Time is over. Where it raises in the very line that ends `bounded`, it is disarmed all the same."""
    if not _Alarm.armed:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    elif not _Alarm.rung:
        _Alarm.rung = True
        if _Alarm.brief:
            _Alarm.brief = False
            raise TakesLongError
    else:
        _Alarm.armed = False
        raise EvaluationTooLongError
