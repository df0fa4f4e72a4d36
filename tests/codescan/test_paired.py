"""Keys that go with their values."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.flow import Condition
from spawngate.codescan.paired import copied, lets_through, may_be, source_of
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
    assert (lets_through(node, "command"), lets_through(node, "label")) == (command, label)


def test_what_is_known_of_a_key() -> None:
    sources = one("def f(d):\n    for k, v in d.items():\n        if k in ['a', 'b']:\n            setattr(o, k, v)\n")
    call, function = sources.call("setattr")
    flow = sources.project.flow(function)
    key, value = call.args[1].value, call.args[2].value
    assert isinstance(key, ir.Name)
    known = flow.at.get(call)
    assert isinstance(known, Condition)
    assert (may_be(known, key, "a"), may_be(known, key, "command"), may_be(None, key, "command")) == (True, False, True)
    source = source_of(flow, key, value)
    assert source is not None
    assert ir.dump(source) == "Name('d')"
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
