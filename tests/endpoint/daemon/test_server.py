"""The socket: many clients, hostile ones among them, in bounded memory; recorded before answered."""

import asyncio
import contextlib
import os
import random
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from spawngate.endpoint.daemon.ask import CONTROL, NoAnswerError, ask, control
from spawngate.endpoint.daemon.server import Limits, Server
from spawngate.endpoint.daemon.service import Prepared
from spawngate.endpoint.trail.store import TrailError
from spawngate.model import wire
from spawngate.model.call import HookReply
from spawngate.model.decision import Decision, Verdict
from spawngate.trail.event import CallRecord, Event
from tests.endpoint.daemon.fakes import AGENT, payload, service, socket_in

REFUSED = b'{"decision": "deny", "reason": ["because-deny"]}'


class Trail:
    """Notes batches; refuses while `broken`."""

    def __init__(self) -> None:
        self.batches: list[list[Event]] = []
        self.broken = False

    def append(self, events: Sequence[Event]) -> None:
        if self.broken:
            raise TrailError("broken")
        self.batches.append(list(events))

    @property
    def calls(self) -> list[str]:
        return [event.call.id for batch in self.batches for event in batch if event.call is not None]


class Running:
    """A server in this loop, and what its clients need."""

    def __init__(self, path: Path, server: Server, trail: Trail) -> None:
        self.path, self.server, self.trail = path, server, trail

    def request(self, command: str, call: str = "") -> wire.Request:
        return wire.Request(AGENT, payload=payload(command, call=call))

    async def ask(self, command: str, call: str = "", deadline: float = 5.0) -> HookReply:
        return await asyncio.to_thread(ask, self.path, self.request(command, call), deadline)

    async def raw(self, *parts: bytes, pause: float = 0.0, half_close: bool = False) -> bytes:
        """Send these bytes, and give back everything until the end."""
        reader, writer = await asyncio.open_unix_connection(self.path)
        try:
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause)
            if half_close:
                writer.write_eof()
            return await asyncio.wait_for(reader.read(), 10)
        except (ConnectionError, BrokenPipeError):
            return b""
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def launched(request: wire.Request, started: int) -> Prepared:
    """Answers a relay after a while; `fault` never comes."""
    await asyncio.sleep(0.05)
    if request.event == "fault":
        raise RuntimeError
    if request.event == "hang":
        await asyncio.sleep(60)
    event = Event("launch", "t", 1, call=CallRecord(id=f"{request.event} of {request.pid}"))
    return Prepared("+launch", None, Decision(Verdict.ALLOW), HookReply(stdout=b"{}"), (event,))


@contextlib.asynccontextmanager
async def running(tmp_path: Path, limits: Limits | None = None) -> AsyncIterator[Running]:
    made, trail, path = service(), Trail(), socket_in(tmp_path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(os.fspath(path))
        listener.listen(64)
        server = Server(
            [listener],
            prepare=lambda request, started: made.prepare(
                request.agent, request.payload, request.environment, started_ns=started
            ),
            append=trail.append,
            recorded=made.recorded,
            unrecorded=made.unrecorded,
            control=lambda verb: HookReply(stdout=verb.encode(), exit_code=3),
            launch=launched,
            limits=limits,
        )
        try:
            yield Running(path, server, trail)
        finally:
            server.close()


def go(tmp_path: Path, what: Callable[[Running], Awaitable[None]], limits: Limits | None = None) -> None:
    async def main() -> None:
        async with running(tmp_path, limits) as run:
            await what(run)

    asyncio.run(asyncio.wait_for(main(), 30))


def test_answers(tmp_path: Path) -> None:
    async def what(run: Running) -> None:
        assert await run.ask("ls", "1") == HookReply()
        assert await run.ask("deny x", "2") == HookReply(stdout=REFUSED)
        assert run.trail.calls == ["1", "2"]
        assert run.server.counts == {"answered": 2}
        assert (run.server.open, run.server.waiting) == (0, 0)

    go(tmp_path, what)


def test_recorded_before_answered(tmp_path: Path) -> None:
    """While the disk does not answer, no client is answered."""

    async def what(run: Running) -> None:
        release, real, seen = threading.Event(), run.trail.append, []

        def slow(events: Sequence[Event]) -> None:
            seen.append(answers.done())
            release.wait(0.2)
            seen.append(answers.done())
            real(events)

        run.trail.append = slow  # type: ignore[method-assign]  # the test's own trail
        run.server._append = slow
        answers = asyncio.ensure_future(run.ask("ls"))
        assert await answers == HookReply()
        assert seen == [False, False]
        assert len(run.trail.calls) == 1

    go(tmp_path, what)


def test_clients_of_one_moment_share_one_wait(tmp_path: Path) -> None:
    async def what(run: Running) -> None:
        clients = []
        for number in range(40):
            client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            client.connect(os.fspath(run.path))
            client.sendall(wire.encode_request(run.request("deny x", str(number))))
            clients.append(client)
        while len(run.trail.calls) < 40:
            await asyncio.sleep(0.01)
        for client in clients:
            with client:
                assert wire.decode_answer(client.recv(1 << 16)).stdout == REFUSED
        assert sorted(run.trail.calls, key=int) == [str(number) for number in range(40)]
        assert len(run.trail.batches) <= 5

    go(tmp_path, what)


def test_batches_are_bounded(tmp_path: Path) -> None:
    async def what(run: Running) -> None:
        await asyncio.gather(*[run.ask("ls", str(number)) for number in range(10)])
        assert max(map(len, run.trail.batches)) <= 2

    go(tmp_path, what, Limits(batch=2))


def test_record_that_cannot_be_written_is_answered_as_policy_says(tmp_path: Path) -> None:
    async def what(run: Running) -> None:
        run.trail.broken = True
        assert (await run.ask("ls")).stdout == b'{"decision": "deny", "reason": ["not-recorded"]}'
        run.trail.broken = False
        assert await run.ask("ls") == HookReply()
        assert run.server.counts == {"unrecorded": 1, "answered": 1}

    go(tmp_path, what)


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"SGQ1" + b"\xff" * 8,
        b"SGQ1" + (0).to_bytes(4, "big") * 2,
        b"SGQ1" + (1).to_bytes(4, "big") + (0).to_bytes(4, "big") + b"x",
        b"SGQ1" + (0).to_bytes(4, "big") + (wire.MAX_PAYLOAD + 1).to_bytes(4, "big"),
        b"SGQ1" + (wire.MAX_HEADER + 1).to_bytes(4, "big") + (0).to_bytes(4, "big"),
        b"\0",
    ],
)
def test_what_is_no_request_gets_no_answer(tmp_path: Path, data: bytes) -> None:
    async def what(run: Running) -> None:
        assert await run.raw(data) == b""
        assert run.server.counts == {"not-a-request": 1}
        assert await run.ask("ls") == HookReply()
        assert (run.trail.batches != [], run.server.waiting) == (True, 0)

    go(tmp_path, what)


@pytest.mark.parametrize("cut", [0, 3, 11, 12, 20, 40])
def test_client_that_ends_early(tmp_path: Path, cut: int) -> None:
    async def what(run: Running) -> None:
        frame = wire.encode_request(run.request("ls"))
        assert await run.raw(frame[:cut], half_close=True) == b""
        assert run.trail.batches == []
        assert (run.server.open, run.server.waiting, run.server.counts) == (0, 0, {"gone": 1})

    go(tmp_path, what)


def test_byte_by_byte(tmp_path: Path) -> None:
    async def what(run: Running) -> None:
        frame = wire.encode_request(run.request("deny x"))
        data = await run.raw(*(frame[at : at + 1] for at in range(len(frame))))
        assert wire.decode_answer(data) == HookReply(stdout=REFUSED)

    go(tmp_path, what)


def test_bytes_behind_the_request_are_no_request(tmp_path: Path) -> None:
    async def what(run: Running) -> None:
        assert await run.raw(wire.encode_request(run.request("ls")) + b"x") == b""
        assert run.server.counts == {"not-a-request": 1}

    go(tmp_path, what)


def test_slow_client_is_ended(tmp_path: Path) -> None:
    async def what(run: Running) -> None:
        assert await run.raw(wire.encode_request(run.request("ls"))[:20]) == b""
        assert (run.server.counts, run.server.open, run.server.waiting) == ({"too-slow": 1}, 0, 0)

    go(tmp_path, what, Limits(seconds=0.2))


def test_client_that_does_not_read_is_ended(tmp_path: Path) -> None:
    """The answer does not fit into the socket's buffer, and nobody takes it."""

    async def what(run: Running) -> None:
        run.server._control = lambda _: HookReply(stdout=b"x" * wire.MAX_ANSWER)
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with client:
            client.connect(os.fspath(run.path))
            client.sendall(wire.encode_request(wire.Request(CONTROL)))
            while not run.server.counts:
                await asyncio.sleep(0.02)
        assert (run.server.counts, run.server.open) == ({"too-slow": 1}, 0)
        assert len(await run.raw(wire.encode_request(wire.Request(CONTROL)))) == wire.MAX_ANSWER + 20

    go(tmp_path, what, Limits(seconds=0.3))


def test_too_many_connections(tmp_path: Path) -> None:
    async def what(run: Running) -> None:
        waiting = []
        for _ in range(3):
            _, writer = await asyncio.open_unix_connection(run.path)
            waiting.append(writer)
        while run.server.open < 3:
            await asyncio.sleep(0.01)
        with pytest.raises(NoAnswerError):
            await run.ask("ls")
        assert run.server.counts == {"too-many-connections": 1}
        for writer in waiting:
            writer.close()
            await writer.wait_closed()
        while run.server.open:
            await asyncio.sleep(0.01)
        assert await run.ask("ls") == HookReply()

    go(tmp_path, what, Limits(connections=3))


def test_too_much_waiting(tmp_path: Path) -> None:
    async def what(run: Running) -> None:
        frame = wire.encode_request(replace(run.request("ls"), payload=b"x" * 200_000))
        assert await run.raw(frame[:150_000], half_close=True) == b""
        assert run.server.counts["too-much-waiting"] == 1
        assert run.server.waiting == 0
        assert await run.ask("ls") == HookReply()

    go(tmp_path, what, Limits(waiting=100_000))


def test_large_payload(tmp_path: Path) -> None:
    async def what(run: Running) -> None:
        assert (await run.ask("deny " + "x" * 8_000_000)).stdout == REFUSED
        big = wire.Request(AGENT, payload=b"x" * 3000)
        assert run.trail.calls == [""]
        with pytest.raises(NoAnswerError):
            await asyncio.to_thread(ask, run.path, replace(big, payload=b"x" * (wire.MAX_PAYLOAD + 1)))

    go(tmp_path, what)


def test_answer_that_is_too_long_is_none(tmp_path: Path) -> None:
    async def what(run: Running) -> None:
        run.server._control = lambda _: HookReply(stdout=b"x" * (wire.MAX_ANSWER + 1))
        with pytest.raises(NoAnswerError):
            await asyncio.to_thread(control, run.path, "x")
        assert run.server.counts == {"answer-too-long": 1}

    go(tmp_path, what)


def test_client_that_left_is_recorded_all_the_same(tmp_path: Path) -> None:
    async def what(run: Running) -> None:
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        client.connect(os.fspath(run.path))
        client.sendall(wire.encode_request(run.request("deny x", "gone")))
        client.close()
        while not run.trail.calls:
            await asyncio.sleep(0.01)
        assert run.trail.calls == ["gone"]
        assert run.server.open == 0

    go(tmp_path, what)


def test_control(tmp_path: Path) -> None:
    async def what(run: Running) -> None:
        assert await asyncio.to_thread(control, run.path, "verb") == HookReply(stdout=b"verb", exit_code=3)
        assert run.trail.batches == []

    go(tmp_path, what)


def test_close_answers_what_is_decided(tmp_path: Path) -> None:
    async def what(run: Running) -> None:
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with client:
            client.connect(os.fspath(run.path))
            client.sendall(wire.encode_request(run.request("deny x", "last")))
            run.server._accept(run.server._listeners[0])
            run.server.close()
            run.server.close()
            assert wire.decode_answer(client.recv(1 << 16)).stdout == REFUSED
        assert run.trail.calls == ["last"]

    go(tmp_path, what)


def test_other_users_are_not_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def what(run: Running) -> None:
        real = os.getuid()
        monkeypatch.setattr(os, "getuid", lambda: real + 1)
        with pytest.raises(NoAnswerError):
            await run.ask("ls")
        monkeypatch.undo()
        assert run.server.counts == {"foreign-user": 1}
        assert run.trail.batches == []

    go(tmp_path, what)


def test_no_descriptors_left_is_survived(tmp_path: Path) -> None:
    async def what(run: Running) -> None:
        real = run.server._listeners[0]

        class Full:
            def accept(self) -> object:
                raise OSError(24, "Too many open files")

            def fileno(self) -> int:
                return real.fileno()

        run.server._accept(Full())  # type: ignore[arg-type]  # a listener that is out of descriptors
        assert run.server.counts == {"no-descriptors": 1}
        run.server._resume(real)
        assert await run.ask("ls") == HookReply()

    go(tmp_path, what)


def test_rubbish_is_survived(tmp_path: Path) -> None:
    """Random bytes, and frames with random bytes changed, cut or added: never an answer to what is no request, and
    never an end of the server."""
    source = random.Random(5)

    async def what(run: Running) -> None:
        whole = wire.encode_request(run.request("deny x"))
        answered = 0
        for _ in range(300):
            data = bytearray(whole if source.random() < 0.8 else source.randbytes(source.randrange(1, 200)))
            for _ in range(source.randrange(4)):
                at = source.randrange(len(data))
                match source.randrange(3):
                    case 0:
                        data[at] = source.randrange(256)
                    case 1:
                        del data[at:]
                        data += b"S"
                    case 2:
                        data[at:at] = source.randbytes(source.randrange(9))
            found = await run.raw(bytes(data), half_close=True)
            assert found == b"" or wire.decode_answer(found).exit_code in (0, 2)
            answered += bool(found)
        assert 30 < answered < 270
        assert (run.server.open, run.server.waiting) == (0, 0)
        assert (await run.ask("deny x")).stdout == REFUSED

    go(tmp_path, what)


def test_launches_are_answered_beside_the_loop(tmp_path: Path) -> None:
    async def what(run: Running) -> None:
        def asked(verb: str) -> bytes:
            return wire.encode_request(wire.Request("+launch", verb, pid=1))  # what it says of itself counts nothing

        slow = asyncio.gather(*(run.raw(asked(str(number))) for number in range(3)))
        assert await run.ask("ls", "first") == HookReply()
        answers = [wire.decode_answer(data) for data in await slow]
        assert answers == [HookReply(stdout=b"{}")] * 3
        assert run.trail.calls[0] == "first"
        assert sorted(run.trail.calls[1:]) == [f"{number} of {os.getpid()}" for number in range(3)]
        assert await run.raw(asked("fault")) == b""
        assert run.server.counts["fault"] == 1
        hanging = asyncio.ensure_future(run.raw(asked("hang")))
        await asyncio.sleep(0.1)
        run.server.close()
        assert await hanging == b""

    go(tmp_path, what)
