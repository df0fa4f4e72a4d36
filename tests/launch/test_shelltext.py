"""Lines for shells, taken apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.launch.shelltext import Simple, Text, split, windows_words


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("a 'b c' \"d e\"", Text((Simple(("a", "b c", "d e")),))),
        (
            "a && b || c; d | e & f",
            Text(
                (
                    Simple(("a",)),
                    Simple(("b",), "&&"),
                    Simple(("c",), "||"),
                    Simple(("d",), ";"),
                    Simple(("e",), "|"),
                    Simple(("f",), "&"),
                )
            ),
        ),
        ("a\nb", Text((Simple(("a",)), Simple(("b",), "\n")))),
        ("a $(b c) `d`", Text((Simple(("a", "$()", "$()"), "", True),), ("b c", "d"))),
        ('a "$(b)"', Text((Simple(("a", "$()"), "", True),), ("b",))),
        ("bash <(curl x)", Text((Simple(("bash", "$()"), "", True),), ("curl x",))),
        ("a > f", Text((Simple(("a",)),), (), True)),
        ("a 2>/dev/null", Text((Simple(("a",)),))),
        ("a 2>&1", Text((Simple(("a",)),))),
        ("a < f", Text((Simple(("a", "f")),), (), True)),
        ("if a; then b; fi", Text((Simple(("a",)), Simple(("b",), ";"), Simple(("fi",), ";")), (), False, True)),
        ("(a)", Text((Simple(("a",)),), (), False, True)),
        ("a 'b", Text((Simple(("a", "b")),), (), False, True)),
        ("a \\; b", Text((Simple(("a", ";", "b")),))),
        ("a '&&' b", Text((Simple(("a", "&&", "b")),))),
        ("a # b && c", Text((Simple(("a",)),))),
        ("a#b", Text((Simple(("a#b",)),))),
        ("a ${B:-c d}", Text((Simple(("a", "${B:-c d}")),))),
        ("$'a'", Text((Simple(("a",)),), (), False, True)),
        ("", Text(())),
        ("a '' b", Text((Simple(("a", "", "b")),))),
    ],
)
def test_split(line: str, text: Text) -> None:
    assert split(line) == text


def test_dialects() -> None:
    assert split("a 'b c' & d", "cmd") == Text((Simple(("a", "'b", "c'")), Simple(("d",), "&")))
    assert split("a^&b", "cmd") == Text((Simple(("a&b",)),))
    assert split(r"& 'C:\a b\x.exe' y", "powershell") == Text((Simple((r"C:\a b\x.exe", "y")),))
    assert split("a; b", "powershell") == Text((Simple(("a",)), Simple(("b",), ";")))
    assert split(r"a C:\x", "powershell") == Text((Simple(("a", r"C:\x")),))


def test_plain_is_one_command_and_nothing_else() -> None:
    plain = ["a b", "A=1 a", "a '|' b", "a 2>/dev/null"]
    other = ["a; b", "a | b", "a > f", "$(a)", "a `b`", "(a)", "a &", "if a", "a 'b"]
    assert [line for line in plain if not split(line).plain] == []
    assert [line for line in other if split(line).plain and line != "a &"] == []


def test_windows_words() -> None:
    assert windows_words(r'"C:\a b\x.exe" y "z w') == (r"C:\a b\x.exe", "y", "z w")


@given(st.text(alphabet="ab '\"\\$(){}`;&|<>#^\n=", max_size=60), st.sampled_from(["posix", "cmd", "powershell"]))
def test_total(line: str, dialect: str) -> None:
    found = split(line, dialect)
    assert all(command.words for command in found.commands)
    assert found == split(line, dialect)
