"""No expression of the deciding path takes more time than in proportion to its text.

`tests.expressions` makes the texts. What is measured is processor time, and a text that seems slow is measured again,
so that other work on the machine does not fail the test.
"""

import re
from dataclasses import replace

import pytest

from spawngate.rules.engine import shipped
from tests.expressions import Expression, Slow, crafted, expressions_of, slow_text

ANCHORED = {
    "spawngate.command.environment._ORDERS": "fullmatch",
    "spawngate.command.carried._READS": "fullmatch",
    "spawngate.command.dependency_files._TABLES": "fullmatch",
    "spawngate.command.package_sources.FETCHES": "match",
    "spawngate.command.package_sources.REPLACES": "match",
    "spawngate.command.package_sources.UNCHECKED": "match",
    "spawngate.command.plain_lines._TOKEN": "match",
    "spawngate.command.unwrap.builds._VARIABLE": "fullmatch",
    "spawngate.command.unwrap.editors._RUNS": "match",
    "spawngate.command.unwrap.installs._FILE": "match",
    "spawngate.command.unwrap.installs._SUFFIXED": "match",
    "spawngate.launch.environment._PATTERNS": "fullmatch",
    "spawngate.launch.grammar.tools.TOOLS": "match",
    "spawngate.redact.urls._WEBHOOKS": "fullmatch",
}
"""Expressions that the code reaches through a table or another name, and how it applies them."""
PARTS = ("command", "configuration", "launch", "policy", "provenance", "redact", "rules")


def _found(part: str) -> list[Expression]:
    more = (shipped(),) if part == "rules" else ()
    return [
        replace(each, uses=frozenset({ANCHORED[each.where]})) if each.where in ANCHORED else each
        for each in expressions_of(f"spawngate.{part}", *more)
    ]


@pytest.mark.parametrize("part", PARTS)
def test_time_grows_with_the_length(part: str) -> None:
    found = _found(part)
    assert found
    seem_slow = [each for each in found if slow_text(each) is not None]
    again = [slow for each in seem_slow if (slow := slow_text(each)) is not None]
    assert [str(slow) for slow in again] == []


@pytest.mark.parametrize(
    ("pattern", "use"),
    [
        (r"a\s*b?\s*c", "search"),
        (r"(?:x+)+y", "match"),
        (r".*\.tf", "search"),
        (r"\"(.*?)\"?\s*\Z", "match"),
        (r"[\w.-]*@?\d+[\w.-]*", "fullmatch"),
    ],
)
def test_a_slow_expression_is_found(pattern: str, use: str) -> None:
    found = slow_text(Expression("here", re.compile(pattern), frozenset({use})))
    assert isinstance(found, Slow)
    assert found.use == use


def test_an_expression_that_can_be_read_in_one_way_is_none() -> None:
    assert slow_text(Expression("here", re.compile(r"a\s*+(?:b\s*+)?c"), frozenset({"search"}))) is None


def test_pieces_come_from_the_expression() -> None:
    assert ("x=", "y") in crafted(re.compile(r"x=(?:y)*z"))
    assert ("x=", "yw") in crafted(re.compile(r"x=(?:q|yw)*z"))
