"""Redacts one token, a run of text without blanks, by vendors' formats and by its look.

Belongs here: leaves, for which the place says nothing, and file paths. Must not be here: any syntax that gives a place.
"""

import re

from spawngate.redact import opaque, patterns, references
from spawngate.redact.marks import MARK, Marker

_QUICK = re.compile(r"-{0,2}[A-Za-z][a-z]{0,6}(?:[-_./][a-z]{1,7}){0,8}|[\d.]{1,12}")
"""Short plain words: most of what anybody writes, and never a credential."""

_ATOM = re.compile(r"[^\s\"'`<>()\[\]{},;|]+")
_PATH = re.compile(r"[^/\\]+")
_FILE = re.compile(r"\.[a-z][a-z0-9]{0,7}$")
_WORD = re.compile(r"[a-z]{2,}|[A-Z][a-z]{2,}")
_BLANKLESS = re.compile(r"\S{30,}")
_SHORTEST_KEY = 30
_KEY_END = re.compile(r"[A-Za-z0-9+/\\_=-]+")
"""What `opaque.is_base64` takes, wherever the key begins: most paths end in a name with a dot."""
_MOST_FOLDERS = 20
_CACHED = re.compile(
    r"archive-v\d|wheels-v\d|sdists-v\d|store|objects|_npx|_cacache|dlx|\.pnpm|cas|folders|[a-z0-9]{2}|cache|caches|tmp|sha256"
)
"""Folders whose entries are named by a hash."""


def leaf(marker: Marker, text: str, place: str) -> str:
    """`text` with every vendor format and everything that looks like a credential replaced."""
    if len(text) < 6 or _QUICK.fullmatch(text):
        return text
    return _outside(marker, vendors(marker, text, place), place)


def vendors(marker: Marker, text: str, place: str) -> str:
    """`text` with every vendor format replaced, whatever stands around it."""
    if len(text) < patterns.SHORTEST:
        return text
    return _replace(marker, text, list(patterns.find(text)), place)


def blocks(marker: Marker, text: str, place: str) -> str:
    """`text` with private keys replaced, which span lines."""
    return _replace(marker, text, list(patterns.find_blocks(text)), place)


def _replace(marker: Marker, text: str, hits: list[tuple[int, int, str]], place: str) -> str:
    if not hits:
        return text
    parts: list[str] = []
    last = 0
    for start, end, type_ in hits:
        parts += [text[last:start], marker.hide(text[start:end], type_, place)]
        last = end
    return "".join([*parts, text[last:]])


def _outside(marker: Marker, text: str, place: str) -> str:
    """Judge what is neither a marker nor a reference."""
    spans = [match.span() for match in MARK.finditer(text)] if "[secret:" in text else references.find(text)
    if not spans:
        return _judge(marker, text, place)
    parts: list[str] = []
    last = 0
    for start, end in spans:
        parts += [_judge(marker, text[last:start], place), text[start:end]]
        last = end
    return "".join([*parts, _judge(marker, text[last:], place)])


def _judge(marker: Marker, text: str, place: str) -> str:
    if len(text) < 6:
        return text
    atom = _ATOM.fullmatch(text)
    core = text.strip(".,:;")
    if atom:
        found = opaque.verdict(core)
        if found is None:
            return text
        start = text.index(core)
        return text[:start] + marker.hide(core, found, place) + text[start + len(core) :]
    return _ATOM.sub(lambda match: _judge(marker, match.group(), place), text)


def path(marker: Marker, text: str, place: str = "path") -> str:
    """A file path: folders stay readable unless a segment is a vendor's secret or a random string that no hash is."""
    text = vendors(marker, text, place)
    text = _BLANKLESS.sub(lambda match: _keys(marker, match.group(), place), text)
    parts: list[str] = []
    last = 0
    parent = ""
    for match in _PATH.finditer(text):
        segment = match.group()
        parts += [text[last : match.start()], _segment(marker, segment, parent, place)]
        last = match.end()
        parent = segment
    return "".join([*parts, text[last:]])


def _keys(marker: Marker, text: str, place: str) -> str:
    """Hide a base64 key with slashes in it that is a path, or was put behind one by a reader that made it absolute."""
    if not _KEY_END.fullmatch(text[-_SHORTEST_KEY:]):
        return text
    parent = ""
    for match in list(_PATH.finditer(text))[-_MOST_FOLDERS:]:
        start = max(0, match.start() - 1) if not parent else match.start()
        if len(text) - start < _SHORTEST_KEY:
            break
        if not (_WORD.fullmatch(match.group()) or _CACHED.fullmatch(parent)) and opaque.is_base64(text[start:]):
            return text[:start] + marker.hide(text[start:], "high-entropy", place)
        parent = match.group()
    return marker.hide(text, "high-entropy", place) if opaque.is_base64(text) else text


def _segment(marker: Marker, segment: str, parent: str, place: str) -> str:
    if len(segment) < 20 or "[secret:" in segment or opaque.is_uuid(segment.strip("{}")) or opaque.is_hex(segment, 1):
        return segment
    if _CACHED.fullmatch(parent) or opaque.is_store_name(segment) or references.is_reference(segment):
        return segment
    pieces = [piece for piece in re.split(r"[^A-Za-z0-9+=~]+", segment) if piece]
    if any(len(piece) >= 20 and not opaque.is_hex(piece, 1) and opaque.is_random(piece.strip("=")) for piece in pieces):
        return marker.hide(segment, "high-entropy", place)
    rest = re.sub(r"[0-9a-f]{8,}", "", segment)
    if opaque.is_base64(segment):
        return marker.hide(segment, "high-entropy", place)
    if segment.islower() and _FILE.search(segment):
        return segment
    if len(rest) >= 20 and opaque.is_dense(rest) and not opaque.is_uuid(segment[-36:]):
        return marker.hide(segment, "high-entropy", place)
    return segment
