"""TOML: tables at the end, keys in their table, elements in the array that is there; nothing else moves."""

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import EditError, apply, edit, strip, undo
from spawngate.agents.formats.edit_toml import append, delete, parse, put
from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.hooks.registration import is_ours

ENTRY: Any = {"event": "PreToolUse", "matcher": ".*", "command": "/s/hook/spawngate-hook kimi-code", "timeout": 10}
HOOK = Operation(("hooks",), ENTRY)
BLOCK = '[[hooks]]\nevent = "PreToolUse"\nmatcher = ".*"\ncommand = "/s/hook/spawngate-hook kimi-code"\ntimeout = 10\n'
INLINE = '{ event = "PreToolUse", matcher = ".*", command = "/s/hook/spawngate-hook kimi-code", timeout = 10 }'
PIN = Operation(("features", "hooks"), True, "set", overwrite=True)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", BLOCK),
        ("a = 1", "a = 1\n\n" + BLOCK),
        ("a = 1\n[t]\nb = 2 # two\n# end\n", "a = 1\n[t]\nb = 2 # two\n# end\n\n" + BLOCK),
        ('[[hooks]]\nevent = """\n[x]\n"""\n[z]\n', '[[hooks]]\nevent = """\n[x]\n"""\n[z]\n\n' + BLOCK),
        ("hooks = []\n# end\n", f"hooks = [{INLINE}]\n# end\n"),
        ("hooks = [ ] # none\n", f"hooks = [{INLINE}] # none\n"),
        ("hooks = [\n  {a = 1}, # one\n]\n", f"hooks = [\n  {{a = 1}}, # one\n  {INLINE},\n]\n"),
        ("hooks = [\n  {a = 1} # one\n  # two\n]\n", f"hooks = [\n  {{a = 1}}, # one\n  {INLINE}\n  # two\n]\n"),
    ],
)
def test_entry_in_a_list_of_tables(before: str, after: str) -> None:
    done = edit(before.encode(), Format.TOML, [HOOK], is_ours)
    assert done.data.decode() == after
    assert undo(done.data, Format.TOML, done.changes, is_ours).decode() == before
    assert edit(done.data, Format.TOML, [HOOK], is_ours).data == done.data


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "[features]\nhooks = true\n"),
        ("[a]\r\nb = 1\r\n", "[a]\r\nb = 1\r\n\r\n[features]\r\nhooks = true\r\n"),
        ("[features]\n  x = 1 # one\n\n# y\n[z]\n", "[features]\n  x = 1 # one\n  hooks = true\n\n# y\n[z]\n"),
        ("[features]\n[z]\n", "[features]\nhooks = true\n[z]\n"),
        ("[features]", "[features]\nhooks = true"),
        ("features.x = 1\n[z]\n", "features.x = 1\nfeatures.hooks = true\n[z]\n"),
        ("features = {x = 1}\n", "features = {x = 1, hooks = true}\n"),
        ("features = {}\n", "features = { hooks = true }\n"),
        ("[features]\nhooks = false # off\n", "[features]\nhooks = true # off\n"),
        ("'features'.\"hooks\" = false\n", "'features'.\"hooks\" = true\n"),
        ("[features.a]\nb = 1\n", "[features.a]\nb = 1\n\n[features]\nhooks = true\n"),
    ],
)
def test_key_in_a_table(before: str, after: str) -> None:
    done = edit(before.encode(), Format.TOML, [PIN], is_ours)
    assert done.data.decode() == after
    assert undo(done.data, Format.TOML, done.changes, is_ours).decode() == before


def test_key_at_the_root_goes_before_every_table() -> None:
    operation = Operation(("allow",), True, "set", overwrite=True)
    done = edit(b"# head\n[t]\na = 1\n", Format.TOML, [operation], is_ours)
    assert done.data == b"allow = true\n\n# head\n[t]\na = 1\n"
    assert undo(done.data, Format.TOML, done.changes, is_ours) == b"# head\n[t]\na = 1\n"


@pytest.mark.parametrize(
    ("text", "path", "after"),
    [
        ("[[a]]\nx = 1\n\n[[a]]\nx = 2\n[a.b]\ny = 1\n# c\n[z]\n", ("a", 1), "[[a]]\nx = 1\n# c\n[z]\n"),
        ("[[a]]\nx = 1\n[[a]]\nx = 2\n", ("a", 0), "[[a]]\nx = 2\n"),
        ("[a]\nx = 1\ny = 2\n", ("a", "x"), "[a]\ny = 2\n"),
        ("a = [1, 2, 3]\n", ("a", 1), "a = [1, 3]\n"),
        ("a = {b = [1], c = 2}\n", ("a", "b", 0), "a = {b = [], c = 2}\n"),
        ("a = {b = [1], c = 2}\n", ("a", "b"), "a = {c = 2}\n"),
        ("[a]\nx = 1\n[z]\n[a.b]\ny = 2\n", ("a",), "[z]\n"),
    ],
)
def test_what_is_taken_out(text: str, path: tuple[str | int, ...], after: str) -> None:
    assert apply(text, delete(text, path, Format.TOML)) == after


@pytest.mark.parametrize(
    "path", [("b",), ("a", 5), ("a", "b"), ("c", "d", "e"), ("a", 9, "x")], ids=lambda path: ".".join(map(str, path))
)
def test_what_is_not_there_cannot_be_taken_out(path: tuple[str | int, ...]) -> None:
    with pytest.raises(EditError, match="is not there"):
        delete("a = [1]\nc = {x = 1}\n", path, Format.TOML)


DOCUMENT = st.lists(
    st.sampled_from(
        [
            "# a comment [x]\n",
            "\n",
            "k{n} = 1\n",
            'k{n} = "a # b [c]" # note\n',
            "k{n} = '''\n[[hooks]]\n'''\n",
            'k{n} = """a\\"""" \n',
            "k{n} = [1, # one\n  2,\n]\n",
            "k{n}.a.'b c' = {{ x = 1, y.z = [] }}\n",
            "k{n} = 1979-05-27 07:32:00Z\n",
            "[t{n}]\n",
            "[t{n}.'x.y'] # note\n",
            "[[l{n}]]\n",
            '[[hooks]]\nevent = "Stop"\n',
            "[features]\n",
        ]
    ),
    max_size=8,
).map(lambda lines: "".join(line.format(n=index) for index, line in enumerate(lines)))


@given(DOCUMENT, st.sampled_from(["\n", "\r\n"]), st.booleans())
@settings(max_examples=300, deadline=None)
def test_entry_goes_in_and_out(text: str, newline: str, ended: bool) -> None:
    text = (text if ended else text.rstrip("\n")).replace("\n", newline)
    try:
        value = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(EditError):
            edit(text.encode(), Format.TOML, [HOOK, PIN], is_ours)
        return
    done = edit(text.encode(), Format.TOML, [HOOK, PIN], is_ours)
    after = tomllib.loads(done.data.decode())
    assert after == {
        **value,
        "hooks": [*value.get("hooks", []), ENTRY],
        "features": {**value.get("features", {}), "hooks": True},
    }
    assert set(text.splitlines()) <= set(done.data.decode().splitlines())
    assert undo(done.data, Format.TOML, done.changes, is_ours).decode() == text
    alone = edit(text.encode(), Format.TOML, [HOOK], is_ours)
    assert tomllib.loads(strip(alone.data, Format.TOML, [HOOK], is_ours).decode()) == value


@given(st.text("[]{}=\"'#\n.,ab1 \\", max_size=30))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_as_the_parser_reads_it(text: str) -> None:
    """The scanner never takes what the parser refuses for more than it is: the check behind it decides."""
    try:
        done = edit(text.encode(), Format.TOML, [PIN], is_ours)
    except EditError:
        return
    assert tomllib.loads(done.data.decode())["features"]["hooks"] is True
    assert undo(done.data, Format.TOML, done.changes, is_ours).decode() == text


def test_texts_are_written_as_the_parser_reads_them() -> None:
    value: Any = {"a b": 'q"\\\x7f\x00é\n', "n": [1, 1.5, True, {"x": {}}]}
    assert tomllib.loads(apply("", append("", ("t", "u.v"), value, Format.TOML))) == {"t": {"u.v": [value]}}
    assert tomllib.loads(apply("", put("", ("t",), value["n"], Format.TOML))) == {"t": value["n"]}
    with pytest.raises(EditError, match="no null"):
        append("", ("t",), {"a": None}, Format.TOML)
    with pytest.raises(EditError, match="only tables"):
        append("", ("t",), 1, Format.TOML)
    assert parse("a = 1\n", Format.TOML) == {"a": 1}
