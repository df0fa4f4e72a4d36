"""Replays behind the pages: one at a time, once for whoever asks the same, and told how far they are."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from spawngate.model.errors import UsageError
from spawngate.server.views import replaying
from spawngate.server.views.replay import Replayed, replayed
from spawngate.server.views.replaying import KEPT, MOST, Replays, Running, asked, waited
from tests.server.fleetdata import services
from tests.server.views.test_replay import FILES, fill


class Work:
    """Something that takes until it is let go."""

    def __init__(self) -> None:
        self.begun = 0
        self.go = threading.Event()
        self.now = 100.0
        self.replays: Replays[str] = Replays(lambda: self.now)

    def __call__(self, told: list[int]) -> str:
        self.begun += 1
        told[0] = 7
        assert self.go.wait(20)
        return f"answer {self.begun}"


@pytest.fixture
def work() -> Iterator[Work]:
    made = Work()
    yield made
    made.go.set()


def until_begun(work: Work, count: int = 1) -> None:
    for _ in range(2_000):
        if work.begun == count:
            return
        threading.Event().wait(0.005)
    raise AssertionError("it does not begin")


def test_whoever_asks_the_same_waits_for_one_and_is_told_how_far_it_is(work: Work) -> None:
    assert work.replays.ask("a", work, 0.0) in (0, 7)
    until_begun(work)
    assert work.replays.ask("a", work, 0.0) == 7
    work.go.set()
    assert [work.replays.ask("a", work, 20.0) for _ in range(2)] == ["answer 1"] * 2
    work.now += KEPT + 1
    assert work.replays.ask("a", work, 20.0) == "answer 2"


def test_another_one_comes_behind_it_and_too_many_are_refused(work: Work) -> None:
    for number in range(MOST):
        work.replays.ask(number, work, 0.0)
    with pytest.raises(UsageError, match="waiting already"):
        work.replays.ask("one more", work, 0.0)
    until_begun(work)
    assert work.replays.ask(MOST - 1, work, 0.0) == 0
    work.go.set()
    assert work.replays.ask(MOST - 1, work, 20.0) == f"answer {MOST}"
    assert work.replays.ask("one more", work, 20.0) == f"answer {MOST + 1}"  # what is done makes room


def test_what_fails_is_raised_and_tried_again(work: Work) -> None:
    def fails(told: list[int]) -> str:
        work.begun += 1
        raise UsageError("no policy")

    for number in (1, 2):
        with pytest.raises(UsageError, match="no policy"):
            work.replays.ask("a", fails, 20.0)
        assert work.begun == number


def test_few_decisions_are_waited_for(tmp_path: Path) -> None:
    with services(tmp_path) as parts:
        fill(parts)
        found = asked(parts, None, FILES, 7)
        assert isinstance(found, Replayed)
        assert (found.total, waited(parts, None, FILES, 7)) == (3, found)
        assert waited(parts, frozenset({2}), FILES, 7).total == 1
        with pytest.raises(UsageError):
            asked(parts, None, {"x.cedar": "("}, 7)


def test_many_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()
    original = replayed

    def slow(*given: object, told: list[int]) -> Replayed:
        told[0] = 2
        assert go.wait(20)
        return original(*given)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(replaying, "FEW", 1)
    monkeypatch.setattr(replaying, "LONG", 0.3)
    monkeypatch.setattr(replaying, "replayed", slow)
    with services(tmp_path) as parts:
        fill(parts)
        assert asked(parts, None, FILES, 7) in (Running(7, 0), Running(7, 2))
        with pytest.raises(UsageError, match="try again"):
            waited(parts, None, FILES, 7)
        go.set()
        monkeypatch.setattr(replaying, "LONG", 20.0)
        assert waited(parts, None, FILES, 7).total == 3
