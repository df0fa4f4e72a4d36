"""YAML: lines of their own behind a block, inside the brackets of a flow collection; nothing else moves."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import EditError, apply, edit, strip, undo
from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.formats.edit_yaml import MAX_CHARACTERS, append, delete, parse, put
from spawngate.agents.hooks.registration import is_ours

ENTRY: Any = {"command": "/s/hook/spawngate-hook hermes", "matcher": ".*", "timeout": 10, "fail_closed": True}
HOOK = Operation(("hooks", "pre_tool_call"), ENTRY)
ITEM = '- command: "/s/hook/spawngate-hook hermes"\n  matcher: ".*"\n  timeout: 10\n  fail_closed: true\n'
FLOW = '{command: "/s/hook/spawngate-hook hermes", matcher: ".*", timeout: 10, fail_closed: true}'


def item(indent: int) -> str:
    """The entry as an element of a block list."""
    return "".join(" " * indent + line + "\n" for line in ITEM.splitlines())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "hooks:\n  pre_tool_call:\n" + item(4)),
        ("# only", "# only\nhooks:\n  pre_tool_call:\n" + item(4)),
        ("a: 1 # one\n# end\n", "a: 1 # one\nhooks:\n  pre_tool_call:\n" + item(4) + "# end\n"),
        ("hooks:\nb: 2\n", "hooks:\n  pre_tool_call:\n" + item(4) + "b: 2\n"),
        ("hooks: # none\n", "hooks: # none\n  pre_tool_call:\n" + item(4)),
        ("hooks:\n  x: 1\n\n\nb: 2\n", "hooks:\n  x: 1\n  pre_tool_call:\n" + item(4) + "\n\nb: 2\n"),
        ("hooks:\n  pre_tool_call:\n  - x: 1\nb: 2\n", "hooks:\n  pre_tool_call:\n  - x: 1\n" + item(2) + "b: 2\n"),
        ("hooks: {}\n", f"hooks: {{pre_tool_call: [{FLOW}]}}\n"),
        ("hooks: {x: 1} # c\n", f"hooks: {{x: 1, pre_tool_call: [{FLOW}]}} # c\n"),
        ("hooks: {pre_tool_call: [a, ]}\n", f"hooks: {{pre_tool_call: [a, {FLOW} ]}}\n"),
        ("hooks: null\n", f"hooks: {{pre_tool_call: [{FLOW}]}}\n"),
        ("---\na: |\n  b\n\n  c\n...\n", "---\na: |\n  b\n\n  c\nhooks:\n  pre_tool_call:\n" + item(4) + "...\n"),
    ],
)  # fmt: skip
def test_entry_goes_in_and_out_again(before: str, after: str) -> None:
    done = edit(before.encode(), Format.YAML, [HOOK], is_ours)
    assert done.data.decode() == after
    assert undo(done.data, Format.YAML, done.changes, is_ours).decode() == before
    assert edit(done.data, Format.YAML, [HOOK], is_ours).data == done.data
    windows = before.replace("\n", "\r\n").encode()
    done = edit(windows, Format.YAML, [HOOK], is_ours)
    assert undo(done.data, Format.YAML, done.changes, is_ours) == windows
    assert b"\r\n" not in windows or b"\n" not in done.data.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\n---\nb: 2\n",
        "x: &x {pre_tool_call: []}\nhooks: *x\n",
        "x: &x\n  pre_tool_call:\n    - a\nhooks:\n  <<: *x\n",
        "a: [\n",
        "\ta: 1\n",
        "hooks: text\n",
        "a: |\n  text without its last line end",
        "? [a]\n: 1\n? {b\n",
        "[" * 2000,
        "x: " + "y" * MAX_CHARACTERS,
    ],
)
def test_what_cannot_be_edited_safely_is_refused(text: str) -> None:
    with pytest.raises(EditError):
        edit(text.encode(), Format.YAML, [HOOK], is_ours)


@pytest.mark.parametrize(
    ("text", "path", "after"),
    [
        ("a:\n  - x: 1\n    y: 2 # c\n  # d\n  - z\n", ("a", 0), "a:\n  # d\n  - z\n"),
        ("a:\n- |\n  t\n- b\n", ("a", 0), "a:\n- b\n"),
        ("a: 1\nb:\n  c: [1,\n    2]\nd: 1\n", ("b",), "a: 1\nd: 1\n"),
        ("a: [1, 2, 3]\n", ("a", 1), "a: [1, 3]\n"),
        ("a: {b: 1, c: 2} # d\n", ("a", "b"), "a: {c: 2} # d\n"),
        ("a:\n  - b", ("a", 0), "a:\n"),
    ],
)
def test_what_is_taken_out(text: str, path: tuple[str | int, ...], after: str) -> None:
    assert apply(text, delete(text, path, Format.YAML)) == after


DOCUMENT = st.lists(
    st.sampled_from(
        [
            "# a comment: [x\n",
            "\n",
            "k{n}: 1\n",
            'k{n}: "a # b [c]" # note\n',
            "k{n}: |\n  hooks:\n    - x\n",
            "k{n}: >-\n  folded\n  text\n\n",
            "k{n}: [1, # one\n  2,\n  ]\n",
            "k{n}:\n  a: {{x: 1, y: [z]}}\n  # inner\n  b:\n\n",
            "k{n}:\n- a\n-\n  b: 1\n",
            "k{n}:\n",
            "hooks:\n  other:\n    - command: a\n",
            "hooks:\n  pre_tool_call:\n  - command: a # c\n",
            "hooks: {{pre_tool_call: []}}\n",
        ]
    ),
    max_size=7,
).map(lambda lines: "".join(line.format(n=index) for index, line in enumerate(lines)))


@given(DOCUMENT, st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=300, deadline=None)
def test_entry_goes_into_any_document(text: str, newline: str, ended: bool) -> None:
    if text.count("hooks:") - text.count("  hooks:") > 1:
        return
    if not ended and not text.rstrip("\n").endswith("  hooks:\n    - x"):  # a literal block would become another text
        text = text.rstrip("\n")
    text = text.replace("\n", newline)
    value = yaml.safe_load(text) or {}
    done = edit(text.encode(), Format.YAML, [HOOK], is_ours)
    after = done.data.decode()
    hooks = value.get("hooks") or {}
    wanted = {**value, "hooks": {**hooks, "pre_tool_call": [*(hooks.get("pre_tool_call") or []), ENTRY]}}
    assert yaml.safe_load(after) == wanted
    assert YAML(typ="safe", pure=True).load(after) == wanted
    assert undo(done.data, Format.YAML, done.changes, is_ours).decode() == text
    stripped = yaml.safe_load(strip(done.data, Format.YAML, [HOOK], is_ours).decode()) or {}
    left = {key: item for key, item in hooks.items() if key != "pre_tool_call" or item}
    assert stripped == {
        **{key: item for key, item in value.items() if key != "hooks"},
        **({"hooks": left} if left else {}),
    }


@given(st.text("[]{}:-#\n\"'|>& *a1,", max_size=30))
@settings(max_examples=300, deadline=None)
def test_any_text_is_edited_or_refused(text: str) -> None:
    try:
        done = edit(text.encode(), Format.YAML, [HOOK], is_ours)
    except EditError:
        return
    assert yaml.safe_load(done.data)["hooks"]["pre_tool_call"][-1] == ENTRY
    assert undo(done.data, Format.YAML, done.changes, is_ours).decode() == text


def test_texts_are_written_as_the_parser_reads_them() -> None:
    value: Any = {
        "yes": 'q"\\\x7f\x85\ufeffé\n',
        "n": [1, 1.5, True, None, {"x": {}}, [], "no", "1"],
        "a b": {"c": [[1]]},
    }
    assert yaml.safe_load(apply("", append("", ("t", "on"), value, Format.YAML))) == {"t": {"on": [value]}}
    assert yaml.safe_load(apply("t: {}\n", put("t: {}\n", ("t", "u"), value, Format.YAML))) == {"t": {"u": value}}
    assert parse("a: 1\n", Format.YAML) == {"a": 1}


def test_values_over_several_lines_are_not_replaced() -> None:
    with pytest.raises(EditError, match="over several lines"):
        put("a:\n  b: 1\n", ("a",), 1, Format.YAML)
    with pytest.raises(EditError, match="is not there"):
        delete("a: 1\n", ("b",), Format.YAML)
    with pytest.raises(EditError, match="is not there"):
        delete("a: 1\n", ("a", 0), Format.YAML)


@pytest.mark.parametrize("text", ["\U000f0000", "a\u200b\U0001f600\x07", "\U0001f600", 'plain \\ "quoted"'])
def test_signs_beyond_the_basic_plane_come_back(text: str) -> None:
    done = edit(b"a: 1\n", Format.YAML, [Operation(("b",), text, "set")], lambda entry: False)
    assert parse(done.data.decode(), Format.YAML) == {"a": 1, "b": text}
