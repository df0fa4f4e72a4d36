"""Cursor: the editor and the CLI `cursor-agent` (Anysphere).

Sources, read 2026-11: https://cursor.com/docs/mcp, /docs/hooks, /docs/reference/permissions (permissions.json: JSONC,
per user and per repository, lists are joined), /docs/cli/reference/configuration (cli-config.json, cli.json); a
third-party reading of the CLI bundle of October 2026 for the folder `projects/<slug>`: `.workspace-trusted` holds
`{trustedAt, workspacePath, trustMethod}`, `mcp-approvals.json` is a list of `<server>-<hash>`. The slug is the path
with every run of other characters than letters and digits replaced by `-` (cut and hashed when long), so a path
cannot be won back from it. Where the editor keeps its per-server switches inside state.vscdb is not known.
Plugins lie in `plugins/local/<name>` and `plugins/cache/<marketplace>/<name>/<version>` (partly verified).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from spawngate.agents.agent import Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.cursor import HOOK
from spawngate.agents.readers import as_list, as_map, as_text, as_texts, pure_path
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.named_settings import switches
from spawngate.agents.readers.permissions import rule_lists, setting
from spawngate.agents.readers.plugins import MARKETPLACE, PLUGIN
from spawngate.agents.readers.servers import Fields, Servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL, SUBAGENT
from spawngate.agents.readers.vscode_projects import OfProducts, remembered
from spawngate.agents.settle import project_of
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.observed import Topic
from spawngate.model.setting import Setting

PRODUCTS = frozenset({"cursor", "cursor-server"})
FIELDS = Fields(auto_approve=(), trust=(), sandbox=())

_CLI = ("approvalMode", "sandbox.mode", "sandbox.networkAccess", "webFetchDomainAllowlist")
_SANDBOX = (
    "type",
    "networkPolicy",
    "additionalReadwritePaths",
    "additionalReadonlyPaths",
    "disableTmpWrite",
    "enableSharedBuildCache",
)
_EDITOR = ("security.workspace.trust.enabled", "task.allowAutomaticTasks")


def read_permissions(document: Document) -> Iterable[Sighting]:
    """`permissions.json`: MCP tools and commands that run without approval, and guidance for the classifier."""
    values = document.map()
    for key, tool in (("mcpAllowlist", "Mcp"), ("terminalAllowlist", "Shell")):
        for rule in as_texts(document, values.get(key), key):
            yield setting(document, Topic.PERMISSION, f"{tool}({rule})", "allow", key)
    guidance = as_map(document, values.get("autoRun"), "autoRun")
    for key in ("allow_instructions", "block_instructions"):
        if guidance.get(key) is not None:
            yield setting(document, Topic.SWITCH, f"autoRun.{key}", guidance[key], f"autoRun.{key}")


def read_cli(document: Document) -> Iterable[Sighting]:
    """`cli-config.json` of the user and `cli.json` of a project (which can only hold permissions)."""
    values = document.map()
    yield from rule_lists(
        document, as_map(document, values.get("permissions"), "permissions"), "permissions", ("allow", "deny")
    )
    if document.scope is Scope.PROJECT:
        return
    yield from switches(document, values, _CLI)
    if values.get("approvalMode") in ("unrestricted", "yolo"):
        yield setting(document, Topic.AUTO_APPROVE, str(values["approvalMode"]), True, "approvalMode")


def read_sandbox(document: Document) -> Iterable[Sighting]:
    """`sandbox.json`: what shell commands of the agent may reach."""
    yield from switches(document, document.map(), _SANDBOX, prefix="sandbox.")


def read_approvals(document: Document) -> Iterable[Sighting]:
    """`mcp-approvals.json`: servers that the CLI may start. The project is the folder's slug, not a path."""
    slug = pure_path(document.path).parent.name
    for entry in as_texts(document, as_list(document, document.value(), "the document"), "the document"):
        # Only a hash is cut off: a name may hold dashes, and so may a secret that somebody put there.
        hashed = re.fullmatch(r"(.+)-[0-9a-f]{8,64}", entry)
        name = hashed.group(1) if hashed else entry
        yield setting(document, Topic.SERVER_STATUS, name, Status.APPROVED, entry, project=slug)


def read_trust(document: Document) -> Iterable[Sighting]:
    """`.workspace-trusted`: a folder that the person trusts."""
    folder = as_text(document, document.map().get("workspacePath"), "workspacePath")
    if folder:
        yield setting(document, Topic.TRUST, folder, True, "workspacePath")
        yield setting(document, Topic.PROJECT, folder, True, "workspacePath")


def read_session(document: Document) -> Iterable[Sighting]:
    """`meta.json` of a chat of the CLI: the folder it was in."""
    folder = as_text(document, document.map().get("cwd"), "cwd")
    if folder:
        yield setting(document, Topic.PROJECT, folder, True, "cwd")


def read_environment(document: Document) -> Iterable[Sighting]:
    """`environment.json` and `worktrees.json`: commands that Cursor runs to prepare a machine or a work tree."""
    values = document.map()
    yield from switches(
        document,
        values,
        ("install", "start", "setup-worktree", "setup-worktree-unix", "setup-worktree-windows", "mcpServerAllowlist"),
        prefix=f"{pure_path(document.path).stem}.",
    )
    for index, entry in enumerate(as_list(document, values.get("terminals"), "terminals")):
        terminal = as_map(document, entry, f"terminals[{index}]")
        command = as_text(document, terminal.get("command"), f"terminals[{index}].command")
        if command:
            yield setting(
                document, Topic.SWITCH, f"environment.terminals[{index}].command", command, f"terminals[{index}]"
            )


def read_settings(document: Document) -> Iterable[Sighting]:
    """`settings.json` of the editor."""
    yield from switches(document, document.map(), _EDITOR)


def project_slug(path: str) -> str:
    """Name of a project's folder below `projects`; long paths are cut and hashed there, which this does not do."""
    return re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-")


def settle(artifacts: Sequence[Artifact], settings: Sequence[Setting]) -> Sequence[Artifact]:
    """A project's server waits until the approvals kept under the project's slug name it."""
    approved = {
        (item.project.casefold(), item.name)
        for item in settings
        if item.topic is Topic.SERVER_STATUS and item.value == Status.APPROVED and item.project is not None
    }
    settled: list[Artifact] = []
    for artifact in artifacts:
        if artifact.kind is Kind.MCP_SERVER and artifact.scope is Scope.PROJECT and artifact.status is Status.ENABLED:
            slug = project_slug(project_of(artifact) or "").casefold()
            status = Status.APPROVED if (slug, artifact.name) in approved else Status.PENDING
            artifact = replace(artifact, status=status)
        settled.append(artifact)
    return settled


def _plugin(root: str) -> tuple[Location, ...]:
    return (
        Location(f"{root}/.cursor-plugin/plugin.json", Scope.PLUGIN, PLUGIN),
        Location(f"{root}/.claude-plugin/plugin.json", Scope.PLUGIN, PLUGIN),
        Location(f"{root}/mcp.json", Scope.PLUGIN, Servers(fields=FIELDS)),
        Location(f"{root}/.mcp.json", Scope.PLUGIN, Servers(fields=FIELDS)),
        Location(f"{root}/hooks/hooks.json", Scope.PLUGIN, Hooks()),
        Location(f"{root}/skills/*/SKILL.md", Scope.PLUGIN, SKILL, Format.FRONTMATTER, siblings=True),
        Location(f"{root}/commands/**/*.md", Scope.PLUGIN, COMMAND, Format.FRONTMATTER),
        Location(f"{root}/agents/*.md", Scope.PLUGIN, SUBAGENT, Format.FRONTMATTER),
        Location(f"{root}/rules/**/*.mdc", Scope.PLUGIN, RULES, Format.FRONTMATTER),
    )


_SYSTEM: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("/etc/cursor", ("linux",)),
    ("/Library/Application Support/Cursor", ("macos",)),
    ("%PROGRAMDATA%/Cursor", ("windows",)),
)

AGENT = Agent(
    id="cursor",
    name="Cursor",
    vendor="Anysphere",
    detect=Detect(
        binaries=("cursor", "cursor-agent"),
        paths=(
            "~/.cursor/argv.json",
            "~/.cursor/cli-config.json",
            "~/.cursor/extensions",
            "~/.cursor/projects",
            "{appdata}/Cursor/User",
            "~/.local/share/cursor-agent/versions",
        ),
        apps=(
            "/Applications/Cursor.app",
            "%LOCALAPPDATA%/Programs/cursor/Cursor.exe",
            "/usr/share/cursor/cursor",
            "/opt/Cursor/cursor",
        ),
        sessions=(
            "~/.cursor/projects/*/agent-transcripts/*",
            "~/.cursor/chats/*/*/meta.json",
            "{appdata}/Cursor/User/globalStorage/state.vscdb",
        ),
    ),
    moved=(
        Moved("CURSOR_CONFIG_DIR", "~/.cursor/cli-config.json", "{value}/cli-config.json"),
        Moved("CURSOR_DATA_DIR", "~/.cursor/projects", "{value}/projects"),
        Moved("CURSOR_DATA_DIR", "~/.cursor/chats", "{value}/chats"),
    ),
    project_approval="pending",
    settle=settle,
    process_names=("Cursor", "Cursor Helper", "Cursor Helper (Plugin)", "cursor-agent"),
    locations=(
        Location("~/.cursor/mcp.json", Scope.USER, Servers(fields=FIELDS)),
        Location("{project}/.cursor/mcp.json", Scope.PROJECT, Servers(fields=FIELDS)),
        *(Location(f"{folder}/hooks.json", Scope.MANAGED, Hooks(), on=on) for folder, on in _SYSTEM),
        Location("~/.cursor/managed/*/hooks.json", Scope.MANAGED, Hooks()),
        Location("~/.cursor/hooks.json", Scope.USER, Hooks()),
        Location("{project}/.cursor/hooks.json", Scope.PROJECT, Hooks()),
        Location("~/.claude/settings.json", Scope.USER, Hooks(), shared=True),
        Location("{project}/.claude/settings.json", Scope.PROJECT, Hooks(), shared=True),
        Location("{project}/.claude/settings.local.json", Scope.LOCAL, Hooks(), shared=True),
        Location("~/.cursor/permissions.json", Scope.USER, read_permissions, Format.JSONC),
        Location("{project}/.cursor/permissions.json", Scope.PROJECT, read_permissions, Format.JSONC),
        Location("~/.cursor/cli-config.json", Scope.USER, read_cli),
        Location("{project}/.cursor/cli.json", Scope.PROJECT, read_cli),
        Location("~/.cursor/sandbox.json", Scope.USER, read_sandbox, Format.JSONC),
        Location("{project}/.cursor/sandbox.json", Scope.PROJECT, read_sandbox, Format.JSONC),
        Location("{project}/.cursor/environment.json", Scope.PROJECT, read_environment, Format.JSONC),
        Location("{project}/.cursor/worktrees.json", Scope.PROJECT, read_environment, Format.JSONC),
        Location("~/.cursor/projects/*/mcp-approvals.json", Scope.USER, read_approvals),
        Location("~/.cursor/projects/*/.workspace-trusted", Scope.USER, read_trust),
        Location("~/.cursor/chats/*/*/meta.json", Scope.USER, read_session, keep=(("cwd",),)),
        Location("~/.cursor/acp-sessions/*/meta.json", Scope.USER, read_session, keep=(("cwd",),)),
        Location("{vscode_user}/settings.json", Scope.USER, OfProducts(PRODUCTS, read_settings), Format.JSONC),
        *remembered(PRODUCTS),
        *_plugin("~/.cursor/plugins/local/*"),
        *_plugin("~/.cursor/plugins/cache/*/*/*"),
        Location("~/.cursor/plugins/marketplaces/*/.cursor-plugin/marketplace.json", Scope.PLUGIN, MARKETPLACE),
        Location("~/.cursor/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.cursor/skills-cursor/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.cursor/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.cursor/commands/**/*.md", Scope.USER, COMMAND, Format.FRONTMATTER),
        Location("{project}/.cursor/commands/**/*.md", Scope.PROJECT, COMMAND, Format.FRONTMATTER),
        Location("~/.cursor/agents/*.md", Scope.USER, SUBAGENT, Format.FRONTMATTER),
        Location("{project}/.cursor/agents/*.md", Scope.PROJECT, SUBAGENT, Format.FRONTMATTER),
        Location("{project}/.cursor/rules/**/*.mdc", Scope.PROJECT, RULES, Format.FRONTMATTER),
        Location("{project}/.cursorrules", Scope.PROJECT, RULES, Format.TEXT),
        Location("{project}/.cursor/BUGBOT.md", Scope.PROJECT, RULES, Format.TEXT),
    ),
    hook=HOOK,
    notes={
        "approvals": "the editor keeps which servers are on in state.vscdb under keys that are not known; the CLI's "
        "approvals name the project by a slug from which its path cannot be won back",
        "extensions": "servers that an extension registers at run time are not on disk",
        "rules": "user rules and team rules are in the account",
        "plugins": "the folders of plugins are partly verified",
        "hooks": "Claude Code hooks run in the CLI; in the editor only with third-party hooks switched on",
    },
)
