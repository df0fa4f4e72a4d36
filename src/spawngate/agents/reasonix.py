"""Reasonix.

Sources, read 2026-11: esengine/reasonix src/{config,hooks,skills}.ts, src/mcp/spec.ts, src/memory/user.ts (version 1:
JSON with servers as texts `name=command args`); dyoshikawa/rulesync src/features/{mcp,permissions,hooks}/reasonix-*.ts
and docs/reference/file-formats.md, which cite docs/SPEC.md of version 2 (TOML: `[[plugins]]` are the servers,
`[permissions]` in Claude Code's words). Hooks are flat entries with `match`, timeouts in milliseconds. Both versions
are read. A skill whose front matter says `runAs: subagent` is a sub-agent. Since 1.17.18 installing a server is the
only authorization it needs. Unsure: what version 2 writes for trust and remembered projects, and all of `[sandbox]`.
"""

import re
import shlex
from collections.abc import Iterable
from dataclasses import replace

from spawngate.agents.agent import Agent, Detect, Location
from spawngate.agents.document import Document, Sighting
from spawngate.agents.formats import Format
from spawngate.agents.hooks.dialects.reasonix import HOOK
from spawngate.agents.readers import as_list, as_map, as_texts
from spawngate.agents.readers.hooks import Hooks
from spawngate.agents.readers.permissions import rule_lists, setting
from spawngate.agents.readers.servers import Fields, Servers, server
from spawngate.agents.readers.texts import COMMAND, MEMORY, RULES, SKILL, Text
from spawngate.model.artifact import Kind, Scope, Status
from spawngate.model.observed import Observed, Topic

FIELDS = Fields(env_file=(), auto_approve=(), trust=(), sandbox=(), timeout=("call_timeout_seconds",))

_NAME = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)=(.*)", re.DOTALL)
_ADDRESS = re.compile(r"(streamable\+)?(https?://.+)", re.IGNORECASE)


def read_toml(document: Document) -> Iterable[Sighting]:
    """`reasonix.toml` or `config.toml`: servers, permissions and sandbox."""
    yield from Servers(("plugins",), FIELDS)(document)
    permissions = as_map(document, document.map().get("permissions"), "permissions")
    yield from rule_lists(document, permissions, "permissions", ("allow", "ask", "deny"))
    mode = permissions.get("mode")
    if isinstance(mode, str):
        yield setting(document, Topic.SWITCH, "permissions.mode", mode, "permissions.mode")
        if mode == "allow":
            yield setting(document, Topic.AUTO_APPROVE, "tools without a rule", True, "permissions.mode")
    for key, value in as_map(document, document.map().get("sandbox"), "sandbox").items():
        yield setting(document, Topic.SWITCH, f"sandbox.{key}", value, f"sandbox.{key}")


def read_config(document: Document) -> Iterable[Sighting]:
    """`config.json` of version 1: servers as texts, the edit mode, and shell commands allowed by project."""
    config = document.map()
    disabled = as_texts(document, config.get("mcpDisabled"), "mcpDisabled")
    for index, raw in enumerate(as_list(document, config.get("mcp"), "mcp")):
        pointer = f"mcp[{index}]"
        if not isinstance(raw, str) or not raw.strip():
            document.note("wrong-type", f"{pointer} is no text that describes a server")
            continue
        yield _server(document, raw.strip(), pointer, f"#{index + 1}", disabled)
    mode = config.get("editMode")
    if isinstance(mode, str):
        yield setting(document, Topic.SWITCH, "editMode", mode, "editMode")
        if mode in ("auto", "yolo"):
            yield setting(document, Topic.AUTO_APPROVE, f"edit mode {mode}", True, "editMode")
    for root, raw in as_map(document, config.get("projects"), "projects").items():
        pointer = f"projects.{root}"
        yield setting(document, Topic.PROJECT, root, True, pointer)
        entry = as_map(document, raw, pointer)
        for prefix in as_texts(document, entry.get("shellAllowed"), f"{pointer}.shellAllowed"):
            yield setting(document, Topic.PERMISSION, f"Bash({prefix})", "allow", pointer, project=root)


def _server(document: Document, text: str, pointer: str, fallback: str, disabled: Iterable[str]) -> Observed:
    """One server of version 1: `[name=]command args`, `[name=]https://...` (SSE) or `[name=]streamable+https://...`."""
    named = _NAME.fullmatch(text)
    name, body = (named.group(1), named.group(2).strip()) if named else (fallback, text)
    address = _ADDRESS.fullmatch(body)
    status = Status.DISABLED if name in disabled else None
    if address:
        kind = "http" if address.group(1) else "sse"
        return server(document, name, {"type": kind, "url": address.group(2)}, pointer, FIELDS, status=status)
    try:
        words = shlex.split(body)
    except ValueError:
        words = body.split()
    return server(document, name, {"command": words}, pointer, FIELDS, status=status)


def read_skill(document: Document) -> Iterable[Sighting]:
    """A skill, or a sub-agent that is written like one."""
    for sighting in SKILL(document):
        front = document.map()
        if isinstance(sighting, Observed) and front.get("runAs") == "subagent":
            detail = {**sighting.detail, "type": "subagent"}
            yield replace(sighting, kind=Kind.INSTRUCTION, detail=detail)
        else:
            yield sighting


_SINGLE = Text(Kind.SKILL, "skill")
_HOOKS = Hooks(timeout_unit="ms")


def _tree(root: str, scope: Scope) -> Iterable[Location]:
    yield Location(f"{root}/settings.json", scope, _HOOKS)
    yield Location(f"{root}/skills/*/SKILL.md", scope, read_skill, Format.FRONTMATTER, siblings=True)
    yield Location(f"{root}/skills/*.md", scope, _SINGLE, Format.FRONTMATTER)
    yield Location(f"{root}/commands/**/*.md", scope, COMMAND, Format.FRONTMATTER)


AGENT = Agent(
    id="reasonix",
    name="Reasonix",
    vendor="community",
    detect=Detect(binaries=("reasonix",), paths=("~/.reasonix",), packages=("reasonix",)),
    locations=(
        Location("~/.reasonix/config.toml", Scope.USER, read_toml, Format.TOML),
        Location("{project}/reasonix.toml", Scope.PROJECT, read_toml, Format.TOML),
        Location("~/.reasonix/config.json", Scope.USER, read_config),
        *_tree("~/.reasonix", Scope.USER),
        *_tree("{project}/.reasonix", Scope.PROJECT),
        Location("~/.reasonix/REASONIX.md", Scope.USER, RULES, Format.TEXT),
        Location("{project}/REASONIX.md", Scope.PROJECT, RULES, Format.TEXT),
        Location("~/.reasonix/memory/*/*.md", Scope.USER, MEMORY, Format.TEXT),
    ),
    hook=HOOK,
    notes={"version 2": "its files are known from another tool's documentation, not from its own source"},
)
