"""What commands leave in files: the order of spawns, pipes, redirections and conditions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.context import CallContext
from spawngate.command.parse import read
from spawngate.configuration.files import MISSING, Content, Files, Unknown
from spawngate.configuration.shell import conditional, run_command

PRESENT: dict[str, Content] = {"/p/f": b"old\n", "/p/g": b"other\n"}


def left(text: str) -> dict[str, list[Content]]:
    files = Files(CallContext(home="/home/dev", cwd="/p"), lambda path: PRESENT.get(path, MISSING))
    run_command(read(text), files, (text,))
    return files.written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("echo a > n", {"/p/n": [b"a\n"]}),
        ("echo a >> f", {"/p/f": [b"old\na\n"]}),
        ("echo a >| f", {"/p/f": [b"a\n"]}),
        ("echo a &> n", {"/p/n": [b"a\n"]}),
        ("echo a 2> n", {"/p/n": [Unknown("program")]}),
        ("echo a > /dev/null 2>&1", {}),
        ("> f", {"/p/f": [b""]}),
        (": > f", {"/p/f": [b""]}),
        ("{ echo a; echo b; } > n", {"/p/n": [b"a\nb\n"]}),
        ("(echo a; echo b) >> f", {"/p/f": [b"old\na\nb\n"]}),
        ("cat > n <<'E'\nx $y\nE", {"/p/n": [b"x $y\n"]}),
        ("cat <<E > n\n$(id)\nE", {"/p/n": [Unknown("variable")]}),
        ("cat <<< a > n", {"/p/n": [b"a\n"]}),
        ("cat < f > n", {"/p/n": [b"old\n"]}),
        ("cat f | cat | tee n", {"/p/n": [b"old\n"]}),
        ("cat <(echo a) f > n", {"/p/n": [b"a\nold\n"]}),
        ('echo "$(cat f)" > n', {"/p/n": [b"old\n"]}),
        ("X=a; echo $X > n", {"/p/n": [b"a\n"]}),
        ("echo $UNSET > n", {"/p/n": [Unknown("variable")]}),
        ("cd sub && echo a > n", {"/p/sub/n": [b"a\n"]}),
        ("sh -c 'echo a > n'", {"/p/n": [b"a\n"]}),
        ("sudo tee n <<< a", {"/p/n": [b"a\n"]}),
        ("for x in n m; do echo a > $x; done", {"/p/n": [b"a\n"], "/p/m": [b"a\n"]}),
        ("ssh host 'cat > f' < g", {}),
        ("curl https://a.example > n", {"/p/n": [Unknown("network")]}),
        ("mystery > n", {"/p/n": [Unknown("program")]}),
        ("echo a > $t && mv $t n", {"\0$t": [b"a\n", MISSING], "/p/n": [b"a\n"]}),
        ("mv $t n", {"\0$t": [MISSING], "/p/n": [Unknown("variable")]}),
    ],
)
def test_what_is_left(text: str, expected: dict[str, list[Content]]) -> None:
    assert {at: states for at, states in left(text).items() if not at.endswith("/$t")} == expected


def test_a_step_that_may_not_run_hides_nothing() -> None:
    """The attack stands in the file if the second step is left out, and in the first file if the copy is."""
    assert left("echo attack > n; false && echo fine > n")["/p/n"] == [b"attack\n", b"fine\n"]
    assert left("true || echo fine > f; mv f n")["/p/n"] == [b"old\n", b"fine\n"]
    assert left("if x; then echo fine > f; fi; cat f > n")["/p/n"] == [Unknown("variable")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a && b", False),
        ("a; b | c", False),
        ("a || b", True),
        ("if a; then b; fi", True),
        ("a & b", True),
        ("a 2>&1", False),
    ],
)
def test_conditional(text: str, expected: bool) -> None:
    assert conditional((text,)) is expected


@given(st.text(alphabet="abefcho >|<&;$(){}'\"\n-~/.", max_size=60))
def test_any_command_gives_the_same_twice(text: str) -> None:
    assert left(text) == left(text)
