"""How each field of an observation's detail is redacted: a written table, key by key.

A key that is not in the table is redacted as if its whole value were secret text of unknown shape, so that a
reader that adds a field cannot leak by forgetting this table.
Must not be here: the redaction of each shape (`redact.redactor`).
"""

from enum import StrEnum

from spawngate.model.artifact import Kind


class Treatment(StrEnum):
    """What a detail's value is, and so how it is redacted."""

    PLAIN = "plain"
    """Vocabulary, counts, flags and digests made by our own readers: kept as it is."""
    TEXT = "text"
    """Free text, or a list or map of it."""
    PATH = "path"
    URL = "url"
    COMMAND = "command"
    """One shell line, or a list of them."""
    ARGV = "argv"
    """A list of words of one command."""
    ARGS = "args"
    """A list of arguments, without the program, which stands under `command` of the same detail."""
    ENV = "env"
    """Map of variable to value."""
    HEADERS = "headers"
    """Map of header to value."""
    VALUE = "value"
    """Any JSON; its keys decide."""


_COMMON = {
    "type": Treatment.TEXT,
    "bytes": Treatment.PLAIN,
    "lines": Treatment.PLAIN,
    "version": Treatment.TEXT,
    "description": Treatment.TEXT,
    "homepage": Treatment.URL,
    "repository": Treatment.URL,
    "license": Treatment.TEXT,
    "publisher": Treatment.TEXT,
    "root": Treatment.PATH,
    "digest": Treatment.PLAIN,
    "ai": Treatment.PLAIN,
    "ai_reason": Treatment.TEXT,
    "browser": Treatment.PLAIN,
    "profile": Treatment.TEXT,
    "product": Treatment.TEXT,
    "vendor": Treatment.TEXT,
    "id": Treatment.TEXT,
    "target": Treatment.PATH,
    "package": Treatment.TEXT,
    "package_manager": Treatment.PLAIN,
    "file": Treatment.PATH,
    "path": Treatment.PATH,
    "url": Treatment.URL,
    "cwd": Treatment.PATH,
    "trust": Treatment.PLAIN,
    "enabled": Treatment.PLAIN,
    "source": Treatment.TEXT,
    "marketplace": Treatment.TEXT,
    "model": Treatment.TEXT,
    "display_name": Treatment.TEXT,
    "files": Treatment.TEXT,
    "folder": Treatment.PATH,
    "tools": Treatment.TEXT,
    "project": Treatment.PATH,
    "pointer": Treatment.TEXT,
}

_BY_KIND: dict[Kind, dict[str, Treatment]] = {
    Kind.MCP_SERVER: {
        "tools": Treatment.TEXT,
        "auto_approve": Treatment.TEXT,
        "include_tools": Treatment.TEXT,
        "exclude_tools": Treatment.TEXT,
        "running": Treatment.PLAIN,
        "sandbox": Treatment.PLAIN,
        "timeout": Treatment.PLAIN,
        "oauth": Treatment.PLAIN,
        "dependencies": Treatment.TEXT,
    },
    Kind.HOOK: {
        "event": Treatment.TEXT,
        "matcher": Treatment.TEXT,
        "command": Treatment.COMMAND,
        "other_commands": Treatment.COMMAND,
        "argv": Treatment.ARGV,
        "args": Treatment.ARGS,
        "env": Treatment.ENV,
        "headers": Treatment.HEADERS,
        "prompt_bytes": Treatment.PLAIN,
        "timeout_ms": Treatment.PLAIN,
        "on_failure": Treatment.TEXT,
        "fail_closed": Treatment.PLAIN,
    },
    Kind.SKILL: {
        "signals": Treatment.PLAIN,
        "tools": Treatment.COMMAND,
        "hub_id": Treatment.TEXT,
        "steps": Treatment.TEXT,
        "invisible": Treatment.PLAIN,
        "bidirectional": Treatment.PLAIN,
        "dynamic_commands": Treatment.PLAIN,
        "permission_mode": Treatment.TEXT,
    },
    Kind.INSTRUCTION: {
        "signals": Treatment.PLAIN,
        "tools": Treatment.COMMAND,
        "invisible": Treatment.PLAIN,
        "bidirectional": Treatment.PLAIN,
        "dynamic_commands": Treatment.PLAIN,
        "permission_mode": Treatment.TEXT,
    },
    Kind.PLUGIN: {
        "plugins": Treatment.TEXT,
        "extensions": Treatment.PATH,
        "skills": Treatment.PATH,
        "prompts": Treatment.PATH,
        "only": Treatment.PATH,
    },
    Kind.EXTENSION: {
        "permissions": Treatment.TEXT,
        "host_permissions": Treatment.URL,
        "contributes": Treatment.TEXT,
        "servers": Treatment.TEXT,
        "allowed_origins": Treatment.TEXT,
        "name_key": Treatment.TEXT,
        "unpacked": Treatment.PLAIN,
        "manifest_version": Treatment.TEXT,
        "server_type": Treatment.TEXT,
        "entry_point": Treatment.PATH,
        "tools_generated": Treatment.PLAIN,
        "user_config": Treatment.TEXT,
    },
    Kind.CLI: {"cli": Treatment.PLAIN, "shadowed": Treatment.PLAIN},
    Kind.AGENT: {
        "binaries": Treatment.PATH,
        "apps": Treatment.PATH,
        "extensions": Treatment.TEXT,
        "configured_files": Treatment.PATH,
        "paths": Treatment.PATH,
        "last_used": Treatment.TEXT,
    },
}


COMPOSED: dict[Kind, frozenset[str]] = {
    Kind.MCP_SERVER: frozenset({"running", "since"}),
    Kind.AGENT: frozenset(
        [
            "auto_approvals",
            "auto_approvals_total",
            "permissions",
            "permissions_total",
            "projects",
            "server_policies",
            "server_policies_total",
            "switches",
            "switches_total",
            "trust",
            "trust_total",
        ]
    ),
    Kind.SECRET: frozenset({"owner", "owner_id", "owner_kind", "place", "project", "type"}),
}
"""Keys that are put together from redacted parts after the crossing: no treatment applies to them any more."""


def is_written(kind: Kind, key: str) -> bool:
    """Whether somebody wrote down what becomes of the key: a treatment, or that it is composed."""
    return key in _BY_KIND.get(kind, {}) or key in _COMMON or key in COMPOSED.get(kind, ())


def written_keys() -> tuple[str, ...]:
    """Every key that some kind's detail may hold, sorted; the manual names each."""
    kinds = [*_BY_KIND.values(), _COMMON]
    return tuple(sorted({key for keys in kinds for key in keys} | {key for keys in COMPOSED.values() for key in keys}))


def treatment(kind: Kind, key: str) -> Treatment:
    """The treatment of one key; VALUE, the strictest, for a key nobody wrote down."""
    found = _BY_KIND.get(kind, {}).get(key) or _COMMON.get(key)
    return found or Treatment.VALUE
