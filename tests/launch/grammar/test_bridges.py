"""Bridges to an address or another command: every fact of each line."""

import pytest

from tests.launch.told import told

CASES: list[tuple[str, dict[str, object]]] = [
    (
        "mcp-remote https://mcp.example.com/mcp",
        {
            "launcher": "mcp-remote",
            "server_args": ("https://mcp.example.com/mcp",),
            "url": "https://mcp.example.com/mcp",
            "scheme": "https",
            "host": "mcp.example.com",
            "bridge": "mcp-remote",
        },
    ),
    (
        "mcp-remote http://203.0.113.5/mcp",
        {
            "launcher": "mcp-remote",
            "server_args": ("http://203.0.113.5/mcp",),
            "url": "http://203.0.113.5/mcp",
            "scheme": "http",
            "host": "203.0.113.5",
            "plain_http": True,
            "raw_ip": True,
            "bridge": "mcp-remote",
        },
    ),
    (
        "mcp-remote http://localhost:3000/mcp",
        {
            "launcher": "mcp-remote",
            "server_args": ("http://localhost:3000/mcp",),
            "url": "http://localhost:3000/mcp",
            "scheme": "http",
            "host": "localhost",
            "loopback": True,
            "bridge": "mcp-remote",
        },
    ),
    (
        "npx mcp-remote https://abc.ngrok-free.app/mcp",
        {
            "launcher": "npx",
            "server_args": ("https://abc.ngrok-free.app/mcp",),
            "package": "pkg:npm/mcp-remote",
            "pin": "unversioned",
            "source": "registry",
            "searches_cwd": True,
            "url": "https://abc.ngrok-free.app/mcp",
            "scheme": "https",
            "host": "abc.ngrok-free.app",
            "tunnel": True,
            "bridge": "mcp-remote",
        },
    ),
    (
        "npx mcp-remote https://xn--gthub-n4a.com/mcp",
        {
            "launcher": "npx",
            "server_args": ("https://xn--gthub-n4a.com/mcp",),
            "package": "pkg:npm/mcp-remote",
            "pin": "unversioned",
            "source": "registry",
            "lookalike_of": "github.com",
            "searches_cwd": True,
            "url": "https://xn--gthub-n4a.com/mcp",
            "scheme": "https",
            "host": "xn--gthub-n4a.com",
            "bridge": "mcp-remote",
        },
    ),
    (
        "supergateway --stdio 'uvx mcp-server-git' --port 8000",
        {
            "launcher": "supergateway",
            "server_args": ("--stdio", "uvx mcp-server-git", "--port", "8000"),
            "shell": True,
            "shell_plain": True,
            "package": "pkg:pypi/mcp-server-git",
            "pin": "unversioned",
            "source": "registry",
            "bridge": "supergateway",
        },
    ),
    (
        "supergateway --stdio 'sh -c \"echo canary\"'",
        {
            "wrappers": ("sh",),
            "launcher": "supergateway",
            "server_args": ("--stdio", 'sh -c "echo canary"'),
            "shell": True,
            "bridge": "supergateway",
            "utility": True,
        },
    ),
    (
        "mcp-proxy https://mcp.example.com/sse",
        {
            "launcher": "mcp-proxy",
            "server_args": ("https://mcp.example.com/sse",),
            "url": "https://mcp.example.com/sse",
            "scheme": "https",
            "host": "mcp.example.com",
            "bridge": "mcp-proxy",
        },
    ),
    (
        "mcp-proxy --headers A b https://mcp.example.com/sse",
        {
            "launcher": "mcp-proxy",
            "server_args": ("--headers", "A", "b", "https://mcp.example.com/sse"),
            "url": "https://mcp.example.com/sse",
            "scheme": "https",
            "host": "mcp.example.com",
            "bridge": "mcp-proxy",
        },
    ),
    (
        "mcp-proxy --port 1 npx -y @example/s@1.0.0",
        {
            "launcher": "mcp-proxy",
            "server_args": ("--port", "1", "npx", "-y", "@example/s@1.0.0"),
            "package": "pkg:npm/%40example/s@1.0.0",
            "pin": "exact",
            "source": "registry",
            "searches_cwd": True,
            "bridge": "mcp-proxy",
        },
    ),
    (
        "mcp-proxy --named-server a 'sh -c \"echo canary\"'",
        {
            "wrappers": ("sh",),
            "launcher": "mcp-proxy",
            "server_args": ("--named-server", "a", 'sh -c "echo canary"'),
            "shell": True,
            "bridge": "mcp-proxy",
            "utility": True,
        },
    ),
    (
        "npx mcp-proxy --shell echo canary",
        {
            "launcher": "npx",
            "server_args": ("--shell", "echo", "canary"),
            "shell": True,
            "package": "pkg:npm/mcp-proxy",
            "pin": "unversioned",
            "source": "registry",
            "searches_cwd": True,
            "bridge": "mcp-proxy",
            "utility": True,
        },
    ),
    (
        "npx @modelcontextprotocol/inspector --cli node -e 1",
        {
            "launcher": "npx",
            "server_args": ("--cli", "node", "-e", "1"),
            "inline_code": True,
            "inline_language": "javascript",
            "package": "pkg:npm/%40modelcontextprotocol/inspector",
            "pin": "unversioned",
            "source": "registry",
            "searches_cwd": True,
            "bridge": "inspector",
        },
    ),
    (
        "npx @modelcontextprotocol/inspector https://mcp.example.com/mcp",
        {
            "launcher": "npx",
            "server_args": ("https://mcp.example.com/mcp",),
            "package": "pkg:npm/%40modelcontextprotocol/inspector",
            "pin": "unversioned",
            "source": "registry",
            "searches_cwd": True,
            "url": "https://mcp.example.com/mcp",
            "scheme": "https",
            "host": "mcp.example.com",
            "bridge": "inspector",
        },
    ),
    (
        "uvx mcpo --port 1 -- uvx mcp-server-time",
        {
            "launcher": "uvx",
            "server_args": ("--port", "1", "--", "uvx", "mcp-server-time"),
            "package": "pkg:pypi/mcpo",
            "pin": "unversioned",
            "source": "registry",
            "extra_packages": ("pkg:pypi/mcp-server-time",),
            "bridge": "mcpo",
        },
    ),
    (
        "uvx mcpo -- sh -c 'echo canary'",
        {
            "wrappers": ("sh",),
            "launcher": "uvx",
            "server_args": ("--", "sh", "-c", "echo canary"),
            "shell": True,
            "package": "pkg:pypi/mcpo",
            "pin": "unversioned",
            "source": "registry",
            "bridge": "mcpo",
            "utility": True,
        },
    ),
]


@pytest.mark.parametrize(("line", "facts"), CASES, ids=[line for line, _ in CASES])
def test_facts(line: str, facts: dict[str, object]) -> None:
    assert told(line) == facts
