"""YAML with lines: values, places, and everything that is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.models.document import MAX_DEPTH, MAX_SIZE, ModelError, read_document, read_part, split_examples

TEXT = """\
library: x
flag: true
number: -3
empty:
quoted: "true"
list: [a, 1]
inner:
  deep:
    - b: c
---
examples: here
"""


def test_values() -> None:
    document = read_document("x.yaml", TEXT)
    assert document.root.plain() == {
        "library": "x",
        "flag": True,
        "number": -3,
        "empty": None,
        "quoted": "true",
        "list": ["a", 1],
        "inner": {"deep": [{"b": "c"}]},
    }


def test_lines() -> None:
    root = read_document("x.yaml", TEXT).root.data
    assert isinstance(root, dict)
    assert {key: value.line for key, value in root.items()} == {
        "library": 1,
        "flag": 2,
        "number": 3,
        "empty": 4,
        "quoted": 5,
        "list": 6,
        "inner": 8,
    }


def test_examples_stand_behind_a_line() -> None:
    models, examples, before = split_examples(TEXT)
    assert models.endswith("- b: c\n")
    assert examples == "\nexamples: here\n"
    found = read_part("x.yaml", examples, before).root
    assert found.plain() == {"examples": "here"}
    assert found.line == 11


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "is empty"),
        ("a: 1\na: 2\n", 2, "is given twice"),
        ("a: &x 1\nb: *x\n", 1, "anchors and aliases"),
        ("a: !!python/object:os.system x\n", 1, "tags are not read"),
        ("b: 1\na: !x [1]\n", 2, "tags are not read"),
        ("? [a]\n: b\n", 1, "a key must be a text"),
        ("a: [1\n", 2, "is no YAML"),
        ("a: \tb: c\n", 1, "is no YAML"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), 1, "is nested more than"),
        ("a" * (MAX_SIZE + 1), 1, "has more than"),
        ("a: \x01\n", 1, "is no YAML"),
    ],
)
def test_refused(text: str, line: int, problem: str) -> None:
    with pytest.raises(ModelError, match=problem) as caught:
        read_document("m/x.yaml", text)
    assert (caught.value.path, caught.value.line) == ("m/x.yaml", line)
    assert str(caught.value).startswith(f"m/x.yaml:{line}: ")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        line = read_document("x.yaml", text).root.line
    except ModelError as error:
        line = error.line
    assert 1 <= line <= text.count("\n") + text.count("\r") + text.count("\x85") + 2
