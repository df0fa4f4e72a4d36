"""SHELL. Switches that keep an agent's hooks from running: which are set on this machine, and where.

Must not be here: which switches there are (`agents.hooks.off_switches`), and how bad that is (`standing`, `rules`).
"""

import glob
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spawngate.agents.agent import Agent
from spawngate.agents.formats import Format
from spawngate.agents.formats.jsontext import parse_json
from spawngate.agents.formats.text import decode
from spawngate.agents.formats.toml import parse_toml
from spawngate.agents.formats.yamltext import parse_yaml
from spawngate.agents.hooks.off_switches import SWITCHES, OffSwitch, set_in, variables_set
from spawngate.endpoint import files
from spawngate.endpoint.protect.targets import Machinery, expanded
from spawngate.model.artifact import Scope
from spawngate.model.json import Json

MAX_SWITCH_FILE = 4 << 20
"""Bytes of a file in which a switch is looked for."""


@dataclass(frozen=True, slots=True)
class SetSwitch:
    """A switch that is set, and where."""

    switch: str
    path: str
    scope: Scope
    stops: tuple[Scope, ...]
    note: str


def switches_set(agent: Agent, machinery: Machinery, projects: Sequence[str] = ()) -> list[SetSwitch]:
    """Switches of an agent that are set: in the user's and the machine's files, in projects, in the environment."""
    found: list[SetSwitch] = []
    for switch in SWITCHES:
        if switch.agent != agent.id:
            continue
        for template, scope in switch.files:
            for path in _places(agent, template, machinery, projects):
                if set_in((switch,), _switch_document(path, switch)):
                    held = f"pinned against by {switch.pinned_by}" if switch.pinned_by else ""
                    found.append(SetSwitch(switch.id, path, scope, switch.stops, switch.note or held))
    for variable in variables_set(machinery.home.environment, agent.id):
        if variable.note and "moves" in variable.note:
            continue  # our entries were put where the variable leads
        found.append(SetSwitch(variable.name, "the environment", Scope.USER, variable.stops, variable.note))
    return found


def _places(agent: Agent, template: str, machinery: Machinery, projects: Sequence[str]) -> Iterator[str]:
    if template.startswith("{project}"):
        for project in projects:
            if os.path.realpath(project) == os.path.realpath(machinery.home.path):
                continue  # files of the home are the person's own, whatever the folder is that we stand in
            path = project.rstrip("/") + template.removeprefix("{project}")
            if os.path.isfile(path):
                yield path
        return
    for path in expanded(agent, template, machinery):
        if glob.has_magic(template):
            folder, _, name = path.rpartition("/")
            yield from sorted(glob.glob(f"{glob.escape(folder)}/{name}"))[:200]
        elif os.path.isfile(path):
            yield path


def _switch_document(path: str, switch: OffSwitch) -> Json:
    if switch.format is Format.TEXT:
        return _environment_file(path)
    return document_at(path, switch.format)


def document_at(path: str, form: Format) -> Json:
    """The file's value as far as it can be read; None where it cannot."""
    try:
        text, _ = decode(files.read(path, MAX_SWITCH_FILE))
    except files.Unreadable:
        return None
    if form is Format.TOML:
        return parse_toml(text)[0]
    if form is Format.YAML:
        return parse_yaml(text)[0]
    return parse_json(text, form)[0]


def _environment_file(path: str) -> Mapping[str, Json]:
    """Variables of a `.env` file."""
    try:
        text, _ = decode(files.read(path, MAX_SWITCH_FILE))
    except files.Unreadable:
        return {}
    found: dict[str, Json] = {}
    for line in text.splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            found[name.strip()] = value.strip().strip("\"'")
    return found
