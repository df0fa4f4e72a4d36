"""What a text tells of a name before the file is lowered, and that hostile texts cost no more than their length."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.codescan.frontends import lower
from spawngate.codescan.project import Project
from spawngate.codescan.texts import Texts, tokens

PYTHON = b"""\
from lib.base import (
    Base, Tool as T, helper,
)
import os.path

__all__ = ["Base", "Own"]

class Own(Base[int], metaclass=Meta):
    field: "Declared"

    def method(self, other: Plain):
        helper(self.value)
        app.add_route("/x", handler, name=named)
        T.create(Taken)
        return self.table["keyed"](1)
"""
SCRIPT = b"""\
import { Client, type Shape } from '@scope/sdk/client';
const tool = require("./tool");
export class Own extends Client<Shape> implements Other {
  async run(arg: string): Promise<void> { this.start(arg); tool.stop<number>(arg); }
}
"""


def texts() -> Texts:
    return Texts({"a.py": PYTHON, "b.ts": SCRIPT})


def test_files_by_name() -> None:
    found = texts()
    assert found.files_with("Own") == ["a.py", "b.ts"]
    assert found.files_with_any(frozenset(["helper", "stop", "nothing"])) == {"a.py", "b.ts"}
    assert found.files_calling("helper", "python") == ["a.py"]
    assert found.files_matching("Own", re.compile(rb"async run")) == ["b.ts"]
    assert found.files_matching("helper", re.compile(rb"async run")) == []
    assert found.files_calling("helper", "javascript") == []
    assert tokens(b"a.b_1 $c 2d 'e' \xff") == {"a", "b_1", "$c", "2d", "e"}


@pytest.mark.parametrize(
    ("path", "question", "yes", "no"),
    [
        ("a.py", "calls", ["helper", "add_route", "create"], ["handler", "Declared", "T"]),
        ("b.ts", "calls", ["run", "start", "stop", "require"], ["Shape", "arg"]),
        ("a.py", "defines", ["method"], ["helper", "create"]),
        ("b.ts", "defines", ["run"], ["start", "stop"]),
        ("b.ts", "defines_method", ["run"], ["start", "stop", "arg"]),
        ("a.py", "hands_on", ["handler", "named", "Taken"], ["helper", "Tool", "add_route"]),
        ("a.py", "uses", ["helper", "Tool", "T", "Plain", "keyed"], ["Base", "Own", "Declared"]),
        ("b.ts", "uses", ["tool", "start"], ["Client", "Own"]),
        ("a.py", "takes", ["helper", "Taken", "Tool"], ["T", "Base", "os"]),
        ("a.py", "types", ["Declared", "Plain"], ["Base"]),
        ("a.py", "dots", ["create", "value", "base"], ["helper", "handler"]),
        ("a.py", "launches", ["helper", "Base", "named"], ["__all__"]),
        ("a.py", "extends", ["Base", "Meta"], ["Own", "Plain"]),
        ("b.ts", "extends", ["Client", "Other", "Shape"], ["Own", "tool"]),
    ],
)
def test_a_name_in_a_file(path: str, question: str, yes: list[str], no: list[str]) -> None:
    ask = getattr(texts(), question)
    assert {name: ask(path, name) for name in (*yes, *no)} == {**dict.fromkeys(yes, True), **dict.fromkeys(no, False)}


def test_chains_and_quotes() -> None:
    found = Texts({"a.js": b"app.locals.mcp = 1; this.mcp == 1; f('mcp'); f('a mcp'); x[0].mcp ??= 2; y.mcp.z = 3\n"})
    assert found.roots("a.js", "mcp") == {"app", "x"}


def test_imports() -> None:
    found = texts()
    assert [found.imports("a.py", [name]) for name in ("lib", "helper", "path", "handler")] == [True, True, True, False]
    assert [found.imports("b.ts", [name]) for name in ("sdk", "Client", "tool", "run")] == [True, True, True, False]
    assert [found.imports_from("a.py", frozenset([name])) for name in ("lib", "os", "base", "app")] == [
        True,
        True,
        False,
        False,
    ]
    assert Texts({"a.py": b"from x import *\n"}).imports("a.py", ["anything"])


def test_heads_name_the_class_and_what_it_extends() -> None:
    found = texts()
    assert found.heads("a.py") == (("Own", frozenset([b"Base", b"int", b"metaclass", b"Meta"])),)
    assert [name for name, _ in found.heads("b.ts")] == ["Own"]
    nameless = Texts({"a.ts": b"export default class extends Base {}\n"})
    assert nameless.heads("a.ts") == (("", frozenset([b"Base"])),)


def test_a_name_that_is_hung_up_is_quoted_in_a_call_of_the_word() -> None:
    def hangs(source: str, word: str = "decorate") -> bool:
        return Texts({"a.js": source.encode()}).hangs("a.js", word, "mcp")

    assert hangs("app.decorate('mcp', service)")
    assert hangs("app.decorate<Mcp>(\n  /* why */ `mcp`, service)")
    assert not hangs("app.decorate(mcp, 'a mcp'); f('other')")
    assert not hangs("f('mcp'); app.decorate('other', service)")
    assert hangs('Object.defineProperty(o, "mcp", { value: v })', "defineProperty")
    assert not hangs('Object.defineProperty(exports, "mcp", { value: v })', "defineProperty")
    assert not hangs('Object.defineProperty( module.exports , "mcp", { value: v })', "defineProperty")


def test_methods_are_names_with_parameters_or_something_assigned() -> None:
    def is_method(source: str, path: str = "a.ts") -> bool:
        return Texts({path: source.encode()}).has_method(path, "run")

    yes = ["async run (x) {", "run<T>(x: T) {", "run = async () => 1", "run: (x: T) => void = (x) => {}", "get run() {"]
    yes += ["'run'() {}", "['run']() {}", "run?(): void", "run /* why */ () {"]
    assert [is_method(f"class A {{ {text} }}") for text in yes] == [True] * len(yes)
    no = ["({ run, run: 1 })", "a.run(x)", "if (run === 1) f(run);", "let x = run;"]
    assert [is_method(text) for text in no] == [False] * len(no)
    assert is_method("class A { void run(int x) { } }", "A.java")
    assert is_method("record A(String run) {}", "A.java")
    assert is_method("def run(x): pass", "a.py")
    assert not is_method("run(x)", "a.py")


def test_what_a_name_is_called_on() -> None:
    def places(source: str, path: str = "a.js") -> set[tuple[str, str]]:
        return set(Texts({path: source.encode()}).called_on(path, "run"))

    assert places("db.run(x); this.db.run(y); run(z)") == {("db", "db"), ("this", "db"), ("", "")}
    assert places("make(1).run(x)") == {("*", "*")}
    assert places("a[0].run(x); b?.run(y); c!.run(z)") == {("a", "*"), ("b", "b"), ("c", "c")}
    assert places("pool\n  .run(x)") == {("*", "*")}
    assert places("Db::run(x)", "a.rs") == {("*", "*")}
    assert places("x = run; f(run)") == set()


def test_what_a_comment_says_is_no_use() -> None:
    def used(source: str, path: str = "a.py") -> bool:
        return Texts({path: source.encode()}).takes(path, "Own")

    assert not used("    # Own(x) was moved\n")
    assert not used("/**\n * Own(x)\n */\n  // Own(x)\n", "a.ts")
    assert used("f(Own)  # Own(x)\n")
    assert used('t = f"""\n# {Own(x)}\n"""\n')
    assert used("a\n  * Own(x)", "a.ts")
    assert used("/* a */ x\n* Own(x)", "a.ts")
    assert used("#[derive(x)] struct A(Own);", "a.rs")


def test_imports_of_files_of_the_project() -> None:
    def own(source: str) -> bool:
        return Texts({"a.ts": source.encode()}).imports_own("a.ts")

    yes = ["import a from './a'", 'const a = require("../a")', "export * from '@/lib'", "import '~/x'", "import('#x')"]
    assert [own(text) for text in yes] == [True] * len(yes)
    assert not own("import pg from 'pg'; f('./a'); class A {}")


_names = st.sampled_from(["a", "b", "get", "Own", "Base"])
_lines = st.sampled_from(
    [
        "from m import {0}",
        "from m import {0} as {1}",
        "import {0}.{1}",
        "class {0}({1}):\n    pass",
        "def {0}(x):\n    return {1}",
        "{0}({1}, k={1})",
        "x = {0}.{1}",
        "x = {0}",
        "t = ['{0}', '{1}']",
        "t['{0}']({1})",
        "y: {0} = {1}[0]",
    ]
)


@given(st.lists(st.tuples(_lines, _names, _names), min_size=1, max_size=8))
def test_no_answer_is_a_no_too_many(parts: list[tuple[str, str, str]]) -> None:
    """What the lowered file has, the text must have let through."""
    source = "".join(f"{line.format(one, two)}\n" for line, one, two in parts).encode()
    module = Project({"a.py": source}, lower).module("a.py")
    assert module is not None
    found = Texts({"a.py": source})
    for name in module.calls:
        assert not name or (found.calls("a.py", name) and found.uses("a.py", name) and found.launches("a.py", name))
    for name in module.functions:
        assert found.defines("a.py", name)
    for name, mentions in module.mentions.items():
        assert found.uses("a.py", name)
        assert found.hands_on("a.py", name) or not any(node in module.argument_of for node, _ in mentions)
    for name, classes in module.classes.items():
        for base in (base for each in classes for base in each.bases):
            assert any(own == name and base.name.encode() in words for own, words in found.heads("a.py"))


@pytest.mark.parametrize("path", ["a.py", "a.ts", "a.java", "a.rs"])
@pytest.mark.parametrize(
    "piece",
    [
        b"import ",
        b"import{",
        b"from x import (",
        b"class x(",
        b"class x extends y<",
        b"extends ",
        b"impl ",
        b"use ",
        b"require('",
        b".x",
        b'x:"',
        b"x(",
        b"x ",
        b" x",
        b"def x",
        b"from" + b" " * 900,
    ],
)
def test_hostile_texts_cost_no_more_than_their_length(path: str, piece: bytes) -> None:
    source = piece * (100_000 // len(piece)) + b"\n" * 1_000
    found = Texts({path: source})
    begun = time.process_time()
    for question in ("calls", "defines_method", "hands_on", "uses", "takes", "types", "dots", "launches", "extends"):
        getattr(found, question)(path, "x")
    found.imports(path, ["x"])
    found.imports_from(path, frozenset(["x"]))
    Project({path: source}).written_in("x")
    assert time.process_time() - begun < 5  # one of them that is quadratic takes a minute
