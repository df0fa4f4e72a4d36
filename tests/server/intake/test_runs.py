"""Two machines with one identity are known by speaking in turn."""

from spawngate.server.intake import runs
from spawngate.server.intake.runs import Runs


def test_a_restart_is_none_and_coming_back_is_one() -> None:
    known = Runs()
    assert [known.comes_back("e1", run) for run in ("a", "a", "b", "b", "c", "")] == [False] * 6
    assert [known.comes_back("e1", run) for run in ("b", "c", "c", "b")] == [True, True, False, True]
    assert not known.comes_back("e2", "b")


def test_what_is_remembered_is_bounded() -> None:
    known = Runs()
    for number in range(runs.MOST + 10):
        known.comes_back(str(number), "a")
    assert len(known._known) == runs.MOST
