"""Qualified names of what a file imports, one spelling per language."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.frontends import lower
from spawngate.codescan.models.names import Names, specifier


def names_in(path: str, code: str, text: str, aliases: dict[str, str] | None = None) -> tuple[str, ...]:
    """Names of the last statement's expression, written as `text`."""
    module = lower(path, f"{code}\n{text}".encode())
    last = module.body[-1]
    if isinstance(last, ir.Function):
        last = last.body[-1]
    value = last.value if isinstance(last, ir.Evaluate | ir.Return | ir.Assign) else None
    if isinstance(value, ir.Call) and value.args:
        value = value.args[0].value
    assert value is not None
    return Names(module, aliases).qualified(value)


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("from a.b import C", "C", ("a.b.C",)),
        ("from a.b import C as D", "D.e", ("a.b.C.e",)),
        ("import a.b", "a.b.c", ("a.b.c",)),
        ("import a.b as x", "x.c", ("a.b.c",)),
        ("from .a import C", "C", (".a.C",)),
        ("from . import a", "a.C", (".a.C",)),
        ("", "int", ("builtins.int",)),
        ("def int(): pass", "int", ()),
        ("from a import *", "C", ("builtins.C", "a.C")),
        ("try:\n    from a import C\nexcept ImportError:\n    from b import C", "C", ("a.C", "b.C")),
        ("import os", "os.environ['A']", ("os.environ.A",)),
        ("", "f().x", ()),
    ],
)
def test_python(code: str, text: str, expected: tuple[str, ...]) -> None:
    assert names_in("x.py", code, text) == expected


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        ("import { C as D } from 'a/b.js';", "D.e;", ("a/b#C.e",)),
        ("import x from 'a';", "f(x);", ("a#default",)),
        ("import x from 'a';", "x.y;", ("a#default.y", "a#y")),
        ("import * as x from 'node:fs';", "x.y;", ("fs#y",)),
        ("const x = require('a');", "x.y;", ("a#y",)),
        ("const x = require('a');", "f(x);", ("a#default",)),
        ("const { y: z } = require('a');", "f(z);", ("a#y",)),
        ("import { C } from './a';", "f(C);", ("./a#C",)),
        ("", "process.env;", ("#process.env",)),
        ("const process = 1;", "process.env;", ()),
    ],
)
def test_javascript(code: str, text: str, expected: tuple[str, ...]) -> None:
    assert names_in("x.ts", code, text) == expected


def test_java() -> None:
    module = lower("X.java", b"package p.q; import a.b.C; import x.*; class T { }")
    names = Names(module)
    assert names.qualified_text("C.D") == ("a.b.C.D",)
    assert names.qualified_text("E") == ("x.E", "java.lang.E", "p.q.E")
    assert names.qualified_text("a.b.F") == ("a.b.F",)
    assert names.qualified_text("Object") == ()


def test_rust() -> None:
    names = Names(lower("x.rs", b"use a::b::{C, d as e}; use f::*; fn g() {}"))
    assert names.qualified_text("C::new") == ("a::b::C::new",)
    assert names.qualified_text("e::H") == ("a::b::d::H",)
    assert names.qualified_text("std::process::Command") == (
        "std::process::Command",
        "f::std::process::Command",
    )


def test_aliases_replace_the_longest_beginning() -> None:
    aliases = {"a.C": "a.core.C", "a.C.x": "a.other"}
    assert names_in("x.py", "from a import C", "C.new", aliases) == ("a.core.C.new",)
    assert names_in("x.py", "from a import C", "C.x.y", aliases) == ("a.other.y",)
    assert names_in("x.py", "from a import Cd", "Cd", aliases) == ("a.Cd",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("node:child_process", "child_process"),
        ("@modelcontextprotocol/sdk/client/stdio.js", "@modelcontextprotocol/sdk/client/stdio"),
        ("@modelcontextprotocol/sdk/client/index.js", "@modelcontextprotocol/sdk/client"),
        ("./a/index", "./a"),
        ("socket.io", "socket.io"),
        ("uWebSockets.js", "uWebSockets.js"),
    ],
)
def test_specifiers(text: str, expected: str) -> None:
    assert specifier(text) == expected


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("npm:@a/sdk@^1.2.0/client/stdio.js", "@a/sdk/client/stdio"),
        ("npm:execa@9", "execa"),
        ("jsr:@std/cli@1", "@std/cli"),
        ("https://esm.sh/@a/sdk@1.0.0/client/stdio.js", "@a/sdk/client/stdio"),
        ("https://example.com/x.js", "https://example.com/x"),
        ("node:fs", "fs"),
    ],
)
def test_specifiers_of_deno_and_of_browsers(text: str, plain: str) -> None:
    assert specifier(text) == plain
