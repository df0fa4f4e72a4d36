"""MCP servers that a shell starts."""

import pytest

from spawngate.command.servers import definition_of
from spawngate.launch.definition import Definition
from tests.command.told import facts


@pytest.mark.parametrize(
    ("command", "server"),
    [
        ("npx -y @modelcontextprotocol/server-filesystem /", "@modelcontextprotocol/server-filesystem"),
        ("npx acme-mcp@1.0.0", "acme-mcp"),
        ("uvx mcp-server-fetch", "mcp-server-fetch"),
        ("python3 -m mcp_server_git", "mcp_server_git"),
        ("mcp-server-time", "mcp-server-time"),
        ("sudo docker run -i mcp/github", "mcp/github"),
    ],
)
def test_servers(command: str, server: str) -> None:
    assert server in [found.server for found in facts(command)]


@pytest.mark.parametrize(
    "command",
    ["npx eslint .", "uvx ruff check", "npx @modelcontextprotocol/inspector", "pip install mcp", "cat mcp.json"],
)
def test_others_are_none(command: str) -> None:
    assert [found.server for found in facts(command) if found.server] == []


def test_a_tool_that_starts_them() -> None:
    assert "mcp-tool" in facts("npx -y @modelcontextprotocol/inspector npx -y x-mcp")[0].acts
    assert "mcp-tool" not in facts("npx -y @modelcontextprotocol/inspector")[0].acts


def test_the_definition_that_an_agent_would_hold() -> None:
    assert definition_of("npx", ("-y", "x-mcp"), "linux") == Definition(
        command="npx", args=("-y", "x-mcp"), env={}, platform="linux"
    )
