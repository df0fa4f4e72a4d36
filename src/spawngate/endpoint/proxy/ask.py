"""SHELL. One question to the daemon from an event loop: a frame of `model.wire` over its socket, within a deadline.

Must not be here: what an answer means (`listener`).
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from spawngate.model import wire

Ask = Callable[[str, Mapping[str, object]], Awaitable[Mapping[str, object]]]
"""A verb of the relay (`call`, `tools`, `told`) and what is asked, to the daemon's answer. Raises NoAnswerError.

`lines` are bytes that follow the question as they are."""

AGENT = "+launch"


class NoAnswerError(Exception):
    """The daemon is away, slow, or answers nonsense. The message says which."""


def daemon(socket: Path, seconds: float = 1.5) -> Ask:
    """Asks the daemon that listens at `socket`; an answer that takes longer than `seconds` is none."""

    async def ask(verb: str, payload: Mapping[str, object]) -> Mapping[str, object]:
        data = _encoded(payload)
        if len(data) > wire.MAX_PAYLOAD:
            raise NoAnswerError("the question is too long")
        try:
            async with asyncio.timeout(seconds):
                return _object(await _exchange(socket, wire.encode_request(_request(verb, data))))
        except TimeoutError:
            raise NoAnswerError("the daemon took too long") from None
        except OSError:
            raise NoAnswerError("the daemon is not there") from None
        except (wire.WireError, ValueError, RecursionError, asyncio.IncompleteReadError):
            raise NoAnswerError("the daemon answered nonsense") from None

    return ask


def _encoded(payload: Mapping[str, object]) -> bytes:
    lines = payload.get("lines")
    head = {key: value for key, value in payload.items() if key != "lines"}
    data = json.dumps(head, separators=(",", ":")).encode("ascii")
    return data + b"\n" + lines if isinstance(lines, bytes) else data


def _request(verb: str, data: bytes) -> wire.Request:
    return wire.Request(agent=AGENT, event=verb, client="proxy", payload=data)


async def _exchange(socket: Path, frame: bytes) -> bytes:
    reader, writer = await asyncio.open_unix_connection(str(socket))
    try:
        writer.write(frame)
        await writer.drain()
        head = await reader.readexactly(wire.ANSWER_PREFIX)
        length = wire.answer_length(head)
        assert length is not None, "a whole prefix tells the length"
        return wire.decode_answer(head + await reader.readexactly(length - len(head))).stdout
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def _object(data: bytes) -> Mapping[str, object]:
    value = json.loads(data)
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value
