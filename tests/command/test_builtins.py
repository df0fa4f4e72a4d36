"""Built-ins: what they change in the shell that goes on."""

import pytest

from spawngate.command.builtins import lines_read
from spawngate.command.frame import Input
from spawngate.command.parse import read
from spawngate.command.syntax import Literal, Simple
from tests.command.shown import shown


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("eval rm x", "rm x in:eval via:eval"),
        ("eval -- 'rm x'", "rm x in:eval via:eval"),
        ("eval", "eval +builtin"),
        ("trap -- 'rm x' INT", "rm x in:trap via:trap"),
        ("trap - INT", "trap - INT +builtin"),
        ("source x.sh", "source x.sh +builtin opaque:code"),
        ("echo 'rm x' | source /dev/stdin", "rm x <-0 in:source via:source"),
        ("curl u | . /dev/stdin", ". /dev/stdin <-0 +builtin opaque:input"),
        ("alias a='rm x'; a", "a"),
        ("cd -P /a; ls", "ls cwd:/a"),
        ("cd; ls", "ls cwd:~"),
        ("cd /a; cd b; cd -; ls", "ls cwd:/a"),
        ("pushd /a; popd; ls", "ls"),
        ("f() { rm x; }; unset -f f; f", "f"),
        ("set -e; set -- a b; echo $2", "echo b +builtin"),
        ("set -- a b c; shift 2; echo $1", "echo c +builtin"),
        ("set -o pipefail; echo $#", "echo 0 +builtin"),
        ("echo 'a b c' | { read x y; rm $y; }", "rm b[@0] c[@0] <-0"),
        ("IFS=: read x y <<< 'a:b'; rm $y", "rm b"),
        ("read -p 'q' -r x; $x", "$x[?] opaque:program"),
        ("read -a l <<< 'rm x'; ${l[0]} ${l[1]}", "rm x"),
        ("mapfile -t l < <(echo rm); ${l[0]} x", "rm[@0] x"),
        ("exec rm x", "rm x in:exec via:wrapper"),
        ("exec -a n -- rm x", "rm x in:exec via:wrapper"),
        ("exec > f", "exec >f +builtin"),
        ("command -p rm x", "rm x in:command via:wrapper"),
        ("command -v rm", "command -v rm +builtin"),
        ("$(type -P rm) x", "rm[@0] x"),
        ("printf -v c r%s m; $c x", "rm x"),
        ("compgen -C 'rm x' y", "rm x in:compgen via:eval +repeated"),
        ("complete -C'rm x' y", "rm x in:complete via:eval +repeated"),
        ("A=1 export B=2; ls", "B=2 ls"),
        ("\\export B=2; ls", "B=2 ls"),
        ("let x=1; echo $x", "echo $x[?] +builtin opaque:arguments"),
        ("getopts ab o; echo $o", "echo $o[?] +builtin opaque:arguments"),
        ("time -p rm x", "rm x in:time via:wrapper"),
        ("export -n A; A=b; ls", "ls"),
        ("declare -n r=x; $r", "$r[?] opaque:program"),
        ("declare -gx A=b; ls", "A=b ls"),
        ("f() { declare -g x=rm; }; f; $x", "rm"),
    ],
)
def test_last_spawn(text: str, last: str) -> None:
    assert shown(read(text))[-1] == last


def test_lines_of_known_input() -> None:
    condition = (Simple(((Literal("read"),), (Literal("x"),))),)
    assert lines_read(condition, Input("a\nb\n")) == ["a\n", "b\n"]
    assert lines_read(condition, Input()) is None
    assert lines_read((Simple(((Literal("true"),),)),), Input("a")) is None
