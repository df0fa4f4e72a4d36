"""Edits and their undoing, whatever the format: the value, refusals, entries that people changed since."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import (
    MAX_CHARACTERS,
    Change,
    EditError,
    Piece,
    apply,
    edit,
    parse,
    strip,
    take_out,
    undo,
)
from spawngate.agents.formats.edit_values import Operation, at, ours_in
from spawngate.agents.hooks.registration import is_ours
from spawngate.model.json import Json

ENTRY: Json = {"matcher": "*", "hooks": [{"type": "command", "command": "/s/hook/spawngate-hook claude-code"}]}
OPERATION = Operation(("hooks", "PreToolUse"), ENTRY)
FORMATS = [Format.JSON, Format.JSONC, Format.JSON5, Format.TOML, Format.YAML]


@pytest.mark.parametrize("form", FORMATS)
def test_empty_document_gets_the_entry_and_loses_it_again(form: Format) -> None:
    done = edit(b"", form, [OPERATION], is_ours)
    assert parse(done.data, form) == {"hooks": {"PreToolUse": [ENTRY]}}
    assert [change.made for change in done.changes] == [(("hooks",), ("hooks", "PreToolUse"))]
    assert undo(done.data, form, done.changes, is_ours) == b""


@pytest.mark.parametrize("form", FORMATS)
def test_second_edit_changes_nothing(form: Format) -> None:
    done = edit(b"", form, [OPERATION], is_ours)
    again = edit(done.data, form, [OPERATION], is_ours)
    assert again.data == done.data
    assert again.changes == ()


@pytest.mark.parametrize("form", FORMATS)
@given(data=st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_edited_or_refused(form: Format, data: bytes) -> None:
    try:
        done = edit(data, form, [OPERATION], is_ours)
    except EditError:
        return
    found, entries = at(parse(done.data, form), OPERATION.pointer)
    assert found
    assert isinstance(entries, list)
    assert ENTRY in entries
    assert undo(done.data, form, done.changes, is_ours) == data


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (Format.JSON, '{"hooks": %s}'),
        (Format.TOML, "hooks = %s\n"),
        (Format.YAML, "hooks: %s\n"),
    ],
)
@pytest.mark.parametrize("value", ["1", '"text"', "true", "[]"])
def test_wrong_type_on_the_way_is_refused(form: Format, text: str, value: str) -> None:
    with pytest.raises(EditError, match="hooks is not a map of keys"):
        edit((text % value).encode(), form, [OPERATION], is_ours)


def test_map_where_a_list_is_needed_is_refused() -> None:
    with pytest.raises(EditError, match=r"hooks\.PreToolUse is not a list"):
        edit(b'{"hooks": {"PreToolUse": {}}}', Format.JSON, [OPERATION], is_ours)


@pytest.mark.parametrize(
    ("data", "form", "message"),
    [
        (b"[1]", Format.JSON, "the file holds no map of keys"),
        (b"- 1\n", Format.YAML, "the file holds no map of keys"),
        (b'{"a": 1', Format.JSON, "the file is not valid json"),
        (b'{"a": 1} // note', Format.JSON, "its agent reads strict JSON"),
        (b'{"a": 1,}', Format.JSON, "its agent reads strict JSON"),
        (b"\xff\xfe{\x00}\x00", Format.JSON, r"the file is not UTF-8 \(byte 0\)"),
        (b"a = \n", Format.TOML, "the file is not valid TOML"),
        (b"a: [\n", Format.YAML, "the file is not one valid YAML document"),
        (b" " * (MAX_CHARACTERS + 1), Format.JSON, "the file has more than"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, Format.JSONC, "levels of nesting"),
        (b"<a/>", Format.XML, "files of the form xml cannot be edited"),
    ],
)
def test_what_the_agent_would_not_read_is_refused(data: bytes, form: Format, message: str) -> None:
    with pytest.raises(EditError, match=message):
        edit(data, form, [OPERATION], is_ours)


def test_stale_entry_is_replaced() -> None:
    old = edit(b'{"a": 1}', Format.JSON, [Operation(OPERATION.pointer, {"command": "/x/spawngate-hook"})], is_ours)
    new = edit(old.data, Format.JSON, [OPERATION], is_ours)
    assert parse(new.data, Format.JSON) == {"a": 1, "hooks": {"PreToolUse": [ENTRY]}}


def test_only_our_handler_goes_from_a_group_that_others_use_too() -> None:
    data = b"""{
  "hooks": {
    "PreToolUse": [
      {
        "matcher": "*",
        "hooks": [
          {"type": "command", "command": "/s/hook/spawngate-hook claude-code"},
          {"type": "command", "command": "/usr/bin/linter"}
        ]
      }
    ]
  }
}
"""
    assert ours_in(parse(data, Format.JSON), OPERATION, is_ours) == [("hooks", "PreToolUse", 0, "hooks", 0)]
    assert strip(data, Format.JSON, [OPERATION], is_ours) == data.replace(
        b'          {"type": "command", "command": "/s/hook/spawngate-hook claude-code"},\n', b""
    )


@pytest.mark.parametrize("form", [Format.JSON, Format.YAML, Format.TOML])
def test_changed_entry_of_ours_goes_too(form: Format) -> None:
    done = edit(b"", form, [OPERATION], is_ours)
    tampered = done.data.replace(b"*", b"Nothing")
    assert tampered != done.data
    assert parse(undo(tampered, form, done.changes, is_ours), form) in (None, {})


def test_what_others_wrote_since_stays() -> None:
    before = b'{\n  "a": 1, // one\n}\n'
    done = edit(before, Format.JSONC, [OPERATION], is_ours)
    since = done.data.replace(b"// one", b"// two").replace(b"\n}\n", b'\n  "z": [2],\n}\n')
    assert undo(since, Format.JSONC, done.changes, is_ours) == b'{\n  "a": 1, // two\n  "z": [2],\n}\n'


def test_containers_that_others_filled_stay() -> None:
    done = edit(b"{}\n", Format.JSON, [OPERATION], is_ours)
    assert parse(done.data, Format.JSON) == {"hooks": {"PreToolUse": [ENTRY]}}
    other = edit(done.data, Format.JSON, [Operation(("hooks", "Stop"), {"command": "/bin/say"})], is_ours)
    after = undo(other.data, Format.JSON, done.changes, is_ours)
    assert parse(after, Format.JSON) == {"hooks": {"Stop": [{"command": "/bin/say"}]}}


def test_gone_entry_is_passed_over() -> None:
    done = edit(b'{"a": 1}', Format.JSON, [OPERATION], is_ours)
    assert undo(b'{"b": 2}', Format.JSON, done.changes, is_ours) == b'{"b": 2}'


def test_version_stays_as_long_as_something_stands_beside_it() -> None:
    operations = [Operation(("version",), 1, "set"), OPERATION]
    done = edit(b"", Format.JSON, operations, is_ours)
    assert parse(done.data, Format.JSON) == {"version": 1, "hooks": {"PreToolUse": [ENTRY]}}
    other = edit(done.data, Format.JSON, [Operation(("hooks", "stop"), {"command": "/bin/say"})], is_ours)
    after = undo(other.data, Format.JSON, done.changes, is_ours)
    assert parse(after, Format.JSON) == {"version": 1, "hooks": {"stop": [{"command": "/bin/say"}]}}
    assert undo(done.data, Format.JSON, done.changes, is_ours) == b""


@pytest.mark.parametrize(
    ("form", "before"),
    [
        (Format.JSON, b'{"hooksConfig": {"enabled": false, "x": 1}}'),
        (Format.JSONC, b'{\n  "hooksConfig": {\n    "enabled": false // off\n  }\n}'),
        (Format.TOML, b"[hooksConfig]\nenabled = false # off\n"),
        (Format.YAML, b"hooksConfig:\n  enabled: no # off\n"),
    ],
)
def test_overwritten_value_comes_back(form: Format, before: bytes) -> None:
    pin = Operation(("hooksConfig", "enabled"), True, "set", overwrite=True)
    done = edit(before, form, [pin], is_ours)
    assert at(parse(done.data, form), pin.pointer) == (True, True)
    assert done.changes[0].old is False
    assert undo(done.data, form, done.changes, is_ours) == before


def test_value_that_is_there_stays_without_overwrite() -> None:
    done = edit(b'{"version": 2}', Format.JSON, [Operation(("version",), 1, "set")], is_ours)
    assert done.data == b'{"version": 2}'
    assert done.changes == ()


def test_overwritten_value_that_was_changed_since_stays() -> None:
    pin = Operation(("on",), True, "set", overwrite=True)
    done = edit(b'{"on": false}', Format.JSON, [pin], is_ours)
    assert undo(b'{"on": "maybe"}', Format.JSON, done.changes, is_ours) == b'{"on": "maybe"}'


def test_pieces_that_do_not_fit_are_refused() -> None:
    assert apply("abc", [Piece(1, "b", "xx"), Piece(2, "", "-")]) == "axx-c"
    with pytest.raises(EditError, match="the text changed"):
        apply("abc", [Piece(1, "c", "")])


def test_strip_leaves_alone_what_is_not_ours() -> None:
    data = b'{"hooks": {"PreToolUse": [{"command": "/bin/x"}]}, "version": 1}'
    assert strip(data, Format.JSON, [Operation(("version",), 1, "set"), OPERATION], is_ours) == data


def test_change_of_an_unknown_way_is_undone_by_the_value() -> None:
    data = b'{"hooks":{"PreToolUse":[{"command":"/s/spawngate-hook x"}]}}'
    assert undo(data, Format.JSON, [Change(OPERATION)], is_ours) == b'{"hooks":{"PreToolUse":[]}}'


@pytest.mark.parametrize(
    ("form", "before", "after"),
    [
        (Format.JSON, '{"s": [{"c": "a"}, {"c": "b"}]}', '{"s": [{"c": "a"}, {"c": "x"}]}'),
        (Format.TOML, '[[s]]\nc = "a"\n\n[[s]]\nc = "b" # mine\n', '[[s]]\nc = "a"\n\n[[s]]\nc = "x" # mine\n'),
        (Format.YAML, "s:\n  - c: a\n  - c: b # mine\n", 's:\n  - c: a\n  - c: "x" # mine\n'),
    ],
)
def test_a_key_of_an_element_of_a_list(form: Format, before: str, after: str) -> None:
    operation = Operation(("s", 1, "c"), "x", "set", overwrite=True)
    done = edit(before.encode(), form, [operation], lambda entry: False)
    assert done.data.decode() == after
    assert undo(done.data, form, done.changes, lambda entry: False).decode() == before
    for pointer in (("s", 2, "c"), ("t", 0, "c"), ("s", 0, "c", 0)):
        with pytest.raises(EditError):
            edit(before.encode(), form, [Operation(pointer, "x", "set", overwrite=True)], lambda entry: False)


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("a:\n  - x # one\n  - y\nb: 1\n", ["p", "q: r", "-"], 'a:\n  - "p"\n  - "q: r"\n  - "-"\nb: 1\n'),
        ("a:\n- x\n- y\nb: 1\n", ["p"], 'a:\n- "p"\nb: 1\n'),
        ("a:\n  - x\nb: 1\n", [], "a: []\nb: 1\n"),
        ("a: [x, y] # one\n", ["p"], 'a: ["p"] # one\n'),
        ("a:\r\n  - x\r\n  - y\r\n", ["p", "q"], 'a:\r\n  - "p"\r\n  - "q"\r\n'),
    ],
)
def test_a_list_of_yaml_in_the_place_of_another(before: str, value: list[str], after: str) -> None:
    operation = Operation(("a",), value, "set", overwrite=True)
    done = edit(before.encode(), Format.YAML, [operation], lambda entry: False)
    assert done.data.decode() == after
    assert undo(done.data, Format.YAML, done.changes, lambda entry: False).decode() == before


@pytest.mark.parametrize(
    ("form", "data", "path", "after"),
    [
        (Format.JSON, b'{\n  "a": {"x": 1, "y": 2},\n  "b": []\n}', ("a", "x"), b'{\n  "a": {"y": 2},\n  "b": []\n}'),
        (Format.JSONC, b'{"a": {"x": 1} /* c */}', ("a", "x"), b'{"a": {} /* c */}'),
        (Format.TOML, b"a = 1\n\n[s.x]\nb = 2\n\n[s.x.env]\nc = 3\n", ("s", "x"), b"a = 1\n"),
        (Format.TOML, b"[s.x]\nb = 2\n\n[s.y]\nc = 3\n", ("s", "x"), b"\n[s.y]\nc = 3\n"),
        (Format.YAML, b"a:\n  x:\n    b: 1\n  y: 2\n", ("a", "x"), b"a:\n  y: 2\n"),
    ],
)
def test_take_out(form: Format, data: bytes, path: tuple[str, ...], after: bytes) -> None:
    assert take_out(data, form, path) == after
    with pytest.raises(EditError, match="is not there"):
        take_out(after, form, path)
