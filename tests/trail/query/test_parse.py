"""The language: trees, and errors that point at the character."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.model.errors import UsageError
from spawngate.trail.query.fields import FIELDS, Field
from spawngate.trail.query.parse import LONGEST, MOST, QueryError, parse_time, read
from spawngate.trail.query.syntax import And, Compare, Not, Or, Present, Text, Value

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_tree() -> None:
    text = 'verdict:deny,ask and (agent:c* or not server:*) latency>=5 last 90m "a \\"b\\" \\\\" -rf detail.X!="1 2"'
    assert read(text, NOW).tree == And(
        (
            Compare("verdict", FIELDS["verdict"], "=", (Value("deny", number=3), Value("ask", number=2))),
            Or(
                (
                    Compare("agent", FIELDS["agent"], "=", (Value("c*", pattern=True),)),
                    Not(Present("server", FIELDS["server"])),
                )
            ),
            Compare("latency", FIELDS["latency"], ">=", (Value("5", number=5.0),)),
            Compare("at", FIELDS["at"], ">=", (Value("2026-11-21T10:30:00.000000Z"),)),
            Text('a "b" \\'),
            Text("-rf"),
            Not(Compare("detail.X", Field(("detail.X",)), "=", (Value("1 2"),))),
        )
    )


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("verdikt:deny", 0, "there is no field 'verdikt'; did you mean verdict?"),
        ("a zzz:1", 2, "there is no field 'zzz'; there are action, agent, at,"),
        ("verdict:", 8, "a value must follow"),
        ("verdict:deny,", 13, "a value must follow"),
        ("verdict:maybe", 8, "'maybe' is none of allow, log, ask, deny"),
        ("severity>=bad", 10, "'bad' is none of info, low, medium, high, critical"),
        ("latency:fast", 8, "'fast' is no number"),
        ("at:soon", 3, "soon: is no time"),
        ("at>=2026-13-01", 4, "is no time"),
        ("last:soon", 5, "a span of time must follow"),
        ("last:999999w", 5, "is no time"),
        ("a (b or c", 2, "this group is not closed"),
        ("a b)", 3, "there is no group to close"),
        (")", 0, "there is no group to close"),
        ("()", 1, "there is nothing in this group"),
        ("a and", 5, "a field or a text must follow"),
        ("a and or b", 6, "must stand before and after 'or'"),
        ("or a", 0, "must stand before and after 'or'"),
        ("not", 3, "a field or a text must follow"),
        ('a "b', 2, "this quote is not closed"),
        ("latency:[1 to", 13, "a value must follow"),
        ("latency:[1 2]", 11, "a range is written [low to high]"),
        ("latency:[1 to 2", 8, "this range is not closed"),
        ("(" * 60 + "a" + ")" * 60, 40, "nested too deep"),
        ("a " * (MOST + 1), 2 * MOST, f"at most {MOST} conditions"),
        ("a" * (LONGEST + 1), LONGEST, f"at most {LONGEST} characters"),
    ],
)
def test_errors(text: str, position: int, problem: str) -> None:
    with pytest.raises(QueryError) as found:
        read(text, NOW)
    assert (found.value.position, problem in found.value.problem) == (position, True), found.value.problem
    assert str(found.value).startswith(f"character {position + 1}: ")


def test_pointer() -> None:
    with pytest.raises(QueryError) as found:
        read("a\x1b verdikt:deny", NOW)
    assert found.value.pointer(lambda text: text.replace("\x1b", "\\x1b")) == "a\\x1b verdikt:deny\n      ^"


@pytest.mark.parametrize(
    "text", ["https://x.test/a", "c:\\a", "12:30", "x", "lastly", "last year", "nothing", "android"]
)
def test_texts(text: str) -> None:
    tree = read(text, NOW).tree
    assert tree == (Text(text) if " " not in text else And(tuple(Text(word) for word in text.split())))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21", "2026-11-21T00:00:00.000000Z"),
        ("2026-11-21T10:00:00Z", "2026-11-21T10:00:00.000000Z"),
        ("2026-11-21T10:00:00+02:00", "2026-11-21T08:00:00.000000Z"),
        ("2026-11-21T10:00:00", "2026-11-21T10:00:00.000000Z"),
        ("24h", "2026-11-20T12:00:00.000000Z"),
        ("1w", "2026-11-14T12:00:00.000000Z"),
        ("30s", "2026-11-21T11:59:30.000000Z"),
    ],
)
def test_times(text: str, expected: str) -> None:
    assert parse_time(text, NOW) == expected


@pytest.mark.parametrize("text", ["", "soon", "999999w", "24", "2026-02-30", "0001-01-01T00:00:00+14:00"])
def test_no_times(text: str) -> None:
    with pytest.raises(UsageError, match="is no time"):
        parse_time(text, NOW)


@given(st.text() | st.text('abc:()"-<>=!,*[] \\notrdlasvei123.', max_size=40))
def test_any_text_is_a_query_or_an_error_within_it(text: str) -> None:
    found: QueryError | None = None
    try:
        read(text, NOW)
    except QueryError as error:
        found = error
    assert found is None or (0 <= found.position <= len(text) and found.pointer().count("\n") >= 1)
