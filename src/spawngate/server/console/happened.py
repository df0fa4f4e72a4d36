"""One line for one event, for timelines beside other things. The pages of the trail show events whole.

Pure. Must not be here: queries, markup.
"""

from collections.abc import Iterable

import msgspec

from spawngate.server.store.port import Entry
from spawngate.trail.event import Event

LONGEST = 160


class Line(msgspec.Struct, frozen=True):
    """What a timeline shows of an event."""

    at: str
    word: str
    """A verdict, or the type of the event."""
    text: str


def lines(entries: Iterable[Entry]) -> tuple[Line, ...]:
    """The entries as lines, those that cannot be read left out."""
    found: list[Line] = []
    for entry in entries:
        try:
            event = entry.event
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        word = event.decision.verdict if event.decision is not None else event.type
        found.append(Line(entry.time, word, _cut(_text(event))))
    return tuple(found)


def _text(event: Event) -> str:
    if event.call is not None:
        what = event.call.commands or event.call.paths or event.call.urls
        tool = event.call.server_tool or event.call.tool
        return f"{tool}: {what[0]}" if what else tool
    if event.finding is not None:
        about = event.artifact.name if event.artifact is not None else ""
        return f"{event.finding.title or event.finding.rule} {f'({about})' if about else ''}".strip()
    if event.artifact is not None:
        paths = ", ".join(each.path for each in event.artifact.differences[:4])
        return f"{event.artifact.kind} {event.artifact.name}{f': {paths}' if paths else ''}"
    return event.message or event.type


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
