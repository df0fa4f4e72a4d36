"""Schemas and checked types: whether a part of the data can still be a text of the sender's choice."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.schemas import around, is_schema, passes, refuses, refuses_valid, typed
from tests.codescan.projects import Sources, one

ZOD = """
import { z } from 'zod';
const Base = z.object({ name: z.string(), kind: z.enum(['a', 'b']) });
const More = Base.extend({ port: z.number().default(1), list: z.array(z.string()), kinds: z.array(z.literal('x')) });
const Any = Base.passthrough();
const Http = z.object({ type: z.literal('http'), url: z.string().url() });
const Stdio = z.object({ type: z.literal('stdio'), command: z.string() });
const Both = z.discriminatedUnion('type', [Http, Stdio]);
const Remote = z.union([Http, z.object({ ...Base.shape })]).optional();
const Table = z.record(z.string(), Base);
function f(S) { return S; }
"""


@pytest.mark.parametrize(
    ("schema", "path", "free"),
    [
        ("Base", ("name",), True),
        ("Base", ("kind",), False),
        ("Base", ("command",), False),
        ("Base", ("*",), True),
        ("More", ("name",), True),
        ("More", ("port",), False),
        ("More", ("list", "*"), True),
        ("More", ("kinds", "*"), False),
        ("More", ("command",), False),
        ("Any", ("command",), True),
        ("Both", ("command",), True),
        ("Remote", ("command",), False),
        ("Remote", ("url",), True),
        ("Remote", ("name",), True),
        ("Table", ("k", "name"), True),
        ("Table", ("k", "command"), False),
        ("Unknown", ("command",), True),
    ],
)
def test_what_a_schema_lets_through(schema: str, path: tuple[str, ...], free: bool) -> None:
    sources = Sources({"app.ts": f"{ZOD}\nparse({schema});"})
    call, top = sources.call("parse", "app.ts")
    assert is_schema(sources.calls, call.args[0].value, top) is (schema != "Unknown")
    assert passes(sources.calls, call.args[0].value, top, path) is free


def test_schemas_around_a_handler() -> None:
    code = ZOD + "router({ a: procedure.input(Base).mutation(async ({ input }) => run(input.name, input.kind)) });"
    sources = Sources({"app.ts": code})
    handler = sources.call("run", "app.ts")[1]
    assert len(around(handler, sources.calls)) == 1
    assert refuses(handler, sources.calls, ("input", "kind"))
    assert not refuses(handler, sources.calls, ("input", "name"))


def test_a_validator_says_nothing_of_the_rest_of_the_request() -> None:
    code = ZOD + "app.post('/x', zValidator('json', Base), async (c) => run(c));"
    sources = Sources({"app.ts": code})
    handler = sources.call("run", "app.ts")[1]
    assert refuses_valid(handler, sources.calls, ("kind",))
    assert not refuses_valid(handler, sources.calls, ("name",))
    assert not refuses(handler, sources.calls, ("req", "kind"))


@pytest.mark.parametrize("entry", ["inputSchema: { command: z.enum(['a']) }", "parameters: z.object({})"])
def test_schemas_of_tools(entry: str) -> None:
    code = f"import {{ z }} from 'zod';\ntool({{ {entry}, execute: async ({{ command }}) => run(command) }});"
    sources = Sources({"app.ts": code})
    assert refuses(sources.call("run", "app.ts")[1], sources.calls, ("command",))


PYTHON = """
import enum
from typing import Annotated, Literal
from pydantic import BaseModel
class Kind(str, enum.Enum):
    A = "a"
class Body(BaseModel):
    kind: Kind
    runner: Literal["uvx", "npx"] | None
    port: int
    name: str
    many: list[Literal["x"]]
    inner: "Inner"
class Plain:
    kind: Kind
def f(body: Body, kind: Kind, n: int, many: list[int], text: str, plain: Plain, any_, maybe: int | str): pass
"""


@pytest.mark.parametrize(
    ("index", "path", "closed"),
    [
        (0, ("kind",), True),
        (0, ("runner",), True),
        (0, ("port",), True),
        (0, ("name",), False),
        (0, ("many", "*"), True),
        (0, ("missing",), False),
        (0, (), False),
        (1, (), True),
        (2, (), True),
        (3, ("*",), True),
        (4, (), False),
        (5, ("kind",), False),
        (6, (), False),
        (7, (), False),
    ],
)
def test_types_that_a_framework_checks(index: int, path: tuple[str, ...], closed: bool) -> None:
    sources = one(PYTHON)
    function = sources.function("f")
    assert typed(sources.calls, function, function.params[index], path) is closed


def test_what_a_transform_makes_of_constants_is_closed() -> None:
    text = 'const S = z.string().transform((t) => ({ a: t === "x" ? "one" : "two", b: t }));\n'
    sources = Sources({"app.ts": text})
    top = sources.module("app.ts").top
    schema = ir.Name(1, 0, "S")
    assert [passes(sources.calls, schema, top, (part,)) for part in ("a", "b")] == [False, True]


def test_elements_of_joi_and_schemas_that_stand_as_arguments() -> None:
    text = 'const A = Joi.array().items(Joi.string().valid("x"));\n'
    text += 'command(v.object({ p: v.picklist(["x"]) }), (it) => it);\n'
    sources = Sources({"app.ts": text})
    module = sources.module("app.ts")
    assert passes(sources.calls, ir.Name(1, 0, "A"), module.top, ("*",)) is False
    (handler,) = [each for each in module.of.values() if each.closure is not None]
    assert (refuses(handler, sources.calls, ("p",)), refuses(handler, sources.calls, ())) == (
        True,
        False,
    )
