"""`readers.dotenv`: environment files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.agents.formats import Format
from spawngate.agents.readers.dotenv import read_dotenv, read_project_dotenv
from tests.agents.readers.seen import given_text, read, said, survive


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("KEY=value", "KEY", "value"),
        ("export KEY=value", "KEY", "value"),
        ("  KEY = a b ", "KEY", "a b"),
        ("KEY='a b'", "KEY", "a b"),
        ('KEY="a=b"', "KEY", "a=b"),
        ("KEY=`a`", "KEY", "a"),
        ("KEY='a\"", "KEY", "'a\""),
        ("KEY='", "KEY", "'"),
        ("KEY=", "KEY", ""),
        ("KEY=a # b", "KEY", "a # b"),
        ("a.b=1", "a.b", "1"),
        ("KEY=${OTHER}", "KEY", "${OTHER}"),
    ],
)
def test_line(line: str, name: str, value: str) -> None:
    document = given_text(f"# comment\n\n{line}\n", Format.TEXT)
    assert read(read_dotenv, document) == ([said("switch", f"env.{name}", value, "line 3")], [])


def test_bad_lines_keep_their_neighbours() -> None:
    document = given_text("nothing\nA=1\n1B=2\n=3\nexport\nC D=4\nE=5", Format.TEXT)
    assert read(read_dotenv, document) == (
        [said("switch", "env.A", "1", "line 2"), said("switch", "env.E", "5", "line 7")],
        [("unknown-shape", f"line {number} sets no variable") for number in (1, 3, 4, 5, 6)],
    )


def test_empty() -> None:
    assert read(read_dotenv, given_text("", Format.TEXT)) == ([], [])


@given(st.text(alphabet=st.sampled_from("A1_= '\"`#.\n\r\texport") | st.characters(codec="utf-8")))
def test_no_text_raises(text: str) -> None:
    survive(read_dotenv, given_text(text, Format.TEXT))


@given(st.binary(max_size=60))
def test_no_bytes_raise(data: bytes) -> None:
    document = given_text("", Format.TEXT)
    document.data = data
    survive(read_dotenv, document)


def test_of_a_projects_file_only_what_reaches_hooks_is_read() -> None:
    text = "TOKEN=abc\nLD_PRELOAD=./x.so\nodd line\nQWEN_CODE_SYSTEM_SETTINGS_PATH=/none\nPATH=\n"
    found = [
        said("switch", "env.LD_PRELOAD", "./x.so", "line 2"),
        said("switch", "env.QWEN_CODE_SYSTEM_SETTINGS_PATH", "/none", "line 4"),
    ]
    document = given_text(text, Format.TEXT, agent="qwen-code")
    assert read(read_project_dotenv, document) == ([{**item, "agent": "qwen-code"} for item in found], [])
    assert read(read_project_dotenv, given_text(text, Format.TEXT, agent="codex-cli")) == ([], [])
