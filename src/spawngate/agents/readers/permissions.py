"""Permission rules and automatic approvals, in the forms that several agents share.

Must not be here: judgement of a rule (`rules`).
"""

from collections.abc import Iterable, Mapping

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers import as_map, as_texts
from spawngate.model.json import Json
from spawngate.model.observed import ObservedSetting, Topic


def setting(
    document: Document, topic: Topic, name: str, value: Json, pointer: str, *, project: str | None = None
) -> ObservedSetting:
    """A setting at `pointer` of the document; its project is the document's unless given."""
    return ObservedSetting(
        topic=topic,
        agent=document.agent,
        scope=document.scope,
        path=document.path,
        name=name,
        value=value,
        project=project or document.project,
        pointer=pointer,
    )


def claude_permissions(document: Document) -> Iterable[Sighting]:
    """`permissions: {allow, ask, deny, defaultMode, additionalDirectories}` as Claude Code and its forks write it.

    Source: https://code.claude.com/docs/en/settings#permission-settings.
    """
    permissions = as_map(document, document.map().get("permissions"), "permissions")
    yield from rule_lists(document, permissions, "permissions", ("allow", "ask", "deny"))
    mode = permissions.get("defaultMode")
    if isinstance(mode, str):
        yield setting(document, Topic.SWITCH, "permissions.defaultMode", mode, "permissions.defaultMode")
        if mode in ("bypassPermissions", "acceptEdits", "dontAsk"):
            yield setting(document, Topic.AUTO_APPROVE, mode, True, "permissions.defaultMode")
    for folder in as_texts(document, permissions.get("additionalDirectories"), "permissions.additionalDirectories"):
        yield setting(document, Topic.PERMISSION, f"Directory({folder})", "allow", "permissions.additionalDirectories")


def rule_lists(
    document: Document, container: Mapping[str, Json], pointer: str, words: Iterable[str]
) -> Iterable[Sighting]:
    """Lists of rules under the words allow, ask and deny (or an agent's own words for them)."""
    for word in words:
        for rule in as_texts(document, container.get(word), f"{pointer}.{word}"):
            yield setting(document, Topic.PERMISSION, rule, _VERDICTS.get(word, word), f"{pointer}.{word}")


_VERDICTS = {
    "allowed": "allow",
    "always_allow": "allow",
    "exclude": "deny",
    "block": "deny",
    "reject": "deny",
    "never_allow": "deny",
    "ask_before": "ask",
    "prompt": "ask",
}
