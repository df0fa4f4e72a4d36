"""Observations: what was read, unredacted, on its way to `redact`.

Belongs here: the raw records that `agents.*` yields. They have no serializer, their `repr` hides every
value, and they refuse to be pickled: nothing can log, store or send one by accident.
Must not be here: redacted records (`model.artifact`) and any reading or parsing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn

from spawngate.model.artifact import Kind, Scope, Status, Transport
from spawngate.model.json import Json


class _Raw:
    """Base of all raw records: hides its values and cannot leave the process."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is raw and must not be serialized; redact it first")


@dataclass(frozen=True, slots=True, repr=False)
class ObservedLaunch(_Raw):
    """A launch definition as written, values included."""

    transport: Transport
    command: str | None = None
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    """Name to value. A name whose value comes from the environment or a store has the value `${NAME}`."""
    cwd: str | None = None
    url: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    env_file: str | None = None
    header_command: str | None = None
    digest: str | None = None
    """SHA-256 of the script or executable named, filled in by the endpoint where it can be read."""


@dataclass(frozen=True, slots=True, repr=False)
class Observed(_Raw):
    """One artifact as it was read.

    `detail` holds raw values under documented keys; `redact.detail` has one treatment per key, and a key
    without a treatment is redacted whole.
    """

    kind: Kind
    agent: str
    scope: Scope
    name: str
    path: str
    pointer: str = ""
    """Where in the file, as dotted keys (`mcpServers.github`); empty when the file is the artifact."""
    status: Status = Status.ENABLED
    launch: ObservedLaunch | None = None
    detail: Mapping[str, Json] = field(default_factory=dict)
    project: str | None = None
    """Root of the project the definition belongs to, if it belongs to one."""
    content: str | None = None
    """SHA-256 of the text that the artifact consists of (skills, instructions, scripts)."""


class Topic(StrEnum):
    """What a `Setting` is about."""

    PERMISSION = "permission"
    """A grant or refusal of the agent's own: `name` is the rule, `value` is allow, ask or deny."""
    AUTO_APPROVE = "auto_approve"
    """Something the agent does without asking: `name` says what, `value` its extent."""
    SERVER_STATUS = "server_status"
    """`name` is a server, `value` one of the `Status` values that the agent stored for it."""
    SERVER_POLICY = "server_policy"
    """A managed list: `name` is `allow` or `deny`, `value` the entry as written."""
    PROJECT = "project"
    """A project the agent remembers: `name` is its absolute path."""
    TRUST = "trust"
    """`name` is a folder, `value` whether the person trusts it."""
    PLUGIN_ROOT = "plugin_root"
    """A plugin that the agent loads in place: `name` is its folder, `value` the template that the folder stands in
    for (`~/.gemini/extensions/*`)."""
    PLUGIN_STATUS = "plugin_status"
    """`name` is a plugin, `value` whether it is switched on."""
    SWITCH = "switch"
    """A named switch of the agent that matters to security: `name` is the key, `value` what it is set to."""
    LAST_USED = "last_used"
    """`value` is an RFC 3339 time."""
    VERSION = "version"
    """`value` is the version of the agent, as its own files state it."""


@dataclass(frozen=True, slots=True, repr=False)
class ObservedSetting(_Raw):
    """What an agent's file says about artifacts without being one: approvals, trust, permissions."""

    topic: Topic
    agent: str
    scope: Scope
    path: str
    name: str
    value: Json = None
    project: str | None = None
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something that could not be read or understood, and why. Never holds a value that was read."""

    path: str
    reason: str
    """Kebab-case code: oversized, unreadable, not-a-file, malformed, encoding, duplicate-key, too-deep,
    wrong-type, symlink-loop, network-mount, budget, not-strict, unknown-shape, internal."""
    message: str
    """What, where in the file, and what to do. Keys and positions, never values."""
    agent: str = ""
