"""SHELL. Which files of this machine one agent's registration means, and what each of them should hold.

Must not be here: reading and changing them (`plan`, `apply`), and any agent's facts (`agents.hooks.dialects`).
"""

import glob
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spawngate.agents.agent import Agent, Location
from spawngate.agents.document import Document
from spawngate.agents.formats import Format
from spawngate.agents.formats.edit_values import Operation
from spawngate.agents.hooks.dialect import Hook
from spawngate.agents.hooks.registration import HookFile, Insertion, Registration, render, shell_form, text
from spawngate.agents.places import HomeContext, Machine, home_patterns, system_patterns
from spawngate.model.artifact import Scope
from spawngate.model.decision import Mode
from spawngate.model.hookconf import INFORMING
from spawngate.model.json import Json

OUR_NAME = "spawngate"
MAX_MATCHES = 200
"""Files that one pattern may mean."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be registered, for one agent."""

    agent: Agent
    hook: Hook
    registration: Registration
    argv: tuple[str, ...]
    """What starts the client, the agent's id last."""
    scope: Scope = Scope.USER
    mode: Mode = Mode.ENFORCE
    version: str = ""
    """Of the installed agent; empty where it is not known."""
    context: bool = False
    """Events that only inform are registered too."""
    token: str = ""
    """Ends the names of our hooks. Some agents let a repository's file switch off, or take the place of, a hook that
    it names; it cannot name one of which it does not know the name."""


@dataclass(frozen=True, slots=True)
class Machinery:
    """Where things lie on this machine."""

    home: HomeContext
    machine: Machine


@dataclass(frozen=True, slots=True)
class Target:
    """One file, and what it should hold."""

    agent: str
    path: str
    file: HookFile
    operations: tuple[Operation, ...] = ()
    elsewhere: Mapping[int, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    """By place in `operations`: other pointers at which the agent reads the same list."""
    whole: str = ""
    """TEXT: the file's content."""


def targets(request: Request, machinery: Machinery) -> list[Target]:
    """Every file that is to be written for the request. Raises nothing."""
    registration, platform = request.registration, machinery.home.platform
    chosen = [
        file
        for file in registration.files
        if file.scope is request.scope and platform in file.on and _wanted(request.agent, file, machinery)
    ]
    script = next((path for file in chosen if file.script for path in _paths(request.agent, file, machinery)), "")
    found: dict[str, Target] = {}
    for file in chosen:
        for path in _paths(request.agent, file, machinery):
            found.setdefault(path, _target(request, file, path, script, machinery))
    return list(found.values())


def _target(request: Request, file: HookFile, path: str, script: str, machinery: Machinery) -> Target:
    platform = machinery.home.platform
    if file.format is Format.TEXT:
        if file.plugin:
            from spawngate.agents.hooks import plugins

            whole = plugins.render(file.plugin, request.argv, closed=request.mode is Mode.ENFORCE)
        else:
            whole = text(file.text, request.argv, platform, script)
        return Target(request.agent.id, path, file, whole=whole)
    operations: list[Operation] = []
    elsewhere: dict[int, tuple[tuple[str, ...], ...]] = {}
    for insertion in file.insertions:
        if platform not in insertion.on or not (insertion.needed or request.context):
            continue
        if insertion.alternatives:
            elsewhere[len(operations)] = insertion.alternatives
        argv = request.argv if insertion.needed or not insertion.event else (*request.argv, INFORMING)
        entry = named(render(_entry(request, insertion), argv, platform, script), request.token)
        operations.append(Operation(insertion.pointer, entry, insertion.how, insertion.overwrite))
    return Target(request.agent.id, path, file, tuple(operations), elsewhere)


def _entry(request: Request, insertion: Insertion) -> Json:
    registration, entry = request.registration, insertion.entry
    if older(request.version, registration.exec_since):
        entry = shell_form(entry)
    if request.mode is Mode.MONITOR and registration.fail_closed and insertion.event:
        entry = without_key(entry, registration.fail_closed)
    return entry


def named(entry: Json, token: str) -> Json:
    """The entry with `token` behind our own name wherever a hook is named, however deep."""
    if isinstance(entry, Mapping):
        return {
            key: f"{OUR_NAME}-{token}{value[len(OUR_NAME) :]}"
            if token and key == "name" and isinstance(value, str) and value.startswith(OUR_NAME)
            else named(value, token)
            for key, value in entry.items()
        }
    if isinstance(entry, Sequence) and not isinstance(entry, str):
        return [named(item, token) for item in entry]
    return entry


def without_key(entry: Json, key: str) -> Json:
    """The entry without that key, however deep: in monitor mode nothing that fails may block."""
    if isinstance(entry, Mapping):
        return {name: without_key(value, key) for name, value in entry.items() if name != key}
    if isinstance(entry, Sequence) and not isinstance(entry, str):
        return [without_key(item, key) for item in entry]
    return entry


def older(version: str, since: str) -> bool:
    """Whether a known version is older than `since`. An unknown one is not: agents update themselves."""
    if not version or not since:
        return False
    return _numbers(version) < _numbers(since)


def _numbers(version: str) -> list[int]:
    match = re.search(r"\d+(?:\.\d+)*", version)
    return [int(part) for part in match.group().split(".")] if match else [0]


def _wanted(agent: Agent, file: HookFile, machinery: Machinery) -> bool:
    if not file.only_if:
        return True
    return any(
        os.path.exists(path) or (glob.has_magic(path) and any(True for _ in glob.iglob(_escaped(path))))
        for template in file.only_if
        for path in expanded(agent, template, machinery)
    )


def _paths(agent: Agent, file: HookFile, machinery: Machinery) -> Iterator[str]:
    for path in expanded(agent, file.template, machinery):
        if not glob.has_magic(path):
            yield path
            continue
        matches = sorted(match for match in glob.glob(_escaped(path)) if os.path.isfile(match))[:MAX_MATCHES]
        if matches:
            yield from matches
        elif file.default:
            yield from expanded(agent, file.default, machinery)


def expanded(agent: Agent, template: str, machinery: Machinery) -> list[str]:
    """Paths of a template on this machine; wildcards stay in them."""
    location = Location(template, Scope.USER, _no_reader)
    patterns = [
        *home_patterns(agent, location, machinery.home),
        *system_patterns(location, machinery.machine),
    ]
    return [pattern.path for pattern in patterns]


def _escaped(path: str) -> str:
    """Only the last part of a template has wildcards; a home that holds such characters must not be one."""
    folder, _, name = path.rpartition("/")
    return f"{glob.escape(folder)}/{name}"


def _no_reader(document: Document) -> tuple[()]:
    raise AssertionError(document)
