"""Open files: as many as the system gives, and never fewer than before."""

import resource

import pytest

from spawngate.server.descriptors import WANTED, raise_limit

INFINITE = resource.RLIM_INFINITY


@pytest.mark.parametrize(
    ("before", "set_to", "found"),
    [
        ((1_024, 20_000), (20_000, 20_000), 20_000),
        ((1_024, 1_048_576), (WANTED, 1_048_576), WANTED),
        ((1_024, INFINITE), (WANTED, INFINITE), WANTED),
        ((4_096, 4_096), None, 4_096),
        ((500_000, 1_048_576), None, 500_000),
        ((INFINITE, INFINITE), None, WANTED),
    ],
)
def test_the_limit(
    before: tuple[int, int], set_to: tuple[int, int] | None, found: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda which: before)
    monkeypatch.setattr(resource, "setrlimit", lambda which, limits: asked.append(limits))
    assert raise_limit() == found
    assert asked == ([] if set_to is None else [set_to])


def test_a_system_that_gives_no_more_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(which: int, limits: tuple[int, int]) -> None:
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "getrlimit", lambda which: (1_024, 20_000))
    monkeypatch.setattr(resource, "setrlimit", refused)
    assert raise_limit() == 1_024
