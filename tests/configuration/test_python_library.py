"""Functions and methods that short scripts use: bounded in work, and nothing that is not named."""

import ast
import time

import pytest

from spawngate.command.context import CallContext
from spawngate.configuration.files import MISSING, Content, Files, Unknown
from spawngate.configuration.python_code import run_python
from spawngate.configuration.python_library import (
    MOST_ITEMS,
    Library,
    NotUnderstood,
    ScriptPath,
    joined_path,
)


def files(data: Content = MISSING) -> Files:
    return Files(CallContext(home="/home/dev", cwd="/p"), lambda path: data if path == "/p/f" else MISSING)


def library() -> Library:
    return Library(files(b"x"), "", ["a"])


@pytest.mark.parametrize(
    ("script", "printed"),
    [
        ("import os\nprint(os.path.join('a', '/b'), os.path.dirname('/x/y'))", b"/b /x\n"),
        ("import os\nprint(os.path.exists('f'), os.path.exists('g'))", b"True False\n"),
        ("from pathlib import Path\nprint(Path('a').joinpath('b', 'c'), Path('/x/y').parent)", b"a/b/c /x\n"),
        ("import os\nprint(os.getenv('HOME'), os.getcwd())", b"~ .\n"),
        ("print(str(1), len([1, 2]), 'a'.replace('a', 'b'), ' x '.strip(), 'A'.lower())", b"1 2 b x a\n"),
        ("d = {'a': 1}\nprint(d.get('a'), d.get('b', 2), d.pop('a'), len(d))", b"1 2 1 0\n"),
        ("x = [1]\nx.insert(0, 2)\nx.extend([3])\nx.remove(1)\nprint(x[0], x[1], len(x))", b"2 3 2\n"),
        ("import sys\nprint(sys.argv[1])", b"a\n"),
        ("print({'a': 1})", b""),
    ],
)
def test_results(script: str, printed: bytes) -> None:
    found = run_python(script, files(b"x"), "", ["a"])
    assert found == (printed or Unknown("code"))


def test_paths() -> None:
    assert [joined_path("a/", "b"), joined_path("a", "/b"), joined_path("a", "~/b")] == ["a/b", "/b", "~/b"]
    assert library().path(ScriptPath("x")) == library().path("x") == "x"
    with pytest.raises(NotUnderstood):
        library().path(1)


def test_an_expression_is_for_the_walker() -> None:
    with pytest.raises(NotImplementedError):
        library().value(ast.Constant(1))


@pytest.mark.parametrize(
    "script",
    [
        "s = open('f').read()\n" + "t = s.replace('a', 'b')\n" * 3_000,
        "x = [1]\n" + "x.extend(x)\n" * 60,
        "x = [1]\n" + "x = x + x\n" * 60,
        "s = 'a'\n" + "s = s + s\n" * 60,
        "import json\n" + "d = json.loads(open('f').read())\n" * 2_000,
        "f = open('g', 'w')\n" + "f.write('aaaaaaaaaaaaaaaa')\n" * 15_000,
    ],
)
def test_work_is_bounded(script: str) -> None:
    started = time.process_time()
    with pytest.raises(NotUnderstood):
        run_python(script, files(b'{"a": "' + b"a" * 1_000_000 + b'"}'))
    assert time.process_time() - started < 2


def test_lists_are_bounded() -> None:
    run_python("x = [1]\n" + "x.extend(x)\n" * 13, files())
    assert MOST_ITEMS > 2**13
