"""Amp (Sourcegraph).

Sources, read 2026-11: https://ampcode.com/manual, https://ampcode.com/manual/plugin-api; keys of settings as in
dyoshikawa/rulesync:src/features/permissions/amp-permissions.ts. Keys hold a literal dot (`"amp.mcpServers"`). A
workspace's servers need `amp mcp approve`; where that is stored was not found out, so they are `unknown`. The editor
extension takes the same keys from the editor's settings.json. Managed paths on macOS and Windows are from third
parties.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Platform, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.amp import HOOK
from spawngate.agents.readers import as_list, as_map, as_text, as_texts
from spawngate.agents.readers.hooks import hook
from spawngate.agents.readers.named_settings import switches
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.scripts import SCRIPT, TOOL
from spawngate.agents.readers.servers import BareServers, Fields, servers
from spawngate.agents.readers.texts import COMMAND, RULES, SKILL, Text
from spawngate.model.artifact import Artifact, Kind, Scope, Status
from spawngate.model.json import Json
from spawngate.model.observed import Topic
from spawngate.model.setting import Setting

FIELDS = Fields(auto_approve=(), trust=(), sandbox=())
_CHECK = Text(Kind.INSTRUCTION, "check")
_VERDICTS = {"reject": "deny"}
_SWITCHES = ("amp.url", "amp.proxy", "amp.toolbox.path", "amp.skills.path", "amp.git.commit.coauthor.enabled")
_MANAGED: tuple[tuple[str, tuple[Platform, ...]], ...] = (
    ("/etc/ampcode", ("linux",)),
    ("/Library/Application Support/ampcode", ("macos",)),
    ("%PROGRAMDATA%/ampcode", ("windows",)),
)


def read_settings(document: Document) -> Iterable[Sighting]:
    """`settings.json` of any scope."""
    settings = document.map()
    yield from servers(document, settings.get("amp.mcpServers"), "amp.mcpServers", FIELDS)
    yield from _permissions(document, settings.get("amp.permissions"), "amp.permissions")
    yield from _server_rules(document, settings.get("amp.mcpPermissions"), "amp.mcpPermissions")
    for tool in as_texts(document, settings.get("amp.tools.disable"), "amp.tools.disable"):
        yield setting(document, Topic.PERMISSION, tool, "deny", "amp.tools.disable")
    for command in as_texts(document, settings.get("amp.commands.allowlist"), "amp.commands.allowlist"):
        yield setting(document, Topic.PERMISSION, f"Bash(cmd={command})", "allow", "amp.commands.allowlist")
    for path in as_texts(document, settings.get("amp.guardedFiles.allowlist"), "amp.guardedFiles.allowlist"):
        yield setting(document, Topic.PERMISSION, f"guardedFiles({path})", "allow", "amp.guardedFiles.allowlist")
    if settings.get("amp.dangerouslyAllowAll") is True:
        yield setting(document, Topic.AUTO_APPROVE, "amp.dangerouslyAllowAll", True, "amp.dangerouslyAllowAll")
    yield from switches(document, settings, _SWITCHES)


def settle(artifacts: Sequence[Artifact], _: Sequence[Setting]) -> Sequence[Artifact]:
    """A workspace's server waits for an approval that Amp keeps where nothing here can read it."""
    return [
        replace(artifact, status=Status.UNKNOWN)
        if artifact.kind is Kind.MCP_SERVER and artifact.scope is Scope.PROJECT and artifact.status is Status.ENABLED
        else artifact
        for artifact in artifacts
    ]


def _permissions(document: Document, rules: Json, pointer: str) -> Iterable[Sighting]:
    """Rules of which the first match wins. `delegate` asks a program, which makes it a hook."""
    for index, raw in enumerate(as_list(document, rules, pointer)):
        where = f"{pointer}[{index}]"
        rule = as_map(document, raw, where)
        tool = as_text(document, rule.get("tool"), f"{where}.tool")
        action = as_text(document, rule.get("action"), f"{where}.action")
        if not tool or not action:
            if rule:
                document.note("unknown-shape", f"{where} has no tool or no action")
            continue
        name = f"{tool}{_matches(document, rule.get('matches'), where)}"
        if action == "delegate":
            yield hook(document, "tool.call", name, {"command": rule.get("to"), "type": "delegate"}, where)
        else:
            yield setting(document, Topic.PERMISSION, name, _VERDICTS.get(action, action), where)


def _server_rules(document: Document, rules: Json, pointer: str) -> Iterable[Sighting]:
    """Rules about which servers may run. Amp takes the first match, so they are no plain allow or deny list."""
    for index, raw in enumerate(as_list(document, rules, pointer)):
        where = f"{pointer}[{index}]"
        rule = as_map(document, raw, where)
        action = as_text(document, rule.get("action"), f"{where}.action")
        if action:
            name = f"mcp{_matches(document, rule.get('matches'), where)}"
            yield setting(document, Topic.PERMISSION, name, _VERDICTS.get(action, action), where)


def _matches(document: Document, matches: Json, pointer: str) -> str:
    parts: list[str] = []
    for key, value in as_map(document, matches, f"{pointer}.matches").items():
        if isinstance(value, Mapping):
            parts.append(f"{key}=...")
        else:
            parts.append(f"{key}={'|'.join(as_texts(document, value, f'{pointer}.matches.{key}'))}")
    return f"({', '.join(parts)})" if parts else ""


AGENT = Agent(
    id="amp",
    name="Amp",
    vendor="Amp",
    detect=Detect(
        binaries=("amp",),
        paths=("~/.config/amp", "~/.local/share/amp", "%APPDATA%/amp"),
        extension_ids=("sourcegraph.amp",),
        packages=("@sourcegraph/amp",),
        sessions=("~/.local/share/amp/threads/*.json",),
    ),
    precedence=(Scope.MANAGED, Scope.PROJECT, Scope.PROFILE, Scope.USER, Scope.PLUGIN),
    project_approval="pending",
    settle=settle,
    locations=(
        *(
            Location(f"{folder}/{name}", scope, read_settings, Format.JSONC)
            for folder, scope in (("~/.config/amp", Scope.USER), ("{project}/.amp", Scope.PROJECT))
            for name in ("settings.json", "settings.jsonc")
        ),
        Location("%APPDATA%/amp/settings.json", Scope.USER, read_settings, Format.JSONC, on=("windows",)),
        Location("{vscode_user}/settings.json", Scope.USER, read_settings, Format.JSONC, shared=True),
        Location("{vscode_user}/profiles/*/settings.json", Scope.PROFILE, read_settings, Format.JSONC, shared=True),
        *(
            Location(f"{folder}/managed-settings.json", Scope.MANAGED, read_settings, Format.JSONC, on=on)
            for folder, on in _MANAGED
        ),
        *(
            Location(f"{folder}/plugins/*.{ending}", scope, SCRIPT, Format.NONE)
            for folder, scope in (("~/.config/amp", Scope.USER), ("{project}/.amp", Scope.PROJECT))
            for ending in ("ts", "js")
        ),
        Location("~/.config/amp/tools/*", Scope.USER, TOOL, Format.NONE),
        Location("~/.config/amp/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        *(
            Location(f"{folder}/*/mcp.json", Scope.PLUGIN, BareServers(fields=FIELDS), shared=shared)
            for folder, shared in (
                ("~/.config/amp/skills", False),
                ("~/.config/agents/skills", True),
                ("{project}/.agents/skills", True),
            )
        ),
        Location("~/.config/amp/commands/*.md", Scope.USER, COMMAND, Format.FRONTMATTER),
        Location("{project}/.agents/commands/*.md", Scope.PROJECT, COMMAND, Format.FRONTMATTER),
        Location("~/.config/amp/checks/*.md", Scope.USER, _CHECK, Format.FRONTMATTER),
        Location("{project}/.agents/checks/*.md", Scope.PROJECT, _CHECK, Format.FRONTMATTER),
        Location("~/.config/amp/AGENTS.md", Scope.USER, RULES, Format.TEXT),
    ),
    hook=HOOK,
    notes={
        "approval": "where approvals of workspace servers are stored was not found out",
        "first-match": "amp.permissions and amp.mcpPermissions are recorded rule by rule; which wins is not computed",
        "managed": "the managed paths on macOS and Windows are from third parties",
        "projects": "the folders of past threads are not read",
        "editor": "whether the extension takes servers from a workspace's .vscode/settings.json was not found out",
    },
)
