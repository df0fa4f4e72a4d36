"""Slices through what calls change."""

from spawngate.codescan.flow import Bound, Version
from spawngate.codescan.slicer_changes import known_length
from tests.codescan.projects import kinds, one

HANDLER = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\n"


def sources(text: str) -> list[str]:
    return kinds(one(HANDLER + text).slice("sink"))


def test_lists_know_how_long_they_began() -> None:
    def length(text: str) -> int:
        project = one(f"def f(y):\n    x = {text}\n    x.append(y)\n    sink(x)\n")
        call, function = project.call("sink")
        version: Version = project.project.flow(function).uses[call.args[0].value]  # type: ignore[index]  # a Name
        assert not isinstance(version, Bound)
        return known_length(version)

    assert [length("[1, 2]"), length("[1, *y]"), length("[]"), length("y")] == [2, 1, 0, 0]


def test_arguments_changed_by_a_function() -> None:
    text = "def handler(bad: str):\n    x = {{}}\n    fill(x, {0})\n    sink(x['a'])\ndef fill(d, v):\n    d['a'] = v\n"
    assert sources(text.format("bad")) == ["http"]
    assert sources(text.format("'y'")) == []


def test_entries_that_setdefault_hands_out_are_changed_in_place() -> None:
    text = (
        "def handler(bad: str):\n    d = {'servers': {}}\n"
        "    d['servers'].setdefault('a', {}).{0}\n    sink(d['servers']['a']['command'])\n"
    )
    assert sources(text.replace("{0}", "update(command=bad)")) == ["http"]
    assert sources(text.replace("{0}", "update(label=bad)")) == []
    assert sources(text.replace("{0}", "update({'command': bad})")) == ["http"]
