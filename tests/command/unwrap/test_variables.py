"""Variables whose value is a command."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.command import parse
from spawngate.command.spawn import Word
from spawngate.command.unwrap.inner import Inner
from spawngate.command.unwrap.starts import assigned
from spawngate.command.unwrap.variables import LINES, started
from tests.command.unwrap.shown import show_inner, words_of


def shown(line: str) -> list[str]:
    """What the assignments in front of a command start."""
    assignments, argv = assigned(words_of(line))
    return [show_inner(inner) for inner in started(argv, assignments)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("GIT_SSH_COMMAND='rm x' git fetch", ["$ rm x"]),
        ("GIT_SSH_COMMAND='rm x' ls", []),
        ("GIT_PAGER='rm x' /usr/bin/git log", ["$ rm x"]),
        ("PAGER='rm x' man ls", ["$ rm x"]),
        ("PAGER='rm x' ls", []),
        ("EDITOR='rm x' crontab -e", ["$ rm x"]),
        ("VISUAL='rm x' EDITOR='rm y' git commit", ["$ rm x", "$ rm y"]),
        ("GIT_SEQUENCE_EDITOR='rm x' git rebase -i HEAD~1", ["$ rm x"]),
        ("LESSOPEN='|rm x %s' less f", ["$ rm x %s"]),
        ("LESSOPEN='||-rm x %s' less f", ["$ rm x %s"]),
        ("LESS='-R +!rm x' less f", ["$ rm x"]),
        ("RSYNC_RSH='rm x' rsync a h:b", ["$ rm x"]),
        ("BROWSER='rm x' xdg-open u", ["$ rm x"]),
        ("TAR_OPTIONS=\"--checkpoint=1 --checkpoint-action=exec='rm x'\" tar cf a b", ["$ rm x | repeated"]),
        ("MAKEFLAGS=\"--eval='$(shell rm x)'\" make", ["$ rm x"]),
        ("GOFLAGS=-toolexec=./rm go build", ["$ ./rm | appended"]),
        ("PERL5OPT='-MPOSIX;system(\"rm\")' perl x.pl", ["$ rm"]),
        ("PERL5DB='BEGIN{system(\"rm x\")}' perl -d x.pl", ["$ rm x"]),
        ("""NODE_OPTIONS="--import='data:text/javascript,execSync(\\"rm%20x\\")'" node x.js""", ["$ rm x"]),
        ("PROMPT_COMMAND='rm x' bash -i", ["$ rm x"]),
        ("PS4='$(rm x)' bash -x f", ['$ : "$(rm x)"']),
        ("PS1='$ ' bash -i", []),
        ("npm_config_call='rm x' npx", ["$ rm x"]),
        ("RUSTC_WRAPPER=./rm cargo build", ["$ ./rm"]),
        ("CARGO_TARGET_X_RUNNER=./rm cargo run", ["$ ./rm | appended"]),
        ("GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=alias.y GIT_CONFIG_VALUE_0='!rm x' git y", ["$ rm x | via=alias"]),
        ("GIT_CONFIG_KEY_0=core.pager git y", []),
        ("GIT_CONFIG_PARAMETERS=\"'core.pager=rm x'\" git log", ["$ rm x"]),
        ("GIT_PAGER= git log", []),
        ("A=1 git log", []),
        ("A=1", []),
    ],
)  # fmt: skip
def test_started(line: str, expected: list[str]) -> None:
    assert shown(line) == expected


def test_what_is_not_known() -> None:
    assert started((Word("git"),), (("GIT_PAGER", Word("$X", opaque=True)),)) == (Inner(text="$X", opaque=("code",)),)
    assert started((Word("git", opaque=True),), (("GIT_PAGER", Word("rm")),)) == ()


@given(
    st.sampled_from(("git", "less", "make", "tar", "go", "perl", "node", "bash", "man", "npx")),
    st.lists(
        st.tuples(
            st.sampled_from(
                (*LINES, "TAR_OPTIONS", "MAKEFLAGS", "LESS", "PS4", "GOFLAGS", "PERL5OPT", "NODE_OPTIONS", "PERL5DB")
            )
            | st.from_regex(r"GIT_CONFIG_(KEY|VALUE)_[01]", fullmatch=True),
            st.text(max_size=30) | st.sampled_from(("alias.x", "!rm", "--eval=x", "'", "-e", "core.pager")),
        ),
        max_size=4,
    ),
)
def test_any_value_is_read(name: str, pairs: list[tuple[str, str]]) -> None:
    assignments = tuple((variable, Word(value)) for variable, value in pairs)
    found = started((Word(name), Word("x")), assignments)
    assert started((Word(name), Word("x")), assignments) == found
    assert all(inner.words or inner.text for inner in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("GIT_SSH_COMMAND='rm x' git fetch", [("git", "fetch"), ("rm", "x")]),
        ("export PAGER='rm x'; man ls", [("export", "PAGER=rm x"), ("man", "ls"), ("rm", "x")]),
        ("env GIT_PAGER='rm x' git -p log", [("git", "-p", "log"), ("rm", "x")]),
        ("export GIT_PAGER='git log'; git log", [("export", "GIT_PAGER=git log"), ("git", "log"), ("git", "log")]),
        ("GIT_PAGER='rm x' ls", [("ls",)]),
    ],
)
def test_a_walker_follows_them(text: str, expected: list[tuple[str, ...]]) -> None:
    assert [tuple(word.text for word in spawn.argv) for spawn in parse.read(text).spawns] == expected
