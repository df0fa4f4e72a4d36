"""MCP servers in a map, in a list or alone in a file, whatever the agent calls their fields.

Must not be here: approval and precedence, which need several files (`agents.settle`).
"""

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from spawngate.agents.document import Document, Sighting
from spawngate.agents.readers import as_flag, as_list, as_map, as_number, as_text, as_texts, descend, observe, pure_path
from spawngate.model.artifact import Kind, Scope, Status, Transport
from spawngate.model.json import Json
from spawngate.model.observed import Observed, ObservedLaunch

TRANSPORTS: Mapping[str, Transport] = {
    "stdio": Transport.STDIO,
    "local": Transport.STDIO,
    "command": Transport.STDIO,
    "http": Transport.HTTP,
    "streamable-http": Transport.HTTP,
    "streamable_http": Transport.HTTP,
    "streamablehttp": Transport.HTTP,
    "remote": Transport.HTTP,
    "sse": Transport.SSE,
    "ws": Transport.WEBSOCKET,
    "websocket": Transport.WEBSOCKET,
    "builtin": Transport.BUILTIN,
    "platform": Transport.BUILTIN,
    "frontend": Transport.BUILTIN,
}
"""Words that agents use for a transport, in lower case."""
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Fields:
    """The agent's own names for the fields of a server. Each tuple lists alternatives, the first found counts."""

    type: tuple[str, ...] = ("type", "transport", "transportType")
    command: tuple[str, ...] = ("command",)
    """The value may be text, a list (program and arguments) or a map (`{path, args, env}`)."""
    args: tuple[str, ...] = ("args",)
    env: tuple[str, ...] = ("env",)
    env_names: tuple[str, ...] = ()
    """Lists of names whose values come from elsewhere (`env_vars`, `env_keys`)."""
    env_file: tuple[str, ...] = ("envFile",)
    cwd: tuple[str, ...] = ("cwd",)
    url: Mapping[str, Transport | None] = field(default_factory=lambda: {"url": None, "serverUrl": None})
    """Field to the transport that its presence implies (None: plain HTTP)."""
    headers: tuple[str, ...] = ("headers",)
    header_names: tuple[str, ...] = ()
    """Maps of header to the name of a variable that holds its value (`env_http_headers`)."""
    bearer: tuple[str, ...] = ()
    """Names of the variable that holds a bearer token (`bearer_token_env_var`)."""
    header_command: tuple[str, ...] = ()
    name: tuple[str, ...] = ("name",)
    """Name of an item where the servers are a list."""
    enabled: tuple[str, ...] = ("enabled",)
    disabled: tuple[str, ...] = ("disabled",)
    auto_approve: tuple[str, ...] = ("autoApprove", "alwaysAllow")
    trust: tuple[str, ...] = ("trust",)
    include_tools: tuple[str, ...] = ("includeTools", "enabled_tools", "tools")
    exclude_tools: tuple[str, ...] = ("excludeTools", "disabledTools", "disabled_tools")
    timeout: tuple[str, ...] = ("timeout",)
    sandbox: tuple[str, ...] = ("sandbox", "sandboxEnabled")
    ignore: tuple[str, ...] = ()
    """Keys of the map that are not servers."""


FIELDS = Fields()
"""The names that most agents share."""


@dataclass(frozen=True, slots=True)
class Servers:
    """Reads the servers under `key`: a map of name to definition, or a list of definitions."""

    key: tuple[str, ...] = ("mcpServers",)
    fields: Fields = FIELDS
    scope: Scope | None = None
    """Replaces the location's scope."""

    def __call__(self, document: Document) -> Iterable[Sighting]:
        pointer = ".".join(self.key)
        yield from servers(document, descend(document, self.key), pointer, self.fields, scope=self.scope)


@dataclass(frozen=True, slots=True)
class BareServers:
    """Reads a file that holds `key`, or else is itself the map of servers."""

    key: str = "mcpServers"
    fields: Fields = FIELDS
    scope: Scope | None = None

    def __call__(self, document: Document) -> Iterable[Sighting]:
        whole = document.map()
        if self.key in whole:
            yield from servers(document, whole[self.key], self.key, self.fields, scope=self.scope)
        else:
            for name, item in whole.items():
                if not name.startswith("$"):
                    yield server(document, name, item, name, self.fields, scope=self.scope)


@dataclass(frozen=True, slots=True)
class SingleServer:
    """Reads a file that is one definition, named after the file."""

    fields: Fields = FIELDS

    def __call__(self, document: Document) -> Iterable[Sighting]:
        whole = document.map()
        if whole:
            yield server(document, pure_path(document.path).stem, whole, "", self.fields)


def servers(
    document: Document,
    container: Json,
    pointer: str,
    fields: Fields = FIELDS,
    *,
    scope: Scope | None = None,
    project: str | None = None,
    status: Status | None = None,
) -> Iterable[Observed]:
    """Every server of a map or list. A definition that cannot be understood is `unreadable`, not missing."""
    entries: list[tuple[str, str, Json]] = []
    if isinstance(container, Mapping):
        entries = [(name, f"{pointer}.{name}", item) for name, item in container.items() if name not in fields.ignore]
    elif container is not None:
        for index, item in enumerate(as_list(document, container, pointer)):
            named = _first(item, fields.name) if isinstance(item, Mapping) else None
            name = named if isinstance(named, str) and named else f"#{index + 1}"
            entries.append((name, f"{pointer}[{name}]", item))
    for name, where, item in entries:
        yield server(document, name, item, where, fields, scope=scope, project=project, status=status)


def server(
    document: Document,
    name: str,
    item: Json,
    pointer: str,
    fields: Fields = FIELDS,
    *,
    scope: Scope | None = None,
    project: str | None = None,
    status: Status | None = None,
) -> Observed:
    """One server definition. `status` replaces what the definition itself says."""
    definition = as_map(document, item, pointer)
    launch = _launch(document, definition, pointer, fields)
    if not definition and item is None:
        document.note("wrong-type", f"{pointer} is null where a server was meant")
    understood = launch.command or launch.url or launch.transport is Transport.BUILTIN
    if definition and not understood:
        document.note("unknown-shape", f"{pointer} has neither a command nor an address")
    return observe(
        document,
        Kind.MCP_SERVER,
        name,
        pointer,
        scope=scope,
        project=project,
        status=(status or _status(definition, fields)) if understood else Status.UNREADABLE,
        launch=launch,
        detail=_detail(document, definition, pointer, fields),
    )


def _first(item: Mapping[str, Json], names: Iterable[str]) -> Json:
    return next((item[name] for name in names if item.get(name) is not None), None)


def _launch(document: Document, item: Mapping[str, Json], pointer: str, fields: Fields) -> ObservedLaunch:
    command, args, env = _command(document, item, pointer, fields)
    url, implied = None, None
    for name, transport in fields.url.items():
        url = as_text(document, item.get(name), f"{pointer}.{name}")
        if url:
            implied = transport or Transport.HTTP
            break
    headers = {
        key: as_text(document, value, f"{pointer}.headers.{key}") or ""
        for key, value in as_map(document, _first(item, fields.headers), f"{pointer}.headers").items()
    }
    for field_ in fields.header_names:
        for key, variable in as_map(document, item.get(field_), f"{pointer}.{field_}").items():
            headers[key] = _reference(as_text(document, variable, f"{pointer}.{field_}.{key}") or "")
    for field_ in fields.bearer:
        variable_name = as_text(document, item.get(field_), f"{pointer}.{field_}")
        if variable_name:
            headers["Authorization"] = f"Bearer {_reference(variable_name)}"
    word = _first(item, fields.type)
    stated = TRANSPORTS.get(word.lower()) if isinstance(word, str) else None
    if command:
        transport = stated if stated is Transport.BUILTIN else Transport.STDIO
    elif url:
        known = stated if stated not in (None, Transport.STDIO, Transport.BUILTIN) else None
        transport = implied if word in ("remote", "local") or known is None else known
        transport = transport or Transport.HTTP
    else:
        transport = stated if stated is Transport.BUILTIN else Transport.UNKNOWN
    return ObservedLaunch(
        transport=transport,
        command=command,
        args=args,
        env=env,
        cwd=as_text(document, _first(item, fields.cwd), f"{pointer}.cwd"),
        url=url or None,
        headers=headers,
        env_file=as_text(document, _first(item, fields.env_file), f"{pointer}.env_file"),
        header_command=as_text(document, _first(item, fields.header_command), f"{pointer}.header_command"),
    )


def _command(
    document: Document, item: Mapping[str, Json], pointer: str, fields: Fields
) -> tuple[str | None, tuple[str, ...], dict[str, str]]:
    raw = _first(item, fields.command)
    nested: Mapping[str, Json] = {}
    words: tuple[str, ...] = ()
    if isinstance(raw, Mapping):
        nested, raw = raw, _first(raw, ("path", "command"))
    if isinstance(raw, Sequence) and not isinstance(raw, str):
        words = as_texts(document, raw, f"{pointer}.command")
    else:
        text = as_text(document, raw, f"{pointer}.command")
        words = (text,) if text else ()
    raw_args = _first(item, fields.args) or nested.get("args")
    args = _arguments(document, raw_args, f"{pointer}.args")
    env: dict[str, str] = {}
    for source in (nested.get("env"), _first(item, fields.env)):
        if isinstance(source, Sequence) and not isinstance(source, str):
            env.update(_pairs(as_texts(document, source, f"{pointer}.env")))
            continue
        for key, value in as_map(document, source, f"{pointer}.env").items():
            env[key] = as_text(document, value, f"{pointer}.env.{key}") or ""
    for field_ in fields.env_names:
        for variable in as_texts(document, item.get(field_), f"{pointer}.{field_}"):
            env.setdefault(variable, _reference(variable))
    return (words[0] if words else None), (*words[1:], *args), env


def _arguments(document: Document, raw: Json, pointer: str) -> tuple[str, ...]:
    """A list of arguments; a single text is split as a shell would, as the agents that take one do."""
    if not isinstance(raw, str):
        return as_texts(document, raw, pointer)
    try:
        return tuple(shlex.split(raw))
    except ValueError:
        return (raw,)


def _pairs(items: Iterable[str]) -> dict[str, str]:
    """`NAME=value` items, as some agents list variables; a bare name passes the variable on."""
    found: dict[str, str] = {}
    for item in items:
        name, equals, value = item.partition("=")
        found[name] = value if equals else _reference(name)
    return found


def _reference(name: str) -> str:
    """A variable passed on by its name. People paste the secret itself where its name belongs: what no variable can
    be called stays as it is, to be redacted as a value."""
    return f"${{{name}}}" if _VARIABLE.fullmatch(name) else name


def _status(item: Mapping[str, Json], fields: Fields) -> Status:
    if any(as_flag(item.get(name)) is True for name in fields.disabled):
        return Status.DISABLED
    if any(as_flag(item.get(name)) is False for name in fields.enabled):
        return Status.DISABLED
    return Status.ENABLED


def _detail(document: Document, item: Mapping[str, Json], pointer: str, fields: Fields) -> dict[str, Json]:
    detail: dict[str, Json] = {}
    for key, names in (
        ("auto_approve", fields.auto_approve),
        ("include_tools", fields.include_tools),
        ("exclude_tools", fields.exclude_tools),
    ):
        raw = _first(item, names)
        if isinstance(raw, bool):
            detail[key] = ["*"] if raw else []
        elif raw is not None and not isinstance(raw, Mapping):
            detail[key] = list(as_texts(document, raw, f"{pointer}.{key}"))
    trust = as_flag(_first(item, fields.trust))
    if trust is not None:
        detail["trust"] = trust
    sandbox = as_flag(_first(item, fields.sandbox))
    if sandbox is not None:
        detail["sandbox"] = sandbox
    timeout = as_number(_first(item, fields.timeout))
    if timeout is not None:
        detail["timeout"] = timeout
    return detail
