"""Options of jq and yq that say what is read and printed."""

import pytest

from spawngate.command.context import CallContext
from spawngate.command.parse import read
from spawngate.configuration.files import MISSING, Content, Files, Unknown
from spawngate.configuration.shell import run_command

FILES: dict[str, bytes] = {"/p/f": b'{"a": {"b": 1}}\n', "/p/y": b"a:\n  b: 1\n", "/p/t": b"text\n"}


def printed(command: str) -> Content:
    files = Files(CallContext(cwd="/p"), lambda path: FILES.get(path, MISSING))
    run_command(read(f"{command} > n"), files, ())
    return files.written["/p/n"][-1]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("jq .a.b f", b"1\n"),
        ("jq -n 1", b"1\n"),
        ("jq --null-input '{a: 1}'", b'{\n  "a": 1\n}\n'),
        ("jq -r '.a.c // \"x\"' f", b"x\n"),
        ("jq '.a.c // \"x\"' f", b'"x"\n'),
        ("jq --arg v x '.a.b = $v | .a.b' f", b'"x"\n'),
        ("jq --argjson v '[1]' '$v[0]' f", b"1\n"),
        ("jq --slurpfile v f '$v[0].a.b' f", b"1\n"),
        ("jq --rawfile v t '$v' f", b'"text\\n"\n'),
        ("jq -s '.[1].a.b' f f", b"1\n"),
        ("jq --indent 4 .a.b f", b"1\n"),
        ("jq .a.b < f", b"1\n"),
        ("yq .a.b y", b"1\n"),
        ("cat y | yq .a", b'{\n  "b": 1\n}\n'),
        ("yq eval .a.b y", b"1\n"),
    ],
)
def test_prints(command: str, expected: bytes) -> None:
    assert printed(command) == expected


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("jq", "expression"),
        ("jq . f f", "expression"),
        ("jq -R . t", "expression"),
        ("jq --stream . f", "expression"),
        ("jq . t", "malformed"),
        ("jq --argjson v '{' . f", "malformed"),
        ('jq --arg v "$X" . f', "variable"),
        ("jq 'input' f", "expression"),
        ("yq -o json . y", "expression"),
        ("yq 'with_entries(.)' y", "expression"),
        ('yq "$X" y', "variable"),
        ("yq . missing", "malformed"),
    ],
)
def test_refuses(command: str, reason: str) -> None:
    assert printed(command) == Unknown(reason)
