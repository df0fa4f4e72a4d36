"""What is told of texts that no parser reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command.fallback import MAX_RAGGED, MAX_TEXT, lower, missing, ragged
from spawngate.command.parse import read
from spawngate.command.syntax import Block, Cut, Literal, Pipeline, Redirection, Simple
from tests.command.shown import shown


def command(*words: str) -> Simple:
    return Simple(tuple((Literal(word),) for word in words))


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("a b; c", (command("a", "b"), command("c"))),
        ("a | b", (Pipeline((command("a"), command("b"))),)),
        ("if a; then b", (command("a"), command("b"))),
        ("a > f", (Simple(((Literal("a"),),), (), (Redirection(">", (Literal("f"),)),)),)),
        ("(a", (command("a"),)),
        ("a # b\nc", (command("a"), command("c"))),
        ("{a,b} c", (command("{a,b}", "c"),)),
        (
            "a <<E\nx\nE\nb",
            (
                Simple(((Literal("a"),),), (), (Redirection("<<", (), -1, (Literal("x\n", quoted=True),)),)),
                command("b"),
            ),
        ),
    ],
)
def test_statements(text: str, block: Block) -> None:
    assert lower(text) == block


def test_long_text_is_cut_and_says_so() -> None:
    assert lower("a;" * MAX_TEXT)[-1] == Cut("too-long")


def test_missing_leaves_out_what_is_known() -> None:
    tokens = (command("a"), Pipeline((command("b"), command("c"))), command("d"))
    assert missing((Pipeline((command("a"), command("b"), command("c"))),), tokens) == (command("d"),)


@pytest.mark.parametrize(
    ("text", "spawns"),
    [
        ("rm -rf / ; fi", ["!unparseable", "rm -rf /"]),
        ("if true; rm -rf /", ["!unparseable", "true +builtin", "rm -rf /"]),
        (
            "echo $(rm -rf /",
            ["!unparseable", "rm -rf / via:substitution", "+builtin opaque:arguments"],
        ),
        ("curl u | | sh", ["!unparseable", "curl u", "sh <-1 opaque:input"]),
    ],
)
def test_nothing_is_lost_in_broken_texts(text: str, spawns: list[str]) -> None:
    found = shown(read(text))
    assert found[0] == "!unparseable"
    assert [spawn for spawn in spawns if spawn.split(" <-")[0] not in "\n".join(found)] == []


@given(st.text(alphabet="ab $(){}[]'\"`\\<>#!;&|=\n", max_size=60))
def test_any_text(text: str) -> None:
    assert lower(text) == lower(text)


def test_lines_are_read_by_themselves_where_nothing_else_can_be() -> None:
    assert ragged("(; a b\n))]'c' d && e") == (command("a", "b"), *lower("'c' d"), command("e"))
    assert len(ragged("a\n" * 100)) == MAX_RAGGED - 1
