"""Slices from parameters to what fills them."""

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
