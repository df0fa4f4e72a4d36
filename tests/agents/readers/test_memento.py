"""`readers.memento`: an extension's row of state.vscdb."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.formats import Format
from spawngate.agents.readers.memento import memento
from spawngate.model.json import Json
from tests.agents.readers.seen import given_text, given_value, wrong


@pytest.mark.parametrize(
    ("rows", "state", "reasons"),
    [
        ({"a.b": '{"k": [1]}'}, {"k": [1]}, []),
        ({"a.b": "{}"}, {}, []),
        ({}, {}, []),
        ({"a.b": ""}, {}, []),
        ({"a.b": "  "}, {}, []),
        ({"a.b": None}, {}, []),
        ({"a.b": 7}, {}, []),
        ({"a.b": "[1]"}, {}, ["wrong-type"]),
        ({"a.b": "null"}, {}, ["wrong-type"]),
        ({"a.b": '{"k": 1, "l": '}, {"k": 1}, ["malformed"]),
        ([], {}, ["wrong-type"]),
        (None, {}, []),
    ],
)
def test_row(rows: Json, state: Json, reasons: list[str]) -> None:
    document = given_value(rows)
    assert memento(document, "a.b") == state
    assert [note.reason for note in document.notes] == reasons


def test_note_names_the_row() -> None:
    document = given_value({"a.b": "[1]"})
    memento(document, "a.b")
    assert [(note.reason, note.message) for note in document.notes] == [wrong("a.b")]


@given(st.text() | st.text(alphabet='{}[]":,a1 '))
def test_no_text_raises(text: str) -> None:
    document = given_text("", Format.SQLITE, members={"a.b": text.encode("utf-8", "replace")})
    assert isinstance(memento(document, "a.b"), dict)
