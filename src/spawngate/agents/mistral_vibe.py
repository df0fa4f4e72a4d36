"""Mistral Vibe (Mistral AI).

Sources, read 2026-11: mistralai/mistral-vibe:vibe/core/config/{models,vibe_schema}.py, vibe/core/trusted_folders.py,
vibe/core/config/harness_files/_harness_manager.py, README.md (hooks); https://docs.mistral.ai/vibe/code/cli/configuration-reference;
dyoshikawa/rulesync:src/features/permissions/vibe-permissions.ts. Servers are a list; a command may be a whole command
line; static credentials lie in `[auth]` or, older, beside the address. Everything of a project counts only in a
trusted folder. `.vibe/tools/*.py` is code that Vibe loads. An agent profile may override any key of the
configuration.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.agent import Agent, Detect, Location, Moved
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.mistral_vibe import HOOK
from spawngate.agents.readers import as_map, as_text, as_texts, many, observe, pure_path
from spawngate.agents.readers.hook_lists import HookList
from spawngate.agents.readers.named_settings import Switches
from spawngate.agents.readers.permissions import setting
from spawngate.agents.readers.reshape import reshape, split_command
from spawngate.agents.readers.scripts import TOOL
from spawngate.agents.readers.servers import Fields, servers
from spawngate.agents.readers.texts import RULES, SKILL, Text
from spawngate.model.artifact import Kind, Scope
from spawngate.model.json import Json
from spawngate.model.observed import Observed, Topic

FIELDS = Fields(
    env_file=(),
    auto_approve=(),
    trust=(),
    include_tools=(),
    exclude_tools=("disabled_tools",),
    timeout=("tool_timeout_sec", "startup_timeout_sec"),
    sandbox=(),
)

_VERDICTS: Mapping[str, str] = {"always": "allow", "ask": "ask", "never": "deny"}
_SWITCHES = Switches(
    (
        "bypass_tool_permissions",
        "default_agent",
        "tool_paths",
        "skill_paths",
        "agent_paths",
        "enable_connectors",
        "enable_experimental_hooks",
        "enable_auto_update",
        "enable_telemetry",
        "otel_endpoint",
        "system_prompt_id",
    )
)


def read_servers(document: Document) -> Iterable[Sighting]:
    """`[[mcp_servers]]`."""
    yield from _servers(document, None)


def read_permissions(document: Document) -> Iterable[Sighting]:
    """`[tools.<name>]`: what runs, asks or never runs; and what lifts all questions."""
    config = document.map()
    for tool, raw in as_map(document, config.get("tools"), "tools").items():
        pointer = f"tools.{tool}"
        entry = as_map(document, raw, pointer)
        word = as_text(document, entry.get("permission"), f"{pointer}.permission")
        if word is not None:
            verdict = _VERDICTS.get(word.lower())
            if verdict is None:
                document.note("unknown-shape", f"{pointer}.permission is no known word")
            else:
                yield setting(document, Topic.PERMISSION, tool, verdict, f"{pointer}.permission")
        for key, verdict in (("allowlist", "allow"), ("denylist", "deny"), ("sensitive_patterns", "ask")):
            for pattern in as_texts(document, entry.get(key), f"{pointer}.{key}"):
                yield setting(document, Topic.PERMISSION, f"{tool}({pattern})", verdict, f"{pointer}.{key}")
    for tool in as_texts(document, config.get("disabled_tools"), "disabled_tools"):
        yield setting(document, Topic.PERMISSION, tool, "deny", "disabled_tools")
    if config.get("bypass_tool_permissions") is True:
        yield setting(document, Topic.AUTO_APPROVE, "bypass_tool_permissions", True, "bypass_tool_permissions")
    profile = config.get("default_agent")
    if profile in ("auto-approve", "accept-edits"):
        yield setting(document, Topic.AUTO_APPROVE, str(profile), True, "default_agent")


def read_profile(document: Document) -> Iterable[Sighting]:
    """An agent profile: a sub-agent, and the configuration that holds while it runs."""
    profile = document.map()
    detail: dict[str, Json] = {"type": "subagent", "bytes": len(document.data)}
    for key, plain in (("description", "description"), ("active_model", "model")):
        text = as_text(document, profile.get(key), key)
        if text:
            detail[plain] = text
    yield observe(document, Kind.INSTRUCTION, pure_path(document.path).stem, detail=detail, content=document.digest)
    yield from _servers(document, Scope.SUBAGENT)
    yield from read_permissions(document)
    yield from _SWITCHES(document)


def read_trusted_folders(document: Document) -> Iterable[Sighting]:
    """`trusted_folders.toml`: two lists of folders."""
    for key, trusted in (("trusted", True), ("untrusted", False)):
        for folder in as_texts(document, document.map().get(key), key):
            yield setting(document, Topic.TRUST, folder, trusted, key)
            if trusted:
                yield setting(document, Topic.PROJECT, folder, True, key)


def _servers(document: Document, scope: Scope | None) -> Iterable[Observed]:
    declared = reshape(document.map().get("mcp_servers"), _with_credentials, split_command)
    yield from servers(document, declared, "mcp_servers", FIELDS, scope=scope)


def _with_credentials(item: Mapping[str, Json]) -> Mapping[str, Json]:
    """Static credentials as the header that they become: from `auth`, or from the definition itself in older files."""
    auth = item.get("auth")
    source = auth if isinstance(auth, Mapping) else item
    variable = source.get("api_key_env")
    if not isinstance(variable, str) or not variable:
        return {**item, "headers": source["headers"]} if source.get("headers") is not None else item
    name, form = source.get("api_key_header"), source.get("api_key_format")
    name = name if isinstance(name, str) and name else "Authorization"
    form = form if isinstance(form, str) and form else "Bearer {token}"
    own = source.get("headers")
    headers = dict(own) if isinstance(own, Mapping) else {}
    if name.lower() not in {key.lower() for key in headers}:
        headers[name] = form.replace("{token}", f"${{{variable}}}")
    return {**item, "headers": headers}


_CONFIG = many(read_servers, read_permissions, _SWITCHES)
_HOOKS = HookList(event="type", matcher="match")
_PROMPT = Text(Kind.INSTRUCTION, "system-prompt")

AGENT = Agent(
    id="mistral-vibe",
    name="Mistral Vibe",
    vendor="Mistral AI",
    detect=Detect(
        binaries=("vibe-acp",),
        paths=("~/.vibe/config.toml", "~/.vibe/trusted_folders.toml", "~/.vibe/logs/session"),
        packages=("mistral-vibe",),
        sessions=("~/.vibe/logs/session/*",),
    ),
    moved=(Moved("VIBE_HOME", "~/.vibe"),),
    project_approval="trust",
    locations=(
        Location("~/.vibe/config.toml", Scope.USER, _CONFIG, Format.TOML),
        Location("{project}/.vibe/config.toml", Scope.PROJECT, _CONFIG, Format.TOML),
        Location("~/.vibe/trusted_folders.toml", Scope.USER, read_trusted_folders, Format.TOML),
        Location("~/.vibe/hooks.toml", Scope.USER, _HOOKS, Format.TOML),
        Location("{project}/.vibe/hooks.toml", Scope.PROJECT, _HOOKS, Format.TOML),
        Location("~/.vibe/agents/*.toml", Scope.USER, read_profile, Format.TOML),
        Location("{project}/.vibe/agents/*.toml", Scope.PROJECT, read_profile, Format.TOML),
        Location("~/.vibe/tools/*.py", Scope.USER, TOOL, Format.NONE),
        Location("{project}/.vibe/tools/*.py", Scope.PROJECT, TOOL, Format.NONE),
        Location("~/.vibe/skills/*/SKILL.md", Scope.USER, SKILL, Format.FRONTMATTER, siblings=True),
        Location("{project}/.vibe/skills/*/SKILL.md", Scope.PROJECT, SKILL, Format.FRONTMATTER, siblings=True),
        Location("~/.vibe/prompts/*.md", Scope.USER, _PROMPT, Format.TEXT),
        Location("{project}/.vibe/prompts/*.md", Scope.PROJECT, _PROMPT, Format.TEXT),
        Location("~/.vibe/AGENTS.md", Scope.USER, RULES, Format.TEXT),
    ),
    process_names=("vibe",),
    hook=HOOK,
    notes={
        "layers": "older versions read a trusted project's config.toml in place of the user's, not on top of it",
        "hooks": "a project's hook replaces a user's of the same name; both are listed",
        "connectors": "connectors and registry skills of the Mistral account are not on disk",
        "binary": "the program is called `vibe`, a name other programs have",
    },
)
