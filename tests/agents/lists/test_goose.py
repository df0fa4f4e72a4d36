"""Goose's list is YAML that somebody serves."""

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from spawngate.agents.lists.allowed import AllowedServer
from spawngate.agents.lists.goose import HAS_PATH, LIST, NOBODY
from tests.agents.lists.servers import ALL, LEFT_OUT


def test_list() -> None:
    made = LIST.compile(ALL)
    assert yaml.safe_load(made.text) == {
        "extensions": [
            {"id": "files", "command": "npx -y @modelcontextprotocol/server-filesystem@2026.1.14 /w"},
        ]
    }
    assert made.left_out == (*LEFT_OUT, ("docs", "the list knows commands only"))


def test_a_list_without_entries_would_allow_everything() -> None:
    assert yaml.safe_load(LIST.compile(()).text) == {"extensions": [NOBODY]}


@pytest.mark.parametrize(
    ("words", "compared"),
    [
        (("npx", "-y", "files@1.0.0"), "npx -y files"),
        (("uvx", "thing@latest", "--mail", "ann@example.org"), "uvx thing --mail ann"),
        (("npx", "@scope/files@1.0.0"), "npx @scope/files@1.0.0"),
        (("uvx", " a  b ", "c"), "uvx a b c"),
    ],
)
def test_an_entry_is_written_as_goose_compares_it(words: tuple[str, ...], compared: str) -> None:
    made = LIST.compile((AllowedServer("x", words[0], words[1:]),))
    assert yaml.safe_load(made.text) == {"extensions": [{"id": "x", "command": compared}]}


def test_a_program_with_its_path_cannot_pass() -> None:
    launcher = AllowedServer("x", "/state/launcher/spawngate-launch", ("--id", "1", "--", "npx", "x"))
    made = LIST.compile((launcher, AllowedServer("y", "C:\\tools\\x.exe")))
    assert made.left_out == (("x", HAS_PATH), ("y", HAS_PATH))
    assert yaml.safe_load(made.text) == {"extensions": [NOBODY]}


@example("\x85", "a")
@example("\u2028\ufeff", "a")
@given(st.text(), st.from_regex(r"[a-z][a-z -]{0,20}", fullmatch=True))
def test_any_name_is_read_back(name: str, command: str) -> None:
    text = LIST.compile((AllowedServer(name, command),)).text
    assert yaml.safe_load(text) == {"extensions": [{"id": name, "command": " ".join(command.split())}]}
