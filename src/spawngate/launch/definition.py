"""A launch definition as an agent's file states it, in one shape.

Belongs here: tolerant reading of a raw definition. Must not be here: what it means (`launch.understand`), and the
agents' own dialects (`agents`), which readers of files use.
"""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from spawngate.model.artifact import Artifact, Transport
from spawngate.model.json import Json

PLATFORMS = ("linux", "macos", "windows")
_ROOTS = ("mcpServers", "servers", "mcp_servers", "context_servers", "mcp", "mcpservers", "server")
_COMMAND = ("command", "cmd", "executable")
_ARGS = ("args", "arguments", "argv")
_URL = ("url", "serverUrl", "server_url", "httpUrl", "endpoint", "uri")
_ENV = ("env", "environment", "envs")
_TRANSPORT = ("type", "transport", "transportType", "transport_type")
_APPROVE = ("autoApprove", "alwaysAllow", "auto_approve", "always_allow", "autoAllow", "allowedTools")
_TRUST = ("trust", "trusted", "bypassPermissions", "dangerouslySkipPermissions", "autoApproveAll", "yolo")
_ARGUMENT_LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Definition:
    """One definition. Values are as written, or redacted; nothing is expanded."""

    command: str | None = None
    args: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: str | None = None
    url: str | None = None
    header_names: tuple[str, ...] = ()
    transport: str | None = None
    """As stated, in lower case."""
    platform: str = "linux"
    """linux, macos or windows."""
    agent: str = ""
    env_file: str | None = None
    auto_approve: tuple[str, ...] = ()
    """Tools that run without asking; `*` for all."""
    disabled: bool = False
    odd_keys: tuple[str, ...] = ()
    """Keys in another letter case, and other roots that the definition was found under."""
    key_case: bool = False
    """Command, arguments or address stood under keys in another letter case."""
    malformed: bool = False
    """A field that starts something has a type that cannot be read."""


def from_mapping(raw: Mapping[str, Json], platform: str = "linux", agent: str = "") -> Definition:
    """The definition in a raw mapping, whatever its fields are called. Raises nothing."""
    odd: list[str] = []
    item = _unwrapped(raw, odd)
    reader = _Reader(item, odd)
    command, words = _command(reader)
    args, broken = _arguments(reader.get(_ARGS))
    nested_env = None
    nested = reader.get(_COMMAND)
    if isinstance(nested, Mapping):
        nested_env = nested.get("env")
        if not args:
            args, broken = _arguments(nested.get("args"))
    url = reader.text(_URL)
    headers = reader.get(("headers", "http_headers", "requestInit"))
    approve = reader.get(_APPROVE)
    approved: tuple[str, ...] = ("*",) if approve is True else _texts(approve)
    if any(_true(reader.get((name,))) for name in _TRUST):
        approved = (*approved, "*") if "*" not in approved else approved
    if "hooks" in item and not command and not url:
        odd.append("hooks")
    return Definition(
        command=command,
        args=(*words, *args)[:_ARGUMENT_LIMIT],
        env={**_env(nested_env), **_env(reader.get(_ENV))},
        cwd=reader.text(("cwd", "workingDirectory", "working_directory", "workdir")),
        url=url,
        header_names=tuple(sorted(str(name) for name in headers)) if isinstance(headers, Mapping) else (),
        transport=(reader.text(_TRANSPORT) or "").lower() or None,
        platform=platform if platform in PLATFORMS else "linux",
        agent=agent,
        env_file=reader.text(("envFile", "env_file")),
        auto_approve=approved,
        disabled=_true(reader.get(("disabled",))) or reader.get(("enabled",)) is False,
        odd_keys=tuple(dict.fromkeys(odd)),
        key_case=reader.key_case,
        malformed=broken or (command is None and nested is not None),
    )


def from_artifact(artifact: Artifact, platform: str = "linux") -> Definition:
    """The definition of an inventoried artifact; an empty one where it starts nothing."""
    launch = artifact.launch
    if launch is None:
        return Definition(platform=platform if platform in PLATFORMS else "linux", agent=artifact.agent)
    approve = artifact.detail.get("auto_approve")
    approved = _texts(approve)
    if artifact.detail.get("trust") is True and "*" not in approved:
        approved = (*approved, "*")
    env = dict.fromkeys(launch.env_names, "")
    env.update(launch.env)
    return Definition(
        command=launch.command,
        args=launch.args[:_ARGUMENT_LIMIT],
        env=env,
        cwd=launch.cwd,
        url=launch.url,
        header_names=launch.header_names,
        transport=None if launch.transport is Transport.UNKNOWN else str(launch.transport.value),
        platform=platform if platform in PLATFORMS else "linux",
        agent=artifact.agent,
        env_file=launch.env_file,
        auto_approve=approved,
        disabled=artifact.status.value == "disabled",
    )


class _Reader:
    """Fields of one mapping; the first name of a list that is there counts, any letter case after the exact ones."""

    def __init__(self, item: Mapping[str, Json], odd: list[str]) -> None:
        self.item = item
        self.odd = odd
        self.key_case = False
        self._folded: dict[str, str] | None = None

    def get(self, names: Sequence[str]) -> Json:
        for name in names:
            if self.item.get(name) is not None:
                return self.item[name]
        if self._folded is None:
            self._folded = {key.casefold(): key for key in self.item if isinstance(key, str)}
        for name in names:
            key = self._folded.get(name.casefold())
            if key is not None and key not in names and self.item[key] is not None:
                if key not in self.odd:
                    self.odd.append(key)
                self.key_case = self.key_case or names in (_COMMAND, _ARGS, _URL)
                return self.item[key]
        return None

    def text(self, names: Sequence[str]) -> str | None:
        value = self.get(names)
        return value if isinstance(value, str) and value else None


def _unwrapped(raw: Mapping[str, Json], odd: list[str]) -> Mapping[str, Json]:
    """The first definition below a root such as `mcpServers`; the mapping itself where it is one."""
    item = raw
    for _ in range(4):
        names = {key.casefold() for key in item if isinstance(key, str)}
        if names & {name.casefold() for name in (*_COMMAND, *_URL)}:
            return item
        found = next(
            (key for root in _ROOTS for key in item if isinstance(key, str) and key.casefold() == root.casefold()), None
        )
        inner = item.get(found) if found is not None else None
        if isinstance(inner, Sequence) and not isinstance(inner, str):
            inner = next((entry for entry in inner if isinstance(entry, Mapping)), None)
            if inner is None:
                return item
            odd.append(str(found))
            item = inner
            continue
        if not isinstance(inner, Mapping):
            # `{"name": {"command": ...}}`: a map of servers without its root.
            entry = next(
                (
                    value
                    for key, value in item.items()
                    if key != "hooks"
                    and isinstance(value, Mapping)
                    and {str(name).casefold() for name in value} & {"command", "url"}
                ),
                None,
            )
            if entry is None:
                return item
            item = entry
            continue
        odd.append(str(found))
        item = inner
    return item


def _command(reader: _Reader) -> tuple[str | None, tuple[str, ...]]:
    raw = reader.get(_COMMAND)
    if isinstance(raw, Mapping):
        raw = raw.get("path") or raw.get("command")
    if isinstance(raw, str):
        return (raw, ()) if raw.strip() else (None, ())
    if isinstance(raw, Sequence):
        words = _texts(raw)
        return (words[0], words[1:]) if words and words[0] else (None, ())
    return None, ()


def _arguments(raw: Json) -> tuple[tuple[str, ...], bool]:
    """Arguments, and whether they could not be read. One text is split as a shell would."""
    if raw is None:
        return (), False
    if isinstance(raw, str):
        try:
            return tuple(shlex.split(raw)), False
        except ValueError:
            return tuple(raw.split()), True
    if isinstance(raw, Sequence):
        return _texts(raw), any(isinstance(value, Mapping) for value in raw)
    return (), True


def _texts(raw: Json) -> tuple[str, ...]:
    if isinstance(raw, str):
        return (raw,)
    if not isinstance(raw, Sequence):
        return ()
    return tuple(_scalar(value) for value in raw if value is not None and not isinstance(value, Mapping))


def _scalar(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        try:
            return str(value)
        except ValueError:
            return "0"  # an integer of more digits than Python prints
    return ""


def _env(raw: Json) -> dict[str, str]:
    """Variables from a map or from a list of `NAME=value`; a bare name passes the variable on."""
    if isinstance(raw, Mapping):
        return {str(name): _scalar(value) for name, value in raw.items()}
    found: dict[str, str] = {}
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        for entry in raw:
            if isinstance(entry, Mapping):
                name, value = entry.get("name"), entry.get("value")
                if isinstance(name, str):
                    found[name] = _scalar(value)
            elif isinstance(entry, str):
                name_text, equals, text = entry.partition("=")
                found[name_text] = text if equals else f"${{{name_text}}}"
    return found


def _true(value: Json) -> bool:
    return value is True or (isinstance(value, str) and re.fullmatch(r"(?i)true|yes|on|1", value.strip()) is not None)
