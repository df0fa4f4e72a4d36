"""Redirections, substitutions, and files that a text writes itself."""

import pytest

from spawngate.command.flows import captured, element, plain_path
from spawngate.command.parse import read
from spawngate.command.spawn import Redirect, Word
from tests.command.shown import shown


@pytest.mark.parametrize(
    ("redirect", "taken"),
    [
        (Redirect(">", Word("f")), True),
        (Redirect(">>", Word("f"), 1), True),
        (Redirect(">", Word("f"), 2), False),
        (Redirect(">&", Word("2")), True),
        (Redirect("<", Word("f")), False),
    ],
)
def test_captured(redirect: Redirect, taken: bool) -> None:
    assert captured((redirect,)) is taken


def test_names() -> None:
    assert (element("m", "'k'"), plain_path("./a/b")) == ("m[k]", "a/b")


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("echo rm x > f; sh f", "rm x in:sh via:script"),
        ("echo rm > f; echo x >> f; sh < f", "x in:sh via:input"),
        ("echo rm x > f; cat f | sh", "rm x <-1 in:sh via:input"),
        ("echo cm0geA== > f; base64 -d ./f | sh", "rm x <-1 in:sh via:input"),
        ("echo rm x > f; cp f /tmp/g; sh /tmp/g", "rm x in:sh via:script"),
        ("echo rm x > f; mv f d/; sh d/f", "rm x in:sh via:script"),
        ("echo rm x > f; cat f g | sh", "sh <-1 opaque:input"),
        ("f() { rm x; }; export -f f; bash -c f", "rm x in:bash via:function"),
        ("f() { rm x; }; bash -c f", "f in:bash via:script"),
        ("echo rm x > f; $(<f)", "rm[@1] x[@1]"),
        ("echo rm x > f; date > f; sh f", "sh f"),
        ("echo rm x | tee f; sh f", "rm x in:sh via:script"),
        ("echo rm x > $D/f; sh $D/f", "sh $D/f[?] opaque:arguments"),
        ("x=(rm -rf); x[2]=/; ${x[@]}", "rm -rf /"),
        ("declare -A m; m[a]=rm; ${m[a]} x", "rm x"),
        ("m=([a]=rm [b]=ls); k=b; ${m[$k]} x", "ls x"),
        ("BASH_ALIASES[z]='rm x'\nz", "rm x via:alias"),
        ("alias l='echo a >> f'\nl", "echo a >>f via:alias +builtin"),
        ("PS4='$(rm x)'", "rm x via:substitution"),
        ("x='$(rm x)'; echo ${x@P}", "rm x via:substitution"),
        ("x=a; x+=b; $x", "ab"),
        ("(a; b) > f < g", ">f <g <-0,1"),
        ("a < <(b)", "a <<(b)[?@0] <-0"),
        ("a > >(b)", "a >>(b)[?]"),
        ("sh < <(echo rm x)", "rm x <-0 in:sh via:input"),
    ],
)
def test_one_spawn(text: str, one: str) -> None:
    assert one in shown(read(text))


def test_output_of_a_process_substitution_flows_back() -> None:
    assert shown(read("a | tee >(sh)")) == [
        "a",
        "sh <-2 via:process-substitution opaque:input",
        "tee >(sh)[?] <-0 opaque:arguments",
    ]
