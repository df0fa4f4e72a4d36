"""Caps end in a stated reason."""

from collections.abc import Callable

import pytest

from spawngate.command.budget import EXPORTED_COST, Budget, Exhausted


@pytest.mark.parametrize(
    ("use", "reason"),
    [
        (Budget.step, "too-slow"),
        (Budget.spawn, "too-many"),
        (lambda budget: budget.parse(160), "too-long"),
        (lambda budget: budget.produce(1000), "too-slow"),
    ],
)
def test_reason(use: Callable[[Budget], None], reason: str) -> None:
    budget = Budget(spawns=1, words=26_000, steps=1, parsed=1100, produced=1100)
    use(budget)
    with pytest.raises(Exhausted, match=reason):
        use(budget)


def test_exported_variables_count_as_words_of_every_spawn() -> None:
    budget = Budget(words=4 * EXPORTED_COST)
    budget.give(3)
    budget.give(1)
    with pytest.raises(Exhausted, match="too-many"):
        budget.give(1)


def test_words_of_all_spawns_together_are_counted() -> None:
    budget = Budget(spawns=9, words=10)
    budget.spawn(5)
    budget.spawn(5)
    with pytest.raises(Exhausted, match="too-many"):
        budget.spawn(1)
