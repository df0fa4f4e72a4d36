"""The difference of two contents of an agent's file, as the agents' own readers see them.

Belongs here: reading both contents for every agent that reads the file, and comparing launches, hooks, settings and
texts.
Must not be here: any agent's format (`agents`), what a launch runs (`launch`), and judgement (`rules`).
Holds raw values: what leaves the process is redacted first.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spawngate.agents.document import Document, Parsed, ParsedValues, Platform, parse
from spawngate.agents.formats import Format
from spawngate.agents.hooks.off_switches import Test, set_in, switches_at
from spawngate.agents.presence import is_blanket
from spawngate.configuration.change_facts import ChangeFacts
from spawngate.configuration.files import Content, Missing, Unknown
from spawngate.configuration.recognise import Known
from spawngate.launch.definition import Definition
from spawngate.model.artifact import Kind, Status, Transport
from spawngate.model.json import Json
from spawngate.model.observed import Observed, ObservedLaunch, ObservedSetting, Topic
from spawngate.rules.agent_settings import (
    approves_everything,
    approves_project_servers,
    is_any_command,
    loads_code,
    names_command,
    redirects_traffic,
    switches_hooks_off,
    switches_protection_off,
)

BINARY = frozenset({Format.SQLITE, Format.ZIP, Format.NONE, Format.XML})
"""Formats whose content a call's text does not tell."""
MOST = 200
"""Changes of one file that are told; more than any person makes at once."""
_OFF = (Status.DISABLED, Status.BLOCKED)
_ORDERS = ("override_orders", "secrecy_orders", "exfiltration_orders", "encoded_orders", "comment_orders")
_HIDDEN = ("hidden_characters", "bidirectional", "tag_characters", "encoded_commands")


@dataclass(frozen=True, slots=True, repr=False)
class Difference:
    """One thing that changes, with what is needed to judge it. Raw."""

    facts: ChangeFacts
    definition: Definition | None = None
    """Of a server that is added or changed."""
    observed: Observed | None = None
    commands: tuple[str, ...] = ()
    """Shell commands that the agent would run by itself: of a hook or helper that is added or changed."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where the file lies."""

    path: str
    home: str = ""
    platform: Platform = "linux"


@dataclass(slots=True)
class _Readings:
    """One content, read for several agents."""

    content: Content
    at: Surroundings
    parsed: ParsedValues = field(default_factory=dict)

    def read(self, known: Known) -> Parsed:
        document = self.document(known)
        return Parsed() if document is None else parse(document, known.location.read)

    def value(self, known: Known) -> Json:
        """The content as that agent parses it; None where there is none."""
        document = self.document(known)
        return None if document is None or known.location.format is Format.TEXT else document.value()

    def document(self, known: Known) -> Document | None:
        if isinstance(self.content, Missing | Unknown) or not self.content.strip():
            return None
        location = known.location
        return Document(
            path=self.at.path,
            agent=known.agent,
            scope=location.scope,
            format=location.format,
            data=self.content,
            home=self.at.home or None,
            project=known.project,
            platform=self.at.platform,
            product=known.product,
            keep=location.keep,
            parsed=self.parsed,
        )


def difference(
    before: Content, after: Content, readers: Sequence[Known], at: Surroundings
) -> tuple[tuple[Difference, ...], str]:
    """What changes, and why some of it is not known (empty where all is). An unknown content before counts as none:
    all that stands in the file afterwards is then new, and what is lost is not known.

    `readers` are all agents that read the file. The reason is one of `files.REASONS`. Raises nothing.
    """
    if isinstance(after, Unknown):
        return (), after.reason
    texts = [known for known in readers if known.location.format not in BINARY]
    if len(texts) < len(readers) and not texts:
        return (), "" if isinstance(after, Missing) or before == after else "binary"
    if before == after:
        return (), ""
    old, new = _Readings(before, at), _Readings(after, at)
    found: dict[tuple[str, ...], Difference] = {}
    broken = False
    for known in texts:
        was, now = old.read(known), new.read(known)
        broken = broken or (_is_broken(now) and not _is_broken(was))
        for one in _compare(was, now, known, at):
            key = _identity(one)
            same = found.get(key)
            if same is None:
                if len(found) < MOST:
                    found[key] = one
            elif known.agent not in same.facts.agents:
                labels = tuple(sorted({*same.facts.labels, *one.facts.labels}))
                facts = replace(same.facts, agents=(*same.facts.agents, known.agent), labels=labels)
                found[key] = replace(same, facts=facts, commands=same.commands or one.commands)
    told = {one.facts.name for one in found.values() if "hooks-off" in one.facts.labels}
    for one in _hooks_off(old, new, texts, at):
        if one.facts.name not in told:
            found.setdefault(_identity(one), one)
    lost = before.reason if isinstance(before, Unknown) and before.reason != "not-read" else ""
    return tuple(found.values()), "malformed" if broken else lost


def _hooks_off(old: _Readings, new: _Readings, readers: Sequence[Known], at: Surroundings) -> Iterator[Difference]:
    """Switches of hooks that are set afterwards and were not before, whatever the agents' readers record of them."""
    switches = [item for item in switches_at(at.path) if item.test not in (Test.LOADS_CODE, Test.EXISTS)]
    if not switches:
        return
    for known in {known.location.format: known for known in reversed(readers)}.values():
        was = {(found.switch.id, found.pointer) for found in set_in(switches, old.value(known))}
        for found in set_in(switches, new.value(known)):
            if (found.switch.id, found.pointer) not in was:
                facts = ChangeFacts(
                    what="switch",
                    change="added",
                    agent=known.name,
                    agents=(found.switch.agent,),
                    scope=known.location.scope.value,
                    path=at.path,
                    name=".".join(found.pointer),
                    labels=("hooks-off",),
                )
                yield Difference(facts)


def _identity(one: Difference) -> tuple[str, ...]:
    """By which the same change, seen by another agent's reader, is known."""
    facts = one.facts
    definition = repr(replace(one.definition, agent="")) if one.definition is not None else ""
    return facts.what, facts.change, facts.name, facts.line, facts.verdict, definition


def _is_broken(parsed: Parsed) -> bool:
    """Whether the file as a whole could not be read: another parser may see in it what ours does not."""
    return any(
        note.reason in ("malformed", "encoding", "too-deep", "internal", "duplicate-key") for note in parsed.diagnostics
    )


def _compare(was: Parsed, now: Parsed, known: Known, at: Surroundings) -> Iterator[Difference]:
    base = ChangeFacts(agent=known.name, agents=(known.agent,), scope=known.location.scope.value, path=at.path)
    yield from _artifacts(was.observed, now.observed, base, at.platform)
    yield from _settings(was.settings, now.settings, base)


def _artifacts(
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
        and (one.status in _OFF) == (other.status in _OFF)
        and one.content == other.content
        and _canonical(one.detail) == _canonical(other.detail)
    )


def _canonical(detail: Mapping[str, Json]) -> str:
    return json.dumps(detail, sort_keys=True, default=str)


def _thing(item: Observed, before: Observed | None, base: ChangeFacts, platform: Platform) -> Iterator[Difference]:
    off = item.status in _OFF
    facts = replace(base, name=item.name, off=off, scope=item.scope.value)
    match item.kind:
        case Kind.MCP_SERVER:
            yield _server(item, before, facts, platform)
        case Kind.HOOK:
            yield _hook(item, facts)
        case Kind.SKILL | Kind.INSTRUCTION:
            yield _text(item, before, facts)
        case Kind.PLUGIN | Kind.EXTENSION:
            yield Difference(replace(facts, what="plugin", line=str(item.detail.get("source", ""))))
        case Kind.SECRET:
            yield Difference(replace(facts, what="secret"))


def _server(item: Observed, before: Observed | None, facts: ChangeFacts, platform: Platform) -> Difference:
    launch = item.launch
    if facts.change == "removed" or launch is None:
        return Difference(replace(facts, what="server", line=line_of(launch)))
    was = before.launch if before is not None else None
    labels = ("ours",) if _is_ours(was) and not _is_ours(launch) and before is not None else ()
    return Difference(
        replace(facts, what="server", line=line_of(launch), was=line_of(was), labels=labels),
        definition=definition_of(item, platform),
        observed=item,
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
        disabled=item.status in _OFF,
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


def _settings(
    was: Sequence[ObservedSetting], now: Sequence[ObservedSetting], base: ChangeFacts
) -> Iterator[Difference]:
    old, new = _by_setting(was), _by_setting(now)
    for key, item in new.items():
        before = old.get(key)
        if before is None:
            yield from _setting(item, replace(base, change="added"))
        elif before.value != item.value:
            yield from _setting(item, replace(base, change="changed", was=_shown(before.value)))
    for key, item in old.items():
        if key not in new:
            yield from _gone(item, replace(base, change="removed"))


def _by_setting(items: Sequence[ObservedSetting]) -> dict[tuple[str, ...], ObservedSetting]:
    found: dict[tuple[str, ...], ObservedSetting] = {}
    for item in items:
        key: tuple[str, ...] = (item.topic.value, item.name, item.project or "", item.pointer)
        if item.topic in (Topic.PERMISSION, Topic.SERVER_POLICY, Topic.SERVER_STATUS):
            key = (*key[:3], _shown(item.value))
        found.setdefault(key, item)
    return found


def _shown(value: Json) -> str:
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, default=str)
    except (ValueError, RecursionError):
        return ""


def _setting(item: ObservedSetting, base: ChangeFacts) -> Iterator[Difference]:
    name, value = item.name, item.value
    facts = replace(base, name=name, line=_shown(value), scope=item.scope.value)
    match item.topic:
        case Topic.PERMISSION:
            labels: tuple[str, ...] = ()
            if value == "allow":
                labels = tuple(
                    label for label, on in (("any-command", is_any_command(name)), ("blanket", is_blanket(name))) if on
                )
            yield Difference(replace(facts, what="permission", verdict=str(value), line=name, labels=labels))
        case Topic.AUTO_APPROVE if value is not False:
            labels = ("servers-approved",) if approves_project_servers(name, value) else ()
            if approves_everything(name, value):
                labels = ("unattended",)
            yield Difference(replace(facts, what="approval", labels=labels))
        case Topic.SWITCH:
            yield _switch(facts, name, value)
        case Topic.TRUST if value is True:
            yield Difference(replace(facts, what="trust", labels=("trust",)))
        case Topic.SERVER_STATUS:
            labels = ("servers-approved",) if value == Status.APPROVED else ()
            yield Difference(replace(facts, what="approval", labels=labels))
        case Topic.SERVER_POLICY:
            yield Difference(replace(facts, what="policy", verdict=name))
        case Topic.PLUGIN_STATUS | Topic.PLUGIN_ROOT if value is not False:
            yield Difference(replace(facts, what="plugin"))


def _switch(facts: ChangeFacts, name: str, value: Json) -> Difference:
    labels = set()
    if switches_hooks_off(name, value):
        labels.add("hooks-off")
    if switches_protection_off(name, value):
        labels.add("protection-off")
    if loads_code(name):
        labels.add("loads-code")
    if redirects_traffic(name, value):
        labels.add("redirects")
    if approves_everything(name, value) and value is True:
        labels.add("unattended")
    commands: tuple[str, ...] = ()
    if names_command(name, value):
        labels.add("runs-command")
        commands = (value,) if isinstance(value, str) else (" ".join(_texts(value)),)
    return Difference(replace(facts, what="switch", labels=tuple(sorted(labels))), commands=commands)


def _gone(item: ObservedSetting, base: ChangeFacts) -> Iterator[Difference]:
    name, value = item.name, item.value
    facts = replace(base, name=name, was=_shown(value), scope=item.scope.value)
    match item.topic:
        case Topic.PERMISSION if value in ("deny", "ask"):
            facts = replace(facts, what="permission", verdict=str(value), line=name, labels=("refusal-removed",))
            yield Difference(facts)
        case Topic.SERVER_POLICY:
            labels = ("refusal-removed",) if name == "deny" else ()
            yield Difference(replace(facts, what="policy", verdict=name, labels=labels))
        case Topic.SERVER_STATUS if value in _OFF:
            yield Difference(replace(facts, what="approval", labels=("refusal-removed",)))
        case Topic.SWITCH:
            held = not switches_protection_off(name, value) and any(
                switches_protection_off(name, other) for other in (True, False)
            )
            yield Difference(replace(facts, what="switch", labels=("protection-removed",) if held else ()))
