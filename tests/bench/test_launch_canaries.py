"""The launches that are tried with canaries: where they come from, and that stubs stand for all their programs."""

import pytest
from bench.launch_canaries import Case, corpus, flat, programs


@pytest.mark.parametrize(
    ("definition", "entry"),
    [
        ({"command": "sh", "args": "-c 'echo x'"}, {"command": "sh", "args": ["-c", "echo x"]}),
        ({"mcpServers": {"x": {"command": ["sh", "-c", "id"]}}}, {"command": "sh", "args": ["-c", "id"]}),
        ({"_before": {"command": "npx"}, "_after": {"command": "sh"}}, {"command": "sh", "args": []}),
        (
            {"command": "npx", "env": {"A": "1"}, "cwd": "./x", "url": "https://mcp.example.com"},
            {"command": "npx", "args": [], "env": {"A": "1"}, "cwd": "./x"},
        ),
        ({"url": "https://mcp.example.com/mcp"}, None),
        ({"command": "a\0b"}, None),
    ],
)
def test_a_definition_becomes_an_entry(definition: dict[str, object], entry: dict[str, object] | None) -> None:
    assert flat(definition) == entry


def test_every_labelled_launch_that_starts_a_process_is_tried_once() -> None:
    names = [case.name for case in corpus()]
    assert len(names) == len(set(names))
    assert {"A01", "J01", "J11", "J16", "Z01", "posix-shell-000", "environment-linker-000"} <= set(names)
    assert "Z11" not in names


def test_programs_are_named_wherever_they_stand() -> None:
    case = Case(
        "x", "deny", {"command": "env", "args": ["A=1", "./x.sh", "sh -c 'curl u; id'", "-v"], "env": {"B": "/tmp/y"}}
    )
    assert set(programs([case])) == {"env", "./x.sh", "sh", "curl", "u", "id", "/tmp/y"}
