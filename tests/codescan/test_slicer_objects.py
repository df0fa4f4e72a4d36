"""Slices through one object and its construction."""

from spawngate.codescan.slicer_objects import constructed, keyword
from tests.codescan.projects import kinds, one

HANDLER = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\n"


def sources(text: str) -> list[str]:
    return kinds(one(HANDLER + text).slice("sink"))


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


def test_what_a_construction_gives_for_a_field() -> None:
    project = one("class A:\n    x: int\n    y: int\nA(1, y=2)\nA(*z)\n")
    node, function = project.call("A")
    search, cls = project.search(), project.cls("A")
    assert [path for _, path in keyword(search, node, cls, "x", ("p",))] == [("p",)]
    assert keyword(search, project.call("A", number=1)[0], cls, "x", ()) == []
    assert constructed(search, node, function)
    assert not constructed(search, node.args[0].value, function)


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
