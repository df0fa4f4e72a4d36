"""What changes among the servers, hooks, plugins and texts that two readings of a file found.

Belongs here: by what an artifact is known again, and what its change amounts to.
Must not be here: settings (`configuration.settings`), reading (`configuration.difference`), and judgement (`rules`).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from spawngate.agents.document import Document, Platform
from spawngate.agents.formats import Format
from spawngate.agents.readers.servers import Fields, server
from spawngate.configuration.change import Difference
from spawngate.configuration.change_facts import ChangeFacts
from spawngate.launch.definition import Definition
from spawngate.model.artifact import Kind, Scope, Status, Transport
from spawngate.model.json import Json
from spawngate.model.observed import Observed, ObservedLaunch
from spawngate.rules.agent_settings import approves_everything, loads_code

OFF = (Status.DISABLED, Status.BLOCKED)
_ORDERS = ("override_orders", "secrecy_orders", "exfiltration_orders", "encoded_orders", "comment_orders")
_HIDDEN = ("hidden_characters", "bidirectional", "tag_characters", "encoded_commands")
_ANY = Fields(
    command=("command", "cmd"),
    args=("args", "arguments"),
    env=("env", "environment", "envs"),
    url={"url": None, "serverUrl": None, "httpUrl": None, "uri": None},
)
"""Names of fields where it is not known whose definition it is."""


def artifact_changes(
    was: Sequence[Observed], now: Sequence[Observed], base: ChangeFacts, platform: Platform
) -> Iterator[Difference]:
    old, new = _by_key(was), _by_key(now)
    for key, item in new.items():
        before = old.get(key)
        if before is None:
            yield from _thing(item, None, replace(base, change="added"), platform)
        elif not _same(before, item):
            yield from _thing(item, before, replace(base, change="changed"), platform)
    for key, item in old.items():
        if key not in new:
            yield from _thing(item, item, replace(base, change="removed"), platform)


def _by_key(items: Sequence[Observed]) -> dict[tuple[str, ...], Observed]:
    found: dict[tuple[str, ...], Observed] = {}
    for item in items:
        key: tuple[str, ...] = (item.kind.value, item.scope.value, item.project or "", item.name)
        if item.kind is Kind.HOOK:
            # Hooks have no names of their own: what one runs is what it is.
            key = (*key, "\n".join(_hook_commands(item)), str(item.detail.get("url", "")), item.content or "")
        found.setdefault(key, item)
    return found


def _same(one: Observed, other: Observed) -> bool:
    return (
        one.launch == other.launch
        and (one.status in OFF) == (other.status in OFF)
        and one.content == other.content
        and _canonical(one.detail) == _canonical(other.detail)
    )


def _canonical(detail: Mapping[str, Json]) -> str:
    return json.dumps(detail, sort_keys=True, default=str)


def _thing(item: Observed, before: Observed | None, base: ChangeFacts, platform: Platform) -> Iterator[Difference]:
    off = item.status in OFF
    facts = replace(base, name=item.name, off=off, scope=item.scope.value)
    match item.kind:
        case Kind.MCP_SERVER:
            yield server_change(item, before, facts, platform)
        case Kind.HOOK:
            yield _hook(item, facts)
        case Kind.SKILL | Kind.INSTRUCTION:
            yield _text(item, before, facts)
        case Kind.PLUGIN | Kind.EXTENSION:
            yield Difference(replace(facts, what="plugin", line=str(item.detail.get("source", ""))))
        case Kind.SECRET:
            yield Difference(replace(facts, what="secret"))


def server_change(item: Observed, before: Observed | None, facts: ChangeFacts, platform: Platform) -> Difference:
    launch = item.launch
    if facts.change == "removed" or launch is None:
        return Difference(replace(facts, what="server", line=line_of(launch)))
    was = before.launch if before is not None else None
    labels = ("ours",) if _is_ours(was) and not _is_ours(launch) and before is not None else ()
    return Difference(
        replace(facts, what="server", line=line_of(launch), was=line_of(was), labels=labels),
        definition=definition_of(item, platform),
        observed=item,
        # A command that only gets headers is run like any other.
        commands=(launch.header_command,) if launch.header_command else (),
    )


def _is_ours(launch: ObservedLaunch | None) -> bool:
    command = (launch.command or "") if launch is not None else ""
    return command.replace("\\", "/").rpartition("/")[2].lower().startswith("spawngate")


def line_of(launch: ObservedLaunch | None) -> str:
    """What a launch starts, on one line: program and arguments, or the address."""
    if launch is None:
        return ""
    if launch.command:
        return " ".join((launch.command, *launch.args))
    return launch.url or ""


def definition_of(item: Observed, platform: Platform = "linux") -> Definition:
    """The raw definition of a server that was observed, in the shape that `launch.understand` takes."""
    launch = item.launch or ObservedLaunch(Transport.UNKNOWN)
    approve = item.detail.get("auto_approve")
    approved = tuple(str(tool) for tool in approve) if isinstance(approve, Sequence) else ()
    if item.detail.get("trust") is True and "*" not in approved:
        approved = (*approved, "*")
    return Definition(
        command=launch.command,
        args=launch.args,
        env=dict(launch.env),
        cwd=launch.cwd,
        url=launch.url,
        header_names=tuple(sorted(launch.headers)),
        transport=None if launch.transport is Transport.UNKNOWN else launch.transport.value,
        platform=platform,
        agent=item.agent,
        env_file=launch.env_file,
        auto_approve=approved,
        disabled=item.status in OFF,
    )


def _hook_commands(item: Observed) -> tuple[str, ...]:
    detail = item.detail
    found: list[str] = []
    command = detail.get("command")
    if isinstance(command, str) and command and detail.get("type") != "file":
        found.append(" ".join((command, *_texts(detail.get("args")))))
    found.extend(_texts(detail.get("other_commands")))
    argv = _texts(detail.get("argv"))
    if argv:
        found.append(" ".join(argv))
    return tuple(found)


def _texts(value: Json) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return tuple(item for item in value if isinstance(item, str))


def _hook(item: Observed, facts: ChangeFacts) -> Difference:
    commands = _hook_commands(item)
    line = "; ".join(commands) or str(item.detail.get("url", ""))
    labels = set()
    if item.detail.get("on_failure") in ("continue", "allow", "ignore") or item.detail.get("fail_closed") is False:
        labels.add("fails-open")
    if (facts.change == "removed" or facts.off) and "spawngate" in line.lower():
        labels.add("ours")
    env = item.detail.get("env")
    if isinstance(env, Mapping) and any(loads_code(f"env.{name}") for name in env):
        labels.add("loads-code")
    return Difference(
        replace(facts, what="hook", line=line, labels=tuple(sorted(labels))),
        commands=() if facts.change == "removed" else commands,
    )


def _text(item: Observed, before: Observed | None, facts: ChangeFacts) -> Difference:
    labels = set()
    if facts.change != "removed":
        signals, old = _signals(item), _signals(before)
        if any(signals.get(name, 0) > old.get(name, 0) for name in _HIDDEN):
            labels.add("hidden-text")
        if any(signals.get(name, 0) > old.get(name, 0) for name in _ORDERS):
            labels.add("orders")
        mode = item.detail.get("permission_mode")
        if isinstance(mode, str) and approves_everything(mode, True):
            labels.add("unattended")
    return Difference(replace(facts, what="instruction", labels=tuple(sorted(labels))))


def _signals(item: Observed | None) -> Mapping[str, int]:
    signals = item.detail.get("signals") if item is not None else None
    if not isinstance(signals, Mapping):
        return {}
    return {name: value for name, value in signals.items() if isinstance(value, int)}


_SCOPES = {scope.value: scope for scope in Scope}


def entry_change(
    agent: str, agent_name: str, name: str, definition: Mapping[str, Json], scope: str, platform: Platform = "linux"
) -> Difference:
    """One server that would be added, from its definition alone: an agent's own command or a link gives no more."""
    where = _SCOPES.get(scope, Scope.USER)
    document = Document("", agent, where, Format.JSON, platform=platform)
    item = server(document, name, definition, name, _ANY)
    agents = (agent,) if agent else ()
    facts = ChangeFacts(change="added", agent=agent_name, agents=agents, scope=where.value, name=name)
    return server_change(item, None, replace(facts, off=item.status in OFF), platform)
