"""Agents with state, plugins, profiles or formats of their own: Claude Code, the editors, Codex, Gemini, and others.

Facts: the agents' entries in the vendors' documentation, as collected in the project's reference table.
Must not be here: agents that are one map in one file (`home_clients`), and project files (`home_projects`).
"""

import json
from pathlib import Path
from typing import Any

from bench.builder import Builder, Entry, Style, json5
from bench.catalogue import draw
from bench.home_clients import (
    DISABLED,
    ENABLED,
    GEMINI,
    OPENCODE_1,
    PLAIN,
    TYPED,
    TYPED_DISABLED,
    M,
    Place,
    grouped,
    guard_hook,
    write_servers,
)

CLAUDE = Style(types={"stdio": "stdio", "http": "http", "sse": "sse"})


def skill(b: Builder, folder: Path, name: str, *, secret: str | None = None) -> None:
    """A skill: SKILL.md with front matter, a reference, and a script that may hold a secret."""
    head = f"---\nname: {name}\ndescription: Use when the user asks for {name}.\nallowed-tools: Bash(git:*) Read\n---\n"
    b.text(folder / name / "SKILL.md", head + f"\n# {name}\n\nRun `scripts/run.sh`, then read references/notes.md.\n")
    token = b.mint(secret, "skill script") if secret else "${TOKEN}"
    b.text(
        folder / name / "scripts" / "run.sh",
        f"#!/bin/sh\nTOKEN={token}\ncurl -s https://api.example.com/{name}\n",
        executable=True,
    )
    b.text(folder / name / "references" / "notes.md", "Notes.\n")
    b.count("skill")


def claude_state(b: Builder, megabytes: int) -> None:
    """`~/.claude.json`: user servers, the projects map with private servers, approvals, and years of history."""
    path = b.home / ".claude.json"
    projects: dict[str, Any] = {}
    for name in ("src/acme-web", "src/data-pipeline", "work/remembered-only", "src/link-project"):
        folder = b.home / name
        entries = draw(b, 2, 1)
        projects[str(folder)] = {
            "allowedTools": [
                "Bash(npm run test:*)",
                f"Bash(curl -H 'X-Token: {b.mint('hex-40', 'permission entry')}':*)",
            ],
            "history": [{"display": f"use this key {b.mint('openai', 'history')}", "pastedContents": {}}],
            "mcpContextUris": [],
            "mcpServers": b.servers_map("claude-code", path, "local", entries, CLAUDE),
            "enabledMcpjsonServers": ["github"],
            "disabledMcpjsonServers": [],
            "hasTrustDialogAccepted": True,
            "projectOnboardingSeenCount": 3,
        }
    state: dict[str, Any] = {
        "numStartups": 412,
        "installMethod": "native",
        "userID": f"{b.rng.getrandbits(256):064x}",
        "oauthAccount": {"emailAddress": "dev@example.com", "organizationName": "Example"},
        "primaryApiKey": b.mint("anthropic", "agent state"),
        "mcpServers": b.servers_map("claude-code", path, "user", draw(b, 6, 3), CLAUDE),
        "projects": projects,
    }
    target = megabytes * 1_000_000
    words = ("refactor", "the parser", "so that", "nulls survive", "add tests", "run them", "explain why", "it fails")
    size, number = 0, 0
    while size < target:
        history = [
            {
                "display": " ".join(b.rng.choices(words, k=24)),
                "pastedContents": {"1": {"id": 1, "type": "text", "content": "x" * 400}},
            }
            for _ in range(50)
        ]
        block = {"allowedTools": [], "history": history, "mcpServers": {}, "hasTrustDialogAccepted": number % 2 == 0}
        projects[f"/srv/vanished/project-{number:04d}"] = block
        size += len(json.dumps(block, indent=2)) + 40
        number += 1
    b.text(path, json.dumps(state, indent=2))


def claude_code(b: Builder, megabytes: int) -> None:
    """The user's side of Claude Code: state, settings, plugins, skills, commands, sub-agents, instructions."""
    claude_state(b, megabytes)
    root = b.home / ".claude"
    post = {"PostToolUse": [{"matcher": "Edit|Write", "hooks": [{"type": "command", "command": "prettier --write"}]}]}
    http = {"type": "http", "url": f"https://audit.example.com/hook?key={b.mint('hex-32', 'hook URL')}"}
    b.json(
        root / "settings.json",
        {
            "env": {"ANTHROPIC_AUTH_TOKEN": b.mint("anthropic", "settings env"), "DISABLE_TELEMETRY": "1"},
            "permissions": {
                "allow": [
                    "Bash(git status)",
                    f"Bash(export NPM_TOKEN={b.mint('npm', 'permission entry')}:*)",
                    "mcp__github__*",
                ],
                "ask": ["Bash(git push:*)"],
                "deny": ["Read(./.env)"],
                "defaultMode": "acceptEdits",
            },
            "hooks": {
                **grouped("PreToolUse", guard_hook(b, "claude", "vault"), matcher="Bash"),
                **post,
                "SessionStart": [{"hooks": [http]}],
            },
            "enabledPlugins": {"deploy-kit@acme": True, "review@acme": True, "old-tool@acme": False},
            "extraKnownMarketplaces": {"acme": {"source": {"source": "github", "repo": "example/marketplace"}}},
            "statusLine": {"type": "command", "command": b.stub("statusline")},
            "apiKeyHelper": f"{b.stub('key-helper')} --secret {b.mint('password', 'helper command')}",
        },
    )
    b.count("hook", 3)
    claude_plugins(b, root / "plugins")
    for name, secret in (("release-notes", "github-oauth"), ("db-query", "password"), ("pdf-tools", None)):
        skill(b, root / "skills", name, secret=secret)
    b.text(
        root / "commands/deploy.md",
        "---\nallowed-tools: Bash(kubectl:*)\n---\nContext: !`kubectl config view`\nDeploy.\n",
    )
    agent = root / "agents/researcher.md"
    entry = Entry(
        "archive", command="npx", args=("-y", "archive-mcp@2.0.0", "--token", b.mint("alnum-40", "front matter"))
    )
    servers = b.servers_map("claude-code", agent, "subagent", [entry], CLAUDE)
    front = {"name": "researcher", "description": "Searches", "tools": "WebSearch, Read", "mcpServers": servers}
    b.text(agent, _front(front, "You search.\n"))
    b.text(
        root / "CLAUDE.md",
        f"# Mine\n\nThe staging key is {b.mint('stripe', 'instruction text')}, use it.\n@~/.claude/more.md\n",
    )
    b.text(root / "rules/style.md", "Use short names.\n")
    b.text(
        root / "projects/-home-dev-src-acme-web/memory/MEMORY.md",
        f"- deploy with {b.mint('digitalocean', 'memory text')}\n",
    )
    b.text(root / "output-styles/terse.md", "---\nname: terse\n---\nBe short.\n")
    session = {"type": "user", "message": {"content": f"token {b.mint('huggingface', 'session transcript')}"}}
    b.text(root / "projects/-home-dev-src-acme-web/0c1d.jsonl", json.dumps(session) + "\n")
    b.json(root / ".credentials.json", {"claudeAiOauth": {"accessToken": b.mint("anthropic", "credential store")}})
    b.count("instruction", 3)


def _front(front: dict[str, Any], body: str) -> str:
    """Markdown with YAML front matter; JSON values are YAML."""
    lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in front.items())
    return f"---\n{lines}---\n{body}"


def claude_plugins(b: Builder, root: Path) -> None:
    """Installed plugins: the registry, the cache with servers, hooks and skills, and two versions of one plugin."""
    plugins: dict[str, Any] = {}
    for name, version in (("deploy-kit", "1.4.0"), ("review", "0.3.1"), ("old-tool", "0.1.0")):
        folder = root / "cache/acme" / name / version
        plugins[f"{name}@acme"] = [
            {"scope": "user", "installPath": str(folder), "version": version, "installedAt": "2026-09-01T08:00:00.000Z"}
        ]
        manifest: dict[str, Any] = {"name": name, "version": version, "description": name, "author": {"name": "Acme"}}
        if name == "review":
            entry = Entry(
                "review-db", command="${CLAUDE_PLUGIN_ROOT}/bin/server", args=("--stdio",), env={"MODE": "ro"}
            )
            manifest_path = folder / ".claude-plugin/plugin.json"
            manifest["mcpServers"] = b.servers_map("claude-code", manifest_path, "plugin", [entry], PLAIN)
        else:
            path = folder / ".mcp.json"
            write_servers(b, path, Place("claude-code", "", M, PLAIN, "plugin"), draw(b, 1, 1))
        b.json(folder / ".claude-plugin/plugin.json", manifest)
        b.json(folder / "hooks/hooks.json", {"hooks": grouped("PreToolUse", "${CLAUDE_PLUGIN_ROOT}/check.sh")})
        b.text(folder / "check.sh", f"#!/bin/sh\nexport KEY={b.mint('postman', 'plugin script')}\n", executable=True)
        skill(b, folder / "skills", f"{name}-skill")
        b.count("plugin")
        b.count("hook")
    b.json(root / "installed_plugins.json", {"version": 2, "plugins": plugins})
    b.json(root / "known_marketplaces.json", {"acme": {"source": {"source": "github", "repo": "example/marketplace"}}})
    b.json(
        root / "marketplaces/acme/.claude-plugin/marketplace.json",
        {"name": "acme", "owner": {"name": "Acme"}, "plugins": [{"name": "deploy-kit", "source": "./deploy-kit"}]},
    )


def claude_desktop(b: Builder) -> None:
    """Extensions of Claude Desktop, unpacked, with the user's settings for them."""
    root = b.home / ".config/Claude"
    path = root / "Claude Extensions/com.example.notes/manifest.json"
    entry = Entry(
        "notes",
        command="node",
        args=("${__dirname}/server/index.js", "${user_config.root}"),
        env={"KEY": "${user_config.key}"},
    )
    b.declare("claude-desktop", path, "extension", entry, "stdio")
    b.json(path, bundle_manifest("notes", entry))
    b.text(path.parent / "server/index.js", "// server\n")
    b.json(
        root / "Claude Extensions Settings/com.example.notes.json",
        {"isEnabled": True, "userConfig": {"root": str(b.home), "key": b.mint("new-relic", "plugin user config")}},
    )
    b.json(
        root / "extensions-installations.json",
        {"extensions": {"com.example.notes": {"id": "com.example.notes", "version": "1.0.0"}}},
    )


def bundle_manifest(name: str, entry: Entry) -> dict[str, Any]:
    """An MCP bundle manifest, version 0.3."""
    config = {"command": entry.command, "args": list(entry.args), "env": dict(entry.env)}
    return {
        "manifest_version": "0.3",
        "name": name,
        "version": "1.0.0",
        "description": "bundle",
        "author": {"name": "Example"},
        "server": {"type": "node", "entry_point": "server/index.js", "mcp_config": config},
        "user_config": {"key": {"type": "string", "title": "Key", "sensitive": True}},
    }


def cursor(b: Builder) -> None:
    """Cursor; its `mcp.json` is kept in a dotfiles folder and linked."""
    root = b.home / ".cursor"
    path = root / "mcp.json"
    real = b.home / "dotfiles/cursor/mcp.json"
    servers = b.servers_map("cursor", path, "user", draw(b, 4, 2), PLAIN)
    b.json(real, {"mcpServers": servers})
    root.mkdir(parents=True, exist_ok=True)
    path.symlink_to("../dotfiles/cursor/mcp.json")
    event = [{"command": guard_hook(b, "cursor", "shopify"), "timeout": 10, "failClosed": True}]
    b.json(root / "hooks.json", {"version": 1, "hooks": {"beforeShellExecution": event, "beforeMCPExecution": event}})
    b.json(
        root / "cli-config.json",
        {
            "version": 1,
            "permissions": {
                "allow": ["Shell(ls)", f"Shell(TOKEN={b.mint('github-oauth', 'permission entry')} gh)"],
                "deny": [],
            },
        },
    )
    skill(b, root / "skills", "cursor-skill")
    b.text(root / "commands/review.md", "Review.\n")
    b.text(root / "agents/tester.md", "---\nname: tester\ndescription: t\n---\nTest.\n")
    b.json(root / "projects/home-dev-src-acme-web/mcp-approvals.json", ["github-9f2c1d"])
    b.count("hook", 2)


def vscode(b: Builder) -> None:
    """VS Code with a profile and old settings, and the Insiders build."""
    user = b.home / ".config/Code/User"
    servers = ("servers",)
    inputs = {"inputs": [{"type": "promptString", "id": "key", "password": True}]}
    typed = Place("vscode", "", servers, TYPED, format="jsonc")
    write_servers(b, user / "mcp.json", typed, draw(b, 3, 2), inputs)
    profile = Place("vscode", "", servers, TYPED, "profile", "jsonc")
    write_servers(b, user / "profiles/5f3a9b/mcp.json", profile, draw(b, 1, 1))
    b.text(user / "profiles/5f3a9b/settings.json", "{}\n")
    legacy = Place("vscode", "", ("mcp", "servers"), TYPED, format="jsonc")
    rest = {
        "editor.fontSize": 13,
        "chat.tools.global.autoApprove": True,
        "chat.tools.terminal.autoApprove": {"ls": True, "rm": False},
        "terminal.integrated.env.linux": {"SHOP_TOKEN": b.mint("shopify", "editor settings")},
    }
    amp = b.servers_map("amp", user / "settings.json", "user", draw(b, 1), PLAIN)
    write_servers(b, user / "settings.json", legacy, draw(b, 1, 1), {**rest, "amp.mcpServers": amp})
    b.text(user / "prompts/team.instructions.md", "---\napplyTo: '**'\n---\nBe kind.\n")
    insiders = b.home / ".config/Code - Insiders/User"
    write_servers(b, insiders / "mcp.json", typed, draw(b, 2))
    b.count("instruction")


def copilot(b: Builder) -> None:
    """GitHub Copilot CLI."""
    root = b.home / ".copilot"
    style = Style(types={"stdio": "local", "http": "http", "sse": "sse"}, always={"tools": ["*"]})
    write_servers(b, root / "mcp-config.json", Place("copilot-cli", "", M, style), draw(b, 3, 1))
    hook = {"type": "command", "bash": guard_hook(b, "copilot", "gitlab-pat"), "timeoutSec": 10}
    b.json(root / "hooks/guard.json", {"version": 1, "hooks": {"preToolUse": [hook]}})
    b.json(root / "config.json", {"trusted_folders": [str(b.home / "src/acme-web")]})
    b.jsonc(root / "settings.json", {"disabledMcpServers": ["figma"], "model": "auto"})
    plugin = root / "installed-plugins/acme/lint/.mcp.json"
    write_servers(b, plugin, Place("copilot-cli", "", M, PLAIN, "plugin"), draw(b, 1))
    b.json(plugin.parent / "plugin.json", {"name": "lint", "version": "2.0.0"})
    skill(b, root / "skills", "copilot-skill")
    b.text(root / "copilot-instructions.md", "Short answers.\n")
    b.count("hook")
    b.count("plugin")
    b.count("instruction")


def codex_table(b: Builder, path: Path, scope: str, entries: list[Entry]) -> dict[str, Any]:
    """Servers as Codex writes them: no type, `http_headers`, `enabled = false` for off."""
    style = Style(headers="http_headers", off=("enabled", False))
    table: dict[str, Any] = {}
    for entry in entries:
        # `url` always means streamable HTTP here, so the transport is known though no field names it.
        b.declare("codex-cli", path, scope, entry, "stdio" if entry.command else "http")
        table[entry.name] = style.render(entry)
    return table


def codex(b: Builder) -> None:
    """Codex: TOML with servers, project trust, hooks, and a hooks file."""
    root = b.home / ".codex"
    path = root / "config.toml"
    servers = codex_table(b, path, "user", draw(b, 4, 2, disable_last=True))
    servers["bearer.by.env"] = {"url": "https://mcp.example.com/by-env", "bearer_token_env_var": "MCP_TOKEN"}
    b.declare("codex-cli", path, "user", Entry("bearer.by.env", "http", url="https://mcp.example.com/by-env"), "http")
    config = {
        "model": "gpt-5.5-codex",
        "approval_policy": "never",
        "sandbox_mode": "danger-full-access",
        "mcp_servers": servers,
        "projects": {
            str(b.home / "src/data-pipeline"): {"trust_level": "trusted"},
            str(b.home / "work/codex-only"): {"trust_level": "trusted"},
        },
        "shell_environment_policy": {"set": {"NPM_TOKEN": b.mint("npm", "settings env")}},
    }
    b.toml(path, config)
    b.json(root / "hooks.json", {"hooks": grouped("PreToolUse", guard_hook(b, "codex", "dockerhub"))})
    b.json(root / "auth.json", {"OPENAI_API_KEY": b.mint("openai", "credential store")})
    b.text(root / "AGENTS.md", f"Never print {b.mint('supabase', 'instruction text')}.\n")
    b.text(root / "rules/default.rules", 'prefix_rule(pattern=["git", "status"], decision="allow")\n')
    b.text(root / "prompts/fix.md", "Fix it.\n")
    b.count("hook")
    b.count("instruction")


def gemini(b: Builder) -> None:
    """Gemini CLI with extensions, and Qwen Code, its fork."""
    for agent, root, manifest in (
        ("gemini-cli", b.home / ".gemini", "gemini-extension.json"),
        ("qwen-code", b.home / ".qwen", "qwen-extension.json"),
    ):
        event = "BeforeTool" if agent == "gemini-cli" else "PreToolUse"
        rest = {
            "hooks": grouped(event, guard_hook(b, agent, "twilio"), 10, ".*"),
            "tools": {"allowed": ["run_shell_command(git)"]},
            "mcp": {"excluded": ["maps"]},
        }
        place = Place(agent, "", M, GEMINI, format="jsonc")
        write_servers(b, root / "settings.json", place, draw(b, 3, 2), rest)
        extension = root / "extensions/toolbox" / manifest
        entry = Entry("toolbox", command="node", args=("${extensionPath}${/}server.js",), env={"MODE": "x"})
        servers = b.servers_map(agent, extension, "plugin", [entry], GEMINI)
        b.json(
            extension, {"name": "toolbox", "version": "1.1.0", "mcpServers": servers, "contextFileName": "CONTEXT.md"}
        )
        b.json(root / "trustedFolders.json", {str(b.home / "src/data-pipeline"): "TRUST_FOLDER"})
        b.text(root / "commands/plan.toml", 'prompt = "Plan !{git log -1}"\n')
        b.count("hook")
        b.count("plugin")
    b.text(b.home / ".gemini/GEMINI.md", f"## Gemini Added Memories\n- key {b.mint('google-api', 'memory text')}\n")
    b.text(b.home / ".qwen/QWEN.md", "Rules.\n")
    b.json(b.home / ".gemini/oauth_creds.json", {"access_token": b.mint("google-oauth", "credential store")})
    b.count("instruction", 2)


def json_with_comments(b: Builder) -> None:
    """OpenCode, Zed, Amp, Augment and Qoder: settings that people comment."""
    path = b.home / ".config/opencode/opencode.jsonc"
    rest: dict[str, Any] = {
        "$schema": "https://opencode.ai/config.json",
        "permission": {
            "bash": {"git *": "allow", f"psql postgres://u:{b.mint('password', 'permission entry')}@h/*": "allow"}
        },
        "plugin": ["opencode-guard@1.2.0"],
    }
    place = Place("opencode", "", ("mcp",), OPENCODE_1, format="jsonc")
    write_servers(b, path, place, draw(b, 3, 1, disable_last=True), rest)
    b.text(b.home / ".config/opencode/plugin/guard.ts", "export const Guard = async () => ({})\n")
    b.count("plugin")
    zed = b.home / ".config/zed/settings.json"
    agent_servers = {
        "my-acp": {"command": b.stub("acp-agent"), "args": ["--key", b.mint("alnum-40", "agent server argument")]}
    }
    place = Place("zed", "", ("context_servers",), Style(off=("enabled", False)), format="jsonc")
    write_servers(
        b, zed, place, draw(b, 3, 1, disable_last=True), {"theme": "One Dark", "agent_servers": agent_servers}
    )
    amp = b.home / ".config/amp/settings.json"
    rest = {
        "amp.permissions": [{"tool": "Bash", "matches": {"cmd": "git *"}, "action": "allow"}],
        "amp.dangerouslyAllowAll": False,
    }
    write_servers(b, amp, Place("amp", "", ("amp.mcpServers",), PLAIN, format="jsonc"), draw(b, 2, 1), rest)
    skill(b, b.home / ".config/amp/skills", "ui-preview")
    inner = b.home / ".config/amp/skills/ui-preview/mcp.json"
    entry = Entry("chrome-preview", command="npx", args=("-y", "chrome-devtools-mcp@0.9.0", "--isolated"))
    b.json(inner, b.servers_map("amp", inner, "plugin", [entry], PLAIN))
    augment = b.home / ".augment/settings.json"
    rest = {"hooks": grouped("PreToolUse", b.stub("guard-augment.sh"), 10000, ".*")}
    write_servers(b, augment, Place("augment", "", M, PLAIN, format="jsonc"), draw(b, 1, 1), rest)
    qoder = b.home / ".qoder/settings.json"
    rest = {"hooks": grouped("PreToolUse", guard_hook(b, "qoder", "figma"))}
    write_servers(b, qoder, Place("qoder", "", M, TYPED_DISABLED, format="jsonc"), draw(b, 1, 1), rest)
    b.count("hook", 2)


def yaml_agents(b: Builder) -> None:
    """Continue (a list), Goose (`cmd`, `envs`, `uri`), Hermes (a map)."""
    path = b.home / ".continue/config.yaml"
    style = Style(types={"stdio": "stdio", "http": "streamable-http", "sse": "sse"})
    servers = [
        {"name": name, **body} for name, body in b.servers_map("continue", path, "user", draw(b, 2), style).items()
    ]
    remote = draw(b, 0, 1)[0]
    b.declare("continue", path, "user", remote, remote.transport)
    options = {"requestOptions": {"headers": dict(remote.headers)}}
    servers.append(
        {
            "name": remote.name,
            "type": style.types[remote.transport] if style.types else "",
            "url": remote.url,
            **options,
        }
    )
    model = {"name": "gpt", "provider": "openai", "model": "gpt-5", "apiKey": b.mint("openai", "model settings")}
    b.yaml(path, {"name": "Local", "version": "1.0.0", "schema": "v1", "models": [model], "mcpServers": servers})
    block = b.home / ".continue/mcpServers/sqlite.yaml"
    entry = Entry("SQLite", command="npx", args=("-y", "mcp-sqlite", str(b.home / "data/app.db")))
    b.declare("continue", block, "user", entry, "stdio")
    listed = [{"name": entry.name, "command": entry.command, "args": list(entry.args)}]
    b.yaml(block, {"name": "sqlite", "version": "0.0.1", "schema": "v1", "mcpServers": listed})
    copied = b.home / ".continue/mcpServers/copied.json"
    write_servers(b, copied, Place("continue", "", M, PLAIN), draw(b, 1))

    goose = b.home / ".config/goose/config.yaml"
    extensions: dict[str, Any] = {
        "developer": {"type": "builtin", "name": "developer", "enabled": True, "bundled": True, "timeout": 300}
    }
    b.declare("goose", goose, "user", Entry("developer", "builtin"), "builtin")
    for entry in draw(b, 3, 1, disable_last=True):
        b.declare("goose", goose, "user", entry, "stdio" if entry.command else "http")
        common = {"name": entry.name, "enabled": not entry.off, "timeout": 300}
        if entry.command:
            extensions[entry.name] = {
                "type": "stdio",
                "cmd": entry.command,
                "args": list(entry.args),
                "envs": dict(entry.env),
                **common,
            }
        else:
            extensions[entry.name] = {
                "type": "streamable_http",
                "uri": entry.url,
                "headers": dict(entry.headers),
                **common,
            }
    b.yaml(goose, {"GOOSE_PROVIDER": "anthropic", "GOOSE_MODE": "auto", "extensions": extensions})
    b.text(b.home / ".config/goose/.goosehints", "Hints.\n")

    hermes = b.home / ".hermes/config.yaml"
    hooks = {"pre_tool_call": [{"command": guard_hook(b, "hermes", "hex-64"), "matcher": ".*", "timeout": 10}]}
    rest = {"hooks": hooks, "command_allowlist": ["git status"]}
    write_servers(
        b, hermes, Place("hermes", "", ("mcp_servers",), ENABLED, format="yaml"), draw(b, 2, 1, disable_last=True), rest
    )
    rovo = b.home / ".rovodev/config.yml"
    b.yaml(
        rovo,
        {
            "toolPermissions": {
                "default": "ask",
                "bash": {"default": "ask", "commands": [{"command": "ls", "permission": "allow"}]},
            }
        },
    )
    b.count("hook")
    b.count("instruction")


def toml_agents(b: Builder) -> None:
    """Grok, Vibe (an array of tables), Kimi's hooks, Reasonix."""
    grok = b.home / ".grok/config.toml"
    rest = {"permission": {"allow": ["Bash(git *)"], "deny": []}}
    write_servers(
        b,
        grok,
        Place("grok-build", "", ("mcp_servers",), ENABLED, format="toml"),
        draw(b, 2, 1, disable_last=True),
        rest,
    )
    b.json(b.home / ".grok/hooks/guard.json", {"hooks": grouped("PreToolUse", guard_hook(b, "grok", "telegram-bot"))})
    vibe = b.home / ".vibe/config.toml"
    kebab = Style(
        types={"stdio": "stdio", "http": "streamable-http", "sse": "http"}, type_key="transport", off=("disabled", True)
    )
    listed = []
    for entry in draw(b, 2, 1, disable_last=True):
        b.declare("mistral-vibe", vibe, "user", entry, "stdio" if entry.command else "http")
        listed.append({"name": entry.name, **kebab.render(entry)})
    b.toml(vibe, {"active_model": "devstral", "mcp_servers": listed, "tools": {"bash": {"permission": "always"}}})
    hook = {"event": "PreToolUse", "matcher": ".*", "command": guard_hook(b, "kimi"), "timeout": 10}
    b.toml(b.home / ".kimi-code/config.toml", {"default_model": "k2", "hooks": [hook]})
    reasonix = b.home / ".reasonix/config.toml"
    plugins = [
        {"name": name, **body} for name, body in b.servers_map("reasonix", reasonix, "user", draw(b, 1), PLAIN).items()
    ]
    b.toml(reasonix, {"plugins": plugins})
    b.count("hook", 2)


def others(b: Builder) -> None:
    """OpenClaw (JSON5), Crush, Kiro and Amazon Q agents, Trae CN."""
    claw = b.home / ".openclaw/openclaw.json"
    servers = b.servers_map("openclaw", claw, "user", draw(b, 2, 1), PLAIN)
    config = {
        "gateway": {"port": 18789, "auth": {"token": b.mint("hex-64", "agent settings")}},
        "channels": {"telegram": {"botToken": b.mint("telegram-bot", "agent settings")}},
        "mcp": {"servers": servers},
        "plugins": {"entries": {"voice": {"enabled": True}}},
    }
    b.text(claw, f"// openclaw\n{json5(config)}\n")
    b.text(b.home / ".openclaw/workspace/AGENTS.md", "Be nice.\n")
    b.text(b.home / ".openclaw/workspace/SOUL.md", "Soul.\n")
    skill(b, b.home / ".openclaw/skills", "claw-skill", secret="discord-bot")
    b.json(
        b.home / ".openclaw/extensions/voice/openclaw.plugin.json", {"id": "voice", "name": "Voice", "version": "0.2.0"}
    )
    crush = b.home / ".config/crush/crush.json"
    rest = {
        "hooks": {"PreToolUse": [{"name": "guard", "command": guard_hook(b, "crush", "sendgrid")}]},
        "permissions": {"allowed_tools": ["view"]},
    }
    write_servers(b, crush, Place("crush", "", ("mcp",), TYPED_DISABLED), draw(b, 2, 1, disable_last=True), rest)
    b.text(b.home / ".config/crush/crushrc", f"export TOKEN={b.mint('slack-webhook', 'configuration script')}\n")
    for agent, path in (("kiro", ".kiro/agents/ops.json"), ("amazon-q-cli", ".aws/amazonq/cli-agents/ops.json")):
        target = b.home / path
        hooks = {"preToolUse": [{"matcher": "*", "command": guard_hook(b, agent), "timeout_ms": 10000}]}
        rest = {"name": "ops", "description": "ops", "allowedTools": ["fs_read"], "hooks": hooks}
        write_servers(b, target, Place(agent, "", M, DISABLED, "subagent"), draw(b, 1, 1), rest)
    b.text(b.home / ".kiro/steering/product.md", "Product.\n")
    b.count("hook", 3)
    b.count("instruction", 3)
    b.count("plugin")


def managed(b: Builder) -> None:
    """Files of the organisation under the system root."""
    etc = b.system / "etc"
    path = etc / "claude-code/managed-mcp.json"
    write_servers(b, path, Place("claude-code", "", M, TYPED, "managed"), draw(b, 1, 1))
    b.json(
        etc / "claude-code/managed-settings.json",
        {
            "permissions": {"deny": ["WebFetch"], "disableBypassPermissionsMode": "disable"},
            "allowedMcpServers": [
                {"serverName": "github"},
                {"serverCommand": ["npx", "-y", "@modelcontextprotocol/server-github"]},
            ],
            "deniedMcpServers": [{"serverName": "bootstrap"}],
            "env": {"OTEL_EXPORTER_OTLP_HEADERS": f"Authorization=Bearer {b.mint('grafana', 'settings env')}"},
            "hooks": grouped("PreToolUse", guard_hook(b, "managed")),
        },
    )
    b.json(etc / "claude-code/managed-settings.d/20-team.json", {"enabledPlugins": {"deploy-kit@acme": True}})
    b.text(etc / "claude-code/CLAUDE.md", "Company rules.\n")
    system = etc / "codex/config.toml"
    b.toml(system, {"mcp_servers": codex_table(b, system, "system", draw(b, 1))})
    b.toml(etc / "codex/requirements.toml", {"allowed_approval_policies": ["on-request"]})
    for agent, folder in (("gemini-cli", "gemini-cli"), ("qwen-code", "qwen-code")):
        write_servers(b, etc / folder / "settings.json", Place(agent, "", M, GEMINI, "system", "jsonc"), draw(b, 1))
    code = Place("opencode", "", ("mcp",), OPENCODE_1, "managed", "jsonc")
    write_servers(b, etc / "opencode/opencode.json", code, draw(b, 1))
    write_servers(
        b, etc / "ampcode/managed-settings.json", Place("amp", "", ("amp.mcpServers",), PLAIN, "managed"), draw(b, 1)
    )
    write_servers(b, etc / "augment/settings.json", Place("augment", "", M, PLAIN, "system", "jsonc"), draw(b, 0, 1))
    event = [{"command": guard_hook(b, "cursor"), "timeout": 5}]
    b.json(etc / "cursor/hooks.json", {"version": 1, "hooks": {"beforeShellExecution": event}})
    hook = {"type": "command", "bash": guard_hook(b, "copilot"), "timeoutSec": 5}
    b.json(etc / "github-copilot/policy.d/10.json", {"version": 1, "hooks": {"preToolUse": [hook]}})
    b.count("hook", 3)
    b.count("instruction")


def write(b: Builder, megabytes: int) -> None:
    """Everything of this module."""
    claude_code(b, megabytes)
    claude_desktop(b)
    for part in (cursor, vscode, copilot, codex, gemini, json_with_comments, yaml_agents, toml_agents, others, managed):
        part(b)
