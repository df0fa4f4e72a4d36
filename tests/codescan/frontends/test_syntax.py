"""What front-ends share: budgets, troubles, and the names in what is too deep. Hostile sources: `test_hostile`."""

from spawngate.codescan.frontends.python import GRAMMAR
from spawngate.codescan.frontends.syntax import MAX_TROUBLES, Reading
from spawngate.codescan.ir import dump


def test_errors_are_recorded_with_their_place() -> None:
    reading = Reading(b"x = 1\ny = = 2\n", 1000)
    root = reading.parse(GRAMMAR)
    assert root.type == "module"
    assert [(trouble.line, trouble.what) for trouble in reading.troubles] == [
        (2, "syntax that the grammar does not know")
    ]


def test_troubles_are_bounded() -> None:
    reading = Reading(b"= =\n" * 500, 100_000)
    root = reading.parse(GRAMMAR)
    for _ in range(2 * MAX_TROUBLES):
        reading.trouble(root, "x")
    assert len(reading.troubles) == MAX_TROUBLES


def test_a_budget_is_spent_once() -> None:
    reading = Reading(b"", 1)
    assert [reading.spend(), reading.spend(), reading.incomplete] == [True, False, True]


def test_names_in_what_is_not_lowered() -> None:
    reading = Reading(b"f(a, [b, a], 'c')\n", 1000)
    root = reading.parse(GRAMMAR)
    assert dump(reading.flat(root, "too deep")) == "Unknown('too deep', parts=(Name('f'), Name('a'), Name('b')))"
    assert reading.text(root.named_children[0]) == "f(a, [b, a], 'c')"
