"""One approved launch as a `server.json` that the MCP registry's clients read.

A registry tells how to install a package. So a launch without a package that others can fetch (a program of one
machine, a script, text that a shell runs) has no form here and is left out, whatever its approval says. Pure.
Must not be here: requests, which approvals count.

Sources: server.json, schema of 2025-12-11, and the registry's OpenAPI document (`registry`).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spawngate.launch.definition import from_mapping
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.understand import understand

SCHEMA = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
OFFICIAL = "io.modelcontextprotocol.registry/official"
OURS = "org.spawngate/approval"
LONGEST_NAME, LONGEST_TEXT = 200, 100
"""Characters of a server's name and of its description, by the schema."""
UNKNOWN_VERSION = "0.0.0"
"""Of a launch that fixes none: the form wants one. The package then has no version, so a client fetches the newest."""
_TYPES = {"npm": "npm", "pypi": "pypi", "oci": "oci", "nuget": "nuget", "cargo": "cargo"}
"""Ecosystems of packages as the registry calls them."""
_SOURCES = frozenset({"registry", "container"})
_HINTS = {"npx": "npx", "npm-exec": "npx", "uvx": "uvx", "docker-run": "docker", "podman-run": "docker", "dnx": "dnx"}
_MARK = re.compile(r"\[secret(?::[^\]]*)?\]")
_SLUG = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Listed:
    """An approved launch, as its approval holds it."""

    id: int
    fingerprint: str
    name: str
    """What the entry is called where it was approved."""
    command: str
    args: Sequence[str]
    release: str
    """The version that runs, where an endpoint has found it out."""
    environment: Sequence[str]
    """Names of variables that belong to what was approved."""
    state: str
    """approved, revoked, expired."""
    published: str
    updated: str
    """RFC 3339."""
    expires: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """One version of one server, ready to be listed."""

    name: str
    version: str
    is_deleted: bool
    published: str
    updated: str
    document: Mapping[str, Any]
    """`server`: what `server.json` says."""
    approval: Mapping[str, Any]


def server_of(listed: Listed, namespace: str) -> Server | None:
    """The server of an approval; None where the form cannot say what was approved.

    `namespace`: what names begin with, in reverse-DNS form (`org.example.approved`).
    """
    facts = understand(from_mapping({"command": listed.command, "args": list(listed.args)}, "linux", ""))
    kind = _TYPES.get(facts.package_ecosystem)
    if kind is None or facts.source not in _SOURCES or not facts.package_name or _runs_more(facts):
        return None
    version = facts.package_version if facts.pin in ("exact", "digest") else listed.release
    package: dict[str, Any] = {
        "registryType": kind,
        "identifier": _identifier(facts),
        "transport": {"type": "stdio"},
    }
    if facts.pin in ("exact", "digest") and kind != "oci":
        package["version"] = facts.package_version
    runtime, own = _parted(listed.args, facts)
    hint = _HINTS.get(facts.launcher, "")
    if hint:
        package["runtimeHint"] = hint
    if runtime and hint:
        package["runtimeArguments"] = [_argument(word) for word in runtime]
    if own:
        package["packageArguments"] = [_argument(word) for word in own]
    if listed.environment:
        package["environmentVariables"] = [{"name": name, "isRequired": True} for name in listed.environment]
    title = listed.name or facts.package_name
    name = f"{namespace}/{_slug(facts.package_name)[:100]}.{listed.fingerprint[:12]}"[-LONGEST_NAME:]
    document = {
        "$schema": SCHEMA,
        "name": name,
        "title": title[:LONGEST_TEXT],
        "description": f"Approved launch of {facts.package_name}"[:LONGEST_TEXT],
        "version": version or UNKNOWN_VERSION,
        "packages": [package],
    }
    return Server(
        name=name,
        version=version or UNKNOWN_VERSION,
        is_deleted=listed.state != "approved",
        published=listed.published,
        updated=listed.updated,
        document=document,
        approval={
            "id": listed.id,
            "fingerprint": listed.fingerprint,
            "state": listed.state,
            **({"expires_at": listed.expires} if listed.expires else {}),
        },
    )


def response_of(server: Server) -> dict[str, Any]:
    """A server as the API answers it (`ServerResponse`)."""
    return {
        "server": server.document,
        "_meta": {
            OFFICIAL: {
                "status": "deleted" if server.is_deleted else "active",
                "publishedAt": server.published,
                "updatedAt": server.updated,
                "isLatest": True,
            },
            OURS: server.approval,
        },
    }


def _runs_more(facts: LaunchFacts) -> bool:
    """Whether the launch is more than this one package: who installs from the form would run something else."""
    return bool(
        facts.shell
        or facts.inline_code
        or facts.downloads_and_runs
        or facts.runs_install
        or facts.extra_packages
        or facts.registry_override
        or facts.config_override
        or facts.loads_code
        or facts.wrappers
    )


def _identifier(facts: LaunchFacts) -> str:
    if facts.package_ecosystem != "oci" or not facts.package_version:
        return facts.package_name
    return f"{facts.package_name}{'@' if facts.pin == 'digest' else ':'}{facts.package_version}"


def _parted(args: Sequence[str], facts: LaunchFacts) -> tuple[list[str], list[str]]:
    """Arguments of the launcher without the package, and those of the server."""
    own = list(facts.server_args)
    before = list(args[: len(args) - len(own)]) if list(args[len(args) - len(own) :]) == own else list(args)
    last = facts.package_name.rpartition("/")[2].lower()
    for place in range(len(before) - 1, -1, -1):
        if last in before[place].lower():
            del before[place]
            break
    return before, own


def _argument(word: str) -> dict[str, Any]:
    if _MARK.search(word):
        name, equals, _ = word.partition("=")
        if equals and word.startswith("-"):
            return {"type": "named", "name": name, "isRequired": True, "isSecret": True}
        return {"type": "positional", "valueHint": "secret", "isRequired": True, "isSecret": True}
    if word.startswith("~/") or word == "~":
        return {"type": "positional", "valueHint": "path", "default": word, "format": "filepath", "isRequired": True}
    return {"type": "positional", "value": word}


def _slug(name: str) -> str:
    return _SLUG.sub("-", name.removeprefix("@").replace("/", ".")).strip("-.") or "server"
