"""Answers that Spawngate gives in a server's or an agent's place.

Belongs here: the exact bytes of refusals. Must not be here: when one is given (`relay`, the launcher).
A refused call is a tool result and no protocol error, so that the model reads why (MCP `server/tools`, error handling).
"""

from __future__ import annotations

from spawngate.protocol.jsontext import Unreadable, encode
from spawngate.protocol.message import parse

NOT_STARTED = -32001
"""Code of the answer to every request of a server that was not started; in the range left to implementations."""
PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INTERNAL_ERROR = -32603


def error(id_text: str | None, code: int, message: str) -> bytes:
    """An error answer without a line end. `id_text` is the id's JSON text; None stands for an id nobody could read."""
    return b'{"jsonrpc":"2.0","id":%s,"error":%s}' % (
        (id_text or "null").encode(),
        encode({"code": code, "message": message}),
    )


def denied(id_text: str, message: str, *, modern: bool) -> bytes:
    """The result of a denied `tools/call`, without a line end; `modern` results say that they are complete."""
    result: dict[str, object] = {"content": [{"type": "text", "text": message}], "isError": True}
    if modern:
        result["resultType"] = "complete"
    return b'{"jsonrpc":"2.0","id":%s,"result":%s}' % (id_text.encode(), encode(result))


def refuse(line: bytes, message: str) -> bytes:
    """A line that answers every request of `line` for a server that was not started; empty where none is to answer."""
    try:
        messages, batch = parse(line)
    except Unreadable:
        return b""
    answers = [
        error(found.id_text, NOT_STARTED, message)
        for found in messages
        if "method" in found.values and found.id_text is not None
    ]
    if not answers:
        return b""
    return (b"[" + b",".join(answers) + b"]" if batch else answers[0]) + b"\n"
