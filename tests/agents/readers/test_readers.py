"""`agents.readers`: the conversions that every reader makes, and several readers over one document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers import (
    as_flag,
    as_list,
    as_map,
    as_number,
    as_text,
    as_texts,
    descend,
    many,
    observe,
    pure_path,
    records,
)
from spawngate.agents.readers.permissions import setting
from spawngate.model.artifact import Kind, Scope, Status, Transport
from spawngate.model.json import Json
from spawngate.model.observed import ObservedLaunch, Topic
from tests.agents.readers.seen import anything, given_value, item, launch, read, record, said, wrong

HUGE = int("f" * 20_000, 16)
"""A hexadecimal number of a file, too long for Python to write in decimal."""


def notes(document: Document) -> list[tuple[str, str]]:
    return [(note.reason, note.message) for note in document.notes]


def test_many_reads_in_order() -> None:
    def first(document: Document) -> list[Sighting]:
        return [setting(document, Topic.SWITCH, "first", 1, "")]

    def second(document: Document) -> list[Sighting]:
        return [setting(document, Topic.SWITCH, "second", 2, "")]

    found = read(many(first, second, first), given_value({}))
    assert found == (
        [said("switch", "first", 1, ""), said("switch", "second", 2, ""), said("switch", "first", 1, "")],
        [],
    )
    assert many(first, second) == many(first, second)


def test_observe_takes_from_the_document_what_is_not_given() -> None:
    document = given_value({}, scope=Scope.PROJECT, project="/w")
    assert record(observe(document, Kind.HOOK, "n")) == item("hook", "n", scope="project", project="/w")
    found = observe(
        document,
        Kind.MCP_SERVER,
        "n",
        "p.q",
        scope=Scope.LOCAL,
        status=Status.DISABLED,
        launch=ObservedLaunch(Transport.STDIO, "x"),
        detail={"type": "t"},
        project="/v",
        content="c",
    )
    assert record(found) == item(
        "mcp_server",
        "n",
        scope="local",
        pointer="p.q",
        status="disabled",
        launch=launch("stdio", "x"),
        detail={"type": "t"},
        project="/v",
        content="c",
    )


@pytest.mark.parametrize(
    ("value", "keys", "expected", "left"),
    [
        ({"a": {"b": 1}}, ("a", "b"), 1, []),
        ({"a": {"b": 1}}, (), {"a": {"b": 1}}, []),
        ({"a": {"b": 1}}, ("a", "c"), None, []),
        ({"a": None}, ("a", "b"), None, []),
        ({}, ("a", "b"), None, []),
        ({"a": [1]}, ("a", "b"), None, [wrong("a")]),
        ({"a": {"b": 7}}, ("a", "b", "c"), None, [wrong("a.b")]),
        ([1], ("a",), None, [("wrong-type", "the document is not a map")]),
        (None, ("a",), None, []),
    ],
)
def test_descend(value: Json, keys: tuple[str, ...], expected: Json, left: list[tuple[str, str]]) -> None:
    document = given_value(value)
    assert (descend(document, keys), notes(document)) == (expected, left)


@pytest.mark.parametrize(
    ("value", "as_a_map", "as_a_list", "text", "texts"),
    [
        (None, ({}, True), ((), True), (None, True), ((), True)),
        ({"a": 1}, ({"a": 1}, True), ((), False), (None, False), ((), False)),
        ([1, "b"], ({}, False), ([1, "b"], True), (None, False), (("1", "b"), True)),
        ("t", ({}, False), ((), False), ("t", True), (("t",), True)),
        ("", ({}, False), ((), False), ("", True), (("",), True)),
        (True, ({}, False), ((), False), ("true", True), ((), False)),
        (False, ({}, False), ((), False), ("false", True), ((), False)),
        (7, ({}, False), ((), False), ("7", True), ((), False)),
        (1.5, ({}, False), ((), False), ("1.5", True), ((), False)),
    ],
)
def test_conversions(
    value: Json,
    as_a_map: tuple[Json, bool],
    as_a_list: tuple[Json, bool],
    text: tuple[Json, bool],
    texts: tuple[Json, bool],
) -> None:
    for convert, (expected, silent), what in (
        (as_map, as_a_map, "a map"),
        (as_list, as_a_list, "a list"),
        (as_text, text, "text"),
        (as_texts, texts, "a list"),
    ):
        document = given_value(None)
        assert convert(document, value, "p") == expected
        assert notes(document) == ([] if silent else [wrong("p", what)])


def test_texts_keep_the_good_items() -> None:
    document = given_value(None)
    assert as_texts(document, ["a", None, {}, 2, ["b"], True], "p") == ("a", "2", "true")
    assert notes(document) == [wrong("p[2]", "text"), wrong("p[4]", "text")]


def test_number_too_long_to_write() -> None:
    document = given_value(None)
    assert as_text(document, HUGE, "p") == "0x" + "f" * 20_000
    assert as_text(document, -(2**2000), "p") == "-0x1" + "0" * 500
    assert as_text(document, 2**1000, "p") == str(2**1000)
    assert notes(document) == []


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0, 0),
        (-7, -7),
        (1.5, 1.5),
        (2**63 - 1, 2**63 - 1),
        (2**63, None),
        pytest.param(HUGE, None, id="huge"),
        (float("inf"), None),
        (float("nan"), None),
        (True, None),
        ("7", None),
        (None, None),
        ([1], None),
    ],
)
def test_number(value: Json, number: float | None) -> None:
    assert as_number(value) == number


@pytest.mark.parametrize(
    ("value", "flag"),
    [
        (True, True),
        (False, False),
        ("true", True),
        ("FALSE", False),
        ("yes", None),
        (1, None),
        (None, None),
        ([True], None),
    ],
)
def test_flag(value: Json, flag: bool | None) -> None:
    assert as_flag(value) is flag


@pytest.mark.parametrize(
    ("value", "found", "left"),
    [
        ([{"a": 1}, {}], [("p[0]", {"a": 1}), ("p[1]", {})], []),
        (
            [{"a": 1}, None, 7, "x", [], {}],
            [("p[0]", {"a": 1}), ("p[5]", {})],
            [wrong(f"p[{i}]") for i in (1, 2, 3, 4)],
        ),
        ([], [], []),
        (None, [], []),
        ({"a": 1}, [], [wrong("p", "a list")]),
        ("x", [], [wrong("p", "a list")]),
        (7, [], [wrong("p", "a list")]),
    ],
)
def test_records(value: Json, found: list[tuple[str, Json]], left: list[tuple[str, str]]) -> None:
    document = given_value(None)
    assert list(records(document, value, "p")) == found
    assert [(note.reason, note.message) for note in document.notes] == left


@given(anything("a"))
def test_every_item_is_found_or_noted(value: Json) -> None:
    document = given_value(None)
    found = list(records(document, value, "p"))
    if isinstance(value, list):
        assert len(found) + len(document.notes) == len(value)
        assert [item for _, item in found] == [item for item in value if isinstance(item, dict)]
    else:
        assert (found, len(document.notes)) == ([], 0 if value is None else 1)


@pytest.mark.parametrize(
    ("path", "name", "parent"),
    [
        ("/a/b.md", "b.md", "/a"),
        ("C:\\a\\b.md", "b.md", "C:\\a"),
        ("c:/a/b.md", "b.md", "c:\\a"),
        ("\\\\host\\share\\a\\b.md", "b.md", "\\\\host\\share\\a"),
        ("/a/b\\c.md", "b\\c.md", "/a"),
    ],
)
def test_pure_path(path: str, name: str, parent: str) -> None:
    found = pure_path(path)
    assert (found.name, str(found.parent)) == (name, parent)


@given(anything("a", "b"), st.lists(st.sampled_from("ab"), max_size=3))
def test_no_value_raises(value: Json, keys: list[str]) -> None:
    document = given_value(value)
    descend(document, keys)
    as_map(document, value, "p")
    as_list(document, value, "p")
    text = as_text(document, value, "p")
    assert text is None or isinstance(text, str)
    assert all(isinstance(found, str) for found in as_texts(document, value, "p"))
    assert as_flag(value) in (True, False, None)
    assert as_number(value) is None or isinstance(as_number(value), int | float)
