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
        ("uv run mcp-server-fetch", "mcp-server-fetch"),
        ("codex mcp-server", "codex mcp-server"),
        ("php artisan mcp:start demo", "artisan mcp:start"),
        ("docker mcp gateway run", "docker mcp"),
        ("node ~/mcp-servers/notes/index.js", "index.js"),
        ("python /opt/mcp/notes/main.py --stdio", "main.py"),
        ("npx -y tsx /tmp/mcp-server.ts", "/tmp/mcp-server.ts"),
        ("npx -y ./evil-mcp", "./evil-mcp"),
        ("uv --directory ~/mcp-servers/notes run server.py", "~/mcp-servers/notes"),
        ("go run ~/mcp-notes", "~/mcp-notes"),
        ("mcp-notes --stdio", "mcp-notes"),
        ("kubectl run x --image=mcp/filesystem", "mcp/filesystem"),
        ("node -e \"require('@modelcontextprotocol/server-filesystem')\"", "inline"),
        ("python3 -c 'from fastmcp import FastMCP; FastMCP(1).run()'", "inline"),
        ("npx -y notesmcp", "notesmcp"),
        ("docker run -i --rm node:20 npx -y helper-tools-mcp", "helper-tools-mcp"),
        ("docker exec -i box npx -y helper-tools-mcp", "helper-tools-mcp"),
        ("pnpm exec helper-tools-mcp", "helper-tools-mcp"),
        ("npx -y @angular/cli mcp", "@angular/cli"),
        ("npx eslint --mcp", "eslint"),
        ("supabase mcp", "supabase mcp"),
        ("py -m mcp_server_notes", "mcp_server_notes"),
        ("java -jar /tmp/mcp-server.jar", "mcp-server.jar"),
        ("nix run nixpkgs#mcp-server-git", "nixpkgs#mcp-server-git"),
        ("npx -y firebase-tools@latest mcp", "firebase-tools"),
        (
            "node node_modules/@modelcontextprotocol/server-memory/dist/index.js",
            "@modelcontextprotocol/server-memory/dist/index.js",
        ),
    ],
)
def test_servers(command: str, server: str) -> None:
    assert server in [found.server for found in facts(command)]


@pytest.mark.parametrize(
    "command",
    [
        "npx create-mcp-ts-app",
        "mcp-publisher init",
        "mcp-scan",
        "node ~/mcp-servers/notes/scripts/build.js",
        "python ~/scripts/backup.py",
        "bun run src/mcp.ts",
        "go run ./cmd/mcp-notes",
        "python -c 'import mcp; print(mcp.__version__)'",
        "uvx mcp-scan",
        "npx vitest run mcp",
        "node dist/mcp-server.js",
        "docker build -t x-mcp .",
        "npx eslint .",
        "uvx ruff check",
        "npx @modelcontextprotocol/inspector",
        "pip install mcp",
        "cat mcp.json",
    ],
)
def test_others_are_none(command: str) -> None:
    assert [found.server for found in facts(command) if found.server] == []


@pytest.mark.parametrize(
    ("command", "server"),
    [
        ('echo \'{"jsonrpc":"2.0","method":"initialize"}\' | ./server', True),
        ('node server.js <<< \'{"jsonrpc":"2.0","method":"tools/call"}\'', True),
        ('echo \'{"jsonrpc":"2.0","method":"tools/list"}\' | jq .', False),
        ('echo \'{"method":"initialize"}\' | ./server', False),
        ("grep -rn jsonrpc src | ./count", False),
    ],
)
def test_a_server_by_what_it_is_told(command: str, server: bool) -> None:
    assert ("mcp-server" in facts(command)[-1].acts) is server


def test_a_tool_that_starts_them() -> None:
    assert "mcp-tool" in facts("npx -y @modelcontextprotocol/inspector npx -y x-mcp")[0].acts
    assert "mcp-tool" not in facts("npx -y @modelcontextprotocol/inspector")[0].acts


@pytest.mark.parametrize(
    ("command", "tool"),
    [
        ("mcp run server.py", True),
        ("mcp version", False),
        ("mcp tools npx -y x-mcp", True),
        ("mcp tools", False),
        ("fastmcp install cursor server.py", True),
        ("fastmcp inspect server.py", False),
        ("docker mcp server enable postgres", True),
        ("docker mcp server list", False),
        ("thv run fetch", True),
        ("thv list", False),
        ("npx @smithery/cli install x --client claude", True),
        ("npx @smithery/cli search x", False),
        ("npx mcporter call a.b", True),
        ("npx mcporter list", False),
        ("DANGEROUSLY_OMIT_AUTH=true npx @modelcontextprotocol/inspector", True),
    ],
)
def test_tools_that_start_or_add_servers(command: str, tool: bool) -> None:
    assert ("mcp-tool" in facts(command)[0].acts) is tool


@pytest.mark.parametrize(
    ("command", "adds"),
    [
        ("npx skills add x/y", True),
        ("npx skills list", False),
        ("npx -y add-skill x/y", True),
        ("npx claude-code-templates@latest --mcp x", True),
        ("bunx openskills install x/y", True),
        ("npm test", False),
    ],
)
def test_packages_that_extend_agents(command: str, adds: bool) -> None:
    assert ("agent-plugin" in facts(command)[0].acts) is adds


def test_the_definition_that_an_agent_would_hold() -> None:
    assert definition_of("npx", ("-y", "x-mcp"), "linux") == Definition(
        command="npx", args=("-y", "x-mcp"), env={}, platform="linux"
    )
