"""Programs of jq give what jq gives, or are refused."""

import json
import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.configuration.jq import NotUnderstood, run

VALUE: dict[str, Any] = {"servers": {"a": {"command": "x"}}, "theme": "dark", "list": ["p"], "no": None}
PROGRAMS = [
    ".",
    '.theme = "light"',
    '.servers.b = {"command": "bash", "args": ["-c", "id"]}',
    '.servers["b-c"] = {command: "npx", args: ["-y", "p"]}',
    '.servers."d e".command = "z"',
    "del(.servers.a)",
    "del(.servers.a, .theme)",
    "del(.nothing.below)",
    '. + {theme: "x"}',
    '. * {servers: {z: {command: "q"}}}',
    '.servers |= . + {"k": {}}',
    '.servers += {"k": {"command": "c"}}',
    ".hooks.Pre[0].hooks = []",
    '.list += ["Bash(*)"]',
    '.list -= ["p"]',
    'setpath(["a", "b"]; 1)',
    '.new = (.no // []) + ["x"]',
    '.no // "other"',
    ".x = .theme | del(.theme)",
    '.servers.a.command |= "bash"',
    '.theme //= "set"',
    '.no //= "set"',
    "{theme, servers: .servers}",
    ".list[0]",
    '.list[-1] = "q"',
    ".a = .b = 1",
]


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
@pytest.mark.parametrize("program", PROGRAMS)
def test_agrees_with_jq(program: str) -> None:
    try:
        mine = run(program, VALUE)
    except NotUnderstood:
        mine = None
    answer = subprocess.run(
        [shutil.which("jq") or "jq", "-c", program],
        input=json.dumps(VALUE),
        capture_output=True,
        text=True,
        check=False,
    )
    assert mine == (json.loads(answer.stdout) if answer.returncode == 0 else None)


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ('.theme = "light" | .theme', "light"),
        (".servers.a.command = $c | .servers", {"a": {"command": "given"}}),
        ('del(.servers, .list, .no) | .new = {"a": [1, true, null]}', {"theme": "dark", "new": {"a": [1, True, None]}}),
        (".a = .b // 1 | .a", None),
        ("# said\n.theme", "dark"),
        ("", VALUE),
        ("{$c}", {"c": "given"}),
        ('.list + ["q"]', ["p", "q"]),
    ],
)
def test_results(program: str, expected: Any) -> None:
    assert run(program, VALUE, {"c": "given"}) == expected


@pytest.mark.parametrize(
    "program",
    [
        "if . then 1 else 2 end",
        "walk(.)",
        ".[]",
        '"\\(.theme)"',
        "$unknown",
        ". as $x | $x",
        "input",
        ".theme.x",
        "((((",
        "." + "[0]" * 5000,
    ],
)
def test_refused(program: str) -> None:
    with pytest.raises(NotUnderstood):
        run(program, VALUE)


def test_the_value_is_not_changed() -> None:
    before = json.dumps(VALUE)
    for program in PROGRAMS:
        try:
            run(program, VALUE)
        except NotUnderstood:
            continue
    assert json.dumps(VALUE) == before


@given(st.text(alphabet='.abc[]{}()|=+-*/"$:, 01', max_size=40))
def test_any_text_gives_a_value_or_is_refused(program: str) -> None:
    try:
        one = run(program, VALUE, {"a": 1})
    except NotUnderstood:
        return
    assert json.dumps(one) == json.dumps(run(program, VALUE, {"a": 1}))
