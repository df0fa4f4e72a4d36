"""YAML, whole, broken and hostile."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.formats import Problem
from spawngate.agents.formats.yamltext import parse_yaml

SIMPLE = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(alphabet="abc :-#'\"é", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet="abc", min_size=1), inner, max_size=3),
    max_leaves=15,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1\nb: [x, 2.5, yes, null, ~]\n", {"a": 1, "b": ["x", 2.5, True, None, None]}),
        ("- name: s\n  args:\n    - -y\n    - '1'\n", [{"name": "s", "args": ["-y", "1"]}]),
        ("base: &b {x: 1, y: 2}\nc:\n  <<: *b\n  y: 3\n", {"base": {"x": 1, "y": 2}, "c": {"x": 1, "y": 3}}),
        ("a: |\n  two\n  lines\n", {"a": "two\nlines\n"}),
        ("a: !!python/object/apply:os.system ['x']\n", {"a": ["x"]}),
        ("a: 2026-01-02\nb: 0x1F\nc: !!str 5\n", {"a": "2026-01-02", "b": 31, "c": "5"}),
        ("", None),
        ("a: 1\n---\nb: 2\n", {"a": 1}),
    ],
)
def test_parse(text: str, value: Any) -> None:
    assert parse_yaml(text) == (value, ())


def test_fault_keeps_what_stood_before() -> None:
    value, problems = parse_yaml("servers:\n  good: {command: npx}\n  bad: [1, 2\nnext: x\n")
    assert value == {"servers": {"good": {"command": "npx"}, "bad": [1, "2 next"]}} or isinstance(value, dict)
    assert isinstance(value, dict)
    assert value["servers"]["good"] == {"command": "npx"}
    assert [problem.reason for problem in problems] == ["malformed"]


def test_alias_bomb_ends_early() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    value, problems = parse_yaml("good: 1\n" + "\n".join(lines))
    assert isinstance(value, dict)
    assert value["good"] == 1
    assert Problem("budget", "more than 500000 values; the rest was skipped") in problems


def test_cycle_is_refused() -> None:
    assert parse_yaml("a: &x [1, *x]\nb: 2\n") == (
        {"a": [1, None], "b": 2},
        (Problem("malformed", "line 1: alias to nothing or to itself"),),
    )


def test_deep_part_is_skipped_and_neighbours_stay() -> None:
    value, problems = parse_yaml("before: 1\ndeep: " + "[" * 2_000 + "]" * 2_000 + "\nafter: 2\n")
    assert isinstance(value, dict)
    assert (value["before"], value["after"]) == (1, 2)
    assert [problem.reason for problem in problems] == ["too-deep"]


def test_number_too_long_to_write_becomes_text() -> None:
    digits = "f" * 4_000
    found = parse_yaml(f"? 0x{digits}\n: [0x{digits}, -0x{digits}, 0b{'1' * 16_000}, 0xff]\nb: {'9' * 5_000}\n")
    numbers = [f"0x{digits}", f"-0x{digits}", f"0x{digits}", 255]
    assert found == ({f"0x{digits}": numbers, "b": "9" * 5_000}, ())


def test_key_twice() -> None:
    assert parse_yaml("a: 1\na: 2\n") == (
        {"a": 2},
        (Problem("duplicate-key", "a key stands twice in one map; the last one counts"),),
    )


def test_control_characters() -> None:
    assert parse_yaml("a: x\x00y\n") == ({"a": "x\ufffdy"}, (Problem("encoding", "control characters were replaced"),))


@given(SIMPLE)
def test_agrees_with_the_safe_loader(value: Any) -> None:
    text = yaml.safe_dump(value, allow_unicode=True)
    assert parse_yaml(text) == (yaml.safe_load(text), ())


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%@`,?\n \t\0\ud800", max_size=60))
def test_never_raises(text: str) -> None:
    parse_yaml(text)
