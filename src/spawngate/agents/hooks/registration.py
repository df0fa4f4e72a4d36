"""How a hook is registered with an agent, as a value: which files, what is put where, and what is needed after it.

Belongs here: the types that every agent's `Hook.registration` fills in, the rendering of an entry for one client, and
recognising an entry of ours.
Must not be here: any agent's facts (its own module), editing of files (`agents.formats`, `endpoint.protect`).
"""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from spawngate.agents.document import Platform
from spawngate.agents.formats import Format
from spawngate.model.artifact import Scope
from spawngate.model.json import Json

Pointer = tuple[str, ...]
"""Keys from the root of a document down to one value."""

_ALL: tuple[Platform, ...] = ("linux", "macos", "windows")

_PLACEHOLDER = re.compile(r"\{(?:command|posix|powershell|program|script)\}")

CLIENTS = ("spawngate-hook", "spawngate-hook.exe", "spawngate_hook.py", "spawngate-hook.sh", "spawngate-hook.cmd")
"""File names of our clients and of scripts that start them: an entry that runs one of them is ours."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """One change of one file.

    Texts in `entry` may hold placeholders, which `render` replaces:
    `{command}` the client's whole command line, quoted for the platform (POSIX shell; on Windows as CreateProcess
    splits it); `{posix}` the same quoted for a POSIX shell on every platform; `{powershell}` the same for PowerShell;
    `{program}` its first word; `{script}` the absolute path of the registration's `HookFile` that is marked `script`.
    An element of a list that is exactly `{args}` becomes the words after the program.
    """

    pointer: Pointer
    """`append`: the list that the entry is added to, made with its parents where it is missing. `set`: the key whose
    value the entry is."""
    entry: Json
    how: Literal["append", "set"] = "append"
    overwrite: bool = False
    """`set`: replaces a value that is there. Otherwise a value that is there stays (`version`)."""
    alternatives: tuple[Pointer, ...] = ()
    """Other places where the agent reads the same list, since it may refuse or shadow a second one: `place` chooses."""
    event: str = ""
    """The agent's event; empty for a change that registers nothing (a pin, a version)."""
    needed: bool = True
    """False: registers an event that only informs (prompts, results); put in when provenance asks for it."""
    on: tuple[Platform, ...] = _ALL


@dataclass(frozen=True, slots=True)
class HookFile:
    """One file into which we register. Templates as in `agents.agent.Location`."""

    template: str
    """With `*` in its last part: every file that matches (Kiro's agents), and `default` where none does."""
    scope: Scope
    """USER or MANAGED."""
    format: Format = Format.JSON
    """JSON, JSONC, TOML, YAML: edited in place. TEXT: `text` is the whole file and it is ours alone."""
    insertions: tuple[Insertion, ...] = ()
    on: tuple[Platform, ...] = _ALL
    default: str = ""
    """Template of the file that is made where `template` has a `*` and nothing matches. Empty: none is made."""
    only_if: tuple[str, ...] = ()
    """Templates of which one has to exist, else the file is left out (an edition of the agent that is not there)."""
    script: bool = False
    """The file that `{script}` names in other entries."""
    root_keys: frozenset[str] = frozenset()
    """The only keys that the agent takes at the root; one more and it drops the whole file. Empty: any."""
    dropped_whole: bool = False
    """One wrong entry, of ours or of others, makes the agent drop the whole file."""
    no_slashes: bool = False
    """No text in the file may hold `//`: the agent takes it for a comment (Cursor)."""
    text: str = ""
    """TEXT: what the file holds; placeholders as in `Insertion`, and those of `plugins.render` for `plugin`."""
    plugin: str = ""
    """TEXT: name of a template of `agents.hooks.plugins` whose rendering is the file, in place of `text`."""
    executable: bool = False
    chains: bool = False
    """A file may already be there and be somebody's own hook: it has to be kept and run too (Cline)."""


Consent = Literal["none", "hash", "allowlist", "toggle", "command"]
"""What an agent needs after the files are written: nothing; a hash in its own configuration (Codex); a line in its
list of approved hooks (Hermes); a setting that only its user interface writes (Trae, Cline); a question that it asks
once, answered by a command of its own."""


@dataclass(frozen=True, slots=True)
class Registration:
    """How one agent's hook is registered."""

    files: tuple[HookFile, ...] = ()
    """Of one scope, every file whose `on` holds the platform is written."""
    fail_closed: str = ""
    """Key of our entries that makes the agent block when the hook fails; empty where it has none."""
    fail_closed_since: str = ""
    """First version of the agent that knows that key. An older one ignores it."""
    exec_since: str = ""
    """First version of the agent that knows the exec form of our entries; empty: every version, or no exec form."""
    consent: Consent = "none"
    consent_scopes: tuple[Scope, ...] = (Scope.USER,)
    """Scopes whose hooks need the consent."""
    consent_how: str = ""
    """For a person: what has to be done, one sentence."""
    reload: Literal["at-once", "next-session"] = "next-session"
    """When a change of the files counts."""
    ignored_when: Mapping[str, str] = field(default_factory=dict)
    """Known conditions under which a registered hook does not run, by topic, for `status`."""


def command_line(argv: Sequence[str], platform: Platform) -> str:
    """A command line that the platform splits into `argv` again.

    POSIX: quoted for `sh`. Windows: quoted as the C runtime splits, which cmd.exe leaves alone.
    """
    if platform != "windows":
        return shlex.join(argv)
    return " ".join(_windows(word) for word in argv)


def powershell_line(argv: Sequence[str]) -> str:
    """A PowerShell statement that runs `argv` and passes on its exit code."""
    words = " ".join("'" + word.replace("'", "''") + "'" for word in argv)
    return f"& {words}; exit $LASTEXITCODE"


def render(entry: Json, argv: Sequence[str], platform: Platform, script: str = "") -> Json:
    """The entry with its placeholders replaced.

    `argv` is what starts our client with the agent's id as its last word; `script` the path for `{script}`. Raises
    ValueError where `argv` is empty.
    """
    if not argv:
        raise ValueError("a client has at least a program")
    if isinstance(entry, str):
        return text(entry, argv, platform, script)
    if isinstance(entry, Mapping):
        return {key: render(value, argv, platform, script) for key, value in entry.items()}
    if isinstance(entry, Sequence):
        rendered: list[Json] = []
        for item in entry:
            if item == "{args}":
                rendered.extend(argv[1:])
            else:
                rendered.append(render(item, argv, platform, script))
        return rendered
    return entry


def shell_form(entry: Json) -> Json:
    """The entry for a version of the agent that does not know its exec form: program and arguments as one command."""
    if isinstance(entry, Mapping):
        if entry.get("command") == "{program}" and entry.get("args") == ["{args}"]:
            rest = {key: value for key, value in entry.items() if key not in ("command", "args")}
            return {**rest, "command": "{command}"}
        return {key: shell_form(value) for key, value in entry.items()}
    if isinstance(entry, Sequence) and not isinstance(entry, str):
        return [shell_form(item) for item in entry]
    return entry


def text(template: str, argv: Sequence[str], platform: Platform, script: str = "") -> str:
    """A text with its placeholders replaced; every other brace stays."""
    found = {
        "{command}": command_line(argv, platform),
        "{posix}": command_line(argv, "linux"),
        "{script}": script,
        "{powershell}": powershell_line(argv),
        "{program}": argv[0],
    }
    return _PLACEHOLDER.sub(lambda match: found[match.group()], template)


def place(insertion: Insertion, document: Json) -> Pointer:
    """Where an insertion goes in the document as it is now: its own place where something is there; else the first
    alternative that is there; else the first whose surrounding map is there; else its own place."""
    places = (insertion.pointer, *insertion.alternatives)
    for pointer in places:
        if _at(document, pointer) is not None:
            return pointer
    for pointer in places:
        if len(pointer) > 1 and isinstance(_at(document, pointer[:-1]), Mapping):
            return pointer
    return insertion.pointer


def _at(document: Json, pointer: Pointer) -> Json:
    for key in pointer:
        if not isinstance(document, Mapping):
            return None
        document = document.get(key)
    return document


def is_ours(entry: Json) -> bool:
    """Whether an entry of an agent's file runs our client, at whatever place it lies."""
    if isinstance(entry, str):
        return any(_base(word) in CLIENTS for word in _words(entry))
    if isinstance(entry, Mapping):
        return any(is_ours(value) for value in entry.values())
    if isinstance(entry, Sequence):
        return any(is_ours(value) for value in entry)
    return False


def _words(line: str) -> list[str]:
    try:
        return [line, *shlex.split(line), *line.replace('"', " ").replace("'", " ").split()]
    except ValueError:
        return [line, *line.replace('"', " ").replace("'", " ").split()]


def _base(word: str) -> str:
    return word.replace("\\", "/").rpartition("/")[2]


def _windows(word: str) -> str:
    if word and not any(character in word for character in ' \t"&|<>^()%!'):
        return word
    quoted, backslashes = "", 0
    for character in word:
        if character == "\\":
            backslashes += 1
            continue
        quoted += "\\" * (backslashes * 2 + 1 if character == '"' else backslashes) + character
        backslashes = 0
    return f'"{quoted}{chr(92) * backslashes * 2}"'
