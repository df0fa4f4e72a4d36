"""A question to the daemon: its answer, and every way not to get one."""

import asyncio
from pathlib import Path

import pytest

from spawngate.endpoint.proxy.ask import NoAnswerError, daemon
from spawngate.model import wire
from spawngate.model.call import HookReply

ANSWER = wire.encode_answer(HookReply(stdout=b'{"verdict":"allow","message":""}'))


def ask(tmp_path: Path, answer: bytes | None, seconds: float = 5.0) -> tuple[object, list[wire.Request]]:
    """The answer, or what was raised, where a daemon answers with these bytes; None never answers."""
    socket, got = tmp_path / "s", list[wire.Request]()

    handlers = list[asyncio.Task[None]]()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handlers.append(asyncio.ensure_future(handle(reader, writer)))

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        data = b""
        while (length := wire.request_length(data)) is None or len(data) < length:
            data += await reader.read(4096)
        got.append(wire.decode_request(data))
        if answer is None:
            await reader.read()
        else:
            writer.write(answer)
        writer.close()
        await writer.wait_closed()

    async def run() -> object:
        server = await asyncio.start_unix_server(connected, str(socket))
        try:
            return await daemon(socket, seconds)("call", {"launch": "l", "tool": "t\ud800", "arguments": {}})
        except NoAnswerError as error:
            return str(error)
        finally:
            server.close()
            await asyncio.gather(*handlers)

    return asyncio.run(run()), got


def test_an_answer(tmp_path: Path) -> None:
    found, (request,) = ask(tmp_path, ANSWER)
    assert found == {"verdict": "allow", "message": ""}
    assert (request.agent, request.event, request.payload) == (
        "+launch",
        "call",
        b'{"launch":"l","tool":"t\\ud800","arguments":{}}',
    )


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 400",
        ANSWER[:-1],
        ANSWER[:10],
        wire.encode_answer(HookReply(stdout=b"[]")),
        wire.encode_answer(HookReply(stdout=b"{")),
    ],
)
def test_nonsense_is_no_answer(tmp_path: Path, answer: bytes) -> None:
    assert ask(tmp_path, answer)[0] == "the daemon answered nonsense"


def test_a_slow_daemon(tmp_path: Path) -> None:
    assert ask(tmp_path, None, seconds=0.1)[0] == "the daemon took too long"


def test_no_daemon(tmp_path: Path) -> None:
    with pytest.raises(NoAnswerError, match="the daemon is not there"):
        asyncio.run(_ask(tmp_path / "absent"))


async def _ask(socket: Path) -> object:
    return await daemon(socket)("call", {})


def test_a_question_that_is_too_long(tmp_path: Path) -> None:
    async def run() -> None:
        await daemon(tmp_path / "s")("call", {"x": "y" * (17 << 20)})

    with pytest.raises(NoAnswerError, match="the question is too long"):
        asyncio.run(run())
