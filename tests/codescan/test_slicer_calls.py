"""Slices through calls and parameters."""

import pytest

from spawngate.codescan.flow import Bound, Version
from spawngate.codescan.models.model import Rest
from spawngate.codescan.slicer_calls import known_length, plain, remaining
from tests.codescan.projects import kinds, one

HANDLER = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\n"


def sources(text: str) -> list[str]:
    return kinds(one(HANDLER + text).slice("sink"))


@pytest.mark.parametrize(
    ("asked", "written", "rest"),
    [
        (("a", "b"), ("a",), ("b",)),
        (("a",), ("b",), None),
        (("a",), ("*", "c"), ()),
        (("*", "b"), ("a",), ("b",)),
        ((2,), (Rest(1),), ()),
        ((0,), (Rest(1),), None),
        ((), ("a",), ()),
    ],
)
def test_what_is_left_of_a_path(
    asked: tuple[str | int, ...], written: tuple[str | int | Rest, ...], rest: tuple[str | int, ...] | None
) -> None:
    assert remaining(asked, written) == rest


def test_the_rest_of_a_list_is_any_of_it() -> None:
    assert plain(("a", Rest(1), 2)) == ("a", "*", 2)


def test_lists_know_how_long_they_began() -> None:
    def length(text: str) -> int:
        project = one(f"def f(y):\n    x = {text}\n    x.append(y)\n    sink(x)\n")
        call, function = project.call("sink")
        version: Version = project.project.flow(function).uses[call.args[0].value]  # type: ignore[index]  # a Name
        assert not isinstance(version, Bound)
        return known_length(version)

    assert [length("[1, 2]"), length("[1, *y]"), length("[]"), length("y")] == [2, 1, 0, 0]


def test_a_result_comes_back_to_its_own_call() -> None:
    text = "def handler(bad: str):\n    clean(bad)\n    sink(clean('x'))\ndef clean(t):\n    return t\n"
    assert sources(text) == []
    assert sources(text.replace("clean('x')", "clean(bad)")) == ["http"]


def test_arguments_changed_by_a_function() -> None:
    text = "def handler(bad: str):\n    x = {{}}\n    fill(x, {0})\n    sink(x['a'])\ndef fill(d, v):\n    d['a'] = v\n"
    assert sources(text.format("bad")) == ["http"]
    assert sources(text.format("'y'")) == []


def test_parameters_that_nobody_fills_are_told_as_such() -> None:
    assert sources("def handler(bad: str):\n    pass\ndef launch(x):\n    sink(x)\n") == ["param"]


def test_a_default_counts_where_no_argument_stands() -> None:
    text = "def handler(bad: str):\n    launch()\ndef launch(x='npx'):\n    sink(x)\n"
    assert sources(text) == []


def test_look_ups_by_key_do_not_carry_the_key() -> None:
    text = "def handler(bad: str, db=1):\n    import acme\n    sink(acme.store.get_server(bad))\n"
    assert sources(text) == []
    assert sources(text.replace("get_server", "make_server")) == ["http"]


def test_accessors_that_belong_together() -> None:
    text = (
        "def handler(bad: str):\n    store.save_config('me', bad)\n"
        "class Store:\n"
        "    def save_config(self, user, data):\n        acme.put(data)\n"
        "    def load_config(self, user):\n        return acme.fetch(user)\n"
        "store = Store()\n"
        "def start():\n    sink(store.load_config('me'))\n"
    )
    assert sources(text) == ["http"]
    assert sources(text.replace("'me', bad", "bad, 'me'")) == []


def test_recursion_ends() -> None:
    text = "def handler(bad: str):\n    sink(walk(bad, 3))\ndef walk(x, n):\n    return walk(x, n - 1) if n else x\n"
    assert sources(text) == ["http"]


def test_generators_give_elements() -> None:
    text = (
        "def handler(bad: str):\n    for x in many(bad):\n        sink(x)\ndef many(y):\n    yield 'a'\n    yield y\n"
    )
    assert sources(text) == ["http"]


def test_arguments_that_are_passed_on_are_those_of_the_function_handed_with_them() -> None:
    text = (
        "def handler(bad: str):\n    run({0}, bad)\n    run({1}, 'npx')\n"
        "def run(func, *args):\n    return func(*args)\n"
        "def start(command):\n    sink(command)\ndef log(text):\n    return text\n"
    )
    assert sources(text.format("start", "log")) == ["http"]
    assert sources(text.format("log", "start")) == []


def test_entries_that_setdefault_hands_out_are_changed_in_place() -> None:
    text = (
        "def handler(bad: str):\n    d = {'servers': {}}\n"
        "    d['servers'].setdefault('a', {}).{0}\n    sink(d['servers']['a']['command'])\n"
    )
    assert sources(text.replace("{0}", "update(command=bad)")) == ["http"]
    assert sources(text.replace("{0}", "update(label=bad)")) == []
    assert sources(text.replace("{0}", "update({'command': bad})")) == ["http"]
