"""What a session has read, as bytes that are only ever added to: one record for each change.

    "SGP2" | kind (1 byte) | length (4) | CRC-32 of kind and body (4) | body      all numbers little-endian
    body: length of the head (4) | head, JSON | fingerprints, 8 bytes each

Fingerprints and names of sources only. A record that is cut off or damaged ends the reading of what follows it, and the
session then knows that it has forgotten something.
Must not be here: files (`endpoint.daemon.provenance`).
"""

import json
import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from spawngate.provenance.content import Prints
from spawngate.provenance.fingerprint import Digests
from spawngate.provenance.session import LABELS, Session

MAGIC = b"SGP2"
_HEAD = struct.Struct("<4sBII")
READ, CLEAN, LABEL, WROTE, BEGAN, SEEN_IN = range(6)
MOST = 16 << 20
"""Bytes of one body."""
_LAST = 1 << 48


def read_record(label: str, at: int, number: int, prints: Prints) -> bytes:
    """A content from outside was read; `number` is its source's."""
    return _record(
        READ,
        {"label": label, "at": at, "number": number, **_shape(prints)},
        prints.marked,
        prints.plain,
        prints.phrases,
    )


def clean_record(prints: Prints, *, prompt: bool = False) -> bytes:
    """Something is the person's own; `prompt`: written in a prompt."""
    return _record(CLEAN, {**_shape(prints), "prompt": prompt}, prints.marked, prints.plain, prints.phrases)


def label_record(labels: list[str], at: int) -> bytes:
    """Labels were raised."""
    return _record(LABEL, {"labels": labels, "at": at})


def wrote_record(path: int, source: int) -> bytes:
    """A file was written; `path` is its fingerprint."""
    return _record(WROTE, {"source": source}, array("Q", [path]))


def began_record(root: int) -> bytes:
    """The session began in this folder: its fingerprint."""
    return _record(BEGAN, {}, array("Q", [root]))


def seen_in_record(processes: Iterable[int]) -> bytes:
    """The session was seen in these processes of the agent: their fingerprints."""
    return _record(SEEN_IN, {}, array("Q", sorted(processes)))


def snapshot(session: Session) -> bytes:
    """Everything that a session holds, in place of all its records before."""
    parts = [
        began_record(session.root),
        seen_in_record(session.processes),
        label_record(sorted(session.labels), session.calls),
    ]
    for number, source in session.sources():
        prints = Prints(source.marked, source.plain, source.phrases)
        parts.append(read_record(source.label, source.at, number, prints))
    parts.append(clean_record(Prints(array("Q", session.clean_prints), array("Q"), array("Q")), prompt=session.heard))
    parts += [wrote_record(path, source) for path, source in session.paths()]
    return b"".join(parts)


def replay(data: bytes, session: Session) -> int:
    """Tell a new session everything in `data`. Returns the bytes that were understood; raises nothing."""
    understood = 0
    for kind, head, prints, end in _records(data):
        at = head.get("at")
        if isinstance(at, int) and not isinstance(at, bool):
            session.calls = max(session.calls, at)
        if kind == READ:
            number = head.get("number")
            known = isinstance(number, int) and 0 <= number < _LAST
            session.read(
                str(head.get("label", "")),
                prints,
                at if isinstance(at, int) else session.calls,
                number if known else None,
            )
        elif kind == CLEAN:
            session.clean(prints, prompt=head.get("prompt") is True)
        elif kind == LABEL and isinstance(head.get("labels"), list):
            session.label([label for label in LABELS if label in head["labels"]])
        elif kind == WROTE and prints.marked:
            source = head.get("source")
            session.note_path(prints.marked[0], source if isinstance(source, int) else -1)
        elif kind == BEGAN and prints.marked:
            session.root = prints.marked[0]
        elif kind == SEEN_IN:
            session.processes |= frozenset(prints.marked)
        understood = end
    if understood < len(data):
        session.label(("content_forgotten",))
    return understood


def _shape(prints: Prints) -> dict[str, object]:
    return {"sizes": [len(prints.marked), len(prints.plain), len(prints.phrases)], "partial": prints.partial}


def _record(kind: int, head: Mapping[str, object], *digests: Digests) -> bytes:
    text = json.dumps(head, separators=(",", ":")).encode("utf-8", "replace")
    body = len(text).to_bytes(4, "little") + text + b"".join(_bytes(each) for each in digests)
    return _HEAD.pack(MAGIC, kind, len(body), zlib.crc32(body, kind)) + body


def _bytes(digests: Digests) -> bytes:
    return struct.pack(f"<{len(digests)}Q", *digests)


def _records(data: bytes) -> Iterator[tuple[int, dict[str, Any], Prints, int]]:
    at = 0
    while at + _HEAD.size <= len(data):
        magic, kind, length, check = _HEAD.unpack_from(data, at)
        body = data[at + _HEAD.size : at + _HEAD.size + length]
        if magic != MAGIC or length > MOST or len(body) != length or zlib.crc32(body, kind) != check:
            return
        split = 4 + int.from_bytes(body[:4], "little")
        try:
            head = json.loads(body[4:split])
        except (ValueError, RecursionError):
            return
        digests = array("Q")
        if not isinstance(head, dict) or len(body[split:]) % 8:
            return
        digests = Digests("Q", struct.unpack(f"<{len(body[split:]) // 8}Q", body[split:]))
        sizes = head.get("sizes", [len(digests), 0, 0])
        if (
            not isinstance(sizes, list)
            or len(sizes) != 3
            or not all(isinstance(size, int) and size >= 0 for size in sizes)
            or sum(sizes) != len(digests)
        ):
            return
        marked, plain = sizes[0], sizes[0] + sizes[1]
        at += _HEAD.size + length
        # Sorted anew: a search in them relies on it, and the file may have been changed.
        first, second, third = (
            array("Q", sorted(part)) for part in (digests[:marked], digests[marked:plain], digests[plain:])
        )
        yield kind, head, Prints(first, second, third, head.get("partial") is True), at
