"""Caps end in a stated reason."""

from collections.abc import Callable

import pytest

from spawngate.command.budget import Budget, Exhausted


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
    budget = Budget(spawns=1, steps=1, parsed=1100, produced=1100)
    use(budget)
    with pytest.raises(Exhausted, match=reason):
        use(budget)
