"""What changes among the settings that two readings of a file found: permissions, approvals, trust, switches, plugins.

Belongs here: by what a setting is known again, and what its change amounts to.
Must not be here: artifacts (`configuration.artifacts`), reading (`configuration.difference`), and judgement (`rules`).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from spawngate.agents.presence import is_blanket
from spawngate.configuration.artifacts import OFF
from spawngate.configuration.change import Difference
from spawngate.configuration.change_facts import ChangeFacts
from spawngate.model.artifact import Status
from spawngate.model.json import Json
from spawngate.model.observed import ObservedSetting, Topic
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


def setting_changes(
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
        commands = (_command(value),)
    return Difference(replace(facts, what="switch", labels=tuple(sorted(labels))), commands=commands)


def _command(value: Json) -> str:
    if isinstance(value, str):
        return value
    return " ".join(item for item in value if isinstance(item, str)) if isinstance(value, Sequence) else ""


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
        case Topic.SERVER_STATUS if value in OFF:
            yield Difference(replace(facts, what="approval", labels=("refusal-removed",)))
        case Topic.SWITCH:
            held = not switches_protection_off(name, value) and any(
                switches_protection_off(name, other) for other in (True, False)
            )
            yield Difference(replace(facts, what="switch", labels=("protection-removed",) if held else ()))
