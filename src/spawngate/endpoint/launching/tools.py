"""SHELL. Tool lists as they were when their server was approved, `<state>/pins`, and what is another one since.

The first list of a launch is taken as it comes, but for what the rules find grave in it. What is new or another one
later, and what was grave, is kept beside it until somebody approves it.
Must not be here: digests and differences (`protocol.pins`), what is grave (`rules.offers`), what follows (`service`).
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from spawngate.endpoint.launching import store
from spawngate.endpoint.launching.known import Running
from spawngate.endpoint.launching.requests import Tools
from spawngate.launch.identity import LENGTH
from spawngate.model.errors import StateError
from spawngate.model.finding import Finding, Severity
from spawngate.protocol.pins import Difference, Pins, pins_from_json, pins_of
from spawngate.rules.engine import RuleSet
from spawngate.rules.offers import Offer, judge_offer

FOLDER = "pins"
INSTRUCTIONS = ""
"""What stands for the server's instructions among names of tools that are withheld."""
GRAVE = Severity.HIGH
"""From here on a finding withholds a tool that nobody looked at."""
MOST_TOLD = 50
_BODY = re.compile(rf"[0-9a-f]{{{LENGTH}}}")
_HINTS = {
    "readOnlyHint": "read-only",
    "destructiveHint": "destructive",
    "idempotentHint": "idempotent",
    "openWorldHint": "open-world",
}


class Pinned(msgspec.Struct, frozen=True, omit_defaults=True):
    """The lists of one launch. `approved` and `pending` are what `Pins.as_json` gives."""

    name: str
    at: str
    approved: dict[str, Any]
    tools_known: bool = False
    """A list was seen; before that only the instructions may be known."""
    instructions_known: bool = False
    pending: dict[str, Any] = {}
    """A later list that differs; empty where there is none."""
    changes: tuple[str, ...] = ()
    """How `pending` differs, in words."""
    hints: dict[str, tuple[str, ...]] = {}
    """What the annotations of the approved list say, by tool."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a list is beside the approved one."""

    what: str
    """pinned, same, changed."""
    told: tuple[str, ...] = ()
    withhold: tuple[str, ...] = ()
    """Tools that are new, another one or grave; the empty name stands for the instructions."""
    count: int = 0
    hints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    new: bool = False
    """Nobody was told of it yet."""
    findings: tuple[Finding, ...] = ()
    names: tuple[str, ...] = ()
    """Of all tools in the list."""


class ToolLists:
    """The folder of pinned lists. A list that cannot be read counts as changed whole."""

    def __init__(self, state: Path) -> None:
        self._folder = state / FOLDER

    def held(self, body: str) -> Pinned | None:
        """What is pinned for a launch. Raises StateError where that cannot be read."""
        if not _BODY.fullmatch(body):
            return None
        path = self._folder / f"{body}.json"
        if store.stamp(path) is None:
            return None
        held = store.load(path, Pinned, Pinned("", "", {}))
        if pins_from_json(held.approved) is None or (held.pending and pins_from_json(held.pending) is None):
            raise StateError(f"{path} is damaged; remove it, and the next list is taken as it comes")
        return held

    def hints(self, body: str) -> dict[str, tuple[str, ...]]:
        """What the approved list says about its tools."""
        try:
            held = self.held(body)
        except StateError:
            return {}
        return held.hints if held is not None else {}

    def compare(
        self,
        running: Running,
        asked: Tools,
        now: str,
        rules: RuleSet,
        others: Mapping[str, Collection[str]] | None = None,
    ) -> Changed:
        """What the listed tools are beside the approved ones, and what the rules say to them.

        `others`: names of the tools of the agent's other servers.
        """
        listed = [tool for tool in asked.tools or () if isinstance(tool, Mapping)]
        found = pins_of(asked.instructions, listed)
        try:
            held = self.held(running.body)
        except StateError as error:
            names = tuple(found.tools)
            return Changed("changed", (str(error),), (*names, INSTRUCTIONS), len(names), {}, new=True, names=names)
        before = _before(held, found, asked)
        offer = judge_offer(
            rules,
            running.name,
            asked.instructions,
            listed if asked.tools is not None else None,
            before=before,
            others=others,
            more=asked.more,
            artifact=running.entry,
        )
        first = held is None or (asked.tools is not None and not held.tools_known)
        withhold = _withheld(offer, before, first=first)
        findings = tuple(each for name in sorted(offer.findings) for each in offer.findings[name])
        told = (*_words(offer.difference), *_grave(offer, withhold))[:MOST_TOLD]
        result = Changed(
            "changed" if told else "same",
            told,
            withhold,
            len(found.tools),
            held.hints if held is not None and held.tools_known else hints_of(listed),
            findings=findings,
            names=tuple(found.tools),
        )
        return self._kept(running, asked, now, held, found, result)

    def _kept(
        self, running: Running, asked: Tools, now: str, held: Pinned | None, found: Pins, result: Changed
    ) -> Changed:
        """The result, with what is remembered of it."""
        base = held or Pinned(running.name, now, Pins().as_json())
        approved = pins_from_json(base.approved) or Pins()
        tools_now = asked.tools is not None and not asked.more
        if tools_now and not base.tools_known:
            kept = {name: has for name, has in found.tools.items() if name not in result.withhold}
            approved = replace(approved, tools=kept)
        if asked.instructions is not None and not base.instructions_known:
            text = "" if INSTRUCTIONS in result.withhold else found.instructions
            approved = replace(approved, instructions=text)
        pending = replace(
            found if asked.tools is not None else replace(found, tools=approved.tools),
            instructions=found.instructions if asked.instructions is not None else approved.instructions,
        )
        later = msgspec.structs.replace(
            base,
            approved=approved.as_json(),
            tools_known=base.tools_known or tools_now,
            instructions_known=base.instructions_known or asked.instructions is not None,
            pending=pending.as_json() if result.told and not asked.more else base.pending,
            changes=result.told if result.told and not asked.more else base.changes,
            hints=dict(result.hints) if tools_now and not base.tools_known else base.hints,
        )
        if later == base and held is not None:
            return result
        if not asked.more or asked.instructions is not None:
            self._save(running.body, later)
        what = "changed" if result.told else "pinned"
        return replace(result, what=what, new=not asked.more)

    def carry(self, before: str, body: str) -> None:
        """What is pinned for `before` is pinned for `body` too, where nothing is yet."""
        try:
            if self.held(body) is None and (known := self.held(before)) is not None:
                self._save(body, known)
        except StateError:
            return  # what cannot be read counts as changed when the next list comes

    def waiting(self, body: str) -> tuple[str, ...]:
        """How a later list differs from the approved one, in words."""
        try:
            held = self.held(body)
        except StateError as error:
            return (str(error),)
        return held.changes if held is not None else ()

    def approve(self, body: str, now: str) -> tuple[str, ...]:
        """Make the later list the approved one, and tell what changed. Raises StateError."""
        held = self.held(body)
        if held is None or not held.changes:
            return ()
        self._save(body, msgspec.structs.replace(held, at=now, approved=held.pending, pending={}, changes=()))
        return held.changes

    def _save(self, body: str, held: Pinned) -> None:
        if _BODY.fullmatch(body):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            store.save(self._folder / f"{body}.json", held)


def hints_of(tools: Sequence[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """What the annotations of tools say: only what is stated, and only where it is a plain yes."""
    found: dict[str, tuple[str, ...]] = {}
    for tool in tools:
        annotations = tool.get("annotations")
        name = tool.get("name")
        if isinstance(annotations, Mapping) and isinstance(name, str):
            said = tuple(word for key, word in _HINTS.items() if annotations.get(key) is True)
            if said:
                found[name] = said
    return found


def _before(held: Pinned | None, found: Pins, asked: Tools) -> Pins | None:
    """What the list is held against. What was not known then, or is not told now, counts as the same."""
    if held is None:
        return None
    approved = pins_from_json(held.approved) or Pins()
    return Pins(
        approved.instructions if held.instructions_known and asked.instructions is not None else found.instructions,
        approved.tools if held.tools_known else found.tools,
    )


def _withheld(offer: Offer, before: Pins | None, *, first: bool) -> tuple[str, ...]:
    """Tools that nobody approved as they are: new or other ones, and grave ones that were not looked at either."""
    changed = dict.fromkeys((*offer.difference.added, *offer.difference.changed))
    if offer.difference.instructions in ("added", "changed"):
        changed[INSTRUCTIONS] = None
    grave = offer.withheld(GRAVE)
    # What stands in an approved list as it is now was looked at, whatever the rules say to it.
    looked_at = () if before is None or first else [name for name in grave if name not in changed]
    return tuple(dict.fromkeys((*changed, *(name for name in grave if name not in looked_at))))


def _words(found: Difference) -> tuple[str, ...]:
    told = [f"{name!r} is new" for name in found.added]
    told += [f"{name!r} is another one ({', '.join(fields)})" for name, fields in found.changed.items()]
    told += [f"{name!r} is gone" for name in found.removed]
    if found.instructions:
        told.append(f"the instructions were {found.instructions}")
    return tuple(told)


def _grave(offer: Offer, withheld: Iterable[str]) -> tuple[str, ...]:
    """Why tools are withheld that the rules find something grave in."""
    told: list[str] = []
    for name in withheld:
        for each in offer.findings.get(name, ()):
            if each.severity.rank >= GRAVE.rank:
                told.append(each.message)
                break
    return tuple(dict.fromkeys(told))
