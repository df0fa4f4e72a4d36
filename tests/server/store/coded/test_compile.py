"""Queries as conditions over a day's columns."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from spawngate.server.store.coded import compile
from spawngate.server.store.coded.columns import CUT
from spawngate.server.store.coded.compile import EVERY, MAYBE, NEVER, Condition, condition
from spawngate.trail.query import read
from spawngate.trail.query.syntax import Node

NOW = datetime(2026, 11, 22, tzinfo=UTC)
WORDS: dict[str, list[tuple[str, ...]]] = {
    "verdict": [("allow",), ("log",), ("ask",), ("deny",)],
    "command": [("git status",), ("rm -rf /tmp", "curl x")],
    "agent": [("claude-code",), ("codex-cli", "claude-code")],
    "rest": [("curl",), ("a", CUT)],
    "rule": [(f"rule-{number}",) for number in range(60)],
    "type": [("decision",)],
}


def words(column: str, holding: str | None) -> Iterator[tuple[int, tuple[str, ...]]]:
    for code, values in enumerate(WORDS.get(column, []), 1):
        if holding is None or any(holding in value.casefold() for value in values):
            yield code, values


def compiled(text: str) -> Condition:
    return condition(read(text, NOW).tree, words, lambda: [(1, "abc"), (2, "abd")])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", EVERY),
        ("verdict:deny", Condition("(verdict > 2 AND verdict IN (4))")),
        ("verdict>=ask", Condition("(verdict > 2 AND verdict IN (3,4))")),
        ("-verdict:deny", Condition("((verdict > 2 AND verdict IN (4))) IS NOT TRUE")),
        ("verdict:*", Condition("verdict IS NOT NULL")),
        ("agent:claude-code", Condition("agent IN (1,2)")),
        ("agent:none", NEVER),
        ("-agent:none", EVERY),
        ("agent:none or verdict:log", Condition("verdict=2")),
        ("agent:none verdict:log", NEVER),
        ("stream:ab*", Condition("stream IN (1,2)")),
        ("sequence>5", Condition("sequence>?", (5.0,))),
        ("latency:1,2", Condition("(latency=? OR latency=?)", (1.0, 2.0))),
        ("latency:*", Condition("latency IS NOT NULL")),
        ("at>=2026-11-22", Condition("time>=?", (1795305600000000,))),
        ("git", Condition("(command=1 OR rest=2)", (), exact=False)),
        ("e", EVERY),
        ("SI", EVERY),
        ("not e", NEVER),
        ("io agent:none", NEVER),
        ("detail.x:1", MAYBE),
        ("-detail.x:1", MAYBE),
        ("detail.x:1 or verdict:deny", MAYBE),
        ("detail.x:1 verdict:deny", Condition("(verdict > 2 AND verdict IN (4))", (), exact=False)),
        ("actor.agent:codex-cli", Condition("agent=2", (), exact=False)),
        ("hash:*", EVERY),
        ("call:*", MAYBE),
    ],
)
def test_conditions(text: str, expected: Condition) -> None:
    assert compiled(text) == expected


def test_many_codes_are_handed_over() -> None:
    found = compiled("rule:rule-*")
    assert found.sql == "rule IN (SELECT value FROM json_each(?))"
    assert found.parameters == (str(list(range(1, 61))),)


def test_a_text_of_a_query_never_stands_in_the_statement() -> None:
    found = compiled('"x\' OR 1=1 --" or stream:"\'; DROP TABLE events" or latency:7')
    assert "DROP" not in found.sql
    assert "'" not in found.sql


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at>=1970-01-01T00:00:05Z", EVERY),
        ("at>1970-01-01T00:00:09.5Z", NEVER),
        ("at<1970-01-01T00:00:05Z", NEVER),
        ("at<=1970-01-01T00:00:10Z", EVERY),
        ("at>=1970-01-01T00:00:06Z", Condition("time>=?", (6_000_000,))),
        ("-at>=1970-01-01T00:00:05Z", NEVER),
        ("at>=1970-01-01T00:00:05Z verdict:log", Condition("verdict=2")),
    ],
)
def test_what_is_true_of_all_times_of_a_day_that_is_over(text: str, expected: Condition) -> None:
    found = condition(read(text, NOW).tree, words, list, times=(5_000_000, 9_000_000))
    assert found == expected


def test_columns_that_a_condition_looks_at() -> None:
    found = compiled("verdict:deny (agent:codex-cli or -rule:rule-1) latency>5 stream:abc at>2026-11-01")
    assert found.columns == {"verdict", "agent", "rule", "latency", "stream", "time"}
    assert compiled("git").columns == {"command", "rest"}
    assert compiled("").columns == frozenset()
    assert compiled("verdict:*").columns == {"verdict"}


def test_what_is_known_of_a_day_is_not_looked_for_again() -> None:
    asked: list[str] = []

    def counted(column: str, holding: str | None) -> Iterator[tuple[int, tuple[str, ...]]]:
        asked.append(column)
        return words(column, holding)

    known: dict[Node, Condition] = {}
    streams = lambda: [(1, "abc")]  # noqa: E731
    for text in ("agent:codex-cli curl", "agent:codex-cli curl verdict:deny", "curl or agent:codex-cli"):
        tree = read(text, NOW).tree
        assert condition(tree, counted, streams, None, None, known) == condition(tree, words, streams)
    assert asked.count("agent") == 2, "once compared, once searched for the text"
    assert asked.count("verdict") == 2
    assert len(known) == 3


def test_few_and_small_parts_are_kept() -> None:
    known: dict[Node, Condition] = {}
    many = ",".join(f"rule-{number}" for number in range(compile.FEW + 1))
    condition(read(f"rule:{many}", NOW).tree, words, list, None, None, known)
    assert known == {}
    for number in range(compile.KEPT * 2 + 5):
        condition(read(f"rule:rule-{number}", NOW).tree, words, list, None, None, known)
    assert 0 < len(known) <= compile.KEPT
