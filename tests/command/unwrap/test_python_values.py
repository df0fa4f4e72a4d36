"""Values of constant expressions in Python."""

import ast

import pytest

from spawngate.command.unwrap.python_values import Values


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("'a'", "a"),
        ("b'a'", "a"),
        ("'a' 'b' + 'c'", "abc"),
        ("'a' + x", "a$_"),
        ("x + y", None),
        ("['a', x]", ["a", "$_"]),
        ("('a', *['b', 'c'])", ["a", "b", "c"]),
        ("f'a{1}'", "a$_"),
        ("f'{x}'", None),
        ("'%s-%d' % ('a', 1)", "a-$_"),
        ("'{}{}'.format('a', 'b')", "ab"),
        ("'{1}{0}'.format('a', 'b')", "ba"),
        ("'{}'.format(x)", "$_"),
        ("'-'.join(['a', 'b'])", "a-b"),
        ("'abc'[::-1]", "cba"),
        ("['a', 'b'][1]", "b"),
        ("['a'][9]", None),
        ("'a' * 3", "aaa"),
        ("'a' * 10**9", None),
        ("chr(97)", "a"),
        ("''.join(map(chr, [97, 98]))", "ab"),
        ("bytes([97, 98]).decode()", "ab"),
        ("'a b'.split()", ["a", "b"]),
        ("'axb'.replace('x', '-')", "a-b"),
        ("'A'.lower()", "a"),
        ("__import__('base64').b64decode('YWI=')", "ab"),
        ("bytes.fromhex('6162')", "ab"),
        ("bytes.fromhex('zz')", None),
        ("'no'.decode('rot13')", "ab"),
        ("'a' if x else 'b'", "a"),
        ("open('a').read()", None),
        ("1", None),
    ],
)
def test_value(code: str, expected: object) -> None:
    tree = ast.parse(code, mode="eval")
    assert Values(tree).value(tree.body) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import os\nos.system", "os.system"),
        ("import os as o\no.system", "os.system"),
        ("from os import system as s\ns", "os.system"),
        ("from os import *\nsystem", "os.system"),
        ("__import__('os').system", "os.system"),
        ("getattr(__import__('os'), 'system')", "os.system"),
        ("import sys\nsys.modules['os'].system", "os.system"),
        ("import os\nos.__dict__['system']", "os.system"),
        ("import os\nf = os.system\nf", "os.system"),
        ("x().system", "?.system"),
        ("a = b\nb = a\na", "a"),
    ],
)
def test_dotted_names(code: str, expected: str) -> None:
    tree = ast.parse(code)
    last = tree.body[-1]
    assert isinstance(last, ast.Expr)
    assert Values(tree, frozenset(("os.system",))).dotted(last.value) == expected
