"""Keeping the wanted keys of a large file."""

import json

from spawngate.agents.formats.jsonlarge import keep_json

KEEP = (("mcpServers",), ("projects", "*", "mcpServers"), ("projects", "*", "trusted"))


def test_keeps_only_what_was_asked_for() -> None:
    document = {
        "history": [{"x": "y" * 100}] * 50,
        "mcpServers": {"a": {"command": "npx", "args": ["-y", "p"]}},
        "projects": {
            "/one": {"history": ["z"] * 100, "mcpServers": {"b": {"command": "uvx"}}, "trusted": True},
            "/two": {"mcpServers": None},
        },
    }
    assert keep_json(json.dumps(document).encode(), KEEP) == (
        {
            "mcpServers": {"a": {"command": "npx", "args": ["-y", "p"]}},
            "projects": {
                "/one": {"mcpServers": {"b": {"command": "uvx"}}, "trusted": True},
                "/two": {"mcpServers": None},
            },
        },
        (),
    )


def test_wrong_type_on_the_way_is_null_and_neighbours_stay() -> None:
    data = b'{"projects": {"/one": 7, "/two": {"trusted": false}}, "mcpServers": [1]}'
    assert keep_json(data, KEEP) == ({"projects": {"/one": None, "/two": {"trusted": False}}, "mcpServers": [1]}, ())


def test_what_is_not_json_is_left_to_the_tolerant_parser() -> None:
    for data in (b'{"mcpServers": {}, // comment\n}', b'{"mcpServers": {', b"[1, 2]", b"", b'{"a": ' + b"[" * 3_000):
        assert keep_json(data, KEEP) is None


def test_kept_part_may_be_deep() -> None:
    data = b'{"mcpServers": {"good": {"command": "x"}, "bad": {"env": ' + b"[" * 500 + b"]" * 500 + b"}}}"
    kept = keep_json(data, KEEP)
    assert kept is not None
    value, problems = kept
    assert value == {"mcpServers": {"good": {"command": "x"}, "bad": {"env": _nested(500)}}}
    assert problems == ()


def _nested(levels: int) -> list[object]:
    value: list[object] = []
    for _ in range(levels - 1):
        value = [value]
    return value
