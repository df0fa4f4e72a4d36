"""SHELL. The proxy's socket on loopback: HTTP/1.1 of agents, the steps of `protocol.http` carried out.

Must not be here: what is let through (`protocol.http`), HTTP to the server (`upstream`), the socket of the
daemon (`ask`).

Every address has a token of its own; who does not name it gets no further, as does a page of a browser. What the daemon
does not answer is denied, unless the launch was configured to go on without it.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Mapping

import h11

from spawngate.endpoint.proxy.ask import Ask, NoAnswerError
from spawngate.endpoint.proxy.remote import Remote
from spawngate.endpoint.proxy.upstream import Response, UpstreamError, send
from spawngate.protocol.http import LIMIT, AskCall, AskTools, Exchange, Step, admitted
from spawngate.protocol.refusal import refuse

HOST = "127.0.0.1"
_READ = 64 << 10
_MAX_HEAD = 64 << 10
_IDLE_SECONDS = 120.0
"""How long a connection may wait for its next request, and a request for its body."""
_MOST_CONNECTIONS = 256
_TEXT = "text/plain; charset=utf-8"
UNANSWERED = "Spawngate could not decide this call, because {problem}, and refused it. `spawngate status` says more."


class Proxy:
    """Serves `remotes`, by token, until `close`."""

    def __init__(self, remotes: Mapping[str, Remote], ask: Ask, tls: ssl.SSLContext | None = None) -> None:
        """`tls`: what is trusted instead of the system's certificates."""
        self._remotes = dict(remotes)
        self._ask = ask
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> int:
        """Listens on loopback and returns the port. Raises OSError where that port is taken."""
        self._server = await asyncio.start_server(self._connected, HOST, port, limit=_READ)
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Ends every connection."""
        if self._server is not None:
            self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        for remote in self._remotes.values():
            remote.idle.close()
            await remote.end(self._ask, "the proxy ends")

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None, "a callback of the server runs in a task"
        if len(self._open) >= _MOST_CONNECTIONS:
            writer.close()
            return
        self._open.add(task)
        port = int(writer.get_extra_info("sockname")[1])
        try:
            await _Connection(self._remotes, self._ask, self._tls, port, reader, writer).serve()
        except (asyncio.CancelledError, OSError, h11.LocalProtocolError, TimeoutError):
            # The agent is gone, or we are.
            pass
        finally:
            self._open.discard(task)
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()


class _Connection:
    """One connection of an agent: its requests one after another."""

    def __init__(
        self,
        remotes: Mapping[str, Remote],
        ask: Ask,
        tls: ssl.SSLContext | None,
        port: int,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._remotes, self._ask, self._tls, self._port = remotes, ask, tls, port
        self._reader, self._writer = reader, writer
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_MAX_HEAD)

    async def serve(self) -> None:
        while True:
            try:
                async with asyncio.timeout(_IDLE_SECONDS):
                    request = await self._next()
                    if not isinstance(request, h11.Request):
                        return
                    body = await self._body()
            except h11.RemoteProtocolError as error:
                if self._http.our_state in (h11.IDLE, h11.SEND_RESPONSE):
                    await self._plain(error.error_status_hint, "Spawngate: no HTTP request that it understands.")
                return
            if body is None:
                await self._plain(413, "Spawngate: the request is too long.")
                return
            await self._answer(request, body)
            if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                return
            self._http.start_next_cycle()

    async def _next(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._http.they_are_waiting_for_100_continue:
                self._writer.write(self._http.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
            self._http.receive_data(await self._reader.read(_READ))
        return event

    async def _body(self) -> bytes | None:
        pieces: list[bytes] = []
        size = 0
        while isinstance(event := await self._next(), h11.Data):
            pieces.append(bytes(event.data))
            size += len(event.data)
            if size > LIMIT:
                return None
        return b"".join(pieces)

    async def _answer(self, request: h11.Request, body: bytes) -> None:
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers]
        target = request.target.decode("latin-1")
        remote, why = self._remote(target, headers)
        if remote is None:
            await self._plain(403, f"Spawngate: {why}.")
            return
        why = await remote.refused(self._ask)
        if why:
            told = refuse(body, why)
            await self._plain(200 if told else 403, told or why.encode(), "application/json" if told else _TEXT)
            return
        exchange = Exchange(remote.session)
        work = asyncio.ensure_future(
            self._carry_out(remote, exchange, exchange.request(request.method.decode("ascii"), headers, body))
        )
        gone = asyncio.ensure_future(self._gone())
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (work, gone):
                if not task.done():
                    task.cancel()
            await asyncio.gather(work, gone, return_exceptions=True)
        if not work.cancelled() and (error := work.exception()) is not None:
            raise error

    def _remote(self, target: str, headers: list[tuple[str, str]]) -> tuple[Remote | None, str]:
        why = "the path is not known"
        for token, remote in self._remotes.items():
            why = admitted(target, headers, token, self._port)
            if not why:
                return remote, ""
        return None, why

    async def _gone(self) -> None:
        """Returns when the agent closes the connection while it is being answered. What it sends ahead is kept."""
        while data := await self._reader.read(_READ):
            self._http.receive_data(data)
            if len(self._http.trailing_data[0]) > _MAX_HEAD:
                return

    async def _carry_out(self, remote: Remote, exchange: Exchange, steps: list[Step]) -> None:
        response: Response | None = None
        body: AsyncIterator[bytes] | None = None
        try:
            while steps or body is not None:
                while steps:
                    step = steps.pop(0)
                    if step[0] == "abort":
                        return
                    if step[0] == "forward":
                        response = await send(remote.address, step[1], step[2], step[3], self._tls, remote.idle)
                        steps += exchange.response(response.status, response.headers)
                        body = response.body()
                    elif step[0] == "call" or step[0] == "tools":
                        steps += await self._decided(remote, exchange, step)
                    else:
                        await self._write(step)
                        if step[0] == "write":
                            remote.said(self._ask, step[1])
                        if step[0] == "done":
                            return
                if body is not None:
                    piece = await anext(body, None)
                    steps = exchange.end() if piece is None else exchange.data(piece)
                    body = None if piece is None else body
        except UpstreamError as problem:
            # Once the head is written, only an end without an end says that something is missing.
            await self._plain(502, f"Spawngate: {problem}.")
        finally:
            if response is not None:
                response.close()

    async def _decided(self, remote: Remote, exchange: Exchange, step: AskCall | AskTools) -> list[Step]:
        if not remote.launch:
            # The daemon was away when this server was started, and it goes on without it.
            return exchange.resolve(step[1], "allow", "")
        asked: dict[str, object] = {"launch": remote.launch}
        if step[0] == "call":
            asked |= {"tool": step[2], "arguments": step[3]}
        else:
            asked |= {"instructions": step[2], "tools": step[3], "more": step[4]}
        try:
            answer = await self._ask(step[0], asked)
        except NoAnswerError as problem:
            return exchange.resolve(step[1], "allow" if remote.open else "deny", UNANSWERED.format(problem=problem))
        verdict, message, withhold = (answer.get(key) for key in ("verdict", "message", "withhold"))
        names = [name for name in withhold if isinstance(name, str)] if isinstance(withhold, list) else []
        said = message if isinstance(message, str) and message else "Spawngate refused this call."
        return exchange.resolve(step[1], verdict if isinstance(verdict, str) else "deny", said, names)

    async def _write(self, step: Step) -> None:
        if step[0] == "head":
            headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in step[2]]
            data = self._http.send(h11.Response(status_code=step[1], headers=headers))
        elif step[0] == "write":
            data = self._http.send(h11.Data(data=step[1])) if step[1] else b""
        elif step[0] == "done":
            data = self._http.send(h11.EndOfMessage())
        else:
            raise AssertionError(f"{step[0]} is not written")
        self._writer.write(data or b"")
        await self._writer.drain()

    async def _plain(self, status: int, text: str | bytes, kind: str = _TEXT) -> None:
        if self._http.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            return
        body = text.encode() if isinstance(text, str) else text
        head = [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ]
        steps: list[Step] = [("head", status, head), ("write", body), ("done",)]
        for step in steps:
            await self._write(step)
