"""Codex CLI's record of trust in a hook: under which key it stands in `config.toml`, and which hash it holds.

A hook of a user's or project's file runs only while `[hooks.state."KEY"] trusted_hash` equals the hash of what the file
says now. The key counts entries, so one that is inserted before ours, or a change of ours, takes the trust away.

Source, read 2026-11: openai/codex:codex-rs/hooks/src/engine/discovery.rs (key, normalisation of a handler) and
codex-rs/config/src/fingerprint.rs (SHA-256 of JSON with sorted keys); the same as 0.169.0 reports (`hooks/list`).
Must not be here: reading and writing files.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from spawngate.agents.document import Platform
from spawngate.agents.formats.edit_values import Operation, at
from spawngate.agents.hooks.registration import is_ours
from spawngate.model.json import Json

DEFAULT_TIMEOUT = 600
"""Seconds that a handler gets that names none."""

_WITHOUT_MATCHER = frozenset({"user_prompt_submit", "stop", "interrupt", "session_end"})
"""Events whose groups have no matcher for Codex, whatever the file says."""


def records(path: str, value: Json, platform: Platform = "linux") -> tuple[Operation, ...]:
    """What has to stand in `config.toml` so that our handlers in the hook file at `path` are trusted.

    `value` is the file's content, `{"hooks": {EVENT: [GROUP]}}`.
    """
    return tuple(
        Operation(("hooks", "state", key, "trusted_hash"), digest, "set", overwrite=True)
        for key, digest in trusted(path, value, platform)
    )


def is_trusted(path: str, value: Json, config: Json, platform: Platform = "linux") -> bool:
    """Whether every handler of ours in the hook file is trusted by, and not switched off in, `config.toml`."""
    wanted = list(trusted(path, value, platform))
    for key, digest in wanted:
        found, state = at(config, ("hooks", "state", key))
        if not found or not isinstance(state, Mapping):
            return False
        if state.get("trusted_hash") != digest or state.get("enabled") is False:
            return False
    return bool(wanted)


def trusted(path: str, value: Json, platform: Platform = "linux") -> Iterator[tuple[str, str]]:
    """Key and hash of every handler of ours in a hook file."""
    hooks = value.get("hooks") if isinstance(value, Mapping) else None
    for event, groups in hooks.items() if isinstance(hooks, Mapping) else ():
        label = re.sub(r"(?<!^)(?=[A-Z])", "_", event).lower()
        for group_index, group in enumerate(_list(groups)):
            if not isinstance(group, Mapping):
                continue
            for index, handler in enumerate(_list(group.get("hooks"))):
                if isinstance(handler, Mapping) and is_ours(handler):
                    yield f"{path}:{label}:{group_index}:{index}", handler_hash(label, group, handler, platform)


def handler_hash(
    label: str, group: Mapping[str, Json], handler: Mapping[str, Json], platform: Platform = "linux"
) -> str:
    """The hash of one command handler of a group; `label` is the event's name in snake case."""
    command = handler.get("command", "")
    if platform == "windows":
        command = handler.get("commandWindows", handler.get("command_windows", command))
    timeout = handler.get("timeout", DEFAULT_TIMEOUT)
    normal: dict[str, Json] = {
        "type": "command",
        "command": command,
        "timeout": max(timeout, 1) if isinstance(timeout, int) else DEFAULT_TIMEOUT,
        "async": handler.get("async") is True,
    }
    if isinstance(handler.get("statusMessage"), str):
        normal["statusMessage"] = handler["statusMessage"]
    identity: dict[str, Json] = {"event_name": label, "hooks": [normal]}
    if isinstance(group.get("matcher"), str) and label not in _WITHOUT_MATCHER:
        identity["matcher"] = group["matcher"]
    text = json.dumps(identity, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode("utf-8")).hexdigest()


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
