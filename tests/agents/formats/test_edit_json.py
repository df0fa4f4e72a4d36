"""JSON, JSONC and JSON5 documents with comments everywhere: an edit changes what it must and nothing else."""

import json
from typing import Any

import json5
import pyjson5
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import EditError, apply, edit, strip, undo
from spawngate.agents.formats.edit_json import append, delete, parse, put
from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.hooks.registration import is_ours

ENTRY: Any = {"matcher": "*", "hooks": [{"type": "command", "command": "/s/hook/spawngate-hook claude-code"}]}
OPERATION = Operation(("hooks", "PreToolUse"), ENTRY)

KEYS = st.sampled_from(["a", "b", "hooks", "PreToolUse", "z z", 'q"', "é"])
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 10**12), st.text(max_size=4), st.sampled_from(["//", "/*", "],", "\\"])
)
GROUPS = st.lists(
    st.fixed_dictionaries(
        {"matcher": st.text("ab", max_size=2), "hooks": st.lists(st.fixed_dictionaries({"c": SCALARS}))}
    ),
    max_size=2,
)
HOOKS = st.dictionaries(st.sampled_from(["PreToolUse", "Stop"]), GROUPS, max_size=2)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)
DOCUMENTS = st.one_of(
    st.dictionaries(st.text("abc", min_size=1, max_size=3), VALUES, max_size=4),
    st.tuples(st.dictionaries(st.text("abc", min_size=1, max_size=3), VALUES, max_size=3), HOOKS).map(
        lambda pair: {**pair[0], "hooks": pair[1]}
    ),
)


@st.composite
def written(draw: st.DrawFn, relaxed: bool = True) -> tuple[str, Any]:
    """A document as somebody might have written it, and its value."""
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    unit = draw(st.sampled_from(["  ", "    ", "\t", ""]))
    style = draw(st.sampled_from(["lines", "inline", "dense", "odd"]))
    comments = relaxed and style != "dense"

    def gap(depth: int, *, line: bool) -> str:
        if style == "dense":
            return ""
        text = ""
        if comments and draw(st.integers(0, 5)) == 0:
            kind = draw(st.sampled_from([" /* note, [ */", " // note ] , {" + newline]))
            text += kind
        if style == "lines" and line:
            return text + newline + unit * depth
        return text + (draw(st.sampled_from(["", " ", newline])) if style == "odd" else "")

    def write(value: Any, depth: int) -> str:
        if isinstance(value, dict | list):
            opened, closed = ("{", "}") if isinstance(value, dict) else ("[", "]")
            if not value:
                return opened + gap(depth, line=False) + closed
            parts = []
            for item in value.items() if isinstance(value, dict) else value:
                if isinstance(value, dict):
                    colon = ":" if style == "dense" else ": "
                    parts.append(json_text(item[0]) + gap(depth, line=False) + colon + write(item[1], depth + 1))
                else:
                    parts.append(write(item, depth + 1))
            text = opened
            for index, part in enumerate(parts):
                last = index == len(parts) - 1
                text += gap(depth + 1, line=True) + part
                if not last or (comments and draw(st.booleans())):
                    text += gap(depth + 1, line=False) + ","
            return text + gap(depth, line=True) + closed
        return json_text(value)

    def json_text(value: Any) -> str:
        return json.dumps(value, ensure_ascii=draw(st.booleans()))

    value = draw(DOCUMENTS)
    head = draw(st.sampled_from(["", newline, "// head" + newline if comments else ""]))
    return head + write(value, 0) + draw(st.sampled_from(["", newline])), value


def expected(value: Any) -> Any:
    """The value with our entry, by the oracle's reading."""
    hooks = value.get("hooks") or {}
    return {**value, "hooks": {**hooks, "PreToolUse": [*(hooks.get("PreToolUse") or []), ENTRY]}}


@given(written())
@settings(max_examples=300, deadline=None)
def test_entry_goes_in_and_out(document: tuple[str, Any]) -> None:
    text, value = document
    data = text.encode()
    assert pyjson5.decode(text) == value
    done = edit(data, Format.JSONC, [OPERATION], is_ours)
    after = done.data.decode()
    assert pyjson5.decode(after) == expected(value)
    for comment in ("/* note, [ */", "// note ] , {", "// head"):
        assert after.count(comment) == text.count(comment)
    assert undo(done.data, Format.JSONC, done.changes, is_ours) == data
    assert edit(done.data, Format.JSONC, [OPERATION], is_ours).data == done.data


@given(written())
@settings(max_examples=300, deadline=None)
def test_entry_goes_by_its_value_alone(document: tuple[str, Any]) -> None:
    """As after the loss of the journal: no comment and no value of others is lost."""
    text, value = document
    done = edit(text.encode(), Format.JSONC, [OPERATION], is_ours)
    after = strip(done.data, Format.JSONC, [OPERATION], is_ours).decode()
    hooks = {key: groups for key, groups in value.get("hooks", {}).items() if groups or key != "PreToolUse"}
    without = {key: hooks if key == "hooks" else item for key, item in value.items() if key != "hooks" or hooks}
    assert pyjson5.decode(after) == without
    for comment in ("// head",):
        assert after.count(comment) == text.count(comment)


@given(written(), st.sampled_from([("z1",), ("hooks", "Stop"), ("hooks", "PreToolUse")]))
@settings(max_examples=200, deadline=None)
def test_undo_keeps_what_others_add_since(document: tuple[str, Any], pointer: tuple[str, ...]) -> None:
    text, _ = document
    other = Operation(pointer, {"other": True})
    done = edit(text.encode(), Format.JSONC, [OPERATION], is_ours)
    since = edit(done.data, Format.JSONC, [other], is_ours)
    alone = edit(text.encode(), Format.JSONC, [other], is_ours)
    after = undo(since.data, Format.JSONC, done.changes, is_ours).decode()
    assert pyjson5.decode(after) == pyjson5.decode(alone.data.decode())


@given(written(relaxed=False))
@settings(max_examples=100, deadline=None)
def test_strict_documents_stay_strict(document: tuple[str, Any]) -> None:
    text, value = document
    done = edit(text.encode(), Format.JSON, [OPERATION], is_ours)
    assert json.loads(done.data) == expected(value)


GOLDEN = [
    (
        "settings with comments",
        """{
    // models
    "model": "opus", /* the big one */
    "hooks": {
        "PostToolUse": [] // nothing yet
    },
}
""",
        """{
    // models
    "model": "opus", /* the big one */
    "hooks": {
        "PostToolUse": [], // nothing yet
        "PreToolUse": [
            {
                "command": "spawngate-hook x"
            }
        ]
    },
}
""",
    ),
    (
        "tabs",
        '{\r\n\t"a": [\r\n\t\t1\r\n\t]\r\n}',
        '{\r\n\t"a": [\r\n\t\t1\r\n\t],\r\n\t"hooks": {\r\n\t\t"PreToolUse": [\r\n\t\t\t{\r\n'
        '\t\t\t\t"command": "spawngate-hook x"\r\n\t\t\t}\r\n\t\t]\r\n\t}\r\n}',
    ),
    (
        "dense",
        '{"hooks":{"PreToolUse":[{"a":1}]}}',
        '{"hooks":{"PreToolUse":[{"a":1},{"command":"spawngate-hook x"}]}}',
    ),
    (
        "null",
        '{"hooks": null}',
        '{"hooks": {\n  "PreToolUse": [\n    {\n      "command": "spawngate-hook x"\n    }\n  ]\n}}',
    ),
    (
        "twice",
        '{"hooks": 1, "hooks": {"PreToolUse": []}}',
        '{"hooks": 1, "hooks": {"PreToolUse": [\n  {\n    "command": "spawngate-hook x"\n  }\n]}}',
    ),
]


@pytest.mark.parametrize(("before", "after"), [case[1:] for case in GOLDEN], ids=[case[0] for case in GOLDEN])
def test_golden(before: str, after: str) -> None:
    operation = Operation(("hooks", "PreToolUse"), {"command": "spawngate-hook x"})
    done = edit(before.encode(), Format.JSONC, [operation], is_ours)
    assert done.data.decode() == after
    assert undo(done.data, Format.JSONC, done.changes, is_ours).decode() == before


def test_json5_keys_and_texts() -> None:
    text = "{\n  hooks: {\n    'PreToolUse': [0x1F,],\n  },\n}\n"
    done = edit(text.encode(), Format.JSON5, [OPERATION], is_ours)
    assert json5.loads(done.data.decode()) == {"hooks": {"PreToolUse": [31, ENTRY]}}
    assert undo(done.data, Format.JSON5, done.changes, is_ours).decode() == text


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "}",
        '{"a"}',
        '{"a":}',
        '{"a":1,,}',
        "{,}",
        "[1",
        '{"a": 1} {"b": 2}',
        '{"a": "x}',
        "{a: 1 b: 2}",
        "/*",
        '{"a":1}/',
    ],
)
def test_what_is_no_document_is_refused(text: str) -> None:
    for function in (append, put):
        with pytest.raises(EditError):
            function(text, ("a", "b"), 1, Format.JSON5)


def test_parts() -> None:
    text = '{"a": {"b": [1, 2]}}'
    assert parse(text, Format.JSON) == {"a": {"b": [1, 2]}}
    assert parse("// nothing", Format.JSONC) is None
    assert apply(text, put(text, ("a", "b"), 3, Format.JSON)) == '{"a": {"b": 3}}'
    assert apply(text, put(text, ("a", "c"), 3, Format.JSON)) == '{"a": {"b": [1, 2], "c": 3}}'
    assert apply(text, append(text, ("a", "b"), 3, Format.JSON)) == '{"a": {"b": [1, 2, 3]}}'
    assert apply(text, delete(text, ("a", "b", 0), Format.JSON)) == '{"a": {"b": [2]}}'
    with pytest.raises(EditError, match="is not there"):
        delete(text, ("a", "b", 9), Format.JSON)
