"""One write, or one adding call, against the part that is asked for."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.slicer_writes import below, holder, meets
from tests.codescan.projects import kinds, one

X = ir.Name(1, 0, "x")
TARGET = ir.Attribute(1, 0, ir.Index(1, 0, ir.Attribute(1, 0, X, "servers"), ir.Literal(1, 0, "a")), "command")
"""`x.servers["a"].command`"""


def test_what_holds_the_name_and_what_stands_behind_it() -> None:
    assert holder(TARGET, "servers") is X
    assert below(TARGET, "servers") == ("a", "command")
    assert holder(TARGET, "other") is None


@pytest.mark.parametrize(
    ("asked", "written", "met"),
    [((), ("a",), True), (("a", "b"), ("a",), True), (("a",), ("b",), False), (("*",), ("b",), True)],
)
def test_parts_meet_where_one_lies_below_the_other(asked: tuple[str, ...], written: tuple[str, ...], met: bool) -> None:
    assert meets(asked, written) is met


@pytest.mark.parametrize(
    ("write", "found"),
    [
        ("self.rows['a'] = bad", ["http"]),
        ("self.rows['b'] = bad", []),
        ("self.rows.update(a=bad)", ["http"]),
        ("self.rows, other = bad, 'x'", ["http"]),
        ("other, self.rows = bad, 'x'", []),
    ],
)
def test_only_writes_of_the_part_that_is_asked_for_count(write: str, found: list[str]) -> None:
    text = (
        "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\n"
        "def handler(bad: str):\n    KEPT.put(bad)\n    KEPT.go()\n"
        f"class Kept:\n    def put(self, bad):\n        {write}\n"
        "    def go(self):\n        sink(self.rows['a'])\nKEPT = Kept()\n"
    )
    assert kinds(one(text).slice("sink")) == found
