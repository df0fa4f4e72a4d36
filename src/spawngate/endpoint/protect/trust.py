"""SHELL. Records of trust that an agent wants before it runs a hook, written with the person's consent to `protect`.

Must not be here: how a record looks (`agents.hooks.codex_trust`).
"""

import os
from collections.abc import Mapping
from dataclasses import replace

from spawngate.agents.formats import Format
from spawngate.agents.formats.edit import EditError, parse
from spawngate.agents.hooks.codex_trust import records
from spawngate.agents.hooks.registration import HookFile
from spawngate.endpoint.protect.atomic import WriteError, hold
from spawngate.endpoint.protect.targets import Machinery, Request, Target, expanded, targets
from spawngate.model.json import Json

CODEX_STATE = "~/.codex/config.toml"


def trust_targets(request: Request, machinery: Machinery, planned: Mapping[str, bytes]) -> list[Target]:
    """Files that have to say that our hooks are trusted. `planned` holds what hook files will hold, by path."""
    registration = request.registration
    if request.scope not in registration.consent_scopes:
        return []
    if registration.consent != "hash":
        return []  # Hermes' list of approvals is one of its registration's files; other consents only a person can give
    found: list[Target] = []
    for target in targets(request, machinery):
        value = _value(target, planned)
        operations = tuple(
            operation for path in names_of(target.path) for operation in records(path, value, machinery.home.platform)
        )
        for path in expanded(request.agent, CODEX_STATE, machinery)[:1]:
            file = HookFile(CODEX_STATE, request.scope, Format.TOML)
            found.append(Target(request.agent.id, path, file, operations))
    return _joined(found)


def names_of(path: str) -> tuple[str, ...]:
    """Paths under which Codex may know a hook file: as HOME says, and with links resolved where CODEX_HOME is set."""
    folder, _, name = path.rpartition("/")
    return tuple(dict.fromkeys((path, f"{os.path.realpath(folder)}/{name}")))


def _value(target: Target, planned: Mapping[str, bytes]) -> Json:
    try:
        data = planned[target.path] if target.path in planned else hold(target.path).data
        return parse(data or b"", target.file.format)
    except (WriteError, EditError):
        return None


def _joined(found: list[Target]) -> list[Target]:
    """One target for each file."""
    joined: dict[str, Target] = {}
    for target in found:
        known = joined.get(target.path)
        operations = target.operations if known is None else (*known.operations, *target.operations)
        joined[target.path] = replace(target, operations=operations)
    return [target for target in joined.values() if target.operations]
