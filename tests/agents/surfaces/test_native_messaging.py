"""Host manifests of browser extensions."""

import json

import pytest

from spawngate.agents.document import Document, parse
from spawngate.agents.formats import Format
from spawngate.agents.surfaces.native_messaging import Host
from spawngate.model.artifact import Scope, Status, Transport
from spawngate.model.json import Json


def document(content: Json) -> Document:
    return Document("/h.json", "native-messaging", Scope.USER, Format.JSON, json.dumps(content).encode(), "d")


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        ({"name": "com.anthropic.claude_browser_extension", "path": "/x"}, "known id: Claude Desktop"),
        ({"name": "com.acme.bridge", "description": "Bridge for MCP", "path": "/x"}, "word: mcp"),
        (
            {
                "name": "a",
                "path": "/x",
                "allowed_origins": ["chrome-extension://bjfgambnhccakkhmkepdoekmckoijdlc/", None],
            },
            "known extension: Browser MCP",
        ),
        ({"name": "a", "path": "/x", "allowed_extensions": ["ollama@example.org"]}, "word: ollama"),
        ({"name": "org.keepassxc", "path": "/home/claude/keepassxc", "allowed_origins": "x"}, None),
        ({"path": "/x", "description": "Claude"}, None),
        ({}, None),
    ],
)
def test_what_counts_as_ai(manifest: Json, expected: str | None) -> None:
    found = parse(document(manifest), Host("chrome")).observed
    assert [item.detail["ai_reason"] for item in found] == ([] if expected is None else [expected])


def test_the_program_is_the_launch() -> None:
    result = parse(document({"name": "mcp", "path": "/opt/x", "type": "stdio"}), Host("edge"))
    (host,) = result.observed
    assert host.launch is not None
    assert (host.launch.transport, host.launch.command, host.status) == (Transport.STDIO, "/opt/x", Status.INSTALLED)


def test_without_a_program_it_is_unreadable() -> None:
    result = parse(document({"name": "mcp"}), Host("edge"))
    assert [(item.status, item.launch) for item in result.observed] == [(Status.UNREADABLE, None)]
    assert [note.reason for note in result.diagnostics] == ["unknown-shape"]
