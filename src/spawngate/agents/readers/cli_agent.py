"""What an agent file of Kiro CLI or of its predecessor Amazon Q CLI grants: tools without a question, limits of tools.

Servers and hooks of such a file are read by `readers.texts.SUBAGENT`.
Format sources: aws/amazon-q-developer-cli:docs/agent-format.md, docs/built-in-tools.md;
https://kiro.dev/docs/cli/custom-agents/configuration-reference.
Must not be here: where the files lie.
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers import as_map, as_text, as_texts, records
from spawngate.agents.readers.named_settings import Switches
from spawngate.agents.readers.permissions import setting
from spawngate.model.json import Json
from spawngate.model.observed import Topic

_LISTS: Mapping[str, str] = {
    "allowedPaths": "allow",
    "allowedCommands": "allow",
    "allowedServices": "allow",
    "allowedAgents": "allow",
    "trustedAgents": "allow",
    "trusted": "allow",
    "deniedPaths": "deny",
    "deniedCommands": "deny",
    "deniedServices": "deny",
    "blocked": "deny",
}
_FLAGS = ("autoAllowReadonly", "allowReadOnly", "denyByDefault")
_SWITCHES = Switches(("includeMcpJson", "useLegacyMcpJson", "includePowers"))


def agent_grants(document: Document) -> Iterable[Sighting]:
    """`allowedTools`, `excludedTools`, `toolsSettings` and `permissions` of an agent file, and what it pulls in."""
    agent = document.map()
    for rule in as_texts(document, agent.get("allowedTools"), "allowedTools"):
        if rule == "*":
            yield setting(document, Topic.AUTO_APPROVE, "*", True, "allowedTools")
        yield setting(document, Topic.PERMISSION, rule, "allow", "allowedTools")
    for rule in as_texts(document, agent.get("excludedTools"), "excludedTools"):
        yield setting(document, Topic.PERMISSION, rule, "deny", "excludedTools")
    for tool, raw in as_map(document, agent.get("toolsSettings"), "toolsSettings").items():
        pointer = f"toolsSettings.{tool}"
        limits = as_map(document, raw, pointer)
        for key, verdict in _LISTS.items():
            for pattern in as_texts(document, limits.get(key), f"{pointer}.{key}"):
                yield setting(document, Topic.PERMISSION, f"{tool}({pattern})", verdict, f"{pointer}.{key}")
        for key in _FLAGS:
            if isinstance(limits.get(key), bool):
                yield setting(document, Topic.SWITCH, f"{pointer}.{key}", limits[key], f"{pointer}.{key}")
    permissions = as_map(document, agent.get("permissions"), "permissions")
    yield from capability_rules(document, permissions.get("rules"), "permissions.rules")
    yield from _SWITCHES(document)


def capability_rules(document: Document, rules: Json, pointer: str) -> Iterable[Sighting]:
    """Rules `{capability, match, exclude, effect}`. The name of a rule is `capability(pattern)`, with what it leaves
    out as `!pattern`; a rule without patterns is about everything of its capability.

    Source: https://kiro.dev/docs/cli/v3/permissions.
    """
    for spot, rule in records(document, rules, pointer):
        capability = as_text(document, rule.get("capability"), f"{spot}.capability")
        effect = as_text(document, rule.get("effect"), f"{spot}.effect")
        if not capability or effect not in ("allow", "ask", "deny"):
            document.note("unknown-shape", f"{spot} has no capability or no known effect")
            continue
        patterns = as_texts(document, rule.get("match"), f"{spot}.match")
        left_out = "".join(f" !{text}" for text in as_texts(document, rule.get("exclude"), f"{spot}.exclude"))
        for pattern in patterns or ("*",):
            everything = pattern == "*" and not left_out
            name = capability if everything else f"{capability}({pattern}{left_out})"
            yield setting(document, Topic.PERMISSION, name, effect, spot)
            if effect == "allow" and everything and capability in ("all", "shell"):
                yield setting(document, Topic.AUTO_APPROVE, capability, True, spot)
