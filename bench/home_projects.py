"""Projects below the generated home: one per way a project can lie on a disk, and every agent's project files.

Belongs here: a monorepo, a nested project, a git work tree, a project reached through a link, projects known
only from an agent's memory, and what teams check in. Must not be here: the user's own files, hostile files.
"""

from pathlib import Path

from bench.builder import Builder, Entry, Style
from bench.catalogue import draw
from bench.home_agents import codex_table, skill
from bench.home_clients import (
    DISABLED,
    ENABLED,
    GEMINI,
    HTTP,
    OPENCODE_1,
    OPENCODE_2,
    PLAIN,
    ROO,
    SERVER_URL,
    TYPED,
    TYPED_DISABLED,
    M,
    Place,
    grouped,
    guard_hook,
    write_place,
    write_servers,
)

PIPELINE: tuple[Place, ...] = (
    Place("gemini-cli", ".gemini/settings.json", M, GEMINI, "project", "jsonc", local=1),
    Place("qwen-code", ".qwen/settings.json", M, GEMINI, "project", "jsonc", local=1, remote=0),
    Place("roo-code", ".roo/mcp.json", M, ROO, "project", local=1),
    Place("kilo-code", ".kilo/kilo.jsonc", ("mcp",), OPENCODE_1, "project", "jsonc", local=1, remote=0),
    Place("kilo-code", ".kilocode/mcp.json", M, ROO, "project", local=1, remote=0),
    Place(
        "zed", ".zed/settings.json", ("context_servers",), Style(off=("enabled", False)), "project", "jsonc", local=1
    ),
    Place("jetbrains-ai-assistant", ".ai/mcp/mcp.json", M, PLAIN, "project", local=1, remote=0),
    Place("junie", ".junie/mcp/mcp.json", M, PLAIN, "project", local=1, remote=0),
    Place("amp", ".amp/settings.json", ("amp.mcpServers",), PLAIN, "project", "jsonc", local=1, remote=0),
    Place("crush", "crush.json", ("mcp",), TYPED_DISABLED, "project", local=1),
    Place("crush", ".crush.json", ("mcp",), TYPED_DISABLED, "project", local=1, remote=0),
    Place("kiro", ".kiro/settings/mcp.json", M, DISABLED, "project", local=1),
    Place("kiro", ".kiro/agents/build.json", M, DISABLED, "subagent", local=1, remote=0),
    Place("amazon-q-cli", ".amazonq/mcp.json", M, DISABLED, "project", local=1, remote=0),
    Place("factory-droid", ".factory/mcp.json", M, TYPED_DISABLED, "project", local=1),
    Place("augment", ".augment/settings.json", M, PLAIN, "project", "jsonc", local=1, remote=0),
    Place("augment", ".augment/settings.local.json", M, PLAIN, "local", "jsonc", local=1, remote=0),
    Place("trae", ".trae/mcp.json", M, PLAIN, "project", local=1, remote=0),
    Place("qoder", ".qoder/settings.json", M, TYPED_DISABLED, "project", "jsonc", local=1, remote=0),
    Place("grok-build", ".grok/config.toml", ("mcp_servers",), ENABLED, "project", "toml", local=1, remote=0),
    Place("kimi-code", ".kimi-code/mcp.json", M, ENABLED, "project", local=1, remote=0),
    Place("devin-cli", ".devin/mcp_config.json", M, Style(types=HTTP, type_key="transport"), "project", local=1),
    Place("devin-cli", ".devin/mcp_config.local.json", M, PLAIN, "local", local=1, remote=0),
    Place("antigravity", ".agents/mcp_config.json", M, SERVER_URL, "project", local=1),
    Place("warp", ".warp/.mcp.json", M, PLAIN, "project", local=1, remote=0),
    Place("deepagents-cli", ".deepagents/.mcp.json", M, TYPED, "project", local=1, remote=0),
    Place("abacus", ".abacusai/mcp.json", M, PLAIN, "project", local=1, remote=0),
)

CLAUDE = Place("claude-code", ".mcp.json", M, TYPED, "project", local=1)
CURSOR = Place("cursor", ".cursor/mcp.json", M, PLAIN, "project", local=1)


def repository(path: Path) -> Path:
    """A folder that looks like a git repository to whoever looks for one."""
    (path / ".git").mkdir(parents=True, exist_ok=True)
    (path / ".git/HEAD").write_text("ref: refs/heads/main\n")
    return path


def monorepo(b: Builder, root: Path) -> None:
    """acme-web: what a team shares, at the top and in two of its folders."""
    repository(root)
    write_servers(b, root / ".mcp.json", CLAUDE, draw(b, 4, 2))
    write_servers(b, root / "apps/api/.mcp.json", CLAUDE, draw(b, 1))
    write_servers(b, root / "packages/ui/.cursor/mcp.json", CURSOR, draw(b, 1))
    write_servers(b, root / ".cursor/mcp.json", CURSOR, draw(b, 2, 1))
    code = Place("vscode", "", ("servers",), TYPED, "project", "jsonc")
    write_servers(b, root / ".vscode/mcp.json", code, draw(b, 2, 1), {"inputs": []})
    write_servers(b, root / ".github/mcp.json", Place("copilot-cli", "", M, TYPED, "project"), draw(b, 1))
    devcontainer = Place("vscode", "", ("customizations", "vscode", "mcp", "servers"), TYPED, "project", "jsonc")
    rest = {
        "image": "mcr.example.com/devcontainers/base:ubuntu",
        "containerEnv": {"PYPI_TOKEN": b.mint("pypi", "devcontainer")},
        "postCreateCommand": f"npm config set //registry.example.com/:_authToken={b.mint('npm', 'devcontainer')}",
    }
    write_servers(b, root / ".devcontainer/devcontainer.json", devcontainer, draw(b, 1), rest)
    b.text(
        root / ".env",
        f"DATABASE_URL=postgres://u:{b.mint('password', '.env file')}@db/x\n"
        f"OPENAI_API_KEY={b.mint('openai', '.env file')}\n",
    )
    b.json(
        root / ".claude/settings.json",
        {
            "hooks": grouped("PreToolUse", guard_hook(b, "claude-project", "github-pat"), matcher="Bash"),
            "permissions": {"allow": ["Read"]},
        },
    )
    b.json(
        root / ".claude/settings.local.json",
        {
            "enabledMcpjsonServers": ["github"],
            "disabledMcpjsonServers": ["postgres"],
            "permissions": {"allow": [f"Bash(PGPASSWORD={b.mint('weak-password', 'permission entry')} psql:*)"]},
        },
    )
    b.json(root / ".cursor/hooks.json", {"version": 1, "hooks": {"preToolUse": [{"command": guard_hook(b, "cursor")}]}})
    hook = {"type": "command", "bash": guard_hook(b, "copilot"), "timeoutSec": 5}
    b.json(root / ".github/hooks/guard.json", {"version": 1, "hooks": {"preToolUse": [hook]}})
    b.text(root / "CLAUDE.md", f"# acme-web\nUse token {b.mint('gitlab-pat', 'instruction text')} for the registry.\n")
    b.text(root / "AGENTS.md", "# Rules\n")
    b.text(root / "apps/api/AGENTS.md", "# Rules of the API\n")
    b.text(root / ".github/copilot-instructions.md", "Be short.\n")
    b.text(root / ".cursor/rules/web.mdc", "---\ndescription: web\nglobs: '**/*.ts'\n---\nUse strict.\n")
    b.text(root / ".cursorrules", "Old rules.\n")
    b.text(root / ".windsurfrules", "Rules.\n")
    b.text(root / ".clinerules/01.md", "Rules.\n")
    skill(b, root / ".claude/skills", "web-release", secret="npm")
    skill(b, root / ".agents/skills", "shared-skill")
    b.count("hook", 3)
    b.count("instruction", 8)


def pipeline(b: Builder, root: Path) -> None:
    """data-pipeline: one project used with nearly every other agent."""
    repository(root)
    for place in PIPELINE:
        write_place(b, root, place)
    codex = root / ".codex/config.toml"
    b.toml(codex, {"mcp_servers": codex_table(b, codex, "project", draw(b, 1, 1))})
    two = Place("opencode", "", ("mcp", "servers"), OPENCODE_2, "project", "jsonc")
    write_servers(b, root / "opencode.json", two, draw(b, 1, 1, disable_last=True), {"plugins": []})
    block = root / ".continue/mcpServers/dbt.yaml"
    entry = Entry("dbt", command="uvx", args=("dbt-mcp", "--project-dir", "."))
    b.declare("continue", block, "project", entry, "stdio")
    b.yaml(
        block,
        {
            "name": "dbt",
            "version": "0.0.1",
            "schema": "v1",
            "mcpServers": [{"name": "dbt", "command": "uvx", "args": list(entry.args)}],
        },
    )
    vibe = root / ".vibe/config.toml"
    style = Style(types={"stdio": "stdio", "http": "http", "sse": "http"}, type_key="transport")
    entry = draw(b, 1)[0]
    b.declare("mistral-vibe", vibe, "project", entry, "stdio")
    b.toml(vibe, {"mcp_servers": [{"name": entry.name, **style.render(entry)}]})
    write_servers(b, root / "services/ingest/.mcp.json", CLAUDE, draw(b, 1))
    b.json(root / ".windsurf/hooks.json", {"hooks": {"pre_run_command": [{"command": guard_hook(b, "windsurf")}]}})
    b.json(root / ".devin/hooks.v1.json", grouped("PreToolUse", guard_hook(b, "devin"), matcher=".*"))
    b.json(
        root / ".agents/hooks.json", {"guard": {"enabled": True, **grouped("PreToolUse", guard_hook(b, "antigravity"))}}
    )
    b.text(root / ".clinerules/hooks/PreToolUse", "#!/bin/sh\nexit 0\n", executable=True)
    b.text(root / "GEMINI.md", "Rules.\n")
    b.text(root / "QWEN.md", "Rules.\n")
    b.text(root / "WARP.md", "Rules.\n")
    b.text(root / ".goosehints", "Hints.\n")
    b.text(root / ".junie/guidelines.md", "Rules.\n")
    b.text(root / ".kiro/steering/tech.md", "Rules.\n")
    skill(b, root / ".gemini/skills", "pipeline-skill")
    b.count("hook", 4)
    b.count("instruction", 6)


def write(b: Builder) -> list[Path]:
    """All projects. Returns the roots that a scan is told to look below."""
    source = b.home / "src"
    monorepo(b, source / "acme-web")
    pipeline(b, source / "data-pipeline")

    tree = source / "acme-web-feature"
    admin = source / "acme-web/.git/worktrees/acme-web-feature"
    b.text(admin / "gitdir", f"{tree}/.git\n")
    b.text(tree / ".git", f"gitdir: {admin}\n")
    write_servers(b, tree / ".mcp.json", CLAUDE, draw(b, 1, 1))

    real = repository(b.home / "Projects/real-project")
    write_servers(b, real / ".mcp.json", CLAUDE, draw(b, 1, 1))
    write_servers(b, real / ".cursor/mcp.json", CURSOR, draw(b, 1))
    (source / "link-project").symlink_to("../Projects/real-project")

    write_servers(b, repository(b.home / "work/remembered-only") / ".mcp.json", CLAUDE, draw(b, 1, 1))
    codex = repository(b.home / "work/codex-only") / ".codex/config.toml"
    b.toml(codex, {"mcp_servers": codex_table(b, codex, "project", draw(b, 1))})
    repository(source / "plain")
    b.text(source / "plain/main.py", "print('no agents here')\n")
    return [source]
