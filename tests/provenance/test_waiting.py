"""Contents beside: in order, bounded, and a session waits for its own."""

from array import array
from collections.abc import Callable
from concurrent.futures import Future

import pytest

from spawngate.provenance.content import Prints
from spawngate.provenance.waiting import LONG, MOST_WAITING, Waiting

NOTHING = Prints(array("Q"), array("Q"), array("Q"))


class Beside:
    """Makes fingerprints when it is told to, or when somebody waits for them."""

    def __init__(self) -> None:
        self.begun: list[tuple[Callable[[], Prints], Future[Prints]]] = []

    def __call__(self, make: Callable[[], Prints]) -> "Made":
        future: Future[Prints] = Future()
        self.begun.append((make, future))
        return Made(make, future)


class Made:
    def __init__(self, make: Callable[[], Prints], future: "Future[Prints]") -> None:
        self.make, self.future = make, future

    def done(self) -> bool:
        return self.future.done()

    def result(self) -> Prints:
        if not self.future.done():
            self.future.set_result(self.make())
        return self.future.result()


def noting(found: list[str], name: str) -> Callable[[Prints | None], None]:
    return lambda prints: found.append(name if prints is not None else f"{name} failed")


def fails() -> Prints:
    raise ValueError("x")


def test_short_ones_are_done_at_once_and_long_ones_in_order() -> None:
    found: list[str] = []
    beside = Beside()
    waiting = Waiting(beside)
    waiting.begin("s", lambda: NOTHING, LONG, noting(found, "short"))
    waiting.begin("s", lambda: NOTHING, LONG + 1, noting(found, "long"))
    waiting.begin("s", lambda: NOTHING, 1, noting(found, "behind it"))
    waiting.begin("t", lambda: NOTHING, 1, noting(found, "other session"))
    assert (found, len(waiting)) == (["short", "other session"], 2)
    beside.begun[1][1].set_result(NOTHING)
    waiting.settle_all(wait=False)
    assert found == ["short", "other session"], "the first is not there yet"
    waiting.settle("t")
    waiting.settle("s")
    assert (found[2:], len(waiting)) == (["long", "behind it"], 0)


def test_a_session_with_too_many_waits() -> None:
    found: list[str] = []
    waiting = Waiting(Beside())
    for number in range(MOST_WAITING + 1):
        waiting.begin("s", lambda: NOTHING, LONG + 1, noting(found, str(number)))
    assert (found, len(waiting)) == (["0"], MOST_WAITING), "the first of them is waited for"


@pytest.mark.parametrize("length", [1, LONG + 1])
def test_what_fails_is_told_and_raised(length: int) -> None:
    found: list[str] = []
    waiting = Waiting(Beside())

    def both() -> None:
        waiting.begin("s", fails, length, noting(found, "a"))
        waiting.settle("s")

    with pytest.raises(ValueError, match="x"):
        both()
    waiting.settle("s")
    assert (found, len(waiting)) == (["a failed"], 0)
