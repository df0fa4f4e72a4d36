"""An evaluation has an end, and the alarm rings nowhere else."""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator

import pytest

from spawngate.endpoint.daemon import bounded as module
from spawngate.endpoint.daemon.bounded import (
    EvaluationTooLongError,
    TakesLongError,
    bound_evaluations,
    bounded,
    brief,
    in_brief,
    rang,
)


@pytest.fixture(autouse=True)
def alarm(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "LONGEST", 0.02)
    monkeypatch.setattr(module, "BRIEF", 0.01)
    before = signal.getsignal(signal.SIGVTALRM)
    bound_evaluations()
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


def work(seconds: float) -> None:
    """Keep the processor busy for so many seconds of its time."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        sum(range(1000))


def test_long_work_is_ended() -> None:
    with pytest.raises(EvaluationTooLongError), bounded():
        work(5)
    work(0.1)


def test_short_work_and_waiting_are_not() -> None:
    with bounded():
        sum(range(10))
        time.sleep(0.1)
    work(0.1)


def test_it_raises_once_where_the_first_was_swallowed() -> None:
    seen = 0
    with bounded():
        for _ in range(3):
            try:
                work(0.1)
            except EvaluationTooLongError:
                seen += 1
    assert seen == 1


def test_signal_that_comes_late_does_nothing() -> None:
    """It was under way when the evaluation ended."""
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.01, 0.01)
    rang()
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    work(0.1)


def test_raising_in_the_line_that_ends_it_disarms() -> None:
    """As if the signal came between the end of the work and the first line of `finally`."""
    inside = bounded()
    inside.__enter__()
    rang()
    with pytest.raises(EvaluationTooLongError):
        rang()
    rang()
    inside.__exit__(None, None, None)
    work(0.1)


def test_many_ends_at_the_edge() -> None:
    """Work that takes about as long as it may: the exception never comes out behind the block."""
    for _ in range(60):
        with contextlib.suppress(EvaluationTooLongError), bounded():
            work(0.03)
        work(0.004)  # raises where the alarm rings late


def test_what_must_be_brief_is_ended_sooner_and_the_rest_goes_on() -> None:
    with bounded():
        with pytest.raises(TakesLongError), brief():
            work(5)
        assert not in_brief()
        with pytest.raises(TakesLongError), brief():
            raise AssertionError  # its time is over before it begins
        with pytest.raises(EvaluationTooLongError):
            work(5)
    with bounded(), brief():
        assert in_brief()


def test_no_handler_of_faults_takes_it() -> None:
    with pytest.raises(TakesLongError), bounded(), brief(), contextlib.suppress(Exception):
        work(5)


def test_time_that_is_over_outside_ends_nothing_yet() -> None:
    with bounded():
        work(0.015)
    with bounded():
        with brief():
            sum(range(10))
        work(0.015)


def test_many_ends_of_what_is_brief_at_the_edge() -> None:
    for _ in range(100):
        with bounded():
            with contextlib.suppress(TakesLongError), brief():
                work(0.01)
            work(0.002)


def swallowing() -> None:
    with contextlib.suppress(BaseException):
        work(5)


def turning() -> None:
    try:
        work(5)
    except TakesLongError:
        raise RuntimeError from None


@pytest.mark.parametrize("within", [swallowing, turning])
def test_what_swallows_it_or_makes_another_of_it_takes_long_all_the_same(within: Callable[[], None]) -> None:
    with pytest.raises(TakesLongError), bounded(), brief():
        within()


def test_other_errors_pass() -> None:
    with pytest.raises(RuntimeError), bounded(), brief():
        raise RuntimeError
