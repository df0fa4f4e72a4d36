"""The difference of two contents of an agent's file, as the agents' own readers see them.

Belongs here: reading both contents for every agent that reads the file, and comparing launches, hooks, settings and
texts.
Must not be here: any agent's format (`agents`), what a launch runs (`launch`), and judgement (`rules`).
Holds raw values: what leaves the process is redacted first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spawngate.agents.document import Document, Parsed, ParsedValues, Platform, parse
from spawngate.agents.formats import Format
from spawngate.agents.hooks.off_switches import Test, set_in, switches_at
from spawngate.configuration.artifacts import artifact_changes
from spawngate.configuration.change import Difference
from spawngate.configuration.change_facts import ChangeFacts
from spawngate.configuration.files import Content, Missing, Unknown
from spawngate.configuration.recognise import Known
from spawngate.configuration.settings import setting_changes
from spawngate.model.artifact import Scope
from spawngate.model.json import Json

BINARY = frozenset({Format.SQLITE, Format.ZIP, Format.NONE, Format.XML})
"""Formats whose content a call's text does not tell."""
MOST = 200
"""Changes of one file that are told; more than any person makes at once."""


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
    if not lost and not isinstance(before, bytes) and isinstance(after, bytes) and _is_emptied(new, texts):
        lost = "emptied"
    return tuple(found.values()), "malformed" if broken else lost


def read_for(content: Content, known: Known, at: Surroundings) -> Parsed:
    """The content as one agent's reader sees it. Raises nothing."""
    return _Readings(content, at).read(known)


def _is_emptied(new: _Readings, readers: Sequence[Known]) -> bool:
    """Whether a person's own file says nothing any more. A project's file that is made empty is new."""
    own = [
        known
        for known in readers
        if known.location.format not in (Format.TEXT, Format.FRONTMATTER) and known.location.scope is not Scope.PROJECT
    ]
    return bool(own) and all(_is_blank(new.value(known)) for known in own)


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


def _is_blank(value: Json) -> bool:
    """Whether a value says nothing: empty containers, a version."""
    if isinstance(value, Mapping):
        return all(map(_is_blank, value.values()))
    if isinstance(value, str):
        return not value.strip()
    return all(map(_is_blank, value)) if isinstance(value, Sequence) else not isinstance(value, bool)


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
    yield from artifact_changes(was.observed, now.observed, base, at.platform)
    yield from setting_changes(was.settings, now.settings, base)
