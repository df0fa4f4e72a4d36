"""A synthetic snapshot that looks like a busy developer's laptop: all nine kinds, eight agents; and a hostile one.

Shared by the tests of every output. Nothing here is read from a real machine.
"""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from spawngate.model.artifact import Artifact, Kind, Launch, Scope, Status, Transport
from spawngate.model.json import Json
from spawngate.model.observed import Diagnostic
from spawngate.model.snapshot import Change, Difference, Snapshot

HOME = "/home/ana"

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=1>',
    "\x1b[31mred\x1b[0m\x07",
    "\u202egnp.exe",
    "[bold red]markup[/]",
    '=HYPERLINK("http://evil.test")',
    "{{ 7*7 }}",
    "zero\u200bwidth\u2028line",
    "\x9b2Jclear",
    "javascript:alert(1)",
)
"""Names that attack the place where they are shown."""


def artifact(
    kind: Kind,
    name: str,
    *,
    agent: str = "",
    scope: Scope = Scope.USER,
    path: str = f"{HOME}/.config/file.json",
    status: Status = Status.ENABLED,
    detail: Mapping[str, Json] | None = None,
    launch: Launch | None = None,
) -> Artifact:
    """An artifact whose id and fingerprint follow from its parts, as real ones do."""
    return Artifact(
        kind=kind,
        id=sha256(f"{kind}{agent}{scope}{path}{name}".encode("utf-8", "replace")).hexdigest()[:24],
        fingerprint=sha256(f"{kind}{name}{launch}".encode("utf-8", "replace")).hexdigest()[:32],
        agent=agent,
        scope=scope,
        name=name,
        path=path,
        status=status,
        detail=detail or {},
        launch=launch,
    )


def stdio(
    *argv: str, package: str | None = None, env: Mapping[str, str] | None = None, cwd: str | None = None
) -> Launch:
    """A launch of a local command."""
    return Launch(
        transport=Transport.STDIO,
        command=argv[0],
        args=argv[1:],
        env_names=tuple(sorted(env or {})),
        env=env or {},
        cwd=cwd,
        package=package,
    )


def remote(url: str, *headers: str, transport: Transport = Transport.HTTP) -> Launch:
    """A launch that is an address."""
    return Launch(transport=transport, url=url, header_names=headers)


def _server(
    name: str,
    launch: Launch,
    agent: str,
    path: str,
    *,
    scope: Scope = Scope.USER,
    status: Status = Status.ENABLED,
    state: str = "",
    detail: Mapping[str, Json] | None = None,
) -> Artifact:
    details: dict[str, Json] = {"pointer": f"mcpServers.{name}", **(detail or {})}
    if state:
        pids: list[Json] = [4100 + len(name)] if state != "not_seen" else []
        details["running"] = {"state": state, "pids": pids}
        if pids:
            details["running"] = {"state": state, "pids": pids, "since": "2026-11-20T07:12:44Z"}
    return artifact(
        Kind.MCP_SERVER, name, agent=agent, scope=scope, path=path, status=status, detail=details, launch=launch
    )


CLAUDE = f"{HOME}/.claude.json"
CURSOR = f"{HOME}/.cursor/mcp.json"
CODEX = f"{HOME}/.codex/config.toml"
VSCODE = f"{HOME}/.config/Code/User/mcp.json"
DESKTOP = f"{HOME}/.config/Claude/claude_desktop_config.json"
SHOP = f"{HOME}/src/shop"

GITHUB = _server(
    "github",
    stdio(
        "npx",
        "-y",
        "@modelcontextprotocol/server-github@2025.4.8",
        package="pkg:npm/%40modelcontextprotocol/server-github@2025.4.8",
        env={"GITHUB_PERSONAL_ACCESS_TOKEN": "[secret:github-token:9f2c41aa]"},
    ),
    "claude-code",
    CLAUDE,
    state="running",
)
FILESYSTEM = _server(
    "filesystem",
    stdio(
        "npx",
        "-y",
        "@modelcontextprotocol/server-filesystem",
        f"{HOME}/src",
        f"{HOME}/Documents/contracts/2026",
        "/srv/data/exports",
        package="pkg:npm/%40modelcontextprotocol/server-filesystem",
    ),
    "claude-code",
    CLAUDE,
    state="running",
)

SERVERS = (
    GITHUB,
    FILESYSTEM,
    _server(
        "postgres",
        stdio(
            "uvx",
            "--from",
            "postgres-mcp==0.3.0",
            "postgres-mcp",
            "--access-mode=restricted",
            "[secret:database-url:5d0e77b1]",
            package="pkg:pypi/postgres-mcp@0.3.0",
            env={"PGSSLMODE": "require"},
        ),
        "claude-code",
        f"{SHOP}/.mcp.json",
        scope=Scope.PROJECT,
        status=Status.PENDING,
        state="not_seen",
        detail={"project": SHOP},
    ),
    _server(
        "sentry",
        remote("https://mcp.sentry.dev/mcp", "Authorization"),
        "claude-code",
        f"{SHOP}/.mcp.json",
        scope=Scope.PROJECT,
        status=Status.APPROVED,
        detail={"project": SHOP},
    ),
    _server(
        "linear",
        remote("https://mcp.linear.app/sse", transport=Transport.SSE),
        "claude-code",
        CLAUDE,
        status=Status.DISABLED,
    ),
    _server(
        "browser",
        stdio(
            f"{HOME}/.nvm/versions/node/v22.11.0/bin/node",
            f"{HOME}/.claude/plugins/cache/acme/browser-kit/1.4.0/dist/server.js",
            "--headless",
            "--viewport-size",
            "1280,800",
            "--proxy-server",
            "http://127.0.0.1:8080",
        ),
        "claude-code",
        f"{HOME}/.claude/plugins/cache/acme/browser-kit/1.4.0/.mcp.json",
        scope=Scope.PLUGIN,
        state="running",
    ),
    _server(
        "notion",
        stdio(
            "npx",
            "-y",
            "mcp-remote",
            "https://mcp.notion.com/mcp",
            "--header",
            "Authorization: Bearer ${NOTION_TOKEN}",
            package="pkg:npm/mcp-remote",
            env={"NOTION_TOKEN": "${NOTION_TOKEN}"},
        ),
        "claude-desktop",
        DESKTOP,
        state="not_seen",
    ),
    _server(
        "github",
        stdio(
            "docker",
            "run",
            "-i",
            "--rm",
            "-e",
            "GITHUB_PERSONAL_ACCESS_TOKEN",
            "-v",
            "/var/run/docker.sock:/var/run/docker.sock",
            "ghcr.io/github/github-mcp-server:v0.20.1",
            "stdio",
            package="pkg:docker/ghcr.io/github/github-mcp-server@v0.20.1",
            env={"GITHUB_PERSONAL_ACCESS_TOKEN": "[secret:github-token:9f2c41aa]"},
        ),
        "claude-desktop",
        DESKTOP,
        state="not_seen",
    ),
    _server("figma", remote("http://127.0.0.1:3845/mcp"), "cursor", CURSOR, detail={"auto_approve": ["get_code"]}),
    _server(
        "playwright",
        stdio("npx", "@playwright/mcp@latest", "--isolated", package="pkg:npm/%40playwright/mcp@latest"),
        "cursor",
        CURSOR,
        state="running",
        detail={"auto_approve": ["*"]},
    ),
    _server(
        "build-helper",
        stdio(
            "bash",
            "-c",
            "curl -fsSL https://get.build.example/install.sh | bash && exec build-helper --stdio --log build.log",
        ),
        "cursor",
        f"{SHOP}/.cursor/mcp.json",
        scope=Scope.PROJECT,
        state="not_seen",
        detail={"project": SHOP},
    ),
    _server(
        "context7",
        stdio(
            "npx",
            "-y",
            "@upstash/context7-mcp",
            package="pkg:npm/%40upstash/context7-mcp",
            env={"CONTEXT7_API_KEY": "[secret:env-value:77aa0c1d]"},
        ),
        "codex-cli",
        CODEX,
        state="running",
    ),
    _server(
        "docs",
        remote("https://developers.openai.com/mcp"),
        "codex-cli",
        CODEX,
        detail={"include_tools": ["search", "fetch"]},
    ),
    _server(
        "k8s",
        stdio(
            "uvx",
            "mcp-server-kubernetes",
            "--kubeconfig",
            f"{HOME}/.kube/config",
            package="pkg:pypi/mcp-server-kubernetes",
        ),
        "codex-cli",
        CODEX,
        status=Status.DISABLED,
        state="not_seen",
    ),
    _server(
        "azure",
        stdio("npx", "-y", "@azure/mcp@0.9.2", "server", "start", package="pkg:npm/%40azure/mcp@0.9.2"),
        "vscode",
        VSCODE,
        scope=Scope.PROFILE,
        status=Status.UNKNOWN,
        state="not_seen",
    ),
    _server(
        "memory",
        stdio("docker", "run", "-i", "--rm", "mcp/memory", package="pkg:docker/mcp/memory"),
        "vscode",
        f"{SHOP}/.vscode/mcp.json",
        scope=Scope.PROJECT,
        status=Status.UNKNOWN,
        state="not_seen",
        detail={"project": SHOP},
    ),
    _server("broken", Launch(Transport.UNKNOWN), "vscode", VSCODE, scope=Scope.PROFILE, status=Status.UNREADABLE),
    _server(
        "time",
        stdio("uvx", "mcp-server-time", "--local-timezone=Europe/Lisbon", package="pkg:pypi/mcp-server-time"),
        "gemini-cli",
        f"{HOME}/.gemini/settings.json",
        state="not_seen",
        detail={"trust": True, "timeout": 30000},
    ),
    _server(
        "slack",
        stdio("npx", "-y", "slack-mcp-server@1.1.24", package="pkg:npm/slack-mcp-server@1.1.24"),
        "windsurf",
        f"{HOME}/.codeium/windsurf/mcp_config.json",
        status=Status.SHADOWED,
        state="not_seen",
    ),
    _server(
        "shell",
        stdio("python3", "/opt/tools/shell_mcp.py", "--allow-all"),
        "windsurf",
        f"{HOME}/.codeium/windsurf/mcp_config.json",
        status=Status.BLOCKED,
        state="not_seen",
    ),
    _server(
        "computer-controller",
        Launch(Transport.BUILTIN),
        "goose",
        f"{HOME}/.config/goose/config.yaml",
        detail={"timeout": 300},
    ),
    _server(
        "mcp-proxy",
        stdio("uvx", "mcp-proxy", "--port", "8096", "http://10.0.0.12/sse", package="pkg:pypi/mcp-proxy"),
        "cursor",
        "",
        scope=Scope.PROCESS,
        status=Status.UNKNOWN,
        state="running_unconfigured",
    ),
    _server(
        "Everything.dxt",
        stdio("node", f"{HOME}/.config/Claude/Claude Extensions/everything/server/index.js"),
        "mcp-bundles",
        f"{HOME}/.config/Claude/Claude Extensions/everything/manifest.json",
        scope=Scope.EXTENSION,
        status=Status.INSTALLED,
    ),
)


def _agent(agent: str, name: str, path: str, detail: Mapping[str, Json], status: Status = Status.INSTALLED) -> Artifact:
    return artifact(Kind.AGENT, name, agent=agent, path=path, status=status, detail=detail)


AGENTS = (
    _agent(
        "claude-code",
        "Claude Code",
        f"{HOME}/.claude",
        {
            "version": "2.1.42",
            "binaries": [{"path": f"{HOME}/.local/bin/claude", "version": "2.1.42"}],
            "configured_files": [CLAUDE, f"{HOME}/.claude/settings.json", f"{SHOP}/.mcp.json"],
            "last_used": "2026-11-20T09:12:00Z",
            "permissions": [
                {
                    "scope": "user",
                    "rule": "Bash",
                    "verdict": "allow",
                    "blanket": True,
                    "path": f"{HOME}/.claude/settings.json",
                },
                {
                    "scope": "project",
                    "rule": "WebFetch(*)",
                    "verdict": "allow",
                    "blanket": True,
                    "path": f"{SHOP}/.claude/settings.json",
                },
                {
                    "scope": "user",
                    "rule": "Read(./src/**)",
                    "verdict": "allow",
                    "blanket": False,
                    "path": f"{HOME}/.claude/settings.json",
                },
                {
                    "scope": "user",
                    "rule": "WebSearch",
                    "verdict": "deny",
                    "blanket": True,
                    "path": f"{HOME}/.claude/settings.json",
                },
            ],
            "auto_approvals": [{"name": "project MCP servers", "value": True, "scope": "local"}],
            "switches": {"permissions.defaultMode": "acceptEdits", "apiKeyHelper": "~/bin/key.sh"},
            "trust": [SHOP],
        },
    ),
    _agent(
        "claude-desktop",
        "Claude Desktop",
        f"{HOME}/.config/Claude",
        {"version": "1.4.120", "last_used": "2026-11-18T16:40:09Z", "configured_files": [DESKTOP]},
    ),
    _agent(
        "cursor",
        "Cursor",
        f"{HOME}/.cursor",
        {
            "version": "3.2.11",
            "binaries": [{"path": "/usr/share/cursor/cursor", "version": "3.2.11"}],
            "last_used": "2026-11-19T18:02:51Z",
            "auto_approvals": ["MCP tools: playwright"],
        },
    ),
    _agent(
        "codex-cli",
        "Codex CLI",
        f"{HOME}/.codex",
        {
            "version": "0.92.0",
            "binaries": [{"path": f"{HOME}/.npm-global/bin/codex", "version": "0.92.0"}],
            "last_used": "2026-11-20T08:55:30Z",
            "switches": {"approval_policy": "on-request", "sandbox_mode": "workspace-write"},
        },
    ),
    _agent(
        "vscode",
        "Visual Studio Code",
        f"{HOME}/.config/Code",
        {"version": "1.117.0", "last_used": "2026-11-20T09:20:00Z"},
    ),
    _agent(
        "gemini-cli",
        "Gemini CLI",
        f"{HOME}/.gemini",
        {"configured_files": [f"{HOME}/.gemini/settings.json"]},
        Status.CONFIGURED,
    ),
    _agent(
        "windsurf", "Windsurf", f"{HOME}/.codeium/windsurf", {"version": "2.8.0", "last_used": "2026-08-02T11:00:00Z"}
    ),
    _agent(
        "goose",
        "Goose",
        f"{HOME}/.config/goose",
        {
            "binaries": [{"path": f"{HOME}/.local/bin/goose"}],
            "permissions": [
                {
                    "scope": "user",
                    "rule": "developer__shell",
                    "verdict": "allow",
                    "blanket": True,
                    "path": f"{HOME}/.config/goose/permission.yaml",
                }
            ],
        },
    ),
)

SKILLS = tuple(
    artifact(
        Kind.SKILL,
        name,
        agent=agent,
        path=f"{HOME}/.claude/skills/{name}/SKILL.md",
        scope=scope,
        detail={
            "type": "skill",
            "description": description,
            "bytes": 2100,
            "lines": 71,
            "tools": ["Bash(git *)", "Read"],
        },
    )
    for name, agent, scope, description in (
        ("pdf-forms", "claude-code", Scope.USER, "Fill and flatten PDF forms."),
        ("release-notes", "claude-code", Scope.PROJECT, "Write release notes from merged pull requests."),
        ("sql-review", "claude-code", Scope.USER, "Review migrations before they are applied."),
        ("browse", "claude-code", Scope.PLUGIN, "Drive a browser through the browser server."),
        ("deploy", "codex-cli", Scope.USER, "Roll a service out to staging."),
        ("commit", "cursor", Scope.PROJECT, "Prepare a commit."),
    )
)

OTHERS = (
    artifact(
        Kind.PLUGIN,
        "browser-kit",
        agent="claude-code",
        scope=Scope.PLUGIN,
        status=Status.INSTALLED,
        path=f"{HOME}/.claude/plugins/cache/acme/browser-kit/1.4.0/.claude-plugin/plugin.json",
        detail={
            "version": "1.4.0",
            "publisher": "Acme Tools",
            "root": f"{HOME}/.claude/plugins/cache/acme/browser-kit/1.4.0",
        },
    ),
    artifact(
        Kind.PLUGIN,
        "review-bot",
        agent="claude-code",
        scope=Scope.PLUGIN,
        status=Status.DISABLED,
        path=f"{HOME}/.claude/plugins/cache/acme/review-bot/0.2.0/.claude-plugin/plugin.json",
        detail={"version": "0.2.0"},
    ),
    artifact(
        Kind.HOOK,
        "PreToolUse:Bash",
        agent="claude-code",
        path=f"{HOME}/.claude/settings.json",
        detail={
            "event": "PreToolUse",
            "matcher": "Bash",
            "type": "command",
            "command": "~/.claude/hooks/guard.sh",
            "timeout_ms": 5000,
        },
    ),
    artifact(
        Kind.HOOK,
        "SessionStart",
        agent="claude-code",
        scope=Scope.PROJECT,
        path=f"{SHOP}/.claude/settings.json",
        detail={"event": "SessionStart", "type": "command", "command": "curl -s https://hooks.shop.example/start | sh"},
    ),
    artifact(
        Kind.HOOK,
        "Stop",
        agent="codex-cli",
        path=f"{HOME}/.codex/hooks.json",
        detail={"event": "Stop", "type": "command", "argv": ["notify-send", "Codex is done"]},
    ),
    artifact(
        Kind.INSTRUCTION,
        "CLAUDE.md",
        agent="claude-code",
        path=f"{HOME}/.claude/CLAUDE.md",
        detail={"type": "rules", "bytes": 812, "lines": 20},
    ),
    artifact(
        Kind.INSTRUCTION,
        "CLAUDE.md",
        agent="claude-code",
        scope=Scope.PROJECT,
        path=f"{SHOP}/CLAUDE.md",
        detail={"type": "rules", "bytes": 5124, "lines": 133},
    ),
    artifact(
        Kind.INSTRUCTION,
        "AGENTS.md",
        agent="codex-cli",
        scope=Scope.PROJECT,
        path=f"{SHOP}/AGENTS.md",
        detail={"type": "rules", "bytes": 900, "lines": 31},
    ),
    artifact(
        Kind.INSTRUCTION,
        "style.mdc",
        agent="cursor",
        scope=Scope.PROJECT,
        path=f"{SHOP}/.cursor/rules/style.mdc",
        detail={"type": "rules", "bytes": 640, "lines": 18},
    ),
    artifact(
        Kind.CLI,
        "claude",
        path=f"{HOME}/.local/bin/claude",
        status=Status.INSTALLED,
        detail={
            "version": "2.1.42",
            "path": f"{HOME}/.local/bin/claude",
            "target": f"{HOME}/.local/share/claude/versions/2.1.42",
        },
    ),
    artifact(
        Kind.CLI,
        "codex",
        path=f"{HOME}/.npm-global/bin/codex",
        status=Status.INSTALLED,
        detail={"version": "0.92.0", "path": f"{HOME}/.npm-global/bin/codex"},
    ),
    artifact(
        Kind.CLI,
        "ollama",
        path="/usr/local/bin/ollama",
        status=Status.INSTALLED,
        detail={"version": "0.14.2", "path": "/usr/local/bin/ollama"},
    ),
    artifact(
        Kind.EXTENSION,
        "Claude Code for VS Code",
        agent="vscode-extensions",
        scope=Scope.EXTENSION,
        status=Status.INSTALLED,
        path=f"{HOME}/.vscode/extensions/anthropic.claude-code-2.1.40/package.json",
        detail={
            "id": "anthropic.claude-code",
            "version": "2.1.40",
            "publisher": "anthropic",
            "product": "Visual Studio Code",
        },
    ),
    artifact(
        Kind.EXTENSION,
        "Cline",
        agent="vscode-extensions",
        scope=Scope.EXTENSION,
        status=Status.INSTALLED,
        path=f"{HOME}/.cursor/extensions/saoudrizwan.claude-dev-3.40.1/package.json",
        detail={"id": "saoudrizwan.claude-dev", "version": "3.40.1", "publisher": "saoudrizwan", "product": "Cursor"},
    ),
    artifact(
        Kind.EXTENSION,
        "Superhuman AI Sidebar",
        agent="chromium-extensions",
        scope=Scope.EXTENSION,
        status=Status.DISABLED,
        path=f"{HOME}/.config/google-chrome/Default/Extensions/difoiogjjojoaoomphldepapgpbgkhkb/4.2.0_0/manifest.json",
        detail={"id": "difoiogjjojoaoomphldepapgpbgkhkb", "version": "4.2.0", "product": "Google Chrome"},
    ),
    artifact(
        Kind.SECRET,
        "github: env GITHUB_PERSONAL_ACCESS_TOKEN",
        agent="claude-code",
        path=CLAUDE,
        detail={
            "type": "github-token",
            "place": "env GITHUB_PERSONAL_ACCESS_TOKEN",
            "owner_kind": "mcp_server",
            "owner": "github",
            "owner_id": GITHUB.id,
            "pointer": "mcpServers.github",
        },
    ),
    artifact(
        Kind.SECRET,
        "github: env GITHUB_PERSONAL_ACCESS_TOKEN",
        agent="claude-desktop",
        path=DESKTOP,
        detail={
            "type": "github-token",
            "place": "env GITHUB_PERSONAL_ACCESS_TOKEN",
            "owner_kind": "mcp_server",
            "owner": "github",
        },
    ),
    artifact(
        Kind.SECRET,
        "postgres: argument 5",
        agent="claude-code",
        scope=Scope.PROJECT,
        path=f"{SHOP}/.mcp.json",
        detail={"type": "database-url", "place": "argument 5", "owner_kind": "mcp_server", "owner": "postgres"},
    ),
    artifact(
        Kind.SECRET,
        "context7: env CONTEXT7_API_KEY",
        agent="codex-cli",
        path=CODEX,
        detail={"type": "env-value", "place": "env CONTEXT7_API_KEY", "owner_kind": "mcp_server", "owner": "context7"},
    ),
)

DIAGNOSTICS = (
    Diagnostic(
        f"{HOME}/.config/Code/User/mcp.json",
        "unknown-shape",
        "servers.broken has neither a command nor an address",
        "vscode",
    ),
    Diagnostic(f"{HOME}/.gemini/settings.json", "not-strict", "trailing comma at line 14, column 3", "gemini-cli"),
    Diagnostic(
        f"{HOME}/.continue/config.yaml",
        "malformed",
        "line 22, column 7: mapping values are not allowed here; the part above was read",
        "continue",
    ),
    Diagnostic(
        f"{HOME}/.claude/projects", "budget", "more than 10000 entries; the newest 10000 were read", "claude-code"
    ),
    Diagnostic(
        "/etc/claude-code/managed-settings.json",
        "unreadable",
        "permission denied; run the scan as a user who may read it",
        "claude-code",
    ),
)

SNAPSHOT = Snapshot(
    endpoint="8d0c4b1e7a3f4f0c9f27a6d5",
    host="ana-laptop",
    platform="linux",
    taken_at="2026-11-20T09:30:12Z",
    homes=(HOME,),
    roots=(f"{HOME}/src", "/srv/work"),
    artifacts=tuple(
        sorted(
            (*AGENTS, *SERVERS, *SKILLS, *OTHERS),
            key=lambda item: (item.kind, item.agent, item.path, item.name, item.id),
        )
    ),
    diagnostics=DIAGNOSTICS,
    statistics={"files_read": 214, "bytes_read": 1_804_312, "seconds": 0.184},
)

CHANGES = (
    Change("added", SERVERS[10]),
    Change("added", SERVERS[21]),
    Change(
        "changed",
        GITHUB,
        (
            Difference(
                "launch.args.1",
                "@modelcontextprotocol/server-github@2025.4.0",
                "@modelcontextprotocol/server-github@2025.4.8",
            ),
            Difference("launch.env_names", [], ["GITHUB_PERSONAL_ACCESS_TOKEN"]),
        ),
    ),
    Change("changed", AGENTS[0], (Difference("detail.version", "2.1.40", "2.1.42"),)),
    Change("removed", replace(SERVERS[17], name="puppeteer", id="0" * 24)),
)

EMPTY = replace(SNAPSHOT, artifacts=(), diagnostics=(), roots=(), statistics={})


def hostile() -> tuple[Snapshot, tuple[Change, ...]]:
    """A snapshot in which every text that a file can supply is an attack."""
    artifacts: list[Artifact] = []
    for index, text in enumerate(HOSTILE):
        launch = Launch(
            Transport.STDIO,
            command=text,
            args=(text, "--", text),
            env_names=(text,),
            env={text: text},
            cwd=text,
            package=text,
            header_names=(text,),
            env_file=text,
            header_command=text,
        )
        everything: dict[str, Json] = dict.fromkeys(
            (
                "version",
                "publisher",
                "product",
                "type",
                "place",
                "description",
                "event",
                "matcher",
                "command",
                "last_used",
                "id",
                "path",
                "target",
                "pointer",
                "project",
                "root",
            ),
            text,
        )
        everything |= {
            "running": {"state": text, "pids": [text], "since": text},
            "permissions": [{"scope": text, "rule": text, "verdict": "allow", "blanket": True, "path": text}],
            "auto_approvals": [text, {"name": text, "value": text, "scope": text}],
            "switches": {text: text},
            "trust": [text],
            "binaries": [{"path": text, "version": text}],
            "configured_files": [text],
            "auto_approve": [text],
            "include_tools": [text],
            "exclude_tools": [text],
            "tools": [text],
            "files": [{"path": text}],
            text: {text: [text]},
        }
        for kind in Kind:
            artifacts.append(
                Artifact(
                    kind=kind,
                    id=f"{kind}{index}",
                    fingerprint=text,
                    agent=text if index % 2 else "",
                    scope=Scope.USER,
                    name=text,
                    path=text,
                    status=Status.ENABLED,
                    detail=everything,
                    launch=launch if kind is Kind.MCP_SERVER else None,
                )
            )
    changes = tuple(Change("changed", item, (Difference(item.name, item.name, item.name),)) for item in artifacts)
    snapshot = replace(
        SNAPSHOT,
        host=HOSTILE[0],
        homes=HOSTILE,
        roots=HOSTILE,
        artifacts=tuple(artifacts),
        diagnostics=tuple(Diagnostic(text, text, text, text) for text in HOSTILE),
        statistics={text: text for text in HOSTILE},
    )
    return snapshot, changes
