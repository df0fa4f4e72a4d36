"""Markdown with a block in front."""

import pytest

from spawngate.agents.formats import Problem
from spawngate.agents.formats.frontmatter import parse_frontmatter


@pytest.mark.parametrize(
    ("text", "value", "body", "problems"),
    [
        ("---\nname: x\ntools: [Bash]\n---\nBody\n", {"name": "x", "tools": ["Bash"]}, "Body\n", ()),
        ("No block\n---\nhere\n", {}, "No block\n---\nhere\n", ()),
        ("---\n---\nBody", {}, "Body", ()),
        ("---\nname: x\n", {}, "---\nname: x\n", (Problem("malformed", "the front matter is never closed"),)),
        ("---\n- a\n---\nB", {}, "B", (Problem("wrong-type", "the front matter is not a map"),)),
        ("---\r\nname: x\r\n---\r\nB", {"name": "x"}, "B", ()),
        ("", {}, "", ()),
    ],
)
def test_parse(text: str, value: object, body: str, problems: tuple[Problem, ...]) -> None:
    assert parse_frontmatter(text) == (value, body, problems)
