"""Where an entry's words stand, in every spelling that agents know, and that they come back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.formats.edit_values import after
from spawngate.agents.formats.launch_places import LaunchPlace, all_places, entry_of, find, find_again, operations
from spawngate.model.json import Json

WORDS = ("/l", "--id", "x", "--", "npx", "-y", "a b")
CASES: list[tuple[str, Any, str, LaunchPlace]] = [
    (
        "separate",
        {"mcpServers": {"s": {"command": "npx", "args": ["-y", "a b"]}}},
        "mcpServers.s",
        LaunchPlace(("mcpServers", "s"), "separate", "command", "args"),
    ),
    (
        "dots in a name",
        {"amp.mcpServers": {"a.b": {"cmd": "npx", "arguments": ["-y", "a b"]}}},
        "amp.mcpServers.a.b",
        LaunchPlace(("amp.mcpServers", "a.b"), "separate", "cmd", "arguments"),
    ),
    (
        "one list",
        {"mcp": {"s": {"command": ["npx", "-y", "a b"]}}},
        "mcp.s",
        LaunchPlace(("mcp", "s"), "list", "command", "args"),
    ),
    (
        "a map inside",
        {"m": {"s": {"command": {"path": "npx", "args": ["-y", "a b"]}}}},
        "m.s",
        LaunchPlace(("m", "s", "command"), "separate", "path", "args"),
    ),
    (
        "a line",
        {"m": [{"name": "s", "command": "npx -y 'a b'"}]},
        "m[s]",
        LaunchPlace(("m", 0), "line", "command", "args"),
    ),
    (
        "a line and a list",
        {"m": [{}, {"name": "s", "command": "npx -y", "args": ["a b"]}]},
        "m[s]",
        LaunchPlace(("m", 1), "split", "command", "args"),
    ),
    (
        "arguments as a text",
        {"m": [{"command": "npx", "args": "-y 'a b'"}]},
        "m[#1]",
        LaunchPlace(("m", 0), "separate", "command", "args", line=True),
    ),
    (
        "arguments where an address stands",
        {"m": [{"type": "stdio", "command": "npx", "url": "-y 'a b'"}]},
        "m[0]",
        LaunchPlace(("m", 0), "separate", "command", "url", line=True),
    ),
    (
        "a text alone",
        {"mcp": {"serverCommand": "npx -y 'a b'"}},
        "mcp.serverCommand",
        LaunchPlace(("mcp",), "line", "serverCommand", ""),
    ),
    ("the file itself", {"command": "npx", "args": ["-y", "a b"]}, "", LaunchPlace((), "separate", "command", "args")),
    (
        "another pointer",
        {"odd": {"deep": {"s": {"transport": {"command": "npx", "args": ["-y", "a b"]}}}}},
        "mcpServers.s",
        LaunchPlace(("odd", "deep", "s", "transport"), "separate", "command", "args"),
    ),
]


@pytest.mark.parametrize(("value", "pointer", "place"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_found_and_rewritten(value: Json, pointer: str, place: LaunchPlace) -> None:
    assert find(value, pointer, "s", "npx", ("-y", "a b")) == place
    changed = value
    for operation in operations(place, WORDS):
        changed = after(changed, operation, lambda entry: False)
    readings = [words for found, words in all_places(changed) if found.path == place.path]
    assert WORDS in readings
    restored = changed
    again = next(found for found, words in all_places(changed) if words == WORDS)
    for operation in operations(again, WORDS[4:]):
        restored = after(restored, operation, lambda entry: False)
    assert find_again(restored, place, "npx", ("-y", "a b")) is not None


def test_numbers_are_words() -> None:
    value: Json = {"m": {"s": {"command": "x", "args": ["--port", 80, True]}}}
    assert find(value, "m.s", "s", "x", ("--port", "80", "true")) == LaunchPlace(
        ("m", "s"), "separate", "command", "args"
    )


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"m": {"s": {"command": "npx"}}},
        {"m": {"s": {"command": "npx", "args": ["-y", "other"]}}},
        {"m": {"s": {"command": "npx", "args": [{}, "-y", "a b"]}}},
        {"m": {"s": {"command": 7, "args": ["-y", "a b"]}}},
        {"m": {"s": "npx -y 'a b"}},
        # Twice what is looked for, and nothing tells which one it is.
        {"a": {"s": {"command": "npx", "args": ["-y", "a b"]}}, "b": {"s": {"command": "npx", "args": ["-y", "a b"]}}},
    ],
)
def test_not_guessed(value: Json) -> None:
    assert find(value, "m.s", "s", "npx", ("-y", "a b")) is None


_JSON = st.recursive(
    st.none() | st.booleans() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["command", "args", "m", "s", "name", "url"]), inner, max_size=3)
    ),
)


@given(
    _JSON,
    st.sampled_from(["", "m", "m.s", "m[s]", "m[#1]"]),
    st.text(max_size=3),
    st.lists(st.text(max_size=2), max_size=2),
)
def test_total(value: Json, pointer: str, command: str, args: list[str]) -> None:
    place = find(value, pointer, "s", command, args)
    if place is not None:
        assert (command, *args) in [words for found, words in all_places(value) if found.path == place.path]


@pytest.mark.parametrize(
    ("value", "pointer", "name", "path"),
    [
        ({"mcpServers": {"x": {"url": "u"}}}, "mcpServers.x", "x", ("mcpServers", "x")),
        ({"mcpServers": {"a.b": {"url": "u"}}}, "mcpServers.a.b", "a.b", ("mcpServers", "a.b")),
        ({"servers": [{"name": "y"}, {"name": "x"}]}, "servers[x]", "x", ("servers", 1)),
        ({"mcpServers": {"x": "text"}}, "mcpServers.x", "x", None),
        ({"mcpServers": {}}, "mcpServers.x", "x", None),
        # Two places have the same text; the name tells which one is meant.
        ({"a": {"b.c": {"k": 1}, "b": {"c": {"k": 2}}}}, "a.b.c", "b.c", ("a", "b.c")),
    ],
)
def test_where_an_entry_lies(value: Json, pointer: str, name: str, path: tuple[str | int, ...] | None) -> None:
    assert entry_of(value, pointer, name) == path
