"""What containers, texts and copies do with the parts of a value."""

import pytest

from spawngate.codescan import ir
from spawngate.codescan.containers import builtin, stored
from spawngate.codescan.flow import ANY, KEYS, Path
from spawngate.codescan.frontends import lower
from spawngate.codescan.ir import dump


def call(text: str) -> ir.Call:
    statement = lower("a.py", text.encode()).body[0]
    assert isinstance(statement, ir.Evaluate)
    assert isinstance(statement.value, ir.Call)
    return statement.value


def asked(text: str, *path: str | int) -> list[tuple[str, Path]] | None:
    parts = builtin(call(text), path)
    return None if parts is None else [(dump(node), left) for node, left in parts.answers]


@pytest.mark.parametrize(
    ("text", "path", "answers"),
    [
        ("x.get('a', d)", ("b",), [("Name('x')", ("a", "b")), ("Name('d')", ("b",))]),
        ("x.get(k)", (), [("Name('x')", (ANY,))]),
        ("x.items()", (ANY, 1, "c"), [("Name('x')", (ANY, "c"))]),
        ("x.items()", (ANY, 0), [("Name('x')", (KEYS,))]),
        ("x.keys()", (ANY,), [("Name('x')", (KEYS,))]),
        ("x.values()", (ANY, "c"), [("Name('x')", (ANY, "c"))]),
        ("x.copy()", ("c",), [("Name('x')", ("c",))]),
        ("x.model_dump()", ("c",), [("Name('x')", ("c",))]),
        ("x.strip()", (), [("Name('x')", ())]),
        ("x.split(s)", (0,), [("Name('x')", ()), ("Name('s')", ())]),
        ("s.join(x)", (), [("Name('s')", ()), ("Name('x')", ())]),
        ("len(x)", (), []),
        ("isinstance(x, T)", (), []),
        ("int(x)", (), []),
        ("getattr(x, 'a', d)", (), [("Name('x')", ("a",)), ("Name('d')", ())]),
        ("enumerate(x)", (ANY, 1, "c"), [("Name('x')", (ANY, "c"))]),
        ("enumerate(x)", (ANY, 0), []),
        ("zip(x, y)", (ANY, 1), [("Name('y')", (ANY,))]),
        ("dict(x, a=y)", ("a", "b"), [("Name('y')", ("b",))]),
        ("dict(**x)", ("a",), [("Name('x')", ("a",))]),
        ("json.loads(x)", ("a",), [("Name('x')", ("a",))]),
        ("Object.assign(x, y)", ("a",), [("Name('y')", ("a",)), ("Name('x')", ("a",))]),
        ("Object.entries(x)", (ANY, 1), [("Name('x')", (ANY,))]),
        ("next(x)", ("a",), [("Name('x')", (ANY, "a"))]),
        ("cast(T, x)", ("a",), [("Name('x')", ("a",))]),
        ("unheard_of(x)", (), None),
        ("x.unheard_of(y)", (), None),
    ],
)
def test_parts_of_results(text: str, path: Path, answers: list[tuple[str, Path]] | None) -> None:
    assert asked(text, *path) == answers


def test_functions_among_the_arguments_give_the_result() -> None:
    parts = builtin(call("x.map(f)"), (ANY, "a"))
    assert parts is not None
    assert (parts.answers, [(dump(node), path) for node, path in parts.returns_of]) == ((), [("Name('f')", ("a",))])


@pytest.mark.parametrize(
    ("text", "path", "answers"),
    [
        ("x.append(v)", (ANY, "a"), [("Name('v')", ("a",))]),
        ("x.store(v)", ("a",), [("Name('v')", ("a",))]),
        ("x.push_str(v)", ("a", "b"), [("Name('v')", ())]),
        ("x.extend(v)", (0,), [("Name('v')", (ANY,))]),
        ("x.update(v, b=w)", ("b",), [("Name('v')", ("b",)), ("Name('w')", ())]),
        ("x.put('a', v)", ("a", "b"), [("Name('v')", ("b",))]),
        ("x.put('a', v)", ("c",), []),
        ("x.put(k, v)", ("c",), [("Name('v')", ())]),
        ("x.put(k, v)", (KEYS,), [("Name('k')", ())]),
        ("x.read()", (), None),
    ],
)
def test_what_methods_put_into_their_receiver(text: str, path: Path, answers: list[tuple[str, Path]] | None) -> None:
    found = stored(call(text), path)
    assert (None if found is None else [(dump(node), left) for node, left in found]) == answers
