"""Decorators of parameters: pipes, types that are enforced, and who makes the value."""

import pytest

from spawngate.codescan import decorated
from tests.codescan.projects import Sources

CASES = [
    ("@Query('n', ParseIntPipe) n: number", True),
    ("@Query('n', new ParseUUIDPipe({ version: '4' })) n: string", True),
    ("@Arg('n', () => Int) n: number", True),
    ("@Args('n', { type: () => Float }) n: number", True),
    ("@Arg('kind', () => Kind) kind: Kind", True),
    ("@Arg('kind', () => Input) kind: Input", False),
    ("@Query('n', TrimPipe) n: string", False),
    ("@Body() body: Input", False),
    ("n: number", False),
]


@pytest.mark.parametrize(("param", "closed"), CASES)
def test_is_closed(param: str, closed: bool) -> None:
    code = f"enum Kind {{ A = 'a' }}\nclass Input {{ x!: string }}\nclass C {{ run({param}) {{ return 1; }} }}"
    sources = Sources({"a.ts": code})
    function = sources.function("run", "a.ts")
    assert decorated.is_closed(sources.calls, function.params[0], function) is closed


def test_makers() -> None:
    files = {
        "spec.ts": "export const Spec = createParamDecorator((x, ctx) => ctx.body);\nexport const Own = () => null;",
        "a.ts": "import { Own, Spec } from './spec';\nclass C { run(@Spec() s, @Own() o, plain) { return s; } }",
    }
    sources = Sources(files)
    function = sources.function("run", "a.ts")
    made = [[repr(each) for each in decorated.makers(sources.calls, param, function)] for param in function.params]
    assert made == [["<spec.ts:<closure>>"], [], []]
