"""Which records somebody wants to see: by field, by time, and by free text. Pure.

A narrow port: the query language of the record issue will be read into the same `Filter`.
Must not be here: reading records (`endpoint.trail.reader`), and layout (`report.trail`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from spawngate.model.errors import UsageError

NAMES: Mapping[str, tuple[str, ...]] = {
    "agent": ("actor.agent", "artifact.agent", "detail.agent"),
    "call": ("call.id",),
    "channel": ("channel",),
    "cwd": ("call.cwd",),
    "kind": ("call.kind", "artifact.kind"),
    "mode": ("decision.mode",),
    "moment": ("call.moment",),
    "name": ("artifact.name",),
    "path": ("call.paths", "artifact.path", "detail.path"),
    "policy": ("decision.policy", "detail.policy"),
    "program": ("call.programs",),
    "reason": ("decision.reasons",),
    "rule": ("decision.hits.rule",),
    "server": ("call.server",),
    "session": ("actor.session",),
    "severity": ("decision.severity",),
    "tool": ("call.tool", "call.server_tool"),
    "type": ("type",),
    "url": ("call.urls",),
    "user": ("actor.user",),
    "verdict": ("decision.verdict",),
}
"""Short names of fields and where they stand in a record."""
_WHOLE = ("message", "stream", "sequence", "endpoint")
_SPAN = re.compile(r"(\d{1,6})(s|m|h|d|w)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


@dataclass(frozen=True, slots=True)
class Term:
    """One condition on a field: one of its values is one of these. `*` stands for any characters."""

    field: str
    """One of NAMES, or a dotted path into the record."""
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """All conditions must hold."""

    terms: tuple[Term, ...] = ()
    text: tuple[str, ...] = ()
    """Words of which each must stand somewhere in the record, whatever the case."""
    without: tuple[str, ...] = ()
    """Words of which none may."""
    since: str = ""
    """RFC 3339, UTC, as in records; empty for no limit."""
    until: str = ""

    def matches(self, value: Mapping[str, Any]) -> bool:
        """Whether a record fulfils every condition."""
        at = value.get("at")
        at = at if isinstance(at, str) else ""
        if (self.since and at < self.since) or (self.until and at >= self.until):
            return False
        if not all(_holds(term, value) for term in self.terms):
            return False
        if not self.text and not self.without:
            return True
        words = [text.casefold() for text in texts(value)]

        def stands(wanted: str) -> bool:
            return any(wanted.casefold() in word for word in words)

        return all(map(stands, self.text)) and not any(map(stands, self.without))


def parse_terms(words: Sequence[str], at: datetime) -> Filter:
    """The filter that a command line means: `field:value[,value]`, `last:24h`, plain text, and `not` before one.

    Raises UsageError that names the word.
    """
    terms: list[Term] = []
    found: tuple[list[str], list[str]] = [], []
    since = ""
    negated = False
    for word in words:
        if word == "not" and not negated:
            negated = True
            continue
        name, colon, value = word.partition(":")
        if not colon or not re.fullmatch(r"[a-z][a-z_.]*", name) or value.startswith("//"):
            found[negated].append(word)
        elif name == "last" and not negated:
            since = parse_time(value, at)
        elif name not in NAMES and "." not in name and name not in _WHOLE:
            known = ", ".join(sorted((*NAMES, "last")))
            raise UsageError(f"{word}: there is no field {name!r}; there are {known}")
        elif not value:
            raise UsageError(f"{word}: a value must follow the colon")
        else:
            terms.append(Term(name, tuple(value.split(",")), negated))
        negated = False
    if negated:
        raise UsageError("not: a field or a text must follow")
    return Filter(tuple(terms), tuple(found[0]), tuple(found[1]), since)


def parse_time(text: str, at: datetime) -> str:
    """A time in the form that records have, from RFC 3339, a date, or a span back from `at` (`90m`, `24h`, `7d`).

    Raises UsageError.
    """
    span = _SPAN.fullmatch(text)
    try:
        if span:
            moment = at - timedelta(**{_UNITS[span[2]]: int(span[1])})
        else:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    except (ValueError, OverflowError):
        raise UsageError(f"{text}: is no time; give 2026-11-21, 2026-11-21T10:00:00Z, 90m, 24h or 7d") from None


def values_at(value: Any, path: str) -> Iterator[str]:
    """Every value at a dotted path, lists gone through, as text."""
    if isinstance(value, list):
        for item in value:
            yield from values_at(item, path)
    elif not path:
        if value is not None and not isinstance(value, Mapping):
            yield ("true" if value else "false") if isinstance(value, bool) else str(value)
    elif isinstance(value, Mapping):
        key, _, rest = path.partition(".")
        if path in value:  # keys of foreign maps may hold dots
            yield from values_at(value[path], "")
        elif key in value:
            yield from values_at(value[key], rest)


def texts(value: Any) -> Iterator[str]:
    """Every text in a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)


def _holds(term: Term, value: Mapping[str, Any]) -> bool:
    paths = NAMES.get(term.field, (term.field,))
    found = [item for path in paths for item in values_at(value, path)]
    return any(_same(item, wanted) for item in found for wanted in term.values) != term.negated


def _same(value: str, wanted: str) -> bool:
    if "*" not in wanted:
        return value.casefold() == wanted.casefold()
    parts = wanted.casefold().split("*")
    text = value.casefold()
    if not text.startswith(parts[0]) or not text.endswith(parts[-1]) or len(text) < len(parts[0]) + len(parts[-1]):
        return False
    at, end = len(parts[0]), len(text) - len(parts[-1])
    for part in parts[1:-1]:
        at = text.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True
