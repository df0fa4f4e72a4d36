"""Slices through fields, constructions and variables of modules."""

from spawngate.codescan.slicer_objects import constructed, keyword
from tests.codescan.projects import Sources, kinds, one

HANDLER = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\n"


def sources(text: str) -> list[str]:
    return kinds(one(HANDLER + text).slice("sink"))


def test_fields_written_by_the_constructor_and_by_methods() -> None:
    text = (
        "def handler(bad: str):\n    a = A({0})\n    a.rename({1})\n    a.go()\n"
        "class A:\n    def __init__(self, x):\n        self.x = x\n        self.y = ''\n"
        "    def rename(self, y):\n        self.y = y\n    def go(self):\n        sink(self.{2})\n"
    )
    assert sources(text.format("bad", "''", "x")) == ["http"]
    assert sources(text.format("''", "bad", "x")) == []
    assert sources(text.format("''", "bad", "y")) == ["http"]


def test_objects_made_here_are_not_mixed_with_others() -> None:
    text = (
        "def handler(bad: str):\n    A(bad)\n    a = A('npx')\n    sink(a.x)\n"
        "class A:\n    def __init__(self, x):\n        self.x = x\n"
    )
    assert sources(text) == []


def test_fields_of_classes_without_a_constructor() -> None:
    text = (
        "from pydantic import BaseModel\n"
        + HANDLER
        + "def handler(bad: str):\n    sink({0}.x)\nclass A(BaseModel):\n    x: str = 'd'\n    y: str = ''\n"
    )
    assert kinds(one(text.replace("{0}", "A(x=bad)")).slice("sink")) == ["http"]
    assert kinds(one(text.replace("{0}", "A(y=bad)")).slice("sink")) == []
    assert kinds(one(text.replace("{0}", "A(**{'x': bad})")).slice("sink")) == ["http"]


def test_properties_are_read_by_what_they_return() -> None:
    text = (
        "def handler(bad: str):\n    sink(A(bad).y)\n"
        "class A:\n    def __init__(self, x):\n        self.x = x\n"
        "    @property\n    def y(self):\n        return self.x\n"
    )
    assert sources(text) == ["http"]


def test_variables_of_modules_are_written_anywhere() -> None:
    files = {
        "state.py": "SERVERS = {}\nNAME = 'npx'\n",
        "app.py": HANDLER + "def handler(bad: str):\n    state.SERVERS['a'] = bad\nimport state\n",
        "run.py": "from state import SERVERS, NAME\ndef go():\n    sink(SERVERS['a'])\n    sink(NAME)\n",
    }
    project = Sources(files)
    assert kinds(project.slice("sink", path="run.py")) == ["http"]
    node, function = project.call("sink", "run.py", 1)
    search = project.search()
    search.ask(node.args[0].value, function, (), None, None)
    assert kinds(search.run()) == []


def test_global_statements() -> None:
    text = "def handler(bad: str):\n    global current\n    current = bad\ncurrent = ''\ndef go():\n    sink(current)\n"
    assert sources(text) == ["http"]


def test_a_field_of_an_unknown_object_by_its_name() -> None:
    text = (
        "def handler(bad: str):\n    Owner(bad)\n"
        "class Owner:\n    def __init__(self, x):\n        self.mcp_configs = x\n"
        "class User:\n    def __init__(self, owner=None):\n        self.owner = owner\n    def go(self):\n"
        "        sink(self.owner.mcp_configs)\n"
    )
    assert sources(text) == ["http"]


def test_a_field_that_nothing_writes_is_unresolved() -> None:
    found = one("class A:\n    def go(self):\n        sink(self.x)\n").slice("sink")
    assert [text for text, _ in found.unresolved] == ["field `x` of A, which nothing writes"]


def test_what_a_construction_gives_for_a_field() -> None:
    project = one("class A:\n    x: int\n    y: int\nA(1, y=2)\nA(*z)\n")
    node, function = project.call("A")
    search, cls = project.search(), project.cls("A")
    assert [path for _, path in keyword(search, node, cls, "x", ("p",))] == [("p",)]
    assert keyword(search, project.call("A", number=1)[0], cls, "x", ()) == []
    assert constructed(search, node, function)
    assert not constructed(search, node.args[0].value, function)


def test_what_a_framework_keeps_is_written_below_a_key_as_well() -> None:
    text = (
        "import streamlit as st\n" + HANDLER + "def handler(bad: str):\n    st.session_state.servers['a'].{0} = bad\n"
        "def run():\n    sink(st.session_state.servers['{1}'].command)\n"
    )
    assert sources(text.format("command", "a")) == ["http"]
    assert sources(text.format("label", "a")) == []
    assert sources(text.format("command", "b")) == []


def test_a_pattern_of_a_class_takes_that_class_alone() -> None:
    text = (
        "from dataclasses import dataclass\n"
        "@dataclass\nclass Local:\n    program: str\n    label: str\n"
        "@dataclass\nclass Remote:\n    program: str\n"
        + HANDLER
        + "def handler(bad: str):\n    run({0})\n    run(Remote(bad))\n"
        "def run(event):\n    match event:\n        case Local({1}):\n            sink(x)\n"
    )
    assert sources(text.format("Local('uvx', 'x')", "x")) == []
    assert sources(text.format("Local(bad, 'x')", "x")) == ["http"]
    assert sources(text.format("Local(bad, 'x')", "_, x")) == []
    assert sources(text.format("Local('uvx', bad)", "label=x")) == ["http"]
