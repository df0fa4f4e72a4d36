"""What a server said, as the launcher or the proxy passed it on, to the text that a model may read of it.

Belongs here: JSON-RPC lines and server-sent events to their texts, whole ones and those that were cut.
Must not be here: what is kept of the texts (`provenance.content`), what may pass (`protocol`).
Sources: MCP `server/tools` (content, structuredContent, isError), `server/resources`, `server/prompts`,
`client/sampling`, `client/elicitation`; WHATWG HTML 9.2 (event streams); RFC 8259, section 7 (escapes).
Pure and total: what is no JSON is text as it stands.
"""

import json
from collections.abc import Mapping

from spawngate.model.json import Json

_FRAME = frozenset(("jsonrpc", "id", "method", "progressToken", "cursor", "nextCursor"))
_FIELDS = (b"event:", b"id:", b"retry:", b":")
_SIMPLE = (("\\n", "\n"), ("\\r", "\r"), ("\\t", "\t"), ('\\"', '"'), ("\\/", "/"))
SHORTEST = 8
"""Characters of a text that may say something."""


def texts_of(data: bytes) -> str:
    """All texts of the lines in `data`, one after the other, without the frame of the protocol."""
    found: list[str] = []
    for line in data.splitlines():
        line = line.strip()
        if line.startswith(b"data:"):
            line = line[5:].strip()
        elif line.startswith(_FIELDS):
            continue
        if line:
            found += _texts(line)
    return "\n".join(found)


def _texts(line: bytes) -> list[str]:
    if line[:1] in (b"{", b"["):
        try:
            return _strings(json.loads(line))
        except (ValueError, RecursionError):
            pass
    # A line that was cut, or none of the protocol: its escapes stand for what a reader of the whole would see.
    text = line.decode("utf-8", "replace")
    if "\\" in text:
        for escape, sign in _SIMPLE:
            text = text.replace(escape, sign)
    return [text] if len(text) >= SHORTEST else []


def _strings(value: Json) -> list[str]:
    """Every text in a value, names of fields too: a server chooses those of structured content."""
    found: list[str] = []
    waiting: list[Json] = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, str):
            if len(current) >= SHORTEST:
                found.append(current)
        elif isinstance(current, Mapping):
            found += [key for key in current if len(key) >= SHORTEST and key not in _FRAME]
            waiting += [below for key, below in reversed(list(current.items())) if key not in _FRAME]
        elif isinstance(current, list):
            waiting += reversed(current)
    return found
