"""Servers that a call would add without writing a file that it names: by an agent's own command, or by a link that is
opened; and definitions in texts whose effect is not known.

Belongs here: finding them among a call's spawns, addresses and texts.
Must not be here: the grammars (`configuration.additions`, `configuration.links`, `configuration.fragments`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spawngate.command.calls import Understood
from spawngate.command.context import CallContext
from spawngate.command.spawn import Spawn
from spawngate.configuration.additions import PROGRAMS, Addition, additions_of
from spawngate.configuration.artifacts import entry_change
from spawngate.configuration.change import Difference
from spawngate.configuration.change_facts import ChangeFacts
from spawngate.configuration.files import Content, Files, Present, Unknown
from spawngate.configuration.fragments import definitions
from spawngate.configuration.links import is_install_link, launches_in
from spawngate.launch.argv import word_set
from spawngate.model.call import ToolCall

OPENERS = word_set(
    "open xdg-open gio gnome-open kde-open kde-open5 exo-open wslview start start-process saps explorer rundll32 cmd"
    " sensible-browser x-www-browser www-browser firefox chromium chromium-browser google-chrome brave-browser"
    " microsoft-edge safari osascript cursor code code-insiders codium windsurf kiro trae antigravity powershell pwsh"
    " python python3 node curl wget am termux-open adb"
)
"""Programs that open a link which they are given, or may."""
MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Direct:
    """What a call would add directly."""

    differences: tuple[Difference, ...] = ()
    unknown: tuple[ChangeFacts, ...] = ()
    commands: frozenset[int] = frozenset()
    """Places, among the facts of all spawns, of agents' own commands whose effect is known."""


NOTHING = Direct()


def direct_of(call: ToolCall, understood: Understood, context: CallContext, present: Present) -> Direct:
    """What a call would add directly. Cheap where it adds nothing. Total."""
    spawns = understood.spawns
    candidates = [at for at, facts in enumerate(spawns) if facts.program in PROGRAMS or facts.program in OPENERS]
    links = [url for url in call.urls if is_install_link(url)]
    if not candidates and not links:
        return NOTHING
    raw = [spawn for program in understood.programs for spawn in program.spawns]
    differences: list[Difference] = []
    unknown: list[ChangeFacts] = []
    known: set[int] = set()
    for at in candidates:
        if at >= len(raw):
            break
        found = _of_spawn(raw[at], context, present)
        links.extend(word for word in _words(raw[at]) if is_install_link(word))
        if isinstance(found, Unknown):
            program = spawns[at].program
            unknown.append(ChangeFacts(change="unknown", agent=program, reason=found.reason))
        elif found:
            known.add(at)
            differences.extend(_difference(addition, context) for addition in found)
    for link in dict.fromkeys(links):
        differences.extend(_difference(addition, context) for addition in launches_in(link))
    return Direct(tuple(differences), tuple(unknown), frozenset(known))


def _of_spawn(spawn: Spawn, context: CallContext, present: Present) -> tuple[Addition, ...] | Unknown | None:
    files = Files(context, present)

    def read(path: str) -> Content:
        return files.read(files.place(path, spawn.cwd))

    return additions_of(spawn, read)


def _words(spawn: Spawn) -> Iterator[str]:
    """Words that may be links, and links inside words: code and AppleScript hold them in quotes."""
    for word in spawn.words[:MOST_WORDS]:
        yield word
        if len(word) < 65_536 and ("mcp" in word or "extension" in word):
            for part in word.replace('"', "\n").replace("'", "\n").replace("(", "\n").splitlines():
                if part != word:
                    yield part.strip()


def _difference(addition: Addition, context: CallContext) -> Difference:
    return entry_change(
        addition.agent,
        addition.agent_name,
        addition.name,
        addition.definition,
        addition.scope,
        context.platform,
    )


def in_texts(call: ToolCall, understood: Understood, context: CallContext) -> tuple[Difference, ...]:
    """Servers defined in the texts of a call whose effect is not known: what is added there is worth a look."""
    texts = [edit.new for edit in call.edits if edit.new]
    texts += [spawn.code for program in understood.programs for spawn in program.spawns if spawn.code]
    texts += [r.text for program in understood.programs for spawn in program.spawns for r in spawn.redirects if r.text]
    texts += [*_long_words(understood), *call.commands]
    found: dict[str, Difference] = {}
    for text in dict.fromkeys(texts):
        for definition in definitions(text):
            one = entry_change(call.agent, "an agent", "unnamed", definition, "user", context.platform)
            found.setdefault(one.facts.line, one)
    return tuple(found.values())


def _long_words(understood: Understood) -> Sequence[str]:
    return [
        word
        for program in understood.programs
        for spawn in program.spawns
        for word in spawn.words[:MOST_WORDS]
        if len(word) > 12 and ("command" in word or "url" in word)
    ]
