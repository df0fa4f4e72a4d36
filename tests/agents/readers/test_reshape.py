"""`readers.reshape`: deviating definitions brought into the common shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.readers.reshape import lay_flat, lift_filter, reshape, split_command
from spawngate.model.json import Json
from tests.agents.readers.seen import anything


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("npx -y server", ["npx", "-y", "server"]),
        ("npx 'a b' \"c d\"", ["npx", "a b", "c d"]),
        ('C:\\bin\\x.exe --p "C:\\a b"', ["C:\\bin\\x.exe", "--p", "C:\\a b"]),
        ("npx", "npx"),
        ("", ""),
        ("npx 'unclosed", "npx 'unclosed"),
        (["npx", "-y"], ["npx", "-y"]),
        (None, None),
        (7, 7),
    ],
)
def test_split_command(command: Json, words: Json) -> None:
    assert split_command({"command": command, "env": {}}) == {"command": words, "env": {}}


def test_split_command_without_one() -> None:
    assert split_command({"url": "x"}) == {"url": "x"}


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ({"a": 1, "f": {"include": ["x"], "exclude": ["y"]}}, {"a": 1, "includeTools": ["x"], "excludeTools": ["y"]}),
        ({"f": {"include": None, "other": 1}}, {}),
        ({"f": {}}, {}),
        ({"f": ["x"]}, {"f": ["x"]}),
        ({"f": None}, {"f": None}),
        ({"a": 1}, {"a": 1}),
    ],
)
def test_lift_filter(definition: dict[str, Json], expected: Json) -> None:
    assert lift_filter("f")(definition) == expected


@pytest.mark.parametrize(
    ("container", "expected"),
    [
        ({"s": {"command": "a b"}, "n": None, "t": "x"}, {"s": {"command": ["a", "b"]}, "n": None, "t": "x"}),
        ([{"command": "a b"}, 7], [{"command": ["a", "b"]}, 7]),
        (None, None),
        ("a b", "a b"),
        (7, 7),
    ],
)
def test_reshape(container: Json, expected: Json) -> None:
    assert reshape(container, split_command, lift_filter("f")) == expected


@pytest.mark.parametrize(
    ("definition", "laid"),
    [
        ({"name": "a", "transport": {"type": "stdio", "command": "x"}}, {"name": "a", "type": "stdio", "command": "x"}),
        ({"command": "y", "transport": {"command": "x"}}, {"command": "x"}),
        ({"transport": "stdio", "command": "x"}, {"transport": "stdio", "command": "x"}),
        ({"transport": None}, {"transport": None}),
        ({}, {}),
        (None, None),
        ("x", "x"),
        ([1], [1]),
    ],
)
def test_lay_flat(definition: Json, laid: Json) -> None:
    assert reshape([definition], lay_flat("transport")) == [laid]


@pytest.mark.parametrize(
    ("container", "laid"),
    [
        ({"a": {"t": {"command": "x"}}, "b": 7}, {"a": {"command": "x"}, "b": 7}),
        ([{"t": {"command": "x"}}, None], [{"command": "x"}, None]),
        (None, None),
        ("x", "x"),
        (7, 7),
    ],
)
def test_lay_flat_in_a_container(container: Json, laid: Json) -> None:
    assert reshape(container, lay_flat("t")) == laid


def test_changes_are_made_in_order() -> None:
    found = reshape({"s": {}}, lambda item: {**item, "n": 1}, lambda item: {**item, "m": item["n"]})
    assert found == {"s": {"n": 1, "m": 1}}


@given(anything("command", "f", "transport", "include", "exclude") | st.text(alphabet="ab '\"\\"))
def test_no_value_raises(value: Json) -> None:
    reshape(value, split_command, lift_filter("f"), lay_flat("f"))
    reshape({"s": {"command": value, "f": value}}, split_command, lift_filter("f"), lay_flat("command"))
