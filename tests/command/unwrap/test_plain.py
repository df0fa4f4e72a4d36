"""What a wrapper of the plain kind may say about itself."""

import pytest

from spawngate.command.unwrap.options import Syntax
from spawngate.command.unwrap.plain import Plain, unwrapped
from tests.command.unwrap.shown import show, words_of


@pytest.mark.parametrize(
    ("what", "line", "expected"),
    [
        (Plain(), "rm x", ["w", "rm x"]),
        (Plain(), "", None),
        (Plain(), "-z v rm x", ["w", "v rm x | opaque=options", "rm x | opaque=options"]),
        (Plain(lenient=True), "--zz=1 rm x", ["w", "rm x"]),
        (Plain(operands=1), "a rm x", ["w", "rm x"]),
        (Plain(operands=1), "a", None),
        (Plain(first="[a-z]+", operands=1), "a b rm x", ["w", "rm x"]),
        (Plain(optional=r"\d+"), "5 rm x", ["w", "rm x"]),
        (Plain(optional=r"\d+"), "rm x", ["w", "rm x"]),
        (Plain(assigns=True), "A=1 rm x", ["w", "rm x | A=1"]),
        (Plain(joined=True), "'rm x' 'rm y'", ["w", "$ rm x", "$ rm y"]),
        (Plain(bare=True), "", ["w", "sh"]),
        (Plain(bare=True, operands=1), "a", ["w", "sh"]),
        (Plain(bare=True, operands=1), "", None),
        (Plain(Syntax("c:"), text="c"), "-c 'rm x' a", ["w", "$ rm x"]),
        (Plain(Syntax("p:"), also="p"), "-p 'rm y' rm x", ["w", "$ rm y", "rm x"]),
        (Plain(Syntax("l"), idle="l"), "-l rm x", None),
        (Plain(Syntax("u:"), user="u", becomes="root"), "rm x", ["w", "rm x | user=root"]),
        (Plain(Syntax("u:"), user="u", becomes="root"), "-u bob:g rm x", ["w", "rm x | user=bob"]),
        (Plain(Syntax("d:"), cwd="d"), "-d /tmp rm x", ["w", "rm x | cwd=/tmp"]),
        (Plain(Syntax("e:"), sets="e"), "-e A=1 -e B rm x", ["w", "rm x | A=1"]),
        (Plain(Syntax("d"), detaches="d"), "-d rm x", ["w", "rm x | background"]),
        (Plain(background=True, repeated=True, stays=True), "rm x", ["w+", "rm x | background repeated"]),
        (Plain(dashes=True), "a rm x", None),
        (Plain(dashes=True), "-- rm x", ["w", "rm x"]),
    ],
)
def test_kind(what: Plain, line: str, expected: list[str] | None) -> None:
    found = unwrapped("w", words_of(line), what)
    assert show(found) == expected
