"""Digests of tools, and what changed between two lists."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.protocol.pins import Difference, Pins, difference, pins_from_json, pins_of
from tests.protocol.strategies import TEXTS, VALUES

READ = {
    "name": "read",
    "description": "Reads a file.",
    "inputSchema": {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path", "mode"]},
}
WRITE = {"name": "write", "description": "Writes a file."}


def test_digests_are_stable() -> None:
    """A stored pin of today is compared with tomorrow's offer: the canonical form may not change."""
    pins = pins_of("Be kind.", [READ, WRITE])
    assert pins.as_json() == {
        "instructions": "8c294dd9b20a079e703dc38d191f91cb812cde51a894b85ad2e25791325c993e",
        "tools": {
            "read": {
                "description": "e969294d1fa68634964ff312acd64423fadcef1ff105dce770c10ffb4350b06e",
                "inputSchema": "1715628ee24e9ca7b98a193760c6103b6042bbbd7b1cab77ce06d0f409d2b274",
            },
            "write": {"description": "26cf2b794f7cedac9b0c85b499664ed1f6707137b4f3e6f0e071d99968838bde"},
        },
    }
    assert pins.digest == "ccee900a45f5c63ed7098fd0316c285013d322adc7c75a23b45fdd3eb97f7740"
    assert pins.tool_digest("read") == "a0457655d42617261f302d5c50df83b95573c3c93c200c73b5fc08ba3d644bc3"
    assert pins.tool_digest("gone") == ""


@pytest.mark.parametrize(
    "same",
    [
        {**READ, "_meta": {"time": 1}, "icons": []},
        dict(reversed(READ.items())),
        {**READ, "inputSchema": {**READ["inputSchema"], "required": ["mode", "path"]}},  # type: ignore[dict-item]  # a map inside
    ],
)
def test_what_is_no_change(same: dict[str, object]) -> None:
    assert pins_of(None, [same]) == pins_of("", [READ])


@pytest.mark.parametrize(
    ("after", "fields"),
    [
        ({**READ, "description": "Reads a file!"}, ("description",)),
        ({**READ, "title": "Read"}, ("title",)),
        ({"name": "read", "description": "Reads a file."}, ("inputSchema",)),
        ({**READ, "inputSchema": {}, "annotations": {"readOnlyHint": True}}, ("annotations", "inputSchema")),
        ({**READ, "futureField": 1}, ("futureField",)),
    ],
)
def test_what_changed(after: dict[str, object], fields: tuple[str, ...]) -> None:
    found = difference(pins_of(None, [READ, WRITE]), pins_of(None, [WRITE, after]))
    assert found == Difference(changed={"read": fields})
    assert (bool(found), found.of("read"), found.of("write")) == (True, "changed", "")


def test_added_and_removed() -> None:
    before, after = pins_of("a", [READ]), pins_of("b", [WRITE])
    assert difference(before, after) == Difference(("write",), ("read",), {}, "changed")
    assert difference(before, after, more=True) == Difference(("write",), (), {}, "changed")
    assert difference(before, pins_of("b", []), tools_known=False) == Difference((), (), {}, "changed")
    assert [difference(before, after).of(name) for name in ("write", "read", "x")] == ["added", "removed", ""]


@pytest.mark.parametrize(
    ("before", "after", "word"), [("", "a", "added"), ("a", "", "removed"), ("a", "b", "changed"), ("a", "a", "")]
)
def test_instructions(before: str, after: str, word: str) -> None:
    assert difference(pins_of(before, []), pins_of(after, [])).instructions == word


def test_a_name_that_stands_twice_is_not_either_of_the_two() -> None:
    other = {**READ, "description": "Sends a file."}
    both = pins_of(None, [READ, other])
    assert both not in (pins_of(None, [READ]), pins_of(None, [other]), pins_of(None, [other, READ]))
    assert difference(pins_of(None, [READ]), both).changed == {"read": ("(repeated)", "description", "inputSchema")}


def test_what_stands_very_deep_cannot_change_unseen() -> None:
    def nested(depth: int, leaf: object) -> dict[str, object]:
        value = leaf
        for _ in range(depth):
            value = {"properties": {"x": value, "y": [1]}}
        return {"name": "read", "inputSchema": value}

    assert pins_of(None, [nested(200, "a")]) == pins_of(None, [nested(200, "a")])
    assert pins_of(None, [nested(200, "a")]) != pins_of(None, [nested(200, "b")])
    assert pins_of(None, [nested(200, "a")]) != pins_of(None, [nested(201, "a")])


TOOLS = st.lists(
    st.dictionaries(st.sampled_from(["name", "description", "inputSchema", "x"]), TEXTS | VALUES), max_size=5
)


@given(TOOLS, TEXTS)
def test_pins_come_back_from_storage(tools: list[dict[str, object]], instructions: str) -> None:
    pins = pins_of(instructions, tools)
    assert pins_from_json(json.loads(json.dumps(pins.as_json()))) == pins
    assert not difference(pins, pins)


@given(TOOLS, st.randoms(use_true_random=False))
def test_the_order_of_tools_and_keys_means_nothing(tools: list[dict[str, object]], order: random.Random) -> None:
    named = {tool["name"]: tool for tool in tools if isinstance(tool.get("name"), str)}
    shuffled = [dict(order.sample(list(tool.items()), len(tool))) for tool in named.values()]
    order.shuffle(shuffled)
    assert pins_of(None, shuffled).digest == pins_of(None, named.values()).digest


@given(TOOLS, TOOLS)
def test_no_difference_means_the_same_digest(before: list[dict[str, object]], after: list[dict[str, object]]) -> None:
    left, right = pins_of(None, before), pins_of(None, after)
    assert bool(difference(left, right)) is (left.digest != right.digest)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"instructions": "", "tools": []},
        {"instructions": 1, "tools": {}},
        {"instructions": "", "tools": {"a": 1}},
        {"instructions": "", "tools": {"a": {"b": 1}}},
    ],
)
def test_what_is_no_stored_pin(value: object) -> None:
    assert pins_from_json(value) is None


def test_nothing_is_offered() -> None:
    assert pins_of(None, []) == Pins()
