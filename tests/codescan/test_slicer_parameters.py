"""Slices from parameters to what fills them."""

import pytest

from tests.codescan.projects import kinds, one

HANDLER = "from fastapi import FastAPI\napp = FastAPI()\n@app.post('/x')\n"


def sources(text: str) -> list[str]:
    return kinds(one(HANDLER + text).slice("sink"))


def test_parameters_that_nobody_fills_are_told_as_such() -> None:
    assert sources("def handler(bad: str):\n    pass\ndef launch(x):\n    sink(x)\n") == ["param"]


def test_a_default_counts_where_no_argument_stands() -> None:
    text = "def handler(bad: str):\n    launch()\ndef launch(x='npx'):\n    sink(x)\n"
    assert sources(text) == []


def test_recursion_ends() -> None:
    text = "def handler(bad: str):\n    sink(walk(bad, 3))\ndef walk(x, n):\n    return walk(x, n - 1) if n else x\n"
    assert sources(text) == ["http"]


def test_arguments_that_are_passed_on_are_those_of_the_function_handed_with_them() -> None:
    text = (
        "def handler(bad: str):\n    run({0}, bad)\n    run({1}, 'npx')\n"
        "def run(func, *args):\n    return func(*args)\n"
        "def start(command):\n    sink(command)\ndef log(text):\n    return text\n"
    )
    assert sources(text.format("start", "log")) == ["http"]
    assert sources(text.format("log", "start")) == []


@pytest.mark.parametrize("depth", range(5, 12))
def test_a_helper_deep_in_a_chain_is_entered_from_its_own_call(depth: int) -> None:
    """What is forgotten of a long way is who began it, not who called last."""
    chain = "".join(f"def f{n}(x):\n    return f{n + 1}(x)\n" for n in range(depth))
    text = (
        "def handler(bad: str):\n    note(clean(bad))\n    sink(f0({0}))\n"
        + chain
        + "def f12(x):\n    return clean(x)\n"
        "def clean(t):\n    return t.strip()\ndef note(t):\n    return t\n"
    )
    assert sources(text.replace("{0}", "'npx'")) == []
    assert sources(text.replace("{0}", "bad")) == ["http"]


def test_a_helper_that_calls_itself_keeps_its_callers_apart() -> None:
    text = (
        "def handler(bad: dict):\n    copy(bad)\n    sink(copy({0})['a']['b'])\n"
        "def copy(x):\n    if isinstance(x, dict):\n        return {k: copy(v) for k, v in x.items()}\n    return x\n"
    )
    assert sources(text.replace("{0}", "{'a': {'b': 'npx'}}")) == []
    assert sources(text.replace("{0}", "{'a': {'b': bad}}")) == ["http"]
    assert sources(text.replace("{0}", "bad")) == ["http"]
