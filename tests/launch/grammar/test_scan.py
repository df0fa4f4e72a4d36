"""Options of lines with options that nobody knows."""

import pytest

from spawngate.launch.argv import Grammar
from spawngate.launch.grammar.scan import Scanned, is_local, is_url, off, scan

GRAMMAR = Grammar(values=frozenset({"-e", "--env"}), flags=frozenset({"-i", "-t", "--rm"}), prefixes=("--no-",))


@pytest.mark.parametrize(
    ("words", "flag", "value"),
    [
        (["-it", "--rm", "x", "-e"], Scanned((("-i", ""), ("-t", ""), ("--rm", "")), ("x", "-e")), None),
        (["-eA", "--env=B", "-e", "C", "x"], Scanned((("-e", "A"), ("--env", "B"), ("-e", "C")), ("x",)), None),
        (["--no-x", "--", "-e"], Scanned((("--no-x", ""),), ("-e",)), None),
        (["-e"], Scanned((("-e", ""),), ()), None),
        (
            ["--new", "a", "-i", "x"],
            Scanned((("--new", ""),), ("a", "-i", "x"), ("--new",)),
            Scanned((("--new", ""), ("-i", "")), ("x",), ("--new",)),
        ),
        (
            ["--new", "-i", "x"],
            Scanned((("--new", ""), ("-i", "")), ("x",), ("--new",)),
            None,
        ),
        (["--new=1", "x"], Scanned((("--new", "1"),), ("x",), ("--new",)), None),
    ],
)
def test_scan_in_both_readings(words: list[str], flag: Scanned, value: Scanned | None) -> None:
    assert (scan(words, GRAMMAR), scan(words, GRAMMAR, unknown_takes_value=True)) == (flag, value or flag)


def test_answers() -> None:
    scanned = Scanned((("-e", "1"), ("--env", "2"), ("-i", "")), ())
    assert (scanned.values("-e", "--env"), scanned.has("-i"), scanned.last("-e"), scanned.last("-x")) == (
        ("1", "2"),
        True,
        "1",
        "",
    )


def test_words() -> None:
    assert [off(word) for word in ("false", "0", "NO", "true", "")] == [True, True, True, False, False]
    assert [is_url(word) for word in ("https://x", "HTTP://x", "ftp://x", "x")] == [True, True, False, False]
    local = ["./x", "../x", "/x", "~/x", "file:x", ".", "C:\\x", "x.tgz", "x.whl"]
    other = ["x", "@a/b@1", "git+https://x/y.git", "https://x/y.tgz", "a/b"]
    assert ([word for word in local if not is_local(word)], [word for word in other if is_local(word)]) == ([], [])
