"""`agents.document`: one file's bytes as text and value, the notes about it, and readers that fail."""

import json
import plistlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.agents.document import Document, Parsed, Sighting, parse
from spawngate.agents.formats import Format
from spawngate.agents.formats.jsonlarge import LARGE
from spawngate.model.artifact import Kind, Scope
from spawngate.model.json import Json
from spawngate.model.observed import Diagnostic, Observed, ObservedSetting, Topic

PATH = "/home/ana/.tool/config"


def document(data: bytes, format_: Format = Format.JSON, **fields: Any) -> Document:
    return Document(PATH, "tool", Scope.USER, format_, data, **fields)


def notes(doc: Document) -> list[str]:
    return [note.reason for note in doc.notes]


@pytest.mark.parametrize(
    ("format_", "data", "value", "reasons"),
    [
        (Format.JSON, b'{"a": [1, null]}', {"a": [1, None]}, []),
        (Format.JSON, b'{"a": 1, // b\n}', {"a": 1}, ["not-strict"]),
        (Format.JSONC, b'{"a": 1, // b\n}', {"a": 1}, []),
        (Format.JSON5, b"{a: 'b',}", {"a": "b"}, []),
        (Format.JSON, b"", None, []),
        (Format.JSON, b" \n\t", None, []),
        (Format.JSON, b" " * 5000 + b"1", 1, []),
        (Format.JSON, b"\xef\xbb\xbf{}", {}, []),
        (Format.TOML, b"[a]\nb = 1\n", {"a": {"b": 1}}, []),
        (Format.YAML, b"a:\n  - 1\n", {"a": [1]}, []),
        (Format.TEXT, "öh".encode(), "öh", []),
        (Format.XML, b"<a/>", None, []),
        (Format.NONE, b"\x00\xff", None, []),
        (Format.PLIST, plistlib.dumps({"a": [1, "b"]}), {"a": [1, "b"]}, []),
        (Format.PLIST, plistlib.dumps({"a": 1}, fmt=plistlib.FMT_BINARY), {"a": 1}, []),
        (Format.PLIST, plistlib.dumps([1]), None, []),
        (Format.PLIST, b"no list", None, ["malformed"]),
        (Format.PLIST, b"bplist00\xff\xff", None, ["malformed"]),
        (Format.PLIST, b"", None, ["malformed"]),
    ],
)
def test_value(format_: Format, data: bytes, value: Json, reasons: list[str]) -> None:
    found = document(data, format_)
    assert found.value() == value
    assert notes(found) == reasons


def test_value_is_read_once() -> None:
    found = document(b'{"a": 1, }')
    first = found.value()
    assert found.value() is first
    assert notes(found) == ["not-strict"]


def test_front_matter_and_body() -> None:
    found = document(b"---\na: 1\n---\nbody\n", Format.FRONTMATTER)
    assert (found.value(), found.body) == ({"a": 1}, "body\n")


@pytest.mark.parametrize("format_", [Format.SQLITE, Format.ZIP])
def test_members(format_: Format) -> None:
    found = document(b"", format_, members={"k": "öh".encode(), "bad": b"\xff"})
    assert (found.value(), notes(found)) == ({"k": "öh", "bad": "\ufffd"}, [])


@pytest.mark.parametrize(
    ("format_", "data", "value", "left"),
    [
        (Format.JSON, b'{"a": 1}', {"a": 1}, []),
        (Format.JSON, b"", {}, []),
        (Format.JSON, b"[1]", {}, [("wrong-type", "the document is not a map")]),
        (Format.JSON, b"7", {}, [("wrong-type", "the document is not a map")]),
        (Format.JSON, b"null", {}, [("wrong-type", "the document is null where a map was meant")]),
        (Format.YAML, b"- 1\n", {}, [("wrong-type", "the document is not a map")]),
        (Format.TEXT, b"a", {}, [("wrong-type", "the document is not a map")]),
    ],
)
def test_map(format_: Format, data: bytes, value: Json, left: list[tuple[str, str]]) -> None:
    found = document(data, format_)
    assert found.map() == value
    assert [(note.reason, note.message) for note in found.notes] == left


def test_text_notes_an_odd_encoding() -> None:
    found = document("öh".encode("utf-16"), Format.TEXT)
    assert (found.text(), notes(found)) == ("öh", ["encoding"])


def test_note_says_where_it_is_from() -> None:
    found = document(b"")
    found.note("wrong-type", "a is not a map")
    assert found.notes == [Diagnostic(PATH, "wrong-type", "a is not a map", "tool")]


def test_very_large_file_is_cut_to_what_is_kept() -> None:
    history = ["x" * 1000] * (LARGE // 1000)
    data = json.dumps({"keep": {"a": 1}, "history": history, "deep": {"x": {"b": 2, "c": 3}}}).encode()
    assert len(data) >= LARGE
    assert document(data, keep=(("keep",), ("deep", "*", "b"))).value() == {"keep": {"a": 1}, "deep": {"x": {"b": 2}}}
    assert document(data).value() == json.loads(data)
    assert document(data[:1000] + b'"]}', keep=(("keep",),)).value() == json.loads(data[:1000] + b'"]}')


def test_very_large_file_that_is_not_strict_is_read_whole() -> None:
    data = b'{"keep": 1, /* c */ "history": "' + b"x" * LARGE + b'"}'
    found = document(data, keep=(("keep",),))
    assert (found.value(), notes(found)) == ({"keep": 1, "history": "x" * LARGE}, ["not-strict"])


SEEN = Observed(Kind.SKILL, "tool", Scope.USER, "s", PATH)
SAID = ObservedSetting(Topic.SWITCH, "tool", Scope.USER, PATH, "n", 1)


def test_parse_sorts_what_a_reader_yields() -> None:
    def reader(doc: Document) -> Iterable[Sighting]:
        yield SAID
        doc.note("wrong-type", "x")
        yield SEEN

    assert parse(document(b""), reader) == Parsed((SEEN,), (SAID,), (Diagnostic(PATH, "wrong-type", "x", "tool"),))


def test_parse_keeps_what_came_before_a_fault() -> None:
    def inner(value: Json) -> int:
        return len(value)  # type: ignore[arg-type]  # the fault under test

    def reader(doc: Document) -> Iterator[Sighting]:
        yield SEEN
        inner(7)
        yield SAID

    found = parse(document(b""), reader)
    assert (found.observed, found.settings) == ((SEEN,), ())
    assert [(note.path, note.reason, note.agent) for note in found.diagnostics] == [(PATH, "internal", "tool")]
    line = inner.__code__.co_firstlineno + 1
    assert found.diagnostics[0].message == f"reader failed with TypeError at inner:{line}; please report it"


def test_fault_of_a_reader_names_no_value() -> None:
    def reader(doc: Document) -> Iterator[Sighting]:
        raise ValueError("sk-live-value")
        yield SEEN

    found = parse(document(b""), reader)
    assert "sk-live-value" not in repr(found)
    assert [note.reason for note in found.diagnostics] == ["internal"]


def test_interruption_is_not_a_fault() -> None:
    def reader(doc: Document) -> Iterator[Sighting]:
        raise KeyboardInterrupt
        yield SEEN

    with pytest.raises(KeyboardInterrupt):
        parse(document(b""), reader)


PLIST = st.recursive(
    st.text(st.characters(codec="ascii", categories=["L", "N"])) | st.integers(-99, 99) | st.binary() | st.booleans(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="ascii", categories=["L"])), inner),
    max_leaves=8,
)


@given(PLIST, st.sampled_from([plistlib.FMT_XML, plistlib.FMT_BINARY]))
@settings(deadline=None)
def test_property_list_is_a_map_or_nothing(value: Any, fmt: plistlib.PlistFormat) -> None:
    found = document(plistlib.dumps(value, fmt=fmt), Format.PLIST)
    assert found.value() == (value if isinstance(value, dict) else None)
    assert notes(found) == []


def test_numbers_too_long_to_write_become_text() -> None:
    number = "f" * 4_000
    xml = f'<plist version="1.0"><dict><key>a</key><array><integer>0x{number}</integer><true/></array></dict></plist>'
    found = document(xml.encode(), Format.PLIST)
    assert (found.map(), notes(found)) == ({"a": [f"0x{number}", True]}, [])


def test_deep_property_list() -> None:
    levels = 100_000
    found = document(b"<plist>" + b"<array>" * levels + b"</array>" * levels + b"</plist>", Format.PLIST)
    assert (found.value(), notes(found)) == (None, ["malformed"])


def test_dates_of_a_property_list_do_no_harm() -> None:
    found = document(plistlib.dumps({"d": datetime(2026, 1, 1)}), Format.PLIST)
    assert found.map() == {"d": datetime(2026, 1, 1)}


@given(st.binary(max_size=200) | st.text().map(lambda text: text.encode("utf-8", "replace")), st.sampled_from(Format))
@settings(deadline=None)
def test_no_bytes_raise(data: bytes, format_: Format) -> None:
    found = document(data, format_, members={"k": data}, keep=(("a",),))
    found.text()
    found.value()
    assert found.map() == (found.value() if isinstance(found.value(), dict) else {})
    assert all(note.path == PATH and note.agent == "tool" for note in found.notes)
