"""The JSON of OSV 1.x: read with care, because it may come from anywhere.

Belongs here: what a record must look like, and turning one into `advisories.model.Advisory`.
Must not be here: opening files (`endpoint.advisories`) and deciding which record wins (`advisories.database`).
Source: https://ossf.github.io/osv-schema (1.6 and 1.7).
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from spawngate.advisories.cvss import base_score
from spawngate.advisories.model import Advisory, Affected, Doubt, Range, Score, Span
from spawngate.advisories.versions import key, scheme_of
from spawngate.model.finding import Confidence
from spawngate.model.json import Json

MAX_TEXT = 2_000
"""Characters of a summary or note that are kept."""
MAX_LIST = 20_000
"""Entries of one list in a record; a record with more is refused."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:~-]{2,99}")
_EVENTS = ("introduced", "fixed", "last_affected", "limit")
_TYPES = ("SEMVER", "ECOSYSTEM", "GIT")


class Malformed(ValueError):
    """A record that is not OSV. The message names the place and what was expected, never a value."""


def read(record: Json, *, imported: bool = True) -> Advisory:
    """The advisory that a decoded record is. Raises Malformed."""
    root = _map(record, "the record")
    version = _text(root, "schema_version", "", required=False)
    if version and not version.startswith("1."):
        raise Malformed("schema_version: only OSV 1.x is read")
    identifier = _text(root, "id", "")
    if not _ID.fullmatch(identifier):
        raise Malformed("id: not an identifier")
    affected = tuple(
        entry
        for index, item in enumerate(_list(root, "affected", ""))
        for entry in _affected(_map(item, f"affected[{index}]"), f"affected[{index}]")
    )
    own = _loose_map(root.get("database_specific"))
    category = _loose_text(own.get("class"))
    scores = tuple(
        Score(float(value), _loose_text(score.get("by")), _loose_text(score.get("type")))
        for score in map(_loose_map, _loose_list(own.get("base_scores")))
        if isinstance(value := score.get("score"), int | float)
    )
    vectors = tuple(
        (_text(entry, "type", where), _text(entry, "score", where)) for where, entry in _maps(root, "severity")
    )
    computed = [(type_, base_score(vector)) for type_, vector in vectors]
    confidence = _loose_text(own.get("confidence"))
    return Advisory(
        id=identifier,
        modified=_time(root, "modified", required=True),
        published=_time(root, "published"),
        withdrawn=_time(root, "withdrawn"),
        aliases=_texts(root, "aliases", ""),
        summary=(_text(root, "summary", "", required=False) or _text(root, "details", "", required=False))[:MAX_TEXT],
        affected=affected,
        vectors=vectors,
        references=tuple(
            (_text(entry, "type", where), _text(entry, "url", where)) for where, entry in _maps(root, "references")
        ),
        product=_loose_text(own.get("product")),
        malicious=category == "malware" or identifier.startswith("MAL-"),
        no_fix_known=own.get("no_fix_known") is True,
        fixed_text=_loose_text(own.get("fixed_version")),
        fixed_in=_loose_texts(own.get("fixed_in")),
        confidence=Confidence(confidence) if confidence in set(Confidence) else Confidence.HIGH,
        notes=_loose_texts(own.get("notes")),
        names=_loose_texts(own.get("names")),
        category=category,
        family=_loose_text(own.get("family")),
        cwe=_loose_texts(own.get("cwe_ids")),
        scores=scores or tuple(Score(score, "", type_) for type_, score in computed if score is not None),
        severity_word=_loose_text(own.get("severity")),
        exploitation=_loose_text(own.get("exploitation")),
        imported=imported,
    )


def packages(record: Json) -> list[tuple[str, str]]:
    """Ecosystem and name of every package a record speaks of, without reading the rest of it."""
    found: list[tuple[str, str]] = []
    for entry in map(_loose_map, _loose_list(_loose_map(record).get("affected"))):
        package = _loose_map(entry.get("package"))
        ecosystem, name = _loose_text(package.get("ecosystem")), _loose_text(package.get("name"))
        if ecosystem and name:
            found.append((ecosystem, name))
        found.extend(_repositories(entry))
    return found


def _repositories(entry: Mapping[str, Json]) -> list[tuple[str, str]]:
    """GitHub repositories of ranges of commits, as packages of the ecosystem `GitHub`."""
    found = []
    for item in map(_loose_map, _loose_list(entry.get("ranges"))):
        match = re.match(r"https?://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?$", _loose_text(item.get("repo")))
        if item.get("type") == "GIT" and match:
            found.append(("GitHub", match[1]))
    return found


def _affected(entry: Mapping[str, Json], where: str) -> list[Affected]:
    ranges = [
        _range(_map(item, f"{where}.ranges[{index}]"), f"{where}.ranges[{index}]")
        for index, item in enumerate(_list(entry, "ranges", where))
    ]
    versions = _texts(entry, "versions", where)
    own = _loose_map(entry.get("database_specific"))
    platform, forms = _loose_text(own.get("platform")), _loose_texts(own.get("forms"))
    found: list[Affected] = []
    if entry.get("package") is not None:
        package = _map(entry["package"], f"{where}.package")
        ecosystem = _text(package, "ecosystem", f"{where}.package")
        doubts = tuple(
            Doubt(
                _loose_text(doubt.get("why")),
                next(iter(_spans([doubt], _order(ecosystem, "ECOSYSTEM"))), None),
                _loose_texts(doubt.get("versions")),
            )
            for doubt in map(_loose_map, _loose_list(own.get("doubts")))
        )
        ordered = tuple(
            Range(type_, _spans(events, _order(ecosystem, type_))) for type_, events in ranges if type_ != "GIT"
        )
        name = _text(package, "name", f"{where}.package")
        if ordered or versions or not ranges:
            found.append(Affected(ecosystem, name, ordered, versions, doubts, platform, forms))
    elif not ranges:
        raise Malformed(f"{where}.package: missing")
    # Commits can only be put in order with the repository at hand, which is not here; tags may be listed beside them.
    found.extend(
        Affected("GitHub", name, (Range("GIT", ()),), versions, (), platform, forms) for _, name in _repositories(entry)
    )
    return found


def _range(item: Mapping[str, Json], where: str) -> tuple[str, list[dict[str, Json]]]:
    type_ = _text(item, "type", where)
    if type_ not in _TYPES:
        raise Malformed(f"{where}.type: not one of {', '.join(_TYPES)}")
    events: list[dict[str, Json]] = []
    for index, raw in enumerate(_list(item, "events", where)):
        event = _map(raw, f"{where}.events[{index}]")
        known = {name: value for name, value in event.items() if name in _EVENTS}
        if not known or not all(isinstance(value, str) and value for value in known.values()):
            raise Malformed(f"{where}.events[{index}]: needs one of {', '.join(_EVENTS)} with a text")
        events.extend({name: value} for name, value in known.items())
    if not any("introduced" in event for event in events):
        raise Malformed(f"{where}.events: nothing is introduced")
    return type_, events


def _order(ecosystem: str, type_: str) -> Any:
    scheme = "semver" if type_ == "SEMVER" else scheme_of(ecosystem)

    def order(version: str) -> Any:
        return key(scheme, version) if scheme is not None else None

    return order


def _spans(events: Sequence[Mapping[str, Json]], order: Any) -> tuple[Span, ...]:
    """Events in the order of versions, cut into spans. Events whose versions have no order stay as written."""
    flat = [(name, str(event[name])) for event in events for name in _EVENTS if isinstance(event.get(name), str)]
    keys = {version: order(version) for _, version in flat if version != "0"}
    if all(value is not None for value in keys.values()):
        first = [item for item in flat if item[1] == "0"]
        flat = first + sorted((item for item in flat if item[1] != "0"), key=lambda item: keys[item[1]])
    spans: list[Span] = []
    start: str | None = None
    for name, version in flat:
        if name == "introduced":
            start = start or version
        elif start is not None:
            spans.append(Span(start, **{name: version}))
            start = None
    if start is not None:
        spans.append(Span(start))
    return tuple(spans)


# -- reading with a place to blame --------------------------------------------------------------------------------


def _map(value: Json, where: str) -> Mapping[str, Json]:
    if not isinstance(value, Mapping):
        raise Malformed(f"{where}: not an object")
    return value


def _list(container: Mapping[str, Json], name: str, where: str) -> Sequence[Json]:
    value = container.get(name)
    place = f"{where}.{name}".lstrip(".")
    if value is None:
        return ()
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise Malformed(f"{place}: not a list")
    if len(value) > MAX_LIST:
        raise Malformed(f"{place}: more than {MAX_LIST} entries")
    return value


def _maps(container: Mapping[str, Json], name: str) -> list[tuple[str, Mapping[str, Json]]]:
    items = enumerate(_list(container, name, ""))
    return [(f"{name}[{index}]", _map(item, f"{name}[{index}]")) for index, item in items]


def _texts(container: Mapping[str, Json], name: str, where: str) -> tuple[str, ...]:
    found: list[str] = []
    for index, item in enumerate(_list(container, name, where)):
        if not isinstance(item, str):
            raise Malformed(f"{where}.{name}[{index}]: not a text".lstrip("."))
        found.append(item)
    return tuple(found)


def _text(container: Mapping[str, Json], name: str, where: str, *, required: bool = True) -> str:
    value = container.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value):
        raise Malformed(f"{where}.{name}: {'missing' if value is None else 'not a text'}".lstrip("."))
    return value


def _time(container: Mapping[str, Json], name: str, *, required: bool = False) -> str:
    value = _text(container, name, "", required=required)
    if value and not _TIME.fullmatch(value):
        raise Malformed(f"{name}: not an RFC 3339 time in UTC")
    return value


def _loose_map(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _loose_list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _loose_text(value: Json) -> str:
    return value[:MAX_TEXT] if isinstance(value, str) else ""


def _loose_texts(value: Json) -> tuple[str, ...]:
    return tuple(item[:MAX_TEXT] for item in _loose_list(value) if isinstance(item, str))
