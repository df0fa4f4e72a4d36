"""Keys that go with their values."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.paired import copied, lets_through, may_be, part_of, runs_over, source_of
from tests.codescan.projects import kinds, one

HANDLER = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\n"


def comprehension(text: str) -> ir.Comprehension:
    (statement,) = one(f"x = {text}\n").module().ir.body
    assert isinstance(statement, ir.Assign)
    assert isinstance(statement.value, ir.Comprehension)
    return statement.value


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("{k: v for k, v in d.items()}", "Name('d')"),
        ("{k: v for k, v in d['a'].items() if k != 'x'}", "Index(Name('d'), Literal('a'))"),
        ("{v: k for k, v in d.items()}", None),
        ("{k: f(v) for k, v in d.items()}", None),
        ("{k: v for k, v in pairs}", None),
        ("{k: v for d in ds for k, v in d.items()}", None),
    ],
)
def test_a_comprehension_that_copies(text: str, source: str | None) -> None:
    found = copied(comprehension(text))
    assert (ir.dump(found) if found is not None else None) == source


@pytest.mark.parametrize(
    ("condition", "command", "label"),
    [
        ("k != 'label'", True, False),
        ("k not in ('label', 'note')", True, False),
        ("k in ['command']", True, False),
        ("k == 'label'", False, True),
        ("k not in hidden", True, True),
        ("v", True, True),
    ],
)
def test_conditions_leave_keys_out(condition: str, command: bool, label: bool) -> None:
    node = comprehension(f"{{k: v for k, v in d.items() if {condition}}}")
    sources = one("x = 1\n")
    members = sources.search().members(sources.module().top)
    assert (lets_through(node, "command", members), lets_through(node, "label", members)) == (command, label)


@pytest.mark.parametrize(
    ("condition", "key", "possible"),
    [
        ("k in ['a', 'b']", "k", ["a"]),
        ("k in KEPT", "k", ["_a", "_command"]),
        ("k not in KEPT", "k", ["a", "command"]),
        ("k in KEPT", "k[1:]", ["_a", "a", "_command", "command"]),
        ("k in ['_A']", "k.lower()", ["_a", "a"]),
        ("k.startswith('_')", "k", ["_a", "_command"]),
        ("k.startswith('_')", "k[1:]", ["a", "_a", "command", "_command"]),
        ("not k.endswith('a')", "k", ["command", "_command"]),
        ("k != 'a' and k != '_a'", "k", ["command", "_command"]),
        ("not (k == 'a' or k == '_a')", "k", ["command", "_command"]),
        ("k == 'a' or k in KEPT", "k", ["a", "_a", "_command"]),
        ("k in kept", "k", ["a", "_a", "command", "_command"]),
    ],
)
def test_what_is_known_of_a_key(condition: str, key: str, possible: list[str]) -> None:
    text = f"KEPT = ('_a', '_command')\ndef f(d, kept):\n    for k, v in d.items():\n        if {condition}:\n"
    sources = one(text + f"            setattr(o, {key}, v)\n")
    call, function = sources.call("setattr")
    flow, members = sources.project.flow(function), sources.search().members(function)
    names = ("a", "_a", "command", "_command")
    assert {name for name in names if may_be(flow, call.args[1].value, name, members)} == set(possible)


@pytest.mark.parametrize(
    ("before", "source"),
    [
        ("", "Name('d')"),
        ("if k.startswith('x'): continue", "Name('d')"),
        ("if isinstance(v, str): continue", "Name('d')"),
        ("v = v.strip()", None),
        ("v.update(y)", None),
    ],
)
def test_a_loop_that_copies(before: str, source: str | None) -> None:
    sources = one(f"def f(d, y):\n    for k, v in d.items():\n        {before or 'pass'}\n        setattr(o, k, v)\n")
    call, function = sources.call("setattr")
    flow = sources.project.flow(function)
    key, value = call.args[1].value, call.args[2].value
    found = source_of(flow, key, value)
    assert (ir.dump(found) if found is not None else None) == source
    assert source_of(flow, value, key) is None


def test_copies_keep_their_keys() -> None:
    text = (
        HANDLER + "def handler(bad: str):\n    run({0})\n"
        "def run(d):\n    out = {1}\n    for k, v in d.items():\n        out[k] = v\n    sink(out['command'])\n"
    )
    for command, found in (("{'command': bad}", ["http"]), ("{'command': 'uvx', 'label': bad}", [])):
        for copy in ("{}", "{a: b for a, b in d.items()}"):
            assert kinds(one(text.replace("{0}", command).replace("{1}", copy)).slice("sink")) == found


def test_fields_that_are_set_by_name() -> None:
    text = (
        HANDLER + "def handler(bad: str):\n    A({'command': {0}, 'label': {1}}).go()\n"
        "class A:\n    command = 'uvx'\n    def __init__(self, data):\n        self.fill(data)\n"
        "    def fill(self, data):\n        for key, value in data.items():\n"
        "            if key in {2}:\n                setattr(self, key, value)\n"
        "    def go(self):\n        sink(self.command)\n"
    )

    def found(command: str, label: str, keys: str) -> list[str]:
        filled = text.replace("{0}", command).replace("{1}", label).replace("{2}", keys)
        return kinds(one(filled).slice("sink"))

    assert found("bad", "'x'", "['command', 'label']") == ["http"]
    assert found("'uvx'", "bad", "['command', 'label']") == []
    assert found("bad", "'x'", "['label']") == []


def test_keys_that_are_told_apart_before_they_are_written() -> None:
    text = (
        "KEPT = ['_name', '_icon']\n" + HANDLER + "def handler(bad: str):\n    A(_code=bad).go()\n"
        "class A:\n    def __init__(self, **kwargs):\n        kept = {}\n"
        "        for key, value in kwargs.items():\n            if key.startswith('_'):\n"
        "                kept[key] = value\n"
        "            elif key in KEPT:\n                kept[key[1:]] = value\n        self.fill(kept)\n"
        "    def fill(self, data):\n        for key, value in data.items():\n            setattr(self, key, value)\n"
        "    def go(self):\n        sink(self.{0})\n"
    )
    assert kinds(one(text.replace("{0}", "command")).slice("sink")) == []
    assert kinds(one(text.replace("{0}", "_other['a']")).slice("sink")) == []
    assert kinds(one(text.replace("{0}", "_code")).slice("sink")) == ["http"]


@pytest.mark.parametrize(
    ("value", "base"),
    [
        ("body[key]", "Name('body')"),
        ("body.get(key)", "Name('body')"),
        ("getattr(body.spec, key)", "Attribute(Name('body'), 'spec')"),
        ("body[other]", None),
        ("body.read(key)", None),
        ("key", None),
    ],
)
def test_the_part_that_a_variable_names(value: str, base: str | None) -> None:
    (statement,) = one(f"x[key] = {value}\n").module().ir.body
    assert isinstance(statement, ir.Assign)
    assert isinstance(statement.target, ir.Index)
    assert statement.target.key is not None
    assert statement.value is not None
    found = part_of(statement.target.key, statement.value)
    assert (ir.dump(found) if found is not None else None) == base


def test_names_that_a_loop_runs_over_and_sets() -> None:
    text = (
        HANDLER + "def handler(bad: dict):\n    row = Row()\n    for key in {0}:\n        setattr(row, key, bad[key])\n"
        "    keep(row)\nNAMES = ['label']\nclass Row:\n    command: str\n    label: str\n"
        "    def show(self):\n        sink(self.command)\n"
    )
    assert kinds(one(text.replace("{0}", "('command', 'label')")).slice("sink")) == ["http"]
    assert "http" not in kinds(one(text.replace("{0}", "('label',)")).slice("sink"))
    assert "http" not in kinds(one(text.replace("{0}", "NAMES")).slice("sink"))


def test_no_loop_runs_over_a_parameter() -> None:
    project = one("def f(key):\n    g(key)\n")
    call, function = project.call("g")
    assert runs_over(project.project.flow(function), call.args[0].value) is None
