"""Slices through fields of classes."""

from tests.codescan.projects import kinds, one

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


def test_properties_are_read_by_what_they_return() -> None:
    text = (
        "def handler(bad: str):\n    sink(A(bad).y)\n"
        "class A:\n    def __init__(self, x):\n        self.x = x\n"
        "    @property\n    def y(self):\n        return self.x\n"
    )
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


def test_what_other_subclasses_give_the_base_says_nothing() -> None:
    text = (
        "def handler(bad: str):\n    Remote({0})\n    Local({1}).go()\n"
        "class Base:\n    def __init__(self, x):\n        self.x = x\n"
        "class Remote(Base):\n    def __init__(self, x):\n        super().__init__(x)\n"
        "class Local(Base):\n    def __init__(self, x):\n        super().__init__(x)\n"
        "    def go(self):\n        run(self)\n"
        "def run(thing: Local):\n    sink(thing.x)\n"
    )
    assert sources(text.format("bad", "'npx'")) == []
    assert sources(text.format("''", "bad")) == ["http"]
