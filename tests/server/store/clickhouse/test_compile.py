"""Queries as conditions of ClickHouse. That they answer as the language does: test_events, against the engine."""

from datetime import UTC, datetime
from typing import Any

import pytest

from spawngate.server.store.clickhouse.compile import EVERY, MAYBE, NEVER, Condition, Parameters, condition
from spawngate.trail.query import read

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def compiled(text: str) -> tuple[Condition, list[Any]]:
    parameters = Parameters()
    found = condition(read(text, NOW).tree, parameters)
    return found, list(parameters.values.values())


@pytest.mark.parametrize(
    ("text", "expected", "values"),
    [
        ("", EVERY, []),
        ("verdict:deny", Condition("hasAny(c_verdict, {p0:Array(String)})"), [["deny"]]),
        ("verdict>=ask", Condition("hasAny(c_verdict, {p0:Array(String)})"), [["ask", "deny"]]),
        ("verdict<allow", NEVER, []),
        ("-verdict:*", Condition("NOT ifNull(notEmpty(c_verdict), 0)"), []),
        ("agent:Codex-CLI", Condition("has(if(empty(f_agent), c_agent, f_agent), {p0:String})"), ["codex-cli"]),
        ("rule:a_b*%", Condition("arrayExists(w -> w LIKE {p0:String}, if(empty(f_rule), c_rule, f_rule))"),
         ["a\\_b%\\%"]),
        ("command>b", Condition("arrayExists(w -> w > {p0:String}, c_command)"), ["b"]),
        ("Straße", Condition("search LIKE {p0:String}"), ["%strasse%"]),
        ('"a\0b"', Condition("search LIKE {p0:String}", exact=False), ["%a\0b%"]),
        ('"50%"', Condition("position(search, {p0:String}) > 0"), ["50%"]),
        ('"a_b"', Condition("position(search, {p0:String}) > 0"), ["a_b"]),
        ("latency>1", Condition("n_latency > {p0:Float64}"), [1.0]),
        ("sequence:5,6", Condition("(sequence = {p0:Float64} OR sequence = {p1:Float64})"), [5.0, 6.0]),
        ("stream:S1", Condition("lowerUTF8(stream) = {p0:String}"), ["s1"]),
        ("stream:ä", MAYBE, []),
        ("at>=2026-11-22", Condition("time >= {p0:Int64}"), [1795305600000000]),
        ("detail.x:1", MAYBE, []),
        ("-detail.x:1", MAYBE, []),
        ("actor.agent:a", Condition("has(if(empty(f_agent), c_agent, f_agent), {p0:String})", exact=False), ["a"]),
        ("detail.x:1 verdict:deny", Condition("hasAny(c_verdict, {p0:Array(String)})", exact=False), [["deny"]]),
        ("detail.x:1 or verdict:deny", MAYBE, [["deny"]]),
        ("verdict<allow or verdict:log", Condition("hasAny(c_verdict, {p0:Array(String)})"), [["log"]]),
        ("hash:*", EVERY, []),
        ("call:x", MAYBE, []),
    ],
)  # fmt: skip
def test_conditions(text: str, expected: Condition, values: list[Any]) -> None:
    assert compiled(text) == (expected, values)


def test_no_value_stands_in_the_text() -> None:
    found, values = compiled("""command:"'); DROP TABLE x --" or "');" or agent:"a\\\\'" """)
    assert "DROP" not in found.sql
    assert "'" not in found.sql
    assert len(values) == 3
