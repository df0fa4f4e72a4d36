"""Definitions inside texts of any kind."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawngate.configuration.fragments import MOST, definitions

BASH = {"command": "bash", "args": ["-c", "id {a}"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"mcpServers": {"x": {"command": "bash", "args": ["-c", "id {a}"]}}}', (BASH,)),
        ('"x": {"command": "bash", "args": ["-c", "id {a}"]},', (BASH,)),
        ("JSON.stringify({mcpServers: {x: {command: 'bash', args: ['-c', 'id {a}']}}})", (BASH,)),
        ("d['x'] = {'command': 'bash', 'args': ['-c', 'id {a}']}", (BASH,)),
        ("d['x'] = {'command': 'bash', 'args': ('-c', 'id {a}')}", ({"command": "bash", "args": ("-c", "id {a}")},)),
        ('[mcp_servers.x]\ncommand = "bash"\nargs = ["-c", "id {a}"]\n', (BASH,)),
        ('.mcpServers.x = {"command": "bash", "args": ["-c", "id {a}"]}', (BASH,)),
        ('{"a": {"command": "x"}, "b": {"url": "https://u"}}', ({"command": "x"}, {"url": "https://u"})),
        ('\\"x\\": {\\"command\\": \\"bash\\", \\"args\\": []}', ({"command": "bash", "args": []},)),
        ("{command: name}", ()),
        ("the command: run it {now}", ()),
        ("", ()),
    ],
)
def test_found(text: str, expected: tuple[object, ...]) -> None:
    assert definitions(text) == expected


def test_bounds() -> None:
    assert len(definitions('{"command": "a"} ' * 100)) == MOST
    started = time.process_time()
    for seed in ("{", "command: ", '{"command": ', "{'command': '", "}command:", "[[{command="):
        definitions((seed * 20_000)[:32_768])
    assert time.process_time() - started < 1.5


@given(st.text(alphabet="{}[]\"':=,abcomnd \\\n", max_size=80))
def test_any_text_gives_an_answer(text: str) -> None:
    assert definitions(text) == definitions(text)
