"""What of a call must not be made of untrusted text: the names, arguments and payloads that decide what would run.

Belongs here: which words of a call's facts are names that somebody chose, which are arguments, which are code, and how
much each kind of thing matters. Must not be here: where they come from (`provenance.session`), what follows (`policy`).
Pure and total.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from spawngate.command.calls import Understood
from spawngate.command.spawn_facts import SpawnFacts
from spawngate.launch.argv import word_set
from spawngate.launch.definition import from_mapping
from spawngate.launch.facts import LaunchFacts
from spawngate.launch.understand import understand
from spawngate.model.call import ToolCall, ToolKind
from spawngate.model.json import Json
from spawngate.provenance.paths import absolute

KINDS: Mapping[str, str] = {
    "launch": "an MCP server, plugin or extension that would be started or added",
    "configuration": "a change of an agent's configuration, hooks or plugins",
    "install": "a package that would be installed or run, or the registry it comes from",
    "code": "code for an interpreter or shell, or a file that would be run",
    "startup": "a change of what starts by itself: shell start-up, services, hooks of version control, CI, builds",
    "instructions": "a change of an agent's instructions",
    "address": "an address that would be reached",
}
"""Kinds of things that may be tainted."""

LONGEST = 262_144
"""Characters of one text that are compared with what was read; a call with a longer one is told to be (`is_cut`)."""
MOST = 2000
"""Subjects of one call, and names of one subject: more than the spawns that a command may have and the items that a
decoder passes on, both of which are told where there are more (`command.budget`, `agents.hooks.payload`)."""

_ADDS = word_set("agent-server-add agent-plugin mcp-tool extension-install")
_CODE = word_set(
    "runs-input runs-download runs-decoded runs-generated runs-extracted installs-download loads-fetched "
    "code-fetch-run code-decode runs-written"
)
_CONFIGURATION = word_set("agent-config agent-code agent-managed agent-folder")
_STARTUP = word_set(
    "shell-startup persistence vcs-hooks vcs-config ci build-files editor-tasks package-config program-folder preload"
)
_SHELLS = word_set("sh bash zsh dash fish ksh pwsh powershell cmd")
_LAUNCH_KEYS = ("command", "url", "serverUrl", "httpUrl", "cmd", "args")
_DEPTH = 8


_RUNNERS = re.compile(
    r"\b(?:npx|bunx|uvx|pnpx|pipx[\s'\",]+run|pnpm[\s'\",]+(?:dlx|exec|add|install|i)|npm[\s'\",]+(?:exec|x|install|i|add)"
    r"|yarn[\s'\",]+(?:dlx|add)|bun[\s'\",]+(?:x|add|install)|pip3?[\s'\",]+install|uv[\s'\",]+(?:tool[\s'\",]+)?"
    r"(?:install|run|pip[\s'\",]+install)|docker[\s'\",]+(?:run|pull)|(?:go|cargo|gem)[\s'\",]+(?:install|run))"
    r"(?=[\s'\",])"
)
"""What starts or installs a package, in a script or in code: as a command or as a list of words."""
_WORD = re.compile(r"[^\s'\"`;|&()<>,\[\]{}]+")
_TAIL = 200
"""Characters behind it in which the package is named."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that a call would start, add, write or reach."""

    kind: str
    """One of KINDS."""
    names: tuple[str, ...] = ()
    """Names that somebody chose: packages, programs, hosts, addresses. A plain word counts here."""
    text: str = ""
    """Arguments and payload: what looks like an address, name or long literal counts."""
    code: str = ""
    """Code: addresses, long literals and copied rows of words count."""
    runs: tuple[str, ...] = ()
    """Files that would be run."""


def subjects_of(call: ToolCall, understood: Understood, home: str = "") -> list[Subject]:
    """Everything of a call that must not be made of untrusted text; empty for most calls."""
    found: dict[Subject, None] = {}
    for launch in understood.launches:
        found[launch_subject(launch)] = None
    whole = "\n".join(call.commands)[:LONGEST]
    for spawn in understood.spawns:
        for subject in _spawn(spawn, whole):
            found[subject] = None
    if call.kind is ToolKind.WRITE or call.edits:
        for subject in _edits(call, understood.call.write_places):
            found[subject] = None
    if call.urls:
        found[Subject("address", call.urls[:MOST])] = None
    return [
        replace(subject, runs=tuple([absolute(path, call.cwd, home) for path in subject.runs]))
        if subject.runs
        else subject
        for subject in list(found)[:MOST]
    ]


def packages_in(text: str) -> tuple[str, ...]:
    """Names of packages that a script or code would start or install, as far as they stand behind their runner."""
    found: dict[str, None] = {}
    for match in islice(_RUNNERS.finditer(text[:LONGEST]), MOST):
        tail = re.split(r"[;|&\n)]", text[match.end() : match.end() + _TAIL], maxsplit=1)[0]
        words = [word for word in _WORD.findall(tail) if not word.startswith(("-", "$", ".", "/", "~"))]
        found.update(dict.fromkeys(words[:2]))
    return tuple(found)


def is_cut(call: ToolCall) -> bool:
    """Whether something of the call is too long to be compared whole."""
    words = sum(map(len, call.commands)) + sum(len(word) for argv in call.argvs for word in argv)
    return words > LONGEST or sum(len(edit.new or "") for edit in call.edits) > LONGEST


def launch_subject(facts: LaunchFacts) -> Subject:
    """What a launch would run, as a subject."""
    runs_itself = facts.inner_program if not facts.launcher and facts.inner_program not in _SHELLS else ""
    names = (facts.package_name, *facts.extra_packages, *facts.registry_override, facts.host, facts.url, runs_itself)
    return Subject(
        "launch",
        tuple(dict.fromkeys(name for name in names if name)),
        _text((*facts.inner_argv, *facts.server_args)),
        facts.shell_text,
        (facts.script,) if facts.script else (),
    )


def _spawn(spawn: SpawnFacts, whole: str) -> Iterator[Subject]:
    acts = frozenset(spawn.acts)
    if acts & _ADDS:
        yield Subject("launch", _added(spawn.words), _text(spawn.words))
    if spawn.packages or spawn.registries:
        kind = "launch" if spawn.server else "install"
        yield Subject(kind, _once((*spawn.packages, *spawn.registries)), _text(spawn.words) if spawn.server else "")
    if "container-run" in acts:
        image = understand(from_mapping({"command": spawn.program, "args": list(spawn.words)})).image
        if image:
            yield Subject("install", (image,))
    places = frozenset(spawn.write_places)
    if places & _CONFIGURATION or spawn.switches:
        yield from written("configuration", whole)
    elif "agent-instructions" in places:
        yield Subject("instructions", text=whole)
    if places & _STARTUP:
        yield Subject("startup", text=whole)
    if spawn.code:
        yield Subject("code", packages_in(spawn.code), code=spawn.code[:LONGEST])
    if spawn.runs or acts & _CODE or "decoded" in spawn.carries or (spawn.via == "input" and spawn.wrappers):
        # What is run may only come about in a pipe: then the whole command is what it is made of.
        line = whole if acts & _CODE and whole else spawn.line[:LONGEST]
        yield Subject("code", spawn.hosts if acts & _CODE else (), "", line, spawn.runs)
    if spawn.hosts:
        yield Subject("address", spawn.hosts, _text(word for word in spawn.words if "://" in word))


def _edits(call: ToolCall, write_places: Iterable[str]) -> Iterator[Subject]:
    places = frozenset(write_places)
    new = "\n".join(edit.new for edit in call.edits if edit.new)[:LONGEST]
    if not new:
        return
    if places & _CONFIGURATION:
        yield from written("configuration", new)
    if "agent-instructions" in places and not places & _CONFIGURATION:
        yield Subject("instructions", text=new)
    if places & _STARTUP:
        yield Subject("startup", text=new)


def written(kind: str, text: str) -> Iterator[Subject]:
    """Subjects of a text that is written to a configuration: all of it, and every launch that can be read in it."""
    yield Subject(kind, text=text)
    start = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=-1)
    if start < 0:
        return
    end = max(text.rfind("}"), text.rfind("]")) + 1
    value: Json = None
    for parse in (lambda: json.loads(text[start:end]), lambda: tomllib.loads(text), lambda: json.loads(f"{{{text}}}")):
        try:
            value = parse()
            break
        except (ValueError, RecursionError):
            continue
    for raw in list(_definitions(value, 0))[:MOST]:
        subject = launch_subject(understand(from_mapping(raw)))
        yield Subject(kind, subject.names, subject.text, subject.code, subject.runs)


def _definitions(value: Json, depth: int) -> Iterator[Mapping[str, Json]]:
    if depth > _DEPTH:
        return
    if isinstance(value, Mapping):
        if any(key in value for key in _LAUNCH_KEYS):
            yield value
        for below in value.values():
            yield from _definitions(below, depth + 1)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for below in value:
            yield from _definitions(below, depth + 1)


def _added(words: Sequence[str]) -> tuple[str, ...]:
    """What a command that adds a server names: all but options, the verbs, the name it is given, and local paths."""
    rest = list(words)
    if "--" in rest:
        rest = rest[rest.index("--") + 1 :]
    else:
        for verb in ("add", "add-json", "install", "link"):
            if verb in rest:
                rest = rest[rest.index(verb) + 1 :]
                bare = [word for word in rest if not word.startswith("-")]
                # `add NAME COMMAND`, but `install PACKAGE`.
                if verb.startswith("add") and len(bare) > 1:
                    rest.remove(bare[0])
                break
    return _once(word for word in rest if not word.startswith(("-", "/", "~", ".")) and "{" not in word)


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))[:MOST]


def _text(words: Iterable[str]) -> str:
    return " ".join(words)[:LONGEST]
