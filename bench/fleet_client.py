"""One simulated endpoint: the real protocol over one kept connection, records sealed as an endpoint seals them.

Belongs here: what one endpoint does and remembers. Must not be here: how many there are and what is measured (`fleet`).
"""

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import zstandard

from spawngate.sync import messages, proof
from spawngate.sync.messages import (
    ENROLL,
    EVENTS,
    INVENTORY,
    LINES,
    NDJSON,
    SYNC,
    Enrol,
    Enrolled,
    Orders,
    Taken,
    Told,
)
from spawngate.trail import chain, note
from spawngate.trail.event import SCHEMA_VERSION, Actor, CallRecord, DecisionRecord, Event, EventType, Hit
from spawngate.trail.moment import text

Measure = Callable[[str, float], None]
_COMMANDS = ("git status", "npm test", "ls -la src", "rg -n TODO", "python -m pytest -q tests/unit", "cargo build")


class GoneError(Exception):
    """The server let the connection go, or is not there."""


class Wire:
    """One connection to one server."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._one = asyncio.Lock()
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, token: str, body: bytes, kind: str) -> tuple[int, bytes]:
        """Status and body of the answer, one request at a time. Raises GoneError."""
        async with self._one:
            return await self._asked(method, path, token, body, kind)

    async def _asked(self, method: str, path: str, token: str, body: bytes, kind: str) -> tuple[int, bytes]:
        packed = zstandard.ZstdCompressor(level=3).compress(body) if len(body) >= 512 else body
        lines = [f"{method} {path} HTTP/1.1", f"host: {self._host}", f"content-length: {len(packed)}"]
        lines += [f"content-type: {kind}"]
        lines += [f"authorization: Bearer {token}"] if token else []
        lines += ["content-encoding: zstd"] if packed is not body else []
        data = "\r\n".join([*lines, "", ""]).encode() + packed
        kept = self._streams is not None
        try:
            return await self._once(data)
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            self.close()
            if not kept:
                raise GoneError(repr(error)) from None
        try:
            return await self._once(data)
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            self.close()
            raise GoneError(repr(error)) from None

    async def _once(self, data: bytes) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        writer.write(data)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head[9:12])
        length = next(int(line[15:]) for line in head.split("\r\n") if line.startswith("content-length:"))
        body = await reader.readexactly(length)
        if "\r\nconnection: close" in head:
            self.close()
        return status, body

    def close(self) -> None:
        """Let it go."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


@dataclass
class Simulated:
    """One endpoint."""

    number: int
    wire: Wire
    measure: Measure
    seed: bytes = b""
    token: str = ""
    id: str = ""
    serial: int = 0
    line: str = ""
    issued: str = ""
    bundles: int = 0
    """Lines that it got."""
    waiting: list[bytes] = field(default_factory=list)
    """Sealed and not accepted yet."""
    accepted: int = 0
    made: int = 0

    def __post_init__(self) -> None:
        self.seed = self.number.to_bytes(32, "big")
        self.installation = f"{self.number:032x}"
        self.head = chain.Head(f"s{self.number}")

    def record(self, verdict: str, now: float) -> None:
        """Something happened."""
        command = _COMMANDS[(self.number + self.made) % len(_COMMANDS)]
        refused = verdict == "deny"
        event = Event(
            type=EventType.DECISION,
            at=text(int(now * 1e6)),
            schema_version=SCHEMA_VERSION,
            endpoint=self.installation,
            channel="hook",
            actor=Actor(f"user{self.number % 500}", "claude-code", f"{self.number:08x}-{self.made // 40}"),
            call=CallRecord("Bash", "shell", commands=(command,), programs=(command.split()[0],), cwd="~/work"),
            decision=DecisionRecord(
                verdict,
                "enforce",
                reasons=("baseline-deny-critical",) if refused else (),
                hits=(Hit("spawn-download-and-run", "critical", "high"),) if refused else (),
                policy="0f74989d48aec31c",
                latency_us=310,
            ),
        )
        line, self.head = chain.seal(event, self.head)
        self.waiting.append(line)
        self.made += 1

    async def enrol(self, secret: str) -> None:
        """Come in. Raises GoneError."""
        bare = Enrol(secret, self.installation, proof.public_key(self.seed), "0" * 128, text(int(time.time() * 1e6)))
        message = msgspec.structs.replace(bare, host=f"host-{self.number}", user="u", platform="linux", version="bench")
        message = msgspec.structs.replace(message, proof=proof.sign(message, self.seed))
        given = messages.read(Enrolled, await self._asked("enrol", "POST", ENROLL, msgspec.json.encode(message)))
        self.id, self.token = given.endpoint, given.token

    async def send(self) -> None:
        """Send what waits; it waits on where nobody takes it. Raises GoneError."""
        if not self.waiting:
            return
        batch = tuple(self.waiting)
        body = b"".join(line + b"\n" for line in batch)
        path = f"{EVENTS}?stream={self.head.stream}"
        taken = messages.read(Taken, await self._asked("events", "POST", path, body, NDJSON))
        self.accepted = taken.accepted
        del self.waiting[: len(batch)]

    async def sync(self, inventory: bytes, digest: str, *, whole: bool = False) -> None:
        """Tell how it stands, and do what the server wants. Raises GoneError."""
        none = () if whole else None
        told = Told(
            "bench", text(int(time.time() * 1e6)), none, none, digest, self.serial, "enforce",
            takes_notes=True, line=self.line, issued=self.issued,
        )  # fmt: skip
        orders = messages.read(Orders, await self._asked("sync", "POST", SYNC, msgspec.json.encode(told)))
        if orders.inventory:
            await self._asked("inventory", "PUT", INVENTORY, inventory)
        if orders.note:
            await self._obey(orders)

    async def _obey(self, orders: Orders) -> None:
        """What an endpoint does with a note, but for putting it in force and looking at signatures."""
        stated = note.read_checkpoint(orders.note.rpartition("\n\n")[0] + "\n")
        wanted = stated.root.hex()
        if wanted != self.line:
            if orders.line:
                line = zstandard.ZstdDecompressor().decompress(orders.line)
            else:
                line = await self._asked("line", "GET", f"{LINES}/{wanted}", b"")
            if hashlib.sha256(line).digest() != stated.root:
                raise RuntimeError("a line is not the one that was signed")
            self.bundles += 1
        self.serial, self.line, self.issued = stated.size, wanted, stated.more[0].removeprefix("issued ")

    async def _asked(self, what: str, method: str, path: str, body: bytes, kind: str = "application/json") -> bytes:
        begun = time.perf_counter()
        status, data = await self.wire.ask(method, path, self.token, body, kind)
        self.measure(what, time.perf_counter() - begun)
        if status in (429, 502, 503):
            raise GoneError(f"{what}: {status}")
        if status != 200:
            raise RuntimeError(f"{what}: {status} {data[:300]!r}")
        return data
