"""Constants that an expression stands for."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.constants import Constants
from tests.codescan.projects import Sources, one


def asked(text: str) -> tuple[Constants, ir.Expression, Sources]:
    sources = one(text)
    node, _ = sources.call("use")
    return Constants(sources.calls), node.args[0].value, sources


def value(text: str) -> ir.Constant:
    constants, node, sources = asked(text)
    return constants.value(node, sources.call("use")[1])


def members(text: str) -> frozenset[str] | None:
    constants, node, sources = asked(text)
    return constants.members(node, sources.call("use")[1])


@pytest.mark.parametrize(
    ("text", "constant"),
    [
        ("use('a')", "a"),
        ("use(3)", 3),
        ("A = 'a'\ndef f():\n    use(A)\n", "a"),
        ("def f():\n    a = 'a'\n    use(a)\n", "a"),
        ("class T:\n    STDIO = 'stdio'\nuse(T.STDIO)\n", "stdio"),
        ("class T:\n    STDIO = 'stdio'\nuse(T.STDIO.value)\n", "stdio"),
        ("use('A'.lower())", "A"),
        ("def f(a):\n    use(a)\n", None),
        ("def f(c):\n    a = 'x'\n    if c:\n        a = 'y'\n    use(a)\n", None),
    ],
)
def test_values(text: str, constant: ir.Constant) -> None:
    assert value(text) == constant


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("use(('a', 'b'))", {"a", "b"}),
        ("use({'a': 1})", {"a"}),
        ("A = frozenset(['a'])\ndef f():\n    use(A)\n", {"a"}),
        ("B = ['b']\nA = ['a', *B]\nuse(A)\n", {"a", "b"}),
        ("class T:\n    ALL = {'a'}\n    def f(self):\n        use(self.ALL)\n", {"a"}),
        ("D = {'a': 1}\nuse(D.keys())\n", {"a"}),
        ("def f(x):\n    use(['a', x])\n", None),
        ("use(load())", None),
    ],
)
def test_members(text: str, found: set[str] | None) -> None:
    assert members(text) == found


def test_a_cycle_ends() -> None:
    assert members("A = B\nB = A\nuse(A)\n") is None
