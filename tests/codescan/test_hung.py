"""What a program hangs on an object of a framework."""

import pytest

from spawngate.codescan import hung, ir
from tests.codescan.projects import Sources

CASES = [
    ("fastify.decorate('launcher', make());", "fastify.launcher", ["Call(Name('make'))"]),
    ("app.provide('launcher', other);", "ctx.launcher", ["Name('other')"]),
    ("globalThis.launcher = make();", "globalThis.launcher", ["Call(Name('make'))"]),
    ("Object.defineProperty(app, 'launcher', given);", "app.launcher", ["Name('given')"]),
    ("thing.launcher = make();", "app.launcher", []),
    ("app.decorate('launchers', make());", "app.launcher", []),
    ("app.decorate('launcher', make());", "this.launcher", []),
]


@pytest.mark.parametrize(("hangs", "read", "wanted"), CASES)
def test_values(hangs: str, read: str, wanted: list[str]) -> None:
    sources = Sources({"a.js": hangs, "b.js": f"f({read});"})
    node = sources.call("f", "b.js")[0].args[0].value
    assert isinstance(node, ir.Attribute)
    assert [ir.dump(value) for value, _ in hung.values(sources.project, node)] == wanted


def test_what_a_compiler_writes_of_a_module_hangs_nothing_up() -> None:
    sources = Sources(
        {
            "a.js": "Object.defineProperty(exports, 'launcher', { value: made });",
            "b.js": "Object.defineProperty(exports, '__esModule', { value: true });\nf(app.launcher, app.__esModule);",
        }
    )
    for argument in sources.call("f", "b.js")[0].args:
        assert isinstance(argument.value, ir.Attribute)
        assert hung.values(sources.project, argument.value) == []


def test_a_name_that_is_hung_up_everywhere_says_nothing() -> None:
    files = {f"{number}.js": f"app.decorate('launcher', make{number}());" for number in range(hung.MAX_PLACES + 1)}
    sources = Sources({**files, "b.js": "f(app.launcher);"})
    node = sources.call("f", "b.js")[0].args[0].value
    assert isinstance(node, ir.Attribute)
    assert hung.values(sources.project, node) == []
